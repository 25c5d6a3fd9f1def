//! Machines that never come up hold nobody back.

use crate::converge::{RACKS, rack};
use rackberry::core::{NodeId, ReplicaRef};
use rackberry::exec::{Finish, How, Memory, Patience, converge as run};
use rackberry::plan::Resolved;
use rackberry::testkit::World;
use rackberry::world::{fleet, simulate};
use std::collections::BTreeSet;

/// What runs on the members that are ready, and who is not.
async fn left(rack: &Resolved, world: &World) -> (BTreeSet<ReplicaRef>, BTreeSet<NodeId>) {
    let (mut runs, mut silent) = (BTreeSet::new(), BTreeSet::new());
    for id in rack.rack.clusters.keys() {
        let Ok(state) = world.cluster(id).observe().await else { continue };
        for node in rack.members(id).map(|it| &rack.nodes[it].id) {
            match state.members.get(node).filter(|it| it.ready) {
                Some(it) => runs.extend(it.pods.iter().filter_map(|it| it.replica.clone())),
                None => drop(silent.insert(node.clone())),
            }
        }
    }
    (runs, silent)
}

#[tokio::test(start_paused = true)]
async fn what_can_run_runs_though_a_machine_is_dead() {
    for name in RACKS {
        let rack = rack(name);
        let plain = |it: &usize| rack.nodes[*it].cluster.is_some() && !rack.votes(*it);
        let Some(dead) = (0..rack.nodes.len()).rev().find(plain) else { continue };
        let dead = rack.nodes[dead].id.clone();
        let world = simulate(&rack);
        world.unplug(&dead);
        let how = How { patience: Patience::NONE, idle: 20, ..How::default() };
        let reached = run(&rack, &fleet(&world, &rack), &mut Memory::default(), &how).await;
        assert_eq!(reached.finish, Finish::Stuck, "{name}");
        let plan = reached.plan.unwrap();
        let (runs, silent) = left(&rack, &world).await;
        assert_eq!(silent, [dead].into(), "{name}");
        let blocked: BTreeSet<ReplicaRef> =
            plan.blocked.iter().map(|it| it.replica.clone()).collect();
        for at in 0..rack.replicas.len() {
            let it = rack.replica_ref(at);
            assert!(runs.contains(&it) || blocked.contains(&it), "{name}: {it} does not run");
        }
        assert!(!runs.is_empty() || rack.replicas.is_empty(), "{name}");
    }
}
