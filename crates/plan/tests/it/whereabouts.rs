//! Replicas that are not simply running or not.

use crate::bring::{planned, written};
use rackberry_core::{NodeId, PodRef, PodState};
use rackberry_plan::{Action, Observed, Plan, ReplicaRef, Resolved};

/// A rack as it is described and runs.
fn running(name: &str) -> (Resolved, Observed) {
    let rack = written().into_iter().find(|it| it.0 == name).unwrap().1.resolve().unwrap();
    let seen = planned(name, &rack, &Observed::bare(&rack)).1;
    (rack, seen)
}

/// A machine that stops answering.
fn dies(seen: &mut Observed, node: &NodeId) {
    seen.ready.remove(node);
    seen.nodes.remove(node);
    for cluster in seen.clusters.values_mut() {
        cluster.members.get_mut(node).into_iter().for_each(|it| it.ready = false);
    }
    seen.running.values_mut().for_each(|it| it.retain(|at| at != node));
}

fn about(plan: &Plan, replica: &ReplicaRef) -> Vec<String> {
    let orders = plan.steps.iter().map(|it| it.action.to_string());
    orders.filter(|it| it.contains(&replica.to_string())).collect()
}

fn why(plan: &Plan, replica: &ReplicaRef) -> String {
    plan.blocked
        .iter()
        .find(|it| it.replica == *replica)
        .map_or(String::new(), |it| it.reason.clone())
}

/// A pod that is there and does not answer.
fn hangs(seen: &mut Observed, replica: &ReplicaRef, node: &NodeId) {
    let pod = PodRef { name: format!("default/{replica}"), uid: "of its own".into() };
    let pod = PodState { pod, replica: Some(replica.clone()), ready: false, stays: false };
    let mut members = seen.clusters.values_mut().filter_map(|it| it.members.get_mut(node));
    members.next().unwrap().pods.push(pod);
}

#[test]
fn nothing_is_copied_from_a_machine_that_does_not_answer() {
    let (rack, mut seen) = running("k3s-expansion");
    let (volume, node) = seen.bound.iter().next().map(|it| (it.0.clone(), it.1.clone())).unwrap();
    dies(&mut seen, &node);
    let (plan, _) = planned("k3s-expansion", &rack, &seen);
    assert_eq!(about(&plan, &volume.replica), [""; 0]);
    let why = why(&plan, &volume.replica);
    assert!(why.contains(&format!("its volume lies on {node}, which is not ready")), "{why}");
    let copies = |it: &Action| matches!(it, Action::CopyHot { from, .. } | Action::CopyCold { from, .. } if *from == node);
    assert!(!plan.steps.iter().any(|it| copies(&it.action)));
}

#[test]
fn what_has_no_volume_starts_elsewhere_when_its_machine_is_gone() {
    let (rack, mut seen) = running("k3s-expansion");
    let bound: Vec<_> = seen.bound.keys().map(|it| it.replica.clone()).collect();
    let free = seen
        .running
        .iter()
        .find(|it| !bound.contains(it.0) && rack.rack.workloads[&it.0.workload].pin.is_empty());
    let (replica, node) = free.map(|it| (it.0.clone(), it.1.first().unwrap().clone())).unwrap();
    dies(&mut seen, &node);
    let (plan, end) = planned("k3s-expansion", &rack, &seen);
    assert_ne!(end.running[&replica].first(), Some(&node), "{plan:?}");
    assert_eq!(end.running[&replica].len(), 1);
}

#[test]
fn a_replica_that_runs_twice_is_stopped_where_it_should_not_be() {
    let (rack, mut seen) = running("lifeboat");
    let nats: ReplicaRef = "nats/0".parse().unwrap();
    let home = seen.running[&nats].clone();
    for extra in ["pi-2", "pi-3"] {
        seen.running.get_mut(&nats).unwrap().insert(NodeId::new(extra));
    }
    let (plan, end) = planned("lifeboat", &rack, &seen);
    assert_eq!(end.running[&nats], home);
    assert_eq!(about(&plan, &nats).len(), 1, "{:?}", about(&plan, &nats));
}

#[test]
fn a_replica_that_is_starting_somewhere_is_started_nowhere_else() {
    for at in ["pi-2", "pi-3"] {
        let (rack, mut seen) = running("lifeboat");
        let nats: ReplicaRef = "nats/0".parse().unwrap();
        seen.running.remove(&nats);
        seen.bound.retain(|it, _| it.replica != nats);
        seen.copies.retain(|it, _| it.replica != nats);
        hangs(&mut seen, &nats, &NodeId::new(at));
        let (plan, _) = planned("lifeboat", &rack, &seen);
        assert_eq!(about(&plan, &nats), [format!("start nats/0 on {at}")]);
    }
}

#[test]
fn what_only_one_machine_may_run_is_not_started_while_its_last_one_is_silent() {
    let (rack, mut seen) = running("k3s-expansion");
    let (volume, home) = seen.bound.iter().next().map(|it| (it.0.clone(), it.1.clone())).unwrap();
    let replica = volume.replica;
    dies(&mut seen, &home);
    seen.bound.retain(|it, _| it.replica != replica);
    seen.copies.retain(|it, _| it.replica != replica);
    hangs(&mut seen, &replica, &home);
    let (plan, _) = planned("k3s-expansion", &rack, &seen);
    assert_eq!(about(&plan, &replica), [""; 0]);
    let why = why(&plan, &replica);
    assert!(why.contains(&format!("it may still run on {home}")), "{why}");
    seen.power.insert(home, rackberry_core::Power::Off);
    let (plan, _) = planned("k3s-expansion", &rack, &seen);
    assert!(!about(&plan, &replica).is_empty(), "what is off runs nothing");
}

#[test]
fn a_pool_that_is_lost_is_not_made_anew() {
    let (rack, mut seen) = running("proxmox-talos");
    let (id, state) = seen.storage.iter_mut().next().unwrap();
    let id = id.clone();
    state.pool.as_mut().unwrap().health = rackberry_core::Health::Faulted;
    let (plan, _) = planned("proxmox-talos", &rack, &seen);
    assert_eq!(
        plan.steps.iter().filter(|it| matches!(it.action, Action::CreatePool { .. })).count(),
        0
    );
    let owner = rack.rack.pools[&id].node.as_ref().unwrap();
    assert!(
        plan.unreached[owner].contains(&format!("its pool {id} is lost")),
        "{:?}",
        plan.unreached
    );
}
