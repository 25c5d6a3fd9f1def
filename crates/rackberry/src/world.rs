//! A simulated rack made from a rack file, for tests and for trying things out.
//!
//! [`simulate`] builds the room of a [`Resolved`] rack with bare boards in it, and [`fleet`] has the handles that
//! [`execute`](crate::exec::execute) works with. [`described`] is the room of a rack that runs as its file says.

use crate::exec::{Finish, Fleet, How, Memory, Node, Outlet, Patience, Render, converge};
use crate::plan::rack::{Os, PoeStandard, PortEnd};
use crate::plan::{Feed, Resolved};
use crate::testkit::{
    Blueprint, Boots, ClusterPlan, Hypervisor, Jack, Load, MachinePlan, PoePlan, PoolPlan,
    PortPlan, SwitchPlan, Uplink, World,
};
use async_trait::async_trait;
use rackberry_core::{
    BitsPerSecond, Bytes, ClusterId, Digest, DiskId, Error, ErrorKind, JoinTicket, Manifest,
    NodeConfig, NodeId, PortNo, Power, Result, SwitchId, Tagging, Version, VlanId, VlanTable,
    WorkloadId,
};
use secrecy::ExposeSecret;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a board boots that has no system of its own yet.
const IMAGE: &str = "image";

/// What a disk holds of which the file does not say it: enough.
const DISK: Bytes = Bytes(1 << 40);

/// A room with the boards of a rack in it, as they were unpacked: switches as they leave their maker, machines that
/// boot a fresh image. What no switch and no host feeds is switched on.
pub fn simulate(rack: &Resolved) -> World {
    World::new(blueprint(rack))
}

/// A room with a rack in it that runs as its file says, for tools that begin there: brought up from bare boards, which
/// takes a while for a large one. [`World::save`] keeps it.
///
/// # Errors
///
/// Returns why it could not be brought up.
pub async fn described(rack: &Resolved) -> Result<World, Finish> {
    let world = simulate(rack);
    let how = How { patience: Patience::NONE, ..How::default() };
    let reached = converge(rack, &fleet(&world, rack), &mut Memory::default(), &how).await;
    if reached.finish == Finish::Described { Ok(world) } else { Err(reached.finish) }
}

/// What [`simulate`] builds, as plain data, to be changed before a [`World`] is made of it.
pub fn blueprint(rack: &Resolved) -> Blueprint {
    let guest = |it: &usize| matches!(rack.nodes[*it].feed, Feed::Host(_));
    let machines = (0..rack.nodes.len()).filter(|it| !guest(it));
    Blueprint {
        switches: (0..rack.switches.len()).map(|it| switch(rack, it)).collect(),
        machines: machines.map(|it| machine(rack, it)).collect(),
        clusters: rack.rack.clusters.keys().map(cluster).collect(),
        pools: pools(rack),
        uplink: uplink(rack),
        versions: Default::default(),
    }
}

fn cluster(id: &ClusterId) -> ClusterPlan {
    ClusterPlan { id: id.clone(), ticket: format!("ticket of {id}"), begun: None }
}

fn pools(rack: &Resolved) -> Vec<PoolPlan> {
    let of_node = rack.rack.pools.iter().filter_map(|(id, it)| {
        Some(PoolPlan { id: id.clone(), machine: it.node.clone()?, made: None })
    });
    of_node.collect()
}

fn vlan(rack: &Resolved, node: usize) -> VlanId {
    let network = rack.rack.nodes[&rack.nodes[node].id].network.as_ref();
    network.and_then(|it| rack.vlan(it)).unwrap_or_default()
}

fn switch(rack: &Resolved, at: usize) -> SwitchPlan {
    let it = &rack.switches[at];
    let written = &rack.rack.switches[&it.id];
    let ports = it.model.port_numbers();
    let network = written.network.as_ref();
    let cables = written.ports.iter().filter_map(|(port, it)| match &it.to {
        Some(PortEnd::Port(far)) => {
            Some((*port, Jack { switch: far.switch.clone(), port: far.port }))
        }
        Some(PortEnd::Thing(_)) | None => None,
    });
    SwitchPlan {
        id: it.id.clone(),
        model: written.model.clone(),
        serial: None,
        ports: ports.clone().map(|port| (port, self::port(rack, at, port))).collect(),
        budget: (it.budget.0 > 0).then_some(it.budget),
        vlans: it.model.is_managed().then(|| VlanTable::factory(ports)),
        management: network.and_then(|it| rack.vlan(it)).unwrap_or_default(),
        cables: cables.collect(),
    }
}

fn port(rack: &Resolved, switch: usize, port: PortNo) -> PortPlan {
    let group = rack.switches[switch].model.port(port);
    let class = group.and_then(|it| it.poe).and_then(|it| match it {
        // What is always there is asked for by nobody.
        PoeStandard::Passive => None,
        PoeStandard::Af => Some(3),
        PoeStandard::At => Some(4),
        PoeStandard::Bt => Some(8),
    });
    let speed = group.map_or(BitsPerSecond(1_000_000_000), |it| it.speed);
    let poe = class.map(|class| PoePlan { power: Power::Off, class, ..PoePlan::default() });
    PortPlan { name: String::new(), enabled: true, speed, poe }
}

