//! Replicas that must be apart, and workloads that must be together.

use crate::Finding;
use crate::check::survey::Survey;
use crate::check::tell::at;
use crate::check::wording::count;
use crate::rack::{Replicas, Topology};
use std::collections::BTreeMap;

/// The part of the rack that each node is in, by topology.
pub(super) type Parts<'a> = BTreeMap<&'a Topology, Vec<Option<u32>>>;

pub(super) fn parts_of<'p, 'a>(
    it: &Survey<'a>,
    topology: &'a Topology,
    parts: &'p mut Parts<'a>,
) -> &'p [Option<u32>] {
    parts.entry(topology).or_insert_with(|| it.rack.parts(topology))
}

pub(super) fn apart_impossible<'a>(
    it: &Survey<'a>,
    workload: usize,
    parts: &mut Parts<'a>,
) -> Option<Finding> {
    let (name, written) = it.written(workload);
    let Replicas::Count(replicas @ 2..) = written.replicas else { return None };
    let eligible = it.eligible.of(workload);
    let (key, topology) = match &written.apart {
        Some(topology) => ("apart", topology),
        None if !written.host_ports.is_empty() => ("host-ports", &Topology::Node),
        None => return None,
    };
    let mut places: Vec<_> = match topology {
        Topology::Node => eligible.iter().map(|it| u32::try_from(*it).ok()).collect(),
        _other @ (Topology::Switch | Topology::Outlet | Topology::Host | Topology::Label(_)) => {
            let parts = parts_of(it, topology, parts);
            eligible.iter().map(|node| parts[*node]).collect()
        }
    };
    places.sort_unstable();
    places.dedup();
    if eligible.is_empty() || replicas as usize <= places.len() {
        return None;
    }
    let why = if key == "apart" { "are kept apart by" } else { "each take a port of their" };
    let reason = format!(
        "the {replicas} replicas of {name} {why} {topology}, and it may run in {} of them only",
        places.len()
    );
    let remedy = format!("run {}, or let it run in more places", count(places.len(), "replica"));
    Some(Finding::error("apart-impossible", at!("workloads", name, key), reason, remedy))
}

pub(super) fn with_impossible(it: &Survey, workload: usize) -> Option<Finding> {
    let (name, written) = it.written(workload);
    for (position, other) in written.with.iter().enumerate() {
        let at = || at!("workloads", name, "with", position);
        if written.apart_from.contains(other) {
            let reason = format!("{name} must share a node with {other}, and must not");
            let remedy = "name it under `with` or under `apart-from`, not both".into();
            return Some(Finding::error("with-impossible", at(), reason, remedy));
        }
        let partner = it.rack.workload(other)?;
        let (mine, theirs) = (it.eligible.of(workload), it.eligible.of(partner));
        let meet = it.eligible.set_of(workload) == it.eligible.set_of(partner)
            || mine.iter().any(|node| theirs.binary_search(node).is_ok());
        if !meet && !mine.is_empty() && !theirs.is_empty() {
            let reason = format!("{name} must share a node with {other}, and no node may run both");
            let remedy = "give both the same `pin`, `selector`, `arch` and `tolerations`".into();
            return Some(Finding::error("with-impossible", at(), reason, remedy));
        }
        if let (Replicas::Count(mine), Replicas::Count(theirs)) =
            (written.replicas, it.written(partner).1.replicas)
            && mine > theirs
        {
            let reason = format!(
                "each of the {mine} replicas of {name} must share a node with one of {other}, which has {theirs}"
            );
            let remedy = format!("give {other} {mine} replicas as well");
            return Some(Finding::error("with-impossible", at(), reason, remedy));
        }
    }
    None
}
