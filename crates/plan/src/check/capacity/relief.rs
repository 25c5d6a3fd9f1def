//! What makes room on a node, without what may not move or has nowhere to go.

use super::empty_room;
use crate::check::survey::Survey;
use crate::check::tell::share;
use crate::check::wording::grouped;
use crate::rack::VolumeKind;
use rackberry_core::{Bytes, figure};
use std::cmp::Reverse;
use std::collections::BTreeMap;

pub(super) struct Relief<'s, 'a> {
    it: &'s Survey<'a>,
    /// The workloads with a counted replica on each node, the largest first.
    on: BTreeMap<usize, Vec<usize>>,
    /// The two nodes of each set of nodes that have the most memory left below the policy's limit.
    roomiest: Vec<Vec<(Bytes, usize)>>,
}

impl<'s, 'a> Relief<'s, 'a> {
    pub(super) fn new(it: &'s Survey<'a>) -> Self {
        let placed = it.rack.replicas.iter().filter_map(|it| Some((it.on?, it.workload)));
        let mut on = grouped(placed);
        for all in on.values_mut() {
            all.dedup();
            all.sort_by_key(|at| (Reverse(it.rack.workloads[*at].need.memory), *at));
        }
        let roomiest = it.eligible.sets().iter().map(|nodes| {
            let mut all: Vec<_> = nodes.iter().map(|node| (left(it, *node), *node)).collect();
            all.sort_by_key(|it| Reverse(*it));
            all.truncate(2);
            all
        });
        Self { it, on, roomiest: roomiest.collect() }
    }

    /// Whether anything on a node may run on another one.
    pub(super) fn may_leave(&self, node: usize) -> bool {
        self.there(node).iter().any(|it| !self.stays(*it) && self.is_let_elsewhere(*it, node))
    }

    pub(super) fn remedy(&self, node: usize) -> String {
        let there = self.there(node);
        let Some(largest) = there.first().copied() else {
            return "give it less to run, or more memory".into();
        };
        let first = there.iter().copied().find(|it| self.fits_elsewhere(*it, node));
        let name = |workload: usize| {
            let memory = figure::memory(self.it.rack.workloads[workload].need.memory);
            format!("{} ({memory})", self.it.written(workload).0)
        };
        let pinned = !self.it.written(largest).1.pin.is_empty();
        let alone = self.it.rack.workloads[largest].need.memory > empty_room(self.it, node).memory;
        match first {
            Some(it) if it == largest => {
                format!("move {}, the largest on it, to another node", name(it))
            }
            _ if alone && pinned => {
                format!("pin {}, too large for it even alone, to a larger node", name(largest))
            }
            _ if alone => {
                format!("let {}, too large for it even alone, run on a larger node", name(largest))
            }
            Some(it) => format!("move {} to another node, where there is room for it", name(it)),
            None if !pinned && !self.is_let_elsewhere(largest, node) => {
                format!("let {}, the largest on it, run on another node as well", name(largest))
            }
            None => "give it less to run, or more memory".into(),
        }
    }

    fn there(&self, node: usize) -> &[usize] {
        self.on.get(&node).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a workload may not be moved, because its volumes may not.
    fn stays(&self, workload: usize) -> bool {
        let mut volumes = self.it.written(workload).1.volumes.iter();
        !self.it.rack.rack.policy.move_volumes && volumes.any(|it| it.kind == VolumeKind::LocalPath)
    }

    fn is_let_elsewhere(&self, workload: usize, node: usize) -> bool {
        self.it.eligible.of(workload).iter().any(|other| *other != node)
    }

    /// Whether another node has room for a workload now, and for what must go with it.
    fn fits_elsewhere(&self, workload: usize, node: usize) -> bool {
        let (it, written) = (self.it, self.it.written(workload).1);
        let need = it.rack.workloads[workload].need.memory;
        let mut rooms = self.roomiest[it.eligible.set_of(workload)].iter();
        let Some((room, other)) = rooms.find(|it| it.1 != node) else { return false };
        let alone = written.apart.is_none() && written.host_ports.is_empty();
        let follows = |partner: usize| it.eligible.of(partner).binary_search(other).is_ok();
        let mut partners = written.with.iter().filter_map(|partner| it.rack.workload(partner));
        need <= *room
            && !self.stays(workload)
            && (alone || it.places(workload).all(|it| it != *other))
            && partners.all(follows)
    }
}

/// The memory that a node has left below the policy's limit.
fn left(it: &Survey, node: usize) -> Bytes {
    let usable = it.rack.nodes[node].usable.memory;
    Bytes(share(usable.0, it.rack.rack.policy.memory_limit)).minus(it.in_use(node).memory)
}
