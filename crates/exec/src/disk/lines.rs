use super::medium::Medium;
use super::scan::{HEADER, Scan, scan};
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
    /// Holds a medium, and says what stands on it; what is torn is cut off.
    pub(super) fn open(mut medium: M) -> io::Result<(Self, Vec<Record>, bool)> {
        medium.lock()?;
        let Scan { records, sound, torn } = scan(&medium.read()?)?;
        let next = records.last().map_or(0, |it| it.number + 1);
        let mut lines = Self { medium, next, end: sound };
        if torn {
            lines.medium.cut(sound)?;
        }
        if sound == 0 {
            lines.write(HEADER.as_bytes())?;
        } else {
            // Who wrote what was read may have been killed before it was durable, and more is to stand on it.
            lines.medium.sync()?;
        }
        lines.medium.settle()?;
        Ok((lines, records, torn))
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
