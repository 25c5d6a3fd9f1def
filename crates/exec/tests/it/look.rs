//! What a look costs.

use crate::room::lifeboat;
use rackberry_core::mock::{MockCluster, MockNodeOs, MockPowerCtl, MockStorage, MockSwitch};
use rackberry_core::{
    BootId, Bytes, ClusterState, Member, NodeId, NodeState, Power, Stage, Version,
};
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

/// An outlet that takes its time, and counts how many are asked at once.
#[derive(Debug)]
struct Slow {
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

#[async_trait::async_trait]
impl rackberry_core::PowerCtl for Slow {
    async fn power(&self) -> rackberry_core::Result<Power> {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        self.now.fetch_sub(1, Ordering::SeqCst);
        Ok(Power::On)
    }

    async fn set_power(&self, _: Power) -> rackberry_core::Result<()> {
        Ok(())
    }

    async fn draw(&self) -> rackberry_core::Result<Option<rackberry_core::Milliwatts>> {
        Ok(None)
    }
}

/// How many of five outlets are asked at once, each on the device that `on` names.
async fn at_once(on: fn(usize) -> Device) -> usize {
    let mut fleet = crate::room::room(&lifeboat()).1;
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    for (at, node) in fleet.nodes.values_mut().take(5).enumerate() {
        let ctl = Arc::new(Slow { now: Arc::clone(&now), most: Arc::clone(&most) });
        node.outlet = Some(Outlet { ctl, on: on(at) });
    }
    let _ = fleet.observe().await;
    most.load(Ordering::SeqCst)
}

#[tokio::test(start_paused = true)]
async fn one_device_is_asked_one_thing_at_a_time_and_different_ones_side_by_side() {
    assert_eq!(at_once(|_| Device::Other("strip".into())).await, 1);
    assert_eq!(at_once(|at| Device::Other(format!("strip {at}"))).await, 5);
}

#[test]
fn a_device_is_named_as_people_would() {
    use rackberry_core::{ClusterId, PoolId, SwitchId};
    let names = [
        Device::Node(NodeId::new("pi")),
        Device::Switch(SwitchId::new("poe")),
        Device::Cluster(ClusterId::new("home")),
        Device::Pool(PoolId::new("data")),
        Device::Other("a strip".into()),
    ];
    let names = names.map(|it| it.to_string());
    assert_eq!(names, ["pi", "switch poe", "cluster home", "pool data", "a strip"]);
}

fn member() -> Member {
    Member {
        ready: true,
        schedulable: true,
        voter: false,
        version: Version::new("1"),
        marks: Default::default(),
        allocatable: Bytes(0),
        used: None,
        pods: Vec::new(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_member_without_a_handle_is_looked_for_in_the_cluster_that_named_it() {
    let mut fleet = untouchable();
    let (id, _) = fleet.clusters.pop_first().unwrap();
    let mut cluster = MockCluster::new();
    cluster.expect_observe().times(2).returning(|| {
        let members = [(NodeId::new("stranger"), member())].into();
        Ok(ClusterState { members, ..ClusterState::default() })
    });
    let known = fleet.nodes.iter().find(|it| it.1.cluster.as_ref() == Some(&id));
    let of_cluster = [Fact::Ready(known.unwrap().0.clone())];
    fleet.clusters.insert(id, Arc::new(cluster));
    assert!(fleet.look_for(&of_cluster).await.missed.is_empty());
    let ready = [Fact::Ready(NodeId::new("stranger"))];
    let sight = fleet.look_for(&ready).await;
    assert!(ready[0].holds(&sight.seen), "{sight:?}");
}
