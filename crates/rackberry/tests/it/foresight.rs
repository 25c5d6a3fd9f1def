//! What is predicted of an order, and what is then seen on the simulated rack.

use crate::converge::{RACKS, rack};
use crate::{prune, upgrade};
use rackberry::core::{ClusterId, ClusterState, GuestState, Member, NodeId, NodeState, Stage};
use rackberry::exec::{End, Events, Fleet, Memory, Patience, Stop, execute};
use rackberry::plan::{Observed, Plan, Prune, Resolved, Step, Wave, plan_pruning};
use rackberry::testkit::World;
use rackberry::world::{fleet, simulate};
use std::collections::{BTreeMap, BTreeSet};

/// What is seen, less what no prediction can know: boots, identities, pods, what flows and what is free; what a machine
/// says of itself that answers for the first time; what reads as empty, as soon as it can be read; and, of volumes, all
/// but those in `known`, since the first start of a replica makes them.
fn foreseen(seen: &Observed, known: &Observed) -> BTreeSet<String> {
    let bound = seen.bound.iter().filter(|it| known.bound.contains_key(it.0));
    let runs = seen.running.iter().filter(|it| !it.1.is_empty());
    let clusters = seen.clusters.iter().filter(|it| it.1.uid.is_some());
    let hosts = seen.guests.iter().filter(|it| !it.1.is_empty());
    let pools = seen.storage.iter().filter_map(|(id, it)| Some((id, it.pool.as_ref()?)));
    let mut all = BTreeSet::from([format!("ready: {:?}", seen.ready)]);
    all.extend(bound.map(|(volume, node)| format!("{volume} is bound to {node}")));
    all.extend(seen.power.iter().map(|(id, it)| format!("the outlet of {id} is {it}")));
    all.extend(runs.map(|(replica, nodes)| format!("{replica} runs on {nodes:?}")));
    all.extend(seen.nodes.iter().map(|(id, it)| machine(id, it)));
    all.extend(clusters.flat_map(|(id, it)| cluster(id, it)));
    all.extend(hosts.map(|(host, all)| guests(host, all)));
    all.extend(pools.map(|(id, it)| format!("{id} is {:?}", it.health)));
    all.extend(seen.switches.iter().map(|(id, it)| format!("{id} has {:?}", it.vlans)));
    all
}

fn machine(id: &NodeId, it: &NodeState) -> String {
    match it.stage {
        Stage::Running => {
            format!("{id} runs {}, then {}, with {:?}", it.version, it.next, it.config)
        }
        Stage::Maintenance | Stage::Installing => format!("{id} is in {:?}", it.stage),
    }
}

fn cluster(id: &ClusterId, it: &ClusterState) -> Vec<String> {
    let member = |(node, it): (&NodeId, &Member)| {
        let (ready, open, votes) = (it.ready, it.schedulable, it.voter);
        let state = format!("ready {ready}, open {open}, votes {votes}");
        format!("{node} in {id}: {state}, runs {}, {:?}", it.version, it.marks)
    };
    let mut all: Vec<_> = it.members.iter().map(member).collect();
    all.push(format!("{id} has {:?}", it.workloads));
    all
}

fn guests(host: &NodeId, all: &BTreeMap<NodeId, GuestState>) -> String {
    let guest = |(id, it): (&NodeId, &GuestState)| (id.clone(), it.power, it.memory, it.cores);
    let all: Vec<_> = all.iter().map(guest).collect();
    format!("{host} has {all:?}")
}

/// Does one step of a plan. Says whether it was proved.
async fn take(plan: &Plan, step: &Step, fleet: &Fleet, world: &World) -> bool {
    let step = Step { needs: Vec::new(), ..step.clone() };
    let plan = Plan { steps: vec![step], waves: vec![Wave::default()], ..plan.clone() };
    let (stop, events) = (Stop::default(), Events::default());
    for _ in 0..8 {
        let mut journal = Memory::default();
        let outcome = execute(&plan, fleet, &mut journal, Patience::NONE, &stop, &events).await;
        world.tick(4);
        if outcome.end == End::Done {
            return true;
        }
    }
    false
}

/// Goes all the way step by step, and compares after each. Returns how many steps that took.
async fn walk(name: &str, rack: &Resolved, world: &World, prune: Prune) -> usize {
    let (fleet, mut taken) = (fleet(world, rack), 0);
    for _ in 0..40 {
        let mut seen = fleet.observe().await.seen;
        let plan = plan_pruning(rack, &seen, prune).unwrap().1;
        if plan.steps.is_empty() && plan.unreached.is_empty() {
            return taken;
        }
        for step in &plan.steps {
            let before = seen;
            assert!(
                take(&plan, step, &fleet, world).await,
                "{name}: {} is not proved",
                step.action
            );
            seen = fleet.observe().await.seen;
            compare(name, rack, step, &before, &seen);
            taken += 1;
        }
    }
    panic!("{name} does not converge");
}

fn compare(name: &str, rack: &Resolved, step: &Step, before: &Observed, seen: &Observed) {
    let mut predicted = before.clone();
    predicted.predict(rack, &step.action);
    for fact in &step.after {
        assert!(fact.holds(seen), "{name}: {fact} after {}", step.action);
        assert!(fact.holds(&predicted), "{name}: {fact} foreseen of {}", step.action);
    }
    let (wanted, found) = (foreseen(&predicted, before), foreseen(seen, before));
    let missing: Vec<_> = wanted.difference(&found).collect();
    let surprise: Vec<_> = found.difference(&wanted).collect();
    let none: Vec<&String> = Vec::new();
    assert_eq!((missing, surprise), (none.clone(), none), "{name}: {}", step.action);
}

#[tokio::test(start_paused = true)]
async fn what_is_foreseen_of_each_step_of_a_bring_up_is_what_is_seen() {
    for name in RACKS {
        let rack = rack(name);
        let taken = walk(name, &rack, &simulate(&rack), Prune::default()).await;
        assert!(taken > rack.nodes.len(), "{name}: only {taken} steps");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_foreseen_of_each_step_of_an_upgrade_is_what_is_seen() {
    for name in RACKS {
        let (rack, world) = upgrade::running(name).await;
        let taken = walk(name, &rack, &world, Prune::default()).await;
        assert!(taken > 0, "{name} has nothing to upgrade");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_foreseen_of_each_step_of_a_removal_is_what_is_seen() {
    for name in RACKS {
        let Some((rack, world, _)) = prune::running(name).await else { continue };
        let taken = walk(name, &rack, &world, prune::ALL).await;
        assert!(taken > 0, "{name} has nothing to remove");
    }
}
