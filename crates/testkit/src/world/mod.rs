//! One machine room, and one handle for each of its devices.

mod cluster;
mod control;
mod due;
mod guest;
mod install;
mod machine;
mod network;
mod node;
mod pod;
mod power;
mod room;
mod save;
mod storage;
mod switch;
mod volume;
mod zfs;

use crate::{Blueprint, Feed};
use due::{Due, Late};
use rackberry_core::{
    Cluster, ClusterId, DatasetId, DiskId, Error, ErrorKind, GuestPower, Milliwatts, NodeId,
    NodeOs, PoePower, PoolId, PowerCtl, Result, Storage, Switch, SwitchId,
};
use room::Room;
pub use save::BadWorld;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What happens to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The call never reaches the device, and is answered `Unreachable`.
    LostOrder,
    /// The device obeys, and its answer is lost: `Unreachable`.
    LostAnswer,
    /// The device declines, and changes nothing.
    Refused,
    /// The device does not obey, and answers what nobody understands: `Protocol`.
    Garbage,
    /// The answer is late, so it reads `Unreachable`; the device obeys some ticks later.
    Slow,
}

/// A machine room. Cloning it clones the handle, not the room.
#[derive(Clone)]
pub struct World(Arc<Mutex<Room>>);

impl fmt::Debug for World {
    /// Shows the handle only: a room holds tickets and configurations.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}

impl World {
    /// A room as `blueprint` says. Its machines are up, and its clusters formed, as far as power and
    /// cables let them.
    pub fn new(blueprint: Blueprint) -> Self {
        Self(Arc::new(Mutex::new(Room::new(blueprint))))
    }

    /// Makes the `call`th call from the start of the world go wrong; the first is 1.
    #[must_use]
    pub fn with_fault(self, call: usize, fault: Fault) -> Self {
        self.room().faults.insert(call, fault);
        self
    }

    /// Lets no further call go wrong.
    #[must_use]
    pub fn without_faults(self) -> Self {
        self.room().faults.clear();
        self
    }

    /// Lets `ticks` ticks pass between an order and its effect: one at least, which is where it begins. Zero means
    /// one: nothing takes effect before it is accepted.
    #[must_use]
    pub fn with_latency(self, ticks: u64) -> Self {
        self.room().set_latency(ticks.max(1));
        self
    }

    /// Lets time pass without a call.
    pub fn tick(&self, ticks: u64) {
        let mut room = self.room();
        (0..ticks).for_each(|_| room.pass());
    }

    /// The system of a machine. A machine that does not exist never answers.
    pub fn os(&self, node: &NodeId) -> Arc<dyn NodeOs> {
        let hypervisor =
            self.room().machines.get(node).is_some_and(|it| it.plan.hypervisor.is_some());
        Arc::new(node::SimOs::new(self.clone(), node.clone(), hypervisor))
    }

    /// What switches the power of a machine, if anything does: its switch port, or its host.
    pub fn power(&self, node: &NodeId) -> Option<Arc<dyn PowerCtl>> {
        let (jack, feed) = self
            .room()
            .machines
            .get(node)
            .map(|it| (it.plan.jack.clone(), it.plan.feed.clone()))?;
        match feed {
            Feed::Always => None,
            Feed::Poe(_) => {
                let jack = jack?;
                Some(Arc::new(PoePower { switch: self.switch(&jack.switch), port: jack.port }))
            }
            Feed::Guest { host, .. } => {
                Some(Arc::new(GuestPower { host: self.os(&host), guest: node.clone() }))
            }
        }
    }

    /// A switch. One that does not exist never answers.
    pub fn switch(&self, switch: &SwitchId) -> Arc<dyn Switch> {
        let feeds = self.room().switches.get(switch).is_some_and(|it| it.plan.budget.is_some());
        Arc::new(switch::SimSwitch::new(self.clone(), switch.clone(), feeds))
    }

    /// The control plane of a cluster. One that does not exist never answers.
    pub fn cluster(&self, cluster: &ClusterId) -> Arc<dyn Cluster> {
        Arc::new(control::SimCluster { world: self.clone(), cluster: cluster.clone() })
    }

    /// A storage pool. One that does not exist never answers.
    pub fn storage(&self, pool: &PoolId) -> Arc<dyn Storage> {
        Arc::new(storage::SimStorage { world: self.clone(), pool: pool.clone() })
    }

