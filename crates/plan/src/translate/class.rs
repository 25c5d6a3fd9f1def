//! Which nodes an item may use, each set of nodes kept once.

use super::bundle::Ground;
use super::{is_everywhere, position};
use crate::Resolved;
use crate::rack::{Arch, Effect, HostPort, Toleration, Topology};
use rackberry_core::{ClusterId, NodeId, WorkloadId};
use rackberry_sched::{Bits, Class};
use std::collections::{BTreeMap, BTreeSet};

/// All that decides which nodes a workload may use.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Signature<'a> {
    cluster: Option<&'a ClusterId>,
    pin: &'a [NodeId],
    arch: &'a [Arch],
    selector: &'a BTreeMap<String, String>,
    prefer: &'a BTreeMap<String, String>,
    tolerations: &'a [Toleration],
    parts: Vec<&'a Topology>,
    /// Ports and companions that only matter where something on every node has them.
    ports: Vec<HostPort>,
    apart_from: Vec<&'a WorkloadId>,
    with: Vec<&'a WorkloadId>,
}

/// What an item adds to the sets of its workloads.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Bound {
    /// Nothing.
    Free,
    /// It may also stay where it is.
    OrStay(u32),
    /// It must stay where it is.
    Stay(u32),
    /// It is not to start before those that it must share a node with are together.
    Wait,
}

/// The classes met so far.
pub(super) struct Classes<'a> {
    rack: &'a Resolved,
    ground: Ground<'a>,
    /// Replicas that are not with those that they must share a node with.
    torn: BTreeSet<usize>,
    /// Ports taken on every node that a workload runs on.
    everywhere_ports: Vec<HostPort>,
    everywhere: Vec<usize>,
    signatures: BTreeMap<Signature<'a>, usize>,
    sets: Vec<Class>,
    bundles: BTreeMap<(Vec<usize>, Bound), u32>,
    kernel: Vec<Class>,
}

impl<'a> Classes<'a> {
    pub(crate) fn new(ground: Ground<'a>, torn: &[Vec<usize>]) -> Self {
        let rack = ground.rack;
        let everywhere: Vec<usize> =
            (0..rack.workloads.len()).filter(|it| is_everywhere(rack, *it)).collect();
        let ports = everywhere.iter().flat_map(|it| rack.written(*it).host_ports.iter());
        Self {
            rack,
            ground,
            torn: torn.iter().flatten().copied().collect(),
            everywhere_ports: ports.copied().collect(),
            everywhere,
            signatures: BTreeMap::new(),
            sets: Vec::new(),
            bundles: BTreeMap::new(),
            kernel: Vec::new(),
        }
    }

    /// The class of a bundle of replicas.
    pub(crate) fn of(&mut self, bundle: &[usize]) -> u32 {
        let mut sets: Vec<usize> =
            bundle.iter().map(|it| self.set(self.rack.replicas[*it].workload)).collect();
        sets.sort_unstable();
        sets.dedup();
        let bound = self.bound(bundle, &sets);
        let (kernel, all) = (&mut self.kernel, &self.sets);
        *self.bundles.entry((sets.clone(), bound.clone())).or_insert_with(|| {
            let mut class = all[sets[0]].clone();
            sets[1..].iter().for_each(|it| narrow(&mut class, &all[*it]));
            match bound {
                Bound::Free => {}
                Bound::OrStay(node) => class.eligible.insert(node),
                Bound::Stay(node) => class.eligible = [node].into_iter().collect(),
                Bound::Wait => class.eligible = Bits::default(),
            }
            kernel.push(class);
            position(kernel.len() - 1)
        })
    }

    pub(crate) fn into_kernel(self) -> Vec<Class> {
        self.kernel
    }

    fn bound(&self, bundle: &[usize], sets: &[usize]) -> Bound {
        let at = self.ground.at;
        if bundle.iter().all(|it| at[*it].is_none()) {
            if bundle.iter().any(|it| self.ground.ties.wait.contains(it)) {
                return Bound::Wait;
            }
            let starting = bundle.iter().find_map(|it| self.ground.ties.starting.get(it));
            if let Some(node) = starting {
                return Bound::Stay(position(*node));
            }
        }
        if bundle.iter().all(|it| at[*it].is_none() && self.torn.contains(it)) {
            return Bound::Wait;
        }
        let Some(node) = bundle.iter().find_map(|it| at[*it]) else { return Bound::Free };
        if bundle.iter().any(|it| self.ground.must_stay(*it)) {
            return Bound::Stay(position(node));
        }
        // Where it may run in any case it is in no class of its own: there are as many as nodes.
        if sets.iter().all(|it| self.sets[*it].eligible.contains(position(node))) {
            return Bound::Free;
        }
        // Only what is there already may stay; a node that is closed takes nothing new.
        let barrier = |it: &usize| self.rack.barrier(self.rack.replicas[*it].workload, node);
        let may_stay = |it: &usize| barrier(it).is_none_or(|it| it.lets_stay());
        match bundle.iter().all(|it| at[*it].is_some() && may_stay(it)) {
            true => Bound::OrStay(position(node)),
            false => Bound::Free,
        }
    }

