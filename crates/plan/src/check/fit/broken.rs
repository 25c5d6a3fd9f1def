//! Rules that are broken where replicas run now.

use super::together::{Parts, parts_of, with_impossible};
use crate::check::survey::Survey;
use crate::check::tell::at;
use crate::check::wording::list;
use crate::rack::{List, Replicas, Topology, Workload};
use crate::{Finding, Location};
use rackberry_core::WorkloadId;
use std::collections::BTreeMap;

pub(super) fn broken<'a>(
    it: &Survey<'a>,
    workload: usize,
    parts: &mut Parts<'a>,
    out: &mut Vec<Finding>,
) {
    out.extend(apart(it, workload, parts));
    apart_from(it, workload, out);
    with(it, workload, out);
    out.extend(spread(it, workload, parts));
}

/// The entry of `on` that names a node; `key` where none does, as of what runs on every node.
fn entry(it: &Survey, workload: usize, node: usize, key: &str) -> Location {
    let (name, written) = it.written(workload);
    match written.on.iter().rposition(|id| id.as_str() == it.node(node)) {
        Some(position) => at!("workloads", name, "on", position),
        None => at!("workloads", name, key),
    }
}

/// Whether a workload may run on another node than this.
fn may_leave(it: &Survey, workload: usize, node: usize) -> bool {
    it.eligible.of(workload).iter().any(|other| *other != node)
}

fn apart<'a>(it: &Survey<'a>, workload: usize, parts: &mut Parts<'a>) -> Option<Finding> {
    let (name, written) = it.written(workload);
    let topology = written.apart.as_ref()?;
    let on: Vec<usize> = it.places(workload).collect();
    if on.len() < 2 {
        return None;
    }
    let parts = parts_of(it, topology, parts);
    let mut seen = BTreeMap::new();
    let shared = |node: &usize| Some((seen.insert(parts[*node]?, *node)?, *node));
    let (one, other) = on.iter().find_map(shared)?;
    let where_ = match one == other {
        true => it.node(one).to_string(),
        false => format!("{} and {}, which share one", it.node(one), it.node(other)),
    };
    let reason =
        format!("{name} is kept apart by {topology}, and two of its replicas run on {where_}");
    let remedy = match may_leave(it, workload, other) {
        true => "move one of them".into(),
        false => "let one of them run elsewhere".into(),
    };
    Some(Finding::warning("apart-broken", entry(it, workload, other, "apart"), reason, remedy))
}

/// Whether the other workload says the same of this one, and tells of it.
fn told_there(
    it: &Survey,
    workload: usize,
    other: usize,
    names: fn(&Workload) -> &List<WorkloadId>,
) -> bool {
    let id = &it.rack.workloads[workload].id;
    other < workload && names(it.written(other).1).contains(id)
}

fn apart_from(it: &Survey, workload: usize, out: &mut Vec<Finding>) {
    let (name, written) = it.written(workload);
    let mut own: Vec<usize> = it.places(workload).collect();
    own.sort_unstable();
    for other in written.apart_from.iter() {
        let Some(foe) = it.rack.workload(other) else { continue };
        if told_there(it, workload, foe, |it| &it.apart_from) {
            continue;
        }
        let mut shared: Vec<usize> =
            it.places(foe).filter(|it| own.binary_search(it).is_ok()).collect();
        shared.sort_unstable();
        shared.dedup();
        let Some(first) = shared.first().copied() else { continue };
        let nodes = list(shared.iter().map(|node| it.node(*node)));
        let reason = format!("{name} is kept apart from {other}, and both run on {nodes}");
        let free = may_leave(it, workload, first) || may_leave(it, foe, first);
        let remedy = if free { "move one of them" } else { "let one of them run elsewhere" };
        let at = entry(it, workload, first, "apart-from");
        out.push(Finding::warning("apart-from-broken", at, reason, remedy.into()));
    }
}

