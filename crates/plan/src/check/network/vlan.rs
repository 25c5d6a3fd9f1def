//! VLANs on switches, and the ports that nodes are in.

use crate::check::cable::{
    Joined, Plug, Plugs, Socket, node_key, port_key, port_name, switch_key, trunks, written,
};
use crate::check::wording::{grouped, list};
use crate::rack::VlanId;
use crate::{Finding, Location, Resolved};
use rackberry_core::NetworkId;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn findings(rack: &Resolved, plugs: &Plugs<'_>, out: &mut Vec<Finding>) {
    duplicates(rack, plugs, out);
    unmanaged(rack, plugs, out);
    pvids(rack, plugs, out);
    guests(rack, plugs, out);
}

/// The network that what is plugged in says it is on.
pub(super) fn network<'a>(rack: &'a Resolved, plug: &Plug<'_>) -> Option<&'a NetworkId> {
    let node = |it: usize| &rack.rack.nodes[&rack.nodes[it].id];
    match plug {
        Plug::Node(it) => node(*it).network.as_ref(),
        Plug::Link(it, link) => node(*it).links[*link].network.as_ref(),
        Plug::Switch(_) | Plug::Thing(_) => None,
    }
}

fn vlan(rack: &Resolved, network: &NetworkId) -> VlanId {
    rack.vlan(network).unwrap_or_default()
}

/// Every network that something on a switch is on, with the switch.
fn on_switches<'a>(rack: &'a Resolved, plugs: &Plugs<'_>) -> BTreeSet<(usize, &'a NetworkId)> {
    let mut all = BTreeSet::new();
    for (at, here) in plugs {
        all.extend(here.iter().filter_map(|it| Some((at.0, network(rack, it)?))));
    }
    for (at, switch) in rack.rack.switches.values().enumerate() {
        all.extend(switch.network.iter().map(|it| (at, it)));
        for port in switch.ports.values() {
            all.extend(port.network.iter().chain(port.tagged.iter()).map(|it| (at, it)));
        }
    }
    for node in &rack.nodes {
        let host = node.host.and_then(|it| rack.nodes[it].switch);
        all.extend(host.zip(rack.rack.nodes[&node.id].network.as_ref()));
    }
    all
}

fn duplicates(rack: &Resolved, plugs: &Plugs<'_>, out: &mut Vec<Finding>) {
    let mut joined = Joined::new(rack.switches.len());
    for (a, b) in trunks(rack) {
        joined.join(a.0, b.0);
    }
    let switched = on_switches(rack, plugs);
    let seen: BTreeSet<&NetworkId> = switched.iter().map(|it| it.1).collect();
    let by_switch = switched.iter().map(|(at, it)| ((Some(joined.root(*at)), vlan(rack, it)), *it));
    let mut all = grouped(by_switch);
    // Of networks on no switch the default number says nothing.
    let unseen = rack
        .rack
        .networks
        .iter()
        .filter(|(id, it)| !seen.contains(id) && it.vlan != VlanId::default());
    for (id, network) in unseen {
        all.entry((None, network.vlan)).or_default().push(id);
    }
    let mut told = BTreeSet::new();
    for ((part, vlan), networks) in all {
        let networks: BTreeSet<_> = networks.into_iter().collect();
        let (Some(last), true) = (networks.last(), networks.len() > 1) else { continue };
        if !told.insert(networks.clone()) {
            continue;
        }
        let at = Location::new(["networks", last.as_str(), "vlan"]);
        let names = list(&networks);
        let reason = format!("{names} are all {vlan}, and so one network");
        let remedy = "give each a VLAN of its own".into();
        out.push(match part {
            Some(_) => Finding::error("vlan-duplicate", at, reason, remedy),
            None => Finding::warning("vlan-duplicate", at, reason, remedy),
        });
    }
}

fn unmanaged(rack: &Resolved, plugs: &Plugs<'_>, out: &mut Vec<Finding>) {
    let mut on: BTreeMap<usize, BTreeSet<&NetworkId>> = BTreeMap::new();
    for (at, here) in plugs {
        let untagged = written(rack, *at).and_then(|it| it.network.as_ref());
        let here = here.iter().filter_map(|it| network(rack, it)).chain(untagged);
        on.entry(at.0).or_default().extend(here);
    }
    for (switch, networks) in on {
        let vlans: BTreeSet<VlanId> = networks.iter().map(|it| vlan(rack, it)).collect();
        if rack.switches[switch].model.managed != Some(false) || vlans.len() < 2 {
            continue;
        }
        let id = &rack.switches[switch].id;
        let model = rack.rack.switches.get(id).map_or("", |it| it.model.as_str());
        let names = list(&networks);
        let reason = format!("{id} ({model}) knows no VLANs, and joins {names} into one");
        let remedy = "use a managed switch, or one switch for each network".into();
        let at = switch_key(rack, switch, "model");
        out.push(Finding::error("vlan-unmanaged", at, reason, remedy));
    }
}

