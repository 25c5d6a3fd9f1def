//! The journal on disks that are full or may only be read.
//!
//! The disks are made in a mount namespace of the test's own. Where the system does not let it, the test says that it
//! was skipped, and fails where RACKBERRY_LIVE is `required`.

use crate::room::{at_once, lifeboat, room};
use rackberry_exec::{Disk, Entry, Event, Events, Finish, How, converge, read};
use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use tokio::sync::mpsc::unbounded_channel;

/// Where the disk of a test is mounted, in the environment of the process that has a namespace of its own.
const DISK: &str = "RACKBERRY_DISK";

/// Runs this test again where it may mount disks. Returns the folder for them there, and nothing here.
fn alone(test: &str) -> Option<PathBuf> {
    if let Some(folder) = env::var_os(DISK) {
        return Some(folder.into());
    }
    let folder = tempfile::tempdir().unwrap();
    let mut may = Command::new("unshare");
    may.args(["-rm", "mount", "-t", "tmpfs", "none"]);
    if !may.arg(folder.path()).output().is_ok_and(|it| it.status.success()) {
        assert_ne!(env::var("RACKBERRY_LIVE").as_deref(), Ok("required"), "cannot mount a disk");
        eprintln!("skipped: {test}: this system lets nobody mount a disk");
        return None;
    }
    let mut again = Command::new("unshare");
    again.arg("-rm").arg(env::current_exe().unwrap()).args(["--exact", test]);
    let ran = again.env(DISK, folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && said.contains("1 passed"), "{said}");
    None
}

fn mount(options: &str, folder: &Path) {
    let mut mount = Command::new("mount");
    mount.args(["-t", "tmpfs", "-o", options, "none"]).arg(folder);
    assert!(mount.status().unwrap().success(), "{options}");
}

#[tokio::test(start_paused = true)]
async fn a_run_whose_disk_is_full_ends_at_a_whole_record_and_goes_on_once_there_is_room() {
    let test =
        "full::a_run_whose_disk_is_full_ends_at_a_whole_record_and_goes_on_once_there_is_room";
    let Some(folder) = alone(test) else { return };
    let rack = lifeboat();
    for kilobytes in [12, 8] {
        mount(&format!("size={kilobytes}k"), &folder);
        let (world, fleet) = room(&rack);
        let path = folder.join("it.journal");
        // Another file has all but one page of the disk.
        fs::write(folder.join("other"), vec![0; (kilobytes - 8) << 10]).unwrap();
        let (sender, mut events) = unbounded_channel();
        let how = How { events: Events::to(sender), ..at_once() };
        let mut journal = Disk::open(&path, "lifeboat").unwrap().journal;
        let reached = converge(&rack, &fleet, &mut journal, &how).await;
        let Finish::Unwritten(why) = reached.finish else { panic!("{:?}", reached.finish) };
        assert!(why.contains("No space left on device") && why.contains("make room"), "{why}");
        let text = fs::read(&path).unwrap();
        assert!(text.len() > 3 << 10 && text.ends_with(b"\n"), "{} bytes", text.len());
        let before = read(&path).unwrap().records;
        let orders = before.iter().filter(|it| matches!(it.entry, Entry::Sending { .. })).count();
        let mut sent = 0;
        while let Ok(event) = events.try_recv() {
            sent += usize::from(matches!(event, Event::Sending { .. }));
        }
        assert_eq!(sent, orders, "nothing is sent without its record");
        drop(journal);
        mount("remount,size=1m", &folder);
        let opened = Disk::open(&path, "lifeboat").unwrap();
        assert!(!opened.torn);
        assert_eq!(opened.records, before);
        let mut journal = opened.journal;
        let reached = converge(&rack, &fleet, &mut journal, &at_once()).await;
        assert_eq!(reached.finish, Finish::Described);
        assert!(rack.rack.clusters.keys().all(|it| world.bootstraps(it) == 1));
    }
}

#[test]
fn a_journal_that_cannot_be_begun_is_refused_and_can_be_begun_once_there_is_room() {
    let test =
        "full::a_journal_that_cannot_be_begun_is_refused_and_can_be_begun_once_there_is_room";
    let Some(folder) = alone(test) else { return };
    mount("size=4k", &folder);
    let path = folder.join("it.journal");
    let other = folder.join("other");
    fs::write(&other, [0; 4096]).unwrap();
    assert_eq!(Disk::open(&path, "desk").unwrap_err().kind(), ErrorKind::StorageFull);
    fs::remove_file(&other).unwrap();
    assert!(Disk::open(&path, "desk").is_ok_and(|it| it.records.is_empty()));
    mount("remount,ro", &folder);
    for path in [path, folder.join("another.journal")] {
        assert_eq!(Disk::open(&path, "desk").unwrap_err().kind(), ErrorKind::ReadOnlyFilesystem);
    }
}
