//! What the file does not name any more goes, on a simulated rack that judges the end.

use crate::converge::{RACKS, converge, read};
use rackberry::core::NodeId;
use rackberry::exec::{Finish, Fleet, How, Memory, Patience, converge as run};
use rackberry::plan::{Prune, Resolved, plan_pruning};
use rackberry::testkit::{Fault, World};
use rackberry::world::{fleet, simulate};

pub(crate) const ALL: Prune = Prune { workloads: true, members: true, guests: true };

/// A rack that runs as described, and its file without its last machine that does not vote and its first workload.
pub(crate) async fn running(name: &str) -> Option<(Resolved, World, NodeId)> {
    let mut rack = read(name);
    let old = rack.clone().resolve().unwrap();
    let world = simulate(&old);
    converge(name, &old, &fleet(&world, &old)).await;
    let plain = |it: &usize| old.nodes[*it].cluster.is_some() && !old.votes(*it);
    let empty = |it: &usize| old.replicas.iter().all(|replica| replica.on != Some(*it));
    let at = (0..old.nodes.len()).rev().find(|it| plain(it) && empty(it))?;
    let gone = old.nodes[at].id.clone();
    rack.nodes.remove(&gone);
    let cluster = &old.nodes[at].cluster;
    let first = old.workloads.iter().find(|it| it.cluster == *cluster);
    first.into_iter().for_each(|it| drop(rack.workloads.remove(&it.id)));
    // What else in the file names either of them would be another file.
    Some((rack.resolve().ok()?, world, gone))
}

async fn prune(name: &str, rack: &Resolved, fleet: &Fleet) {
    let how = How {
        patience: Patience::NONE,
        plan: &|rack, seen| plan_pruning(rack, seen, ALL).map(|it| it.1),
        ..How::default()
    };
    let reached = run(rack, fleet, &mut Memory::default(), &how).await;
    let left = reached.plan.map(|it| it.unreached.clone());
    assert_eq!(reached.finish, Finish::Described, "{name}: {left:?}");
}

async fn judge(name: &str, rack: &Resolved, world: &World, gone: &NodeId) {
    for id in rack.rack.clusters.keys() {
        let state = world.cluster(id).observe().await.unwrap();
        assert!(!state.members.contains_key(gone), "{name}: {gone}");
        let named = |it: &&_| rack.workload(it).is_some();
        assert!(state.workloads.keys().all(|it| named(&it)), "{name}: {:?}", state.workloads);
        assert!(state.members.values().all(|it| it.ready && it.schedulable), "{name}: {id}");
        assert_eq!(world.bootstraps(id), 1, "{name}: {id}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_out_of_the_file_goes_and_the_rest_stays() {
    let mut tried = 0;
    for name in RACKS {
        let Some((rack, world, gone)) = running(name).await else { continue };
        prune(name, &rack, &fleet(&world, &rack)).await;
        judge(name, &rack, &world, &gone).await;
        tried += 1;
    }
    assert!(tried > 1, "only {tried} of the racks can do without a machine");
}

#[tokio::test(start_paused = true)]
async fn a_removal_survives_any_single_fault() {
    let name = "lifeboat.yaml";
    let (rack, world, _) = running(name).await.unwrap();
    let before = world.calls();
    prune(name, &rack, &fleet(&world, &rack)).await;
    let calls = before + 1..=world.calls();
    for fault in [Fault::LostOrder, Fault::LostAnswer, Fault::Refused, Fault::Garbage, Fault::Slow]
    {
        for call in calls.clone() {
            let (rack, world, gone) = running(name).await.unwrap();
            let world = world.with_fault(call, fault);
            let name = format!("{fault:?} at call {call}");
            prune(&name, &rack, &fleet(&world, &rack)).await;
            judge(&name, &rack, &world, &gone).await;
        }
    }
}
