//! The two closed alphabets of a plan: what can be ordered, and what can be seen.

use crate::Observed;
use rackberry_core::{CopyState, NodeId, ReplicaRef, VolumeRef};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

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
        copy: CopyState,
    },
    /// The replica uses the volume's copy on this node.
    Bound {
        /// The volume.
        volume: VolumeRef,
        /// The node.
        node: NodeId,
    },
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
            Self::Holds { volume, node, copy: CopyState::Hot } => {
                write!(f, "{node} has a hot copy of {volume}")
            }
            Self::Holds { volume, node, copy: CopyState::Cold } => {
                write!(f, "{node} has a complete copy of {volume}")
            }
            Self::Holds { volume, node, copy: CopyState::Compared } => {
                write!(f, "{node} has a copy of {volume} with the right checksums")
            }
            Self::Bound { volume, node } => write!(f, "{volume} is bound to its copy on {node}"),
        }
    }
}
