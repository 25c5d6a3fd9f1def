//! New versions for machines that run.

use crate::bring::{planned, written};
use crate::prune::evicted;
use proptest::collection::vec;
use proptest::prelude::*;
use rackberry_core::{NodeId, Version};
use rackberry_plan::rack::Role;
use rackberry_plan::{Action, Fact, MoveKind, Observed, Plan, Rack, Resolved, Step, plan_from};

/// The rack with every cluster at these versions: of Talos, of K3s or other Kubernetes, of Proxmox.
pub(crate) fn at(mut rack: Rack, [talos, kube, proxmox]: [&str; 3]) -> Resolved {
    let version = |text: &str| Some(Version::new(text));
    for cluster in rack.clusters.values_mut() {
        cluster.talos.iter_mut().for_each(|it| it.version = version(talos));
        cluster.k3s.iter_mut().for_each(|it| it.version = version(kube));
        cluster.kubernetes.iter_mut().for_each(|it| it.version = version(kube));
        cluster.proxmox.iter_mut().for_each(|it| it.version = version(proxmox));
    }
    rack.resolve().unwrap()
}

pub(crate) const OLD: [&str; 3] = ["v1.12.4", "v1.33.5+k3s1", "9.0"];
pub(crate) const NEW: [&str; 3] = ["v1.13.1", "v1.34.1+k3s1", "9.1"];

/// Every rack that runs the old versions, as its file with the new ones, and what is seen.
fn running() -> impl Iterator<Item = (String, Resolved, Observed)> {
    written().into_iter().map(|(name, rack)| {
        let old = at(rack.clone(), OLD);
        let (_, seen) = planned(&name, &old, &Observed::bare(&old));
        (name, at(rack, NEW), seen)
    })
}

fn reboots(plan: &Plan) -> Vec<(usize, NodeId)> {
    let steps = plan.steps.iter().enumerate();
    let reboot = |(at, step): (usize, &Step)| {
        let Action::Reboot { node, .. } = &step.action else { return None };
        Some((at, node.clone()))
    };
    steps.filter_map(reboot).collect()
}

#[test]
fn every_rack_gets_its_new_versions_and_ends_where_nothing_is_left_to_do() {
    for (name, rack, seen) in running() {
        let (plan, end) = planned(&name, &rack, &seen);
        for (at, node) in rack.nodes.iter().enumerate() {
            let Some(version) = rack.version(at) else { continue };
            let runs = Fact::Runs { node: node.id.clone(), version }.holds(&end);
            assert!(runs || plan.unreached.contains_key(&node.id), "{name}: {}", node.id);
        }
        for (node, why) in &plan.unreached {
            assert!(
                why.contains("voters left") || why.contains("min-available"),
                "{name}: {node}: {why}"
            );
        }
        let (rest, _) = planned(&name, &rack, &end);
        let left: Vec<_> = rest.steps.iter().map(|it| it.action.to_string()).collect();
        assert_eq!(left, [""; 0], "{name}");
    }
}

#[test]
fn one_machine_reboots_at_a_time_and_the_voters_of_a_cluster_go_first() {
    for (name, rack, seen) in running() {
        let (plan, _) = planned(&name, &rack, &seen);
        let text = plan.runbook().to_string().replace('\n', " ");
        assert!(text.contains("into a new version"), "{name}: {text}");
        let waves: Vec<usize> = reboots(&plan)
            .iter()
            .map(|it| {
                (0..plan.waves.len()).find(|wave| plan.steps_of(*wave).contains(&it.0)).unwrap()
            })
            .collect();
        assert!(waves.windows(2).all(|it| it[0] < it[1]), "{name}: {waves:?}");
        for id in rack.rack.clusters.keys() {
            let order: Vec<bool> = reboots(&plan)
                .iter()
                .map(|it| rack.node(&it.1).unwrap())
                .filter(|it| rack.nodes[*it].cluster.as_ref() == Some(id))
                .map(|it| !rack.votes(it))
                .collect();
            assert!(order.is_sorted(), "{name}: {id}: {order:?}");
        }
    }
}

#[test]
fn a_closed_machine_is_not_opened_before_it_has_its_new_version() {
    let (name, rack, mut seen) = running().find(|it| it.0 == "lifeboat").unwrap();
    let member = seen.clusters.values_mut().find_map(|it| it.members.get_mut("pi-3")).unwrap();
    member.schedulable = false;
    let (plan, _) = planned(&name, &rack, &seen);
    let reboot = reboots(&plan).into_iter().find(|it| it.1.as_str() == "pi-3").unwrap().0;
    let opens = |it: &Step| it.action.to_string() == "open pi-3 to pods";
    let opened: Vec<_> = (0..plan.steps.len()).filter(|it| opens(&plan.steps[*it])).collect();
    assert!(opened.len() == 1 && opened[0] > reboot, "{opened:?}, {reboot}");
}

