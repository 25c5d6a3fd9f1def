//! Nodes and switches, with what the catalogue knows of them.

use super::{Load, Resolved};
use crate::rack::{
    Amounts, Arch, Board, Catalogue, Effect, Hat, Node, Os, PoeStandard, PortRef, Rack, Role,
    SwitchModel, Taint, Topology,
};
use rackberry_core::{
    BitsPerSecond, Bytes, ClusterId, Millicores, Milliwatts, NodeId, OutletId, Permille, SwitchId,
};
use std::collections::BTreeMap;

/// The label that names a node's machine, set by every Kubernetes.
const HOSTNAME: &str = "kubernetes.io/hostname";
/// The label that names a node's architecture, set by every Kubernetes.
const ARCH: &str = "kubernetes.io/arch";
/// The taint that keeps workloads off a control plane.
const CONTROL_PLANE: &str = "node-role.kubernetes.io/control-plane";

/// What a node draws where its power comes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Power {
    /// On an ordinary day.
    pub typical: Milliwatts,
    /// At the most.
    pub peak: Milliwatts,
    /// While it boots.
    pub boot: Milliwatts,
}

/// Where a node's power comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feed {
    /// A switch port, through a HAT.
    Poe {
        /// The port.
        port: PortRef,
        /// The standard of the HAT.
        standard: PoeStandard,
        /// The class it asks for, if it asks.
        class: Option<u8>,
    },
    /// An outlet.
    Outlet(OutletId),
    /// Its host, by position.
    Host(usize),
    /// The file does not say.
    Unknown,
}

/// A node with everything known.
#[derive(Clone, Debug)]
pub struct ResolvedNode {
    /// Its name.
    pub id: NodeId,
    /// Its architecture.
    pub arch: Arch,
    /// How many cores it has.
    pub cores: u16,
    /// The memory on the board, or given to the guest.
    pub memory: Bytes,
    /// The memory and CPU that its operating system has to give out.
    pub usable: Load,
    /// What its own system uses, beside everything the file names.
    pub own: Load,
    /// Whether `own` was worked out from a measurement, and not from the catalogue.
    pub measured: bool,
    /// What it draws.
    pub power: Power,
    /// Where its power comes from.
    pub feed: Feed,
    /// The speed of its network card, and of the switch port it is on.
    pub speed: Option<BitsPerSecond>,
    /// The node whose guest it is.
    pub host: Option<usize>,
    /// The switch it is on.
    pub switch: Option<usize>,
    /// Its cluster.
    pub cluster: Option<ClusterId>,
    /// What it is there.
    pub role: Role,
    /// Its labels, with those that Kubernetes sets.
    pub labels: BTreeMap<String, String>,
    /// Its taints, with that of a control plane.
    pub taints: Vec<Taint>,
    /// Closed to new workloads.
    pub cordoned: bool,
}

/// A switch with everything known.
#[derive(Clone, Debug)]
pub struct ResolvedSwitch {
    /// Its name.
    pub id: SwitchId,
    /// What its model is, by the catalogue.
    pub model: SwitchModel,
    /// What all its ports may deliver.
    pub budget: Milliwatts,
}

pub(super) fn switches(rack: &Rack, catalogue: &Catalogue) -> Vec<ResolvedSwitch> {
    let switch = |(id, written): (&SwitchId, &crate::rack::Switch)| {
        let model = catalogue.switches.get(&written.model).cloned().unwrap_or_default();
        let budget = written.budget.or(model.budget).unwrap_or_default();
        ResolvedSwitch { id: id.clone(), model, budget }
    };
    rack.switches.iter().map(switch).collect()
}

