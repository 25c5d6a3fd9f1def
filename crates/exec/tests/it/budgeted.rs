//! A switch that is never asked to feed more than it can, on a model whose devices draw all that they may.

use async_trait::async_trait;
use proptest::prelude::*;
use rackberry_core::mock::MockSwitch;
use rackberry_core::{
    ErrorKind, Milliwatts, Poe, PoePriority, PoeState, PortNo, PortState, Power, Result, Switch,
    SwitchState, VlanTable, class_power,
};
use rackberry_exec::Budgeted;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

const BUDGET: Milliwatts = Milliwatts(63_000);

/// Ports that feed at once what is behind them, and never say that it is too much.
#[derive(Debug)]
struct Ports {
    state: Mutex<SwitchState>,
    /// The class of the device behind each port, and what it draws.
    devices: BTreeMap<PortNo, (u8, Milliwatts)>,
    /// What flowed at the most.
    most: Mutex<Milliwatts>,
}

impl Ports {
    fn new(devices: &[(u8, u64)]) -> Self {
        let ports = (1..).map(PortNo);
        let poe = PoeState {
            power: Power::Off,
            delivers: false,
            class: None,
            draw: Milliwatts(0),
            priority: PoePriority::Low,
            limit: None,
            gauge: Default::default(),
        };
        let port = || PortState { poe: Some(poe.clone()), ..PortState::default() };
        let all = ports.clone().zip(devices.iter().map(|_| port())).collect();
        let state = SwitchState { ports: all, budget: Some(BUDGET), ..SwitchState::default() };
        let devices = devices.iter().map(|(class, draw)| (*class, Milliwatts(*draw)));
        Self {
            state: Mutex::new(state),
            devices: ports.zip(devices).collect(),
            most: Mutex::default(),
        }
    }

    fn change(&self, port: PortNo, change: impl Fn(&mut PoeState)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let poe = state.ports.get_mut(&port).and_then(|it| it.poe.as_mut());
        poe.into_iter().for_each(change);
        for (port, it) in &mut state.ports {
            let Some(poe) = &mut it.poe else { continue };
            let (class, draw) = self.devices[port];
            poe.delivers = poe.power == Power::On;
            poe.class = poe.delivers.then_some(class);
            let draws = poe.limit.map_or(draw, |limit| limit.min(draw));
            poe.draw = if poe.delivers { draws } else { Milliwatts(0) };
        }
        let flows: Milliwatts =
            state.ports.values().filter_map(|it| Some(it.poe.as_ref()?.draw)).sum();
        let mut most = self.most.lock().unwrap_or_else(PoisonError::into_inner);
        *most = flows.max(*most);
    }
}

