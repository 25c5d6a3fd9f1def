//! Who has an address.

use crate::check::cable::{node_key, switch_key};
use crate::{Location, Resolved};
use rackberry_core::NetworkId;
use std::net::IpAddr;

/// What an address belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) enum Holder {
    /// The first card of a node.
    Node(usize),
    /// A further card of a node, by its position there.
    Link(usize, usize),
    /// The management page of a switch.
    Switch(usize),
}

impl Holder {
    pub(in crate::check) fn name(self, rack: &Resolved) -> String {
        match self {
            Self::Node(node) | Self::Link(node, _) => rack.nodes[node].id.to_string(),
            Self::Switch(switch) => rack.switches[switch].id.to_string(),
        }
    }

    pub(in crate::check) fn node(self) -> Option<usize> {
        match self {
            Self::Node(node) | Self::Link(node, _) => Some(node),
            Self::Switch(_) => None,
        }
    }

    /// The place of `key` of it.
    pub(in crate::check) fn place(self, rack: &Resolved, key: &str) -> Location {
        match self {
            Self::Node(node) => node_key(rack, node, key),
            Self::Link(node, link) => node_key(rack, node, "links").key(link).key(key),
            Self::Switch(switch) => switch_key(rack, switch, key),
        }
    }
}

/// An address, and the network that it is said to be on.
#[derive(Clone, Copy, Debug)]
pub(in crate::check) struct Held<'a> {
    pub(in crate::check) holder: Holder,
    pub(in crate::check) address: IpAddr,
    pub(in crate::check) network: Option<&'a NetworkId>,
}

/// Every address of a node, of its further cards and of a switch.
pub(in crate::check) fn held(rack: &Resolved) -> impl Iterator<Item = Held<'_>> {
    let nodes = rack.rack.nodes.values().enumerate().flat_map(|(at, node)| {
        let first = (Holder::Node(at), node.address, node.network.as_ref());
        let links = node.links.iter().enumerate();
        let links =
            links.map(move |(no, it)| (Holder::Link(at, no), it.address, it.network.as_ref()));
        std::iter::once(first).chain(links)
    });
    let switches = rack.rack.switches.values().enumerate();
    let switches = switches.map(|(at, it)| (Holder::Switch(at), it.address, it.network.as_ref()));
    nodes
        .chain(switches)
        .filter_map(|(holder, address, network)| Some(Held { holder, address: address?, network }))
}
