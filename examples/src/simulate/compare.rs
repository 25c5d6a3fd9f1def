//! What is seen after a loss, beside what `check` predicts for it.

use super::judge::Judge;
use super::loss::Lost;
use super::needed;
use super::report::PoolIs;
use rackberry::core::{ClusterId, NodeId, PoolId, WorkloadId};
use rackberry::plan::{Loss, Stays, Thing, radius};
use std::collections::BTreeSet;
use std::fmt::Display;

/// The prediction for a loss, where there is one, and where it differs from what is seen.
pub(super) fn with_check(it: &Judge<'_>) -> (Option<Loss>, Vec<String>) {
    let [lost] = it.lost else { return (None, Vec::new()) };
    let place = match lost {
        // It looks at no loss of a disk.
        Lost::Disk(..) => return (None, Vec::new()),
        Lost::Node(_) | Lost::Switch(_) | Lost::Outlet(_) | Lost::Pool(_) => lost.place(),
    };
    let predicted = radius(&it.rack.as_seen(it.before)).into_iter().find(|it| it.of == place);
    let differences = predicted.as_ref().map(|loss| differences(it, loss)).unwrap_or_default();
    (predicted, differences)
}

fn differences(it: &Judge<'_>, loss: &Loss) -> Vec<String> {
    let mut found = Vec::new();
    let gone = it.pools().filter(|it| matches!(it.1, PoolIs::Lost | PoolIs::OutOfReach));
    let clusters = it.clusters().filter(|id| !it.decides(id)).cloned();
    let pools: BTreeSet<PoolId> = gone.map(|it| it.0).collect();
    let nodes: BTreeSet<NodeId> = it.silent().into_iter().collect();
    both("machines", "go down", &nodes, &loss.nodes, &mut found);
    both("clusters", "decide nothing any more", &clusters.collect(), &loss.clusters, &mut found);
    // A pool on no machine of this rack is nothing that can be looked at.
    let known = |id: &&PoolId| it.rack.rack.pools[*id].node.is_some();
    let theirs: Vec<PoolId> = loss.pools.iter().filter(known).cloned().collect();
    both("pools", "cannot be used any more", &pools, &theirs, &mut found);
    workloads(it, loss, &mut found);
    found
}

/// Says what only one of the two says.
fn both<T: Ord + Display>(
    kind: &str,
    does: &str,
    seen: &BTreeSet<T>,
    said: &[T],
    found: &mut Vec<String>,
) {
    let names = |them: Vec<&T>| them.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let more: Vec<&T> = seen.iter().filter(|it| !said.contains(it)).collect();
    let less: Vec<&T> = said.iter().filter(|it| !seen.contains(it)).collect();
    if !more.is_empty() {
        found.push(format!("{kind} that {does}, which `check` does not say: {}", names(more)));
    }
    if !less.is_empty() {
        found.push(format!("{kind} that {does} by `check`, and not here: {}", names(less)));
    }
}

/// A workload whose cluster does not answer may run or not: nothing is said of it.
fn workloads(it: &Judge<'_>, loss: &Loss, found: &mut Vec<String>) {
    let of =
        |id: &WorkloadId| it.rack.workload(id).map(|at| it.rack.workloads[at].cluster.as_ref());
    let home =
        |cluster: Option<&ClusterId>| cluster.is_none_or(|it_| it.after.clusters.contains_key(it_));
    let told = |id: &&WorkloadId| of(id).is_some_and(home);
    let down = needed::down(it);
    let down = down.iter().filter_map(|it| match it {
        Thing::Workload(id) => Some(id),
        Thing::Node(_)
        | Thing::Switch(_)
        | Thing::Outlet(_)
        | Thing::Pool(_)
        | Thing::Service(_) => None,
    });
    let seen: BTreeSet<WorkloadId> = down.filter(told).cloned().collect();
    let stays = loss.down.iter().map(|it| &it.workload);
    let said: Vec<WorkloadId> = stays.chain(&loss.back).filter(told).cloned().collect();
    both("workloads", "go down", &seen, &said, found);
    let risen = |it_: &&Stays| it.rack.workload(&it_.workload).is_some_and(|at| it.comes_back(at));
    let risen = loss.down.iter().filter(|it| seen.contains(&it.workload)).filter(risen);
    let risen: BTreeSet<String> =
        risen.map(|it| format!("{} (`check`: {})", it.workload, it.because)).collect();
    both("workloads", "come back by a plan from here", &risen, &[], found);
    let stuck = |id: &&WorkloadId| !it.rack.workload(id).is_some_and(|at| it.comes_back(at));
    let stuck: BTreeSet<&WorkloadId> =
        loss.back.iter().filter(|id| seen.contains(*id)).filter(stuck).collect();
    both("workloads", "come back elsewhere", &BTreeSet::new(), &Vec::from_iter(stuck), found);
}
