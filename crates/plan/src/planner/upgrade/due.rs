//! Which machines run another version than the file says, and in which order they get it.

use crate::{Feed, Observed, Resolved, ResolvedNode};
use rackberry_core::{Stage, Version};
use std::collections::BTreeSet;

/// A machine that is to run another version.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) node: usize,
    pub(super) from: Version,
    pub(super) to: Version,
}

/// The machine's upgrade, if it runs another version than the file says.
fn due(rack: &Resolved, seen: &Observed, node: usize) -> Option<Due> {
    let id = &rack.nodes[node].id;
    let state = seen.nodes.get(id)?;
    let to = rack.version(node).filter(|it| *it != state.version)?;
    // What is not a member yet joins first.
    let member = seen.member(id).is_some();
    (member && state.stage == Stage::Running).then(|| Due { node, from: state.version.clone(), to })
}

/// Whether a machine runs another version than the file says.
pub(in super::super) fn is_due(rack: &Resolved, seen: &Observed, node: usize) -> bool {
    due(rack, seen, node).is_some()
}

/// Guests before hosts, since a host takes its guests down with it; voters before the others.
pub(super) fn in_order(rack: &Resolved, seen: &Observed) -> Vec<Due> {
    let host = |it: &ResolvedNode| match it.feed {
        Feed::Host(host) => Some(host),
        Feed::Poe { .. } | Feed::Outlet(_) | Feed::Unknown => None,
    };
    let hosts: BTreeSet<usize> = rack.nodes.iter().filter_map(host).collect();
    let mut all: Vec<Due> = (0..rack.nodes.len()).filter_map(|it| due(rack, seen, it)).collect();
    all.sort_by_key(|it| {
        let cluster = rack.nodes[it.node].cluster.clone();
        (hosts.contains(&it.node), cluster, !rack.votes(it.node), it.node)
    });
    all
}

/// Why a version cannot follow another; their vendors support one minor version at a time, and never the way back.
///
/// Talos: <https://www.talos.dev/latest/talos-guides/upgrading-talos/>; Kubernetes:
/// <https://kubernetes.io/releases/version-skew-policy/>.
pub(super) fn leap(rack: &Resolved, due: &Due) -> Option<String> {
    let Some(to) = due.to.release() else {
        return Some(format!("{} is no version such as v1.34.1", due.to));
    };
    let from = due.from.release()?;
    if due.from.as_str().starts_with('v') != due.to.as_str().starts_with('v') {
        return Some(format!("{} is written otherwise than {}", due.to, due.from));
    }
    let early = |it: &Version| it.as_str().contains('-');
    if to == from && early(&due.to) && !early(&due.from) {
        return Some(format!("{} came before {}", due.to, due.from));
    }
    let cluster = rack.rack.clusters.get(rack.nodes[due.node].cluster.as_ref()?)?;
    let between = |minor: u64| format!("the step to {}.{minor} has to be made first", from.major);
    if to < from {
        return Some(format!(
            "{} is older, and there is no way back but to install it anew",
            due.to
        ));
    }
    match cluster.proxmox.is_some() {
        true => (to.major > from.major + 1)
            .then(|| format!("the step to {} has to be made first", from.major + 1)),
        false if to.major > from.major => Some("its first number changes".into()),
        false => (to.minor > from.minor + 1).then(|| between(from.minor + 1)),
    }
}
