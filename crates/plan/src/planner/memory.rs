//! The memory of every node, wave after wave.

use crate::placement::{limit, uses};
use crate::{NodeMemory, Resolved};
use rackberry_core::{Bytes, NodeId};
use std::collections::{BTreeMap, BTreeSet};

/// The memory of every node while a plan is made.
#[derive(Clone)]
pub(super) struct Memory {
    nodes: Vec<(NodeId, NodeMemory)>,
    /// What leaves each node when the wave ends.
    leaving: Vec<Bytes>,
    touched: BTreeSet<usize>,
}

impl Memory {
    pub(super) fn new(rack: &Resolved, at: &[Option<usize>]) -> Self {
        let node = |(position, used): (usize, crate::placement::Use)| {
            let it = &rack.nodes[position];
            let (used, limit) = (used.memory_used, limit(rack, position));
            (it.id.clone(), NodeMemory { used, peak: used, limit, usable: it.usable.memory })
        };
        let nodes: Vec<_> = uses(rack, at).into_iter().enumerate().map(node).collect();
        Self { leaving: vec![Bytes(0); nodes.len()], nodes, touched: BTreeSet::new() }
    }

    pub(super) fn all(&self) -> BTreeMap<NodeId, NodeMemory> {
        self.nodes.iter().cloned().collect()
    }

    /// Counts a replica on both sides until the wave ends.
    pub(super) fn hand_over(
        &mut self,
        rack: &Resolved,
        replica: usize,
        from: Option<usize>,
        to: Option<usize>,
    ) {
        let memory = rack.workloads[rack.replicas[replica].workload].need.memory;
        if let Some(to) = to {
            let node = &mut self.nodes[to].1;
            node.peak = node.peak.plus(memory);
            self.touched.insert(to);
        }
        if let Some(from) = from {
            self.leaving[from] = self.leaving[from].plus(memory);
            self.touched.insert(from);
        }
    }

    /// Writes down the nodes that the wave has changed, and starts the next.
    pub(super) fn end_of_wave(&mut self, changed: &mut BTreeMap<NodeId, NodeMemory>) {
        for at in std::mem::take(&mut self.touched) {
            let (id, node) = &mut self.nodes[at];
            node.used = node.peak.minus(std::mem::take(&mut self.leaving[at]));
            changed.insert(id.clone(), *node);
            node.peak = node.used;
        }
    }
}
