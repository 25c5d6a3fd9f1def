//! Processes that are killed while they write their journal, and the rack that outlives them.
//!
//! What a simulated rack is follows from the calls that were made to it. So the rack that a killed process leaves behind
//! is had again by doing its run again, up to the very write that it was killed in. That it is the same one is seen by
//! the number of calls, which the process leaves behind, and by its journal.

use crate::room::{at_once, rack, room};
use rackberry::testkit::World;
use rackberry_exec::{Disk, Entry, Finish, Fleet, Journal, Reached, Record, converge, read};
use rackberry_plan::Resolved;
use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::process::ExitStatusExt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a child is to do, in its environment: the rack, the journal, the write to die in, and after how many bytes.
const DOOM: &str = "RACKBERRY_DOOM";

/// The child brings the rack up until it dies; the parent finds out what that leaves behind.
#[test]
fn wherever_a_run_is_killed_the_next_one_goes_on_and_does_nothing_twice() {
    if let Ok(doom) = env::var(DOOM) {
        return bring_up(&doom);
    }
    Case::new("lifeboat").killed_everywhere(&[0, usize::MAX]);
}

#[test]
fn wherever_a_run_is_killed_no_pool_is_made_twice() {
    Case::new("proxmox-talos").killed_everywhere(&[0]);
}

#[test]
fn whatever_byte_of_a_record_a_run_is_killed_at_the_next_one_goes_on() {
    let case = Case::new("lifeboat");
    let write = case.calm.iter().position(|it| it.starts_with("Proved")).unwrap() + 1;
    assert!(case.killed(write, usize::MAX));
    let text = fs::read_to_string(&case.journal).unwrap();
    let bytes = text.lines().last().unwrap().len() + 1;
    for byte in 0..=bytes {
        assert!(case.killed(write, byte));
    }
}

/// A rack, with what becomes of it where nobody is killed.
struct Case {
    name: &'static str,
    rack: Resolved,
    journal: PathBuf,
    reboots: Vec<usize>,
    /// What is written, in words.
    calm: Vec<String>,
    _folder: tempfile::TempDir,
}

impl Case {
    fn new(name: &'static str) -> Self {
        // What is killed leaves its writes behind without a disk, which would take most of the time.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let (journal, rack) = (folder.path().join("it.journal"), rack(name));
        let Left { world, entries } = left_behind(&rack, usize::MAX);
        let (reboots, calm) = (reboots(&world, &rack), entries.iter().map(|it| format!("{it:?}")));
        Self { name, reboots, calm: calm.collect(), rack, journal, _folder: folder }
    }

    /// Kills a process in each of its writes, with so many bytes of it done.
    fn killed_everywhere(&self, bytes: &[usize]) {
        for write in 1..=self.calm.len() {
            assert!(bytes.iter().all(|it| self.killed(write, *it)));
        }
        assert!(!self.killed(self.calm.len() + 1, 0), "{}: that is all", self.name);
    }

    /// Lets a process be killed in its `write`th write, with so many bytes of it done, and another go on. Says whether
    /// it came to that write.
    fn killed(&self, write: usize, bytes: usize) -> bool {
        let _ = fs::remove_file(&self.journal);
        if !self.child_dies(write, bytes) {
            return false;
        }
        let at = format!("{}, write {write}, byte {bytes}", self.name);
        let Left { world, entries } = left_behind(&self.rack, write);
        let calls = fs::read_to_string(calls_of(&self.journal)).unwrap();
        assert_eq!(calls, world.calls().to_string(), "{at}: this is not the rack that was left");
        let told = entries_of(read(&self.journal).unwrap().records);
        assert_eq!(told[..write - 1], entries[..write - 1], "{at}");
        assert!(told.len() == write - 1 || told == entries, "{at}: {told:?}");
        self.goes_on(&at, &world, told);
        true
    }

    fn child_dies(&self, write: usize, bytes: usize) -> bool {
        let name = "killed::wherever_a_run_is_killed_the_next_one_goes_on_and_does_nothing_twice";
        let doom = format!("{} {write} {bytes} {}", self.name, self.journal.display());
        let mut child = Command::new(env::current_exe().unwrap());
        child.args(["--exact", name]).env(DOOM, doom).stdout(Stdio::null());
        let status = child.status().unwrap();
        assert!(status.success() || status.signal() == Some(9), "{status}");
        !status.success()
    }

