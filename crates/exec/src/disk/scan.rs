use crate::Record;
use std::io;

/// The first line of every journal, with the version of its format.
pub(super) const HEADER: &str = "rackberry-journal 1\n";

/// What a journal says.
pub(super) struct Scan {
    pub(super) records: Vec<Record>,
    /// How many bytes of it are sound.
    pub(super) sound: u64,
    pub(super) end: Tail,
}

/// What stands behind the last sound record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tail {
    Nothing,
    /// A line without its end: what was being written when its writer was killed.
    Torn,
    /// A line with its end, and with something else in it than was written.
    Damaged(Vec<u8>),
}

pub(super) fn scan(text: &[u8]) -> io::Result<Scan> {
    let Some(mut rest) = text.strip_prefix(HEADER.as_bytes()) else {
        let end = if text.is_empty() { Tail::Nothing } else { Tail::Torn };
        let nothing = Scan { records: Vec::new(), sound: 0, end };
        return if has_begun(text) { Ok(nothing) } else { Err(foreign(text)) };
    };
    let mut records: Vec<Record> = Vec::new();
    while let Some(end) = rest.iter().position(|it| *it == b'\n') {
        let number = records.len() as u64;
        match record(&rest[..end])?.filter(|it| it.number == number) {
            Some(record) => records.push(record),
            // A block of the last record may have reached the disk without the one before it.
            None if end + 1 == rest.len() => break,
            None => return Err(damaged(number)),
        }
        rest = &rest[end + 1..];
    }
    let end = match rest.last() {
        None => Tail::Nothing,
        Some(b'\n') => Tail::Damaged(rest.to_vec()),
        Some(_) => Tail::Torn,
    };
    Ok(Scan { records, sound: (text.len() - rest.len()) as u64, end })
}

/// Whether this is what a crash can leave of the header: its length may have reached the disk before its letters.
fn has_begun(text: &[u8]) -> bool {
    text.len() <= HEADER.len()
        && text.iter().zip(HEADER.bytes()).all(|(it, of)| [0, of].contains(it))
}

/// The record of a line; none where it is not what was written.
fn record(line: &[u8]) -> io::Result<Option<Record>> {
    let Some(json) = summed(line) else { return Ok(None) };
    serde_json::from_str(json).map(Some).map_err(|_| invalid(LATER))
}

/// What a line says, if its checksum is that of it.
fn summed(line: &[u8]) -> Option<&str> {
    let line = std::str::from_utf8(line).ok()?;
    let (sum, json) = line.split_once(' ')?;
    let sum = u32::from_str_radix(sum, 16).ok().filter(|_| sum.len() == 8)?;
    (sum == crc32fast::hash(json.as_bytes())).then_some(json)
}

const LATER: &str = "the journal was written by a later version: use that one to read it";

/// Why a text that does not begin like a journal of this version is none.
fn foreign(text: &[u8]) -> io::Error {
    let first = text.split(|it| *it == b'\n').next().unwrap_or_default();
    let first = String::from_utf8_lossy(first);
    let version = first.strip_prefix("rackberry-journal ");
    invalid(match version {
        None => "this is no journal of rackberry: choose another file",
        Some(it) if it.ends_with('\r') => {
            "the lines of the journal end with CR LF, and were written with LF: something has rewritten it on its \
             way here; take the file as it was, or begin a new one"
        }
        Some(it) if it.parse().is_ok_and(|it: u64| it > 1) => LATER,
        Some(_) => {
            "the first line of the journal is damaged: keep a copy of it, and begin a new one"
        }
    })
}

fn damaged(number: u64) -> io::Error {
    invalid(&format!(
        "record {number} of the journal is damaged, and others follow it: keep a copy of it, and begin a new one"
    ))
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
