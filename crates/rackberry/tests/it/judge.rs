//! What the simulated rack itself has to say of the end of a run. The benchmark `bringup` asks the same.

use rackberry::core::{ClusterId, ClusterState, NodeId, ReplicaRef, Stage};
use rackberry::plan::Resolved;
use rackberry::testkit::World;
use std::collections::BTreeSet;

/// Everything that is not as the file says, or should not have happened on the way; nothing in the best case.
pub(crate) async fn judge(rack: &Resolved, world: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    for at in 0..rack.nodes.len() {
        wrong.extend(machine(rack, world, at).await);
    }
    for id in rack.rack.clusters.keys() {
        match world.cluster(id).observe().await {
            Ok(state) => wrong.extend(cluster(rack, id, &state)),
            Err(why) => wrong.push(format!("{id}: {why}")),
        }
        let (begun, outages) = (world.bootstraps(id), world.outages(id));
        wrong.extend((begun != 1).then(|| format!("{id} has begun {begun} times")));
        wrong.extend((outages > 0).then(|| format!("{id} lost its majority {outages} times")));
    }
    for (id, _) in rack.rack.pools.iter().filter(|it| it.1.node.is_some()) {
        let made = world.pools_made(id);
        wrong.extend((made != 1).then(|| format!("{id} was made {made} times")));
    }
    for id in rack.rack.switches.keys() {
        let (peak, budget) = (world.peak(id), world.budget(id));
        let over = budget.is_some_and(|it| peak > it);
        wrong.extend(over.then(|| format!("{id} was asked for {peak} of {budget:?}")));
    }
    wrong
}

async fn machine(rack: &Resolved, world: &World, at: usize) -> Option<String> {
    let id = &rack.nodes[at].id;
    let reboots = world.reboots(id);
    match world.os(id).observe().await {
        Err(why) => Some(format!("{id}: {why}")),
        Ok(it) if it.stage != Stage::Running => Some(format!("{id} is {:?}", it.stage)),
        Ok(it) if it.config != Some(rack.node_intent(at).digest()) => {
            Some(format!("{id} has the configuration {:?}", it.config))
        }
        Ok(_) if reboots > 0 => Some(format!("{id} was rebooted {reboots} times")),
        Ok(_) => None,
    }
}

/// Every member ready, and every replica of the cluster running once.
fn cluster(rack: &Resolved, id: &ClusterId, state: &ClusterState) -> Vec<String> {
    let members: BTreeSet<&NodeId> = rack.members(id).map(|it| &rack.nodes[it].id).collect();
    let ready: BTreeSet<_> = state.members.iter().filter(|it| it.1.ready).map(|it| it.0).collect();
    let of_it = |it: &usize| {
        let workload = &rack.workloads[rack.replicas[*it].workload];
        workload.cluster.as_ref() == Some(id)
    };
    let replicas = (0..rack.replicas.len()).filter(of_it);
    let mut asked: Vec<_> = replicas.map(|it| rack.replica_ref(it)).collect();
    let pods = state.members.values().flat_map(|it| &it.pods).filter(|it| it.ready);
    let mut runs: Vec<ReplicaRef> = pods.filter_map(|it| it.replica.clone()).collect();
    asked.sort();
    runs.sort();
    let mut wrong = Vec::new();
    wrong.extend((members != ready).then(|| format!("{id}: {ready:?} are ready")));
    wrong.extend((asked != runs).then(|| format!("{id} runs {runs:?}")));
    wrong
}
