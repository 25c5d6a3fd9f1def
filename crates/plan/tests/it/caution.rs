//! What is not ordered, since it could do harm.

use crate::bring::{planned, written};
use rackberry_core::{NodeId, PortNo, Stage, Tagging, Version, VlanId};
use rackberry_plan::rack::Os;
use rackberry_plan::{
    Action, Fact, Observed, Plan, Prune, Rack, Resolved, plan_pruning, verify_from,
};

fn lifeboat() -> Rack {
    written().into_iter().find(|it| it.0 == "lifeboat").unwrap().1
}

fn running(rack: &Rack) -> (Resolved, Observed) {
    let rack = rack.clone().resolve().unwrap();
    let seen = planned("lifeboat", &rack, &Observed::bare(&rack)).1;
    (rack, seen)
}

fn orders(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|it| it.action.to_string()).collect()
}

#[test]
fn a_cluster_that_does_not_answer_and_may_have_begun_is_not_begun_anew() {
    let (rack, mut seen) = running(&lifeboat());
    for dead in ["talos-2", "talos-3"] {
        seen.nodes.remove(dead);
        seen.ready.remove(dead);
    }
    seen.clusters.remove("home");
    let (plan, _) = planned("lifeboat", &rack, &seen);
    assert!(orders(&plan).iter().all(|it| !it.starts_with("begin")), "{:?}", orders(&plan));
    let why = &plan.unreached[&NodeId::new("talos-1")];
    assert!(why.contains("may have begun"), "{why}");
}

#[test]
fn a_guest_that_is_a_member_is_not_destroyed() {
    let (_, seen) = running(&lifeboat());
    let mut rack = lifeboat();
    rack.nodes.remove("talos-2");
    rack.nodes.remove("talos-3");
    let rack = rack.resolve().unwrap();
    let guests = Prune { guests: true, ..Prune::default() };
    let (_, plan) = plan_pruning(&rack, &seen, guests).unwrap();
    assert!(verify_from(&plan, &rack, &seen).is_ok());
    assert!(orders(&plan).iter().all(|it| !it.contains("destroy")), "{:?}", orders(&plan));
    assert!(plan.unreached[&NodeId::new("talos-2")].contains("still a member"));
}

#[test]
fn a_member_is_not_made_something_else_before_it_is_removed() {
    let (_, seen) = running(&lifeboat());
    let mut rack = lifeboat();
    let node = rack.nodes.get_mut("pi-2").unwrap();
    (node.os, node.cluster) = (Some(Os::Raspios), None);
    let rack = rack.resolve().unwrap();
    let (plan, _) = planned("lifeboat", &rack, &seen);
    assert!(!orders(&plan).contains(&"configure pi-2".into()), "{:?}", orders(&plan));
    assert!(plan.unreached[&NodeId::new("pi-2")].contains("still a member of cluster home"));
}

#[test]
fn the_port_of_a_machine_that_the_file_does_not_name_any_more_stays_as_it_is() {
    let (_, seen) = running(&lifeboat());
    let mut rack = lifeboat();
    rack.nodes.remove("pi-3");
    let rack = rack.resolve().unwrap();
    let (plan, end) = planned("lifeboat", &rack, &seen);
    assert!(orders(&plan).iter().all(|it| !it.starts_with("set the VLANs")), "{:?}", orders(&plan));
    let infra = VlanId::try_from(2).unwrap();
    let table = end.switches["poe"].vlans.clone().unwrap();
    assert_eq!(table.member(PortNo(3), infra), Some(Tagging::Untagged));
}

#[test]
fn what_is_no_version_of_the_same_kind_is_not_installed() {
    let at = |version: &str| {
        let mut rack = lifeboat();
        let talos = rack.clusters.get_mut("home").unwrap().talos.as_mut().unwrap();
        talos.version = Some(Version::new(version));
        rack
    };
    let (_, seen) = running(&at("v1.13.9"));
    for wrong in ["banana", "1.14.0", "v1.13.9-alpha", "v99999999999999999999.0.0"] {
        let rack = at(wrong).resolve().unwrap();
        let (plan, _) = planned("lifeboat", &rack, &seen);
        let installs = |it: &String| it.starts_with("install") || it.starts_with("reboot");
        assert!(!orders(&plan).iter().any(installs), "{wrong}: {:?}", orders(&plan));
        assert!(plan.unreached.contains_key(&NodeId::new("talos-1")), "{wrong}");
    }
}

#[test]
fn a_switch_that_would_be_cut_off_keeps_its_vlans_and_that_is_said() {
    let mut rack = lifeboat();
    let poe = rack.switches.get_mut("poe").unwrap();
    poe.network = Some(rackberry_core::NetworkId::new("infra"));
    poe.ports.get_mut(&PortNo(5)).unwrap().tagged = Default::default();
    let rack = rack.resolve().unwrap();
    let (plan, _) = planned("lifeboat", &rack, &Observed::bare(&rack));
    assert!(orders(&plan).iter().all(|it| !it.starts_with("set the VLANs of poe")));
    assert!(plan.unreached[&NodeId::new("pi-2")].contains("that port has to carry "));
}

