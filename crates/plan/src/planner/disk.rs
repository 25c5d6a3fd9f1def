//! The disks of the nodes: a copy that a move leaves behind still takes its place.

use crate::Resolved;
use rackberry_core::Bytes;
use std::collections::{BTreeMap, BTreeSet};

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
            it.bound.iter().for_each(|node| disk.keep(replica, *node));
        }
        disk
    }

    /// Whether there is room for the volumes of a replica on a node.
    pub(super) fn fits(&self, replica: usize, to: usize) -> bool {
        let bytes = self.rack.local_bytes(self.rack.replicas[replica].workload);
        bytes == Bytes(0)
            || self.copies.contains(&(replica, to))
            || self.rack.local_room(to).is_none_or(|it| self.held[to].plus(bytes) <= it)
    }

    /// The same, and if so, takes it.
    pub(super) fn allows(&mut self, replica: usize, to: usize) -> bool {
        let fits = self.fits(replica, to);
        if fits {
            self.keep(replica, to);
        }
        fits
    }

    /// Takes out of a wish what no disk has room for beside the copies that moves leave behind: the kernels
    /// take what leaves a disk for gone.
    pub(super) fn trim(
        &self,
        items: &[Vec<usize>],
        start: &[Option<u32>],
        wish: &mut [Option<u32>],
    ) {
        let mut free: BTreeMap<usize, Bytes> = BTreeMap::new();
        for (item, bundle) in items.iter().enumerate() {
            let Some(to) = wish[item].map(|it| it as usize) else { continue };
            let Some(room) = self.rack.local_room(to).filter(|_| wish[item] != start[item]) else {
                continue;
            };
            let new = bundle.iter().filter(|it| !self.copies.contains(&(**it, to)));
            let new: Bytes =
                new.map(|it| self.rack.local_bytes(self.rack.replicas[*it].workload)).sum();
            let free = free.entry(to).or_insert_with(|| room.minus(self.held[to]));
            match new <= *free {
                true => *free = free.minus(new),
                false => wish[item] = start[item],
            }
        }
    }

    /// What the copies take that are not where their replicas are.
    pub(super) fn left(&self, at: &[Option<usize>]) -> BTreeMap<usize, Bytes> {
        let mut left: BTreeMap<usize, Bytes> = BTreeMap::new();
        for (replica, node) in self.copies.iter().filter(|it| at[it.0] != Some(it.1)) {
            let sum = left.entry(*node).or_default();
            *sum = sum.plus(self.rack.local_bytes(self.rack.replicas[*replica].workload));
        }
        left
    }

    /// Notes a copy on a node.
    pub(super) fn keep(&mut self, replica: usize, node: usize) {
        let bytes = self.rack.local_bytes(self.rack.replicas[replica].workload);
        if bytes > Bytes(0) && self.copies.insert((replica, node)) {
            self.held[node] = self.held[node].plus(bytes);
        }
    }
}
