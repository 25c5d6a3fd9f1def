//! Who needs whom, for the whole rack.
//!
//! There are two kinds of need. What something needs *to run* takes it down when it is lost. What it
//! needs *to start* as well is only missed at the next start: the DNS and the way out by which images
//! are pulled, the control plane that schedules, the server that a node boots from.
//!
//! | this | needs to run | and to start |
//! |---|---|---|
//! | node | its switch, its outlet or host, the pools of its disks, its `needs` | a boot server, if it boots from the network; the quorum of its host's cluster |
//! | switch, outlet | the outlet it is plugged in | |
//! | pool | its node or its service | |
//! | service | any node it is on, its `needs` | |
//! | workload | its least number of nodes, the services of its volumes, its `needs` | its control plane, and nodes that can pull images |
//! | control plane | a majority of its members; one, if its state is elsewhere | |
//! | images on a node | the node | DNS, the gateway, the way out, the internet if something serves it |
//! | the way out of a switch | the switch, and what is at the other end of its uplink | |

mod edge;

use super::survey::Eligible;
use super::tell::at;
use super::wording::grouped;
use crate::rack::{Node, Server, Workload};
use crate::{Location, Resolved, Thing};
use rackberry_core::{ClusterId, OutletId, PoolId, ServiceId, ThingId};
use rackberry_sched::Needs;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// One kind of thing in the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A node, by position.
    Node,
    /// Pulling images on a node, by its position.
    Images,
    /// A switch, by position.
    Switch,
    /// The way out of a switch, by its position.
    WayOut,
    /// An outlet, in the order of names.
    Outlet,
    /// A pool, in the order of names.
    Pool,
    /// A service, in the order of names.
    Service,
    /// A workload, by position.
    Workload,
    /// The control plane of a cluster, or the quorum of a Proxmox cluster; in the order of names.
    ControlPlane,
    /// Any node of a set that some workload may run on.
    AnyOf,
    /// Reaching the outside, as all do that share DNS, network and switch.
    Outside,
}

/// When something is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Always,
    ToStart,
}

/// Who needs whom, things being numbers.
pub(super) struct Graph<'a> {
    rack: &'a Resolved,
    nodes: Vec<&'a Node>,
    workloads: Vec<&'a Workload>,
    /// Where the numbers of each kind begin, and the end of all.
    begins: Vec<(Kind, u32)>,
    /// What each thing needs to run.
    pub run: Needs,
    /// What each thing needs to run and to start.
    pub start: Needs,
    /// What each node needs to reach the outside, and the nodes that need each.
    outside: Vec<u32>,
    behind: BTreeMap<u32, Vec<usize>>,
    /// The names of what has no position of its own.
    pub ids: Ids<'a>,
    known: BTreeMap<&'a ThingId, Vec<u32>>,
    addresses: BTreeMap<IpAddr, Vec<u32>>,
    /// What serves the internet.
    internet: Vec<u32>,
    /// What serves the files that nodes boot from.
    netboot: Vec<u32>,
}

/// Names in their order.
pub(super) struct Ids<'a> {
    pub outlets: Vec<&'a OutletId>,
    pub pools: Vec<&'a PoolId>,
    pub services: Vec<&'a ServiceId>,
    pub clusters: Vec<&'a ClusterId>,
}

/// What decides how a node reaches the outside.
type Exit<'a> = (&'a [Server], Option<IpAddr>, Option<usize>);