#[test]
fn a_pod_that_belongs_to_its_machine_is_not_asked_to_leave_before_a_reboot() {
    let (name, rack, mut seen) = running().find(|it| it.0 == "lifeboat").unwrap();
    let member = seen.clusters.values_mut().find_map(|it| it.members.get_mut("pi-3")).unwrap();
    for (name, stays) in [("default/web", false), ("kube-system/agent", true)] {
        let pod = rackberry_core::PodRef { uid: name.into(), name: name.into() };
        let pod = rackberry_core::PodState { pod, replica: None, ready: true, stays };
        member.pods.push(pod);
    }
    let (plan, _) = planned(&name, &rack, &seen);
    let leave: Vec<_> = plan.steps.iter().filter_map(|it| evicted(&it.action)).collect();
    assert_eq!(leave, ["default/web"]);
}

#[test]
fn what_cannot_go_elsewhere_is_said_to_be_down_while_its_machine_reboots() {
    let mut down = 0;
    for (name, rack, seen) in running() {
        let (plan, _) = planned(&name, &rack, &seen);
        for it in
            plan.waves.iter().flat_map(|it| &it.moves).filter(|it| it.kind == MoveKind::Restart)
        {
            assert!(it.downtime.0 > 0 && it.from == it.to, "{name}: {it:?}");
            down += 1;
        }
    }
    assert!(down > 0);
}

#[test]
fn no_version_is_left_out_and_none_goes_back() {
    let wrong = [["v1.14.0", "v1.36.0+k3s1", "11.0"], ["v1.11.0", "v1.32.0+k3s1", "8.4"]];
    for (name, rack) in written() {
        let old = at(rack.clone(), OLD);
        let (_, seen) = planned(&name, &old, &Observed::bare(&old));
        for versions in wrong {
            let rack = at(rack.clone(), versions);
            let (_, plan) = plan_from(&rack, &seen).unwrap();
            assert_eq!(reboots(&plan), [], "{name}");
            let due = (0..rack.nodes.len()).filter(|it| rack.version(*it).is_some());
            assert_eq!(plan.unreached.len(), due.count(), "{name}: {:?}", plan.unreached);
        }
    }
}

/// What an upgrade that was broken off may leave: some machines have the new version, some have it ready, and some are
/// closed.
fn broken_off(mut seen: Observed, dice: &[u8]) -> Observed {
    let new = Version::new(NEW[1]);
    for ((node, state), dice) in seen.nodes.iter_mut().zip(dice.iter().cycle()) {
        if dice & 1 > 0 {
            state.next = new.clone();
        }
        if dice & 3 == 3 {
            state.version = new.clone();
        }
        let members = seen.clusters.values_mut().filter_map(|it| it.members.get_mut(node));
        members.for_each(|it| it.schedulable = dice & 4 == 0);
    }
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn any_rack_is_upgraded_by_the_rules_or_says_why_not(
        rack in crate::racks::rack(),
        voters in 1..4usize,
        dice in vec(0..8u8, 1..6),
    ) {
        let mut rack = rack.0;
        rack.nodes.values_mut().take(voters).for_each(|it| it.role = Role::ControlPlane);
        let old = at(rack.clone(), OLD);
        let (_, seen) = planned("random", &old, &Observed::bare(&old));
        let (rack, seen) = (at(rack, NEW), broken_off(seen, &dice));
        let (plan, end) = planned("random", &rack, &seen);
        for (at, node) in rack.nodes.iter().enumerate() {
            let runs = Fact::Runs { node: node.id.clone(), version: Version::new(NEW[1]) };
            prop_assert!(runs.holds(&end) || plan.unreached.contains_key(&node.id), "{}", node.id);
            let open = Fact::Schedulable { node: node.id.clone(), yes: !rack.nodes[at].cordoned };
            prop_assert!(open.holds(&end), "{} stays closed", node.id);
        }
        // What had no room to be emptied may have some once all is where it belongs.
        if plan.unreached.is_empty() {
            let (rest, _) = planned("random", &rack, &end);
            let left: Vec<_> = rest.steps.iter().map(|it| it.action.to_string()).collect();
            prop_assert_eq!(left, [""; 0]);
        }
    }
}
