//! Subnets, and the addresses in them.

use crate::check::address::{Held, held};
use crate::check::wording::{grouped, list};
use crate::rack::{Network, Server};
use crate::{Finding, Location, Resolved};
use ipnet::IpNet;
use rackberry_core::NetworkId;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

pub(super) fn findings(rack: &Resolved, out: &mut Vec<Finding>) {
    for (id, network) in &rack.rack.networks {
        out.extend(form(id, network));
        out.extend(gateway(id, network));
    }
    overlaps(rack, out);
    members(rack, out);
    unplaced(rack, out);
    unused(rack, out);
    unplugged(rack, out);
    dns(rack, out);
}

fn key(network: &NetworkId, key: &str) -> Location {
    Location::new(["networks", network.as_str(), key])
}

fn form(id: &NetworkId, network: &Network) -> Option<Finding> {
    let subnet = network.subnet.filter(|it| *it != it.trunc())?;
    let reason = format!("{subnet} is an address within the subnet {} of {id}", subnet.trunc());
    let remedy = format!("write `subnet: {}`", subnet.trunc());
    Some(Finding::note("subnet-form", key(id, "subnet"), reason, remedy))
}

fn gateway(id: &NetworkId, network: &Network) -> Option<Finding> {
    let (subnet, gateway) = (network.subnet?.trunc(), network.gateway?);
    let reason = match (subnet.contains(&gateway), is_reserved(subnet, gateway)) {
        (true, false) => return None,
        (true, true) => {
            format!(
                "{gateway} is no machine's address in {subnet}, and cannot be the gateway of {id}"
            )
        }
        (false, _) => format!("the gateway {gateway} of {id} is outside its subnet {subnet}"),
    };
    let remedy = "correct the gateway, or the subnet".into();
    Some(Finding::error("gateway-outside", key(id, "gateway"), reason, remedy))
}

/// Whether it names the whole subnet, or everybody in it.
fn is_reserved(subnet: IpNet, address: IpAddr) -> bool {
    match subnet {
        IpNet::V4(it) => {
            it.prefix_len() < 31 && (address == it.network() || address == it.broadcast())
        }
        IpNet::V6(_) => false,
    }
}

fn overlaps(rack: &Resolved, out: &mut Vec<Finding>) {
    let subnets = rack.rack.networks.iter().filter_map(|(id, it)| Some((it.subnet?.trunc(), id)));
    let mut subnets: Vec<(IpNet, &NetworkId)> = subnets.collect();
    subnets.sort_by_key(|(it, id)| (it.network(), it.prefix_len(), *id));
    let mut widest: Option<(IpNet, &NetworkId)> = None;
    for (subnet, id) in subnets {
        match widest {
            Some((wide, other)) if wide.contains(&subnet) => {
                let (first, last) = (id.min(other), id.max(other));
                let reason = format!(
                    "{other} ({wide}) and {id} ({subnet}) share addresses, so traffic between {first} and {last} has no sure way"
                );
                let remedy = "give one of them a subnet of its own".into();
                out.push(Finding::error("subnet-overlap", key(last, "subnet"), reason, remedy));
            }
            Some(_) | None => widest = Some((subnet, id)),
        }
    }
}

fn subnet(rack: &Resolved, network: &NetworkId) -> Option<IpNet> {
    rack.rack.networks.get(network)?.subnet.map(|it| it.trunc())
}

fn members(rack: &Resolved, out: &mut Vec<Finding>) {
    let placed = held(rack).filter_map(|it| {
        let network = it.network?;
        let subnet = subnet(rack, network)?;
        let same_family = subnet.addr().is_ipv4() == it.address.is_ipv4();
        same_family.then_some((network, subnet, it))
    });
    let (mut outside, mut reserved) = (Vec::new(), Vec::new());
    for (network, subnet, it) in placed {
        if !subnet.contains(&it.address) {
            outside.push(((network, subnet), it));
        } else if is_reserved(subnet, it.address) {
            reserved.push(((network, subnet), it));
        }
    }
    for ((network, subnet), all) in grouped(outside) {
        let reason = format!("outside the subnet {subnet} of {network}: {}", addressed(rack, &all));
        let remedy = "correct the address, or name the network that it is on".into();
        let at = all[0].holder.place(rack, "address");
        out.push(Finding::error("address-outside", at, reason, remedy));
    }
    for ((network, subnet), all) in grouped(reserved) {
        let who = addressed(rack, &all);
        let reason =
            format!("no machine can have the first or last address of {network} ({subnet}): {who}");
        let at = all[0].holder.place(rack, "address");
        out.push(Finding::error("address-reserved", at, reason, "use another address".into()));
    }
}