#[test]
fn voters_that_are_to_vote_no_more_go_one_at_a_time() {
    let (_, seen) = running(&lifeboat());
    let mut rack = lifeboat();
    for node in ["talos-2", "talos-3"] {
        rack.nodes.get_mut(node).unwrap().role = rackberry_plan::rack::Role::Worker;
    }
    let rack = rack.resolve().unwrap();
    let (plan, _) = planned("lifeboat", &rack, &seen);
    assert!(orders(&plan).contains(&"configure talos-2".into()));
    assert!(plan.limits.iter().any(|it| it.to_string().contains("one voter of cluster home")));
}

/// A guest that runs on another host than the file says.
fn strayed(to: &str) -> Observed {
    let (_, mut seen) = running(&lifeboat());
    let here = seen.guests.get_mut("pve-3").unwrap().remove("talos-3").unwrap();
    seen.guests.get_mut(to).unwrap().insert(NodeId::new("talos-3"), here);
    // Its button is asked for on the host that the file says.
    seen.power.remove("talos-3");
    seen
}

#[test]
fn a_guest_that_runs_on_another_host_is_moved_and_not_made_a_second_time() {
    let rack = lifeboat().resolve().unwrap();
    let (plan, end) = planned("lifeboat", &rack, &strayed("pve-1"));
    assert_eq!(orders(&plan), ["move the guest talos-3 from pve-1 to pve-3"]);
    assert!(end.guests["pve-3"].contains_key("talos-3"));
    assert!(!end.guests["pve-1"].contains_key("talos-3"));
    assert_eq!(planned("lifeboat", &rack, &end).0.steps, []);
}

#[test]
fn a_guest_that_finds_no_room_where_it_belongs_stays_and_that_is_said() {
    let rack = lifeboat().resolve().unwrap();
    let mut seen = strayed("pve-1");
    seen.nodes.get_mut("pve-3").unwrap().memory = rackberry_core::Bytes(1 << 30);
    let (plan, _) = planned("lifeboat", &rack, &seen);
    assert_eq!(orders(&plan), [""; 0]);
    let why = &plan.unreached[&NodeId::new("talos-3")];
    assert!(why.contains("it runs on pve-1, and the file says pve-3"), "{why}");
    assert!(why.contains("of memory left"), "{why}");
}

#[test]
fn a_plan_that_moves_a_guest_where_the_file_does_not_say_is_refused() {
    let rack = lifeboat().resolve().unwrap();
    let seen = strayed("pve-1");
    let mut plan = planned("lifeboat", &rack, &seen).0;
    let elsewhere = || NodeId::new("pve-2");
    for step in &mut plan.steps {
        let (guest, host) = (NodeId::new("talos-3"), NodeId::new("pve-1"));
        step.action = Action::MoveGuest { host, guest: guest.clone(), to: elsewhere() };
        step.before.push(Fact::Stage { node: elsewhere(), stage: Stage::Running });
        step.after = vec![Fact::Guest { host: elsewhere(), guest }];
    }
    let found = verify_from(&plan, &rack, &seen).unwrap_err();
    assert!(found[0].to_string().contains("the file says otherwise of the guest"), "{found:?}");
}

#[test]
fn a_guest_that_was_made_with_other_amounts_is_told() {
    let rack = lifeboat().resolve().unwrap();
    let (_, mut seen) = running(&lifeboat());
    let guest = seen.guests.get_mut("pve-3").unwrap().get_mut("talos-3").unwrap();
    (guest.memory, guest.cores) = (rackberry_core::Bytes(3 << 30), 7);
    let (plan, _) = planned("lifeboat", &rack, &seen);
    assert_eq!(orders(&plan), [""; 0]);
    let why = &plan.unreached[&NodeId::new("talos-3")];
    assert!(why.starts_with("it has 3Gi of memory, the file says "), "{why}");
    assert!(why.contains("it has 7 cores, the file says "), "{why}");
}

#[test]
fn a_workload_that_requests_something_else_is_declared_again() {
    let (_, seen) = running(&lifeboat());
    let mut rack = lifeboat();
    let (id, workload) = rack.workloads.iter_mut().next().unwrap();
    let id = id.clone();
    workload.requests.memory = Some(rackberry_core::Bytes(77 << 20));
    let (plan, end) = planned("lifeboat", &rack.clone().resolve().unwrap(), &seen);
    let declares = |it: &Action| matches!(it, Action::Declare { workload, .. } if *workload == id);
    assert!(plan.steps.iter().any(|it| declares(&it.action)), "{:?}", orders(&plan));
    assert_eq!(planned("lifeboat", &rack.resolve().unwrap(), &end).0.steps, []);
}

#[test]
fn a_cable_in_another_port_than_the_file_says_is_told_with_both_ports() {
    let rack = lifeboat().resolve().unwrap();
    let (_, mut seen) = running(&lifeboat());
    let link = Some(rackberry_core::BitsPerSecond(1_000_000_000));
    let ports = &mut seen.switches.get_mut("poe").unwrap().ports;
    for (port, state) in ports.iter_mut() {
        state.link = link.filter(|_| ![2, 4].contains(&port.0));
    }
    let (plan, _) = planned("lifeboat", &rack, &seen);
    assert!(plan.unreached.is_empty(), "what only sleeps is not told: {:?}", plan.unreached);
    seen.switches.get_mut("poe").unwrap().ports.get_mut(&PortNo(4)).unwrap().link = link;
    let (plan, _) = planned("lifeboat", &rack, &seen);
    let why = &plan.unreached[&NodeId::new("pi-2")];
    assert!(why.contains("in poe/2, where nothing is; it is in poe/4"), "{why}");
}
