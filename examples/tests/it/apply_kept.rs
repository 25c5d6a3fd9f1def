//! The simulated rack outlives `rackberry apply`: a run goes on with it as the last one left it.

use crate::apply::{LIFEBOAT, folder, journal};
use crate::program::{RACK, Ran, flat, program, run, text};
use rackberry::exec::{Disk, Entry, read};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

fn apply<'a>(journal: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["apply", LIFEBOAT, "--yes", "--journal", journal], more].concat()
}

/// The file of the rack, without its first line.
fn room(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join("it.world")).unwrap();
    serde_json::from_str(text.split_once('\n').unwrap().1).unwrap()
}

fn calls(folder: &Path) -> usize {
    room(folder)["room"]["calls"].as_u64().unwrap().try_into().unwrap()
}

/// Lets a run print so many lines, and kills it. Returns what its journal says was proved by then.
fn kill_after(lines: usize, folder: &Path, args: &[&str]) -> BTreeSet<String> {
    let mut command = program(args);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(out.by_ref().take(lines).count(), lines);
    child.kill().unwrap();
    child.wait().unwrap();
    orders(&journal(folder)).1
}

/// The orders that a journal says were sent, and those that were proved after.
fn orders(journal: &str) -> (Vec<String>, BTreeSet<String>) {
    let (mut sent, mut last) = (Vec::new(), Vec::<(usize, String)>::new());
    let mut proved = BTreeSet::new();
    for record in read(Path::new(journal)).unwrap().records {
        match record.entry {
            Entry::Began { .. } => last.clear(),
            Entry::Sending { step, order, .. } => {
                sent.push(order.clone());
                last.push((step, order));
            }
            Entry::Proved { step, already: false } => {
                proved.extend(last.iter().filter(|it| it.0 == step).map(|it| it.1.clone()));
            }
            Entry::Proved { .. }
            | Entry::Declined { .. }
            | Entry::Ended { .. }
            | Entry::Asked { .. }
            | Entry::Finished { .. } => {}
        }
    }
    (sent, proved)
}

#[test]
fn a_run_that_was_killed_twice_is_gone_on_with_and_nothing_is_done_again() {
    let folder = folder("kept");
    let journal = journal(&folder);
    let args = apply(&journal, &["--pace", "5ms", "--latency", "20"]);
    let mut had = vec![0];
    let mut proved = BTreeSet::new();
    for lines in [8, 14] {
        proved = kill_after(lines, &folder, &args);
        had.push(calls(&folder));
    }
    let (before, _) = orders(&journal);
    let ran = run(&args).ended(0);
    had.push(calls(&folder));
    assert!(had.is_sorted_by(|one, next| one < next), "{had:?}");
    let kept = "the simulated rack is as the last run left it, in ";
    assert!(flat(&ran.err).contains(kept), "{}", ran.err);
    let end = "it.world; --fresh begins with bare boards ";
    assert!(flat(&ran.err).contains(end), "{}", ran.err);
    assert!(ran.err.contains("the last run was killed before it ended: "), "{}", ran.err);
    assert!(ran.out.contains("lifeboat: as described"), "{}", ran.out);
    let (all, _) = orders(&journal);
    let third: BTreeSet<String> = all[before.len()..].iter().cloned().collect();
    assert!(!third.is_empty() && third.len() < 31, "{third:?}");
    assert!(proved.len() > 6 && third.is_disjoint(&proved), "{third:?}\n{proved:?}");
    let log = run(&["log", &journal]).ended(0).out;
    let runs: Vec<&str> = log.split("\n\n").collect();
    let [first, second, third, sum] = runs.as_slice() else { panic!("three runs: {log}") };
    let begin = "on a simulated rack that begins with bare boards round 1: 30 steps to do ";
    assert!(flat(first).contains(begin), "{log}");
    for killed in [first, second] {
        assert!(flat(killed).contains(" was killed before it ended; last heard of "), "{log}");
    }
    assert!(flat(third).contains("on a simulated rack as the last run left it round 1: "), "{log}");
    assert!(third.lines().last().unwrap().contains("lifeboat is as described; "), "{log}");
    assert!(sum.starts_with("3 runs in all, "), "{log}");
    for cluster in ["home", "pve"] {
        assert_eq!(room(&folder)["room"]["clusters"][cluster]["bootstraps"], 1, "{cluster}");
    }
}

