//! What nodes boot from.

use crate::check::cable::node_key;
use crate::check::wording::{grouped, list};
use crate::rack::{Boot, Node};
use crate::{Finding, Resolved};
use rackberry_core::BitsPerSecond;

/// Network boot at this speed or below is told of.
const SLOW: BitsPerSecond = BitsPerSecond(100_000_000);

pub(super) fn findings(rack: &Resolved, out: &mut Vec<Finding>) {
    medium(rack, out);
    disk(rack, out);
    out.extend(slow(rack));
}

fn booting(rack: &Resolved) -> impl Iterator<Item = (usize, &Node, Boot)> {
    let nodes = rack.rack.nodes.values().enumerate();
    nodes.filter_map(|(at, node)| Some((at, node, node.boot?)))
}

fn ids(rack: &Resolved, nodes: &[usize]) -> String {
    list(nodes.iter().map(|it| &rack.nodes[*it].id))
}

fn medium(rack: &Resolved, out: &mut Vec<Finding>) {
    let wrong = booting(rack).filter_map(|(at, node, boot)| {
        let known = &rack.catalogue.boards.get(&node.board)?.boots;
        let cannot = !known.is_empty() && !known.contains(&boot);
        cannot.then_some(((node.board.as_str(), boot), at))
    });
    for ((board, boot), nodes) in grouped(wrong) {
        let known = rack.catalogue.boards.get(board).map(|it| &*it.boots).unwrap_or_default();
        let reason = match boot {
            Boot::Network => {
                format!("a {board} cannot boot from the network: {}", ids(rack, &nodes))
            }
            Boot::Sd | Boot::Emmc | Boot::Usb | Boot::Nvme | Boot::Sata | Boot::Disk => {
                format!("a {board} cannot boot from {boot}: {}", ids(rack, &nodes))
            }
        };
        let remedy = format!("boot from one of: {}", join(known));
        out.push(Finding::error("boot-medium", node_key(rack, nodes[0], "boot"), reason, remedy));
    }
}

fn join(all: &[Boot]) -> String {
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    all.join(", ")
}

fn disk(rack: &Resolved, out: &mut Vec<Finding>) {
    let missing = booting(rack).filter_map(|(at, node, boot)| {
        let there = boot == Boot::Network || node.disks.values().any(|it| it.kind == boot);
        (!node.disks.is_empty() && !there).then_some((boot, at))
    });
    for (boot, nodes) in grouped(missing) {
        let who = ids(rack, &nodes);
        let reason = format!("no disk of kind {boot} is listed to boot from: {who}");
        let remedy = "list the disk it boots from, or correct `boot`".into();
        out.push(Finding::warning("boot-disk", node_key(rack, nodes[0], "boot"), reason, remedy));
    }
}

fn slow(rack: &Resolved) -> Option<Finding> {
    let slow = booting(rack).filter(|(at, _, boot)| {
        *boot == Boot::Network && rack.nodes[*at].speed.is_some_and(|it| it <= SLOW)
    });
    let slow: Vec<usize> = slow.map(|it| it.0).collect();
    let at = node_key(rack, *slow.first()?, "boot");
    let reason = format!("the disk of {} is as slow as its link: {SLOW} at most", ids(rack, &slow));
    let remedy = "boot it from a USB drive, or keep what writes much off it".into();
    Some(Finding::note("slow-nic", at, reason, remedy))
}
