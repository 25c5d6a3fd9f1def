//! What is so after a loss, as data.

use rackberry::core::{ClusterId, NodeId, PoolId, WorkloadId};
use rackberry::plan::{Blocked, Location, Loss, Unset};
use serde::Serialize;
use std::collections::BTreeMap;

/// What is so after a loss.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Report {
    pub(super) rack: String,
    /// What was taken away, by its place in the file.
    pub(super) lost: Vec<Location>,
    /// The same, for people.
    #[serde(skip)]
    pub(super) names: Vec<String>,
    /// Whether everything survives that the file calls needed.
    pub(super) survives: bool,
    /// What of it does not, in words.
    pub(super) missing: Vec<String>,
    pub(super) machines: Machines,
    pub(super) clusters: Vec<Members>,
    pub(super) replicas: Replicas,
    pub(super) pools: BTreeMap<PoolId, PoolIs>,
    pub(super) plan: Planned,
    /// What `check` predicts for this loss; null where it looks at no such loss.
    pub(super) predicted: Option<Loss>,
    /// Where it differs from what is seen, in words.
    pub(super) differences: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Machines {
    pub(super) all: usize,
    /// Those that answered before and do not now.
    pub(super) silent: Vec<NodeId>,
}

/// A cluster and its members.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Members {
    pub(super) cluster: ClusterId,
    /// Whether most of its voters are ready, and it answers.
    pub(super) decides: bool,
    pub(super) voters: usize,
    pub(super) ready_voters: usize,
    pub(super) not_ready: Vec<NodeId>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Replicas {
    pub(super) all: usize,
    pub(super) running: usize,
    pub(super) down: Vec<String>,
    /// Those whose cluster does not answer: nobody can say.
    pub(super) out_of_reach: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PoolIs {
    Whole,
    Degraded,
    Lost,
    OutOfReach,
}

/// What a plan from here would do.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Planned {
    pub(super) steps: usize,
    pub(super) summary: String,
    /// The workloads that are down and would run again.
    pub(super) back: Vec<WorkloadId>,
    pub(super) unreached: BTreeMap<NodeId, String>,
    pub(super) unset: Vec<Unset>,
    pub(super) blocked: Vec<Blocked>,
    /// Why its own verification refuses the plan; nothing where it does not.
    pub(super) refused: Vec<String>,
}
