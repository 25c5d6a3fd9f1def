//! What starts in a wave: after what it needs, where that starts in the same wave.

use super::needs::Needs;
use super::{Planner, Way};
use crate::{Action, Resolved, Step};
use std::collections::{BTreeMap, BTreeSet};

/// The workloads of which nothing runs before a wave and something after it.
pub(super) struct Starts<'a> {
    rack: &'a Resolved,
    /// With the step that starts the first replica of each, once there is one.
    fresh: BTreeMap<usize, Option<usize>>,
}

impl<'a> Starts<'a> {
    pub(super) fn new(planner: &Planner<'a>, hops: &[Way]) -> Self {
        let rack = planner.rack;
        let runs = |it: usize| planner.chains.running(it).is_some();
        let starting = hops.iter().filter(|it| it.to.is_some() && !runs(it.replica));
        let workloads: BTreeSet<usize> =
            starting.map(|it| rack.replicas[it.replica].workload).collect();
        let fresh =
            workloads.into_iter().filter(|it| !rack.workloads[*it].replicas.clone().any(runs));
        Self { rack, fresh: fresh.map(|it| (it, None)).collect() }
    }

    /// The hops, those of what is needed first. What needs each other in a circle stays as it is.
    pub(super) fn in_order(&self, hops: &[Way], needs: &Needs) -> Vec<Way> {
        let mut rank = BTreeMap::new();
        let workload = |it: &Way| self.rack.replicas[it.replica].workload;
        for way in hops {
            self.rank(workload(way), needs, &mut rank);
        }
        let mut hops = hops.to_vec();
        hops.sort_by_key(|it| rank[&workload(it)]);
        hops
    }

    /// How many fresh workloads have to start before this one, along the longest chain of needs.
    fn rank(&self, workload: usize, needs: &Needs, known: &mut BTreeMap<usize, usize>) -> usize {
        if let Some(rank) = known.get(&workload) {
            return *rank;
        }
        // For those that need each other.
        known.insert(workload, 0);
        let fresh = self.awaited(workload, needs);
        let rank = fresh.iter().map(|it| self.rank(*it, needs, known) + 1).max().unwrap_or(0);
        known.insert(workload, rank);
        rank
    }

    /// What a workload needs that starts in this wave, and that nothing else stands in for.
    fn awaited(&self, workload: usize, needs: &Needs) -> Vec<usize> {
        let needs =
            needs.of(workload).iter().filter(|it| it.iter().all(|it| self.fresh.contains_key(it)));
        needs.flatten().copied().filter(|it| *it != workload).collect()
    }

    /// Lets the start among these new steps, the first of which is at `first`, come after what it needs.
    pub(super) fn link(
        &mut self,
        workload: usize,
        needs: &Needs,
        steps: &mut [Step],
        first: usize,
    ) {
        let start = steps.iter().position(|it| matches!(it.action, Action::Start { .. }));
        let Some(start) = start else { return };
        let awaited = self.awaited(workload, needs);
        let after = awaited.iter().filter_map(|it| self.fresh.get(it).copied().flatten());
        steps[start].needs.extend(after);
        steps[start].needs.sort_unstable();
        steps[start].needs.dedup();
        if let Some(known) = self.fresh.get_mut(&workload) {
            known.get_or_insert(first + start);
        }
    }
}
