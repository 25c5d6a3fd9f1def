//! Synthetic racks for the benchmarks: large, plausible, and the same on every run.

pub mod challenge;
pub mod chart;
pub mod cpu;
mod dice;
pub mod online;

pub use dice::Dice;

use rackberry::core::{
    BitsPerSecond, Bytes, ClusterId, Millicores, NetworkId, NodeId, OutletId, PortNo, SwitchId,
    WorkloadId,
};
use rackberry::plan::rack::{
    Amounts, Cluster, HostPort, K3s, List, Network, Node, Os, Outlet, Policy, Port, PortRef,
    Protocol, Rack, Replicas, Role, Switch, Topology, VlanId, Volume, VolumeKind, Workload,
};
use std::net::{IpAddr, Ipv4Addr};

/// Nodes on one switch.
const PER_SWITCH: usize = 24;

/// A rack of `nodes` Raspberry Pi 5 on 24-port PoE switches, one cluster, and `workloads` workloads
/// that are unevenly placed: one in eight keeps data on its node, some select nodes by label, keep
/// apart, or take a port of their node.
pub fn synthetic(nodes: usize, workloads: usize) -> Rack {
    let mut dice = Dice(nodes as u64 + 1);
    let mut rack = Rack { rack: format!("synthetic-{nodes}"), ..Rack::default() };
    let lan = Network {
        vlan: VlanId::default(),
        subnet: "10.0.0.0/8".parse().ok(),
        gateway: Some(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1))),
        dns: List::default(),
    };
    rack.networks.insert(NetworkId::new("lan"), lan);
    rack.clusters.insert(
        ClusterId::new("home"),
        Cluster { k3s: Some(K3s::default()), ..Cluster::default() },
    );
    for at in 0..nodes.div_ceil(PER_SWITCH) {
        rack.outlets.insert(OutletId::new(format!("outlet-{at:05}")), Outlet::default());
        rack.switches.insert(SwitchId::new(format!("sw-{at:05}")), switch(at));
    }
    rack.nodes.extend((0..nodes).map(|at| (node_id(at), node(at))));
    rack.workloads.extend((0..workloads).map(|at| workload(at, nodes, &mut dice)));
    rack.policy = Policy { may_stop: vec![WorkloadId::new("w-000003")], ..Policy::default() };
    rack
}

fn node_id(at: usize) -> NodeId {
    NodeId::new(format!("pi-{at:05}"))
}

fn address(at: usize) -> IpAddr {
    let number = 0x0a01_0000u32 + u32::try_from(at).unwrap_or(u32::MAX);
    IpAddr::V4(Ipv4Addr::from(number))
}

fn switch(at: usize) -> Switch {
    let uplink = Port {
        speed: Some(BitsPerSecond(10_000_000_000)),
        module: Some("sfp+-dac".into()),
        ..Port::default()
    };
    Switch {
        model: "CRS328-24P-4S+RM".into(),
        address: Some(address(0x8_0000 + at)),
        network: Some(NetworkId::new("lan")),
        uplink: Some(PortNo(25)),
        outlet: Some(OutletId::new(format!("outlet-{at:05}"))),
        ports: [(PortNo(25), uplink)].into(),
        ..Switch::default()
    }
}

fn node(at: usize) -> Node {
    let switch = SwitchId::new(format!("sw-{:05}", at / PER_SWITCH));
    let port = u16::try_from(at % PER_SWITCH + 1).unwrap_or(1);
    let class = if at.is_multiple_of(4) { "storage" } else { "compute" };
    Node {
        board: "pi5-8g".into(),
        hat: Some("poe-plus-pi5".into()),
        port: Some(PortRef { switch, port: PortNo(port) }),
        network: Some(NetworkId::new("lan")),
        address: Some(address(at)),
        os: Some(Os::Raspios),
        cluster: Some(ClusterId::new("home")),
        role: if at == 0 { Role::ControlPlane } else { Role::Worker },
        labels: [("class".to_owned(), class.to_owned())].into(),
        ..Node::default()
    }
}

fn workload(at: usize, nodes: usize, dice: &mut Dice) -> (WorkloadId, Workload) {
    let memory = Bytes((64 + dice.below(512)) << 20);
    let cpu = Millicores(20 + dice.below(200));
    let kind = dice.below(16);
    let selected = kind == 5;
    // Every second one is on the first half, which so is three times as full as the other.
    let some = if at.is_multiple_of(2) { nodes } else { nodes.div_ceil(2) };
    let on = dice.below(some as u64) as usize;
    let on = if selected { on / 4 * 4 } else { on };
    let mut it = Workload {
        on: [node_id(on)].into_iter().collect(),
        requests: Amounts { memory: Some(Bytes(memory.0 / 2)), cpu: Some(cpu) },
        uses: Amounts { memory: Some(memory), cpu: Some(cpu) },
        ..Workload::default()
    };
    match kind {
        0 | 1 => it.volumes = vec![local(dice)],
        2 => {
            it.replicas = Replicas::Count(2);
            it.apart = Some(Topology::Switch);
        }
        3 => {
            let number = 8000 + u16::try_from(dice.below(50)).unwrap_or(0);
            it.host_ports = [HostPort { number, protocol: Protocol::Tcp }].into_iter().collect();
        }
        5 => it.selector = [("class".to_owned(), "storage".to_owned())].into(),
        _ => {}
    }
    (WorkloadId::new(format!("w-{at:06}")), it)
}

fn local(dice: &mut Dice) -> Volume {
    let holds = Bytes((1 + dice.below(8)) << 28);
    Volume {
        kind: VolumeKind::LocalPath,
        name: None,
        size: Some(Bytes(4 << 30)),
        holds: Some(holds),
        storage_class: None,
    }
}
