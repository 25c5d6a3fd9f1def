//! `rackberry apply` and `rackberry log`, on a simulated rack.

use crate::program::{RACKS, arg, flat, golden, program, run, text};
#[cfg(target_os = "linux")]
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

pub(crate) const LIFEBOAT: &str = "racks/lifeboat.yaml";

/// A folder for the journals of one test, which is empty.
pub(crate) fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("make a folder");
    folder
}

pub(crate) fn journal(folder: &Path) -> String {
    folder.join("it.journal").to_str().expect("a path in UTF-8").to_owned()
}

#[test]
fn every_rack_comes_up_from_bare_boards_and_the_journal_tells_how() {
    let folder = folder("every");
    for rack in RACKS {
        let journal = folder.join(rack.replace('/', "-")).to_str().expect("UTF-8").to_owned();
        let ran = run(&["apply", rack, "--world", "--yes", "--journal", &journal]).ended(0);
        assert!(ran.out.contains(": as described, after "), "{rack}: {}", ran.out);
        let log = run(&["log", &journal]).ended(0).out;
        assert!(
            log.contains("begin cluster") && log.contains(" is as described; "),
            "{rack}: {log}"
        );
    }
}

#[test]
fn a_lost_answer_is_watched_being_survived() {
    let journal = journal(&folder("fault"));
    let faults = ["--fault", "50:lost-answer", "--fault", "90:garbage", "--latency", "40"];
    let args = [&["apply", LIFEBOAT, "--world", "--yes", "--journal", &journal], &faults[..]];
    let ran = run(&args.concat()).ended(0);
    assert!(ran.out.contains("lifeboat: as described"), "{}", ran.out);
    let wrong = run(&["apply", LIFEBOAT, "--world", "--fault", "50:tired"]).ended(2).err;
    assert!(wrong.contains("write it like 17:lost-answer"), "{wrong}");
}

#[test]
fn what_only_takes_its_time_is_waited_for_and_ordered_once() {
    let journal = journal(&folder("latency"));
    let rack = "racks/talos-managed.yaml";
    let ran = run(&["apply", rack, "--yes", "--latency", "400", "--journal", &journal]).ended(0);
    assert_eq!(ran.out.matches("sending  configure talos-mgmt-pi").count(), 1, "{}", ran.out);
    assert!(!ran.out.contains("not proved"), "{}", ran.out);
}

