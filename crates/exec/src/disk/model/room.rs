//! A disk with a cache, two outlets, and what two processes were answered.

use super::super::scan::{HEADER, scan};
use crate::Entry;
use std::io::ErrorKind;

pub(super) type Answer = Result<Vec<u8>, ErrorKind>;

/// What a process can do to the world.
#[derive(Clone, Copy, Debug)]
pub(super) enum Call<'a> {
    Lock,
    Read,
    Write(usize, &'a [u8]),
    Cut(usize),
    Sync,
    Settle,
    /// The last record is reported as durable.
    Reported,
    Look(usize),
    Send(usize),
}

/// What is in the cache only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Write(usize, Vec<u8>),
    Cut(usize),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Room {
    durable: Vec<u8>,
    /// Whether the folder knows of the file for good.
    named: bool,
    cached: Vec<Change>,
    holder: Option<usize>,
    /// The records that were written, from the oldest; those that were found lost are left out.
    written: Vec<Vec<u8>>,
    /// How many of them were reported as durable.
    reported: usize,
    sent: [usize; 2],
    /// What each process was answered so far.
    pub(super) lived: [Vec<Answer>; 2],
    pub(super) over: [bool; 2],
}

impl Room {
    /// Does what is asked, or says what is wrong about it.
    pub(super) fn obey(
        &mut self,
        who: usize,
        call: Call<'_>,
        choice: usize,
    ) -> Result<Answer, String> {
        let writes = matches!(call, Call::Write(..) | Call::Cut(_) | Call::Sync | Call::Settle);
        if writes && self.holder != Some(who) {
            return Err("written by a process that does not hold it".into());
        }
        let mut answer = Vec::new();
        match call {
            Call::Lock if self.holder.is_some() => return Ok(Err(ErrorKind::WouldBlock)),
            Call::Lock => self.holder = Some(who),
            Call::Read => answer = self.read()?,
            Call::Write(at, text) if choice == 1 => {
                self.cached.push(Change::Write(at, text[..text.len() / 2].to_vec()));
                return Ok(Err(ErrorKind::StorageFull));
            }
            Call::Write(at, text) => {
                self.cached.push(Change::Write(at, text.to_vec()));
                if at >= HEADER.len() {
                    self.written.push(text.to_vec());
                }
            }
            Call::Cut(length) => self.cached.push(Change::Cut(length)),
            Call::Sync => {
                self.durable = self.text();
                self.cached.clear();
            }
            Call::Settle => self.named = true,
            Call::Reported => self.reported = self.written.len(),
            Call::Look(step) => {
                answer = vec![u8::from(self.sent[step] > 0), u8::try_from(choice).unwrap()];
            }
            Call::Send(step) => self.send(step)?,
        }
        Ok(Ok(answer))
    }

    fn read(&mut self) -> Result<Vec<u8>, String> {
        let text = self.text();
        let found = self.found(&text)?;
        self.written.truncate(found);
        Ok(text)
    }

    fn send(&mut self, step: usize) -> Result<(), String> {
        let durable: &[u8] = if self.named { &self.durable } else { &[] };
        let records = scan(durable).map_err(|it| it.to_string())?.records;
        let of_it =
            |it: &&crate::Record| matches!(it.entry, Entry::Sending { step: it, .. } if it == step);
        if records.iter().filter(of_it).count() <= self.sent[step] {
            return Err("an order was sent before its record was durable".into());
        }
        self.sent[step] += 1;
        Ok(())
    }

    /// What a process reads that is started now.
    fn text(&self) -> Vec<u8> {
        self.cached.iter().fold(self.durable.clone(), changed)
    }

    /// How many of the written records a reader finds, if it finds nothing else.
    fn found(&self, text: &[u8]) -> Result<usize, String> {
        let found = scan(text).map_err(|it| it.to_string())?.records.len();
        let prefix: Vec<u8> =
            HEADER.bytes().chain(self.written.iter().take(found).flatten().copied()).collect();
        if found > self.written.len() || found > 0 && !text.starts_with(&prefix) {
            return Err("a reader finds what is no beginning of what was written".into());
        }
        Ok(found)
    }

    /// Whether a reader finds all that it was promised, and nothing that was not written.
    pub(super) fn judge(&self) -> Result<(), String> {
        let found = self.found(&self.text())?;
        match found < self.reported {
            true => Err(format!("record {found} was reported durable and is gone")),
            false => Ok(()),
        }
    }

    /// A process has ended, or was killed.
    pub(super) fn ended(&self, who: usize) -> Self {
        let mut room = self.clone();
        room.over[who] = true;
        room.lived[who].clear();
        room.holder = room.holder.filter(|it| *it != who);
        room
    }

    /// The power fails: of each change in the cache may be left all, a half, only the length, or nothing.
    pub(super) fn without_power(&self) -> Vec<Self> {
        let mut left = vec![self.durable.clone()];
        for change in &self.cached {
            let changed: Vec<_> = left
                .iter()
                .flat_map(|it| parts(change).map(|part| changed(it.clone(), &part)))
                .collect();
            left.extend(changed);
        }
        let room = (0..2)
            .filter(|it| !self.lived[*it].is_empty())
            .fold(self.clone(), |room, it| room.ended(it));
        let room = Self { cached: Vec::new(), ..room };
        let unnamed = (!self.named).then(|| Self { durable: Vec::new(), ..room.clone() });
        left.into_iter().map(|durable| Self { durable, ..room.clone() }).chain(unnamed).collect()
    }
}

/// What a change may come to that was not synced, if it comes to anything.
fn parts(change: &Change) -> [Change; 3] {
    match change {
        Change::Write(at, text) => {
            let half = text[..text.len() / 2].to_vec();
            [half, vec![0; text.len()], text.clone()].map(|it| Change::Write(*at, it))
        }
        Change::Cut(length) => [0; 3].map(|_| Change::Cut(*length)),
    }
}

fn changed(mut text: Vec<u8>, change: &Change) -> Vec<u8> {
    match change {
        Change::Write(at, new) => {
            text.resize(text.len().max(at + new.len()), 0);
            text[*at..at + new.len()].copy_from_slice(new);
        }
        Change::Cut(length) => text.resize(*length, 0),
    }
    text
}
