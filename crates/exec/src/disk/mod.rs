//! The journal on disk: a line for each record, with a checksum, durable before it counts.
//!
//! ```text
//! rackberry-journal 1
//! 5f0c9a31 {"number":0,"at":1763740800,"entry":{"began":{"rack":"desk","steps":12}}}
//! ```
//!
//! A crash can leave one torn record at the end; it is cut off, since what it says was not done. Anything else that
//! is wrong is not ours to mend, and the journal is refused.

mod lines;
mod medium;
#[cfg(test)]
mod model;
mod scan;

use crate::{Entry, Journal, Record};
use lines::Lines;
use medium::{Paper, holder, refuse_no_file, whole};
use scan::scan;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// A journal on disk, held by this process alone.
#[derive(Debug)]
pub struct Disk(Lines<Paper>);

/// A journal that was opened, with what stood in it.
#[derive(Debug)]
pub struct Opened {
    /// The journal.
    pub journal: Disk,
    /// What was written before, from the oldest.
    pub records: Vec<Record>,
    /// Whether a torn record was cut off: the process that wrote it has crashed.
    pub torn: bool,
}

impl Disk {
    /// Opens a journal, or begins one; no other process may have it open.
    ///
    /// # Errors
    ///
    /// `WouldBlock` where another process has it, with who it is and since when; `InvalidInput` where it can be no
    /// file; `InvalidData` where the file is no journal, is of a later version or is damaged other than at its end; or
    /// what the file system says.
    pub fn open(path: &Path) -> io::Result<Opened> {
        refuse_no_file(path)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let paper = Paper { file: options.open(path)?, path: path.to_owned() };
        let (lines, records, torn) = Lines::open(paper)?;
        note_holder(path);
        Ok(Opened { journal: Self(lines), records, torn })
    }
}

impl Journal for Disk {
    fn append(&mut self, entry: &Entry) -> io::Result<()> {
        self.0.append(now(), entry)
    }
}

/// Reads a journal without holding it; also one that is being written.
///
/// # Errors
///
/// As [`Disk::open`], but for who holds it.
pub fn read(path: &Path) -> io::Result<Vec<Record>> {
    refuse_no_file(path)?;
    Ok(scan(&whole(&File::open(path)?)?)?.records)
}

/// Writes down who holds a journal, for others to read.
fn note_holder(path: &Path) {
    let note = format!("process {} since {} (seconds since 1970)\n", std::process::id(), now());
    drop(std::fs::write(holder(path), note));
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs())
}
