//! What the cables of a rack join.

use crate::rack::{Port, PortEnd, PortGroup, PortRef};
use crate::{Location, Resolved};
use rackberry_core::{BitsPerSecond, PortNo, ThingId};
use std::collections::{BTreeMap, BTreeSet};

/// A port of a switch, both by position.
pub(crate) type Socket = (usize, PortNo);

/// What is in every port that something is in.
pub(super) type Plugs<'a> = BTreeMap<Socket, Vec<Plug<'a>>>;

/// Chains of switches are followed this far.
const DEEPEST: usize = 64;

/// What is plugged into a port.
#[derive(Clone, Copy, Debug)]
pub(super) enum Plug<'a> {
    /// A node.
    Node(usize),
    /// A further network card of a node, by its position there.
    Link(usize, usize),
    /// A port of another switch.
    Switch(Socket),
    /// A service.
    Thing(&'a ThingId),
}

impl Plug<'_> {
    /// The node it belongs to.
    pub(super) fn node(&self) -> Option<usize> {
        match self {
            Self::Node(node) | Self::Link(node, _) => Some(*node),
            Self::Switch(_) | Self::Thing(_) => None,
        }
    }

    pub(super) fn name(&self, rack: &Resolved) -> String {
        match self {
            Self::Node(node) | Self::Link(node, _) => rack.nodes[*node].id.to_string(),
            Self::Switch((switch, port)) => format!("{}/{}", rack.switches[*switch].id, port.0),
            Self::Thing(thing) => thing.to_string(),
        }
    }

    /// The key that says that it is plugged into `socket`.
    pub(super) fn place(&self, rack: &Resolved, socket: Socket) -> Location {
        match self {
            Self::Node(node) => node_key(rack, *node, "port"),
            Self::Link(node, link) => node_key(rack, *node, "links").key(link).key("port"),
            Self::Switch(other) => port_key(rack, *other, "to"),
            Self::Thing(_) => port_key(rack, socket, "to"),
        }
    }
}

/// The place of `key` of a node.
pub(super) fn node_key(rack: &Resolved, node: usize, key: &str) -> Location {
    Location::new(["nodes", rack.nodes[node].id.as_str(), key])
}

/// The place of `key` of a switch.
pub(super) fn switch_key(rack: &Resolved, switch: usize, key: &str) -> Location {
    Location::new(["switches", rack.switches[switch].id.as_str(), key])
}

/// The place of `key` of a port.
pub(super) fn port_key(rack: &Resolved, (switch, port): Socket, key: &str) -> Location {
    switch_key(rack, switch, "ports").key(port.0).key(key)
}

/// A port as people name it: `poe/1`.
pub(super) fn port_name(rack: &Resolved, (switch, port): Socket) -> String {
    format!("{}/{}", rack.switches[switch].id, port.0)
}

pub(super) fn socket(rack: &Resolved, port: &PortRef) -> Option<Socket> {
    rack.switch(&port.switch).map(|it| (it, port.port))
}

/// What the model knows of a port.
pub(super) fn group(rack: &Resolved, (switch, port): Socket) -> Option<&PortGroup> {
    rack.switches[switch].model.port(port)
}

/// What the file says of a port.
pub(super) fn written(rack: &Resolved, (switch, port): Socket) -> Option<&Port> {
    rack.rack.switches.get(&rack.switches[switch].id)?.ports.get(&port)
}

/// The speed that a port runs at.
pub(super) fn speed(rack: &Resolved, at: Socket) -> Option<BitsPerSecond> {
    written(rack, at).and_then(|it| it.speed).or_else(|| group(rack, at).map(|it| it.speed))
}

/// The uplink of a switch.
pub(crate) fn uplink(rack: &Resolved, switch: usize) -> Option<Socket> {
    let written = rack.rack.switches.get(&rack.switches[switch].id)?;
    written.uplink.map(|it| (switch, it))
}

/// Every port that the file says something of, as it is written at that port.
pub(super) fn ports(rack: &Resolved) -> impl Iterator<Item = (Socket, &Port)> {
    let switches = rack.rack.switches.values().enumerate();
    switches.flat_map(|(at, it)| it.ports.iter().map(move |(port, it)| ((at, *port), it)))
}

