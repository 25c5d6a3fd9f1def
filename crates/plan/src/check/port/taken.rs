//! Ports, and what is in them.

use crate::check::cable::{
    Plug, Plugs, Socket, group, node_key, port_key, port_name, ports, speed, switch_key, uplink,
    written,
};
use crate::check::wording::{grouped, list};
use crate::rack::{Board, PortEnd, Socket as Kind};
use crate::{Finding, Location, Resolved};
use rackberry_core::{BitsPerSecond, PortNo};

pub(super) fn findings(rack: &Resolved, plugs: &Plugs<'_>, out: &mut Vec<Finding>) {
    for (at, here) in plugs {
        out.extend(shared(rack, plugs, *at, here).or_else(|| uplink_taken(rack, *at, here)));
    }
    cages(rack, plugs, out);
    modules(rack, out);
    without_nic(rack, plugs, out);
    too_fast(rack, out);
    slowed(rack, plugs, out);
    out.extend(full(rack, plugs));
}

fn shared(rack: &Resolved, plugs: &Plugs<'_>, at: Socket, here: &[Plug<'_>]) -> Option<Finding> {
    let (first, rest) = here.split_first()?;
    // One machine may name a port twice, for a second network on the same cable.
    let second = rest.iter().find(|it| it.node().is_none() || it.node() != first.node())?;
    let all = list(here.iter().map(|it| it.name(rack)));
    let reason = format!("{all} are in port {}, which takes one cable", port_name(rack, at));
    let free = free_ports(rack, plugs, at.0).next();
    let remedy = match free {
        Some(free) => format!(
            "move one of them, for instance to {}, which is free",
            port_name(rack, (at.0, free))
        ),
        None => "move one of them to another switch: this one has no free port".into(),
    };
    Some(Finding::error("port-shared", second.place(rack, at), reason, remedy))
}

/// The ports of a switch that nothing is plugged into.
fn free_ports<'a>(
    rack: &'a Resolved,
    plugs: &'a Plugs<'_>,
    switch: usize,
) -> impl Iterator<Item = PortNo> + 'a {
    let uplink = uplink(rack, switch);
    let free =
        move |it: &PortNo| Some((switch, *it)) != uplink && !plugs.contains_key(&(switch, *it));
    rack.switches[switch].model.port_numbers().filter(free)
}

fn uplink_taken(rack: &Resolved, at: Socket, here: &[Plug<'_>]) -> Option<Finding> {
    if uplink(rack, at.0) != Some(at) {
        return None;
    }
    let plug = here.iter().find(|it| it.node().is_some())?;
    let name = plug.name(rack);
    let leads_there = match written(rack, at).and_then(|it| it.to.as_ref()) {
        Some(PortEnd::Thing(thing)) => thing.as_str() == name,
        Some(PortEnd::Port(_)) | None => false,
    };
    if leads_there {
        return None;
    }
    let (port, switch) = (port_name(rack, at), &rack.switches[at.0].id);
    let reason = format!(
        "{name} is on {port}, the uplink of {switch}, so nothing joins {switch} to the rest"
    );
    let remedy = format!(
        "use another port for {name}, or write `to: {name}` at that port if it is the way out"
    );
    Some(Finding::error("uplink-taken", plug.place(rack, at), reason, remedy))
}

/// Cages that something is said to be in, and no module.
fn cages(rack: &Resolved, plugs: &Plugs<'_>, out: &mut Vec<Finding>) {
    let bare = |at: &Socket| {
        let cage = group(rack, *at).is_some_and(|it| it.socket == Kind::Sfp);
        cage && written(rack, *at).is_none_or(|it| it.module.is_none())
    };
    let bare = plugs.iter().filter(|(at, _)| bare(at)).map(|(at, here)| (at.0, (*at, here)));
    for (switch, all) in grouped(bare) {
        let who = list(all.iter().map(|(at, here)| {
            format!("{} (port {})", list(here.iter().map(|it| it.name(rack))), at.1.0)
        }));
        let reason = format!(
            "cages of {} take no cable without a module, and none is named for {who}",
            rack.switches[switch].id
        );
        let remedy =
            "write what is in the cage at the port, as `module: sfp-rj45` for copper".into();
        let (at, here) = all[0];
        out.push(Finding::warning("sfp-module", here[0].place(rack, at), reason, remedy));
    }
}

fn modules(rack: &Resolved, out: &mut Vec<Finding>) {
    for (at, port) in ports(rack) {
        let copper = group(rack, at).is_some_and(|it| it.socket == Kind::Rj45);
        let Some(module) = port.module.as_ref().filter(|_| copper) else { continue };
        let reason = format!("{module} cannot be in {}, which is no cage", port_name(rack, at));
        let remedy = "leave `module` out, or name the port that has the cage".into();
        out.push(Finding::warning("sfp-module", port_key(rack, at, "module"), reason, remedy));
    }
}

fn board(rack: &Resolved, node: usize) -> Option<&Board> {
    rack.catalogue.boards.get(&rack.rack.nodes[&rack.nodes[node].id].board)
}

/// The nodes whose first card is in a port, guests left out.
fn machines<'a>(
    rack: &'a Resolved,
    plugs: &'a Plugs<'_>,
) -> impl Iterator<Item = (Socket, usize)> + 'a {
    let node = |plug: &Plug<'_>| match plug {
        Plug::Node(node) if rack.nodes[*node].host.is_none() => Some(*node),
        Plug::Node(_) | Plug::Link(..) | Plug::Switch(_) | Plug::Thing(_) => None,
    };
    plugs.iter().flat_map(move |(at, here)| here.iter().filter_map(node).map(|it| (*at, it)))
}

