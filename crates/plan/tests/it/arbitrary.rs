//! Random racks that can be written: every field of every type, and texts that look like something else.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says why")]

mod dice;
mod hardware;

pub(crate) use dice::Dice;
use dice::{id, label, line, text};
use hardware::{arch, boot, catalogue, effect, os};
use proptest::prelude::*;
use rackberry_core::{
    BitsPerSecond, Bytes, Millicores, Milliwatts, PerGi, PerMinute, Permille, PoePriority, Points,
    PortNo, Seconds, Version,
};
use rackberry_plan::Rack;
use rackberry_plan::rack::*;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Racks of all sizes, the smallest first when a test shrinks one.
pub(crate) fn racks() -> impl Strategy<Value = Rack> {
    (0..=5u64, any::<u64>()).prop_map(|(size, seed)| rack(&mut Dice { state: seed, size }))
}

fn version(dice: &mut Dice) -> Version {
    Version::new(line(dice))
}

fn bytes(dice: &mut Dice) -> Bytes {
    Bytes(dice.number())
}

fn power(dice: &mut Dice) -> Milliwatts {
    Milliwatts(dice.number())
}

fn share(dice: &mut Dice) -> Permille {
    Permille(dice.below(1001))
}

fn speed(dice: &mut Dice) -> BitsPerSecond {
    BitsPerSecond(dice.number())
}

fn address(dice: &mut Dice) -> IpAddr {
    match dice.bool() {
        true => Ipv4Addr::from_bits(dice.next() as u32).into(),
        false => Ipv6Addr::from_bits(u128::from(dice.next()) << 64 | 1).into(),
    }
}

fn amounts(dice: &mut Dice) -> Amounts {
    Amounts { memory: dice.maybe(bytes), cpu: dice.maybe(|it| Millicores(it.number())) }
}

fn draw(dice: &mut Dice) -> Draw {
    Draw { typical: dice.maybe(power), peak: dice.maybe(power), boot: dice.maybe(power) }
}

fn port_no(dice: &mut Dice) -> PortNo {
    PortNo(dice.next() as u16)
}

fn port_ref(dice: &mut Dice) -> PortRef {
    PortRef { switch: id(dice), port: port_no(dice) }
}

fn server(dice: &mut Dice) -> Server {
    if dice.bool() { Server::Address(address(dice)) } else { Server::Thing(id(dice)) }
}

fn labels(dice: &mut Dice) -> BTreeMap<String, String> {
    dice.some(|it| (text(it), text(it)))
}

fn network(dice: &mut Dice) -> Network {
    let subnet = |it: &mut Dice| {
        let address = address(it);
        let most = if address.is_ipv4() { 33 } else { 129 };
        format!("{address}/{}", it.below(most)).parse().unwrap()
    };
    Network {
        vlan: VlanId::try_from(1 + dice.below(4094) as u16).unwrap(),
        subnet: dice.maybe(subnet),
        gateway: dice.maybe(address),
        dns: dice.some(server),
    }
}

fn secret(dice: &mut Dice) -> SecretRef {
    match dice.below(3) {
        0 => SecretRef::Env(text(dice)),
        1 => SecretRef::File(text(dice)),
        _ => SecretRef::Command(dice.some(text)),
    }
}

fn port(dice: &mut Dice) -> Port {
    let end = |it: &mut Dice| {
        if it.bool() { PortEnd::Port(port_ref(it)) } else { PortEnd::Thing(id(it)) }
    };
    Port {
        to: dice.maybe(end),
        network: dice.maybe(id),
        tagged: dice.some(id),
        poe: dice.maybe(Dice::bool),
        limit: dice.maybe(power),
        priority: dice.maybe(priority),
        protected: dice.bool(),
        speed: dice.maybe(speed),
        module: dice.maybe(text),
    }
}

fn priority(dice: &mut Dice) -> PoePriority {
    if dice.bool() { PoePriority::High } else { PoePriority::Critical }
}

