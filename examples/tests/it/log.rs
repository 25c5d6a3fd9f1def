//! `rackberry log`: what a journal tells a stranger.

use crate::apply::LIFEBOAT;
use crate::program::{arg, flat, folder, program, ran, run};
use rackberry::exec::{Disk, Entry, Journal};
use std::path::{Path, PathBuf};

fn asked() -> Entry {
    Entry::Asked { rack: "desk".into(), what: "rackberry apply desk.yaml".into() }
}

fn began(steps: usize) -> Entry {
    Entry::Began { rack: "desk".into(), steps }
}

fn sending(step: usize) -> Entry {
    Entry::Sending { step, order: format!("switch pi-{step} on"), found: None }
}

/// A journal with these entries, and who has it open.
fn written(test: &str, entries: &[Entry]) -> (PathBuf, Disk) {
    let path = folder(test).join("it.journal");
    let mut journal = Disk::open(&path, "desk").unwrap().journal;
    entries.iter().for_each(|it| journal.append(it).unwrap());
    (path, journal)
}

fn log(path: &Path) -> String {
    run(&["log", arg(path)]).ended(0).out
}

#[test]
fn a_run_that_has_no_end_is_running_while_it_is_held_and_was_killed_after() {
    let proved = Entry::Proved { step: 0, already: false };
    let entries = [asked(), began(2), sending(0), proved, sending(1)];
    let (path, journal) = written("log-held", &entries);
    let told = flat(&log(&path));
    let held = format!("is still running, as process {} since 20", std::process::id());
    assert!(told.contains(&held) && told.contains("1 step proved so far"), "{told}");
    drop(journal);
    let told = log(&path);
    assert!(
        told.contains("  asked: rackberry apply desk.yaml\n  round 1: 2 steps to do\n"),
        "{told}"
    );
    assert!(told.contains("Z    1/2  switch pi-0 on: proved\n"), "{told}");
    assert!(told.contains("Z    2/2  switch pi-1 on: in hand\n"), "{told}");
    let told = flat(&told);
    assert!(told.contains("was killed before it ended; last heard of "), "{told}");
    assert!(
        told.contains("1 step proved, 1 order in hand, which may have been carried out"),
        "{told}"
    );
}

#[test]
fn what_a_killed_run_had_in_hand_is_seen_again_in_the_next_and_waiting_is_told_once() {
    let ended = Entry::Ended { proved: 0, unproved: 1 };
    let wait = [began(0), Entry::Ended { proved: 0, unproved: 0 }];
    let how = "round after round proved nothing".into();
    let finished = Entry::Finished { described: false, how };
    let first = [asked(), began(1), sending(0)];
    let second = [asked(), began(1), sending(0), ended];
    let entries = [&first[..], &second, &wait, &wait, &wait, &[finished]].concat();
    let told = log(&written("log-again", &entries).0);
    assert!(told.contains("switch pi-0 on, again: not proved\n"), "{told}");
    assert!(told.contains("  rounds 2 to 4: nothing to send, only to wait\n"), "{told}");
    let end = "desk is not as described; round after round proved nothing; 0 steps proved\n";
    assert!(told.contains(end), "{told}");
}

#[test]
fn times_are_utc_as_in_rfc_3339_wherever_it_is_read() {
    let (path, _held) = written("log-time", &[asked()]);
    let read = |zone: &str| ran(program(&["log", arg(&path)]).env("TZ", zone)).ended(0).out;
    let told = read("Asia/Tokyo");
    let title = told.lines().next().unwrap();
    let time = title.strip_prefix("Run 1, on desk, 20").unwrap();
    assert!(time.len() == 18 && time.ends_with('Z') && time.contains('T'), "{title}");
    assert_eq!(told, read("UTC"));
}

#[test]
fn a_damaged_last_record_is_left_out_and_told_and_the_next_run_puts_it_aside() {
    let (path, journal) = written("log-damaged", &[asked(), began(1), sending(0)]);
    drop(journal);
    let text = std::fs::read_to_string(&path).unwrap().replace("pi-0 on", "pi-0 off");
    std::fs::write(&path, &text).unwrap();
    let read = run(&["log", arg(&path)]).ended(0);
    assert!(read.err.contains("it.journal is damaged, and left out\n"), "{}", read.err);
    assert!(!read.out.contains("switch pi-0"), "{}", read.out);
    let rack = path.with_extension("yaml");
    let lifeboat = crate::program::text(LIFEBOAT).replace("rack: lifeboat", "rack: desk");
    std::fs::write(&rack, lifeboat).unwrap();
    let next = run(&["apply", arg(&rack), "--yes", "--journal", arg(&path)]).ended(0);
    let told = "the last record of the journal was damaged: it is kept in /";
    assert!(flat(&next.err).starts_with(told), "{}", next.err);
    let aside = std::fs::read_to_string(path.with_extension("journal.damaged")).unwrap();
    assert!(aside.ends_with("pi-0 off\"}}}\n") && text.ends_with(&aside), "{aside}");
}
