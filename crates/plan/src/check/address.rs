//! Addresses and names, and who has them.
//!
//! | rule | finds | why |
//! |---|---|---|
//! | `address-duplicate` | an address that two have | each is reached only now and then |
//! | `address-gateway` | a node with the address of its gateway that is no router | the whole network loses its way out |
//! | `address-special` | a loopback, multicast or unspecified address | nobody can be reached there |
//! | `service-on` | a service at a node's address that does not say it runs there | the loss of the node would not count |
//! | `endpoint-elsewhere` | a cluster endpoint at a machine that does not serve it, or at an address that nobody has | its API is not found there |
//! | `mac-duplicate` | a hardware address that two have | the switch sends frames to whichever spoke last |
//! | `serial-duplicate` | a serial number that two have | network boot gives both the files of one |
//! | `name-ambiguous` | a name that is referred to, and that two different things have | any of them counts as being there |
//! | `name-ability` | an ability that nothing asks for, and that is nearly one that something does | whoever asks for the other does not find it |
//! | `name-dns` | members or workloads with names that Kubernetes or Proxmox does not take | they join under another name, or not at all |

mod holder;
mod name;

pub(super) use holder::{Held, Holder, held};

use super::wording::{grouped, list};
use crate::rack::{Mac, Os, Role};
use crate::{Finding, Location, Resolved};
use rackberry_core::{ClusterId, NetworkId, ServiceId};
use std::collections::BTreeMap;
use std::net::IpAddr;

pub(super) fn findings(rack: &Resolved, out: &mut Vec<Finding>) {
    let claims = claims(rack);
    for (address, claims) in &claims {
        claims.findings(rack, *address, out);
    }
    endpoints(rack, &claims, out);
    macs(rack, out);
    serials(rack, out);
    name::findings(rack, out);
}

/// Who says to have an address.
#[derive(Debug, Default)]
struct Claims<'a> {
    holders: Vec<Holder>,
    services: Vec<&'a ServiceId>,
    gateways: Vec<&'a NetworkId>,
}

fn claims(rack: &Resolved) -> BTreeMap<IpAddr, Claims<'_>> {
    let mut all = BTreeMap::<IpAddr, Claims<'_>>::new();
    for it in held(rack) {
        all.entry(it.address).or_default().holders.push(it.holder);
    }
    for (id, service) in &rack.rack.services {
        if let Some(address) = service.address {
            all.entry(address).or_default().services.push(id);
        }
    }
    for (id, network) in &rack.rack.networks {
        if let Some(gateway) = network.gateway {
            all.entry(gateway).or_default().gateways.push(id);
        }
    }
    all
}

impl Claims<'_> {
    fn findings(&self, rack: &Resolved, address: IpAddr, out: &mut Vec<Finding>) {
        let Some(first) = self.holders.first() else { return };
        if address.is_loopback() || address.is_unspecified() || address.is_multicast() {
            let reason = format!("{} cannot be reached at {address}", first.name(rack));
            let remedy = "write the address it has on its network".into();
            out.push(Finding::error(
                "address-special",
                first.place(rack, "address"),
                reason,
                remedy,
            ));
        }
        if let Some(second) = self.holders.get(1) {
            let who = list(self.holders.iter().map(|it| it.name(rack)));
            let reason = format!("{who} have the same address, {address}");
            let remedy = "give each an address of its own".into();
            let at = second.place(rack, "address");
            out.push(Finding::error("address-duplicate", at, reason, remedy));
            return;
        }
        out.extend(self.gateway(rack, *first, address));
        out.extend(self.services.iter().filter_map(|it| beside(rack, *first, it, address)));
    }

    fn gateway(&self, rack: &Resolved, holder: Holder, address: IpAddr) -> Option<Finding> {
        let network = self.gateways.first()?;
        let node = holder.node().filter(|it| !is_router(rack, *it))?;
        if self.services.iter().any(|it| runs_on(rack, it, node)) {
            return None;
        }
        let name = &rack.nodes[node].id;
        let reason = format!("{name} has {address}, which is the gateway of {network}");
        let remedy = format!(
            "give {name} another address, or write `serves: internet` at it if it is the router"
        );
        let at = holder.place(rack, "address");
        Some(Finding::error("address-gateway", at, reason, remedy))
    }
}

fn is_router(rack: &Resolved, node: usize) -> bool {
    let written = &rack.rack.nodes[&rack.nodes[node].id];
    let routes = ["internet", "gateway", "router", "routing", "nat", "dhcp"];
    written.os == Some(Os::Vyos) || written.serves.iter().any(|it| routes.contains(&it.as_str()))
}

/// Whether a service runs on a node, or on one of its guests.
fn runs_on(rack: &Resolved, service: &ServiceId, node: usize) -> bool {
    let on = rack.rack.services[service].on.iter().filter_map(|it| rack.node(it));
    on.into_iter().any(|it| it == node || rack.nodes[it].host == Some(node))
}

