//! What the steps of a plan may take together: voters that come and go, and what boots on one switch.

use crate::{Action, Feed, Limit, Observed, Resolved, Step};
use rackberry_core::{ClusterId, Milliwatts, NodeId, Power, Stage};
use std::collections::{BTreeMap, BTreeSet};

/// The limits that hold while these steps are carried out.
pub(super) fn limits(rack: &Resolved, seen: &Observed, steps: &[Step]) -> Vec<Limit> {
    let mut voters: BTreeMap<ClusterId, BTreeSet<usize>> = BTreeMap::new();
    let mut boots: BTreeMap<usize, BTreeMap<usize, Milliwatts>> = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        if let Some(cluster) = vote(rack, seen, &step.action) {
            voters.entry(cluster.clone()).or_default().insert(at);
        }
        if let Some((switch, draws)) = boot(rack, seen, &step.action) {
            boots.entry(switch).or_default().insert(at, draws);
        }
    }
    let several = voters.into_iter().filter(|it| it.1.len() > 1);
    let voters = several.map(|(cluster, steps)| Limit::Voters { cluster, steps });
    let rooms = rooms(rack, seen);
    let inrush = boots.into_iter().map(|(at, steps)| Limit::Inrush {
        switch: rack.switches[at].id.clone(),
        at_most: rooms[at],
        steps,
    });
    voters.chain(inrush).collect()
}

/// The cluster one of whose voters an order makes come, go or reboot.
fn vote<'a>(rack: &'a Resolved, seen: &'a Observed, action: &'a Action) -> Option<&'a ClusterId> {
    let voter = |node: &NodeId| {
        let at = rack.node(node).filter(|it| rack.votes(*it))?;
        rack.nodes[at].cluster.as_ref()
    };
    // One that is a voter, and is to be none, counts too.
    let votes = |node: &NodeId| {
        let mut all = seen.clusters.iter();
        all.find(|it| it.1.members.get(node).is_some_and(|it| it.voter)).map(|it| it.0)
    };
    let of = |node: &NodeId| voter(node).or_else(|| votes(node));
    if let Action::Forget { cluster, node } = action {
        return seen.member(node).is_some_and(|it| it.voter).then_some(cluster);
    }
    let (Action::Configure { node, .. }
    | Action::Reboot { node, .. }
    | Action::Bootstrap { node, .. }
    | Action::SetPower { node, power: Power::Off }) = action
    else {
        return None;
    };
    of(node)
}

/// The switch that feeds a machine which an order lets boot, and what that draws meanwhile beyond what it draws later. A
/// machine boots when it is switched on, when it has installed itself, and when it is told to.
fn boot(rack: &Resolved, seen: &Observed, action: &Action) -> Option<(usize, Milliwatts)> {
    let (Action::SetPower { node, power: Power::On }
    | Action::Reboot { node, .. }
    | Action::Configure { node, .. }) = action
    else {
        return None;
    };
    if matches!(action, Action::Configure { .. }) && runs(seen, node) {
        return None;
    }
    let at = rack.node(node)?;
    let switch = rack.nodes[at].switch.filter(|_| is_fed(rack, at))?;
    (!may_boot(rack, seen, at)).then(|| (switch, beyond(rack, at)))
}

fn runs(seen: &Observed, node: &NodeId) -> bool {
    seen.nodes.get(node).is_some_and(|it| it.stage == Stage::Running)
}

/// Whether a machine may be booting, or about to boot, without another order: what that draws is set aside for it.
fn may_boot(rack: &Resolved, seen: &Observed, node: usize) -> bool {
    let id = &rack.nodes[node].id;
    let alive = seen.nodes.get(id).is_some_and(|it| it.stage != Stage::Installing);
    !alive && seen.power.get(id) != Some(&Power::Off)
}

/// What is left of each switch's budget for machines that are to boot: without what all of them draw once they run, and
/// without what is set aside for those that may be booting now.
pub(super) fn rooms(rack: &Resolved, seen: &Observed) -> Vec<Milliwatts> {
    let left = |it: usize| rack.switches[it].budget.minus(others(rack, it));
    let mut rooms: Vec<Milliwatts> = (0..rack.switches.len()).map(left).collect();
    for at in (0..rack.nodes.len()).filter(|it| is_fed(rack, *it)) {
        let Some(switch) = rack.nodes[at].switch else { continue };
        let aside = if may_boot(rack, seen, at) { beyond(rack, at) } else { Milliwatts(0) };
        rooms[switch] = rooms[switch].minus(rack.nodes[at].power.typical.plus(aside));
    }
    rooms
}

/// What the ports of a switch may deliver that the file has fed and that no machine is behind.
fn others(rack: &Resolved, switch: usize) -> Milliwatts {
    let machines = rack.machines(switch);
    let peaks = rack.peaks(switch).into_iter().filter(|it| !machines.contains_key(&it.0));
    peaks.map(|it| it.1).sum()
}

/// What a machine draws while it boots beyond what it draws later.
fn beyond(rack: &Resolved, node: usize) -> Milliwatts {
    rack.nodes[node].power.boot.minus(rack.nodes[node].power.typical)
}

fn is_fed(rack: &Resolved, node: usize) -> bool {
    matches!(rack.nodes[node].feed, Feed::Poe { .. })
}

/// Why a machine cannot boot, if its switch has too little left for that.
pub(super) fn too_much(
    rack: &Resolved,
    seen: &Observed,
    rooms: &[Milliwatts],
    node: usize,
) -> Option<String> {
    let switch = rack.nodes[node].switch.filter(|_| is_fed(rack, node))?;
    let (room, draws) = (rooms[switch], beyond(rack, node));
    let id = &rack.switches[switch].id;
    (draws > room && !may_boot(rack, seen, node)).then(|| {
        format!(
            "it draws {draws} more while it boots, and switch {id} has {room} left for that now"
        )
    })
}
