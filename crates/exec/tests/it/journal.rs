//! The journal on disk: what survives a crash at any byte, and what is refused.

use rackberry_exec::{Disk, Entry, Journal, read};
use std::io::ErrorKind;
use std::path::PathBuf;
use tempfile::TempDir;

fn desk() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.journal");
    (folder, path)
}

fn entries(count: usize) -> Vec<Entry> {
    let entry = |step| match step % 2 {
        0 => Entry::Sending {
            step,
            order: format!("switch pi-{step} on\nand \u{1f43b}"),
            found: None,
        },
        _ => Entry::Proved { step, already: false },
    };
    (0..count).map(entry).collect()
}

fn written(path: &std::path::Path, count: usize) -> Vec<u8> {
    let mut journal = Disk::open(path, "desk").unwrap().journal;
    entries(count).iter().for_each(|it| journal.append(it).unwrap());
    std::fs::read(path).unwrap()
}

#[test]
fn what_is_written_is_read_in_order_and_goes_on() {
    let (_folder, path) = desk();
    written(&path, 3);
    let opened = Disk::open(&path, "desk").unwrap();
    assert!(!opened.torn);
    let all: Vec<_> = opened.records.into_iter().map(|it| it.entry).collect();
    assert_eq!(all, entries(3));
    let mut journal = opened.journal;
    journal.append(&entries(4)[3]).unwrap();
    let records = read(&path).unwrap().records;
    assert_eq!(records.iter().map(|it| it.number).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert!(records.windows(2).all(|it| it[0].at <= it[1].at));
    let written = std::fs::metadata(&path).unwrap().modified().unwrap();
    let written = written.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(records.iter().all(|it| it.at.abs_diff(written) < 3600), "{records:?}");
}

#[test]
fn a_crash_at_any_byte_loses_no_record_but_the_one_in_hand() {
    let (_folder, path) = desk();
    let text = written(&path, 4);
    let ends: Vec<usize> =
        (0..text.len()).filter(|it| text[*it] == b'\n').map(|it| it + 1).collect();
    for cut in 0..=text.len() {
        std::fs::write(&path, &text[..cut]).unwrap();
        let opened = Disk::open(&path, "desk").unwrap_or_else(|it| panic!("{cut}: {it}"));
        let whole = ends.iter().filter(|it| **it <= cut).count().saturating_sub(1);
        assert_eq!(opened.records.len(), whole, "cut at {cut}");
        assert_eq!(opened.torn, cut != 0 && !ends.contains(&cut), "cut at {cut}");
        let mut journal = opened.journal;
        journal.append(&entries(1)[0]).unwrap();
        drop(journal);
        assert_eq!(read(&path).unwrap().records.len(), whole + 1, "cut at {cut}");
    }
}

#[test]
fn a_last_record_that_is_whole_and_damaged_is_put_aside_and_nothing_of_it_is_lost() {
    let (_folder, path) = desk();
    let text = written(&path, 3);
    let last = text[..text.len() - 1].iter().rposition(|it| *it == b'\n').unwrap() + 1;
    let mut aside = Vec::new();
    for byte in last..text.len() - 1 {
        let mut damaged = text.clone();
        damaged[byte] = 0;
        aside.extend_from_slice(&damaged[last..]);
        std::fs::write(&path, &damaged).unwrap();
        let story = read(&path).unwrap();
        assert_eq!((story.records.len(), story.damaged), (2, true), "byte {byte}");
        let opened = Disk::open(&path, "desk").unwrap();
        assert_eq!((opened.records.len(), opened.torn), (2, false), "byte {byte}");
        assert_eq!(std::fs::read(opened.aside.unwrap()).unwrap(), aside, "byte {byte}");
        assert_eq!(std::fs::read(&path).unwrap(), text[..last], "byte {byte}");
    }
    let opened = Disk::open(&path, "desk").unwrap();
    assert_eq!((opened.torn, opened.aside), (false, None), "what is aside is told once");
}

#[test]
fn a_record_that_this_version_does_not_know_is_not_taken_for_a_damaged_one() {
    let (_folder, path) = desk();
    let json = r#"{"number":0,"at":0,"entry":{"paused":{}}}"#;
    let text = format!("rackberry-journal 1\n{:08x} {json}\n", crc32fast::hash(json.as_bytes()));
    std::fs::write(&path, &text).unwrap();
    let error = Disk::open(&path, "desk").unwrap_err();
    assert!(error.to_string().contains("a later version"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn the_journal_of_another_rack_is_not_gone_on_with() {
    let (_folder, path) = desk();
    let rack = |it: &str| Entry::Asked { rack: it.into(), what: String::new() };
    let mut journal = Disk::open(&path, "desk").unwrap().journal;
    journal.append(&rack("desk")).unwrap();
    drop(journal);
    let before = std::fs::read(&path).unwrap();
    let error = Disk::open(&path, "shed").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let why = "it is the journal of the rack desk, and not of shed: choose another file";
    assert_eq!(error.to_string(), why);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert!(Disk::open(&path, "desk").is_ok());
}

#[test]
fn whether_somebody_writes_it_is_told_to_who_reads_it() {
    let (_folder, path) = desk();
    let journal = Disk::open(&path, "desk").unwrap().journal;
    let holder = read(&path).unwrap().holder.unwrap();
    let (who, since) = holder.split_once(" since ").unwrap();
    assert_eq!(who, format!("process {}", std::process::id()));
    assert!(since.starts_with("20") && since.ends_with('Z') && since.len() == 20, "{since}");
    drop(journal);
    assert_eq!(read(&path).unwrap().holder, None);
}

#[test]
fn a_record_that_is_damaged_before_the_end_is_not_passed_over() {
    let (_folder, path) = desk();
    let text = written(&path, 3);
    let first = text.iter().position(|it| *it == b'\n').unwrap() + 12;
    let mut damaged = text.clone();
    damaged[first] ^= 1;
    std::fs::write(&path, &damaged).unwrap();
    let error = Disk::open(&path, "desk").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert!(error.to_string().contains("record 0 of the journal is damaged"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), damaged, "it stays as it was found");
}

#[test]
fn foreign_and_later_journals_are_refused_and_stay_as_they_are() {
    let (_folder, path) = desk();
    for (text, why) in [
        ("rackberry-journal 2\n00000000 {}\n", "later version"),
        ("rackberry-journal 1\r\n00000000 {}\r\n", "the lines of the journal end with CR LF"),
        ("rackberry-journal l\n00000000 {}\n", "the first line of the journal is damaged"),
        ("# notes\n", "no journal"),
        ("\n", "no journal"),
    ] {
        std::fs::write(&path, text).unwrap();
        let error = Disk::open(&path, "desk").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        assert!(error.to_string().contains(why), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_second_writer_is_told_who_has_it() {
    let (_folder, path) = desk();
    let first = Disk::open(&path, "desk").unwrap();
    let error = Disk::open(&path, "desk").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    let who = format!("process {} since ", std::process::id());
    assert!(error.to_string().contains(&who), "{error}");
    drop(first);
    assert!(Disk::open(&path, "desk").is_ok());
}

#[test]
fn a_beginning_whose_letters_did_not_reach_the_disk_is_begun_again() {
    let (_folder, path) = desk();
    let begun = written(&path, 0);
    for letters in 0..begun.len() {
        let mut lost = begun.clone();
        lost[letters..].fill(0);
        std::fs::write(&path, &lost).unwrap();
        assert!(Disk::open(&path, "desk").unwrap().torn, "{letters} letters");
        assert_eq!(std::fs::read(&path).unwrap(), begun, "{letters} letters");
    }
}

#[cfg(unix)]
#[test]
fn what_can_be_no_file_is_refused_without_waiting_for_it() {
    let (folder, path) = desk();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::os::unix::fs::symlink(folder.path().join("gone"), &path).unwrap();
    for (path, why) in [
        (folder.path(), "this is a folder"),
        (&pipe, "this is a device, or something else"),
        (&path, "gone, which is not there"),
    ] {
        for error in
            [Disk::open(path, "desk").map(drop).unwrap_err(), read(path).map(drop).unwrap_err()]
        {
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
            assert!(error.to_string().contains(why), "{error}");
        }
    }
    assert!(!folder.path().join("gone").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_is_no_journal() {
    for device in ["/dev/full", "/dev/zero"] {
        let error = Disk::open(std::path::Path::new(device), "desk").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}
