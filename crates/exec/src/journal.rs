use rackberry_core::VlanTable;
use serde::{Deserialize, Serialize};
use std::io;

/// What is written of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Entry {
    /// A run begins: what follows, up to its end or to the next run, is of it.
    Asked {
        /// The rack.
        rack: String,
        /// What is asked for, in the words of whoever asks.
        what: String,
    },
    /// A plan is carried out: one round of a run.
    Began {
        /// The rack.
        rack: String,
        /// How many steps its plan has.
        steps: usize,
    },
    /// The order of this step is about to be sent. Written before the order, never after.
    Sending {
        /// The step.
        step: usize,
        /// The order, in words.
        order: String,
        /// The VLANs that it is about to replace, so that somebody can go back to them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        found: Option<VlanTable>,
    },
    /// The device has declined it, and changed nothing.
    Declined {
        /// The step.
        step: usize,
        /// Its answer.
        why: String,
    },
    /// The step's proof is seen.
    Proved {
        /// The step.
        step: usize,
        /// Whether it was so before anything was sent.
        already: bool,
    },
    /// Nothing more is done of this plan.
    Ended {
        /// How many steps are proved.
        proved: usize,
        /// How many were begun and are not.
        unproved: usize,
    },
    /// A run has ended by itself. One that has no such record was killed, or is still running.
    Finished {
        /// Whether the rack is as it is described.
        described: bool,
        /// How it ended, in words.
        how: String,
    },
}

impl Entry {
    /// The rack that this is about, where it says so.
    pub fn rack(&self) -> Option<&str> {
        match self {
            Self::Asked { rack, .. } | Self::Began { rack, .. } => Some(rack),
            Self::Sending { .. }
            | Self::Declined { .. }
            | Self::Proved { .. }
            | Self::Ended { .. }
            | Self::Finished { .. } => None,
        }
    }
}

/// An entry, with its place in the journal and its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Record {
    /// Its number, from 0.
    pub number: u64,
    /// When it was written, in seconds since 1970.
    pub at: u64,
    /// What was written.
    pub entry: Entry,
}

/// Where the executor writes what it does.
///
/// A journal is for people and for audits. Recovery does not read it: to recover is to observe and to plan again.
pub trait Journal: Send {
    /// Makes `entry` durable before it returns.
    ///
    /// # Errors
    ///
    /// Returns the error of the medium; the executor then sends nothing more.
    fn append(&mut self, entry: &Entry) -> io::Result<()>;
}

/// A journal that lasts as long as the process; for tests and for examples.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// The entries, from the oldest.
    pub entries: Vec<Entry>,
}

impl Journal for Memory {
    fn append(&mut self, entry: &Entry) -> io::Result<()> {
        self.entries.push(entry.clone());
        Ok(())
    }
}
