use std::collections::VecDeque;

/// A request, as the fake has seen it. Who asked with which password is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its method.
    pub method: String,
    /// Its path, with what it asks for.
    pub path: String,
    /// Its JSON.
    pub body: String,
}

/// The last requests.
#[derive(Debug, Default)]
pub(super) struct Journal {
    pub(super) number: u64,
    entries: VecDeque<Entry>,
}

/// More than any test asks; a fake that runs for days forgets what is older.
const MOST: usize = 4_096;

impl Journal {
    /// Writes a request down, and gives it its number.
    pub(super) fn write(&mut self, entry: Entry) -> u64 {
        if self.entries.len() == MOST {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
        self.number += 1;
        self.number
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        self.entries.iter().cloned().collect()
    }
}
