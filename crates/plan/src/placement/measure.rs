//! The figures of a placement.

use crate::handover::{Handover, share};
use crate::translate::{GATHER, Translation};
use crate::{Load, ReplicaRef, Resolved};
use rackberry_core::{Bytes, Millicores, NodeId, Permille, Points, Seconds, figure};
use rackberry_sched::State;
use serde::Serialize;

/// The figures that tell one placement from another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Summary {
    /// The memory in use on the fullest node, before.
    pub highest_before: Permille,
    /// The memory in use on the fullest node, after.
    pub highest: Permille,
    /// The difference between the fullest and the emptiest node, before.
    pub spread_before: Permille,
    /// The difference between the fullest and the emptiest node, after.
    pub spread: Permille,
    /// What has to be copied.
    pub moved: Bytes,
    /// How long workloads are down, summed up.
    pub downtime: Seconds,
}

/// A score by its terms, in points; the lowest wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Score {
    /// How unevenly the nodes are used.
    pub balance: Points,
    /// Nodes without the labels that are preferred.
    pub prefer: Points,
    /// Workloads that are not beside what they want to be near.
    pub near: Points,
    /// Moves, by their number, bytes and downtime.
    pub moves: Points,
    /// How many replicas or amounts of room break a rule; anything but 0 cannot stay so.
    pub broken: u64,
}

impl Score {
    /// The sum of all points.
    pub fn total(&self) -> Points {
        self.balance.plus(self.prefer).plus(self.near).plus(self.moves)
    }
}

/// One node before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct NodeUse {
    /// The node.
    pub node: NodeId,
    /// Before.
    pub before: Use,
    /// After.
    pub after: Use,
    /// What may be in use, by the policy.
    pub memory_limit: Bytes,
    /// What its operating system has to give out.
    pub memory: Bytes,
    /// What its cores can do.
    pub cpu: Millicores,
    /// Whether any workload of the file may run there.
    pub open: bool,
}

/// What is in use on a node, and what is requested there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Use {
    /// Memory in use.
    pub memory_used: Bytes,
    /// Memory requested.
    pub memory_requested: Bytes,
    /// CPU in use.
    pub cpu_used: Millicores,
    /// CPU requested.
    pub cpu_requested: Millicores,
}

/// A replica that goes elsewhere, or starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Change {
    /// The replica.
    pub replica: ReplicaRef,
    /// Where it runs now.
    pub from: Option<NodeId>,
    /// Where it should run.
    pub to: NodeId,
    /// The memory it brings along.
    pub memory: Bytes,
    /// What has to be copied.
    pub bytes: Bytes,
    /// How long it is down.
    pub downtime: Seconds,
}

/// What is on each node with the replicas where `at` says.
pub(crate) fn uses(rack: &Resolved, at: &[Option<usize>]) -> Vec<Use> {
    let mut used: Vec<Load> = rack.nodes.iter().map(|it| it.own).collect();
    let mut requested = vec![Load::default(); used.len()];
    let mut add = |workload: usize, node: usize| {
        used[node] = used[node].plus(rack.workloads[workload].need);
        requested[node] = requested[node].plus(rack.workloads[workload].request);
    };
    for (workload, it) in rack.workloads.iter().enumerate() {
        it.every.iter().for_each(|node| add(workload, *node));
    }
    for (replica, node) in rack.replicas.iter().zip(at) {
        node.iter().for_each(|node| add(replica.workload, *node));
    }
    let both = used.into_iter().zip(requested);
    both.map(|(used, requested)| Use {
        memory_used: used.memory,
        memory_requested: requested.memory,
        cpu_used: used.cpu,
        cpu_requested: requested.cpu,
    })
    .collect()
}

pub(super) fn nodes(rack: &Resolved, at: &[Option<usize>]) -> Vec<NodeUse> {
    let now: Vec<_> = rack.replicas.iter().map(|it| it.on).collect();
    let open = open(rack);
    let both = uses(rack, &now).into_iter().zip(uses(rack, at));
    let node = |(position, (before, after)): (usize, (Use, Use))| {
        let it = &rack.nodes[position];
        NodeUse {
            node: it.id.clone(),
            before,
            after,
            memory_limit: limit(rack, position),
            memory: it.usable.memory,
            cpu: it.usable.cpu,
            open: open[position],
        }
    };
    both.enumerate().map(node).collect()
}

