//! The way from bare boards to the described rack.

use rackberry_plan::{
    Action, Fact, Observed, Plan, Rack, Resolved, Source, plan_from, verify_from,
};
use std::collections::BTreeSet;
use std::path::Path;

fn racks() -> Vec<(String, Resolved)> {
    written().into_iter().map(|(name, rack)| (name, rack.resolve().unwrap())).collect()
}

/// The racks that people run, as their files say.
pub(crate) fn written() -> Vec<(String, Rack)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/racks");
    // A crate by itself has no racks beside it.
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut all: Vec<_> = files
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let (rack, _) = Source::read(&name, &std::fs::read(&path).unwrap()).unwrap();
            (name, rack)
        })
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

pub(crate) fn planned(name: &str, rack: &Resolved, seen: &Observed) -> (Plan, Observed) {
    let (_, plan) = plan_from(rack, seen).unwrap();
    let end = verify_from(&plan, rack, seen);
    let end = end.unwrap_or_else(|why| {
        let why: Vec<_> = why.iter().take(9).map(ToString::to_string).collect();
        panic!("{name}:\n{}", why.join("\n"))
    });
    (plan, end)
}

#[test]
fn every_rack_that_people_run_is_planned_from_bare_boards_to_the_described_state() {
    for (name, rack) in racks() {
        let (plan, end) = planned(&name, &rack, &Observed::bare(&rack));
        assert!(plan.unreached.is_empty(), "{name}: {:?}", plan.unreached);
        for (at, node) in rack.nodes.iter().enumerate() {
            let config = rack.node_intent(at).digest();
            let configured = Fact::Configured { node: node.id.clone(), config };
            assert!(configured.holds(&end), "{name}: {}", node.id);
            let member = node.cluster.is_none() || Fact::Ready(node.id.clone()).holds(&end);
            assert!(member, "{name}: {} is not ready", node.id);
        }
        for (at, switch) in rack.switches.iter().enumerate() {
            let Some(table) = rack.vlan_table(at) else { continue };
            assert!(Fact::Vlans { switch: switch.id.clone(), table }.holds(&end), "{name}");
        }
        for pool in
            rack.rack.pools.iter().filter(|it| it.1.node.is_some() && !it.1.disks.is_empty())
        {
            assert!(Fact::Pool(pool.0.clone()).holds(&end), "{name}: {}", pool.0);
        }
        let (rest, _) = planned(&name, &rack, &end);
        assert_eq!(
            rest.steps.iter().map(|it| it.action.to_string()).collect::<Vec<_>>(),
            [""; 0],
            "{name}"
        );
    }
}

#[test]
fn a_cluster_begins_once_and_takes_its_voters_one_at_a_time() {
    for (name, rack) in racks() {
        let (plan, _) = planned(&name, &rack, &Observed::bare(&rack));
        let begins = |it: &&rackberry_plan::Step| matches!(it.action, Action::Bootstrap { .. });
        let begun: Vec<_> =
            plan.steps.iter().filter(begins).map(|it| it.action.to_string()).collect();
        let once: BTreeSet<_> = begun.iter().cloned().collect();
        assert_eq!(begun.len(), once.len(), "{name}");
        assert_eq!(once.len(), rack.rack.clusters.len(), "{name}");
    }
}

#[test]
fn what_nothing_can_switch_on_is_named_and_the_rest_goes_on() {
    let Some((name, rack)) = racks().into_iter().find(|it| it.0 == "lifeboat") else { return };
    let mut seen = Observed::bare(&rack);
    let dead = rack.nodes.iter().find(|it| it.id.as_str() == "pve-2").unwrap().id.clone();
    seen.nodes.remove(&dead);
    let (plan, end) = planned(&name, &rack, &seen);
    assert!(plan.unreached.contains_key(&dead), "{:?}", plan.unreached);
    assert!(end.ready.iter().any(|it| it.as_str() == "pi-2"), "{:?}", end.ready);
}

#[test]
fn nothing_is_started_in_a_cluster_that_was_not_seen() {
    for (name, rack) in racks() {
        let mut seen = planned(&name, &rack, &Observed::bare(&rack)).1;
        seen.clusters.clear();
        seen.running.clear();
        let (plan, _) = planned(&name, &rack, &seen);
        let start = |it: &&rackberry_plan::Step| matches!(it.action, Action::Start { .. });
        assert_eq!(plan.steps.iter().filter(start).count(), 0, "{name}");
        let said = |it: &rackberry_plan::Blocked| it.reason.contains("was not seen");
        assert!(plan.blocked.iter().all(said), "{name}: {:?}", plan.blocked);
    }
}

#[test]
fn a_port_that_is_off_is_switched_on_before_what_is_plugged_in_there_is_fed() {
    let Some((name, rack)) = racks().into_iter().find(|it| it.0 == "lifeboat") else { return };
    let mut seen = Observed::bare(&rack);
    let switch = seen.switches.get_mut("poe").unwrap();
    switch.ports.values_mut().for_each(|it| it.enabled = false);
    let (plan, end) = planned(&name, &rack, &seen);
    let orders: Vec<_> = plan.steps.iter().map(|it| it.action.to_string()).collect();
    let at = |text: &str| orders.iter().position(|it| it == text);
    let opened = at("switch on port 2 of poe").unwrap();
    assert!(plan.steps[at("switch pi-2 on").unwrap()].needs.contains(&opened), "{orders:?}");
    assert_eq!(at("switch on port 4 of poe"), None, "nothing is plugged in there");
    assert!(end.ready.iter().any(|it| it.as_str() == "pi-2"));
}

#[test]
fn a_runbook_says_how_many_orders_go_to_devices_beside_what_is_moved_and_started() {
    let Some((name, rack)) = racks().into_iter().find(|it| it.0 == "lifeboat") else { return };
    let (plan, end) = planned(&name, &rack, &Observed::bare(&rack));
    let text = plan.runbook().to_string();
    assert_eq!(plan.steps.len(), 31);
    assert!(text.contains("\n30 orders to devices, 1 start in 2 waves"), "{text}");
    let mut seen = end;
    let member = seen.clusters.values_mut().find_map(|it| it.members.get_mut("pi-3")).unwrap();
    member.schedulable = false;
    let (plan, _) = planned(&name, &rack, &seen);
    let text = plan.runbook().to_string();
    assert!(text.contains("\n1 order to a device in 1 wave"), "{text}");
}
