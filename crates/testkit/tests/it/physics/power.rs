use crate::room::{FAST, LOAD, fed, id, sw, system, text};
use rackberry_core::{ErrorKind, Milliwatts, PoePriority, PoeState, PortNo, Power, Switch};
use rackberry_testkit::{Blueprint, Boots, Load, MachinePlan, SwitchPlan, World};
use std::sync::Arc;

/// Machines on the ports 1, 2, …, all off, and a budget.
fn room(budget: u64, loads: &[Load]) -> World {
    let mut switch = SwitchPlan::new("sw", 6).with_poe(Milliwatts(budget));
    switch.ports.values_mut().filter_map(|it| it.poe.as_mut()).for_each(|it| it.power = Power::Off);
    let machine = |(number, load): (usize, &Load)| {
        let plan =
            fed(&format!("m{}", number + 1), number as u16 + 1, system(&text("home", "worker")));
        MachinePlan { feed: rackberry_testkit::Feed::Poe(*load), ..plan }
    };
    let machines = loads.iter().enumerate().map(machine).collect();
    World::new(Blueprint { switches: vec![switch], machines, ..Blueprint::default() })
}

async fn poe(world: &World, port: u16) -> PoeState {
    let state = world.switch(&sw()).observe().await.unwrap();
    state.ports[&PortNo(port)].poe.clone().unwrap()
}

async fn on(world: &World, port: u16) {
    let switch: Arc<dyn Switch> = world.switch(&sw());
    switch.poe().unwrap().set_poe(PortNo(port), Power::On).await.unwrap();
}

#[tokio::test]
async fn a_machine_without_power_is_unreachable_and_comes_back_with_another_boot() {
    let world = crate::room::world().with_latency(3);
    let (os, power) = (world.os(&id("s1")), world.power(&id("s1")).unwrap());
    let first = os.observe().await.unwrap().boot;
    power.set_power(Power::Off).await.unwrap();
    assert_eq!(os.observe().await.unwrap_err().kind(), ErrorKind::Unreachable);
    let state = world.switch(&sw()).observe().await.unwrap();
    assert_eq!((state.ports[&PortNo(5)].link, state.ports[&PortNo(1)].link), (None, Some(FAST)));
    power.set_power(Power::On).await.unwrap();
    assert_eq!(os.observe().await.unwrap_err().kind(), ErrorKind::Unreachable);
    world.tick(3);
    assert_ne!(os.observe().await.unwrap().boot, first);
}

#[tokio::test]
async fn a_machine_that_is_plugged_in_again_boots_wherever_its_power_comes_from() {
    let world = crate::room::world().with_latency(3);
    for name in ["s1", "h1", "g1"] {
        let node = id(name);
        let first = world.os(&node).observe().await.unwrap().boot;
        world.unplug(&node);
        world.tick(20);
        assert!(world.is_unplugged(&node));
        let silent = world.os(&node).observe().await.unwrap_err();
        assert_eq!(silent.kind(), ErrorKind::Unreachable, "{name}");
        world.replug(&node);
        world.tick(20);
        assert!(!world.is_unplugged(&node));
        assert_ne!(world.os(&node).observe().await.unwrap().boot, first, "{name}");
    }
}

#[tokio::test]
async fn booting_draws_more_than_running() {
    let world = room(63_000, &[LOAD]).with_latency(4);
    on(&world, 1).await;
    let booting = poe(&world, 1).await;
    assert_eq!((booting.delivers, booting.draw), (true, LOAD.boot));
    world.tick(4);
    assert_eq!(poe(&world, 1).await.draw, LOAD.idle);
    assert_eq!(world.peak(&sw()), LOAD.boot);
}

#[tokio::test]
async fn two_boots_at_once_ask_for_more_than_the_budget_and_one_has_to_wait() {
    let world = room(15_000, &[LOAD, LOAD]).with_latency(4);
    on(&world, 1).await;
    on(&world, 2).await;
    assert!(poe(&world, 1).await.delivers);
    assert!(!poe(&world, 2).await.delivers);
    assert!(world.peak(&sw()) > world.budget(&sw()).unwrap());
    world.tick(9);
    assert!(poe(&world, 2).await.delivers, "there is enough once the first is up");
}