fn switch(dice: &mut Dice) -> Switch {
    Switch {
        model: text(dice),
        address: dice.maybe(address),
        network: dice.maybe(id),
        uplink: dice.maybe(port_no),
        user: dice.maybe(text),
        password: dice.maybe(secret),
        budget: dice.maybe(power),
        outlet: dice.maybe(id),
        fingerprint: dice.maybe(|it| Fingerprint(std::array::from_fn(|_| it.next() as u8))),
        authority: dice.maybe(text),
        plain_http: dice.bool(),
        allow_lockout: dice.bool(),
        ports: dice.some(|it| (port_no(it), port(it))),
    }
}

fn link(dice: &mut Dice) -> Link {
    Link {
        port: dice.maybe(port_ref),
        network: dice.maybe(id),
        address: dice.maybe(address),
        mac: dice.maybe(mac),
        speed: dice.maybe(speed),
    }
}

fn mac(dice: &mut Dice) -> Mac {
    Mac(std::array::from_fn(|_| dice.next() as u8))
}

fn taint(dice: &mut Dice) -> Taint {
    let value = dice.maybe(label).unwrap_or_default();
    Taint { key: label(dice), value, effect: effect(dice) }
}

fn disk(dice: &mut Dice) -> Disk {
    Disk { kind: boot(dice), size: dice.maybe(bytes), pool: dice.maybe(id) }
}

fn node(dice: &mut Dice) -> Node {
    Node {
        board: text(dice),
        hat: dice.maybe(text),
        port: dice.maybe(port_ref),
        outlet: dice.maybe(id),
        host: dice.maybe(id),
        network: dice.maybe(id),
        address: dice.maybe(address),
        mac: dice.maybe(mac),
        serial: dice.maybe(text),
        links: dice.some(link),
        dns: dice.some(server),
        os: dice.maybe(os),
        boot: dice.maybe(boot),
        cluster: dice.maybe(id),
        role: dice.pick(&[Role::Worker, Role::ControlPlane]),
        labels: labels(dice),
        taints: dice.some(taint),
        cordoned: dice.bool(),
        arch: dice.maybe(arch),
        cores: dice.maybe(|it| it.next() as u16),
        memory: dice.maybe(bytes),
        usable: dice.maybe(bytes),
        uses: amounts(dice),
        draw: draw(dice),
        disks: dice.some(|it| (id(it), disk(it))),
        needs: dice.some(|it| it.some(id)),
        rescues: dice.some(id),
        serves: dice.some(id),
    }
}

fn pool(dice: &mut Dice) -> Pool {
    use Layout::{Mirror, Raidz1, Raidz2, Raidz3, Stripe};
    Pool {
        node: dice.maybe(id),
        service: dice.maybe(id),
        layout: dice.pick(&[Stripe, Mirror, Raidz1, Raidz2, Raidz3]),
        disks: dice.some(id),
    }
}

fn cluster(dice: &mut Dice) -> Cluster {
    let datastore =
        |it: &mut Dice| it.pick(&[Datastore::Sqlite, Datastore::Etcd, Datastore::External]);
    let talos = |it: &mut Dice| Talos { version: it.maybe(version), schematic: it.maybe(text) };
    let proxmox = |it: &mut Dice| Proxmox {
        version: it.maybe(version),
        corosync: it.some(id),
        qdevice: it.maybe(id),
    };
    Cluster {
        talos: dice.maybe(talos),
        k3s: dice.maybe(version).map(|it| K3s { version: Some(it), datastore: datastore(dice) }),
        kubernetes: dice.maybe(|it| Kubernetes { version: it.maybe(version) }),
        proxmox: dice.maybe(proxmox),
        endpoint: dice.maybe(text),
        default_storage_class: dice.maybe(text),
        workloads_on_control_plane: dice.maybe(Dice::bool),
    }
}

fn service(dice: &mut Dice) -> Service {
    Service {
        address: dice.maybe(address),
        on: dice.some(id),
        needs: dice.some(|it| it.some(id)),
        serves: dice.some(id),
    }
}