fn without_nic(rack: &Resolved, plugs: &Plugs<'_>, out: &mut Vec<Finding>) {
    let bare =
        machines(rack, plugs).filter(|it| board(rack, it.1).is_some_and(|it| it.nic.is_none()));
    let by_board = bare.map(|(_, it)| (rack.rack.nodes[&rack.nodes[it].id].board.as_str(), it));
    for (board, nodes) in grouped(by_board) {
        let who = list(nodes.iter().map(|it| &rack.nodes[*it].id));
        let reason = format!("a {board} has no wired network, and {who} is said to be in a port");
        let remedy =
            "leave `port` out if it is on WiFi, or describe its USB adapter under `links`".into();
        out.push(Finding::error("nic-absent", node_key(rack, nodes[0], "port"), reason, remedy));
    }
}

fn too_fast(rack: &Resolved, out: &mut Vec<Finding>) {
    for (at, port) in ports(rack) {
        let Some((said, most)) = port.speed.zip(group(rack, at).map(|it| it.speed)) else {
            continue;
        };
        if said <= most {
            continue;
        }
        let reason =
            format!("{} is said to run at {said}, and is a port of {most}", port_name(rack, at));
        let remedy = format!("write {most} or less, or use a faster port");
        out.push(Finding::error("port-speed", port_key(rack, at, "speed"), reason, remedy));
    }
}

fn slowed(rack: &Resolved, plugs: &Plugs<'_>, out: &mut Vec<Finding>) {
    let card = |plug: &Plug<'_>| -> Option<BitsPerSecond> {
        match plug {
            Plug::Node(node) if rack.nodes[*node].host.is_none() => board(rack, *node)?.nic,
            Plug::Link(node, link) => rack.rack.nodes[&rack.nodes[*node].id].links[*link].speed,
            Plug::Node(_) | Plug::Switch(_) | Plug::Thing(_) => None,
        }
    };
    let slow = plugs.iter().flat_map(|(at, here)| here.iter().map(move |it| (*at, it)));
    let slow = slow.filter_map(|(at, plug)| {
        let (card, port) = (card(plug)?, speed(rack, at)?);
        (card > port).then_some(((at.0, card, port), (at, plug)))
    });
    for ((switch, card, port), all) in grouped(slow) {
        let who = list(all.iter().map(|it| it.1.name(rack)));
        let switch = &rack.switches[switch].id;
        let reason = format!("a card of {card} is on a link of {port} to {switch}: {who}");
        let remedy = "use a faster port, if it moves much data".into();
        let (at, plug) = all[0];
        out.push(Finding::note("port-speed", plug.place(rack, at), reason, remedy));
    }
}

fn full(rack: &Resolved, plugs: &Plugs<'_>) -> Option<Finding> {
    let ported = |it: &usize| rack.switches[*it].model.port_count() > 0;
    let full = (0..rack.switches.len()).filter(ported);
    let full = full.filter(|it| free_ports(rack, plugs, *it).next().is_none());
    let full: Vec<usize> = full.collect();
    let names = list(full.iter().map(|it| &rack.switches[*it].id));
    let at: Location = switch_key(rack, *full.first()?, "model");
    let reason = format!("no port is free on {names}");
    let remedy = "plan a larger switch before the next node".into();
    Some(Finding::note("ports-full", at, reason, remedy))
}
