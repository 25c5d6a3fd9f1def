//! Random racks that resolve, small and tight, with every rule a placement must keep.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;
use rackberry_core::{Bytes, ClusterId, DiskId, NodeId, Permille, SwitchId, ThingId, WorkloadId};
use rackberry_plan::Rack;
use rackberry_plan::rack::{
    Amounts, Boot, Cluster, Disk, HostPort, K3s, Node, Os, Policy, PortRef, Protocol, Replicas,
    Role, Spread, Switch, Taint, Toleration, Topology, Volume, VolumeKind, Workload,
};
use std::fmt;

/// Everything about one node that is thrown.
#[derive(Clone, Debug)]
struct NodeDice {
    board: usize,
    switch: usize,
    class: bool,
    tainted: bool,
    cordoned: bool,
    /// The gibibytes of its disk; nobody knows of none.
    disk: u64,
}

/// Everything about one workload that is thrown.
#[derive(Clone, Debug)]
struct WorkloadDice {
    memory: u64,
    replicas: u32,
    on: Vec<usize>,
    kind: u8,
    rule: u8,
    other: usize,
    least: u32,
    needs: usize,
}

fn node_dice() -> impl Strategy<Value = NodeDice> {
    let closed = (prop::bool::weighted(0.15), prop::bool::weighted(0.1));
    (0..4usize, 0..2usize, any::<bool>(), closed, 0..10u64).prop_map(
        |(board, switch, class, (tainted, cordoned), disk)| NodeDice {
            board,
            switch,
            class,
            tainted,
            cordoned,
            disk,
        },
    )
}

fn workload_dice() -> impl Strategy<Value = WorkloadDice> {
    let size = (50..900u64, 1..4u32, vec(0..6usize, 0..4));
    (size, 0..8u8, 0..12u8, 0..14usize, 0..3u32, 0..28usize).prop_map(
        |((memory, replicas, on), kind, rule, other, least, needs)| WorkloadDice {
            memory,
            replicas,
            on,
            kind,
            rule,
            other,
            least,
            needs,
        },
    )
}

/// A rack that a failing test shows as people write it.
#[derive(Clone)]
pub(crate) struct Shown(pub(crate) Rack);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_saphyr::to_string(&self.0).map_err(|_| fmt::Error)?)
    }
}

/// A rack of up to six nodes and fourteen workloads.
pub(crate) fn rack() -> impl Strategy<Value = Shown> {
    let nodes = vec(node_dice(), 1..6);
    let workloads = vec(workload_dice(), 1..14);
    let may_stop = subsequence((0..14usize).collect::<Vec<_>>(), 0..14);
    (nodes, workloads, may_stop, any::<bool>(), 600..1000u64).prop_map(
        |(nodes, workloads, may_stop, move_volumes, limit)| {
            let mut rack = Rack { rack: "random".into(), ..Rack::default() };
            let cluster = Cluster { k3s: Some(K3s::default()), ..Cluster::default() };
            rack.clusters.insert(ClusterId::new("home"), cluster);
            for at in 0..2 {
                let switch = Switch { model: "generic-24".into(), ..Switch::default() };
                rack.switches.insert(SwitchId::new(format!("sw-{at}")), switch);
            }
            for (at, dice) in nodes.iter().enumerate() {
                rack.nodes.insert(node_id(at), node(at, dice));
            }
            let count = workloads.len();
            for (at, dice) in workloads.iter().enumerate() {
                rack.workloads.insert(workload_id(at), workload(at, dice, nodes.len(), count));
            }
            // Who is told to share a node and to keep off it can do neither.
            let everywhere =
                rack.workloads.iter().filter(|it| it.1.replicas == Replicas::EveryNode);
            let everywhere: Vec<_> = everywhere.map(|it| it.0.clone()).collect();
            for workload in rack.workloads.values_mut() {
                // Nor can it share one with what runs on every node but where it runs.
                if workload.with.iter().any(|it| everywhere.contains(it)) {
                    workload.with = Default::default();
                }
                match limit.is_multiple_of(2) {
                    true => workload.with = Default::default(),
                    false => workload.apart_from = Default::default(),
                }
            }
            rack.policy = Policy {
                memory_limit: Permille(limit),
                move_volumes,
                may_stop: may_stop.into_iter().filter(|it| *it < count).map(workload_id).collect(),
                ..Policy::default()
            };
            Shown(rack)
        },
    )
}