/// `pi-1 (10.0.2.5) and pi-2 (10.0.2.6)`.
fn addressed(rack: &Resolved, all: &[Held<'_>]) -> String {
    list(all.iter().map(|it| format!("{} ({})", it.holder.name(rack), it.address)))
}

fn unplaced(rack: &Resolved, out: &mut Vec<Finding>) {
    let subnets = Subnets::new(rack);
    if subnets.0.is_empty() {
        return;
    }
    let bare = held(rack).filter(|it| it.network.is_none());
    // A switch whose address is in a network is on it: nothing else can be meant.
    let bare = bare.map(|it| (subnets.of(it.address), it));
    let bare = bare.filter(|(network, it)| it.holder.node().is_some() || network.is_none());
    for (network, all) in grouped(bare) {
        let reason = format!("nothing says which network these are on: {}", addressed(rack, &all));
        let remedy = match network {
            Some(network) => format!("write `network: {network}`, whose subnet has room for them"),
            None => "describe their network, with its subnet".into(),
        };
        let at = all[0].holder.place(rack, "address");
        out.push(Finding::note("address-unplaced", at, reason, remedy));
    }
}

/// The subnets of the rack by their first address, to find the one that an address is in.
pub(super) struct Subnets<'a>(BTreeMap<IpAddr, (IpNet, &'a NetworkId)>);

impl<'a> Subnets<'a> {
    pub(super) fn new(rack: &'a Resolved) -> Self {
        let all = rack.rack.networks.iter().filter_map(|(id, it)| Some((it.subnet?.trunc(), id)));
        Self(all.map(|(it, id)| (it.network(), (it, id))).collect())
    }

    pub(super) fn of(&self, address: IpAddr) -> Option<&'a NetworkId> {
        let (_, (subnet, id)) = self.0.range(..=address).next_back()?;
        subnet.contains(&address).then_some(*id)
    }
}

fn unused(rack: &Resolved, out: &mut Vec<Finding>) {
    let it = &rack.rack;
    let nodes = it.nodes.values().flat_map(|it| {
        it.network.iter().chain(it.links.iter().filter_map(|it| it.network.as_ref()))
    });
    let ports = it.switches.values().flat_map(|it| {
        let ports = it.ports.values();
        it.network.iter().chain(ports.flat_map(|it| it.network.iter().chain(it.tagged.iter())))
    });
    let corosync = it.clusters.values().filter_map(|it| it.proxmox.as_ref());
    let corosync = corosync.flat_map(|it| it.corosync.iter());
    let mut used: BTreeSet<&NetworkId> = nodes.chain(ports).chain(corosync).collect();
    let subnets = Subnets::new(rack);
    let services = it.services.values().filter_map(|it| it.address);
    let held = held(rack).map(|it| it.address);
    used.extend(services.chain(held).filter_map(|it| subnets.of(it)));
    let unused: Vec<_> = it.networks.keys().filter(|it| !used.contains(it)).collect();
    let Some(first) = unused.first() else { return };
    let reason = format!("nothing is on {}", list(&unused));
    let remedy = "leave it out, or name it at what is on it".into();
    let at = Location::new(["networks", first.as_str()]);
    out.push(Finding::note("network-unused", at, reason, remedy));
}

/// Gateways of networks that only cables from node to node make up.
fn unplugged(rack: &Resolved, out: &mut Vec<Finding>) {
    let it = &rack.rack;
    if it.switches.is_empty() {
        return;
    }
    let held: BTreeSet<IpAddr> = held(rack).map(|it| it.address).collect();
    let mut bare = BTreeSet::new();
    let mut switched: BTreeSet<&NetworkId> = BTreeSet::new();
    for node in it.nodes.values() {
        switched.extend(&node.network);
        for link in &node.links {
            if link.port.is_some() { &mut switched } else { &mut bare }.extend(&link.network);
        }
    }
    for switch in it.switches.values() {
        switched.extend(&switch.network);
        for port in switch.ports.values() {
            switched.extend(port.network.iter().chain(port.tagged.iter()));
        }
    }
    for id in bare.difference(&switched) {
        let Some(gateway) = it.networks[*id].gateway.filter(|it| !held.contains(it)) else {
            continue;
        };
        let reason = format!(
            "{id} is only cables from node to node, and none of these is its gateway {gateway}"
        );
        let remedy = "leave `gateway` out, or describe the switch that leads there".into();
        out.push(Finding::warning("gateway-unplugged", key(id, "gateway"), reason, remedy));
    }
}

fn dns(rack: &Resolved, out: &mut Vec<Finding>) {
    let it = &rack.rack;
    let subnets = Subnets::new(rack);
    if subnets.0.is_empty() {
        return;
    }
    let known: BTreeSet<IpAddr> = it.services.values().filter_map(|it| it.address).collect();
    let networks = it.networks.iter().map(|(id, it)| ("networks", id.as_str(), &it.dns));
    let nodes = it.nodes.iter().map(|(id, it)| ("nodes", id.as_str(), &it.dns));
    let mut told = BTreeSet::new();
    for (section, id, servers) in networks.chain(nodes) {
        for (position, server) in servers.iter().enumerate() {
            let Server::Address(address) = server else { continue };
            let foreign = is_private(*address) && subnets.of(*address).is_none();
            if !foreign || known.contains(address) || !told.insert(*address) {
                continue;
            }
            let reason = format!(
                "{id} asks {address} for names, a private address in no network of this file"
            );
            let remedy = "see that a route leads there, or correct it".into();
            let at = Location::new([section, id, "dns"]).key(position);
            out.push(Finding::note("dns-unknown", at, reason, remedy));
        }
    }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => it.is_private() || it.is_link_local(),
        IpAddr::V6(it) => it.is_unique_local() || it.is_unicast_link_local(),
    }
}
