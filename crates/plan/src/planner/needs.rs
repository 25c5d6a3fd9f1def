//! Which workloads cannot work without which: they start after them, and are down with them.

use crate::{Resolved, Thing};
use rackberry_core::{ThingId, WorkloadId};
use std::collections::{BTreeMap, BTreeSet};

/// For each workload what it needs, as far as only other workloads provide it: any one of each list is
/// enough. Workloads are positions.
#[derive(Clone)]
pub(super) struct Needs {
    wanted: BTreeMap<usize, Vec<Vec<usize>>>,
}

impl Needs {
    pub(super) fn new(rack: &Resolved) -> Self {
        let mut known = BTreeMap::new();
        let mut wanted = BTreeMap::new();
        for workload in 0..rack.workloads.len() {
            let needs = rack.written(workload).needs.iter();
            let needs = needs.filter_map(|need| {
                let all = need.iter().map(|thing| {
                    known.entry(thing.clone()).or_insert_with(|| workloads(rack, thing)).clone()
                });
                all.collect::<Option<Vec<_>>>().map(|it| it.concat())
            });
            let needs: Vec<Vec<usize>> = needs.filter(|it| !it.contains(&workload)).collect();
            if !needs.is_empty() {
                wanted.insert(workload, needs);
            }
        }
        Self { wanted }
    }

    /// What a workload needs directly.
    pub(super) fn of(&self, workload: usize) -> &[Vec<usize>] {
        self.wanted.get(&workload).map_or(&[], Vec::as_slice)
    }

    /// The workloads that are down while these are, by name.
    pub(super) fn lost_with(&self, rack: &Resolved, down: usize) -> Vec<WorkloadId> {
        let mut lost = BTreeSet::from([down]);
        loop {
            let is_lost = |needs: &Vec<Vec<usize>>| {
                needs.iter().any(|need| need.iter().all(|it| lost.contains(it)))
            };
            let next = self.wanted.iter().find(|(it, needs)| !lost.contains(it) && is_lost(needs));
            let Some((next, _)) = next else { break };
            lost.insert(*next);
        }
        lost.remove(&down);
        lost.into_iter().map(|it| rack.workloads[it].id.clone()).collect()
    }
}

/// The workloads that provide a thing; none where something else does, too.
fn workloads(rack: &Resolved, thing: &ThingId) -> Option<Vec<usize>> {
    let providers = rack.providers(thing);
    let workload = |it: &Thing| match it {
        Thing::Workload(id) => rack.workload(id),
        Thing::Node(_) | Thing::Switch(_) | Thing::Outlet(_) | Thing::Pool(_) => None,
        Thing::Service(_) => None,
    };
    let all: Option<Vec<usize>> = providers.iter().map(workload).collect();
    all.filter(|it| !it.is_empty())
}