/// Whether a switch keeps to what the file says of its VLANs.
fn knows_vlans(rack: &Resolved, switch: usize) -> bool {
    rack.switches[switch].model.managed != Some(false)
}

fn pvids(rack: &Resolved, plugs: &Plugs<'_>, out: &mut Vec<Finding>) {
    let wrong = plugs.iter().filter(|it| knows_vlans(rack, it.0.0)).flat_map(|(at, here)| {
        let port = written(rack, *at);
        here.iter().filter_map(move |plug| {
            let (own, pvid) = (network(rack, plug)?, port?.network.as_ref()?);
            let carried = own == pvid || port?.tagged.contains(own);
            (!carried).then_some(((at.0, pvid, own), (*at, plug)))
        })
    });
    for ((_, pvid, own), all) in grouped(wrong) {
        let who = list(all.iter().map(|it| it.1.name(rack)));
        let ports = list(all.iter().map(|it| port_name(rack, it.0)));
        let reason =
            format!("{who} should be on {own}, and {ports} puts untagged frames on {pvid}");
        let remedy = format!("write `network: {own}` at the port, or leave it out");
        let at = port_key(rack, all[0].0, "network");
        out.push(Finding::error("pvid-mismatch", at, reason, remedy));
    }
}

/// Guests on networks that no port of their host carries.
fn guests(rack: &Resolved, plugs: &Plugs<'_>, out: &mut Vec<Finding>) {
    let mut cards: BTreeMap<usize, Vec<(Socket, &Plug<'_>)>> = BTreeMap::new();
    for (at, here) in plugs {
        for plug in here {
            if let Some(node) = plug.node() {
                cards.entry(node).or_default().push((*at, plug));
            }
        }
    }
    let lives_in = lives_in(rack);
    let cut = rack.nodes.iter().enumerate().filter_map(|(at, guest)| {
        let (host, own) = (guest.host?, rack.rack.nodes[&guest.id].network.as_ref()?);
        let cards = cards.get(&host).filter(|_| !cards.contains_key(&at))?;
        let carried = cards.iter().any(|(at, plug)| {
            let port = written(rack, *at);
            let untagged = port.and_then(|it| it.network.as_ref()).or(network(rack, plug));
            let tagged = port.is_some_and(|it| it.tagged.contains(own));
            tagged || untagged.is_none_or(|it| it == own) || !knows_vlans(rack, at.0)
        });
        let direct = rack.rack.nodes[&rack.nodes[host].id].links.iter();
        let direct =
            direct.filter(|it| it.port.is_none()).any(|it| it.network.as_ref() == Some(own));
        let inside = lives_in.get(own) == Some(&Some(host));
        (!carried && !direct && !inside).then_some(((host, own, cards[0].0), at))
    });
    for ((host, own, port), guests) in grouped(cut) {
        let who = list(guests.iter().map(|it| &rack.nodes[*it].id));
        let (host, port) = (&rack.nodes[host].id, port_name(rack, port));
        let reason = format!("{port}, the port of their host {host}, does not carry {own}: {who}");
        let remedy = format!("write `tagged: {own}` at {port}");
        out.push(Finding::error("guest-cut", node_key(rack, guests[0], "network"), reason, remedy));
    }
}

/// The one host that a network lives in, for networks without a gateway; none if there are several.
fn lives_in(rack: &Resolved) -> BTreeMap<&NetworkId, Option<usize>> {
    let mut all = BTreeMap::new();
    for (at, node) in rack.rack.nodes.values().enumerate() {
        let machine = Some(rack.nodes[at].host.unwrap_or(at));
        let links = node.links.iter().filter_map(|it| it.network.as_ref());
        for network in node.network.iter().chain(links) {
            let gateway = rack.rack.networks.get(network).is_some_and(|it| it.gateway.is_some());
            let host = all.entry(network).or_insert(machine);
            *host = host.filter(|it| !gateway && Some(*it) == machine);
        }
    }
    all
}