fn machine(rack: &Resolved, at: usize) -> MachinePlan {
    let it = &rack.nodes[at];
    let written = &rack.rack.nodes[&it.id];
    let jack = written.port.as_ref();
    let jack = jack.map(|it| Jack { switch: it.switch.clone(), port: it.port });
    let feed = match &it.feed {
        Feed::Poe { class, .. } => crate::testkit::Feed::Poe(Load {
            class: class.unwrap_or(3),
            idle: it.power.typical,
            boot: it.power.boot,
        }),
        Feed::Outlet(_) | Feed::Host(_) | Feed::Unknown => crate::testkit::Feed::Always,
    };
    let disks = written.disks.iter().map(|(id, it)| (id.clone(), it.size.unwrap_or(DISK)));
    // What boots has something to boot from.
    let card = written.disks.is_empty().then(|| (DiskId::new("boot"), DISK));
    let image = Version::new(IMAGE);
    MachinePlan {
        id: it.id.clone(),
        jack,
        feed,
        boots: Boots::Installer(image.clone()),
        memory: it.usable.memory,
        disks: disks.chain(card).collect(),
        serial: written.serial.clone(),
        address: written.address,
        vlan: vlan(rack, at),
        hypervisor: (written.os == Some(Os::Proxmox)).then_some(Hypervisor { installer: image }),
    }
}

/// The controller stands behind the uplink of the rack, if by the file all its machines can be reached from there.
/// Else it stands in the middle of the rack, with a leg in every VLAN.
fn uplink(rack: &Resolved) -> Option<Uplink> {
    let to_switch = |end: &Option<PortEnd>| matches!(end, Some(PortEnd::Port(_)));
    let roots = rack.rack.switches.iter().filter_map(|(id, it)| {
        let port = it.uplink?;
        let inner = it.ports.get(&port).is_some_and(|it| to_switch(&it.to));
        (!inner).then_some((id, port))
    });
    let roots: Vec<(&SwitchId, PortNo)> = roots.collect();
    let [(id, port)] = roots.as_slice() else { return None };
    let table = rack.vlan_table(rack.switch(id)?)?;
    let members = table.vlans.iter().filter_map(|(vlan, it)| Some((*vlan, *it.get(port)?)));
    let vlans: BTreeMap<VlanId, Tagging> = members.collect();
    let all = (0..rack.nodes.len()).all(|it| vlans.contains_key(&vlan(rack, it)));
    all.then(|| Uplink { jack: Jack { switch: (*id).clone(), port: *port }, vlans })
}

/// The handles of a rack's devices in a world.
pub fn fleet(world: &World, rack: &Resolved) -> Fleet {
    let mut fleet = Fleet::new(Arc::new(Writer { rack: rack.clone() }));
    fleet.switches = rack.rack.switches.keys().map(|it| (it.clone(), world.switch(it))).collect();
    fleet.clusters = rack.rack.clusters.keys().map(|it| (it.clone(), world.cluster(it))).collect();
    let pools = rack.rack.pools.iter().filter(|it| it.1.node.is_some());
    fleet.pools = pools.map(|(id, _)| (id.clone(), world.storage(id))).collect();
    for node in &rack.nodes {
        let outlet = outlet(world, rack, node);
        let it = Node { os: world.os(&node.id), outlet, cluster: node.cluster.clone() };
        fleet.nodes.insert(node.id.clone(), it);
    }
    fleet
}

fn outlet(world: &World, rack: &Resolved, node: &crate::plan::ResolvedNode) -> Option<Outlet> {
    match &node.feed {
        Feed::Poe { port, .. } => {
            let switch = world.switch(&port.switch);
            Some(Outlet::poe(port.switch.clone(), switch, port.port))
        }
        Feed::Host(host) => {
            let host = rack.nodes[*host].id.clone();
            Some(Outlet::guest(host.clone(), world.os(&host), node.id.clone()))
        }
        Feed::Outlet(_) | Feed::Unknown => None,
    }
}

/// Writes configurations in the form that the machines of a world read.
#[derive(Debug)]
struct Writer {
    rack: Resolved,
}

#[async_trait]
impl Render for Writer {
    async fn node(
        &self,
        node: &NodeId,
        digest: &Digest,
        ticket: Option<&JoinTicket>,
    ) -> Result<NodeConfig> {
        let doing = || format!("write the configuration of {node}");
        let at = self.rack.node(node).ok_or_else(|| Error::not_found(doing()))?;
        let intent = self.rack.node_intent(at);
        if intent.digest() != *digest {
            return Err(Error::new(ErrorKind::Invalid, doing()).because(CHANGED));
        }
        let text = json!({
            "cluster": intent.cluster,
            "role": if self.rack.votes(at) { "control-plane" } else { "worker" },
            "ticket": ticket.map(|it| it.0.expose_secret()),
            "version": intent.version,
        });
        Ok(NodeConfig { digest: digest.clone(), text: text.to_string().into() })
    }

    async fn workload(&self, workload: &WorkloadId, digest: &Digest) -> Result<Manifest> {
        let doing = || format!("write the manifest of {workload}");
        let at = self.rack.workload(workload).ok_or_else(|| Error::not_found(doing()))?;
        let intent = self.rack.workload_intent(at);
        if intent.digest() != *digest {
            return Err(Error::new(ErrorKind::Invalid, doing()).because(CHANGED));
        }
        let replica = self.rack.workloads[at].replicas.clone().next();
        let volumes = replica.map(|it| self.rack.local_volumes(it)).unwrap_or_default();
        let sizes: BTreeMap<String, u64> =
            volumes.into_iter().map(|it| (it.name, it.bytes.0)).collect();
        let text = json!({
            "requests": intent.requests,
            "min-available": intent.min_available,
            "volumes": sizes,
        });
        let (workload, digest) = (workload.clone(), digest.clone());
        Ok(Manifest { workload, digest, text: text.to_string().into() })
    }
}

const CHANGED: &str = "the rack file has changed since the plan was made: plan again";