fn with(it: &Survey, workload: usize, out: &mut Vec<Finding>) {
    let written = it.written(workload).1;
    if written.with.is_empty() || with_impossible(it, workload).is_some() {
        return;
    }
    for other in written.with.iter() {
        let Some(partner) = it.rack.workload(other) else { continue };
        if !told_there(it, workload, partner, |it| &it.with) {
            out.extend(torn(it, workload, partner));
        }
    }
}

/// The first replica of a workload that is not beside the replica of the same number that it must be with.
/// One that does not run is not waited for.
fn torn(it: &Survey, workload: usize, partner: usize) -> Option<Finding> {
    let (all, theirs) = (&it.rack.workloads[workload].replicas, &it.rack.workloads[partner]);
    let every = it.written(partner).1.replicas == Replicas::EveryNode;
    let apart = |replica: usize| {
        let node = it.rack.replicas[replica].on?;
        if every {
            return (!theirs.every.contains(&node)).then_some((replica, node, None));
        }
        let other = theirs.replicas.start + (replica - all.start);
        let other = Some(other).filter(|it| theirs.replicas.contains(it))?;
        let there = it.rack.replicas[other].on.filter(|it| *it != node)?;
        Some((replica, node, Some((other, there))))
    };
    let (replica, node, other) = all.clone().find_map(apart)?;
    let (name, here) = (it.replica(replica), it.node(node));
    let at = entry(it, workload, node, "with");
    let Some((other, there)) = other else {
        let other = it.written(partner).0;
        let reason =
            format!("{name} must share a node with {other}, which does not run on its node {here}");
        let remedy = format!("move {name} to a node that {other} runs on");
        return Some(Finding::warning("with-broken", at, reason, remedy));
    };
    let may = |workload: usize, node: usize| it.eligible.of(workload).binary_search(&node).is_ok();
    let (other, elsewhere) = (it.replica(other), it.node(there));
    let reason =
        format!("{name} must share a node with {other}, and they run on {here} and on {elsewhere}");
    let remedy = match (may(workload, there), may(partner, node)) {
        (true, _) => format!("move {name} to {elsewhere}"),
        (false, true) => format!("move {other} to {here}"),
        (false, false) => "move both to a node that may run both".into(),
    };
    Some(Finding::warning("with-broken", at, reason, remedy))
}

/// How many replicas a part has, and one of its nodes.
type Count = (u32, usize);

fn spread<'a>(it: &Survey<'a>, workload: usize, parts: &mut Parts<'a>) -> Option<Finding> {
    let (name, written) = it.written(workload);
    let spread = written.spread.as_ref()?;
    if it.places(workload).count() <= spread.skew as usize {
        return None;
    }
    let parts = parts_of(it, &spread.over, parts);
    let mut counts: BTreeMap<u32, Count> = BTreeMap::new();
    for node in it.eligible.of(workload) {
        counts
            .extend(parts[*node].filter(|it| !counts.contains_key(it)).map(|it| (it, (0, *node))));
    }
    for node in it.places(workload) {
        let Some(count) = parts[node].and_then(|it| counts.get_mut(&it)) else { continue };
        *count = (count.0 + 1, node);
    }
    let most = counts.values().copied().max_by_key(|it| it.0)?;
    let least = counts.values().copied().min_by_key(|it| it.0)?;
    if most.0 - least.0 <= spread.skew {
        return None;
    }
    let part = |node: usize| match spread.over {
        Topology::Node => format!("on {}", it.node(node)),
        Topology::Switch | Topology::Outlet | Topology::Host | Topology::Label(_) => {
            format!("on the {} of {}", spread.over, it.node(node))
        }
    };
    let reason = format!(
        "{name} is spread over each {} with a skew of {}, and {} of its replicas run {}, {} {}",
        spread.over,
        spread.skew,
        most.0,
        part(most.1),
        least.0,
        part(least.1)
    );
    let remedy = format!("move one of them to {}", it.node(least.1));
    Some(Finding::warning("spread-broken", entry(it, workload, most.1, "spread"), reason, remedy))
}
