//! A room that has one of everything, and what the laws may play with in it.

use rackberry_core::{
    BitsPerSecond, Bytes, ClusterId, DatasetId, Digest, DiskId, GuestSpec, Layout, Manifest,
    Milliwatts, NodeConfig, NodeId, PoolId, PoolSpec, PortNo, Power, SwitchId, Tagging, Version,
    VirtualDisk, VlanId, WorkloadId,
};
use rackberry_testkit::laws::{
    Disks, Files, First, Hosts, House, Keeper, Kept, Members, Outlet, Patience, Pool, Pools, Ports,
    Spare, Tenant,
};
use rackberry_testkit::{
    Blueprint, Boots, ClusterPlan, Fault, Feed, Hypervisor, Jack, Load, MachinePlan, PoolPlan,
    SwitchPlan, Uplink, World,
};
use std::sync::Arc;

pub(crate) const TICKET: &str = "let me in";

/// The text of a configuration.
pub(crate) fn text(cluster: &str, role: &str) -> String {
    format!(r#"{{"cluster": "{cluster}", "role": "{role}", "ticket": "{TICKET}"}}"#)
}

pub(crate) fn config(text: &str) -> NodeConfig {
    NodeConfig { digest: Digest(text.into()), text: text.to_owned().into() }
}

pub(crate) const LOAD: Load = Load { class: 4, idle: Milliwatts(5_000), boot: Milliwatts(9_000) };

pub(crate) fn fed(id: &str, port: u16, boots: Boots) -> MachinePlan {
    let jack = Some(Jack::new("sw", port));
    MachinePlan { feed: Feed::Poe(LOAD), boots, ..MachinePlan::new(id, jack) }
}

pub(crate) fn system(config: &str) -> Boots {
    Boots::System { version: Version::new("1.0"), config: config.into() }
}

fn host(id: &str, port: u16) -> MachinePlan {
    let config = r#"{"cluster": null, "role": "worker"}"#;
    let disks = ["ssd", "a", "b", "c", "d"].map(|it| (DiskId::new(it), Bytes(64 << 30)));
    MachinePlan {
        boots: system(config),
        hypervisor: Some(Hypervisor { installer: Version::new("1.0") }),
        disks: disks.into(),
        memory: Bytes(32 << 30),
        ..MachinePlan::new(id, Some(Jack::new("sw", port)))
    }
}

/// The same machine, with hardly any memory and hardly any disk.
fn full(plan: MachinePlan) -> MachinePlan {
    let disks = plan.disks.into_keys().map(|it| (it, Bytes(1 << 20))).collect();
    MachinePlan { memory: Bytes(1 << 20), disks, ..plan }
}

fn mirror(disks: [&str; 2]) -> PoolSpec {
    PoolSpec { layout: Layout::Mirror, disks: disks.map(DiskId::new).into() }
}

fn pool(id: &str, machine: &str, made: Option<PoolSpec>) -> PoolPlan {
    PoolPlan { id: PoolId::new(id), machine: NodeId::new(machine), made }
}

/// Three machines of a cluster, one of another that has not begun, one that nobody needs, three hosts, a guest
/// of the first host, and two machines that never answer. The controller is behind port 12.
pub(crate) fn blueprint() -> Blueprint {
    let member = |id, port, role| fed(id, port, system(&text("home", role)));
    let guest = Feed::Guest { host: NodeId::new("h1"), power: Power::On };
    Blueprint {
        switches: vec![SwitchPlan::new("sw", 12).with_poe(Milliwatts(63_000))],
        machines: vec![
            member("n1", 1, "control-plane"),
            member("n2", 2, "worker"),
            full(member("n3", 3, "worker")),
            fed("f1", 4, system(&text("fresh", "control-plane"))),
            fed("s1", 5, system(&spare())),
            host("h1", 8),
            host("h2", 9),
            full(host("h3", 10)),
            fed("x1", 6, Boots::Nothing),
            MachinePlan { boots: Boots::Nothing, ..host("x2", 11) },
            MachinePlan { feed: guest, ..MachinePlan::new("g1", None) },
        ],
        clusters: vec![
            cluster("home", Some("n1")),
            cluster("fresh", None),
            cluster("gone", Some("x1")),
        ],
        pools: vec![
            pool("tank", "h1", Some(mirror(["a", "b"]))),
            pool("new", "h1", None),
            pool("gone", "x2", None),
            pool("copy", "h2", Some(mirror(["a", "b"]))),
        ],
        uplink: Some(Uplink {
            jack: Jack::new("sw", 12),
            vlans: [(VlanId::default(), Tagging::Untagged)].into(),
        }),
        versions: ["1.0", "1.1"].map(Version::new).into(),
    }
}

fn cluster(id: &str, begun: Option<&str>) -> ClusterPlan {
    ClusterPlan { id: ClusterId::new(id), ticket: TICKET.into(), begun: begun.map(NodeId::new) }
}

/// The configuration of the machine that nobody needs.
fn spare() -> String {
    r#"{"cluster": null, "role": "worker"}"#.into()
}

pub(crate) fn world() -> World {
    World::new(blueprint())
}

pub(crate) fn ports() -> Ports {
    let vlan = VlanId::try_from(77).unwrap();
    Ports { spare: PortNo(5), absent: PortNo(13), vlan, patience: Patience::default() }
}

pub(crate) fn outlet() -> Outlet {
    Outlet::default()
}

pub(crate) fn machine() -> Spare {
    Spare {
        mine: config(&spare()),
        other: config(r#"{"cluster": null, "role": "control-plane"}"#),
        bad: config("not a configuration"),
        version: Version::new("1.1"),
        absent: Version::new("9.9"),
        patience: Patience::default(),
    }
}

pub(crate) fn house() -> House {
    let disk = VirtualDisk { size: Bytes(8 << 30), pool: Some(PoolId::new("tank")) };
    let spec = GuestSpec {
        guest: NodeId::new("law"),
        memory: Bytes(4 << 30),
        cores: 2,
        disks: [(DiskId::new("root"), disk)].into(),
        vlan: None,
    };
    let (peer, absent) = (Some(NodeId::new("h2")), NodeId::new("absent"));
    let full = Some(NodeId::new("h3"));
    House { spec, peer, full, absent, patience: Patience::default() }
}

pub(crate) fn manifest(workload: &str, text: &str) -> Manifest {
    let digest = Digest(format!("{workload}: {text}"));
    Manifest { workload: WorkloadId::new(workload), digest, text: text.to_owned().into() }
}

pub(crate) fn members() -> Members {
    Members {
        node: NodeId::new("n2"),
        other: NodeId::new("n1"),
        spare: Some(NodeId::new("n3")),
        last: Some(NodeId::new("n1")),
        absent: NodeId::new("s1"),
        small: manifest("small", r#"{"requests": 1000}"#),
        changed: manifest("small", r#"{"requests": 2000}"#),
        huge: manifest("huge", r#"{"requests": 9999999999999}"#),
        kept: manifest("kept", r#"{"requests": 1000, "min-available": 1}"#),
        bad: manifest("bad", "not a manifest"),
        patience: Patience::default(),
    }
}

pub(crate) fn kept() -> Kept {
    let manifest = manifest("db", r#"{"requests": 1000, "volumes": ["data"]}"#);
    Kept { members: members(), manifest, volume: "data".into(), full: Some(NodeId::new("n3")) }
}

pub(crate) fn first() -> First {
    let (unfit, silent) = (NodeId::new("s1"), NodeId::new("x1"));
    let manifest = manifest("early", r#"{"requests": 1000}"#);
    First { node: NodeId::new("f1"), unfit, silent, manifest, patience: Patience::default() }
}

pub(crate) fn tank() -> Pool {
    Pool {
        spec: mirror(["c", "d"]),
        dataset: DatasetId::new("tank/law"),
        property: ("compression".into(), ["lz4".into(), "zstd".into()]),
        absent: "nonsense".into(),
        target: Some("copy".into()),
        full: Some(("small".into(), Bytes(8 << 20))),
        patience: Patience::default(),
    }
}

pub(crate) fn disks() -> Disks {
    Disks {
        spec: mirror(["c", "d"]),
        taken: Some(DiskId::new("a")),
        absent: DiskId::new("z"),
        dataset: DatasetId::new("new/law"),
        patience: Patience::default(),
    }
}

pub(crate) fn id(name: &str) -> NodeId {
    NodeId::new(name)
}

pub(crate) fn sw() -> SwitchId {
    SwitchId::new("sw")
}

/// The speed of a link that is up.
pub(crate) const FAST: BitsPerSecond = BitsPerSecond(1_000_000_000);

/// The same room, with the controller at a port that is off.
pub(crate) fn cut_off() -> World {
    let mut room = blueprint();
    room.switches[0].ports.values_mut().for_each(|it| it.enabled = false);
    World::new(room)
}

/// The same room, with a switch that knows neither VLANs nor PoE.
pub(crate) fn plain() -> World {
    let ports = SwitchPlan { vlans: None, ..SwitchPlan::new("sw", 12) };
    World::new(Blueprint { switches: vec![ports], ..Blueprint::default() })
}

/// The same room, in which one thing goes wrong with every call.
pub(crate) fn failing(fault: Fault) -> World {
    (1..=64).fold(world(), |world, call| world.with_fault(call, fault))
}

/// The same room, in which a disk of `tank` was replaced just now.
pub(crate) fn rebuilding() -> World {
    let (world, h1, disk) = (world().with_latency(64), id("h1"), DiskId::new("a"));
    world.break_disk(&h1, &disk);
    world.replace_disk(&h1, &disk);
    world
}

/// The same room, with a pool that holds hardly anything.
pub(crate) fn with_a_small_pool() -> World {
    let mut room = blueprint();
    room.pools.push(pool("small", "h3", Some(mirror(["a", "b"]))));
    World::new(room)
}

/// The clients of `tank`.
#[derive(Debug)]
struct Clients(World);

impl Files for Clients {
    fn write(&self, dataset: &DatasetId, bytes: u64) {
        assert!(self.0.write(&PoolId::new("tank"), dataset, bytes), "nothing to write to");
    }

    fn holds(&self, dataset: &DatasetId) -> u64 {
        self.0.content(&PoolId::new("tank"), dataset).unwrap()
    }
}

pub(crate) fn pools(world: &World) -> Pools {
    let (here, there) = (PoolId::new("tank"), PoolId::new("copy"));
    let files = Arc::new(Clients(world.clone()));
    Pools { here: world.storage(&here), there: world.storage(&there), files }
}

pub(crate) fn hosts(world: &World) -> Hosts {
    Hosts { here: world.os(&id("h1")), there: world.os(&id("h2")) }
}

pub(crate) fn tenant(world: &World) -> Tenant {
    Tenant { host: world.os(&id("h1")), guest: id("g1"), os: world.os(&id("g1")) }
}

pub(crate) fn keeper(world: &World) -> Keeper {
    Keeper { node: world.os(&id("h1")), pool: world.storage(&PoolId::new("tank")) }
}