pub(super) fn nodes(
    rack: &Rack,
    catalogue: &Catalogue,
    switches: &[ResolvedSwitch],
) -> Vec<ResolvedNode> {
    let position: BTreeMap<&NodeId, usize> = rack.nodes.keys().zip(0..).collect();
    let node = |(id, written): (&NodeId, &Node)| {
        let board = catalogue.boards.get(&written.board).cloned().unwrap_or_default();
        let hat = written.hat.as_ref().and_then(|it| catalogue.hats.get(it));
        let host = written.host.as_ref().and_then(|it| position.get(it).copied());
        let switch = written
            .port
            .as_ref()
            .and_then(|it| switches.binary_search_by(|sw| sw.id.cmp(&it.switch)).ok());
        let arch = written.arch.or(board.arch).unwrap_or(Arch::Arm64);
        let cores = written.cores.or(board.cores).unwrap_or(1);
        let memory = written.memory.or(board.memory).unwrap_or_default();
        ResolvedNode {
            id: id.clone(),
            arch,
            cores,
            memory,
            usable: Load {
                memory: usable_memory(written, &board, memory),
                cpu: Millicores(u64::from(cores) * 1000),
            },
            own: Load::default(),
            measured: written.uses.memory.is_some(),
            power: power(written, &board, hat),
            feed: feed(rack, written, hat, host),
            speed: speed(written, &board, switch.map(|it| &switches[it])),
            host,
            switch,
            cluster: written.cluster.clone(),
            role: written.role,
            labels: labels(id, written, arch),
            taints: taints(rack, written),
            cordoned: written.cordoned,
        }
    };
    rack.nodes.iter().map(node).collect()
}

/// What the node says, or the board's share of what the node has, or all of it.
fn usable_memory(node: &Node, board: &Board, memory: Bytes) -> Bytes {
    let by_board = match (board.memory, board.usable) {
        (Some(whole), Some(usable)) if whole == memory => usable,
        _ => memory,
    };
    node.usable.unwrap_or(by_board)
}

fn power(node: &Node, board: &Board, hat: Option<&Hat>) -> Power {
    let efficiency = hat.and_then(|it| it.efficiency).filter(|it| it.0 > 0);
    let with_loss = |it: Milliwatts| match efficiency {
        Some(Permille(share)) => Milliwatts(it.0.saturating_mul(1000) / share),
        None => it,
    };
    let at_input = |measured: Option<Milliwatts>, known: Option<Milliwatts>| {
        measured.or(known.map(with_loss)).unwrap_or_default()
    };
    let typical = at_input(node.draw.typical, board.draw.typical);
    let peak = at_input(node.draw.peak, board.draw.peak).max(typical);
    let boot = at_input(node.draw.boot, board.draw.boot).max(typical);
    Power { typical, peak, boot }
}

fn feed(rack: &Rack, node: &Node, hat: Option<&Hat>, host: Option<usize>) -> Feed {
    let said =
        |it: &&PortRef| rack.switches.get(&it.switch).and_then(|of| of.ports.get(&it.port)?.poe);
    let port = node.port.as_ref().filter(|it| said(it) != Some(false));
    match (hat, port, &node.outlet, host) {
        (Some(hat), Some(port), _, _) => Feed::Poe {
            port: port.clone(),
            standard: hat.standard.unwrap_or(PoeStandard::Af),
            class: hat.class,
        },
        (_, _, Some(outlet), _) => Feed::Outlet(outlet.clone()),
        (_, _, None, Some(host)) => Feed::Host(host),
        (_, _, None, None) => Feed::Unknown,
    }
}

fn speed(node: &Node, board: &Board, switch: Option<&ResolvedSwitch>) -> Option<BitsPerSecond> {
    let port = node.port.as_ref().and_then(|it| Some(switch?.model.port(it.port)?.speed));
    match (board.nic, port) {
        (Some(nic), Some(port)) => Some(nic.min(port)),
        (nic, port) => nic.or(port),
    }
}

fn labels(id: &NodeId, node: &Node, arch: Arch) -> BTreeMap<String, String> {
    let mut labels = node.labels.clone();
    labels.entry(HOSTNAME.into()).or_insert_with(|| id.to_string());
    labels.entry(ARCH.into()).or_insert_with(|| arch.to_string());
    labels
}

fn taints(rack: &Rack, node: &Node) -> Vec<Taint> {
    let mut taints = node.taints.clone();
    let cluster = node.cluster.as_ref().and_then(|it| rack.clusters.get(it));
    let closed =
        cluster.is_some_and(|it| !it.workloads_on_control_plane.unwrap_or(it.k3s.is_some()));
    if node.role == Role::ControlPlane && closed {
        let (key, value) = (CONTROL_PLANE.into(), String::new());
        taints.push(Taint { key, value, effect: Effect::NoSchedule });
    }
    taints
}