#[async_trait]
impl Switch for Ports {
    async fn observe(&self) -> Result<SwitchState> {
        Ok(self.state.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    async fn set_port(&self, _: PortNo, _: bool) -> Result<()> {
        Ok(())
    }

    async fn set_vlans(&self, _: &VlanTable) -> Result<()> {
        Ok(())
    }

    fn poe(&self) -> Option<&dyn Poe> {
        Some(self)
    }
}

#[async_trait]
impl Poe for Ports {
    async fn set_poe(&self, port: PortNo, power: Power) -> Result<()> {
        self.change(port, |it| it.power = power);
        Ok(())
    }

    async fn set_priority(&self, port: PortNo, priority: PoePriority) -> Result<()> {
        self.change(port, |it| it.priority = priority);
        Ok(())
    }

    async fn set_limit(&self, port: PortNo, limit: Option<Milliwatts>) -> Result<()> {
        self.change(port, |it| it.limit = limit);
        Ok(())
    }
}

/// An order about power.
#[derive(Clone, Copy, Debug)]
enum Order {
    Power(PortNo, Power),
    Limit(PortNo, Option<Milliwatts>),
}

fn order() -> impl Strategy<Value = Order> {
    let port = || (1..=8u16).prop_map(PortNo);
    let power = prop_oneof![3 => Just(Power::On), 1 => Just(Power::Off)];
    let limit = proptest::option::of((1_000..30_000u64).prop_map(Milliwatts));
    prop_oneof![
        (port(), power).prop_map(|(port, it)| Order::Power(port, it)),
        (port(), limit).prop_map(|(port, it)| Order::Limit(port, it)),
    ]
}

/// A device of 802.3at that draws no more than its class allows.
fn device() -> impl Strategy<Value = (u8, u64)> {
    (0..=4u8).prop_flat_map(|class| {
        let most = class_power(class).unwrap_or_default().0;
        (Just(class), most / 4..=most)
    })
}

proptest! {
    #[test]
    fn no_sequence_of_orders_lets_more_flow_than_the_budget(
        devices in proptest::collection::vec(device(), 8),
        known in proptest::collection::vec(any::<bool>(), 8),
        orders in proptest::collection::vec(order(), 1..60),
    ) {
        let ports = Arc::new(Ports::new(&devices));
        let peaks = ports.devices.iter().zip(known).filter(|it| it.1);
        let peaks = peaks.map(|((port, it), _)| (*port, it.1)).collect();
        let switch = Budgeted::new(ports.clone(), peaks, Duration::ZERO);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            for order in orders {
                let done = match order {
                    Order::Power(port, power) => switch.set_poe(port, power).await,
                    Order::Limit(port, limit) => switch.set_limit(port, limit).await,
                };
                if let Err(why) = done {
                    assert_eq!(why.kind(), ErrorKind::Refused);
                }
            }
        });
        let most = *ports.most.lock().unwrap();
        prop_assert!(most <= BUDGET, "{most} flowed");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_what_is_left_and_what_fits_is_fed() {
    let ports = Arc::new(Ports::new(&[(4, 7_000), (4, 25_000), (4, 25_000), (4, 7_000)]));
    let peaks = [(PortNo(1), Milliwatts(7_600)), (PortNo(4), Milliwatts(7_600))].into();
    let switch = Budgeted::new(ports, peaks, Duration::ZERO);
    switch.set_poe(PortNo(2), Power::On).await.unwrap();
    switch.set_poe(PortNo(1), Power::On).await.unwrap();
    switch.set_poe(PortNo(4), Power::On).await.unwrap();
    let why = switch.set_poe(PortNo(3), Power::On).await.unwrap_err();
    let text = std::error::Error::source(&why).unwrap().to_string();
    assert_eq!(text, "it may draw 30W, and of the budget of 63W only 17.8W are left");
    switch.set_limit(PortNo(3), Some(Milliwatts(15_000))).await.unwrap();
    switch.set_poe(PortNo(3), Power::On).await.unwrap();
    let why = switch.set_limit(PortNo(3), Some(Milliwatts(20_000))).await.unwrap_err();
    assert_eq!(why.kind(), ErrorKind::Refused);
    switch.set_limit(PortNo(3), Some(Milliwatts(17_800))).await.unwrap();
}

#[tokio::test]
async fn less_may_always_be_asked_for_where_too_much_is_fed_already() {
    let ports = Arc::new(Ports::new(&[(4, 25_000), (4, 25_000), (4, 25_000)]));
    for port in [1, 2, 3] {
        ports.set_poe(PortNo(port), Power::On).await.unwrap();
    }
    let switch = Budgeted::new(ports, BTreeMap::new(), Duration::ZERO);
    switch.set_poe(PortNo(1), Power::On).await.unwrap();
    switch.set_limit(PortNo(1), Some(Milliwatts(20_000))).await.unwrap();
    switch.set_poe(PortNo(2), Power::Off).await.unwrap();
    let why = switch.set_poe(PortNo(2), Power::On).await.unwrap_err();
    assert_eq!(why.kind(), ErrorKind::Refused);
}

#[tokio::test(start_paused = true)]
async fn ports_begin_to_be_fed_one_after_the_other() {
    let ports = Arc::new(Ports::new(&[(1, 3_000), (1, 3_000), (1, 3_000)]));
    let switch = Budgeted::new(ports, BTreeMap::new(), Duration::from_secs(3));
    let begin = Instant::now();
    let all = [1, 2, 3].map(|port| switch.set_poe(PortNo(port), Power::On));
    let done = futures_util::future::join_all(all).await;
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    assert_eq!(begin.elapsed(), Duration::from_secs(6));
    // What is fed already waits for nobody.
    switch.set_poe(PortNo(1), Power::On).await.unwrap();
    assert_eq!(begin.elapsed(), Duration::from_secs(6));
}

#[tokio::test]
async fn what_asks_for_nothing_more_is_never_refused() {
    let ports = Arc::new(Ports::new(&[(4, 25_000), (4, 25_000), (4, 25_000)]));
    for port in [1, 2] {
        ports.set_poe(PortNo(port), Power::On).await.unwrap();
    }
    let switch = Budgeted::new(ports.clone(), BTreeMap::new(), Duration::ZERO);
    // A port that is off draws nothing, whatever its limit.
    for limit in [5_000, 20_000] {
        switch.set_limit(PortNo(3), Some(Milliwatts(limit))).await.unwrap();
    }
    ports.set_poe(PortNo(3), Power::On).await.unwrap();
    // More than there is flows by now: what is set already may be set all the same.
    switch.set_limit(PortNo(3), Some(Milliwatts(20_000))).await.unwrap();
    let why = switch.set_limit(PortNo(3), None).await.unwrap_err();
    assert_eq!(why.kind(), ErrorKind::Refused);
    switch.set_limit(PortNo(2), None).await.unwrap();
}

/// It stands in the place of the switch, so what holds for switches holds for it.
mod as_a_switch {
    use super::*;
    use rackberry::testkit::laws::{self, Patience};
    use rackberry::testkit::{Blueprint, SwitchPlan, World, conform};
    use rackberry_core::{SwitchId, VlanId};

    async fn switch() -> Arc<dyn Switch> {
        let mut plan = SwitchPlan::new("sw", 5).with_poe(BUDGET);
        plan.ports.get_mut(&PortNo(5)).unwrap().poe = None;
        let world = World::new(Blueprint { switches: vec![plan], ..Blueprint::default() });
        let inner = world.switch(&SwitchId::new("sw"));
        Arc::new(Budgeted::new(inner, BTreeMap::new(), Duration::ZERO))
    }

    fn ports() -> laws::Ports {
        let vlan = VlanId::try_from(77).unwrap();
        laws::Ports { spare: PortNo(2), absent: PortNo(6), vlan, patience: Patience::default() }
    }

    conform!(switch: switch, ports(), skips: []);
}

#[tokio::test]
async fn a_switch_without_poe_has_none_with_a_budget_either() {
    let mut inner = MockSwitch::new();
    inner.expect_poe().returning(|| None);
    inner.expect_observe().returning(|| Ok(SwitchState::default()));
    let switch = Budgeted::new(Arc::new(inner), BTreeMap::new(), Duration::ZERO);
    assert!(switch.poe().is_none());
    let why = switch.set_poe(PortNo(3), Power::On).await.unwrap_err();
    assert_eq!(
        (why.kind(), why.to_string().as_str()),
        (ErrorKind::NotFound, "failed to set the PoE of port 3")
    );
}
