//! How evenly the replicas of a workload are spread over the parts of the rack that it may use.

use super::tenants::Tenants;
use super::{Place, RuleFault, Violation};
use crate::Resolved;
use crate::rack::{Arch, List, Spread, Toleration, Topology};
use rackberry_core::{ClusterId, NodeId};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The parts in which a workload may run.
#[derive(Debug)]
struct Parts {
    /// The part of each node.
    of: Vec<Option<u32>>,
    /// How many parts there are.
    many: usize,
}

/// Everything that decides where a workload may run, so that those alike are worked out once.
type Kind<'a> = (
    &'a Topology,
    &'a Option<ClusterId>,
    &'a List<NodeId>,
    &'a List<Arch>,
    &'a BTreeMap<String, String>,
    &'a [Toleration],
    &'a Option<Topology>,
);

/// The counts of the workloads that a plan is about; the others cannot change.
#[derive(Debug)]
pub(super) struct Spreads<'a> {
    rack: &'a Resolved,
    counts: BTreeMap<usize, Counts>,
    parts: BTreeMap<Kind<'a>, Rc<Parts>>,
    /// What this wave changes, and its skew before.
    changed: BTreeMap<usize, u32>,
}

impl<'a> Spreads<'a> {
    pub(super) fn new(rack: &'a Resolved) -> Self {
        let (counts, parts, changed) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { rack, counts, parts, changed }
    }

    /// Counts a replica on a node, before it takes a place among the tenants.
    pub(super) fn join(&mut self, workload: usize, node: usize, tenants: &Tenants<'_>) {
        let Some(counts) = self.counts(workload, tenants) else { return };
        counts.shift(node, |it| it.saturating_add(1));
    }

    /// Counts a replica no more, before it gives its place free among the tenants.
    pub(super) fn leave(&mut self, workload: usize, node: usize, tenants: &Tenants<'_>) {
        let Some(counts) = self.counts(workload, tenants) else { return };
        counts.shift(node, |it| it.saturating_sub(1));
    }

    /// Reports what is spread less evenly than before the wave, and than it may be.
    pub(super) fn close(&mut self, wave: usize, found: &mut Vec<Violation>) {
        for (workload, before) in std::mem::take(&mut self.changed) {
            let Some(spread) = &self.rack.written(workload).spread else { continue };
            let skew = self.counts.get(&workload).map_or(0, Counts::skew);
            if skew > before.max(spread.skew) {
                let (id, allowed) = (self.rack.workloads[workload].id.clone(), spread.skew);
                let fault = RuleFault::Spread { workload: id, skew, allowed };
                found.push(Violation::new(Place::Wave(wave), fault));
            }
        }
    }

    fn counts(&mut self, workload: usize, tenants: &Tenants<'_>) -> Option<&mut Counts> {
        let spread = self.rack.written(workload).spread.as_ref()?;
        if !self.counts.contains_key(&workload) {
            let mut counts = Counts::new(self.parts(workload, spread));
            for replica in self.rack.workloads[workload].replicas.clone() {
                let held = tenants.held(replica).iter();
                held.for_each(|node| counts.shift(*node, |it| it.saturating_add(1)));
            }
            self.counts.insert(workload, counts);
        }
        let counts = self.counts.get_mut(&workload)?;
        self.changed.entry(workload).or_insert_with(|| counts.skew());
        Some(counts)
    }

    fn parts(&mut self, workload: usize, spread: &'a Spread) -> Rc<Parts> {
        let rack = self.rack;
        let it = rack.written(workload);
        let kind: Kind<'a> = (
            &spread.over,
            &rack.workloads[workload].cluster,
            &it.pin,
            &it.arch,
            &it.selector,
            &it.tolerations,
            &it.apart,
        );
        let parts = || Rc::new(usable_parts(rack, workload, &spread.over));
        self.parts.entry(kind).or_insert_with(parts).clone()
    }
}

/// Parts in which the workload may run nowhere are not counted, as a scheduler does not count them.
fn usable_parts(rack: &Resolved, workload: usize, over: &Topology) -> Parts {
    let parts = rack.parts(over);
    let free = |node: &usize| rack.barrier(workload, *node).is_none();
    let usable: BTreeSet<u32> =
        (0..parts.len()).filter(free).filter_map(|node| parts[node]).collect();
    let of = parts.into_iter().map(|it| it.filter(|part| usable.contains(part))).collect();
    Parts { of, many: usable.len() }
}

/// How many replicas there are in each part.
#[derive(Debug)]
struct Counts {
    parts: Rc<Parts>,
    /// The count of each part that ever had a replica.
    counts: BTreeMap<u32, u32>,
    /// How many parts have each count; its ends are the fullest and the emptiest.
    tally: BTreeMap<u32, usize>,
}

impl Counts {
    fn new(parts: Rc<Parts>) -> Self {
        let tally = BTreeMap::from([(0, parts.many)]);
        Self { parts, counts: BTreeMap::new(), tally }
    }

    fn shift(&mut self, node: usize, change: impl Fn(u32) -> u32) {
        let Some(part) = self.parts.of[node] else { return };
        let count = self.counts.entry(part).or_default();
        let old = std::mem::replace(count, change(*count));
        let new = *count;
        match self.tally.get_mut(&old) {
            Some(parts) if *parts > 1 => *parts -= 1,
            Some(_) | None => drop(self.tally.remove(&old)),
        }
        *self.tally.entry(new).or_default() += 1;
    }

    fn skew(&self) -> u32 {
        let (least, most) = (self.tally.keys().next(), self.tally.keys().next_back());
        most.copied().unwrap_or(0) - least.copied().unwrap_or(0)
    }
}
