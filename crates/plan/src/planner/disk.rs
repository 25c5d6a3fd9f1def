//! The disks of the nodes: a copy that a move leaves behind still takes its place.

use crate::Resolved;
use rackberry_core::Bytes;
use std::collections::BTreeSet;

/// What lies on the disk of every node while a plan is made.
#[derive(Clone)]
pub(super) struct Disk<'a> {
    rack: &'a Resolved,
    held: Vec<Bytes>,
    /// The copies there are: replica and node.
    copies: BTreeSet<(usize, usize)>,
}

impl<'a> Disk<'a> {
    pub(super) fn new(rack: &'a Resolved) -> Self {
        let mut held = vec![Bytes(0); rack.nodes.len()];
        for (position, workload) in rack.workloads.iter().enumerate() {
            let bytes = rack.local_bytes(position);
            workload.every.iter().for_each(|node| held[*node] = held[*node].plus(bytes));
        }
        let mut disk = Self { rack, held, copies: BTreeSet::new() };
        for (replica, it) in rack.replicas.iter().enumerate() {
            it.on.iter().for_each(|node| disk.keep(replica, *node));
        }
        disk
    }

    /// Whether there is room for the volumes of a replica on a node, and if so, takes it.
    pub(super) fn allows(&mut self, replica: usize, to: usize) -> bool {
        let bytes = self.rack.local_bytes(self.rack.replicas[replica].workload);
        if bytes == Bytes(0) || self.copies.contains(&(replica, to)) {
            return true;
        }
        let fits = self.rack.local_room(to).is_none_or(|it| self.held[to].plus(bytes) <= it);
        if fits {
            self.keep(replica, to);
        }
        fits
    }

    fn keep(&mut self, replica: usize, node: usize) {
        if self.copies.insert((replica, node)) {
            let bytes = self.rack.local_bytes(self.rack.replicas[replica].workload);
            self.held[node] = self.held[node].plus(bytes);
        }
    }
}
