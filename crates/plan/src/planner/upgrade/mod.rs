//! New versions for machines that run: one at a time, emptied first, the voters of a cluster before its other members,
//! and guests before the machine that hosts them.

mod due;
mod empty;
mod renew;

use super::Planner;
use crate::{Finding, Observed};
use due::Due;
pub(super) use due::is_due;
use empty::Empty;
use rackberry_core::{ClusterId, NodeId};
use std::collections::BTreeMap;

/// Plans every upgrade that can be made, and says of the others why not. `seen` is what there is once everything is up;
/// `no_boot` says why a machine cannot be fed while it boots.
pub(super) fn upgrades(
    planner: &mut Planner<'_>,
    seen: &Observed,
    no_boot: &dyn Fn(usize) -> Option<String>,
) -> Result<BTreeMap<NodeId, String>, Finding> {
    let all = due::in_order(planner.rack, seen);
    let mut stuck = BTreeMap::new();
    if all.is_empty() {
        return Ok(stuck);
    }
    let kernel = planner.kernel()?;
    let mut empty = Empty::new(planner, &kernel, seen, &all);
    // A cluster's first voter that stays behind holds back those that do not vote.
    let mut behind: BTreeMap<ClusterId, NodeId> = BTreeMap::new();
    for due in &all {
        let cluster = planner.rack.nodes[due.node].cluster.clone();
        let why = held_back(planner, due, &behind).or_else(|| no_boot(due.node));
        let why = why.or_else(|| empty.upgrade(planner, due).err());
        if let Some(why) = why {
            let id = planner.rack.nodes[due.node].id.clone();
            if let Some(cluster) = cluster.filter(|_| planner.rack.votes(due.node)) {
                behind.entry(cluster).or_insert_with(|| id.clone());
            }
            empty.give_up(planner, due);
            stuck.insert(id, format!("it stays at {}: {why}", due.from));
        }
    }
    Ok(stuck)
}

/// Why a member that does not vote has to wait.
fn held_back(
    planner: &Planner<'_>,
    due: &Due,
    behind: &BTreeMap<ClusterId, NodeId>,
) -> Option<String> {
    let cluster = planner.rack.nodes[due.node].cluster.as_ref()?;
    let server = behind.get(cluster).filter(|_| !planner.rack.votes(due.node))?;
    Some(format!("{server} has to run {} first", due.to))
}