impl<'a> Graph<'a> {
    pub(super) fn new(
        rack: &'a Resolved,
        members: &BTreeMap<&'a ClusterId, Vec<usize>>,
        eligible: &Eligible,
    ) -> Self {
        let mut exits: BTreeMap<Exit, u32> = BTreeMap::new();
        let of_node: Vec<Exit> = (0..rack.nodes.len()).map(|it| exit(rack, it)).collect();
        exits.extend(of_node.iter().map(|it| (*it, 0)));
        exits.values_mut().zip(0..).for_each(|(number, next)| *number = next);
        let begins = begins(rack, eligible.sets().len(), exits.len());
        let things = begins.last().map_or(0, |it| it.1);
        let mut graph = Self {
            rack,
            nodes: rack.rack.nodes.values().collect(),
            workloads: rack.rack.workloads.values().collect(),
            begins,
            run: Needs::new(things),
            start: Needs::new(things),
            outside: Vec::new(),
            behind: BTreeMap::new(),
            ids: Ids {
                outlets: rack.rack.outlets.keys().collect(),
                pools: rack.rack.pools.keys().collect(),
                services: rack.rack.services.keys().collect(),
                clusters: rack.rack.clusters.keys().collect(),
            },
            known: BTreeMap::new(),
            addresses: BTreeMap::new(),
            internet: Vec::new(),
            netboot: Vec::new(),
        };
        graph.internet = graph.serving("internet");
        graph.netboot = graph.serving("netboot");
        graph.outside =
            of_node.iter().map(|it| graph.at(Kind::Outside, exits[it] as usize)).collect();
        graph.behind = grouped(graph.outside.iter().copied().zip(0..));
        graph.addresses = graph.addresses();
        exits.into_iter().for_each(|(exit, number)| graph.exit(exit, number as usize));
        (0..rack.nodes.len()).for_each(|it| graph.node(it));
        graph.power();
        (0..rack.switches.len()).for_each(|it| graph.way_out(it));
        graph.pools();
        graph.services();
        members.iter().zip(0..).for_each(|((id, nodes), at)| graph.control_plane(id, at, nodes));
        for (at, set) in eligible.sets().iter().enumerate() {
            let any = graph.at(Kind::AnyOf, at);
            let nodes: Vec<u32> = set.iter().map(|it| graph.at(Kind::Images, *it)).collect();
            graph.need(any, 1, &nodes, When::Always);
        }
        (0..rack.workloads.len()).for_each(|it| graph.workload(it, eligible));
        graph
    }

    /// The number of the `at`th of a kind.
    pub(super) fn at(&self, kind: Kind, at: usize) -> u32 {
        let begin = self.begins.iter().find(|it| it.0 == kind).map_or(0, |it| it.1);
        begin + number(at)
    }

    /// What a number stands for.
    pub(super) fn thing(&self, thing: u32) -> (Kind, usize) {
        let after = self.begins.partition_point(|it| it.1 <= thing).max(1);
        let (kind, begin) = self.begins[after - 1];
        (kind, (thing - begin) as usize)
    }

    /// What a node needs to reach the outside and be reached.
    pub(super) fn outside_of(&self, node: usize) -> u32 {
        self.outside[node]
    }

