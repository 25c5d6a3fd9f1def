//! What is there and the file does not name.

use crate::bring::{planned, written};
use rackberry_core::{NodeId, Seconds};
use rackberry_plan::verify::{DeviceFault, Fault};
use rackberry_plan::{
    Action, MoveKind, Observed, Plan, Prune, Rack, Resolved, Unnamed, Violation, plan_pruning,
    verify_from,
};

const ALL: Prune = Prune { workloads: true, members: true, guests: true };

/// A rack as it is described and runs.
fn running(name: &str) -> (Rack, Observed) {
    let rack = written().into_iter().find(|it| it.0 == name).unwrap().1;
    let seen = planned(name, &rack.clone().resolve().unwrap(), &bare(&rack)).1;
    (rack, as_clusters_say(seen))
}

fn bare(rack: &Rack) -> Observed {
    Observed::bare(&rack.clone().resolve().unwrap())
}

/// Clusters list the pods of what runs, as they do when they are asked.
fn as_clusters_say(mut seen: Observed) -> Observed {
    for (replica, nodes) in &seen.running {
        for node in nodes {
            let mut members = seen.clusters.values_mut().filter_map(|it| it.members.get_mut(node));
            let name = format!("default/{}-{}", replica.workload, replica.ordinal);
            let pod = rackberry_core::PodRef { uid: format!("{name} on {node}"), name };
            let replica = Some(replica.clone());
            let pod = rackberry_core::PodState { pod, replica, ready: true, stays: false };
            members.next().unwrap().pods.push(pod);
        }
    }
    seen
}

fn pruned(rack: &Resolved, seen: &Observed, prune: Prune) -> (Plan, Observed) {
    let (_, plan) = plan_pruning(rack, seen, prune).unwrap();
    let end = verify_from(&plan, rack, seen).unwrap_or_else(|why| {
        panic!("{}", why.iter().map(|it| format!("{it}\n")).collect::<String>())
    });
    (plan, end)
}

fn orders(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|it| it.action.to_string()).collect()
}

/// The file without one machine: what only it names goes with it.
fn without(mut rack: Rack, node: &str) -> Resolved {
    rack.nodes.remove(node);
    rack.resolve().unwrap()
}

#[test]
fn a_workload_that_the_file_does_not_name_any_more_goes_only_where_that_is_asked_for() {
    let (mut rack, seen) = running("lifeboat");
    rack.workloads.clear();
    let rack = rack.resolve().unwrap();
    let (plan, _) = pruned(&rack, &seen, Prune::default());
    assert_eq!(orders(&plan), [""; 0]);
    assert!(!plan.unnamed.is_empty());
    assert!(plan.runbook().to_string().contains("- the workload nats in cluster home"));
    let (plan, end) = pruned(&rack, &seen, Prune { workloads: true, ..Prune::default() });
    assert!(orders(&plan).contains(&"take nats back from cluster home".into()), "{plan:?}");
    assert_eq!((end.running.len(), end.clusters["home"].workloads.len()), (0, 0));
    assert!(!plan.runbook().to_string().contains("does not name"));
}

#[test]
fn a_member_that_the_file_does_not_name_is_emptied_before_it_is_removed() {
    let (rack, seen) = running("lifeboat");
    let rack = without(rack, "pi-3");
    let (plan, _) = pruned(&rack, &seen, Prune::default());
    assert!(plan.unnamed.iter().any(|it| matches!(it, Unnamed::Member { .. })));
    let (plan, end) = pruned(&rack, &seen, ALL);
    let orders = orders(&plan);
    let at = |text: &str| orders.iter().position(|it| it == text).unwrap();
    assert!(at("close pi-3 to new pods") < at("remove pi-3 from cluster home"), "{orders:?}");
    assert!(!end.clusters["home"].members.contains_key("pi-3"));
    let (rest, _) = pruned(&rack, &end, ALL);
    assert_eq!(rest.steps, []);
}

/// A rack that runs, and its file without a machine that a replica without volumes runs on.
fn without_a_host() -> (Resolved, Observed) {
    let (rack, seen) = running("lifeboat");
    let hosts = seen.running.iter().filter(|it| it.1.len() == 1);
    let free = hosts.filter(|it| seen.bound.keys().all(|volume| volume.replica != *it.0));
    let votes = |it: &NodeId| seen.member(it).is_none_or(|it| it.voter);
    let node = free.filter_map(|it| it.1.first()).find(|it| !votes(it)).unwrap();
    (without(rack, node.as_str()), seen)
}

#[test]
fn what_has_to_leave_a_machine_that_goes_is_down_until_it_runs_elsewhere() {
    let (rack, seen) = without_a_host();
    let (plan, end) = pruned(&rack, &seen, ALL);
    let again: Vec<_> = plan.waves.iter().flat_map(|it| &it.moves).collect();
    assert!(again.iter().any(|it| it.kind == MoveKind::Resume), "{again:?}");
    assert!(again.iter().all(|it| it.downtime > Seconds(90)), "{again:?}");
    let text = plan.runbook().to_string();
    assert!(!text.contains("Nothing is down") && text.contains("leave"), "{text}");
    assert!(again.iter().all(|it| !end.running[&it.replica].is_empty()));
}

