//! The rack as the scheduling kernels see it: integers. The one place where names become indices.

mod class;
mod key;

use crate::handover::{Handover, share};
use crate::rack::Replicas;
use crate::{Load, Resolved, ResolvedWorkload};
use class::Classes;
use key::Keys;
use rackberry_core::Bytes;
use rackberry_sched::{Checked, Malformed, Problem};
use std::collections::BTreeSet;

/// The resources of the kernels, in the order of their rows: what is used, then what is requested.
pub(crate) const RESOURCES: usize = 4;

/// A problem for the kernels, and the way back from it.
#[derive(Debug)]
pub(crate) struct Translation {
    /// The problem.
    pub(crate) checked: Checked,
    /// The replicas of each item, by position: more than one where workloads go `with` each other.
    pub(crate) items: Vec<Vec<usize>>,
    /// Where each item runs now.
    pub(crate) start: Vec<Option<u32>>,
    /// What each key stands for, for people.
    pub(crate) key_names: Vec<String>,
    /// The workload whose spread each of the kernels' spreads is, by position.
    pub(crate) spread_of: Vec<usize>,
}

impl Translation {
    /// Translates the rack with its replicas where `at` says, each by position; those in `stay` may
    /// not be moved.
    ///
    /// # Errors
    ///
    /// Returns what the kernels refuse: amounts beyond any machine.
    pub(crate) fn new(
        rack: &Resolved,
        at: &[Option<usize>],
        stay: &BTreeSet<usize>,
    ) -> Result<Self, Malformed> {
        let items = bundles(rack);
        let start: Vec<Option<u32>> = items.iter().map(|it| home(it, at)).collect();
        let keys = Keys::new(rack);
        let mut classes = Classes::new(rack, at, stay);
        let class = items.iter().map(|it| classes.of(it)).collect();
        let spread = keys.spreads(rack, &items);
        let checked = Problem {
            resources: RESOURCES,
            capacity: rows(rack, capacity),
            base: base(rack, &scattered(&items, &start), at),
            full: rows(rack, |rack, node| {
                let usable = rack.nodes[node].usable;
                [kib(usable.memory), 0, usable.cpu.0, 0]
            }),
            balance: {
                let weight = rack.rack.policy.weights.balance.0;
                vec![weight, 0, weight, 0]
            },
            demand: items.iter().flat_map(|it| demand(rack, it)).collect(),
            class,
            classes: classes.into_kernel(),
            topologies: keys.topologies(),
            keys: keys.levels(),
            holds: items.iter().map(|it| keys.held(rack, it)).collect(),
            refuses: items.iter().map(|it| keys.refused(rack, it)).collect(),
            wants: items.iter().map(|it| keys.wanted(rack, it)).collect(),
            spreads: spread.rules,
            members: spread.members,
            home: start.clone(),
            move_cost: items
                .iter()
                .zip(&start)
                .map(|(it, on)| move_points(rack, it, *on))
                .collect(),
        }
        .check()?;
        Ok(Self { checked, items, start, key_names: keys.names(), spread_of: spread.of })
    }
}

impl Translation {
    /// The node of each of the file's replicas, from the bin of each item.
    ///
    /// What is scattered and is not brought together stays where `now` says.
    pub(crate) fn replicas_at(
        &self,
        bins: &[Option<u32>],
        now: &[Option<usize>],
    ) -> Vec<Option<usize>> {
        let mut at = now.to_vec();
        for (item, bin) in self.items.iter().zip(bins) {
            for replica in item.iter().filter(|_| bin.is_some()) {
                at[*replica] = bin.map(|it| it as usize);
            }
        }
        at
    }

    /// The bin of each item, from the node of each replica.
    pub(crate) fn items_at(&self, at: &[Option<usize>]) -> Vec<Option<u32>> {
        self.items.iter().map(|it| at[it[0]].map(position)).collect()
    }
}

/// Memory for the kernels, rounded down.
pub(crate) fn kib(memory: Bytes) -> u64 {
    memory.0 >> 10
}

fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The replicas that share a node, the lowest first; most are alone.
fn bundles(rack: &Resolved) -> Vec<Vec<usize>> {
    let mut leader: Vec<usize> = (0..rack.replicas.len()).collect();
    for workload in &rack.workloads {
        for other in rack.rack.workloads[&workload.id].with.iter() {
            let Some(other) = rack.workload(other) else { continue };
            let pairs = workload.replicas.clone().zip(rack.workloads[other].replicas.clone());
            pairs.for_each(|(a, b)| join(&mut leader, a, b));
        }
    }
    let mut all: Vec<Vec<usize>> = vec![Vec::new(); leader.len()];
    for replica in 0..leader.len() {
        let first = find(&mut leader, replica);
        all[first].push(replica);
    }
    all.retain(|it| !it.is_empty());
    all
}

