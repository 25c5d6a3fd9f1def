//! Keeps the simulated rack in its file while a run goes on.

use super::kept::Head;
use crate::answer::Failure;
use crate::file;
use rackberry::exec::{Entry, Journal};
use rackberry::testkit::World;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A run has at least so many times as long for itself as it takes to write the file of a large rack.
const SHARE: u32 = 9;

/// Up to so many bytes the file is written before every record, so that it never lags the journal.
const SMALL: usize = 1 << 18;

/// Who writes the file.
#[derive(Debug)]
pub(super) struct Keeper<'a> {
    path: &'a Path,
    world: &'a World,
    head: String,
    last: Mutex<Last>,
}

/// When the file was written last.
#[derive(Debug, Default)]
struct Last {
    /// Whether there is anything to keep: before the first record nothing is sent.
    begun: bool,
    /// How many calls the rack had had by then.
    calls: Option<usize>,
    /// When it may be written again, where that is not at once.
    next: Option<Instant>,
}

impl<'a> Keeper<'a> {
    pub(super) fn new(path: &'a Path, world: &'a World, head: &Head) -> Result<Self, Failure> {
        let head = serde_json::to_string(head)
            .map_err(|it| Failure::File(format!("cannot write what the rack begins as: {it}")))?;
        Ok(Self { path, world, head, last: Mutex::default() })
    }

    /// Writes the file if the rack was called since, unless it is large and was written only just now.
    pub(super) fn glance(&self) {
        let last = self.last();
        if last.begun && last.is_due() {
            // What is wrong shows again, and ends the run, at the next record.
            let _ = self.save(last);
        }
    }

    /// Writes the file for the last time.
    pub(super) fn end(&self) -> Result<(), Failure> {
        let last = self.last();
        let saved = if last.begun { self.save(last) } else { Ok(()) };
        saved.map_err(|it| file::failure("write the simulated rack to", self.path, &it))
    }

    fn save(&self, mut last: MutexGuard<'_, Last>) -> io::Result<()> {
        let calls = Some(self.world.calls());
        if last.calls != calls {
            let begin = Instant::now();
            let small = self.write()? <= SMALL;
            last.calls = calls;
            last.next = (!small).then(|| Instant::now() + rest(begin.elapsed()));
        }
        Ok(())
    }

    /// Writes beside the file, and puts that in its place: whenever the run is killed, one of both is whole. It is
    /// not made to outlast the power of the computer, which a simulated rack is not worth. Returns how long it is.
    fn write(&self) -> io::Result<usize> {
        let beside = self.path.with_extension("world.new");
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let text = format!("{}\n{}", self.head, self.world.save());
        options.open(&beside)?.write_all(text.as_bytes())?;
        fs::rename(&beside, self.path)?;
        Ok(text.len())
    }

    fn last(&self) -> MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn rest(took: Duration) -> Duration {
    took.saturating_mul(SHARE)
}

impl Last {
    fn is_due(&self) -> bool {
        self.next.is_none_or(|it| Instant::now() >= it)
    }
}

/// A journal that has nothing more written to it, so that nothing more is sent, once the file cannot be written.
#[derive(Debug)]
pub(super) struct Keeping<'k, J> {
    pub(super) journal: J,
    pub(super) keeper: &'k Keeper<'k>,
}

impl<J: Journal> Journal for Keeping<'_, J> {
    fn append(&mut self, entry: &Entry) -> io::Result<()> {
        let mut last = self.keeper.last();
        last.begun = true;
        if last.is_due() {
            let path = self.keeper.path.display();
            let why = |it: io::Error| io::Error::new(it.kind(), format!("{path}: {it}"));
            self.keeper.save(last).map_err(why)?;
        }
        self.journal.append(entry)
    }
}
