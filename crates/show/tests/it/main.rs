//! What `rackberry-show` draws and writes, seen from outside.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod page;
mod picture;

use rackberry_core::NodeId;
use rackberry_plan::rack::Node;
use rackberry_plan::{Placement, Rack, Resolved, Source, measure};

/// A small rack that has some of everything: two networks, a guest, a NAS, moves and a start.
const DESK: &str = r#"
rack: desk
networks:
  lan:   { vlan: 1, subnet: 192.168.2.0/24 }
  infra: { vlan: 2, subnet: 10.0.2.0/24 }
switches:
  poe: { model: GS305EP, address: 10.0.2.4, uplink: 5, ports: { 5: { to: router, network: lan, tagged: infra } } }
nodes:
  pi-1: { board: pi4-4g, hat: poe-plus, port: poe/1, network: infra, address: 10.0.2.31, os: talos, cluster: home }
  pi-2: { board: pi4-4g, hat: poe-plus, port: poe/2, network: infra, address: 10.0.2.32, os: talos, cluster: home }
  pve:  { board: x86, memory: 16Gi, cores: 4, port: poe/3, network: lan, os: proxmox }
  vm-1: { board: vm, memory: 4Gi, cores: 2, host: pve, network: infra, os: talos, cluster: home, role: control-plane }
clusters: { home: { talos: {}, workloads-on-control-plane: true } }
services:
  router: { address: 192.168.2.1, serves: [internet, dns] }
workloads:
  prometheus: { on: pi-1, uses: { memory: 1800Mi, cpu: 300m }, volumes: [{ local-path: 20Gi, holds: 9Gi }] }
  grafana:    { on: pi-1, uses: { memory: 900Mi } }
  pi-hole:    { on: pi-1, replicas: 2, uses: { memory: 190Mi }, serves: dns }
  exporter:   { replicas: every-node, uses: { memory: 15Mi } }
policy: { memory-limit: 85% }
"#;

fn read(text: &str) -> Resolved {
    let (rack, _) = Source::read("test.yaml", text.as_bytes()).unwrap_or_else(|it| panic!("{it}"));
    rack.resolve().unwrap()
}

/// The desk, with Prometheus and Grafana moved off the first Pi and the second Pi-hole started.
fn desk() -> (Resolved, Placement) {
    let rack = read(DESK);
    let node = |name: &str| rack.node(&NodeId::new(name));
    let at = (0..rack.replicas.len()).map(|it| match rack.replica_ref(it).to_string().as_str() {
        "grafana/0" => node("vm-1"),
        "prometheus/0" | "pi-hole/1" => node("pi-2"),
        _ => rack.replicas[it].on,
    });
    let placement = measure(&rack, at.collect()).unwrap();
    (rack, placement)
}

/// The racks that come with the program.
fn examples() -> Vec<(String, Resolved)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/racks");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    let rack = |path: &std::path::PathBuf| {
        (path.display().to_string(), read(&std::fs::read_to_string(path).unwrap()))
    };
    files.iter().map(rack).collect()
}

/// What would be markup, a way out of an attribute, or a character that XML forbids.
const HOSTILE: &str =
    "</text></title><script>alert('x')</script>\"onload=\"x\" & ]]> \u{1}\u{202e}";

/// A rack in which everything that can be named or described is hostile.
fn hostile() -> Resolved {
    let mut rack: Rack = read(DESK).rack;
    rack.rack = HOSTILE.into();
    let mut node: Node = rack.nodes[&NodeId::new("pi-1")].clone();
    node.port = None;
    node.hat = None;
    node.labels.insert(HOSTILE.into(), HOSTILE.into());
    rack.nodes.insert(NodeId::new(HOSTILE), node);
    let network = rack.networks.values().next().unwrap().clone();
    rack.networks.insert(rackberry_core::NetworkId::new(HOSTILE), network);
    let service = rack.services.values().next().unwrap().clone();
    rack.services.insert(rackberry_core::ServiceId::new(HOSTILE), service);
    let mut workload = rack.workloads.values().nth(1).unwrap().clone();
    workload.on = [NodeId::new(HOSTILE)].into_iter().collect();
    rack.workloads.insert(rackberry_core::WorkloadId::new(HOSTILE), workload);
    let switch = rack.switches.values().next().unwrap().clone();
    rack.switches.insert(rackberry_core::SwitchId::new(HOSTILE), switch);
    rack.resolve().unwrap()
}