#[tokio::test]
async fn machines_that_can_only_boot_one_by_one_are_all_up_when_the_story_begins() {
    let names = ["m1", "m2", "m3", "m4", "m5"].map(id);
    let load = Load { idle: Milliwatts(1_000), ..LOAD };
    let machine = |(at, it): (usize, &rackberry_core::NodeId)| MachinePlan {
        feed: rackberry_testkit::Feed::Poe(load),
        ..fed(it.as_str(), at as u16 + 1, system(&text("home", "worker")))
    };
    let machines = names.iter().enumerate().map(machine).collect();
    let budget = Milliwatts(4_000 + LOAD.boot.0);
    let switches = vec![SwitchPlan::new("sw", 6).with_poe(budget)];
    let world = World::new(Blueprint { switches, machines, ..Blueprint::default() });
    for name in names {
        assert!(world.os(&name).observe().await.is_ok(), "{name}");
    }
}

#[tokio::test]
async fn one_boot_after_the_other_stays_within_the_budget() {
    let world = room(15_000, &[LOAD, LOAD]).with_latency(4);
    for port in [1, 2] {
        on(&world, port).await;
        world.tick(5);
    }
    assert!(poe(&world, 1).await.delivers && poe(&world, 2).await.delivers);
    assert!(world.peak(&sw()) <= world.budget(&sw()).unwrap());
}

#[tokio::test]
async fn the_port_of_the_lowest_priority_is_cut() {
    let world = room(12_000, &[LOAD, LOAD]);
    on(&world, 1).await;
    world.tick(3);
    let switch = world.switch(&sw());
    switch.poe().unwrap().set_priority(PortNo(2), PoePriority::Critical).await.unwrap();
    on(&world, 2).await;
    world.tick(3);
    assert!(!poe(&world, 1).await.delivers);
    assert!(poe(&world, 2).await.delivers);
    assert_eq!(world.os(&id("m1")).observe().await.unwrap_err().kind(), ErrorKind::Unreachable);
}

#[tokio::test]
async fn a_port_feeds_no_higher_class_and_no_more_than_its_limit() {
    let thirsty = Load { class: 5, ..LOAD };
    let world = room(63_000, &[thirsty, LOAD]);
    on(&world, 1).await;
    on(&world, 2).await;
    assert_eq!((poe(&world, 1).await.delivers, poe(&world, 1).await.class), (false, Some(5)));
    assert!(poe(&world, 2).await.delivers);
    let switch = world.switch(&sw());
    let limit = Some(Milliwatts(4_000));
    switch.poe().unwrap().set_limit(PortNo(2), limit).await.unwrap();
    assert!(!poe(&world, 2).await.delivers);
}

#[tokio::test]
async fn a_machine_with_nothing_to_boot_draws_power_and_never_answers() {
    let machines = vec![fed("m1", 1, Boots::Nothing)];
    let switches = vec![SwitchPlan::new("sw", 6).with_poe(Milliwatts(63_000))];
    let world = World::new(Blueprint { switches, machines, ..Blueprint::default() });
    world.tick(20);
    assert!(poe(&world, 1).await.delivers);
    assert_eq!(world.os(&id("m1")).observe().await.unwrap_err().kind(), ErrorKind::Unreachable);
}

#[tokio::test]
async fn a_machine_whose_plug_was_pulled_never_comes_back_and_draws_nothing() {
    let world = room(63_000, &[LOAD, LOAD]);
    on(&world, 1).await;
    world.unplug(&id("m1"));
    let power = world.power(&id("m1")).unwrap();
    power.set_power(Power::Off).await.unwrap();
    power.set_power(Power::On).await.unwrap();
    world.tick(10);
    let silent = world.os(&id("m1")).observe().await.unwrap_err();
    assert_eq!(silent.kind(), ErrorKind::Unreachable);
    let port = poe(&world, 1).await;
    assert_eq!((port.delivers, port.class, port.draw), (false, None, Milliwatts(0)));
}

#[tokio::test]
async fn a_host_whose_plug_was_pulled_takes_its_guests_down() {
    let world = crate::room::world();
    assert!(world.os(&id("g1")).observe().await.is_ok());
    world.unplug(&id("h1"));
    world.tick(10);
    assert!(world.os(&id("h1")).observe().await.is_err());
    assert!(world.os(&id("g1")).observe().await.is_err());
    assert!(world.os(&id("h2")).observe().await.is_ok());
}
