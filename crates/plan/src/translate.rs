//! The rack as the scheduling kernels see it: integers. The one place where names become indices.

mod bundle;
mod class;
mod key;

use crate::handover::{Handover, share};
use crate::rack::Replicas;
use crate::{Load, Resolved};
use bundle::{Bundles, Ground};
use class::Classes;
use key::Keys;
use rackberry_core::Bytes;
use rackberry_sched::{Checked, Malformed, Problem};
use std::collections::{BTreeMap, BTreeSet};

/// The resources of the kernels, in the order of their rows: memory used and requested, CPU used and
/// requested, and what lies on the disk.
pub(crate) const RESOURCES: usize = 5;

/// What it costs a replica to have none of those beside it that it must share a node with, in
/// thousandths of a point: more than any move.
pub(crate) const GATHER: u64 = 1_000_000_000;

/// What ties the hands of the kernels, beside what the file says.
#[derive(Debug, Default)]
pub(crate) struct Ties {
    /// Replicas that may not be moved.
    pub(crate) stay: BTreeSet<usize>,
    /// Replicas that may not be started.
    pub(crate) wait: BTreeSet<usize>,
    /// Replicas that may only start on one node.
    pub(crate) starting: BTreeMap<usize, usize>,
    /// What copies that were left behind take on the disk of a node.
    pub(crate) left: BTreeMap<usize, Bytes>,
}

/// A problem for the kernels, and the way back from it.
#[derive(Debug)]
pub(crate) struct Translation {
    /// The problem.
    pub(crate) checked: Checked,
    /// The replicas of each item, by position: more than one where workloads go `with` each other.
    pub(crate) items: Vec<Vec<usize>>,
    /// Where each item runs now.
    pub(crate) start: Vec<Option<u32>>,
    /// Replicas that should share a node and do not, a list for each group; each is its own item.
    pub(crate) torn: Vec<Vec<usize>>,
    /// What each key stands for, for people.
    pub(crate) key_names: Vec<String>,
    /// The workload whose spread each of the kernels' spreads is, by position.
    pub(crate) spread_of: Vec<usize>,
}

impl Translation {
    /// Translates the rack with its replicas where `at` says, each by position.
    ///
    /// # Errors
    ///
    /// Returns what the kernels refuse: amounts beyond any machine.
    pub(crate) fn new(
        rack: &Resolved,
        at: &[Option<usize>],
        ties: &Ties,
    ) -> Result<Self, Malformed> {
        let ground = Ground { rack, at, ties };
        let Bundles { items, torn } = Bundles::new(ground);
        let start: Vec<Option<u32>> = items.iter().map(|it| home(it, at)).collect();
        let keys = Keys::new(rack, &torn);
        let mut classes = Classes::new(ground, &torn);
        let class = items.iter().map(|it| classes.of(it)).collect();
        let spread = keys.spreads(rack, &items);
        let disk = taken(rack, &ties.left);
        let checked = Problem {
            resources: RESOURCES,
            capacity: rows(rack, |rack, node| capacity(rack, node, &disk)),
            base: base(rack),
            full: rows(rack, |rack, node| {
                let usable = rack.nodes[node].usable;
                [kib(usable.memory), 0, usable.cpu.0, 0, 0]
            }),
            balance: {
                let weight = rack.rack.policy.weights.balance.0;
                vec![weight, 0, weight, 0, 0]
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
            ..Problem::default()
        }
        .check()?;
        Ok(Self { checked, items, start, torn, key_names: keys.names(), spread_of: spread.of })
    }
}

impl Translation {
    /// The node of each of the file's replicas, from the bin of each item.
    pub(crate) fn replicas_at(&self, bins: &[Option<u32>]) -> Vec<Option<usize>> {
        let mut at = vec![None; self.items.iter().map(Vec::len).sum()];
        for (item, bin) in self.items.iter().zip(bins) {
            item.iter().for_each(|replica| at[*replica] = bin.map(|it| it as usize));
        }
        at
    }

    /// How many replicas are drawn to others of their group, and have none of them on their node.
    pub(crate) fn lonely(&self, at: &[Option<usize>]) -> usize {
        let alone = |group: &Vec<usize>| {
            let beside =
                |it: &&usize| group.iter().any(|other| other != *it && at[*other] == at[**it]);
            group.iter().filter(|it| at[**it].is_some() && !beside(it)).count()
        };
        self.torn.iter().map(alone).sum()
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

/// Where a bundle runs; replicas of it that do not run yet are to start there.
fn home(bundle: &[usize], at: &[Option<usize>]) -> Option<u32> {
    bundle.iter().find_map(|it| at[*it]).map(position)
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

/// What lies on the disk of each node whatever is placed: the volumes of what runs on every node, and the
/// copies that were left behind.
fn taken(rack: &Resolved, left: &BTreeMap<usize, Bytes>) -> Vec<Bytes> {
    let left = |node| left.get(&node).copied().unwrap_or_default();
    let mut taken: Vec<Bytes> = (0..rack.nodes.len()).map(left).collect();
    for (position, workload) in rack.workloads.iter().enumerate() {
        let bytes = rack.local_bytes(position);
        workload.every.iter().for_each(|node| taken[*node] = taken[*node].plus(bytes));
    }
    taken
}

/// What may be in use and what may be requested on a node, and what is left of its disk.
fn capacity(rack: &Resolved, node: usize, disk: &[Bytes]) -> [u64; RESOURCES] {
    let (usable, policy) = (rack.nodes[node].usable, &rack.rack.policy);
    [
        kib(Bytes(share(usable.memory.0, policy.memory_limit.0))),
        kib(usable.memory),
        share(usable.cpu.0, policy.cpu_limit.0),
        usable.cpu.0,
        rack.local_room(node)
            .map_or(Problem::LIMIT, |it| kib(it.minus(disk[node])))
            .min(Problem::LIMIT),
    ]
}

/// What is on each node whatever is placed: its own system, and what runs on every node.
fn base(rack: &Resolved) -> Vec<u64> {
    let mut need: Vec<Load> = rack.nodes.iter().map(|it| it.own).collect();
    let mut request = vec![Load::default(); need.len()];
    for workload in &rack.workloads {
        for node in &workload.every {
            need[*node] = need[*node].plus(workload.need);
            request[*node] = request[*node].plus(workload.request);
        }
    }
    let all = need.into_iter().zip(request);
    all.flat_map(|(need, request)| row(need, request, Bytes(0))).collect()
}

fn row(need: Load, request: Load, disk: Bytes) -> [u64; RESOURCES] {
    [kib_up(need.memory), kib_up(request.memory), need.cpu.0, request.cpu.0, kib_up(disk)]
}

fn kib_up(memory: Bytes) -> u64 {
    memory.0.div_ceil(1 << 10)
}

fn demand(rack: &Resolved, bundle: &[usize]) -> [u64; RESOURCES] {
    let mut sum = [0u64; RESOURCES];
    for replica in bundle {
        let position = rack.replicas[*replica].workload;
        let workload = &rack.workloads[position];
        let row = row(workload.need, workload.request, rack.local_bytes(position));
        sum.iter_mut().zip(row).for_each(|(sum, it)| *sum = sum.saturating_add(it));
    }
    sum
}

/// Whether a workload runs on every node, and so is never placed.
fn is_everywhere(rack: &Resolved, workload: usize) -> bool {
    rack.written(workload).replicas == Replicas::EveryNode
}
