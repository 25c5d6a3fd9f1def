//! Where everything should run, what that costs, and why.

mod explain;
mod measure;

pub use explain::{Alternative, Explanation, Reason};
pub use measure::{Change, NodeUse, Score, Summary, Use};
pub(crate) use measure::{limit, uses};

use crate::translate::{Ties, Translation};
use crate::{Finding, Location, ReplicaRef, Resolved, check};
use rackberry_core::{NodeId, Points};
use rackberry_sched::{Effort, rebalance};
use serde::Serialize;
use std::collections::BTreeSet;

/// Where every replica should run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Placement {
    /// The node of each replica, both by position.
    #[serde(skip)]
    pub at: Vec<Option<usize>>,
    /// The figures that tell one placement from another.
    pub summary: Summary,
    /// What the score was, by its terms.
    pub before: Score,
    /// What the score is, by its terms.
    pub after: Score,
    /// Every node, before and after.
    pub nodes: Vec<NodeUse>,
    /// The replicas that go elsewhere, or start.
    pub moves: Vec<Change>,
    /// The replicas that fit nowhere, and why.
    pub unplaced: Vec<Unplaced>,
}

/// A replica that fits nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Unplaced {
    /// The replica.
    pub replica: ReplicaRef,
    /// Why, for the node that comes nearest.
    pub reason: String,
}

/// How hard to search, where the rack is small enough to search at all.
const EFFORT: Effort = Effort { seed: 1, rounds: 60 };

/// How often at the most the search goes on because replicas came together that must share a node,
/// and can be moved as one from there.
const GATHERING: usize = 4;

/// Finds the best place for every replica: the fullest node less full, with few bytes moved.
///
/// The same rack gives the same placement, and a rack that is already placed so gives no moves.
///
/// # Errors
///
/// Returns a finding where amounts are beyond any machine.
pub fn place(rack: &Resolved) -> Result<Placement, Finding> {
    let mut at: Vec<_> = rack.replicas.iter().map(|it| it.on).collect();
    for _ in 0..GATHERING {
        let kernel = translate(rack, &at, &Ties::default())?;
        let next = kernel.replicas_at(&best(&kernel));
        let done = kernel.torn.is_empty() || next == at;
        at = next;
        if done {
            break;
        }
    }
    measure(rack, at)
}

/// What a placement that someone else made would cost: `at` has the node of each replica.
///
/// # Errors
///
/// Returns a finding where amounts are beyond any machine.
pub fn measure(rack: &Resolved, at: Vec<Option<usize>>) -> Result<Placement, Finding> {
    let now: Vec<_> = rack.replicas.iter().map(|it| it.on).collect();
    let (before, after) =
        (translate(rack, &now, &Ties::default())?, translate(rack, &at, &Ties::default())?);
    let moves = measure::changes(rack, &at);
    let nodes = measure::nodes(rack, &at);
    Ok(Placement {
        summary: measure::summary(&nodes, &moves),
        before: measure::score(&before, &now, Points(0)),
        after: measure::score(&after, &at, measure::price(rack, &at)),
        nodes,
        moves,
        unplaced: explain::unplaced(rack, &after, &at),
        at,
    })
}

/// The best bin for each item.
pub(crate) fn best(kernel: &Translation) -> Vec<Option<u32>> {
    rebalance(&kernel.checked, &kernel.start, EFFORT).at
}

/// The rack for the kernels, with its replicas where `now` says.
pub(crate) fn translate(
    rack: &Resolved,
    now: &[Option<usize>],
    ties: &Ties,
) -> Result<Translation, Finding> {
    Translation::new(rack, now, ties).map_err(|why| {
        let reason = format!("the amounts of this rack are beyond what can be planned: {why}");
        let remedy = "correct the memory, CPU or weight that is too large".into();
        Finding::error("beyond-range", Location::default(), reason, remedy)
    })
}

impl Placement {
    /// What [`check`](crate::check()) will say of the rack once everything runs here, and does not say `now`.
    pub fn consequences(&self, rack: &Resolved, now: &[Finding]) -> Vec<Finding> {
        let mut placed = rack.clone();
        placed.replicas.iter_mut().zip(&self.at).for_each(|(it, at)| it.on = *at);
        let known: BTreeSet<_> = now.iter().map(|it| (&it.rule, &it.at)).collect();
        let mut new = check(&placed);
        new.retain(|it| !known.contains(&(&it.rule, &it.at)));
        new
    }

    /// The node that a replica should run on, by its position.
    pub fn node<'a>(&self, rack: &'a Resolved, replica: usize) -> Option<&'a NodeId> {
        self.at[replica].map(|it| &rack.nodes[it].id)
    }
}