fn node_id(at: usize) -> NodeId {
    NodeId::new(format!("n{at}"))
}

fn workload_id(at: usize) -> WorkloadId {
    WorkloadId::new(format!("w{at:02}"))
}

fn node(at: usize, dice: &NodeDice) -> Node {
    let port = u16::try_from(at + 1).unwrap();
    let switch = SwitchId::new(format!("sw-{}", dice.switch));
    let disk = Disk { kind: Boot::Sd, size: Some(Bytes(dice.disk << 30)), pool: None };
    let disk = (dice.disk > 0).then(|| (DiskId::new("sd"), disk));
    let taint = dice.tainted.then(|| "only=few:NoSchedule".parse::<Taint>().unwrap());
    Node {
        board: ["pi3b", "pi4-2g", "pi4-4g", "pi5-8g"][dice.board].into(),
        port: Some(PortRef { switch, port: rackberry_core::PortNo(port) }),
        os: Some(Os::Raspios),
        cluster: Some(ClusterId::new("home")),
        role: if at == 0 { Role::ControlPlane } else { Role::Worker },
        labels: [("class".to_owned(), if dice.class { "a" } else { "b" }.to_owned())].into(),
        taints: taint.into_iter().collect(),
        cordoned: dice.cordoned,
        disks: disk.into_iter().collect(),
        ..Node::default()
    }
}

fn workload(at: usize, dice: &WorkloadDice, nodes: usize, workloads: usize) -> Workload {
    let memory = Bytes(dice.memory << 20);
    let on = dice.on.iter().take(dice.replicas as usize).map(|it| node_id(it % nodes)).collect();
    let needs = (dice.needs < workloads && dice.needs != at)
        .then(|| [ThingId::new(format!("w{:02}", dice.needs))].into_iter().collect());
    let mut it = Workload {
        replicas: Replicas::Count(dice.replicas),
        on,
        uses: Amounts { memory: Some(memory), cpu: None },
        requests: Amounts { memory: Some(Bytes(memory.0 / 2)), cpu: None },
        min_available: dice.least.min(dice.replicas),
        needs: needs.into_iter().collect(),
        ..Workload::default()
    };
    match dice.kind {
        6 | 7 => it.volumes = vec![volume("data", 1), volume("more", 2)],
        5 => it.volumes = vec![Volume { kind: rbd(), ..volume("rbd", 1) }],
        _ => {}
    }
    let other = workload_id(dice.other % workloads);
    match dice.rule {
        11 => it.apart = Some(Topology::Node),
        1 => it.apart = Some(Topology::Switch),
        2 => it.host_ports = [port(dice.other)].into_iter().collect(),
        3 if dice.other % workloads != at => it.apart_from = [other].into_iter().collect(),
        4 if dice.other % workloads != at => it.near = [other].into_iter().collect(),
        5 if dice.other % workloads < at => it.with = [other].into_iter().collect(),
        6 => it.selector = [("class".to_owned(), "a".to_owned())].into(),
        7 => it.spread = Some(Spread { over: Topology::Switch, skew: 1 }),
        8 => it.tolerations = vec!["*".parse::<Toleration>().unwrap()],
        9 => it.pin = it.on.clone(),
        10 if it.volumes.is_empty() => {
            it.replicas = Replicas::EveryNode;
            it.on = Default::default();
            it.min_available = 0;
            it.uses.memory = Some(Bytes(20 << 20));
        }
        _ => {}
    }
    it
}

fn rbd() -> VolumeKind {
    VolumeKind::Rbd("n0:pool".parse().unwrap())
}

fn port(number: usize) -> HostPort {
    HostPort { number: 53 + u16::try_from(number % 3).unwrap(), protocol: Protocol::Udp }
}

fn volume(name: &str, size: u64) -> Volume {
    Volume {
        kind: VolumeKind::LocalPath,
        name: Some(name.into()),
        size: Some(Bytes(size << 30)),
        holds: None,
        storage_class: None,
    }
}
