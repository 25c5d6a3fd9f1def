//! Volumes that lie on the nodes, and their copies.

use super::cluster::ClusterRoom;
use super::due::{Due, Way};
use super::room::{Room, fail};
use rackberry_core::{
    Bytes, ClusterId, CopyState, Error, ErrorKind, NodeId, ReplicaRef, Result, VolumeRef,
    VolumeState,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A volume as it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Volume {
    pub(super) bound: NodeId,
    size: Bytes,
    /// Whether somebody writes to the copy in use, at every tick.
    written: bool,
    copies: BTreeMap<NodeId, Copy>,
}

/// A copy: what was last written to it, as the tick when that was, and how good it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Copy {
    data: u64,
    state: CopyState,
}

impl Volume {
    /// Writes down what was written up to the tick `settled`, and that nobody writes any more.
    fn rest(&mut self, settled: u64) {
        if std::mem::take(&mut self.written)
            && let Some(it) = self.copies.get_mut(&self.bound)
        {
            it.data = settled;
        }
    }

    fn outdate(&mut self) {
        let others = self.copies.iter_mut().filter(|it| *it.0 != self.bound);
        others.for_each(|it| it.1.state = CopyState::Hot);
    }

    fn copy_on(&self, node: &NodeId) -> Result<Copy> {
        let none = || Error::not_found(format!("find a copy on {node}"));
        self.copies.get(node).copied().ok_or_else(none)
    }
}

impl ClusterRoom {
    /// Makes the volumes of a replica that starts for the first time.
    pub(super) fn place_volumes(&mut self, replica: &ReplicaRef, node: &NodeId) {
        let Some(declared) = self.workloads.get(&replica.workload) else { return };
        for (volume, size) in declared.volumes(replica) {
            let original = Copy { data: 0, state: CopyState::Compared };
            let copies = BTreeMap::from([(node.clone(), original)]);
            self.volumes.entry(volume).or_insert(Volume {
                bound: node.clone(),
                size,
                written: false,
                copies,
            });
        }
    }

    /// The volumes that lie on members.
    pub(super) fn volume_states(&self) -> BTreeMap<VolumeRef, VolumeState> {
        let member = |it: &NodeId| self.members.contains_key(it);
        let state = |it: &Volume| VolumeState {
            bound: Some(it.bound.clone()).filter(member),
            copies: it
                .copies
                .iter()
                .filter(|it| member(it.0))
                .map(|it| (it.0.clone(), it.1.state))
                .collect(),
        };
        self.volumes.iter().map(|(id, it)| (id.clone(), state(it))).collect()
    }

    fn volume(&mut self, volume: &VolumeRef) -> Result<&mut Volume> {
        let none = || Error::not_found(format!("find the volume {volume}"));
        self.volumes.get_mut(volume).ok_or_else(none)
    }

    /// A volume, with all in its copies that was written by the tick `settled`.
    fn at_rest(&mut self, volume: &VolumeRef, settled: u64) -> Result<&mut Volume> {
        self.stale.writers.insert(volume.replica.clone());
        let it = self.volume(volume)?;
        it.rest(settled);
        Ok(it)
    }

    fn may_copy(
        &mut self,
        what: &VolumeRef,
        from: &NodeId,
        to: &NodeId,
        room: Bytes,
    ) -> Result<()> {
        let member = self.members.contains_key(to);
        let volume = self.volume(what)?;
        volume.copy_on(from)?;
        if !member {
            return fail(ErrorKind::NotFound, format!("find {to}"));
        }
        match volume.copies.contains_key(to) || room >= volume.size {
            true => Ok(()),
            false => fail(ErrorKind::Refused, format!("find room for {what} on {to}")),
        }
    }

    /// Whether somebody writes to the copy on `node`: to the one in use, while its replica runs.
    fn is_written(&self, volume: &VolumeRef, node: &NodeId) -> bool {
        let bound = self.volumes.get(volume).is_some_and(|it| it.bound == *node);
        bound && self.pods.iter().any(|it| it.replica == volume.replica && it.node == *node)
    }
}

