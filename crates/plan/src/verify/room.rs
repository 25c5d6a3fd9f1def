//! The memory and the CPU of every node, with what is handed over counted on both sides.

use super::Violation;
use super::touch::Touches;
use crate::{Load, NodeMemory, Resolved};
use rackberry_core::{Bytes, Millicores, NodeId, Permille};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a node has too little of. A node that already had too little may get no more of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RoomFault {
    /// Memory in use.
    Memory {
        /// The node.
        node: NodeId,
        /// What would be in use.
        sum: Bytes,
        /// What may be.
        limit: Bytes,
    },
    /// Memory that is requested.
    MemoryRequests {
        /// The node.
        node: NodeId,
        /// What would be requested.
        sum: Bytes,
        /// What may be.
        limit: Bytes,
    },
    /// CPU in use.
    Cpu {
        /// The node.
        node: NodeId,
        /// What would be in use.
        sum: Millicores,
        /// What may be.
        limit: Millicores,
    },
    /// CPU that is requested.
    CpuRequests {
        /// The node.
        node: NodeId,
        /// What would be requested.
        sum: Millicores,
        /// What may be.
        limit: Millicores,
    },
    /// What lies on the disk, copies that were left behind included.
    Disk {
        /// The node.
        node: NodeId,
        /// What would lie on it.
        sum: Bytes,
        /// What its largest disk holds.
        limit: Bytes,
    },
}

impl fmt::Display for RoomFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory { node, sum, limit } => {
                write!(f, "{sum} of memory would be in use on {node}, where {limit} may be")
            }
            Self::MemoryRequests { node, sum, limit } => {
                write!(f, "{sum} of memory would be requested on {node}, which has {limit}")
            }
            Self::Cpu { node, sum, limit } => {
                write!(f, "{sum} of CPU would be in use on {node}, where {limit} may be")
            }
            Self::CpuRequests { node, sum, limit } => {
                write!(f, "{sum} of CPU would be requested on {node}, which has {limit}")
            }
            Self::Disk { node, sum, limit } => {
                write!(f, "{sum} would lie on the disk of {node}, which holds {limit}")
            }
        }
    }
}

/// What is in use and what is requested on one node.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    need: Load,
    request: Load,
}

impl Held {
    fn plus(self, other: Self) -> Self {
        Self { need: self.need.plus(other.need), request: self.request.plus(other.request) }
    }

    fn minus(self, other: Self) -> Self {
        Self { need: self.need.minus(other.need), request: self.request.minus(other.request) }
    }
}

/// What is held on every node.
#[derive(Debug)]
pub(super) struct Room<'a> {
    rack: &'a Resolved,
    held: Vec<Held>,
    /// What the nodes that this wave starts something on held before it.
    before: BTreeMap<usize, Held>,
}

impl<'a> Room<'a> {
    /// As the file says it is, the systems' own load and what runs on every node included.
    pub(super) fn new(rack: &'a Resolved) -> Self {
        let own = |need| Held { need, request: Load::default() };
        let held = rack.nodes.iter().map(|it| own(it.own)).collect();
        let mut room = Self { rack, held, before: BTreeMap::new() };
        for replica in &rack.replicas {
            replica.on.iter().for_each(|node| room.add(replica.workload, *node));
        }
        for (workload, it) in rack.workloads.iter().enumerate() {
            it.every.iter().for_each(|node| room.add(workload, *node));
        }
        room
    }

    fn add(&mut self, workload: usize, node: usize) {
        self.held[node] = self.held[node].plus(demand(self.rack, workload));
    }

    /// Takes room for what `step` starts, and reports the step that is the first to take too much.
    pub(super) fn take(
        &mut self,
        step: usize,
        workload: usize,
        node: usize,
        found: &mut Vec<Violation>,
    ) {
        let old = self.held[node];
        let before = *self.before.entry(node).or_insert(old);
        self.add(workload, node);
        let faults = too_much(self.rack, node, before, old, self.held[node]);
        found.extend(faults.into_iter().flatten().map(|it| Violation::at_step(step, it)));
    }

    /// Gives free what the wave has stopped, and returns the figures of every node it has changed.
    pub(super) fn close(&mut self, touches: &Touches) -> BTreeMap<usize, NodeMemory> {
        let changed = touches.iter().flat_map(|(_, it)| it.started.iter().chain(&it.stopped));
        let changed: BTreeSet<usize> = changed.copied().collect();
        let peaks: Vec<_> = changed.iter().map(|node| self.held[*node].need.memory).collect();
        for (replica, touch) in touches.iter() {
            let demand = demand(self.rack, self.rack.replicas[replica].workload);
            for node in &touch.stopped {
                self.held[*node] = self.held[*node].minus(demand);
            }
        }
        self.before.clear();
        let figures = |(node, peak)| (node, NodeMemory { peak, ..self.figures(node) });
        changed.into_iter().zip(peaks).map(figures).collect()
    }

    /// The figures of a node on which nothing changes.
    pub(super) fn figures(&self, node: usize) -> NodeMemory {
        let used = self.held[node].need.memory;
        let usable = self.rack.nodes[node].usable.memory;
        NodeMemory { used, peak: used, limit: limits(self.rack, node).memory, usable }
    }
}

fn demand(rack: &Resolved, workload: usize) -> Held {
    let it = &rack.workloads[workload];
    Held { need: it.need, request: it.request }
}

/// What may be in use on a node, by the policy.
fn limits(rack: &Resolved, node: usize) -> Load {
    let (usable, policy) = (rack.nodes[node].usable, &rack.rack.policy);
    Load {
        memory: Bytes(share(usable.memory.0, policy.memory_limit)),
        cpu: Millicores(share(usable.cpu.0, policy.cpu_limit)),
    }
}

fn share(whole: u64, share: Permille) -> u64 {
    let part = u128::from(whole) * u128::from(share.0) / 1000;
    u64::try_from(part).unwrap_or(u64::MAX)
}

/// Where a node crosses a limit, or what it held before the wave if that was more, with this step.
fn too_much(
    rack: &Resolved,
    node: usize,
    before: Held,
    old: Held,
    new: Held,
) -> [Option<RoomFault>; 4] {
    let (limits, usable) = (limits(rack, node), rack.nodes[node].usable);
    let id = || rack.nodes[node].id.clone();
    let crosses = |limit: u64, before: u64, old: u64, new: u64| {
        let most = limit.max(before);
        old <= most && new > most
    };
    let memory = |limit: Bytes, of: fn(Held) -> Bytes| {
        crosses(limit.0, of(before).0, of(old).0, of(new).0).then(|| (id(), of(new), limit))
    };
    let cpu = |limit: Millicores, of: fn(Held) -> Millicores| {
        crosses(limit.0, of(before).0, of(old).0, of(new).0).then(|| (id(), of(new), limit))
    };
    [
        memory(limits.memory, |it| it.need.memory).map(|(node, sum, limit)| RoomFault::Memory {
            node,
            sum,
            limit,
        }),
        memory(usable.memory, |it| it.request.memory)
            .map(|(node, sum, limit)| RoomFault::MemoryRequests { node, sum, limit }),
        cpu(limits.cpu, |it| it.need.cpu).map(|(node, sum, limit)| RoomFault::Cpu {
            node,
            sum,
            limit,
        }),
        cpu(usable.cpu, |it| it.request.cpu).map(|(node, sum, limit)| RoomFault::CpuRequests {
            node,
            sum,
            limit,
        }),
    ]
}