#[test]
fn who_reads_no_further_does_not_keep_the_rack_from_coming_up() {
    let journal = journal(&folder("unread"));
    let args = ["apply", LIFEBOAT, "--world", "--yes", "--journal", &journal];
    let mut command = program(&args);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("start the program");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("see it end");
    assert!(ended.status.success());
    let told = flat(&String::from_utf8_lossy(&ended.stderr));
    assert!(told.contains("warning: the output could not be written: Broken pipe"), "{told}");
    assert!(told.contains("lifeboat: as described, after "), "{told}");
    let log = run(&["log", &journal]).ended(0).out;
    assert!(log.contains("start nats/0 on pi-2"), "{log}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_is_said_and_the_exit_status_is_that_of_the_rack() {
    let journal = journal(&folder("no-room"));
    let args = ["apply", LIFEBOAT, "--yes", "--fresh", "--journal", &journal];
    for (more, status, end) in [
        (&[][..], 0, "lifeboat: as described, after "),
        (&["--kill-node", "pi-3"], 1, "not as described: "),
        (&["--kill-node", "pi-3", "--json"], 1, ""),
    ] {
        let full = File::options().write(true).open("/dev/full").expect("open /dev/full");
        let mut command = program(&[&args[..], more].concat());
        let ended = command.stdout(full).stdin(Stdio::null()).output().expect("run the program");
        let told = flat(&String::from_utf8_lossy(&ended.stderr));
        assert_eq!(ended.status.code(), Some(status), "{told}");
        let why = "warning: the output could not be written: No space left on device (os error 28); \
                   rackberry log /";
        assert!(told.contains(why) && told.contains(end), "{told}");
    }
}

#[test]
fn what_cannot_be_placed_is_named_with_its_reason() {
    let folder = folder("blocked");
    let (rack, journal) = (folder.join("it.yaml"), journal(&folder));
    let heavy = text(LIFEBOAT).replacen("memory: 60Mi", "memory: 500Gi", 1);
    assert_ne!(heavy, text(LIFEBOAT));
    std::fs::write(&rack, heavy).expect("write a rack");
    let ran = run(&["apply", arg(&rack), "--yes", "--journal", &journal]).ended(1);
    assert!(ran.err.contains("What cannot be as the file says:\n  "), "{}", ran.err);
    assert!(!ran.err.contains("rackberry plan says why"), "{}", ran.err);
}

#[test]
fn a_fault_whose_call_never_came_is_told_at_the_end() {
    let journal = journal(&folder("unmet"));
    let faults = ["--fault", "50:slow", "--fault", "90000:refused"];
    let args = [&["apply", LIFEBOAT, "--yes", "--journal", &journal], &faults[..]].concat();
    let ran = run(&args).ended(0);
    let told = "--fault 90000 never came: the run ended after ";
    assert_eq!(ran.out.matches("never came").count(), 1, "{}", ran.out);
    assert!(ran.out.contains(told), "{}", ran.out);
}

#[test]
fn a_second_run_on_the_same_journal_is_told_who_holds_it() {
    let journal = journal(&folder("held"));
    let slow = ["apply", LIFEBOAT, "--world", "--yes", "--latency", "400", "--journal", &journal];
    let mut child = program(&slow).stdout(Stdio::piped()).spawn().expect("start the program");
    let mut out = BufReader::new(child.stdout.take().expect("its standard output"));
    out.read_line(&mut String::new()).expect("see it begin");
    let held = run(&["apply", LIFEBOAT, "--world", "--yes", "--journal", &journal]).ended(2).err;
    let who = format!("is held by process {}", child.id());
    child.kill().expect("kill -9");
    child.wait().expect("see it end");
    assert!(held.contains(&who), "{held}");
}

#[cfg(unix)]
#[test]
fn what_can_be_no_journal_is_refused_before_anything_is_sent() {
    let folder = folder("none");
    let link = folder.join("link");
    std::os::unix::fs::symlink("gone", &link).expect("make a link");
    for (path, why) in [
        (folder.clone(), "a journal is a file: this is a folder"),
        (link, "it is a link to gone, which is not there"),
        ("/dev/full".into(), "a journal is a file: this is a device"),
        (folder.join("no/it.journal"), "No such file or directory"),
    ] {
        let path = path.to_str().expect("a path in UTF-8");
        let ran = run(&["apply", LIFEBOAT, "--world", "--yes", "--journal", path]).ended(2);
        let wrong = format!("error: failed to open the journal {path}: {why}");
        assert!(ran.err.starts_with(&wrong), "{}", ran.err);
        assert_eq!(ran.out, "", "{path}");
    }
}

#[test]
fn without_a_terminal_and_without_yes_nothing_is_done() {
    let journal = journal(&folder("unasked"));
    let ran = run(&["apply", LIFEBOAT, "--journal", &journal]).ended(2);
    assert!(ran.err.contains("--yes begins without asking"), "{}", ran.err);
    assert_eq!(ran.out, "");
    assert!(!Path::new(&journal).exists(), "no journal is begun");
}

#[test]
fn what_will_be_done_is_shown_first_and_the_rack_is_said_to_be_simulated() {
    let journal = journal(&folder("brief"));
    let args = ["apply", LIFEBOAT, "--yes", "--journal", &journal];
    golden("lifeboat.apply.txt", &run(&args).ended(0).err);
    let whole = run(&[&args[..], &["--runbook", "--fresh"]].concat()).ended(0).err;
    assert!(whole.contains("# Runbook for lifeboat") && whole.contains("1. Set the VLANs of poe"));
}

#[test]
fn what_is_no_journal_is_not_read_as_one() {
    assert!(run(&["log", LIFEBOAT]).ended(2).err.contains("no journal of rackberry"));
}
