//! Who may not, or should, be beside whom.

use super::{GATHER, is_everywhere};
use crate::Resolved;
use crate::rack::{HostPort, Topology};
use rackberry_sched::{Rows, Spread, Want};
use std::collections::BTreeMap;

/// What one key stands for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// A port of the node.
    Port(HostPort),
    /// Being one of a workload's replicas on a node, by the workload's position.
    Is(usize),
    /// Being one of them in a part of the rack.
    Apart(usize),
    /// Being one of a group that should share a node and does not, by the group's position.
    Torn(usize),
}

/// The keys of a rack, and the parts of it that they count in.
pub(super) struct Keys {
    keys: BTreeMap<Key, u32>,
    levels: Vec<u32>,
    /// What is said of a replica that has the key.
    names: Vec<String>,
    /// Level 1 and up, each with the domain of every node.
    parts: Vec<(Topology, Vec<u32>)>,
    /// The group of each replica that is torn from it.
    torn: BTreeMap<usize, usize>,
}

/// Spreading rules, with the items they are about.
pub(super) struct Spreads {
    pub(crate) rules: Vec<Spread>,
    pub(crate) members: Rows<u32>,
    pub(crate) of: Vec<usize>,
}

impl Keys {
    pub(crate) fn new(rack: &Resolved, torn: &[Vec<usize>]) -> Self {
        let members =
            torn.iter().enumerate().flat_map(|(group, all)| all.iter().map(move |it| (*it, group)));
        let mut all = Self {
            keys: BTreeMap::new(),
            levels: Vec::new(),
            names: Vec::new(),
            parts: Vec::new(),
            torn: members.collect(),
        };
        for group in 0..torn.len() {
            all.add(Key::Torn(group), 0, || "should share the node with it".into());
        }
        for workload in 0..rack.workloads.len() {
            if is_everywhere(rack, workload) {
                continue;
            }
            let written = rack.written(workload);
            for port in written.host_ports.iter() {
                all.add(Key::Port(*port), 0, || format!("has port {port} of the node"));
            }
            for other in written.near.iter().chain(written.apart_from.iter()) {
                let Some(other) = rack.workload(other) else { continue };
                all.add(Key::Is(other), 0, || "is to be kept apart from it (`apart-from`)".into());
            }
            if let Some(apart) = &written.apart {
                let level = all.level(rack, apart);
                let what = || format!("is on the same {apart} (`apart`)");
                all.add(Key::Apart(workload), level, what);
            }
            if let Some(spread) = &written.spread {
                all.level(rack, &spread.over);
            }
        }
        all
    }

    fn add(&mut self, key: Key, level: u32, name: impl FnOnce() -> String) {
        if self.keys.contains_key(&key) {
            return;
        }
        self.keys.insert(key, super::position(self.levels.len()));
        self.levels.push(level);
        self.names.push(name());
    }

    /// The level of a part of the rack; nodes that have no such part are alone in theirs.
    fn level(&mut self, rack: &Resolved, topology: &Topology) -> u32 {
        if *topology == Topology::Node {
            return 0;
        }
        if let Some(known) = self.parts.iter().position(|it| it.0 == *topology) {
            return super::position(known + 1);
        }
        let parts = rack.parts(topology);
        let mut next = parts.iter().flatten().max().map_or(0, |it| it + 1);
        let alone = |part: &Option<u32>| {
            part.unwrap_or_else(|| {
                next += 1;
                next - 1
            })
        };
        let parts = parts.iter().map(alone).collect();
        self.parts.push((topology.clone(), parts));
        super::position(self.parts.len())
    }

    pub(crate) fn topologies(&self) -> Vec<Vec<u32>> {
        self.parts.iter().map(|it| it.1.clone()).collect()
    }

    pub(crate) fn levels(&self) -> Vec<u32> {
        self.levels.clone()
    }

    pub(crate) fn names(self) -> Vec<String> {
        self.names
    }

    fn number(&self, key: &Key) -> Option<u32> {
        self.keys.get(key).copied()
    }

    fn torn_key(&self, replica: usize) -> Option<u32> {
        self.number(&Key::Torn(*self.torn.get(&replica)?))
    }

    fn workloads<'a>(rack: &'a Resolved, bundle: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
        bundle.iter().map(|it| rack.replicas[*it].workload)
    }

    /// The keys that both hold for and are refused by a bundle.
    fn both(&self, rack: &Resolved, bundle: &[usize]) -> Vec<u32> {
        let mut all = Vec::new();
        for workload in Self::workloads(rack, bundle) {
            let ports = rack.written(workload).host_ports.iter().map(|it| Key::Port(*it));
            all.extend(ports.chain([Key::Apart(workload)]).filter_map(|it| self.number(&it)));
        }
        all
    }

    pub(crate) fn held(&self, rack: &Resolved, bundle: &[usize]) -> Vec<u32> {
        let own = Self::workloads(rack, bundle).filter_map(|it| self.number(&Key::Is(it)));
        let torn = bundle.iter().filter_map(|it| self.torn_key(*it));
        self.both(rack, bundle).into_iter().chain(own).chain(torn).collect()
    }

    pub(crate) fn refused(&self, rack: &Resolved, bundle: &[usize]) -> Vec<u32> {
        let mut all = self.both(rack, bundle);
        for workload in Self::workloads(rack, bundle) {
            let others =
                rack.written(workload).apart_from.iter().filter_map(|it| rack.workload(it));
            all.extend(others.filter_map(|it| self.number(&Key::Is(it))));
        }
        all
    }

    pub(crate) fn wanted(&self, rack: &Resolved, bundle: &[usize]) -> Vec<Want> {
        let points = rack.rack.policy.weights.near.0;
        let inside: Vec<usize> = Self::workloads(rack, bundle).collect();
        let mut all = Vec::new();
        for workload in &inside {
            let near = rack.written(*workload).near.iter().filter_map(|it| rack.workload(it));
            let outside = near.filter(|it| !inside.contains(it) && !is_everywhere(rack, *it));
            let keys = outside.filter_map(|it| self.number(&Key::Is(it)));
            all.extend(keys.map(|key| Want { key, points }));
        }
        let torn = bundle.iter().filter_map(|it| self.torn_key(*it));
        all.extend(torn.map(|key| Want { key, points: GATHER }));
        all
    }

    /// The spreading rules, and for each item those that it is a member of.
    pub(crate) fn spreads(&self, rack: &Resolved, items: &[Vec<usize>]) -> Spreads {
        let mut all = Spreads { rules: Vec::new(), members: Rows::default(), of: Vec::new() };
        let mut number = BTreeMap::new();
        for workload in 0..rack.workloads.len() {
            let Some(spread) = &rack.written(workload).spread else { continue };
            let level = self.parts.iter().position(|it| it.0 == spread.over);
            let topology = level.map_or(0, |it| super::position(it + 1));
            number.insert(workload, super::position(all.rules.len()));
            all.rules.push(Spread { topology, skew: spread.skew.max(1) });
            all.of.push(workload);
        }
        for item in items {
            all.members.push(Self::workloads(rack, item).filter_map(|it| number.get(&it).copied()));
        }
        all
    }
}
