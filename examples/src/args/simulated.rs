//! What is to go wrong on a simulated rack, and what is to go, as words.

use clap::ValueEnum;
use rackberry::core::NodeId;
use rackberry::plan::Prune;
use rackberry::testkit::Fault;
use std::str::FromStr;

/// What of that which the file does not name is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Pruned {
    /// Workloads; their volumes stay
    Workloads,
    /// Members of clusters
    Members,
    /// Guests, with their disks
    Guests,
    /// All of these
    All,
}

impl Pruned {
    /// All that is asked for.
    pub(crate) fn together(asked: &[Self]) -> Prune {
        let has = |it: Self| asked.contains(&it) || asked.contains(&Self::All);
        Prune {
            workloads: has(Self::Workloads),
            members: has(Self::Members),
            guests: has(Self::Guests),
        }
    }
}

/// A machine that loses its power.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kill {
    /// Which.
    pub node: NodeId,
    /// After so many calls; 0 is before the first.
    pub after: usize,
}

impl FromStr for Kill {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (node, after) = match text.split_once('@') {
            None => (text, 0),
            Some((node, call)) => {
                let wrong =
                    |_| format!("`{call}` is not a number of calls: write it like pi-3@400");
                (node, call.parse().map_err(wrong)?)
            }
        };
        let node = node.parse().map_err(|why| format!("`{node}`: {why}"))?;
        Ok(Self { node, after })
    }
}

/// A call to a simulated rack that goes wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallFault {
    /// Which, from the start; the first is 1.
    pub call: usize,
    /// How.
    pub fault: Fault,
}

impl FromStr for CallFault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a fault: write it like 17:lost-answer");
        let (call, fault) = text.split_once(':').ok_or_else(wrong)?;
        let fault = match fault {
            "lost-order" => Fault::LostOrder,
            "lost-answer" => Fault::LostAnswer,
            "refused" => Fault::Refused,
            "garbage" => Fault::Garbage,
            "slow" => Fault::Slow,
            _ => return Err(wrong()),
        };
        Ok(Self { call: call.parse().map_err(|_| wrong())?, fault })
    }
}