    /// The set of nodes of a workload.
    fn set(&mut self, workload: usize) -> usize {
        let rack = self.rack;
        let signature = self.signature(workload);
        if let Some(known) = self.signatures.get(&signature) {
            return *known;
        }
        let class = Class {
            eligible: self.eligible(workload, &signature),
            penalty: penalty(rack, workload),
        };
        self.sets.push(class);
        self.signatures.insert(signature, self.sets.len() - 1);
        self.sets.len() - 1
    }

    fn signature(&self, workload: usize) -> Signature<'a> {
        let rack = self.rack;
        let written = rack.written(workload);
        let taken = |it: &&HostPort| self.everywhere_ports.contains(it);
        let avoids =
            |it: &&WorkloadId| self.everywhere.iter().any(|at| rack.workloads[*at].id == **it);
        let mut apart_from: Vec<_> = written.apart_from.iter().filter(avoids).collect();
        let own = &rack.workloads[workload].id;
        let avoided =
            self.everywhere.iter().filter(|it| rack.written(**it).apart_from.contains(own));
        apart_from.extend(avoided.map(|it| &rack.workloads[*it].id));
        Signature {
            cluster: rack.workloads[workload].cluster.as_ref(),
            pin: &written.pin,
            arch: &written.arch,
            selector: &written.selector,
            prefer: &written.prefer,
            tolerations: &written.tolerations,
            parts: written.spread.iter().map(|it| &it.over).chain(&written.apart).collect(),
            ports: written.host_ports.iter().filter(taken).copied().collect(),
            apart_from,
            with: written.with.iter().filter(avoids).collect(),
        }
    }

    fn eligible(&self, workload: usize, signature: &Signature) -> Bits {
        let rack = self.rack;
        let pinned = signature.pin.iter().filter_map(|it| rack.node(it));
        let candidates: Vec<usize> = match signature.pin {
            [] => (0..rack.nodes.len()).collect(),
            _ => pinned.collect(),
        };
        let free = |node: &usize| {
            rack.barrier(workload, *node).is_none() && !self.crowded(signature, *node)
        };
        candidates.into_iter().filter(free).map(position).collect()
    }

    /// Whether something that runs on every node is in the way there, or is missed there.
    fn crowded(&self, signature: &Signature, node: usize) -> bool {
        let rack = self.rack;
        let runs = |it: usize| rack.workloads[it].every.binary_search(&node).is_ok();
        let misses = |it: &usize| signature.with.contains(&&rack.workloads[*it].id) && !runs(*it);
        self.everywhere.iter().any(misses)
            || self.everywhere.iter().any(|it| {
                let ports = &rack.written(*it).host_ports;
                let clash = signature.ports.iter().any(|port| ports.contains(port))
                    || signature.apart_from.contains(&&rack.workloads[*it].id);
                clash && runs(*it)
            })
    }
}

/// Keeps of `class` what `other` allows as well, and adds what it costs there.
fn narrow(class: &mut Class, other: &Class) {
    class.eligible = class.eligible.iter().filter(|it| other.eligible.contains(*it)).collect();
    if class.penalty.is_empty() {
        class.penalty.clone_from(&other.penalty);
        return;
    }
    class
        .penalty
        .iter_mut()
        .zip(&other.penalty)
        .for_each(|(sum, it)| *sum = sum.saturating_add(*it));
}

/// What each node costs a workload that prefers others; empty where it does not care.
fn penalty(rack: &Resolved, workload: usize) -> Vec<u64> {
    let (written, weight) = (rack.written(workload), rack.rack.policy.weights.prefer.0);
    let misses = |node: usize| {
        let it = &rack.nodes[node];
        let labels =
            written.prefer.iter().filter(|(key, value)| it.labels.get(*key) != Some(value));
        let taints = it.taints.iter().filter(|taint| {
            taint.effect == Effect::PreferNoSchedule
                && !written.tolerations.iter().any(|it| it.tolerates(taint))
        });
        (labels.count() + taints.count()) as u64
    };
    let all: Vec<u64> = (0..rack.nodes.len()).map(|it| misses(it).saturating_mul(weight)).collect();
    if all.iter().all(|it| *it == 0) { Vec::new() } else { all }
}