impl Room {
    /// Lets pods that are ready write to their volumes; what others hold of these is then out of date.
    pub(super) fn write_volumes(&mut self) {
        for cluster in self.clusters.values_mut() {
            let writers = std::mem::take(&mut cluster.stale.writers);
            if writers.is_empty() {
                continue;
            }
            let stale = cluster.volumes.iter_mut().filter(|it| writers.contains(&it.0.replica));
            for (id, volume) in stale {
                volume.rest(self.settled);
                let mut pods = cluster.pods.iter();
                volume.written =
                    pods.any(|it| it.ready && it.replica == id.replica && it.node == volume.bound);
                if volume.written {
                    volume.outdate();
                }
            }
        }
    }

    pub(super) fn copy(
        &mut self,
        id: &ClusterId,
        what: &VolumeRef,
        from: &NodeId,
        to: &NodeId,
    ) -> Result<()> {
        let room = self.room_for_copies(id, to);
        self.cluster(id)?.may_copy(what, from, to, room)?;
        if from == to {
            return Ok(());
        }
        self.later(Due::Copy(Way::new(id, what, from, to)));
        Ok(())
    }

    /// What is free for copies on the disks of a machine.
    fn room_for_copies(&self, id: &ClusterId, node: &NodeId) -> Bytes {
        let disks = self.machines.get(node).map(|it| it.plan.disks.values().copied().sum());
        let volumes = self.clusters.get(id).into_iter().flat_map(|it| it.volumes.values());
        let taken = volumes.filter(|it| it.copies.contains_key(node)).map(|it| it.size).sum();
        disks.unwrap_or(Bytes(0)).minus(taken)
    }

    pub(super) fn compare(
        &mut self,
        id: &ClusterId,
        what: &VolumeRef,
        from: &NodeId,
        to: &NodeId,
    ) -> Result<()> {
        let cluster = self.cluster(id)?;
        let volume = cluster.volume(what)?;
        volume.copy_on(from).and(volume.copy_on(to))?;
        if cluster.is_written(what, from) || cluster.is_written(what, to) {
            return fail(ErrorKind::Refused, format!("compare {what} while it is written to"));
        }
        self.later(Due::Compare(Way::new(id, what, from, to)));
        Ok(())
    }

    pub(super) fn bind(&mut self, id: &ClusterId, what: &VolumeRef, to: &NodeId) -> Result<()> {
        let settled = self.settled;
        let cluster = self.cluster(id)?;
        let runs = cluster.pods.iter().any(|it| it.replica == what.replica);
        let volume = cluster.at_rest(what, settled)?;
        let copy = volume.copy_on(to)?;
        if volume.bound == *to {
            return Ok(());
        }
        if runs || copy.state != CopyState::Compared {
            return fail(ErrorKind::Refused, format!("use the copy of {what} on {to}"));
        }
        volume.bound = to.clone();
        Ok(())
    }
}

impl ClusterRoom {
    pub(super) fn finish_copy(&mut self, way: &Way, settled: u64) {
        let Way { volume: what, from, to, .. } = way;
        if self.is_written(what, to) {
            return;
        }
        let state = if self.is_written(what, from) { CopyState::Hot } else { CopyState::Cold };
        let Ok(volume) = self.at_rest(what, settled) else { return };
        let Some(data) = volume.copies.get(from).map(|it| it.data) else { return };
        let have = volume.copies.get(to);
        if have.is_none_or(|it| it.data != data || it.state < state) {
            volume.copies.insert(to.clone(), Copy { data, state });
        }
    }

    pub(super) fn finish_compare(&mut self, way: &Way, settled: u64) {
        let Way { volume: what, from, to, .. } = way;
        let written = self.is_written(what, from) || self.is_written(what, to);
        let Ok(volume) = self.at_rest(what, settled) else { return };
        let Some(data) = volume.copies.get(from).map(|it| it.data) else { return };
        if let Some(it) = volume.copies.get_mut(to)
            && !written
            && it.state != CopyState::Hot
            && it.data == data
        {
            it.state = CopyState::Compared;
        }
    }
}
