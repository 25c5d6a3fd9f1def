//! The two closed alphabets of a plan: what can be ordered, and what can be seen.

use crate::Observed;
use crate::rack::text::as_text;
use rackberry_core::{NodeId, WorkloadId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One replica of a workload, as `pi-hole/0`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplicaRef {
    /// The workload.
    pub workload: WorkloadId,
    /// Which of its replicas, from 0.
    pub ordinal: u32,
}

impl FromStr for ReplicaRef {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a replica: write it like `pi-hole/0`");
        let (workload, ordinal) = text.rsplit_once('/').ok_or_else(wrong)?;
        let workload = workload.parse().map_err(|_| wrong())?;
        Ok(Self { workload, ordinal: ordinal.parse().map_err(|_| wrong())? })
    }
}

impl fmt::Display for ReplicaRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.workload, self.ordinal)
    }
}

/// A volume of one replica, as `prometheus/0:data`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VolumeRef {
    /// The replica.
    pub replica: ReplicaRef,
    /// The name of the volume within the workload.
    pub name: String,
}

impl FromStr for VolumeRef {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':').filter(|it| !it.1.is_empty()) {
            Some((replica, name)) => Ok(Self { replica: replica.parse()?, name: name.into() }),
            None => Err(format!("`{text}` is not a volume: write it like `prometheus/0:data`")),
        }
    }
}

impl fmt::Display for VolumeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.replica, self.name)
    }
}

as_text! {
    ReplicaRef, "^.+/[0-9]+$", "one replica of a workload, as `pi-hole/0`";
    VolumeRef, "^.+/[0-9]+:.+$", "a volume of a replica, as `prometheus/0:data`";
}

/// An order. The executor has exactly one arm for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// Copy a volume while its replica goes on writing; most of the bytes go now.
    CopyHot {
        /// The volume.
        volume: VolumeRef,
        /// The node that has it.
        from: NodeId,
        /// The node that gets a copy.
        to: NodeId,
    },
    /// Stop a replica on a node.
    Stop {
        /// The replica.
        replica: ReplicaRef,
        /// The node it runs on.
        node: NodeId,
    },
    /// Copy what has changed since the hot copy, now that nobody writes.
    CopyCold {
        /// The volume.
        volume: VolumeRef,
        /// The node that has it.
        from: NodeId,
        /// The node that gets the rest.
        to: NodeId,
    },
    /// Compare the checksums of both copies.
    Compare {
        /// The volume.
        volume: VolumeRef,
        /// The node that has it.
        from: NodeId,
        /// The node that has the copy.
        to: NodeId,
    },
    /// Make the copy on a node the one that the replica uses. The other copy is kept.
    Bind {
        /// The volume.
        volume: VolumeRef,
        /// The node whose copy it is.
        to: NodeId,
    },
    /// Start a replica on a node, and see it answer.
    Start {
        /// The replica.
        replica: ReplicaRef,
        /// The node it is to run on.
        node: NodeId,
    },
}

/// A question to [`Observed`] that is answered yes or no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Fact {
    /// The node is a ready member of its cluster.
    Ready(NodeId),
    /// The replica runs on the node, and answers.
    Running {
        /// The replica.
        replica: ReplicaRef,
        /// The node.
        node: NodeId,
    },
    /// The replica does not run on the node.
    Stopped {
        /// The replica.
        replica: ReplicaRef,
        /// The node.
        node: NodeId,
    },
    /// The node has a copy of the volume that is at least this good.
    Holds {
        /// The volume.
        volume: VolumeRef,
        /// The node.
        node: NodeId,
        /// How good.
        copy: Copy,
    },
    /// The replica uses the volume's copy on this node.
    Bound {
        /// The volume.
        volume: VolumeRef,
        /// The node.
        node: NodeId,
    },
}

/// How good a copy of a volume is, from the worst.
#[derive(
    Clone,
    std::marker::Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Copy {
    /// Taken while it was written to: not yet fit for use.
    Hot,
    /// Complete, taken while nobody wrote.
    Cold,
    /// Complete, and its checksums were compared with those of the original.
    Compared,
}

impl Fact {
    /// Whether the fact is seen. What is not seen does not hold.
    pub fn holds(&self, seen: &Observed) -> bool {
        match self {
            Fact::Ready(node) => seen.ready.contains(node),
            Fact::Running { replica, node } => {
                seen.running.get(replica).is_some_and(|it| it.contains(node))
            }
            Fact::Stopped { replica, node } => {
                seen.running.get(replica).is_none_or(|it| !it.contains(node))
            }
            Fact::Holds { volume, node, copy } => {
                let copies = seen.copies.get(volume);
                copies.and_then(|it| it.get(node)).is_some_and(|it| it >= copy)
            }
            Fact::Bound { volume, node } => seen.bound.get(volume) == Some(node),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CopyHot { volume, from, to } => {
                write!(f, "copy {volume} from {from} to {to} while it is in use")
            }
            Self::Stop { replica, node } => write!(f, "stop {replica} on {node}"),
            Self::CopyCold { volume, from, to } => {
                write!(f, "copy what has changed of {volume} from {from} to {to}")
            }
            Self::Compare { volume, from, to } => {
                write!(f, "compare the checksums of {volume} on {from} and {to}")
            }
            Self::Bind { volume, to } => write!(f, "bind {volume} to its copy on {to}"),
            Self::Start { replica, node } => write!(f, "start {replica} on {node}"),
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready(node) => write!(f, "{node} is ready"),
            Self::Running { replica, node } => write!(f, "{replica} runs on {node} and answers"),
            Self::Stopped { replica, node } => write!(f, "{replica} does not run on {node}"),
            Self::Holds { volume, node, copy: Copy::Hot } => {
                write!(f, "{node} has a hot copy of {volume}")
            }
            Self::Holds { volume, node, copy: Copy::Cold } => {
                write!(f, "{node} has a complete copy of {volume}")
            }
            Self::Holds { volume, node, copy: Copy::Compared } => {
                write!(f, "{node} has a copy of {volume} with the right checksums")
            }
            Self::Bound { volume, node } => write!(f, "{volume} is bound to its copy on {node}"),
        }
    }
}
