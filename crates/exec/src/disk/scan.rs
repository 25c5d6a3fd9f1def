use crate::Record;
use std::io;

/// The first line of every journal, with the version of its format.
pub(super) const HEADER: &str = "rackberry-journal 1\n";

/// What a journal says.
pub(super) struct Scan {
    pub(super) records: Vec<Record>,
    /// How many bytes of it are sound.
    pub(super) sound: u64,
    pub(super) torn: bool,
}

pub(super) fn scan(text: &[u8]) -> io::Result<Scan> {
    let Some(mut rest) = text.strip_prefix(HEADER.as_bytes()) else {
        let nothing = Scan { records: Vec::new(), sound: 0, torn: !text.is_empty() };
        return if has_begun(text) { Ok(nothing) } else { Err(foreign(text)) };
    };
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

/// Whether this is what a crash can leave of the header: its length may have reached the disk before its letters.
fn has_begun(text: &[u8]) -> bool {
    text.len() <= HEADER.len()
        && text.iter().zip(HEADER.bytes()).all(|(it, of)| [0, of].contains(it))
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
