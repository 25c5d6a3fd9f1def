//! A plan as data: store it, diff it, send it, print it.

use crate::{Action, Fact, Limit, ReplicaRef, VolumeRef};
use rackberry_core::{Bytes, ClusterId, Digest, NodeId, Seconds, SwitchId, WorkloadId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// An ordered list of steps, in waves, with what each needs and what proves it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Plan {
    /// The version of this format: 1.
    pub format: u32,
    /// The rack it is for.
    pub rack: String,
    /// What the rack file said when it was made; a plan that a person wrote may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_from: Option<Digest>,
    /// The memory of every node before the first step.
    pub memory: BTreeMap<NodeId, NodeMemory>,
    /// The steps, in an order in which they can be done one after the other.
    pub steps: Vec<Step>,
    /// Steps that may run side by side, wave after wave.
    pub waves: Vec<Wave>,
    /// What the steps in hand may take together, at every moment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// Copies that are left behind on purpose, to be removed once the move is confirmed.
    pub kept: Vec<Kept>,
    /// What could not be planned, and why.
    pub blocked: Vec<Blocked>,
    /// Machines that cannot be brought up, and why.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unreached: BTreeMap<NodeId, String>,
    /// What the file asks of switches and is not done, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unset: Vec<Unset>,
    /// What is there and the file does not name. It is left alone, unless there are steps that remove it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unnamed: Vec<Unnamed>,
}

impl Plan {
    /// The positions of the steps of a wave; none where the plan is malformed.
    pub fn steps_of(&self, wave: usize) -> Range<usize> {
        let first = self.waves.get(wave).map_or(self.steps.len(), |it| it.first);
        let end = self.waves.get(wave + 1).map_or(self.steps.len(), |it| it.first);
        if first <= end && end <= self.steps.len() { first..end } else { 0..0 }
    }

    /// What stays as it is although the file asks for something else, and why, in words; but for machines that cannot be
    /// brought up.
    pub fn left(&self) -> Vec<String> {
        let unset = self.unset.iter().map(ToString::to_string);
        let blocked = self.blocked.iter().map(|it| format!("{}: {}", it.replica, it.reason));
        unset.chain(blocked).collect()
    }

    /// How long a wave takes: its longest chain of steps.
    pub fn takes(&self, wave: usize) -> Seconds {
        let mut done: BTreeMap<usize, Seconds> = BTreeMap::new();
        for position in self.steps_of(wave) {
            let step = &self.steps[position];
            let ready = step.needs.iter().filter_map(|it| done.get(it)).max();
            done.insert(position, ready.copied().unwrap_or_default().plus(step.takes));
        }
        done.into_values().max().unwrap_or_default()
    }
}

/// One order, with the facts that must hold before it and the facts that prove it after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Step {
    /// If one of these does not hold, the world has moved and the plan is stale.
    pub before: Vec<Fact>,
    /// The order.
    pub action: Action,
    /// When all of these hold the step is done, whoever did it.
    pub after: Vec<Fact>,
    /// Steps of the same wave that must be proved first, by their position in the plan; all of them are
    /// smaller. The wave before must be proved in any case.
    pub needs: Vec<usize>,
    /// How long it takes, by the speed of the links and the policy.
    pub takes: Seconds,
}

/// Steps that may run side by side once the wave before is proved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Wave {
    /// The first of its steps; they go up to the first of the next wave.
    pub first: usize,
    /// What is handed over in it, one line for people each.
    pub moves: Vec<Move>,
    /// The memory of the nodes that it changes.
    pub memory: BTreeMap<NodeId, NodeMemory>,
}

/// One replica that changes place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Move {
    /// The replica.
    pub replica: ReplicaRef,
    /// The node it leaves; none where it is started for the first time or again.
    pub from: Option<NodeId>,
    /// The node it goes to; none where it is only stopped, to make room.
    pub to: Option<NodeId>,
    /// Why it goes there now.
    pub kind: MoveKind,
    /// What is copied.
    pub bytes: Bytes,
    /// How long the replica is down.
    pub downtime: Seconds,
    /// The workloads that need it, and are down with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependents: Vec<WorkloadId>,
}

/// Why a replica changes place.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum MoveKind {
    /// It is new here.
    Start,
    /// To where it belongs.
    Move,
    /// To a place for the time being, because moves wait for each other in a circle.
    ToTemporary,
    /// From there to where it belongs.
    FromTemporary,
    /// It is stopped to break such a circle.
    Stop,
    /// It starts again after that.
    Resume,
    /// It stops while its machine reboots, and starts there again.
    Restart,
}

/// The memory of one node at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NodeMemory {
    /// In use once the wave is done.
    pub used: Bytes,
    /// In use at the most while it is going on, with what is handed over counted on both sides.
    pub peak: Bytes,
    /// What may be in use, by the policy.
    pub limit: Bytes,
    /// What the operating system reports as the total.
    pub usable: Bytes,
}

/// A copy of a volume that a move leaves behind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Kept {
    /// The volume.
    pub volume: VolumeRef,
    /// The node that still has it.
    pub node: NodeId,
    /// What it occupies there.
    pub bytes: Bytes,
}

/// Something that could not be planned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Blocked {
    /// The replica that stays where it is, or nowhere.
    pub replica: ReplicaRef,
    /// Why.
    pub reason: String,
}

/// Something that the rack file asks of a switch, and that is not done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Unset {
    /// The switch.
    pub switch: SwitchId,
    /// What is asked of it.
    pub what: String,
    /// Why it is not done.
    pub reason: String,
}

impl fmt::Display for Unset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.reason)
    }
}

/// Something that is there, and that the rack file does not name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Unnamed {
    /// A workload.
    Workload {
        /// Its name.
        workload: WorkloadId,
        /// The cluster it is declared in.
        cluster: ClusterId,
    },
    /// A member of a cluster.
    Member {
        /// The machine.
        node: NodeId,
        /// The cluster.
        cluster: ClusterId,
    },
    /// A guest.
    Guest {
        /// Its name.
        guest: NodeId,
        /// Its host.
        host: NodeId,
        /// Its identity.
        uid: String,
    },
}

impl fmt::Display for Unnamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Workload { workload, cluster } => {
                write!(f, "the workload {workload} in cluster {cluster}")
            }
            Self::Member { node, cluster } => write!(f, "the member {node} of cluster {cluster}"),
            Self::Guest { guest, host, .. } => write!(f, "the guest {guest} on {host}"),
        }
    }
}