#[test]
fn a_rack_that_is_as_described_stays_so_and_fresh_begins_anew() {
    let folder = folder("kept-done");
    let journal = journal(&folder);
    run(&apply(&journal, &[])).ended(0);
    let had = calls(&folder);
    let again = run(&apply(&journal, &["--json"])).ended(0);
    let line: Value = serde_json::from_str(again.out.lines().next().unwrap()).unwrap();
    assert_eq!((&line["is"], &line["calls"]), (&"rack-kept".into(), &had.into()));
    assert!(again.out.contains("\"proved\":0,"), "{}", again.out);
    let fresh = run(&apply(&journal, &["--fresh"])).ended(0);
    assert!(fresh.out.contains("31 steps proved"), "{}", fresh.out);
    assert!(!fresh.err.contains("as the last run left it"), "{}", fresh.err);
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_the_file_of_the_rack() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder("kept-mode");
    run(&apply(&journal(&folder), &[])).ended(0);
    let mode = fs::metadata(folder.join("it.world")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_machine_that_was_killed_is_dead_in_the_next_run_until_fresh() {
    let journal = journal(&folder("kept-dead"));
    run(&apply(&journal, &["--kill-node", "pi-3@60"])).ended(1);
    let next = run(&apply(&journal, &[])).ended(1);
    assert!(next.err.contains("not seen that pi-3 answers"), "{}", next.err);
    run(&apply(&journal, &["--fresh"])).ended(0);
}

#[test]
fn faults_are_of_their_own_run_and_count_from_its_beginning() {
    let whole = folder("kept-calls");
    run(&apply(&journal(&whole), &[])).ended(0);
    let had = calls(&whole);
    let to_come = (had + 1..had + 200).flat_map(|it| ["--fault".into(), format!("{it}:refused")]);
    let to_come: Vec<String> = to_come.collect();
    let to_come: Vec<&str> = to_come.iter().map(String::as_str).collect();
    let journal = journal(&folder("kept-fault"));
    run(&apply(&journal, &to_come)).ended(0);
    let next = run(&apply(&journal, &[])).ended(0).out;
    assert!(next.contains("as described, after 0 rounds"), "{next}");
    let first = run(&apply(&journal, &["--fault", "1:refused"])).ended(0).out;
    assert!(first.contains("as described, after 1 round:"), "{first}");
}

/// What a run says of a file that it cannot go on with; it touches nothing.
#[track_caller]
fn refused(folder: &Path, rack: &str) -> String {
    let (file, journal) = (folder.join("it.world"), journal(folder));
    let whole = || (fs::read(&file).unwrap(), fs::read(&journal).unwrap());
    let before = whole();
    let Ran { out, err, .. } = run(&["apply", rack, "--yes", "--journal", &journal]).ended(2);
    assert_eq!((out.as_str(), whole() == before), ("", true));
    assert!(err.contains("it.world cannot be gone on with: "), "{err}");
    assert!(err.contains("; --fresh begins anew and replaces the file\n"), "{err}");
    err
}

#[test]
fn a_damaged_file_is_left_as_it_is_until_fresh() {
    let folder = folder("kept-damaged");
    let journal = journal(&folder);
    run(&apply(&journal, &[])).ended(0);
    let file = folder.join("it.world");
    let whole = fs::read_to_string(&file).unwrap();
    for (text, why) in [
        (whole[..whole.len() / 2].to_owned(), "it is damaged: line "),
        (whole.replacen("\"world\": 1", "\"world\": 9", 1), "line 3, column 12: version 9"),
        (whole.replacen("\"began\"", "\"begin\"", 1), "unknown field `begin`"),
        (String::new(), "it ends in its first line"),
    ] {
        fs::write(&file, text).unwrap();
        let err = refused(&folder, LIFEBOAT);
        assert!(err.contains(why), "{err}");
    }
    fs::write(&file, b"\xff\n").unwrap();
    assert!(refused(&folder, LIFEBOAT).contains("it is no text"));
    run(&apply(&journal, &["--fresh"])).ended(0);
    assert!(calls(&folder) > 31);
}

#[test]
fn a_rack_that_the_file_no_longer_fits_is_named_with_what_has_changed() {
    let folder = folder("kept-other");
    run(&apply(&journal(&folder), &[])).ended(0);
    let other = run(&["apply", RACK, "--yes", "--journal", &journal(&folder)]).ended(2);
    let whose =
        "it is the journal of the rack lifeboat, and not of k3s-expansion: choose another file";
    assert!(other.err.contains(whose) && other.out.is_empty(), "{}", other.err);
    let nothing = "rackberry-journal 1\n";
    fs::write(journal(&folder), nothing).unwrap();
    let other = refused(&folder, RACK);
    assert!(other.contains("it is of the rack lifeboat, and not of k3s-expansion"), "{other}");
    let edited = folder.join("edited.yaml");
    let whole = text(LIFEBOAT);
    let moved =
        whole.replace("  qnap:\n    model", "  tower:\n    model").replace("qnap/", "tower/");
    for (text, why) in [
        (whole.replace("  pi-3:", "  pi-4:"), "since it began, the machine pi-4 is new;"),
        (whole.replacen("memory: 64Gi", "memory: 32Gi", 1), "the machine pve-1 has changed;"),
        (moved, "the switch tower is new"),
    ] {
        fs::write(&edited, text).unwrap();
        let err = refused(&folder, edited.to_str().unwrap());
        assert!(err.contains(why), "{err}");
    }
}

#[test]
fn a_file_that_cannot_be_written_ends_the_run_before_anything_is_sent() {
    let folder = folder("kept-unwritten");
    fs::create_dir(folder.join("it.world.new")).unwrap();
    let ran = run(&apply(&journal(&folder), &[])).ended(2);
    assert!(ran.err.contains("failed to write the simulated rack to "), "{}", ran.err);
    assert!(ran.err.contains("it.world: Is a directory"), "{}", ran.err);
    assert_eq!(ran.out, "");
}

#[test]
fn who_does_not_hold_the_journal_does_not_touch_the_rack() {
    let folder = folder("kept-held");
    let (journal, file) = (journal(&folder), folder.join("it.world"));
    let _held = Disk::open(Path::new(&journal), "lifeboat").unwrap();
    fs::write(&file, "ours").unwrap();
    for more in [&[][..], &["--fresh"]] {
        let err = run(&apply(&journal, more)).ended(2).err;
        let who = format!("is held by process {}", std::process::id());
        assert!(err.contains(&who), "{err}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "ours");
    }
}

#[test]
fn what_it_began_as_is_not_asked_again_of_a_rack_that_is_kept() {
    let journal = journal(&folder("kept-from"));
    let from = ["--from", LIFEBOAT];
    let begun = run(&apply(&journal, &[&from[..], &["--kill-node", "pi-3"]].concat())).ended(1);
    assert!(begun.out.contains("pi-3 has lost its power"), "{}", begun.out);
    let next = run(&apply(&journal, &from)).ended(1);
    assert!(
        flat(&next.err).contains("--fresh begins with what lifeboat describes "),
        "{}",
        next.err
    );
    let fresh = run(&apply(&journal, &[&from[..], &["--fresh"]].concat())).ended(0).out;
    assert!(fresh.contains("after 0 rounds"), "{fresh}");
}
