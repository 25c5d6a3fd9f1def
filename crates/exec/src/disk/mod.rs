//! The journal on disk: a line for each record, with a checksum, durable before it counts.
//!
//! ```text
//! rackberry-journal 1
//! 5f0c9a31 {"number":0,"at":1763740800,"entry":{"began":{"rack":"desk","steps":12}}}
//! ```
//!
//! A crash can leave one torn record at the end; it is cut off, since what it says was not done. A last record that is
//! whole and damaged is put aside. Anything else that is wrong is not ours to mend, and the journal is refused.

mod lines;
mod medium;
#[cfg(test)]
mod model;
mod scan;

use crate::{Entry, Journal, Record};
use humantime::format_rfc3339_seconds;
use lines::Lines;
use medium::{Paper, aside, holder, is_held, private, refuse_no_file, whole};
use scan::{Tail, scan};
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
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
    /// Where a last record that was damaged is kept now: it is not what was written, or no process wrote it.
    pub aside: Option<PathBuf>,
}

/// What a journal tells who only reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// What is written in it, from the oldest.
    pub records: Vec<Record>,
    /// Whether its last record is damaged, and left out.
    pub damaged: bool,
    /// Who has it open, as a note beside it says, if anybody has.
    pub holder: Option<String>,
}

impl Disk {
    /// Opens the journal of a rack, or begins one; no other process may have it open.
    ///
    /// # Errors
    ///
    /// `WouldBlock` where another process has it, with who it is and since when; `InvalidInput` where it can be no
    /// file, or is the journal of another rack; `InvalidData` where the file is no journal, is of a later version or is damaged other than at its end; or
    /// what the file system says.
    pub fn open(path: &Path, rack: &str) -> io::Result<Opened> {
        refuse_no_file(path)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let paper = Paper { file: private(&mut options).open(path)?, path: path.to_owned() };
        let (lines, records, tail) = Lines::open(paper, rack)?;
        note_holder(path);
        let aside = matches!(tail, Tail::Damaged(_)).then(|| aside(path));
        Ok(Opened { journal: Self(lines), records, torn: tail == Tail::Torn, aside })
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
pub fn read(path: &Path) -> io::Result<Story> {
    refuse_no_file(path)?;
    let file = File::open(path)?;
    // Asked first: what its holder writes until it is read is of one that runs.
    let holder = is_held(&file)?.then(|| medium::who(path));
    let scan = scan(&whole(&file)?)?;
    Ok(Story { records: scan.records, damaged: matches!(scan.end, Tail::Damaged(_)), holder })
}

/// Writes down who holds a journal, for others to read.
fn note_holder(path: &Path) {
    let since = format_rfc3339_seconds(SystemTime::now());
    let note = format!("process {} since {since}\n", std::process::id());
    drop(std::fs::write(holder(path), note));
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs())
}