/// What may be in use on a node, by the policy.
pub(crate) fn limit(rack: &Resolved, node: usize) -> Bytes {
    Bytes(share(rack.nodes[node].usable.memory.0, rack.rack.policy.memory_limit.0))
}

/// Whether each node is one that the file's workloads are about: of a cluster that has some, and not
/// kept free by a taint that none of them tolerates.
fn open(rack: &Resolved) -> Vec<bool> {
    let mut clusters: Vec<_> = rack.workloads.iter().filter_map(|it| it.cluster.as_ref()).collect();
    clusters.sort_unstable();
    clusters.dedup();
    let mut open: Vec<bool> = rack
        .nodes
        .iter()
        .map(|it| {
            it.taints.is_empty() && it.cluster.as_ref().is_some_and(|it| clusters.contains(&it))
        })
        .collect();
    rack.replicas.iter().filter_map(|it| it.on).for_each(|it| open[it] = true);
    open
}

pub(super) fn changes(rack: &Resolved, at: &[Option<usize>]) -> Vec<Change> {
    let moved = rack.replicas.iter().zip(at).enumerate().filter(|(_, (it, to))| it.on != **to);
    moved
        .filter_map(|(position, (it, to))| {
            let to = (*to)?;
            let handover = Handover::new(rack, position, it.on, Some(to));
            Some(Change {
                replica: rack.replica_ref(position),
                from: it.on.map(|it| rack.nodes[it].id.clone()),
                to: rack.nodes[to].id.clone(),
                memory: rack.workloads[it.workload].need.memory,
                bytes: handover.bytes,
                downtime: it.on.map_or(Seconds(0), |_| handover.downtime()),
            })
        })
        .collect()
}

pub(super) fn summary(nodes: &[NodeUse], moves: &[Change]) -> Summary {
    let (highest_before, spread_before) = extremes(nodes, |it| it.before);
    let (highest, spread) = extremes(nodes, |it| it.after);
    Summary {
        highest_before,
        highest,
        spread_before,
        spread,
        moved: moves.iter().map(|it| it.bytes).sum(),
        downtime: moves.iter().map(|it| it.downtime).sum(),
    }
}

/// The highest share of memory in use, and how far the lowest is below it.
fn extremes(nodes: &[NodeUse], when: impl Fn(&NodeUse) -> Use) -> (Permille, Permille) {
    let open = nodes.iter().filter(|it| it.open);
    let shares = open.map(|it| figure::share(when(it).memory_used.0, it.memory.0));
    let (lowest, highest) =
        shares.fold((u64::MAX, 0), |(low, high), it| (low.min(it.0), high.max(it.0)));
    (Permille(highest), Permille(highest.saturating_sub(lowest)))
}

/// The score of a rack as `kernel` has it, with what the moves to get there cost.
pub(super) fn score(kernel: &Translation, at: &[Option<usize>], moves: Points) -> Score {
    let cost = State::new(&kernel.checked, &kernel.start).cost();
    // The kernels were given thousandths of points, and count in thousandths of what they were given.
    let points = |it: i64| Points(u64::try_from(it / 1000).unwrap_or(0));
    // To the kernels it is a wish that groups share a node; here it is a rule.
    let lonely = kernel.lonely(at) as u64;
    Score {
        balance: points(cost.balance),
        prefer: points(cost.penalty),
        near: points(cost.wants).minus(Points(lonely.saturating_mul(GATHER))),
        moves,
        broken: u64::try_from(cost.violations()).unwrap_or(0).saturating_add(1000 * lonely),
    }
}

/// What the policy makes of every move from where things run to where `at` says.
pub(super) fn price(rack: &Resolved, at: &[Option<usize>]) -> Points {
    let moved = rack.replicas.iter().zip(at).enumerate();
    let moved = moved.filter(|(_, (it, to))| it.on.is_some() && it.on != **to);
    moved.map(|(at, (it, _))| Handover::new(rack, at, it.on, None).points(rack).total()).sum()
}
