//! VLANs that change on several switches at once, on a simulated rack that knows who hears whom.

use crate::converge::converge;
use rackberry::plan::{Action, Plan, Resolved, Source, plan_from, verify_from};
use rackberry::testkit::World;
use rackberry::world::{blueprint, fleet};
use std::collections::BTreeSet;

/// Three switches in a row, managed in VLAN 1, with a machine on each.
fn rack(infra: u16, trunk: &str) -> Resolved {
    let text = format!(
        "rack: row
networks: {{ lan: {{ vlan: 1 }}, infra: {{ vlan: {infra} }} }}
catalogue: {{ switches: {{ big: {{ ports: [{{ count: 8, speed: 1Gbps }}], managed: true }} }} }}
switches:
  s0: {{ model: big, network: lan, uplink: 1, ports: {{ 1: {{ network: infra, tagged: lan }}, 2: {{ to: s1/1, {trunk} }} }} }}
  s1: {{ model: big, network: lan, uplink: 1, ports: {{ 1: {{ to: s0/2, {trunk} }}, 2: {{ to: s2/1, {trunk} }} }} }}
  s2: {{ model: big, network: lan, uplink: 1, ports: {{ 1: {{ to: s1/2, {trunk} }} }} }}
nodes:
  m0: {{ board: x86, memory: 8Gi, cores: 4, port: s0/8, network: infra, os: raspios }}
  m1: {{ board: x86, memory: 8Gi, cores: 4, port: s1/8, network: infra, os: raspios }}
  m2: {{ board: x86, memory: 8Gi, cores: 4, port: s2/8, network: infra, os: raspios }}
"
    );
    Source::read("row", text.as_bytes()).unwrap().0.resolve().unwrap()
}

/// A rack that runs as one file says.
async fn running(old: &Resolved) -> World {
    let mut plan = blueprint(old);
    for (at, switch) in plan.switches.iter_mut().enumerate() {
        switch.vlans = old.vlan_table(at);
    }
    let world = World::new(plan);
    converge("row", old, &fleet(&world, old)).await;
    world
}

/// Everybody who does not answer.
async fn silent(rack: &Resolved, world: &World) -> Vec<String> {
    let mut all = Vec::new();
    for it in &rack.switches {
        all.extend(world.switch(&it.id).observe().await.err().map(|why| why.to_string()));
    }
    for it in &rack.nodes {
        all.extend(world.os(&it.id).observe().await.err().map(|why| why.to_string()));
    }
    all
}

/// Of the steps that can be done, each time the one that the seed picks.
fn order(plan: &Plan, mut seed: usize) -> Vec<usize> {
    let (mut order, mut done) = (Vec::new(), BTreeSet::new());
    while order.len() < plan.steps.len() {
        let can = |it: &usize| {
            !done.contains(it) && plan.steps[*it].needs.iter().all(|it| done.contains(it))
        };
        let ready: Vec<usize> = (0..plan.steps.len()).filter(can).collect();
        let next = ready[seed % ready.len()];
        seed /= 2;
        done.insert(next);
        order.push(next);
    }
    order
}

#[tokio::test(start_paused = true)]
async fn a_vlan_is_renumbered_on_all_switches_and_trunks_are_turned_and_everybody_answers_all_the_way()
 {
    let old = rack(2, "network: lan, tagged: infra");
    let new = rack(3, "network: infra, tagged: lan");
    for seed in [0, 0b0101_1010, 0b1111_1111_1111, 0b1010_0101_1100] {
        let world = running(&old).await;
        let seen = fleet(&world, &new).observe().await.seen;
        let plan = plan_from(&new, &seen).unwrap().1;
        assert!(verify_from(&plan, &new, &seen).is_ok());
        let mut changes = 0;
        for step in order(&plan, seed) {
            let Action::SetVlans { switch, table } = &plan.steps[step].action else { continue };
            world.switch(switch).set_vlans(table).await.unwrap();
            world.tick(4);
            changes += 1;
            let action = &plan.steps[step].action;
            assert_eq!(silent(&new, &world).await, [] as [String; 0], "{seed}: after {action}");
        }
        assert!(changes > 3 * 4, "{changes} changes");
        converge("row", &new, &fleet(&world, &new)).await;
    }
}
