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
        0 => Entry::Sending { step, order: format!("switch pi-{step} on\nand \u{1f43b}") },
        _ => Entry::Proved { step, already: false },
    };
    (0..count).map(entry).collect()
}

fn written(path: &std::path::Path, count: usize) -> Vec<u8> {
    let mut journal = Disk::open(path).unwrap().journal;
    entries(count).iter().for_each(|it| journal.append(it).unwrap());
    std::fs::read(path).unwrap()
}

#[test]
fn what_is_written_is_read_in_order_and_goes_on() {
    let (_folder, path) = desk();
    written(&path, 3);
    let opened = Disk::open(&path).unwrap();
    assert!(!opened.torn);
    let all: Vec<_> = opened.records.into_iter().map(|it| it.entry).collect();
    assert_eq!(all, entries(3));
    let mut journal = opened.journal;
    journal.append(&entries(4)[3]).unwrap();
    let records = read(&path).unwrap();
    assert_eq!(records.iter().map(|it| it.number).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert!(records.windows(2).all(|it| it[0].at <= it[1].at));
}

#[test]
fn a_crash_at_any_byte_loses_no_record_but_the_one_in_hand() {
    let (_folder, path) = desk();
    let text = written(&path, 4);
    let ends: Vec<usize> =
        (0..text.len()).filter(|it| text[*it] == b'\n').map(|it| it + 1).collect();
    for cut in 0..=text.len() {
        std::fs::write(&path, &text[..cut]).unwrap();
        let opened = Disk::open(&path).unwrap_or_else(|it| panic!("{cut}: {it}"));
        let whole = ends.iter().filter(|it| **it <= cut).count().saturating_sub(1);
        assert_eq!(opened.records.len(), whole, "cut at {cut}");
        assert_eq!(opened.torn, cut != 0 && !ends.contains(&cut), "cut at {cut}");
        let mut journal = opened.journal;
        journal.append(&entries(1)[0]).unwrap();
        drop(journal);
        assert_eq!(read(&path).unwrap().len(), whole + 1, "cut at {cut}");
    }
}

#[test]
fn a_torn_record_whose_end_has_reached_the_disk_is_cut_off_too() {
    let (_folder, path) = desk();
    let text = written(&path, 3);
    let last = text[..text.len() - 1].iter().rposition(|it| *it == b'\n').unwrap() + 1;
    for byte in last..text.len() - 1 {
        let mut torn = text.clone();
        torn[byte] = 0;
        std::fs::write(&path, &torn).unwrap();
        let opened = Disk::open(&path).unwrap();
        assert_eq!((opened.records.len(), opened.torn), (2, true), "byte {byte}");
    }
}

#[test]
fn a_record_that_is_damaged_before_the_end_is_not_passed_over() {
    let (_folder, path) = desk();
    let text = written(&path, 3);
    let first = text.iter().position(|it| *it == b'\n').unwrap() + 12;
    let mut damaged = text.clone();
    damaged[first] ^= 1;
    std::fs::write(&path, &damaged).unwrap();
    let error = Disk::open(&path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert!(error.to_string().contains("record 0 of the journal is damaged"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), damaged, "it stays as it was found");
}

#[test]
fn foreign_and_later_journals_are_refused_and_stay_as_they_are() {
    let (_folder, path) = desk();
    let later = "rackberry-journal 2\n00000000 {}\n";
    for (text, why) in [(later, "later version"), ("# notes\n", "no journal"), ("\n", "no journal")]
    {
        std::fs::write(&path, text).unwrap();
        let error = Disk::open(&path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        assert!(error.to_string().contains(why), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_second_writer_is_told_who_has_it() {
    let (_folder, path) = desk();
    let first = Disk::open(&path).unwrap();
    let error = Disk::open(&path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    let who = format!("process {} since ", std::process::id());
    assert!(error.to_string().contains(&who), "{error}");
    drop(first);
    assert!(Disk::open(&path).is_ok());
}

#[test]
fn a_beginning_whose_letters_did_not_reach_the_disk_is_begun_again() {
    let (_folder, path) = desk();
    let begun = written(&path, 0);
    for letters in 0..begun.len() {
        let mut lost = begun.clone();
        lost[letters..].fill(0);
        std::fs::write(&path, &lost).unwrap();
        assert!(Disk::open(&path).unwrap().torn, "{letters} letters");
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
        for error in [Disk::open(path).map(drop).unwrap_err(), read(path).map(drop).unwrap_err()] {
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
        let error = Disk::open(std::path::Path::new(device)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}
