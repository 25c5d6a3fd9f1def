//! Storage pools: their disks, datasets and snapshots.

use super::due::Due;
use super::room::{Room, fail};
use crate::PoolPlan;
use rackberry_core::{
    Bytes, DatasetId, DatasetState, DiskId, Error, ErrorKind, Health, Layout, NodeId, PoolId,
    PoolSpec, PoolState, Result, Snapshot, StorageState,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A pool as it is, made or not.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct PoolRoom {
    pub(super) plan: PoolPlan,
    pub(super) made: usize,
    guid: u64,
    capacity: Bytes,
    broken: BTreeSet<DiskId>,
    rebuilt: BTreeSet<DiskId>,
    pub(super) scrubs: bool,
    pub(super) datasets: BTreeMap<DatasetId, Dataset>,
}

/// A dataset as it is: what it says, how many bytes it holds, and how many its snapshots do.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Dataset {
    pub(super) state: DatasetState,
    pub(super) content: u64,
    pub(super) kept: BTreeMap<u64, u64>,
}

impl PoolRoom {
    pub(super) fn new(plan: PoolPlan) -> Self {
        Self {
            made: usize::from(plan.made.is_some()),
            plan,
            guid: 0,
            capacity: Bytes(0),
            broken: BTreeSet::new(),
            rebuilt: BTreeSet::new(),
            scrubs: false,
            datasets: BTreeMap::new(),
        }
    }

    fn health(&self) -> Health {
        let gone = self.broken.len() + self.rebuilt.len();
        let spare = self.plan.made.as_ref().map_or(0, |it| it.layout.spare_disks(it.disks.len()));
        match gone {
            0 => Health::Online,
            _ if gone <= spare => Health::Degraded,
            _ => Health::Faulted,
        }
    }

    /// The pool, if it was made and can be read.
    fn sound(&mut self) -> Result<&mut Self> {
        if self.plan.made.is_none() {
            return fail(ErrorKind::NotFound, format!("find the pool {}", self.plan.id));
        }
        match self.health() {
            Health::Online | Health::Degraded => Ok(self),
            Health::Faulted => {
                fail(ErrorKind::Refused, format!("use the broken pool {}", self.plan.id))
            }
        }
    }

    pub(super) fn dataset(&mut self, id: &DatasetId) -> Result<&mut Dataset> {
        let none = || Error::not_found(format!("find the dataset {id}"));
        self.sound()?.datasets.get_mut(id).ok_or_else(none)
    }

    pub(super) fn rebuilds(&self) -> bool {
        !self.rebuilt.is_empty()
    }

    fn holds(&self) -> Bytes {
        let held = |it: &Dataset| it.kept.values().copied().fold(it.content, u64::saturating_add);
        Bytes(self.datasets.values().map(held).fold(0, u64::saturating_add))
    }
}

impl Dataset {
    pub(super) fn has(&self, snapshot: &Snapshot) -> Result<()> {
        match self.state.snapshots.contains(snapshot) {
            true => Ok(()),
            false => fail(ErrorKind::NotFound, format!("find the snapshot {}", snapshot.name)),
        }
    }
}

impl Room {
    /// A pool whose machine answers.
    pub(super) fn pool(&mut self, id: &PoolId) -> Result<&mut PoolRoom> {
        let machine = self.pools.get(id).map(|it| it.plan.machine.clone());
        let answers = machine.is_some_and(|it| self.answers(&it));
        let silent = || Error::new(ErrorKind::Unreachable, format!("reach the pool {id}"));
        self.pools.get_mut(id).filter(|_| answers).ok_or_else(silent)
    }

    /// A pool that was made, can be read, and whose machine answers.
    pub(super) fn sound_pool(&mut self, id: &PoolId) -> Result<&mut PoolRoom> {
        self.pool(id)?.sound()
    }

    /// What fits into a pool; none where it was not made.
    pub(super) fn room_on(&self, id: &PoolId) -> Option<Bytes> {
        let pool = self.pools.get(id).filter(|it| it.plan.made.is_some())?;
        Some(pool.capacity.minus(pool.holds()).minus(self.virtual_disks(id)))
    }

    pub(super) fn storage_state(&mut self, id: &PoolId) -> Result<StorageState> {
        let disks = self.virtual_disks(id);
        let pool = self.pool(id)?;
        if pool.plan.made.is_none() {
            return Ok(StorageState::default());
        }
        let state = PoolState {
            guid: pool.guid,
            health: pool.health(),
            capacity: pool.capacity,
            used: pool.holds().plus(disks),
            scrubs: pool.scrubs,
            errors: 0,
        };
        let datasets = pool.datasets.iter().map(|(id, it)| (id.clone(), it.state.clone()));
        Ok(StorageState { pool: Some(state), datasets: datasets.collect() })
    }

