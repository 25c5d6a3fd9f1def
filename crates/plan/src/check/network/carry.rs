//! What ports carry from switch to switch, and to the switches themselves.

use super::subnet::Subnets;
use super::vlan::network;
use crate::check::address::held;
use crate::check::cable::{
    Plug, Plugs, Socket, of_switch, port_key, port_name, switch_key, trunks, uplink, way_up,
    written,
};
use crate::check::wording::list;
use crate::rack::VlanId;
use crate::{Finding, Location, Resolved};
use rackberry_core::NetworkId;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

pub(super) fn findings(rack: &Resolved, plugs: &Plugs<'_>, out: &mut Vec<Finding>) {
    let subnets = Subnets::new(rack);
    let mut used = used(rack, plugs);
    for (switch, used) in used.iter_mut().enumerate() {
        let Some(own) = management(rack, &subnets, switch) else { continue };
        let reach = reach(rack, plugs, switch, own);
        out.extend(told(rack, switch, own, reach));
        if reach != Reach::Cut {
            used.insert(own);
        }
    }
    leaving(rack, plugs, &used, out);
    ends(rack, out);
}

/// What a port lets through.
enum Carried<'a> {
    /// The file does not say: all.
    All,
    /// One network untagged, and some tagged.
    Only(Option<&'a NetworkId>, &'a [NetworkId]),
}

impl Carried<'_> {
    fn carries(&self, network: &NetworkId) -> bool {
        match self {
            Self::All => true,
            Self::Only(untagged, tagged) => *untagged == Some(network) || tagged.contains(network),
        }
    }
}

fn carried<'a>(rack: &'a Resolved, at: Socket, here: &[Plug<'_>]) -> Carried<'a> {
    let card = here.iter().find_map(|it| network(rack, it));
    match written(rack, at) {
        Some(port) if port.network.is_some() || !port.tagged.is_empty() => {
            let native = || of_vlan_1(rack);
            Carried::Only(port.network.as_ref().or(card).or_else(native), &port.tagged)
        }
        Some(_) | None if card.is_some() => Carried::Only(card, &[]),
        Some(_) | None => Carried::All,
    }
}

/// What switches put untagged frames on where nothing is set.
fn of_vlan_1(rack: &Resolved) -> Option<&NetworkId> {
    rack.rack.networks.iter().find(|it| it.1.vlan == VlanId::default()).map(|it| it.0)
}

/// The networks that the machines on each switch are on.
fn used<'a>(rack: &'a Resolved, plugs: &Plugs<'_>) -> Vec<BTreeSet<&'a NetworkId>> {
    let mut used = vec![BTreeSet::new(); rack.switches.len()];
    for (at, here) in plugs {
        used[at.0].extend(here.iter().filter_map(|it| network(rack, it)));
    }
    for guest in &rack.nodes {
        let switch = guest.host.and_then(|it| rack.nodes[it].switch);
        if let (Some(switch), Some(own)) = (switch, &rack.rack.nodes[&guest.id].network) {
            used[switch].insert(own);
        }
    }
    used
}

/// The network that a switch is managed on: as written, or as its address says.
fn management<'a>(
    rack: &'a Resolved,
    subnets: &Subnets<'a>,
    switch: usize,
) -> Option<&'a NetworkId> {
    let written = rack.rack.switches.get(&rack.switches[switch].id)?;
    let manages = rack.switches[switch].model.managed != Some(false);
    let own = written.network.as_ref().or_else(|| subnets.of(written.address?));
    own.filter(|_| manages)
}

/// How the page of a switch is reached.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// By a port that carries its network untagged, or of which nothing is said.
    Plain,
    /// By tagged frames only.
    Tagged,
    /// By no port.
    Cut,
}

fn reach(rack: &Resolved, plugs: &Plugs<'_>, switch: usize, own: &NetworkId) -> Reach {
    let mut ports: BTreeMap<Socket, &[Plug<'_>]> = of_switch(plugs, switch).collect();
    let written = &rack.rack.switches[&rack.switches[switch].id];
    for port in written.ports.keys().chain(&written.uplink) {
        ports.entry((switch, *port)).or_default();
    }
    let ports: Vec<Carried<'_>> = ports.iter().map(|(at, here)| carried(rack, *at, here)).collect();
    let plain = |it: &Carried<'_>| match it {
        Carried::All => true,
        Carried::Only(untagged, _) => *untagged == Some(own),
    };
    match (ports.iter().any(plain), ports.iter().any(|it| it.carries(own))) {
        (true, _) => Reach::Plain,
        (false, true) => Reach::Tagged,
        (false, false) if ports.is_empty() => Reach::Plain,
        (false, false) => Reach::Cut,
    }
}

fn told(rack: &Resolved, switch: usize, own: &NetworkId, reach: Reach) -> Option<Finding> {
    let id = &rack.switches[switch].id;
    let written = &rack.rack.switches[id];
    let key = if written.network.is_some() { "network" } else { "address" };
    let at: Location = switch_key(rack, switch, key);
    match reach {
        Reach::Plain => None,
        Reach::Tagged => {
            let reason = format!(
                "the page of {id} is on {own}, which leaves it only tagged, and not every small switch answers there"
            );
            let remedy = format!("keep one port untagged on {own}, for the day that it does not");
            Some(Finding::note("management-tagged", at, reason, remedy))
        }
        Reach::Cut => {
            let reason = format!(
                "the page of {id} is on {own}, which no port of it carries, so that setting its VLANs locks everybody out"
            );
            let remedy = match written.uplink {
                Some(port) => {
                    format!(
                        "add {own} to `tagged` at its uplink, {}",
                        port_name(rack, (switch, port))
                    )
                }
                None => format!("carry {own} on the port that it is managed through"),
            };
            let finding = if written.allow_lockout { Finding::warning } else { Finding::error };
            Some(finding("management-cut", at, reason, remedy))
        }
    }
}

