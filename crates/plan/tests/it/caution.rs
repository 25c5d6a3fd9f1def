//! What is not ordered, since it could do harm.

use crate::bring::{planned, written};
use rackberry_core::{NodeId, PortNo, Tagging, Version, VlanId};
use rackberry_plan::rack::Os;
use rackberry_plan::{Observed, Plan, Prune, Rack, Resolved, plan_pruning, verify_from};

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
    assert!(plan.unreached[&NodeId::new("pi-2")].contains("say what that port carries"));
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
