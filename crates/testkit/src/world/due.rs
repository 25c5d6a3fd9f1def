//! What is under way in a room: what will happen, as plain data.

use super::room::Room;
use rackberry_core::{BootId, ClusterId, DatasetId, DiskId, NodeId, PoolId, Snapshot, VolumeRef};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is under way: by the tick when it is due, and by when it was put off.
pub(super) type Queue = BTreeMap<(u64, u64), Due>;

/// Something that will happen.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) enum Due {
    /// The boot of a machine ends.
    ComeUp {
        node: NodeId,
        boots: u64,
    },
    /// What was begun in this boot of a machine is installed.
    Install {
        node: NodeId,
        boots: u64,
    },
    Reboot {
        node: NodeId,
        boot: BootId,
    },
    Reset {
        node: NodeId,
        boot: BootId,
    },
    /// The pods of a machine may be ready.
    LookAfter {
        cluster: ClusterId,
        node: NodeId,
    },
    Copy(Way),
    Compare(Way),
    Scrub(PoolId),
    Rebuild {
        node: NodeId,
        disk: DiskId,
    },
    Receive(Arrival),
    /// The order of a call whose answer was late.
    #[serde(skip)]
    Call(Late),
}

/// A volume on its way between machines.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Way {
    cluster: ClusterId,
    pub(super) volume: VolumeRef,
    pub(super) from: NodeId,
    pub(super) to: NodeId,
}

impl Way {
    pub(super) fn new(cluster: &ClusterId, volume: &VolumeRef, from: &NodeId, to: &NodeId) -> Self {
        let (cluster, volume) = (cluster.clone(), volume.clone());
        Self { cluster, volume, from: from.clone(), to: to.clone() }
    }
}

/// A snapshot on its way into a pool.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Arrival {
    pub(super) pool: PoolId,
    pub(super) to: DatasetId,
    /// The identity of the dataset, if it has to be made.
    pub(super) guid: u64,
    pub(super) snapshot: Snapshot,
    pub(super) size: u64,
}

/// An order that is obeyed late.
pub(super) struct Late(pub(super) Box<dyn FnOnce(&mut Room) + Send>);

impl Room {
    pub(super) fn carry_out(&mut self, due: Due) {
        match due {
            Due::ComeUp { node, boots } => self.come_up(&node, boots),
            Due::Install { node, boots } => self.finish_install(&node, boots),
            Due::Reboot { node, boot } => self.finish_reboot(&node, &boot),
            Due::Reset { node, boot } => self.finish_reset(&node, &boot),
            Due::LookAfter { cluster, node } => self.look_after(&cluster, node),
            Due::Copy(way) => {
                if let Some(it) = self.clusters.get_mut(&way.cluster) {
                    it.finish_copy(&way, self.settled);
                }
            }
            Due::Compare(way) => {
                if let Some(it) = self.clusters.get_mut(&way.cluster) {
                    it.finish_compare(&way, self.settled);
                }
            }
            Due::Scrub(pool) => {
                if let Some(it) = self.pools.get_mut(&pool) {
                    it.scrubs = false;
                }
            }
            Due::Rebuild { node, disk } => self.finish_rebuild(&node, &disk),
            Due::Receive(arrival) => {
                if let Ok(pool) = self.sound_pool(&arrival.pool) {
                    pool.receive(arrival);
                }
            }
            Due::Call(Late(act)) => act(self),
        }
    }
}

/// A queue as a list, since its keys are no text. What a late call keeps is left out.
pub(super) mod queue {
    use super::{Due, Queue};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(in crate::world) fn serialize<S: Serializer>(
        all: &Queue,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(all.iter().filter(|it| !matches!(it.1, Due::Call(_))))
    }

    pub(in crate::world) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Queue, D::Error> {
        Ok(Vec::deserialize(from)?.into_iter().collect())
    }
}