    /// Lets the clients of a dataset make it hold `bytes`, and nothing of what it held before. Says
    /// whether there is such a dataset to write to.
    pub fn write(&self, pool: &PoolId, dataset: &DatasetId, bytes: u64) -> bool {
        self.room().write(pool, dataset, bytes)
    }

    /// What a dataset holds, if it can be read.
    pub fn content(&self, pool: &PoolId, dataset: &DatasetId) -> Option<u64> {
        self.room().content(pool, dataset)
    }

    /// Breaks a disk: whatever is on it cannot be read.
    pub fn break_disk(&self, node: &NodeId, disk: &DiskId) {
        self.room().break_disk(node, disk);
    }

    /// Replaces a broken disk by a new one, which pools then rebuild.
    pub fn replace_disk(&self, node: &NodeId, disk: &DiskId) {
        self.room().replace_disk(node, disk);
    }

    /// Pulls the plug of a machine: it stays off until it is [plugged in again](Self::replug).
    pub fn unplug(&self, node: &NodeId) {
        self.room().unplug(node);
    }

    /// Plugs a machine in again: it boots as soon as something feeds it.
    pub fn replug(&self, node: &NodeId) {
        self.room().replug(node);
    }

    /// Whether the plug of a machine was pulled.
    pub fn is_unplugged(&self, node: &NodeId) -> bool {
        self.room().machines.get(node).is_some_and(|it| it.unplugged)
    }

    /// Breaks a switch for good: it feeds nobody, no frame passes it, and it never answers again.
    pub fn lose_switch(&self, switch: &SwitchId) {
        self.room().lose_switch(switch);
    }

    /// How many calls have been made.
    pub fn calls(&self) -> usize {
        self.room().calls
    }

    /// How often a cluster has begun.
    pub fn bootstraps(&self, cluster: &ClusterId) -> usize {
        self.room().clusters.get(cluster).map_or(0, |it| it.bootstraps)
    }

    /// How many orders to reboot a machine were carried out.
    pub fn reboots(&self, node: &NodeId) -> usize {
        self.room().machines.get(node).map_or(0, |it| it.reboots)
    }

    /// How often a pool was made.
    pub fn pools_made(&self, pool: &PoolId) -> usize {
        self.room().pools.get(pool).map_or(0, |it| it.made)
    }

    /// The most that the ports of a switch were ever asked for at once, before any was cut: above
    /// [`budget`](Self::budget), somebody lost power.
    pub fn peak(&self, switch: &SwitchId) -> Milliwatts {
        self.room().switches.get(switch).map_or(Milliwatts(0), |it| it.peak)
    }

    /// What the ports of a switch may deliver together.
    pub fn budget(&self, switch: &SwitchId) -> Option<Milliwatts> {
        self.room().switches.get(switch).and_then(|it| it.plan.budget)
    }

    /// The lowest number of ready voters that a cluster ever had since it began; none before.
    pub fn lowest_voters(&self, cluster: &ClusterId) -> Option<usize> {
        self.room().clusters.get(cluster).and_then(|it| it.lowest_voters)
    }

    /// How often a cluster had a majority of its voters and lost it.
    pub fn outages(&self, cluster: &ClusterId) -> usize {
        self.room().clusters.get(cluster).map_or(0, |it| it.outages)
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets one call pass, through the fault if it is its turn.
    fn call<T>(
        &self,
        doing: &str,
        act: impl FnOnce(&mut Room) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let mut room = self.room();
        room.calls += 1;
        room.pass();
        let number = room.calls;
        let fail = |kind| Err(Error::new(kind, doing));
        match room.faults.get(&number).copied() {
            None => room.act(act),
            Some(Fault::LostOrder) => fail(ErrorKind::Unreachable),
            Some(Fault::LostAnswer) => {
                drop(room.act(act));
                fail(ErrorKind::Unreachable)
            }
            Some(Fault::Refused) => fail(ErrorKind::Refused),
            Some(Fault::Garbage) => fail(ErrorKind::Protocol),
            Some(Fault::Slow) => {
                let late = room.latency + 1;
                room.after(late, Due::Call(Late(Box::new(|room| drop(act(room))))));
                fail(ErrorKind::Unreachable)
            }
        }
    }
}
