//! Who is on which node, and who would be in whose way there.

use crate::Resolved;
use crate::rack::{HostPort, Topology};
use std::collections::BTreeMap;

/// What is held on the nodes: what runs, and what is being handed over on both sides. All by position.
#[derive(Debug)]
pub(super) struct Tenants<'a> {
    rack: &'a Resolved,
    /// The nodes that each replica holds a place on.
    held: Vec<Vec<usize>>,
    /// How many replicas of a workload are on a node.
    on: BTreeMap<(usize, usize), u32>,
    /// The workloads that take a port of a node.
    ports: BTreeMap<(usize, HostPort), Vec<usize>>,
    /// How many replicas of a workload that keeps them apart are in a part of the rack.
    crowd: BTreeMap<(usize, u32), u32>,
    /// The part of each node, for every topology that replicas are kept apart by.
    parts: BTreeMap<&'a Topology, Vec<Option<u32>>>,
    /// The workloads that each may not share a node with, whichever of the two says so.
    foes: Vec<Vec<usize>>,
}

impl<'a> Tenants<'a> {
    /// As the file says it is, what runs on every node included.
    pub(super) fn new(rack: &'a Resolved) -> Self {
        let mut all = Self {
            rack,
            held: vec![Vec::new(); rack.replicas.len()],
            on: BTreeMap::new(),
            ports: BTreeMap::new(),
            crowd: BTreeMap::new(),
            parts: BTreeMap::new(),
            foes: foes(rack),
        };
        for topology in rack.rack.workloads.values().filter_map(|it| it.apart.as_ref()) {
            all.parts.entry(topology).or_insert_with(|| rack.parts(topology));
        }
        for (workload, it) in rack.workloads.iter().enumerate() {
            it.every.iter().for_each(|node| all.settle(workload, *node));
        }
        for (replica, it) in rack.replicas.iter().enumerate() {
            it.on.iter().for_each(|node| all.join(replica, *node));
        }
        all
    }

    /// Takes a place for a replica on a node.
    pub(super) fn join(&mut self, replica: usize, node: usize) {
        let workload = self.rack.replicas[replica].workload;
        self.settle(workload, node);
        self.held[replica].push(node);
        if let Some(part) = self.part(workload, node) {
            *self.crowd.entry((workload, part)).or_default() += 1;
        }
    }

    /// Gives it free.
    pub(super) fn leave(&mut self, replica: usize, node: usize) {
        let workload = self.rack.replicas[replica].workload;
        let Some(held) = self.held[replica].iter().position(|it| *it == node) else { return };
        self.held[replica].swap_remove(held);
        fewer(self.on.get_mut(&(node, workload)));
        if let Some(part) = self.part(workload, node) {
            fewer(self.crowd.get_mut(&(workload, part)));
        }
        for port in self.rack.written(workload).host_ports.iter() {
            let Some(takers) = self.ports.get_mut(&(node, *port)) else { continue };
            if let Some(own) = takers.iter().position(|it| *it == workload) {
                takers.swap_remove(own);
            }
        }
    }

    /// The nodes that a replica holds a place on.
    pub(super) fn held(&self, replica: usize) -> &[usize] {
        &self.held[replica]
    }

    /// A port that a workload takes, and who has it on the node.
    pub(super) fn taken_port(&self, workload: usize, node: usize) -> Option<(HostPort, usize)> {
        let ports = self.rack.written(workload).host_ports.iter();
        ports.filter_map(|it| Some((*it, *self.ports.get(&(node, *it))?.first()?))).next()
    }

    /// What a replica would share with another of its workload that has to be apart from it.
    pub(super) fn shared_part(&self, replica: usize, node: usize) -> Option<&'a Topology> {
        let workload = self.rack.replicas[replica].workload;
        let part = self.part(workload, node)?;
        let own = self.held[replica].iter().filter(|it| self.part(workload, **it) == Some(part));
        let all = self.crowd.get(&(workload, part)).copied().unwrap_or(0);
        let others = u32::try_from(own.count()).map_or(0, |own| all.saturating_sub(own));
        self.rack.written(workload).apart.as_ref().filter(|_| others > 0)
    }

    /// A workload on the node that a replica may not share it with.
    pub(super) fn foe(&self, workload: usize, node: usize) -> Option<usize> {
        let there = |it: &&usize| self.on.get(&(node, **it)).is_some_and(|count| *count > 0);
        self.foes[workload].iter().find(there).copied()
    }

    fn settle(&mut self, workload: usize, node: usize) {
        *self.on.entry((node, workload)).or_default() += 1;
        for port in self.rack.written(workload).host_ports.iter() {
            self.ports.entry((node, *port)).or_default().push(workload);
        }
    }

    fn part(&self, workload: usize, node: usize) -> Option<u32> {
        let topology = self.rack.written(workload).apart.as_ref()?;
        self.parts.get(topology)?.get(node).copied().flatten()
    }
}

fn fewer(count: Option<&mut u32>) {
    if let Some(count) = count {
        *count = count.saturating_sub(1);
    }
}

fn foes(rack: &Resolved) -> Vec<Vec<usize>> {
    let mut foes = vec![Vec::new(); rack.workloads.len()];
    for workload in 0..rack.workloads.len() {
        for other in rack.written(workload).apart_from.iter().filter_map(|it| rack.workload(it)) {
            foes[workload].push(other);
            foes[other].push(workload);
        }
    }
    foes
}
