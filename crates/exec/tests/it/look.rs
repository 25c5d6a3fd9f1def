//! What a look costs.

use crate::room::lifeboat;
use rackberry_core::mock::{MockCluster, MockNodeOs, MockPowerCtl, MockStorage, MockSwitch};
use rackberry_core::{BootId, Bytes, NodeId, NodeState, Power, Stage, Version};
use rackberry_exec::{Device, End, Events, Fleet, Memory, Node, Outlet, Patience, Stop, execute};
use rackberry_plan::{Action, Fact, Plan, Step, Wave};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Devices that nothing is expected of: whoever calls one of them fails.
fn untouchable() -> Fleet {
    let rack = lifeboat();
    let mut fleet = crate::room::room(&rack).1;
    fleet.nodes.values_mut().for_each(|it| {
        it.os = Arc::new(MockNodeOs::new());
        it.outlet = outlet(MockPowerCtl::new());
    });
    fleet.switches.values_mut().for_each(|it| *it = Arc::new(MockSwitch::new()));
    fleet.clusters.values_mut().for_each(|it| *it = Arc::new(MockCluster::new()));
    fleet.pools.values_mut().for_each(|it| *it = Arc::new(MockStorage::new()));
    fleet
}

fn outlet(ctl: MockPowerCtl) -> Option<Outlet> {
    Some(Outlet { ctl: Arc::new(ctl), on: Device::Other("strip".into()) })
}

fn state() -> NodeState {
    NodeState {
        stage: Stage::Running,
        version: Version::new("1"),
        next: Version::new("1"),
        boot: BootId::new("boot"),
        config: None,
        serial: None,
        memory: Bytes(0),
        disks: Default::default(),
        addresses: Default::default(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_calls_only_the_devices_that_its_facts_name() {
    let mut fleet = untouchable();
    let node: NodeId = fleet.nodes.keys().next().unwrap().clone();
    let (looks, on) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let (counted, is_on) = (Arc::clone(&looks), Arc::clone(&on));
    let mut ctl = MockPowerCtl::new();
    ctl.expect_power().returning(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        Ok(if is_on.load(Ordering::SeqCst) { Power::On } else { Power::Off })
    });
    ctl.expect_set_power().times(1).returning(move |_| {
        on.store(true, Ordering::SeqCst);
        Ok(())
    });
    fleet.nodes.get_mut(&node).unwrap().outlet = outlet(ctl);
    let power = |power| Fact::Power { node: node.clone(), power };
    let step = Step {
        before: vec![power(Power::Off)],
        action: Action::SetPower { node: node.clone(), power: Power::On },
        after: vec![power(Power::On)],
        needs: Vec::new(),
        takes: Default::default(),
    };
    let plan = Plan { steps: vec![step], waves: vec![Wave::default()], ..Plan::default() };
    let (stop, events) = (Stop::default(), Events::default());
    let mut journal = Memory::default();
    let outcome = execute(&plan, &fleet, &mut journal, Patience::NONE, &stop, &events).await;
    assert_eq!(outcome.end, End::Done);
    assert_eq!(looks.load(Ordering::SeqCst), 2, "one look before the order, one for its proof");
}

#[tokio::test(start_paused = true)]
async fn a_device_that_several_facts_are_about_is_read_once() {
    let mut fleet = untouchable();
    let id: NodeId = fleet.nodes.keys().next().unwrap().clone();
    let mut os = MockNodeOs::new();
    os.expect_observe().times(1).returning(|| Ok(state()));
    fleet.nodes.insert(id.clone(), Node { os: Arc::new(os), outlet: None, cluster: None });
    let facts = [
        Fact::Stage { node: id.clone(), stage: Stage::Running },
        Fact::InBoot { node: id.clone(), boot: BootId::new("boot") },
    ];
    let sight = fleet.look_for(&facts).await;
    assert!(sight.missed.is_empty() && facts.iter().all(|it| it.holds(&sight.seen)));
}