/// Works out what each node's own system uses: what was measured on it, less the workloads there; or
/// what the catalogue knows of its system, and its guests.
pub(super) fn own_loads(rack: &mut Resolved) {
    let mut on = vec![Load::default(); rack.nodes.len()];
    for replica in &rack.replicas {
        if let Some(node) = replica.on {
            on[node] = on[node].plus(rack.workloads[replica.workload].need);
        }
    }
    for workload in &rack.workloads {
        workload.every.iter().for_each(|node| on[*node] = on[*node].plus(workload.need));
    }
    let guests = guest_memory(rack);
    for (at, node) in rack.nodes.iter_mut().enumerate() {
        let written = &rack.rack.nodes[&node.id];
        let system = system_load(&rack.catalogue, written.os, node.role, node.cluster.is_some());
        node.own.memory = match written.uses.memory {
            Some(total) => total.minus(on[at].memory),
            None => system.memory.plus(guests[at]),
        };
        node.own.cpu = match written.uses.cpu {
            Some(total) => total.minus(on[at].cpu),
            None => system.cpu,
        };
    }
}

fn system_load(catalogue: &Catalogue, os: Option<Os>, role: Role, member: bool) -> Load {
    let system = catalogue.system(os.unwrap_or(Os::Other));
    let load = |it: Amounts| Load {
        memory: it.memory.unwrap_or_default(),
        cpu: it.cpu.unwrap_or_default(),
    };
    match role {
        Role::ControlPlane if member => load(system.uses).plus(load(system.control_plane)),
        Role::ControlPlane | Role::Worker => load(system.uses),
    }
}

fn guest_memory(rack: &Resolved) -> Vec<Bytes> {
    let mut guests = vec![Bytes(0); rack.nodes.len()];
    for node in &rack.nodes {
        if let Some(host) = node.host {
            guests[host] = guests[host].plus(node.memory);
        }
    }
    guests
}

/// The part of each node under `topology`. Nodes that no part is known of are parts of their own,
/// but for labels, where they have none.
pub(super) fn parts(rack: &Resolved, topology: &Topology) -> Vec<Option<u32>> {
    let alone = |at: usize| format!("node {}", rack.nodes[at].id);
    let part = |at: usize| -> Option<String> {
        let node = &rack.nodes[at];
        match topology {
            Topology::Node => Some(alone(at)),
            Topology::Switch => {
                Some(match node.switch.or(node.host.and_then(|it| rack.nodes[it].switch)) {
                    Some(switch) => format!("switch {}", rack.switches[switch].id),
                    None => alone(at),
                })
            }
            Topology::Outlet => Some(match rack.outlet_of(at) {
                Some(outlet) => format!("outlet {outlet}"),
                None => alone(at),
            }),
            Topology::Host => Some(alone(node.host.unwrap_or(at))),
            Topology::Label(key) => node.labels.get(key).cloned(),
        }
    };
    let names: Vec<_> = (0..rack.nodes.len()).map(part).collect();
    let mut numbers = BTreeMap::new();
    names
        .into_iter()
        .map(|name| {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            name.map(|it| *numbers.entry(it).or_insert(next))
        })
        .collect()
}

impl Resolved {
    /// The outlet that powers a node in the end: its own, its switch's or its host's, and from there
    /// up to the first that is plugged in nowhere.
    pub fn outlet_of(&self, node: usize) -> Option<&OutletId> {
        let first = match &self.nodes[node].feed {
            Feed::Outlet(outlet) => Some(outlet),
            Feed::Poe { port, .. } => self.rack.switches.get(&port.switch)?.outlet.as_ref(),
            Feed::Host(host) if *host != node => {
                self.rack.nodes[&self.nodes[*host].id].outlet.as_ref()
            }
            Feed::Host(_) | Feed::Unknown => None,
        };
        let mut outlet = first?;
        for _ in 0..self.rack.outlets.len() {
            match self.rack.outlets.get(outlet).and_then(|it| it.from.as_ref()) {
                Some(next) => outlet = next,
                None => break,
            }
        }
        Some(outlet)
    }
}
