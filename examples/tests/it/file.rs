//! Files that cannot be read or written, and those that are.

use crate::program::{RACK, arg, folder, run, run_with, text};
use std::fs;

#[test]
fn what_cannot_be_read_is_named_and_nothing_is_printed() {
    let folder = folder("unreadable");
    let broken = folder.join("broken.yaml");
    fs::write(&broken, b"rack: \xff\n").unwrap();
    let absent = folder.join("absent.yaml");
    for file in [&broken, &absent, &folder] {
        for command in ["check", "place", "plan"] {
            let ran = run(&[command, arg(file)]).ended(2);
            assert_eq!(ran.out, "");
            assert!(ran.err.starts_with("error: ") && ran.err.contains(arg(file)), "{}", ran.err);
        }
    }
}

#[test]
fn a_file_that_is_no_rack_is_answered_with_the_line_and_what_would_be_right() {
    let ran =
        run_with(&text(RACK).replace("host-network:", "host-netwrok:"), &["check", "-"]).ended(2);
    assert!(ran.err.contains("stdin:") && ran.err.contains("`host-network`"), "{}", ran.err);
    assert_eq!(ran.out, "");
}

#[test]
fn a_rack_may_come_from_the_standard_input() {
    let piped = run_with(&text(RACK), &["place", "-"]).ended(0);
    assert_eq!(piped.out, run(&["place", RACK]).out.replace(RACK, "-"));
    let both = run_with("", &["place", "-", "--against", "-"]).ended(2);
    assert!(both.err.contains("only one of the two"), "{}", both.err);
}

#[test]
fn what_cannot_be_written_is_named() {
    let folder = folder("unwritable");
    let nowhere = folder.join("absent/plan.md");
    for file in [&nowhere, &folder] {
        let ran = run(&["plan", RACK, "-o", arg(file)]).ended(2);
        assert_eq!(ran.out, "");
        assert!(ran.err.contains("failed to write") && ran.err.contains(arg(file)), "{}", ran.err);
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn a_file_is_put_in_the_place_of_the_old_one_and_the_old_one_is_never_written_to() {
    let folder = folder("atomic");
    let (out, old) = (folder.join("plan.md"), folder.join("old.md"));
    fs::write(&out, "old").unwrap();
    fs::hard_link(&out, &old).unwrap();
    run(&["plan", RACK, "-o", arg(&out)]).ended(0);
    assert_eq!(fs::read_to_string(&old).unwrap(), "old");
    assert_eq!(fs::read_to_string(&out).unwrap(), run(&["plan", RACK]).out);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "nothing else is left behind");
}

#[test]
fn a_command_that_fails_leaves_the_old_file_alone() {
    let folder = folder("kept");
    let out = folder.join("plan.md");
    fs::write(&out, "old").unwrap();
    let rack = text(RACK).replace("cluster: home", "cluster: hom");
    run_with(&rack, &["plan", "-", "-o", arg(&out)]).ended(2);
    assert_eq!(fs::read_to_string(&out).unwrap(), "old");
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_a_device_stays_a_device() {
    let folder = folder("link");
    let (out, link) = (folder.join("plan.md"), folder.join("link.md"));
    fs::write(&out, "old").unwrap();
    std::os::unix::fs::symlink(&out, &link).unwrap();
    run(&["plan", RACK, "-o", arg(&link)]).ended(0);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&out).unwrap(), run(&["plan", RACK]).out);
    run(&["plan", RACK, "-o", "/dev/null"]).ended(0);
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}
