use super::medium::Medium;
use super::scan::{HEADER, Scan, Tail, scan};
use crate::{Entry, Record};
use std::io;

/// The lines of a journal that is held, on any medium.
#[derive(Debug)]
pub(super) struct Lines<M> {
    medium: M,
    next: u64,
    /// Where the next record begins.
    end: u64,
}

impl<M: Medium> Lines<M> {
    /// Holds a medium for a rack, and says what stands on it. What is torn is cut off, and what is damaged put aside.
    pub(super) fn open(mut medium: M, rack: &str) -> io::Result<(Self, Vec<Record>, Tail)> {
        medium.lock()?;
        let Scan { records, sound, end } = scan(&medium.read()?)?;
        is_of(&records, rack)?;
        let next = records.last().map_or(0, |it| it.number + 1);
        let mut lines = Self { medium, next, end: sound };
        if let Tail::Damaged(line) = &end {
            lines.medium.put_aside(line)?;
        }
        if end != Tail::Nothing {
            lines.medium.cut(sound)?;
        }
        if sound == 0 {
            lines.write(HEADER.as_bytes())?;
        } else {
            // Who wrote what was read may have been killed before it was durable, and more is to stand on it.
            lines.medium.sync()?;
        }
        lines.medium.settle()?;
        Ok((lines, records, end))
    }

    /// Makes a record durable. Where that fails nothing of it stays.
    pub(super) fn append(&mut self, at: u64, entry: &Entry) -> io::Result<()> {
        let record = Record { number: self.next, at, entry: entry.clone() };
        let json = serde_json::to_string(&record)?;
        self.write(format!("{:08x} {json}\n", crc32fast::hash(json.as_bytes())).as_bytes())?;
        self.next += 1;
        Ok(())
    }

    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        let written = self.medium.write(self.end, text).and_then(|()| self.medium.sync());
        match written {
            Ok(()) => self.end += text.len() as u64,
            // What is left of it would be cut off as torn; this only tidies.
            Err(_) => drop(self.medium.cut(self.end)),
        }
        written
    }
}

/// Refuses to go on with what was written of another rack.
fn is_of(records: &[Record], rack: &str) -> io::Result<()> {
    let of = records.iter().rev().find_map(|it| it.entry.rack());
    let Some(of) = of.filter(|it| *it != rack) else { return Ok(()) };
    let why = format!("it is the journal of the rack {of}, and not of {rack}: choose another file");
    Err(io::Error::new(io::ErrorKind::InvalidInput, why))
}
