//! What lies on the disks of the nodes. A copy that is left behind still takes its place.

use super::room::RoomFault;
use crate::{Action, Observed, Resolved};
use rackberry_core::Bytes;
use std::collections::{BTreeMap, BTreeSet};

/// What is held on every disk.
#[derive(Debug)]
pub(super) struct Disks<'a> {
    rack: &'a Resolved,
    held: BTreeMap<usize, Bytes>,
    /// Every copy of a replica's volumes, by replica and node.
    copies: BTreeSet<(usize, usize)>,
}

impl<'a> Disks<'a> {
    /// As the file says it is, with every copy that is seen.
    pub(super) fn new(rack: &'a Resolved, seen: &Observed) -> Self {
        let mut all = Self { rack, held: BTreeMap::new(), copies: BTreeSet::new() };
        for (workload, it) in rack.workloads.iter().enumerate() {
            it.every.iter().for_each(|node| all.add(workload, *node));
        }
        for (replica, it) in rack.replicas.iter().enumerate() {
            let Some(node) = it.on else { continue };
            all.copies.insert((replica, node));
            all.add(it.workload, node);
        }
        for (volume, copies) in &seen.copies {
            let Some(replica) = rack.replica(&volume.replica) else { continue };
            for node in copies.keys().filter_map(|it| rack.node(it)) {
                if all.copies.insert((replica, node)) {
                    all.add(rack.replicas[replica].workload, node);
                }
            }
        }
        all
    }

    fn add(&mut self, workload: usize, node: usize) {
        let held = self.held.entry(node).or_default();
        *held = held.plus(self.rack.local_bytes(workload));
    }

    /// Takes room for what an action about a replica brings to a node, and says where there is none.
    pub(super) fn take(&mut self, replica: usize, action: &Action) -> Option<RoomFault> {
        let (Action::CopyHot { to, .. }
        | Action::CopyCold { to, .. }
        | Action::Start { node: to, .. }) = action
        else {
            return None;
        };
        let node = self.rack.node(to)?;
        let workload = self.rack.replicas[replica].workload;
        if self.rack.local_volumes_of(workload).is_empty() || !self.copies.insert((replica, node)) {
            return None;
        }
        self.add(workload, node);
        let (sum, limit) = (self.held[&node], self.rack.local_room(node)?);
        (sum > limit).then(|| RoomFault::Disk { node: to.clone(), sum, limit })
    }
}
