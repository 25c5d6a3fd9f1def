//! Outlets, and all that hangs on them.

use super::{Feed, shown, shown_over};
use crate::check::wording::{count, list};
use crate::rack::Outlet;
use crate::{Finding, Location, Resolved};
use rackberry_core::{Milliwatts, OutletId};
use std::collections::BTreeMap;

pub(super) fn findings(rack: &Resolved, feeds: &[Feed<'_>], out: &mut Vec<Finding>) {
    let mut tree = Tree::new(rack);
    tree.hang(feeds);
    let circular = tree.carry_up();
    circles(&tree, &circular, out);
    for (at, outlet) in tree.outlets.iter().enumerate().filter(|(at, _)| !circular[*at]) {
        out.extend(overload(outlet, tree.loads[at]));
    }
    out.extend(unknown(rack, feeds));
}

/// What hangs on an outlet, directly or through others.
#[derive(Clone, Copy, Debug, Default)]
struct Load {
    typical: Milliwatts,
    peak: Milliwatts,
    nodes: usize,
}

impl Load {
    fn plus(self, other: Self) -> Self {
        Self {
            typical: self.typical.plus(other.typical),
            peak: self.peak.plus(other.peak),
            nodes: self.nodes + other.nodes,
        }
    }
}

struct Tree<'a> {
    rack: &'a Resolved,
    outlets: Vec<(&'a OutletId, &'a Outlet)>,
    position: BTreeMap<&'a OutletId, usize>,
    loads: Vec<Load>,
}

impl<'a> Tree<'a> {
    fn new(rack: &'a Resolved) -> Self {
        let outlets: Vec<_> = rack.rack.outlets.iter().collect();
        let position = rack.rack.outlets.keys().zip(0..).collect();
        let loads = vec![Load::default(); outlets.len()];
        Self { rack, outlets, position, loads }
    }

    fn from(&self, outlet: usize) -> Option<usize> {
        self.position.get(self.outlets[outlet].1.from.as_ref()?).copied()
    }

    /// Adds every node to the outlet that it, or the switch that feeds it, is plugged in.
    fn hang(&mut self, feeds: &[Feed<'_>]) {
        for (at, feed) in feeds.iter().enumerate() {
            let node = &self.rack.nodes[at];
            let outlet = match feed {
                Feed::Port(fed) => {
                    let switch = &self.rack.switches[fed.socket.0].id;
                    self.rack.rack.switches[switch].outlet.as_ref()
                }
                Feed::Lacks(_) | Feed::NoHat => self.rack.rack.nodes[&node.id].outlet.as_ref(),
            };
            let Some(outlet) = outlet.and_then(|it| self.position.get(it)) else { continue };
            let load = Load { typical: node.power.typical, peak: node.power.peak, nodes: 1 };
            self.loads[*outlet] = self.loads[*outlet].plus(load);
        }
    }

    /// Adds the load of every outlet to the one it is plugged in, from the last to the first, and says
    /// which are left because they are plugged into each other.
    fn carry_up(&mut self) -> Vec<bool> {
        let mut plugged = vec![0usize; self.outlets.len()];
        for at in 0..self.outlets.len() {
            if let Some(from) = self.from(at) {
                plugged[from] += 1;
            }
        }
        let mut circular = vec![true; self.outlets.len()];
        let mut ready: Vec<usize> =
            (0..self.outlets.len()).filter(|it| plugged[*it] == 0).collect();
        while let Some(at) = ready.pop() {
            circular[at] = false;
            let Some(from) = self.from(at) else { continue };
            self.loads[from] = self.loads[from].plus(self.loads[at]);
            plugged[from] -= 1;
            if plugged[from] == 0 {
                ready.push(from);
            }
        }
        circular
    }
}

fn circles(tree: &Tree<'_>, circular: &[bool], out: &mut Vec<Finding>) {
    let mut told = vec![false; circular.len()];
    for start in (0..circular.len()).filter(|it| circular[*it]) {
        let mut chain = Vec::new();
        let mut next = Some(start);
        while let Some(at) = next.filter(|it| !told[*it]) {
            told[at] = true;
            chain.push(tree.outlets[at].0);
            next = tree.from(at);
        }
        let Some(first) = chain.first() else { continue };
        let reason = match chain.len() {
            1 => format!("{first} is plugged into itself"),
            _ => format!("{} are plugged into each other in a circle", list(&chain)),
        };
        let at = Location::new(["outlets", first.as_str(), "from"]);
        let remedy = format!("name what {first} is really plugged in, or leave `from` out");
        out.push(Finding::error("outlet-circle", at, reason, remedy));
    }
}

fn overload((id, outlet): &(&OutletId, &Outlet), load: Load) -> Option<Finding> {
    let limit = outlet.limit?;
    let (draw, when) = match (load.typical > limit, load.peak > limit) {
        (true, _) => (load.typical, "on an ordinary day"),
        (false, true) => (load.peak, "when all are at their peak"),
        (false, false) => return None,
    };
    let nodes = count(load.nodes, "node");
    let reason = format!(
        "{nodes} on {id} draw {} {when}, over its {limit}, even without what switches use themselves",
        shown_over(draw, limit)
    );
    let at = Location::new(["outlets", id.as_str(), "limit"]);
    let remedy = format!("move {} of load to another outlet", shown(draw.minus(limit)));
    Some(match load.typical > limit {
        true => Finding::error("outlet-load", at, reason, remedy),
        false => Finding::warning("outlet-load", at, reason, remedy),
    })
}

/// Machines of which nothing says what powers them, where outlets are described.
fn unknown(rack: &Resolved, feeds: &[Feed<'_>]) -> Option<Finding> {
    if rack.rack.outlets.is_empty() {
        return None;
    }
    let nodes = rack.rack.nodes.values().zip(feeds).enumerate().filter(|(_, (node, feed))| {
        matches!(feed, Feed::NoHat) && node.outlet.is_none() && node.host.is_none()
    });
    let nodes: Vec<_> = nodes.map(|it| &rack.nodes[it.0].id).collect();
    let reason = format!("nothing says what powers {}", list(&nodes));
    let at = Location::new(["nodes", nodes.first()?.as_str()]);
    let remedy = "write `outlet: NAME`, so that its load and its loss are counted".into();
    Some(Finding::note("power-unknown", at, reason, remedy))
}