/// A service at the address of a machine that it does not say it runs on.
fn beside(
    rack: &Resolved,
    holder: Holder,
    service: &ServiceId,
    address: IpAddr,
) -> Option<Finding> {
    let name = holder.name(rack);
    if name == service.as_str() && holder.node().is_none() {
        return None;
    }
    let at = |key| Location::new(["services", service.as_str(), key]);
    let node = holder.node();
    if node.is_some_and(|it| runs_on(rack, service, it)) {
        return None;
    }
    let reason = format!("service {service} answers at {address}, the address of {name}");
    if node.is_none() || !rack.rack.services[service].on.is_empty() {
        let remedy = "give each an address of its own".into();
        return Some(Finding::error("address-duplicate", at("address"), reason, remedy));
    }
    let reason = format!("{reason}, and does not say that it runs there");
    let remedy = format!("write `on: {name}`, so that it goes down with it");
    Some(Finding::warning("service-on", at("address"), reason, remedy))
}

fn endpoints(rack: &Resolved, claims: &BTreeMap<IpAddr, Claims<'_>>, out: &mut Vec<Finding>) {
    for (id, cluster) in &rack.rack.clusters {
        let Some(address) = cluster.endpoint.as_deref().and_then(host) else { continue };
        let at = Location::new(["clusters", id.as_str(), "endpoint"]);
        match claims.get(&address) {
            Some(claims) => out.extend(endpoint_holder(rack, id, address, claims, at)),
            None => out.extend(unknown_endpoint(rack, id, address, at)),
        }
    }
}

/// The address in a URL; none if its host is a name.
fn host(url: &str) -> Option<IpAddr> {
    let rest = url.split_once("://").map_or(url, |it| it.1);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next()?.parse().ok(),
        None => host.split(':').next()?.parse().ok(),
    }
}

fn serves_api(rack: &Resolved, id: &ClusterId, node: usize) -> bool {
    let any_member = rack.rack.clusters[id].proxmox.is_some();
    let node = &rack.nodes[node];
    node.cluster.as_ref() == Some(id) && (any_member || node.role == Role::ControlPlane)
}

fn endpoint_holder(
    rack: &Resolved,
    id: &ClusterId,
    address: IpAddr,
    claims: &Claims<'_>,
    at: Location,
) -> Option<Finding> {
    let first = claims.holders.first().filter(|_| claims.services.is_empty())?;
    let right = |it: &Holder| it.node().is_some_and(|it| serves_api(rack, id, it));
    if claims.holders.iter().any(right) {
        return None;
    }
    let name = first.name(rack);
    let reason = format!(
        "the endpoint of {id} is {address}, the address of {name}, which is not of its control plane"
    );
    let remedy = match rack.members(id).find(|it| serves_api(rack, id, *it)) {
        Some(node) => format!("name a machine that serves it, such as {}", rack.nodes[node].id),
        None => "name a machine that serves it".into(),
    };
    Some(Finding::error("endpoint-elsewhere", at, reason, remedy))
}

fn unknown_endpoint(
    rack: &Resolved,
    id: &ClusterId,
    address: IpAddr,
    at: Location,
) -> Option<Finding> {
    let mut serving = rack.members(id).filter(|it| serves_api(rack, id, *it)).peekable();
    let addressed = |it: usize| rack.rack.nodes[&rack.nodes[it].id].address.is_some();
    if serving.peek().is_none() || !serving.all(addressed) {
        return None;
    }
    let reason = format!("nothing in the file has {address}, the endpoint of {id}");
    let remedy = "describe it as a service if it is a virtual address or a load balancer, with what it needs";
    Some(Finding::note("endpoint-elsewhere", at, reason, remedy.into()))
}

fn macs(rack: &Resolved, out: &mut Vec<Finding>) {
    let all = rack.rack.nodes.values().enumerate().flat_map(|(at, node)| {
        let links = node.links.iter().enumerate();
        let links = links.filter_map(move |(no, it)| Some((it.mac?, Holder::Link(at, no))));
        node.mac.map(|it| (it, Holder::Node(at))).into_iter().chain(links)
    });
    for (mac, holders) in grouped::<Mac, Holder>(all) {
        let Some(second) = holders.get(1) else { continue };
        let who = list(holders.iter().map(|it| it.name(rack)));
        let reason = format!("{who} have the same hardware address, {mac}");
        let remedy = "read it again on the machine, or from its DHCP lease".into();
        out.push(Finding::error("mac-duplicate", second.place(rack, "mac"), reason, remedy));
    }
}

fn serials(rack: &Resolved, out: &mut Vec<Finding>) {
    let nodes = rack.rack.nodes.values().enumerate();
    let serials = nodes.filter_map(|(at, it)| Some((it.serial.as_ref()?.to_lowercase(), at)));
    for (serial, nodes) in grouped(serials) {
        let Some(second) = nodes.get(1) else { continue };
        let who = list(nodes.iter().map(|it| &rack.nodes[*it].id));
        let reason = format!("{who} have the same serial number, {serial}");
        let remedy = "read it again in /proc/cpuinfo of each".into();
        let at = Holder::Node(*second).place(rack, "serial");
        out.push(Finding::error("serial-duplicate", at, reason, remedy));
    }
}