/// Every card of every node that is in a port.
///
/// A guest that names its host's port uses the host's cable, and is not counted.
pub(super) fn cards(rack: &Resolved) -> impl Iterator<Item = (Socket, Plug<'_>)> {
    let nodes = rack.rack.nodes.values().enumerate();
    nodes.flat_map(move |(at, node)| {
        let host = rack.nodes[at].host.map(|it| &rack.rack.nodes[&rack.nodes[it].id]);
        let own = |it: &&PortRef| host.is_none_or(|host| host.port.as_ref() != Some(*it));
        let first = node.port.as_ref().filter(own).map(|it| (it, Plug::Node(at)));
        let links = node.links.iter().enumerate();
        let links = links.filter_map(move |(no, it)| Some((it.port.as_ref()?, Plug::Link(at, no))));
        let all = first.into_iter().chain(links);
        all.filter_map(|(port, plug)| Some((socket(rack, port)?, plug)))
    })
}

/// What is plugged into every port that something is plugged into.
pub(super) fn plugs(rack: &Resolved) -> Plugs<'_> {
    let mut all = Plugs::new();
    for (at, plug) in cards(rack) {
        all.entry(at).or_default().push(plug);
    }
    for (at, port) in ports(rack) {
        match &port.to {
            Some(PortEnd::Thing(thing)) if !is_there(rack, all.get(&at), thing) => {
                all.entry(at).or_default().push(Plug::Thing(thing));
            }
            Some(PortEnd::Port(other)) => {
                let Some(other) = socket(rack, other).filter(|it| *it != at) else { continue };
                all.entry(at).or_default().push(Plug::Switch(other));
                if written(rack, other).is_none_or(|it| it.to.is_none()) {
                    all.entry(other).or_default().push(Plug::Switch(at));
                }
            }
            Some(PortEnd::Thing(_)) | None => {}
        }
    }
    all
}

/// Whether `thing` is one of the nodes that are plugged in already.
fn is_there(rack: &Resolved, plugs: Option<&Vec<Plug<'_>>>, thing: &ThingId) -> bool {
    let named = |node: usize| rack.nodes[node].id.as_str() == thing.as_str();
    plugs.is_some_and(|it| it.iter().filter_map(Plug::node).any(named))
}

/// What is in the ports of one switch.
pub(super) fn of_switch<'p, 'a>(
    plugs: &'p Plugs<'a>,
    switch: usize,
) -> impl Iterator<Item = (Socket, &'p [Plug<'a>])> {
    let range = (switch, PortNo(0))..=(switch, PortNo(u16::MAX));
    plugs.range(range).map(|(at, here)| (*at, here.as_slice()))
}

/// A switch, the one its uplink leads to, and so on.
pub(super) fn way_up(rack: &Resolved, plugs: &Plugs<'_>, switch: usize) -> Vec<usize> {
    let next = |at: &usize| {
        plugs.get(&uplink(rack, *at)?)?.iter().find_map(|it| match it {
            Plug::Switch(other) => Some(other.0),
            Plug::Node(_) | Plug::Link(..) | Plug::Thing(_) => None,
        })
    };
    std::iter::successors(Some(switch), next).take(DEEPEST).collect()
}

/// The cables between switches, each once, its lower end first. Those whose ends contradict are left out.
pub(crate) fn trunks(rack: &Resolved) -> BTreeSet<(Socket, Socket)> {
    let trunk = |(at, port): (Socket, &Port)| match &port.to {
        Some(PortEnd::Port(other)) => {
            let other = socket(rack, other).filter(|it| *it != at)?;
            let back = written(rack, other).and_then(|it| it.to.as_ref());
            let agrees = |it: &PortEnd| match it {
                PortEnd::Port(it) => socket(rack, it) == Some(at),
                PortEnd::Thing(_) => false,
            };
            back.is_none_or(agrees).then(|| (at.min(other), at.max(other)))
        }
        Some(PortEnd::Thing(_)) | None => None,
    };
    ports(rack).filter_map(trunk).collect()
}

/// Which switches cables join, directly or through others.
pub(super) struct Joined(Vec<usize>);

impl Joined {
    pub(super) fn new(switches: usize) -> Self {
        Self((0..switches).collect())
    }

    pub(super) fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    /// Joins two; false if they were joined before.
    pub(super) fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a] = b;
        a != b
    }
}