fn volume(dice: &mut Dice) -> Volume {
    let export = |it: &mut Dice| Export { service: id(it), path: line(it) };
    let kind = match dice.below(5) {
        0 => VolumeKind::LocalPath,
        1 => VolumeKind::Empty,
        2 => VolumeKind::Nfs(export(dice)),
        3 => VolumeKind::Iscsi(export(dice)),
        _ => VolumeKind::Rbd(export(dice)),
    };
    let sized = matches!(kind, VolumeKind::LocalPath | VolumeKind::Empty);
    let size = if sized { Some(bytes(dice)) } else { dice.maybe(bytes) };
    let most = size.map_or(u64::MAX, |it| it.0.saturating_add(1));
    let holds = dice.bool().then(|| Bytes(dice.below(most)));
    Volume { kind, name: dice.maybe(text), size, holds, storage_class: dice.maybe(text) }
}

fn toleration(dice: &mut Dice) -> Toleration {
    Toleration { key: dice.maybe(label), value: dice.maybe(label), effect: dice.maybe(effect) }
}

fn topology(dice: &mut Dice) -> Topology {
    let label = Topology::Label("example.org/a b: c".into());
    dice.pick(&[Topology::Node, Topology::Switch, Topology::Outlet, Topology::Host, label])
}

fn host_port(dice: &mut Dice) -> HostPort {
    let protocol = dice.pick(&[Protocol::Tcp, Protocol::Udp]);
    HostPort { number: 1 + dice.below(65_535) as u16, protocol }
}

fn replicas(dice: &mut Dice) -> Replicas {
    if dice.bool() { Replicas::EveryNode } else { Replicas::Count(dice.below(10_001) as u32) }
}

fn workload(dice: &mut Dice) -> Workload {
    Workload {
        cluster: dice.maybe(id),
        namespace: dice.maybe(text),
        replicas: replicas(dice),
        on: dice.some(id),
        pin: dice.some(id),
        requests: amounts(dice),
        uses: amounts(dice),
        limits: amounts(dice),
        labels: labels(dice),
        selector: labels(dice),
        prefer: labels(dice),
        arch: dice.some(arch),
        tolerations: dice.some(toleration),
        with: dice.some(id),
        near: dice.some(id),
        apart: dice.maybe(topology),
        apart_from: dice.some(id),
        spread: dice.maybe(|it| Spread { over: topology(it), skew: (it.next() as u32).max(1) }),
        host_ports: dice.some(host_port),
        host_network: dice.bool(),
        volumes: dice.some(volume),
        needs: dice.some(|it| it.some(id)),
        serves: dice.some(id),
        min_available: dice.number() as u32,
    }
}

fn policy(dice: &mut Dice) -> Policy {
    let weights = Weights {
        balance: Points(dice.number()),
        moved_bytes: PerGi(dice.number()),
        downtime: PerMinute(dice.number()),
        moves: Points(dice.number()),
        near: Points(dice.number()),
        prefer: Points(dice.number()),
    };
    Policy {
        memory_limit: share(dice),
        cpu_limit: share(dice),
        weights,
        may_stop: dice.some(id),
        move_volumes: dice.bool(),
        assume: amounts(dice),
        restart: Seconds(dice.number()),
        churn: share(dice),
        disk_speed: speed(dice),
        poe_limit: share(dice),
    }
}

/// A rack.
pub(crate) fn rack(dice: &mut Dice) -> Rack {
    let outlet = |it: &mut Dice| Outlet { from: it.maybe(id), limit: it.maybe(power) };
    Rack {
        rack: text(dice),
        catalogue: catalogue(dice),
        networks: dice.some(|it| (id(it), network(it))),
        outlets: dice.maybe(id).map(|it| (it, outlet(dice))).into_iter().collect(),
        switches: dice.some(|it| (id(it), switch(it))),
        nodes: dice.some(|it| (id(it), node(it))),
        pools: dice.some(|it| (id(it), pool(it))),
        clusters: dice.some(|it| (id(it), cluster(it))),
        services: dice.some(|it| (id(it), service(it))),
        workloads: dice.some(|it| (id(it), workload(it))),
        policy: dice.maybe(policy).unwrap_or_default(),
    }
}
