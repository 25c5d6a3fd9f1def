//! A power cycle is proved, or its failure told, and no port stays without power for it.

use rackberry::testkit::{
    Blueprint, Boots, Fault, Feed, Jack, Load, MachinePlan, SwitchPlan, World,
};
use rackberry_core::mock::{MockPoe, MockSwitch};
use rackberry_core::{
    BitsPerSecond, Error, ErrorKind, Milliwatts, PoePriority, PoeState, PortNo, PortState, Power,
    Result, Switch, SwitchId, SwitchState,
};
use rackberry_exec::{CycleGuard, Cycled, Patience, power_cycle};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

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

#[tokio::test(start_paused = true)]
async fn an_order_that_is_refused_is_told_at_once_and_followed_by_no_other() {
    let world = world(1).with_fault(2, Fault::Refused);
    let begin = Instant::now();
    let refused = cycle(&world, &CycleGuard::default()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
    assert_eq!((world.calls(), begin.elapsed()), (2, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_answer_is_lost_is_looked_for_and_proved() {
    let world = world(3).with_fault(2, Fault::LostAnswer);
    cycle(&world, &CycleGuard::default()).await.unwrap();
}

#[tokio::test]
async fn a_port_that_is_not_there_is_not_cycled() {
    let world = world(1);
    let guard = CycleGuard::default();
    let absent = power_cycle(&*switch(&world), PortNo(9), &guard, Patience::NONE).await;
    let absent = absent.unwrap_err();
    assert_eq!(absent.kind(), ErrorKind::NotFound);
    assert_eq!(absent.to_string(), "failed to cycle the power of port 9");
}

/// What a look at the port shows: whether it is on, whether it delivers, what flows, whether there is a link.
type Look = (Power, bool, u64, bool);

fn shown((power, delivers, draw, link): Look) -> SwitchState {
    let poe = PoeState {
        power,
        delivers,
        class: Some(4),
        draw: Milliwatts(draw),
        priority: PoePriority::Low,
        limit: None,
        gauge: Default::default(),
    };
    let link = link.then_some(BitsPerSecond(1_000_000_000));
    let port = PortState { poe: Some(poe), link, ..PortState::default() };
    SwitchState { ports: [(PORT, port)].into(), ..SwitchState::default() }
}

/// A switch that shows one look after the other, whatever it is ordered, and keeps the orders.
fn showing(looks: Vec<SwitchState>) -> (MockSwitch, Arc<Mutex<Vec<Power>>>) {
    let (mut switch, mut poe) = (MockSwitch::new(), MockPoe::new());
    let orders = Arc::new(Mutex::new(Vec::new()));
    let kept = orders.clone();
    poe.expect_set_poe().returning(move |_, power| {
        kept.lock().unwrap().push(power);
        Ok(())
    });
    let poe: &'static MockPoe = Box::leak(Box::new(poe));
    switch.expect_poe().returning(move || Some(poe));
    let mut looks = looks.into_iter();
    let over = || Error::new(ErrorKind::Unsupported, "look once more");
    switch.expect_observe().returning(move || looks.next().ok_or_else(over));
    (switch, orders)
}

#[tokio::test(start_paused = true)]
async fn a_port_is_dark_when_nothing_flows_and_back_when_it_is_on_and_fed_or_linked() {
    use Power::{Off, On};
    let begin = [(On, true, 4_000, true), (On, true, 0, true), (Off, false, 100, true)];
    let dark = [(Off, false, 0, true), (Off, false, 0, false), (On, false, 0, false)];
    for back in [(On, false, 0, true), (On, true, 7_000, false)] {
        let late = [(Off, false, 0, true), back];
        let (switch, orders) =
            showing([&begin[..], &dark, &late].concat().into_iter().map(shown).collect());
        let pause = Duration::from_secs(1);
        let whole = Instant::now();
        let cycled = power_cycle(&switch, PORT, &CycleGuard::default(), seconds(8)).await.unwrap();
        let expected = Cycled { before: Milliwatts(4_000), dark: 2 * pause, back: 3 * pause };
        assert_eq!(cycled, expected, "{back:?}");
        assert_eq!(whole.elapsed(), 10 * pause, "five of them off");
        assert_eq!(*orders.lock().unwrap(), [Off, On, On, On]);
    }
}

/// Looks, a second apart, so many as are given.
fn seconds(looks: u32) -> Patience {
    let pause = Duration::from_secs(1);
    Patience { looks, pause, longest: pause, ..Patience::NONE }
}

#[tokio::test(start_paused = true)]
async fn a_port_that_never_goes_dark_is_ordered_on_again() {
    let (switch, orders) = showing(vec![shown((Power::On, true, 4_000, true)); 4]);
    let why = power_cycle(&switch, PORT, &CycleGuard::default(), seconds(2)).await.unwrap_err();
    assert_eq!(why.kind(), ErrorKind::Unreachable);
    assert_eq!(why.to_string(), "failed to see port 1 without power");
    assert_eq!(*orders.lock().unwrap(), [Power::Off, Power::On]);
}

#[tokio::test(start_paused = true)]
async fn a_port_whose_poe_is_not_shown_while_it_is_off_gets_its_power_back() {
    let on = || shown((Power::On, true, 4_000, true));
    let hidden = || SwitchState { ports: [(PORT, PortState::default())].into(), ..on() };
    let off = || shown((Power::Off, false, 0, false));
    let (switch, orders) = showing(vec![on(), hidden(), off(), hidden(), on()]);
    power_cycle(&switch, PORT, &CycleGuard::default(), seconds(4)).await.unwrap();
    assert_eq!(*orders.lock().unwrap(), [Power::Off, Power::On]);
    // Not even where it is never shown again.
    let (switch, orders) = showing([vec![on()], vec![hidden(); 4]].concat());
    let why = power_cycle(&switch, PORT, &CycleGuard::default(), seconds(2)).await.unwrap_err();
    assert_eq!(why.to_string(), "failed to see port 1 with power again");
    assert_eq!(*orders.lock().unwrap(), [Power::Off, Power::On]);
}
