//! A power cycle is proved, or its failure told, and no port stays without power for it.

use rackberry::testkit::{
    Blueprint, Boots, Fault, Feed, Jack, Load, MachinePlan, SwitchPlan, World,
};
use rackberry_core::{ErrorKind, Milliwatts, PortNo, Power, Result, Switch, SwitchId};
use rackberry_exec::{CycleGuard, Cycled, Patience, power_cycle};
use std::sync::Arc;
use std::time::Duration;

const PORT: PortNo = PortNo(1);

const FAULTS: [Fault; 5] =
    [Fault::LostOrder, Fault::LostAnswer, Fault::Refused, Fault::Garbage, Fault::Slow];

fn world(latency: u64) -> World {
    let load = Load { class: 4, idle: Milliwatts(4_000), boot: Milliwatts(7_000) };
    let pi = MachinePlan {
        feed: Feed::Poe(load),
        boots: Boots::Nothing,
        ..MachinePlan::new("pi", Some(Jack::new("sw", 1)))
    };
    let switch = SwitchPlan::new("sw", 5).with_poe(Milliwatts(63_000));
    World::new(Blueprint { switches: vec![switch], machines: vec![pi], ..Blueprint::default() })
        .with_latency(latency)
}

fn switch(world: &World) -> Arc<dyn Switch> {
    world.switch(&SwitchId::new("sw"))
}

async fn cycle(world: &World, guard: &CycleGuard) -> Result<Cycled> {
    let patience = Patience { looks: 32, ..Patience::NONE };
    power_cycle(&*switch(world), PORT, guard, patience).await
}

async fn power(world: &World) -> Power {
    let seen = switch(world).observe().await.unwrap();
    seen.ports[&PORT].poe.as_ref().unwrap().power
}

#[tokio::test(start_paused = true)]
async fn a_cycle_is_seen_to_be_one() {
    for latency in [1, 4, 9] {
        let world = world(latency);
        let cycled = cycle(&world, &CycleGuard::default()).await.unwrap();
        assert_eq!(cycled.before, Milliwatts(4_000));
        assert_eq!(power(&world).await, Power::On);
    }
}

#[tokio::test(start_paused = true)]
async fn a_protected_port_keeps_its_power() {
    let world = world(1);
    let guard = CycleGuard::of([(PORT, "the way of the controller".into())].into());
    let refused = cycle(&world, &guard).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
    assert_eq!(world.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_port_rests_after_a_cycle() {
    let (world, guard) = (world(1), CycleGuard::default());
    cycle(&world, &guard).await.unwrap();
    assert_eq!(cycle(&world, &guard).await.unwrap_err().kind(), ErrorKind::Refused);
    tokio::time::sleep(Duration::from_secs(61)).await;
    cycle(&world, &guard).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn where_nothing_is_fed_nothing_is_cycled() {
    let world = world(1);
    switch(&world).poe().unwrap().set_poe(PORT, Power::Off).await.unwrap();
    assert_eq!(cycle(&world, &CycleGuard::default()).await.unwrap_err().kind(), ErrorKind::Refused);
    assert_eq!(power(&world).await, Power::Off);
}

#[tokio::test(start_paused = true)]
async fn after_any_fault_of_any_call_the_port_has_its_power() {
    let plain = world(3);
    cycle(&plain, &CycleGuard::default()).await.unwrap();
    let calls = plain.calls();
    for fault in FAULTS {
        for call in 1..=calls {
            let world = world(3).with_fault(call, fault);
            let cycled = cycle(&world, &CycleGuard::default()).await;
            world.tick(16);
            assert_eq!(power(&world).await, Power::On, "{fault:?} of call {call}: {cycled:?}");
        }
    }
}
