//! How evenly the replicas of a workload must be spread, at every moment.

use super::chain::Chains;
use crate::Resolved;
use std::collections::BTreeMap;

/// The parts of the rack over which workloads are spread.
#[derive(Clone)]
pub(super) struct Evenness<'a> {
    rack: &'a Resolved,
    /// The part of each node that a workload may run on, for workloads that were asked about.
    parts: BTreeMap<usize, Vec<Option<u32>>>,
}

impl<'a> Evenness<'a> {
    pub(super) fn new(rack: &'a Resolved) -> Self {
        Self { rack, parts: BTreeMap::new() }
    }

    /// Whether a workload stays as evenly spread as it must be, or becomes no worse, once a replica is
    /// brought to a node; `done` are moves that count as made already.
    pub(super) fn allows(
        &mut self,
        chains: &Chains,
        done: &BTreeMap<usize, usize>,
        replica: usize,
        to: usize,
    ) -> bool {
        let workload = self.rack.replicas[replica].workload;
        let Some(spread) = &self.rack.written(workload).spread else { return true };
        let on = |it: usize| done.get(&it).copied().or(chains.running(it));
        let (before, after) = (
            self.skew(workload, on),
            self.skew(workload, |it| if it == replica { Some(to) } else { on(it) }),
        );
        after <= before.max(spread.skew)
    }

    /// How many more replicas one part has than another.
    fn skew(&mut self, workload: usize, on: impl Fn(usize) -> Option<usize>) -> u32 {
        let rack = self.rack;
        let parts = self.parts.entry(workload).or_insert_with(|| usable_parts(rack, workload));
        let mut counts: BTreeMap<u32, u32> = parts.iter().flatten().map(|it| (*it, 0)).collect();
        for replica in rack.workloads[workload].replicas.clone() {
            if let Some(part) = on(replica).and_then(|node| parts[node]) {
                *counts.entry(part).or_default() += 1;
            }
        }
        let (least, most) = (counts.values().min(), counts.values().max());
        most.unwrap_or(&0) - least.unwrap_or(&0)
    }
}

/// The part of each node, for the parts in which the workload may run somewhere.
fn usable_parts(rack: &Resolved, workload: usize) -> Vec<Option<u32>> {
    let Some(spread) = &rack.written(workload).spread else { return Vec::new() };
    let parts = rack.parts(&spread.over);
    let open = (0..parts.len()).filter(|it| rack.barrier(workload, *it).is_none());
    let usable: std::collections::BTreeSet<u32> = open.filter_map(|it| parts[it]).collect();
    parts.into_iter().map(|it| it.filter(|it| usable.contains(it))).collect()
}