#[test]
fn a_plan_that_hides_that_somebody_was_down_is_refused() {
    let (rack, seen) = without_a_host();
    let (mut plan, _) = pruned(&rack, &seen, ALL);
    let moves = plan.waves.iter_mut().flat_map(|it| &mut it.moves);
    moves.for_each(|it| (it.kind, it.downtime) = (MoveKind::Start, Seconds(0)));
    let found = verify_from(&plan, &rack, &seen).unwrap_err();
    assert!(found.iter().any(|it| it.to_string().contains("a first start")), "{found:?}");
}

#[test]
fn pods_that_the_file_does_not_name_are_down_too_while_they_leave() {
    let (rack, mut seen) = running("lifeboat");
    let home = seen.clusters.iter_mut().find(|it| it.0.as_str() == "home").unwrap().1;
    let pods = &mut home.members.get_mut("pi-3").unwrap().pods;
    let name = "kube-system/coredns".to_owned();
    let pod = rackberry_core::PodRef { uid: "1".into(), name };
    *pods = vec![rackberry_core::PodState { pod, replica: None, ready: true, stays: false }];
    for nodes in seen.running.values_mut() {
        nodes.remove("pi-3");
    }
    let (plan, _) = pruned(&without(rack, "pi-3"), &seen, ALL);
    let text = plan.runbook().to_string();
    assert!(!text.contains("Nothing is down"), "{text}");
    assert!(text.contains("One pod has to leave its machine"), "{text}");
}

#[test]
fn a_pod_that_belongs_to_its_machine_is_not_asked_to_leave_it() {
    let (rack, mut seen) = running("lifeboat");
    let members = seen.clusters.values_mut().flat_map(|it| it.members.get_mut("pi-3"));
    for member in members {
        member.pods.clear();
        for (name, stays) in [("default/web", false), ("kube-system/agent", true)] {
            let pod = rackberry_core::PodRef { uid: name.into(), name: name.into() };
            let pod = rackberry_core::PodState { pod, replica: None, ready: true, stays };
            member.pods.push(pod);
        }
    }
    let (plan, _) = pruned(&without(rack, "pi-3"), &seen, ALL);
    let leave: Vec<_> = plan.steps.iter().filter_map(|it| evicted(&it.action)).collect();
    assert_eq!(leave, ["default/web"]);
}

/// The pod that an order asks to leave.
pub(crate) fn evicted(action: &Action) -> Option<&str> {
    let Action::Evict { pod, .. } = action else { return None };
    Some(&pod.name)
}

#[test]
fn a_member_stays_that_its_cluster_cannot_do_without() {
    let (rack, mut seen) = running("lifeboat");
    let home = seen.clusters.iter_mut().find(|it| it.0.as_str() == "home").unwrap().1;
    home.members.get_mut("talos-2").unwrap().ready = false;
    for dead in ["talos-2", "pve-2"] {
        seen.ready.remove(dead);
        seen.nodes.remove(dead);
        seen.power.remove(dead);
    }
    seen.guests.remove("pve-2");
    let rack = without(rack, "talos-1");
    let (plan, _) = pruned(&rack, &seen, ALL);
    let why = &plan.unreached[&NodeId::new("talos-1")];
    assert!(why.contains("1 of 2 voters left"), "{why}");
}

#[test]
fn what_runs_on_a_machine_that_the_file_does_not_name_is_not_started_a_second_time() {
    let (rack, seen) = running("lifeboat");
    let home = seen.running.iter().find(|it| it.0.workload.as_str() == "nats").unwrap().1;
    let home = home.first().unwrap().clone();
    let rack = without(rack, home.as_str());
    let (plan, _) = pruned(&rack, &seen, Prune::default());
    assert!(orders(&plan).iter().all(|it| !it.contains("nats")), "{:?}", orders(&plan));
    let why =
        &plan.blocked.iter().find(|it| it.replica.workload.as_str() == "nats").unwrap().reason;
    assert!(why.contains(&format!("on {home}, which the file does not name")), "{why}");
}

#[test]
fn a_guest_that_the_file_does_not_name_is_switched_off_before_it_is_destroyed() {
    let (rack, seen) = running("lifeboat");
    let rack = without(rack, "talos-3");
    let (plan, end) = pruned(&rack, &seen, ALL);
    let orders = orders(&plan);
    let at = |text: &str| orders.iter().position(|it| it == text).unwrap();
    assert!(at("remove talos-3 from cluster home") < at("switch off the guest talos-3 on pve-3"));
    assert!(
        at("switch off the guest talos-3 on pve-3")
            < at("destroy the guest talos-3 on pve-3, with its disks")
    );
    assert!(!end.guests["pve-3"].contains_key("talos-3"));
}

#[test]
fn a_plan_that_removes_what_the_file_names_is_refused() {
    let (rack, seen) = running("lifeboat");
    let all = rack.clone().resolve().unwrap();
    let (_, plan) = plan_pruning(&without(rack, "talos-3"), &seen, ALL).unwrap();
    let found = verify_from(&Plan { made_from: None, ..plan }, &all, &seen).unwrap_err();
    let named = |it: &Violation| matches!(&it.fault, Fault::Device(DeviceFault::Named { .. }));
    assert!(found.iter().any(named), "{found:?}");
    let destroys = |it: &rackberry_plan::Step| matches!(it.action, Action::DestroyGuest { .. });
    assert!(!planned("lifeboat", &all, &seen).0.steps.iter().any(destroys));
}