    /// Another process finds what was left behind.
    fn goes_on(&self, at: &str, world: &World, before: Vec<Entry>) {
        let opened = Disk::open(&self.journal, &self.rack.rack.rack).unwrap();
        assert_eq!(entries_of(opened.records), before, "{at}");
        let mut journal = opened.journal;
        let fleet = rackberry::world::fleet(world, &self.rack);
        let reached = run(&self.rack, &fleet, &mut journal);
        assert_eq!(reached.finish, Finish::Described, "{at}");
        for id in self.rack.rack.clusters.keys() {
            assert_eq!(world.bootstraps(id), 1, "{at}: {id}");
        }
        for id in self.rack.rack.pools.keys() {
            assert!(world.pools_made(id) <= 1, "{at}: {id}");
        }
        assert_eq!(reboots(world, &self.rack), self.reboots, "{at}");
        let all = entries_of(read(&self.journal).unwrap().records);
        assert_eq!(all[..before.len()], before, "{at}: the first run is still told of");
        let next = &all[before.len()..];
        assert!(matches!(next.first(), Some(Entry::Asked { .. })), "{at}: {next:?}");
        let described = |it| matches!(it, &Entry::Finished { described: true, .. });
        assert!(next.last().is_some_and(described), "{at}: {next:?}");
    }
}

fn entries_of(records: Vec<Record>) -> Vec<Entry> {
    records.into_iter().map(|it| it.entry).collect()
}

fn reboots(world: &World, rack: &Resolved) -> Vec<usize> {
    rack.nodes.iter().map(|it| world.reboots(&it.id)).collect()
}

fn calls_of(journal: &Path) -> PathBuf {
    journal.with_extension("calls")
}

fn run(rack: &Resolved, fleet: &Fleet, journal: &mut dyn Journal) -> Reached {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().unwrap();
    runtime.block_on(converge(rack, fleet, journal, &at_once()))
}

/// What a run leaves behind that is killed in its `write`th write.
struct Left {
    world: World,
    /// What it has written, with what it was about to write.
    entries: Vec<Entry>,
}

fn left_behind(rack: &Resolved, write: usize) -> Left {
    let (world, fleet) = room(rack);
    let mut journal = UpTo { write, entries: Vec::new() };
    let unwound = catch_unwind(AssertUnwindSafe(|| run(rack, &fleet, &mut journal)));
    assert_eq!(unwound.is_err(), write < usize::MAX);
    Left { world, entries: journal.entries }
}

/// Nothing happens any more after this write, as if the process were gone.
struct UpTo {
    write: usize,
    entries: Vec<Entry>,
}

impl Journal for UpTo {
    fn append(&mut self, entry: &Entry) -> io::Result<()> {
        self.entries.push(entry.clone());
        if self.entries.len() == self.write {
            resume_unwind(Box::new("it is dead"));
        }
        Ok(())
    }
}

/// What the child does.
fn bring_up(doom: &str) {
    let mut words = doom.splitn(4, ' ');
    let mut word = || words.next().unwrap();
    let (rack, left) = (rack(word()), word().parse().unwrap());
    let (bytes, path) = (word().parse().unwrap(), PathBuf::from(word()));
    let ((world, fleet), name) = (room(&rack), rack.rack.rack.clone());
    let disk = Disk::open(&path, &name).unwrap().journal;
    let _ = run(&rack, &fleet, &mut Doomed { disk, rack: name, path, world, left, bytes });
}

/// Writes to the disk, and dies in one of its writes.
struct Doomed {
    disk: Disk,
    rack: String,
    path: PathBuf,
    world: World,
    /// The writes that are left to it, with the last one.
    left: usize,
    /// What is done of that.
    bytes: usize,
}

impl Journal for Doomed {
    fn append(&mut self, entry: &Entry) -> io::Result<()> {
        self.left -= 1;
        if self.left > 0 {
            return self.disk.append(entry);
        }
        let record = record(&self.rack, &self.path, entry);
        let mut file = OpenOptions::new().append(true).open(&self.path).unwrap();
        file.write_all(&record[..self.bytes.min(record.len())]).unwrap();
        fs::write(calls_of(&self.path), self.world.calls().to_string()).unwrap();
        Command::new("kill").args(["-9", &std::process::id().to_string()]).status().unwrap();
        loop {
            std::thread::park();
        }
    }
}

/// The bytes that the next record of a journal is.
fn record(rack: &str, path: &Path, entry: &Entry) -> Vec<u8> {
    let copy = path.with_extension("copy");
    let before = fs::copy(path, &copy).unwrap();
    Disk::open(&copy, rack).unwrap().journal.append(entry).unwrap();
    fs::read(&copy).unwrap().split_off(usize::try_from(before).unwrap())
}
