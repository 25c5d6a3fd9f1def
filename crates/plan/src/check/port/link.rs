//! Cables between switches, and between nodes.

use crate::check::cable::{Joined, node_key, port_key, port_name, ports, socket, trunks, written};
use crate::check::wording::{count, grouped, list};
use crate::rack::PortEnd;
use crate::{Finding, Resolved};

pub(super) fn findings(rack: &Resolved, out: &mut Vec<Finding>) {
    sides(rack, out);
    loops(rack, out);
    direct(rack, out);
}

fn sides(rack: &Resolved, out: &mut Vec<Finding>) {
    for (at, port) in ports(rack) {
        let Some(PortEnd::Port(there)) = &port.to else { continue };
        let Some(other) = socket(rack, there) else { continue };
        let here = port_name(rack, at);
        let key = || port_key(rack, at, "to");
        if other == at {
            let reason = format!("{here} is said to lead to itself");
            let remedy = "name the port at the other end of the cable".into();
            out.push(Finding::error("link-sides", key(), reason, remedy));
            continue;
        }
        let back = written(rack, other).and_then(|it| it.to.as_ref());
        let Some(back) = back.filter(|it| !leads_to(it, &here)) else { continue };
        let reason = format!("{here} is said to lead to {there}, and {there} to {back}");
        let remedy = "follow the cable, and correct the end that is wrong".into();
        out.push(Finding::error("link-sides", key(), reason, remedy));
    }
}

fn leads_to(end: &PortEnd, port: &str) -> bool {
    match end {
        PortEnd::Port(it) => it.to_string() == port,
        PortEnd::Thing(_) => false,
    }
}

fn loops(rack: &Resolved, out: &mut Vec<Finding>) {
    let mut joined = Joined::new(rack.switches.len());
    for (a, b) in trunks(rack) {
        if joined.join(a.0, b.0) {
            continue;
        }
        let (one, other) = (port_name(rack, a), port_name(rack, b));
        let reason = match a.0 == b.0 {
            true => format!("a cable joins {one} and {other}, two ports of one switch"),
            false => {
                format!("the cable from {one} to {other} is a second way between two switches")
            }
        };
        let remedy = "pull it, or see that spanning tree or link aggregation is on at both ends";
        let at = [a, b].into_iter().find(|it| written(rack, *it).is_some_and(|it| it.to.is_some()));
        let at = port_key(rack, at.unwrap_or(a), "to");
        out.push(Finding::warning("switch-loop", at, reason, remedy.into()));
    }
}

/// Networks of cables without a switch: such a cable has two ends.
fn direct(rack: &Resolved, out: &mut Vec<Finding>) {
    if rack.switches.is_empty() {
        return;
    }
    let cards = rack.rack.nodes.values().enumerate().flat_map(|(at, node)| {
        let bare = node.links.iter().filter(|it| it.port.is_none());
        bare.filter_map(move |it| Some((it.network.as_ref()?, at)))
    });
    for (network, cards) in grouped(cards) {
        let mut nodes = cards.clone();
        nodes.dedup();
        // A tree of cables between all of them has two cards for each cable.
        if nodes.len() < 3 || cards.len() >= 2 * (nodes.len() - 1) {
            continue;
        }
        let who = list(nodes.iter().map(|it| &rack.nodes[*it].id));
        let (cables, wanted) = (cards.len() / 2, nodes.len() - 1);
        let reason = format!(
            "{who} have {} cards on {network} that are in no switch, enough for {}, and joining them takes {wanted}",
            cards.len(),
            count(cables, "cable")
        );
        let remedy =
            "describe the switch that joins them, or the further cards of those in the middle";
        let at = node_key(rack, nodes[0], "links");
        out.push(Finding::warning("direct-cable", at, reason, remedy.into()));
    }
}