    /// The DNS servers that a node uses.
    pub(super) fn dns_of(&self, node: usize) -> &'a [Server] {
        exit(self.rack, node).0
    }

    /// The nodes that reach the outside in one way.
    pub(super) fn nodes_behind(&self, outside: u32) -> &[usize] {
        self.behind.get(&outside).map(Vec::as_slice).unwrap_or_default()
    }

    /// What serves the internet.
    pub(super) fn internet(&self) -> &[u32] {
        &self.internet
    }

    /// Everything that offers a thing.
    fn providers(&mut self, thing: &'a ThingId) -> Vec<u32> {
        if let Some(known) = self.known.get(thing) {
            return known.clone();
        }
        let all: Vec<u32> =
            self.rack.providers(thing).iter().filter_map(|it| self.number(it)).collect();
        self.known.insert(thing, all.clone());
        all
    }

    fn serving(&self, ability: &str) -> Vec<u32> {
        let all = self.rack.providers(&ThingId::new(ability));
        all.iter().filter_map(|it| self.number(it)).collect()
    }

    /// The number of a thing that the file names.
    pub(super) fn number(&self, thing: &Thing) -> Option<u32> {
        let (kind, at) = match thing {
            Thing::Node(id) => (Kind::Node, self.rack.node(id)),
            Thing::Switch(id) => (Kind::Switch, self.rack.switch(id)),
            Thing::Outlet(id) => (Kind::Outlet, self.ids.outlets.binary_search(&id).ok()),
            Thing::Pool(id) => (Kind::Pool, self.ids.pools.binary_search(&id).ok()),
            Thing::Service(id) => (Kind::Service, self.ids.services.binary_search(&id).ok()),
            Thing::Workload(id) => (Kind::Workload, self.rack.workload(id)),
        };
        Some(self.at(kind, at?))
    }

    /// The control plane of a cluster.
    pub(super) fn control_plane_of(&self, cluster: Option<&ClusterId>) -> Option<u32> {
        let at = self.ids.clusters.binary_search(&cluster?).ok()?;
        Some(self.at(Kind::ControlPlane, at))
    }

    /// The name of a thing, with its kind where that helps; nothing for what is only ours.
    pub(super) fn name(&self, thing: u32) -> Option<String> {
        let (kind, at) = self.thing(thing);
        match kind {
            Kind::Node => Some(self.rack.nodes[at].id.to_string()),
            Kind::Switch => Some(format!("switch {}", self.rack.switches[at].id)),
            Kind::Outlet => Some(format!("outlet {}", self.ids.outlets[at])),
            Kind::Pool => Some(format!("pool {}", self.ids.pools[at])),
            Kind::Service => Some(self.ids.services[at].to_string()),
            Kind::Workload => Some(self.rack.workloads[at].id.to_string()),
            Kind::ControlPlane => Some(format!("the control plane of {}", self.ids.clusters[at])),
            Kind::WayOut => Some(format!("the uplink of {}", self.rack.switches[at].id)),
            Kind::Images | Kind::AnyOf | Kind::Outside => None,
        }
    }

    /// Where a thing stands in the file, if it does.
    pub(super) fn place(&self, thing: u32) -> Option<Location> {
        let (kind, at) = self.thing(thing);
        Some(match kind {
            Kind::Node => at!("nodes", self.rack.nodes[at].id),
            Kind::Switch => at!("switches", self.rack.switches[at].id),
            Kind::Outlet => at!("outlets", self.ids.outlets[at]),
            Kind::Pool => at!("pools", self.ids.pools[at]),
            Kind::Service => at!("services", self.ids.services[at]),
            Kind::Workload => at!("workloads", self.rack.workloads[at].id),
            Kind::ControlPlane => at!("clusters", self.ids.clusters[at]),
            Kind::Images | Kind::WayOut | Kind::AnyOf | Kind::Outside => return None,
        })
    }
}

fn begins(rack: &Resolved, sets: usize, exits: usize) -> Vec<(Kind, u32)> {
    let file = &rack.rack;
    let counts = [
        (Kind::Node, rack.nodes.len()),
        (Kind::Images, rack.nodes.len()),
        (Kind::Switch, rack.switches.len()),
        (Kind::WayOut, rack.switches.len()),
        (Kind::Outlet, file.outlets.len()),
        (Kind::Pool, file.pools.len()),
        (Kind::Service, file.services.len()),
        (Kind::Workload, rack.workloads.len()),
        (Kind::ControlPlane, file.clusters.len()),
        (Kind::AnyOf, sets),
        (Kind::Outside, exits),
    ];
    let mut sum = 0;
    let mut all: Vec<(Kind, u32)> = Vec::new();
    for (kind, count) in counts {
        all.push((kind, sum));
        sum += number(count);
    }
    all.push((Kind::Outside, sum));
    all
}

fn exit(rack: &Resolved, node: usize) -> Exit<'_> {
    let written = &rack.rack.nodes[&rack.nodes[node].id];
    let network = written.network.as_ref().and_then(|it| rack.rack.networks.get(it));
    let dns = match (written.dns.is_empty(), network) {
        (true, Some(network)) => &network.dns,
        (true, None) | (false, _) => &written.dns,
    };
    let host = rack.nodes[node].host.and_then(|it| rack.nodes[it].switch);
    (dns, network.and_then(|it| it.gateway), rack.nodes[node].switch.or(host))
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
