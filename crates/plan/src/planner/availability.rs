//! How many replicas of each workload must go on running.

use super::chain::Chains;
use crate::Resolved;
use std::collections::BTreeMap;

/// What may still be stopped in the wave at hand.
pub(super) struct Availability<'a> {
    rack: &'a Resolved,
    chains: &'a Chains<'a>,
    /// The replicas that run, of each workload that has been asked about.
    running: BTreeMap<usize, usize>,
}

impl<'a> Availability<'a> {
    pub(super) fn new(rack: &'a Resolved, chains: &'a Chains<'a>) -> Self {
        Self { rack, chains, running: BTreeMap::new() }
    }

    /// Whether a replica may be handed over in this wave, and if so, counts it as done.
    pub(super) fn allows(&mut self, replica: usize, to: Option<usize>) -> bool {
        if !self.chains.is_down_meanwhile(replica, to) {
            return true;
        }
        let workload = self.rack.replicas[replica].workload;
        let least = self.rack.written(workload).min_available as usize;
        if least == 0 {
            return true;
        }
        let (rack, chains) = (self.rack, self.chains);
        let running = self.running.entry(workload).or_insert_with(|| {
            let all = rack.workloads[workload].replicas.clone();
            all.filter(|it| chains.running(*it).is_some()).count()
        });
        let enough = *running > least;
        *running -= usize::from(enough);
        enough
    }
}