fn find(leader: &mut [usize], mut at: usize) -> usize {
    while leader[at] != at {
        leader[at] = leader[leader[at]];
        at = leader[at];
    }
    at
}

fn join(leader: &mut [usize], a: usize, b: usize) {
    let (a, b) = (find(leader, a), find(leader, b));
    leader[a.max(b)] = a.min(b);
}

/// Where a bundle runs. One that is scattered runs nowhere yet: its replicas count where they are
/// until it is together.
fn home(bundle: &[usize], at: &[Option<usize>]) -> Option<u32> {
    let mut nodes = bundle.iter().filter_map(|it| at[*it]);
    let first = nodes.next()?;
    nodes.all(|it| it == first).then(|| position(first))
}

/// The price of moving a bundle. The kernels take one for every target, so only the link that it
/// leaves by counts.
fn move_points(rack: &Resolved, bundle: &[usize], on: Option<u32>) -> u64 {
    let Some(on) = on else { return 0 };
    let price = |replica: &usize| {
        Handover::new(rack, *replica, Some(on as usize), None).points(rack).total().0
    };
    bundle.iter().map(price).fold(0, u64::saturating_add).min(Problem::LIMIT)
}

fn rows(rack: &Resolved, row: impl Fn(&Resolved, usize) -> [u64; RESOURCES]) -> Vec<u64> {
    (0..rack.nodes.len()).flat_map(|it| row(rack, it)).collect()
}

/// What may be in use and what may be requested on a node.
pub(crate) fn capacity(rack: &Resolved, node: usize) -> [u64; RESOURCES] {
    let (usable, policy) = (rack.nodes[node].usable, &rack.rack.policy);
    [
        kib(Bytes(share(usable.memory.0, policy.memory_limit.0))),
        kib(usable.memory),
        share(usable.cpu.0, policy.cpu_limit.0),
        usable.cpu.0,
    ]
}

/// The replicas of bundles that are not together.
fn scattered(items: &[Vec<usize>], start: &[Option<u32>]) -> Vec<usize> {
    let apart = items.iter().zip(start).filter(|(it, start)| it.len() > 1 && start.is_none());
    apart.flat_map(|(it, _)| it.iter().copied()).collect()
}

/// What is on each node whatever is placed: its own system, what runs on every node, and what is
/// scattered.
fn base(rack: &Resolved, scattered: &[usize], at: &[Option<usize>]) -> Vec<u64> {
    let mut need: Vec<Load> = rack.nodes.iter().map(|it| it.own).collect();
    let mut request = vec![Load::default(); need.len()];
    let mut add = |workload: &ResolvedWorkload, node: usize| {
        need[node] = need[node].plus(workload.need);
        request[node] = request[node].plus(workload.request);
    };
    for workload in &rack.workloads {
        workload.every.iter().for_each(|node| add(workload, *node));
    }
    for replica in scattered {
        let workload = &rack.workloads[rack.replicas[*replica].workload];
        at[*replica].iter().for_each(|node| add(workload, *node));
    }
    let row = |(need, request): (Load, Load)| {
        [kib_up(need.memory), kib_up(request.memory), need.cpu.0, request.cpu.0]
    };
    need.into_iter().zip(request).flat_map(row).collect()
}

fn kib_up(memory: Bytes) -> u64 {
    memory.0.div_ceil(1 << 10)
}

fn demand(rack: &Resolved, bundle: &[usize]) -> [u64; RESOURCES] {
    let mut sum = [0u64; RESOURCES];
    for replica in bundle {
        let workload = &rack.workloads[rack.replicas[*replica].workload];
        let (need, request) = (workload.need, workload.request);
        let row = [kib_up(need.memory), kib_up(request.memory), need.cpu.0, request.cpu.0];
        sum.iter_mut().zip(row).for_each(|(sum, it)| *sum = sum.saturating_add(it));
    }
    sum
}

/// Whether a workload runs on every node, and so is never placed.
fn is_everywhere(rack: &Resolved, workload: usize) -> bool {
    rack.written(workload).replicas == Replicas::EveryNode
}
