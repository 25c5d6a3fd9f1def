use std::collections::VecDeque;
use std::time::Duration;

/// A request, as the fake has seen it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1 on: what a [`Fault`](super::Fault) is addressed by.
    pub number: u64,
    /// When it came in.
    pub at: Duration,
    /// Its method.
    pub method: String,
    /// Its path, with what it asks for.
    pub path: String,
    /// The fields of its form; those that hold a password, or what is made of one, are empty.
    pub fields: Vec<(String, String)>,
}

impl Entry {
    /// The value of a field, if it was sent.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }
}

/// The last requests.
#[derive(Debug, Default)]
pub(super) struct Journal {
    pub(super) number: u64,
    entries: VecDeque<Entry>,
}

/// More than any test asks; a fake that runs for days forgets what is older.
const MOST: usize = 4_096;
const SECRET: [&str; 3] = ["password", "oldPasswd", "newPasswd"];

impl Journal {
    /// Writes a request down, and gives it its number.
    pub(super) fn write(&mut self, mut entry: Entry) -> u64 {
        self.number += 1;
        entry.number = self.number;
        let secret = |it: &&mut (String, String)| SECRET.contains(&it.0.as_str());
        entry.fields.iter_mut().filter(secret).for_each(|it| it.1.clear());
        if self.entries.len() == MOST {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
        self.number
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        self.entries.iter().cloned().collect()
    }
}
