//! Replicas that must share a node: one item for the kernels where they do.

use super::Ties;
use crate::Resolved;
use crate::handover::stops;

/// The replicas of a rack as items.
pub(super) struct Bundles {
    /// The replicas of each item, the lowest first; most are alone.
    pub(super) items: Vec<Vec<usize>>,
    /// Those that should share a node and do not, or may not. Each of their replicas is an item, so
    /// that the kernels know where it is; it is drawn to the others.
    pub(super) torn: Vec<Vec<usize>>,
}

/// What decides which replicas may be moved.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) rack: &'a Resolved,
    /// The node of each replica.
    pub(super) at: &'a [Option<usize>],
    pub(super) ties: &'a Ties,
}

impl Bundles {
    pub(super) fn new(ground: Ground) -> Self {
        let mut all = Self { items: Vec::new(), torn: Vec::new() };
        for group in groups(ground.rack) {
            match group.len() == 1 || ground.is_whole(&group) {
                true => all.items.push(group),
                false => {
                    all.items.extend(group.iter().map(|it| vec![*it]));
                    all.torn.push(group);
                }
            }
        }
        all.items.sort_unstable();
        all
    }
}

impl Ground<'_> {
    /// Whether replicas that must share a node can be moved as one: they are on one node, or on none.
    fn is_whole(&self, group: &[usize]) -> bool {
        let mut nodes = group.iter().filter_map(|it| self.at[*it]);
        let Some(first) = nodes.next() else { return !self.is_at_odds(group) };
        nodes.all(|it| it == first)
            && !self.is_at_odds(group)
            && (!group.iter().any(|it| self.must_stay(*it)) || self.may_join(group, first))
    }

    /// Whether all of a group that is not there may come to a node.
    fn may_join(&self, group: &[usize], node: usize) -> bool {
        let mut elsewhere = group.iter().filter(|it| self.at[**it] != Some(node));
        elsewhere.all(|it| self.rack.barrier(self.rack.replicas[*it].workload, node).is_none())
    }

    /// Whether workloads that must share a node may not: by their own words, or by a port of it.
    fn is_at_odds(&self, group: &[usize]) -> bool {
        let all: Vec<_> = group.iter().map(|it| self.rack.replicas[*it].workload).collect();
        let name = |it: usize| &self.rack.workloads[it].id;
        all.iter().enumerate().any(|(at, one)| {
            let (own, others) = (self.rack.written(*one), &all[at + 1..]);
            others.iter().any(|other| {
                let it = self.rack.written(*other);
                own.apart_from.contains(name(*other))
                    || it.apart_from.contains(name(*one))
                    || own.host_ports.iter().any(|port| it.host_ports.contains(port))
            })
        })
    }

    /// Whether a replica that runs may not be moved: its volumes may not, or it would have to stop and
    /// all replicas must run.
    pub(super) fn must_stay(&self, replica: usize) -> bool {
        let workload = self.rack.replicas[replica].workload;
        let all = self.rack.workloads[workload].replicas.len();
        let needed = self.rack.written(workload).min_available as usize >= all;
        let fixed =
            !self.rack.rack.policy.move_volumes && !self.rack.local_volumes(replica).is_empty();
        let stays =
            fixed || (needed && stops(self.rack, replica)) || self.ties.stay.contains(&replica);
        self.at[replica].is_some() && stays
    }
}

/// The replicas that must share a node, the lowest first; most are alone.
fn groups(rack: &Resolved) -> Vec<Vec<usize>> {
    let mut leader: Vec<usize> = (0..rack.replicas.len()).collect();
    for (position, workload) in rack.workloads.iter().enumerate() {
        for other in rack.written(position).with.iter() {
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
