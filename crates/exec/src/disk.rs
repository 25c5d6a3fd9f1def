//! The journal on disk: a line for each record, with a checksum, durable before it counts.
//!
//! ```text
//! rackberry-journal 1
//! 5f0c9a31 {"number":0,"at":1763740800,"entry":{"began":{"rack":"desk","steps":12}}}
//! ```
//!
//! A crash can leave one torn record at the end; it is cut off, since what it says was not done. Anything else that
//! is wrong is not ours to mend, and the journal is refused.

use crate::{Entry, Journal, Record};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The first line of every journal, with the version of its format.
const HEADER: &str = "rackberry-journal 1\n";

/// A journal on disk, held by this process alone.
#[derive(Debug)]
pub struct Disk {
    file: File,
    next: u64,
    /// Where the next record begins.
    end: u64,
}

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
    /// `WouldBlock` where another process has it, with who it is and since when; `InvalidData` where the file is no
    /// journal, is of a later version or is damaged other than at its end; or what the file system says.
    pub fn open(path: &Path) -> io::Result<Opened> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        hold(&file, path)?;
        let text = whole(&file)?;
        let Scan { records, sound, torn } = scan(&text)?;
        let next = records.last().map_or(0, |it| it.number + 1);
        let mut journal = Self { file, next, end: sound };
        if sound == 0 {
            journal.begin(path)?;
        } else if torn {
            journal.file.set_len(sound)?;
            journal.file.sync_all()?;
        }
        note_holder(path);
        Ok(Opened { journal, records, torn })
    }

    /// Writes the header, and makes the file itself durable.
    fn begin(&mut self, path: &Path) -> io::Result<()> {
        self.file.set_len(0)?;
        self.write(HEADER.as_bytes())?;
        match path.parent().filter(|it| !it.as_os_str().is_empty()) {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    }

    /// Writes at the end. Where that fails nothing of it stays.
    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.end))?;
        let written = self.file.write_all(text).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.end += text.len() as u64,
            // What is left of it would be cut off as torn; this only tidies.
            Err(_) => drop(self.file.set_len(self.end)),
        }
        written
    }
}

impl Journal for Disk {
    fn append(&mut self, entry: &Entry) -> io::Result<()> {
        let record = Record { number: self.next, at: now(), entry: entry.clone() };
        let json = serde_json::to_string(&record)?;
        let line = format!("{:08x} {json}\n", crc32fast::hash(json.as_bytes()));
        self.write(line.as_bytes())?;
        self.next += 1;
        Ok(())
    }
}

/// Reads a journal without holding it; also one that is being written.
///
/// # Errors
///
/// As [`Disk::open`], but for who holds it.
pub fn read(path: &Path) -> io::Result<Vec<Record>> {
    Ok(scan(&whole(&File::open(path)?)?)?.records)
}

/// All of a journal. A device may never end, and is none.
fn whole(mut file: &File) -> io::Result<Vec<u8>> {
    if !file.metadata()?.is_file() {
        let why = "a journal is a file: this is a device, or something else";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    Ok(text)
}

/// What a journal says.
struct Scan {
    records: Vec<Record>,
    /// How many bytes of it are sound.
    sound: u64,
    torn: bool,
}

fn scan(text: &[u8]) -> io::Result<Scan> {
    let begun = text.len() < HEADER.len() && HEADER.as_bytes().starts_with(text);
    if begun {
        return Ok(Scan { records: Vec::new(), sound: 0, torn: !text.is_empty() });
    }
    let Some(mut rest) = text.strip_prefix(HEADER.as_bytes()) else { return Err(foreign(text)) };
    let mut records: Vec<Record> = Vec::new();
    while let Some(end) = rest.iter().position(|it| *it == b'\n') {
        let number = records.len() as u64;
        let record = record(&rest[..end]).filter(|it| it.number == number);
        match record {
            Some(record) => records.push(record),
            // A block of the last record may have reached the disk without the one before it.
            None if end + 1 == rest.len() => break,
            None => return Err(damaged(number)),
        }
        rest = &rest[end + 1..];
    }
    let sound = (text.len() - rest.len()) as u64;
    Ok(Scan { records, sound, torn: !rest.is_empty() })
}

fn record(line: &[u8]) -> Option<Record> {
    let line = std::str::from_utf8(line).ok()?;
    let (sum, json) = line.split_once(' ')?;
    let sum = u32::from_str_radix(sum, 16).ok().filter(|_| sum.len() == 8)?;
    (sum == crc32fast::hash(json.as_bytes())).then(|| serde_json::from_str(json).ok())?
}

fn foreign(text: &[u8]) -> io::Error {
    let why = match text.starts_with(b"rackberry-journal ") {
        true => "the journal was written by a later version: use that one to read it",
        false => "this is no journal of rackberry: choose another file",
    };
    io::Error::new(io::ErrorKind::InvalidData, why)
}

fn damaged(number: u64) -> io::Error {
    let why = format!(
        "record {number} of the journal is damaged, and others follow it: keep a copy of it, and begin a new one"
    );
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Holds a journal, or says who does.
fn hold(file: &File, path: &Path) -> io::Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
        Err(TryLockError::WouldBlock) => {
            let who = std::fs::read_to_string(holder(path)).unwrap_or_default();
            let who = if who.trim().is_empty() { "another process" } else { who.trim() };
            let why = format!("{} is held by {who}", path.display());
            Err(io::Error::new(io::ErrorKind::WouldBlock, why))
        }
    }
}

/// Writes down who holds a journal, for others to read. It is only a note: the lock is what counts.
fn note_holder(path: &Path) {
    let note = format!("process {} since {} (seconds since 1970)\n", std::process::id(), now());
    drop(std::fs::write(holder(path), note));
}

fn holder(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".holder");
    name.into()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs())
}