    pub(super) fn create_pool(&mut self, id: &PoolId, spec: &PoolSpec) -> Result<()> {
        let pool = self.pool(id)?;
        if pool.plan.made.is_some() {
            return Ok(());
        }
        let machine = pool.plan.machine.clone();
        self.are_free(&machine, spec)?;
        let pool = self.pool(id)?;
        pool.plan.made = Some(spec.clone());
        pool.made += 1;
        self.name_pool(id);
        Ok(())
    }

    /// Whether a pool can be made of these disks of a machine.
    fn are_free(&self, machine: &NodeId, spec: &PoolSpec) -> Result<()> {
        let disks: BTreeSet<_> = spec.disks.iter().collect();
        if disks.len() != spec.disks.len() || disks.len() < spec.layout.fewest_disks() {
            return fail(ErrorKind::Invalid, format!("make a pool of {} disks", disks.len()));
        }
        let there = self.machines.get(machine).map(|it| &it.plan.disks);
        if !disks.iter().all(|it| there.is_some_and(|there| there.contains_key(*it))) {
            return fail(ErrorKind::NotFound, format!("find the disks on {machine}"));
        }
        let mut others = self.pools.values().filter(|it| it.plan.machine == *machine);
        match others.any(|it| it.uses_one_of(&disks)) {
            true => fail(ErrorKind::Refused, format!("take disks of another pool on {machine}")),
            false => Ok(()),
        }
    }

    /// Gives a pool that was just made its identity, its size and its first dataset.
    fn name_pool(&mut self, id: &PoolId) {
        let (guid, root) = (self.identity(), self.identity());
        let Some(pool) = self.pools.get_mut(id) else { return };
        let Some(spec) = &pool.plan.made else { return };
        let there = self.machines.get(&pool.plan.machine).map(|it| &it.plan.disks);
        let size = |it: &DiskId| there.and_then(|all| all.get(it)).copied().unwrap_or_default();
        pool.capacity = capacity(spec, size);
        pool.guid = guid;
        let state = DatasetState { guid: root, ..DatasetState::default() };
        pool.datasets.insert(DatasetId::new(id.as_str()), Dataset { state, ..Dataset::default() });
    }

    /// Gives what the blueprint has the identities that it would have got when it was made.
    pub(super) fn name_what_was_made(&mut self) {
        self.name_guests();
        let made = self.pools.values().filter(|it| it.plan.made.is_some());
        for id in made.map(|it| it.plan.id.clone()).collect::<Vec<_>>() {
            self.name_pool(&id);
        }
    }

    pub(super) fn write(&mut self, pool: &PoolId, dataset: &DatasetId, bytes: u64) -> bool {
        let found = self.pools.get_mut(pool).map(|it| it.dataset(dataset));
        let Some(Ok(dataset)) = found else { return false };
        dataset.content = bytes;
        true
    }

    pub(super) fn content(&mut self, pool: &PoolId, dataset: &DatasetId) -> Option<u64> {
        self.pools.get_mut(pool)?.dataset(dataset).ok().map(|it| it.content)
    }

    pub(super) fn break_disk(&mut self, node: &NodeId, disk: &DiskId) {
        for pool in self.pools.values_mut().filter(|it| it.plan.machine == *node) {
            if pool.uses_one_of(&[disk].into()) {
                pool.rebuilt.remove(disk);
                pool.broken.insert(disk.clone());
            }
        }
    }

    pub(super) fn replace_disk(&mut self, node: &NodeId, disk: &DiskId) {
        for pool in self.pools.values_mut().filter(|it| it.plan.machine == *node) {
            // A pool that lost too many disks has nothing to rebuild from.
            if pool.health() == Health::Degraded && pool.broken.remove(disk) {
                pool.rebuilt.insert(disk.clone());
            }
        }
        self.later(Due::Rebuild { node: node.clone(), disk: disk.clone() });
    }

    pub(super) fn finish_rebuild(&mut self, node: &NodeId, disk: &DiskId) {
        for pool in self.pools.values_mut().filter(|it| it.plan.machine == *node) {
            pool.rebuilt.remove(disk);
        }
    }
}

impl PoolRoom {
    fn uses_one_of(&self, disks: &BTreeSet<&DiskId>) -> bool {
        self.plan.made.as_ref().is_some_and(|it| it.disks.iter().any(|it| disks.contains(it)))
    }
}

/// What a pool of these disks holds: as much of each as the smallest has, less what stands in for others.
fn capacity(spec: &PoolSpec, size: impl Fn(&DiskId) -> Bytes) -> Bytes {
    let count = spec.disks.len();
    let smallest = spec.disks.iter().map(&size).min().unwrap_or_default();
    match spec.layout {
        Layout::Stripe => spec.disks.iter().map(size).sum(),
        Layout::Mirror | Layout::Raidz1 | Layout::Raidz2 | Layout::Raidz3 => {
            let full = count.saturating_sub(spec.layout.spare_disks(count));
            Bytes(smallest.0.saturating_mul(full as u64))
        }
    }
}