/// Networks that must leave by an uplink which does not carry them.
fn leaving(
    rack: &Resolved,
    plugs: &Plugs<'_>,
    used: &[BTreeSet<&NetworkId>],
    out: &mut Vec<Finding>,
) {
    let gateways = gateways(rack, plugs);
    let mut below = used.to_vec();
    let mut reached = vec![BTreeSet::<&NetworkId>::new(); used.len()];
    for (switch, networks) in used.iter().enumerate() {
        for above in way_up(rack, plugs, switch) {
            below[above].extend(networks);
            reached[above].extend(gateways.get(&switch).into_iter().flatten());
        }
    }
    for (switch, networks) in below.iter().enumerate() {
        let Some(at) = uplink(rack, switch) else { continue };
        let carried = carried(rack, at, plugs.get(&at).map_or(&[], Vec::as_slice));
        let cut = networks.iter().filter(|it| {
            let leaves = rack.rack.networks.get(**it).is_some_and(|it| it.gateway.is_some());
            leaves && !reached[switch].contains(**it) && !carried.carries(it)
        });
        let cut: Vec<_> = cut.collect();
        let Some(first) = cut.first() else { continue };
        let reason = format!(
            "{} cannot reach the gateway from {}: its uplink {} does not carry it",
            list(&cut),
            rack.switches[switch].id,
            port_name(rack, at)
        );
        let remedy = format!("add {first} to `tagged` at {}", port_name(rack, at));
        out.push(Finding::error("vlan-not-carried", port_key(rack, at, "tagged"), reason, remedy));
    }
}

/// The networks whose gateway is on each switch itself, and not behind its uplink.
fn gateways<'a>(rack: &'a Resolved, plugs: &Plugs<'_>) -> BTreeMap<usize, BTreeSet<&'a NetworkId>> {
    let networks = rack.rack.networks.iter().filter_map(|(id, it)| Some((it.gateway?, id)));
    let mut of: BTreeMap<IpAddr, Vec<&NetworkId>> = BTreeMap::new();
    networks.for_each(|(gateway, id)| of.entry(gateway).or_default().push(id));
    let mut all = BTreeMap::<usize, BTreeSet<&NetworkId>>::new();
    let mut add = |switch: usize, address: IpAddr| {
        all.entry(switch).or_default().extend(of.get(&address).into_iter().flatten());
    };
    let switch_of = |it: usize| {
        let machine = rack.nodes[it].host.filter(|_| rack.nodes[it].switch.is_none()).unwrap_or(it);
        rack.nodes[machine].switch
    };
    for it in held(rack) {
        if let Some(switch) = it.holder.node().and_then(switch_of) {
            add(switch, it.address);
        }
    }
    for service in rack.rack.services.values() {
        let on = service.on.iter().filter_map(|it| switch_of(rack.node(it)?));
        on.for_each(|switch| service.address.iter().for_each(|it| add(switch, *it)));
    }
    for (at, here) in plugs.iter().filter(|it| uplink(rack, it.0.0) != Some(*it.0)) {
        for plug in here {
            let Plug::Thing(thing) = plug else { continue };
            let service = rack.rack.services.get(thing.as_str());
            service.and_then(|it| it.address).into_iter().for_each(|it| add(at.0, it));
        }
    }
    all
}

/// Cables between switches whose ends do not carry the same.
fn ends(rack: &Resolved, out: &mut Vec<Finding>) {
    for (a, b) in trunks(rack) {
        let (Carried::Only(one, tagged), Carried::Only(other, also)) =
            (carried(rack, a, &[]), carried(rack, b, &[]))
        else {
            continue;
        };
        let (here, there) = (port_name(rack, a), port_name(rack, b));
        if let (Some(one), Some(other)) = (one, other)
            && one != other
        {
            let reason =
                format!("untagged frames leave {here} as {one} and arrive at {there} as {other}");
            let remedy = "write the same `network` at both ends".into();
            out.push(Finding::error(
                "trunk-mismatch",
                port_key(rack, a, "network"),
                reason,
                remedy,
            ));
            continue;
        }
        let all: BTreeSet<&NetworkId> =
            [one, other].into_iter().flatten().chain(tagged).chain(also).collect();
        let uneven = |it: &&NetworkId| {
            (one == Some(*it), tagged.contains(it)) != (other == Some(*it), also.contains(it))
        };
        let uneven: Vec<_> = all.into_iter().filter(uneven).collect();
        if uneven.is_empty() {
            continue;
        }
        let reason = format!(
            "{here} and {there} are the two ends of a cable, and do not treat {} alike",
            list(&uneven)
        );
        let remedy = "write the same `network` and `tagged` at both ends".into();
        out.push(Finding::error("trunk-mismatch", port_key(rack, a, "tagged"), reason, remedy));
    }
}
