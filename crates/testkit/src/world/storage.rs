//! The handle of a storage pool.

use super::World;
use super::due::{Arrival, Due};
use super::room::{Room, fail};
use super::zfs::{Dataset, PoolRoom};
use async_trait::async_trait;
use rackberry_core::{
    DatasetId, DatasetState, ErrorKind, PoolId, PoolSpec, Replicate, Result, Share, Snapshot,
    Storage, StorageState,
};
use std::collections::BTreeSet;

/// The properties that a dataset has; those with a colon in their name are the user's own.
const PROPERTIES: [&str; 6] =
    ["atime", "compression", "mountpoint", "quota", "recordsize", "reservation"];

impl Room {
    fn create_dataset(&mut self, id: &PoolId, dataset: &DatasetId) -> Result<()> {
        let guid = self.identity();
        let pool = self.sound_pool(id)?;
        let inside = dataset.as_str().strip_prefix(id.as_str());
        if !inside.is_some_and(|it| it.is_empty() || it.starts_with('/') && it.len() > 1) {
            return fail(ErrorKind::Invalid, format!("create {dataset} in {id}"));
        }
        let state = DatasetState { guid, ..DatasetState::default() };
        pool.datasets.entry(dataset.clone()).or_insert(Dataset { state, ..Dataset::default() });
        Ok(())
    }

    fn snapshot(&mut self, id: &PoolId, dataset: &DatasetId, name: String) -> Result<()> {
        let guid = self.identity();
        let it = self.pool(id)?.dataset(dataset)?;
        if it.state.snapshots.iter().all(|it| it.name != name) {
            it.state.snapshots.push(Snapshot { name, guid });
            it.kept.insert(guid, it.content);
        }
        Ok(())
    }

    fn destroy_dataset(&mut self, id: &PoolId, dataset: &DatasetId, guid: u64) -> Result<()> {
        let pool = self.pool(id)?;
        let found = pool.datasets.get(dataset).filter(|it| it.state.guid == guid);
        let Some(it) = found else { return Ok(()) };
        let below = format!("{dataset}/");
        let parent = pool.datasets.keys().any(|it| it.as_str().starts_with(&below));
        if parent || !it.state.clients.is_empty() || dataset.as_str() == id.as_str() {
            return fail(ErrorKind::Refused, format!("destroy {dataset} while it is used"));
        }
        pool.datasets.remove(dataset);
        Ok(())
    }

    fn scrub(&mut self, id: &PoolId) -> Result<()> {
        let pool = self.sound_pool(id)?;
        if pool.rebuilds() {
            return fail(ErrorKind::Refused, format!("scrub {id} while a disk is rebuilt"));
        }
        if std::mem::replace(&mut pool.scrubs, true) {
            return Ok(());
        }
        // Reading everything takes longer than obeying.
        self.after(2 * self.latency, Due::Scrub(id.clone()));
        Ok(())
    }

    fn send(
        &mut self,
        id: &PoolId,
        dataset: &DatasetId,
        snapshot: &Snapshot,
        target: PoolId,
    ) -> Result<()> {
        let size = self.pool(id)?.dataset(dataset)?.kept_by(snapshot)?;
        let inside = dataset.as_str().strip_prefix(id.as_str()).unwrap_or_default();
        let to = DatasetId::new(format!("{target}{inside}"));
        let Some(room) = self.room_on(&target) else {
            return fail(ErrorKind::NotFound, format!("find the pool {target}"));
        };
        let pool = self.sound_pool(&target)?;
        if pool.datasets.get(&to).is_some_and(|it| it.has(snapshot).is_ok()) {
            return Ok(());
        }
        if size > room.0 {
            return fail(ErrorKind::Refused, format!("find room for {dataset} in {target}"));
        }
        let (guid, snapshot) = (self.identity(), snapshot.clone());
        self.later(Due::Receive(Arrival { pool: target, to, guid, snapshot, size }));
        Ok(())
    }
}

impl PoolRoom {
    pub(super) fn receive(&mut self, arrival: Arrival) {
        let Arrival { pool: _, to, guid, snapshot, size } = arrival;
        let state = DatasetState { guid, ..DatasetState::default() };
        let made = Dataset { state, ..Dataset::default() };
        let it = self.datasets.entry(to).or_insert(made);
        if it.has(&snapshot).is_err() {
            it.kept.insert(snapshot.guid, size);
            it.state.snapshots.push(snapshot);
            it.content = size;
        }
    }
}

impl Dataset {
    /// How many bytes a snapshot holds.
    fn kept_by(&self, snapshot: &Snapshot) -> Result<u64> {
        self.has(snapshot)?;
        Ok(self.kept.get(&snapshot.guid).copied().unwrap_or(0))
    }

    fn roll_back(&mut self, snapshot: &Snapshot) -> Result<()> {
        self.has(snapshot)?;
        if self.state.snapshots.last() != Some(snapshot) {
            return fail(ErrorKind::Refused, format!("roll back beyond {}", snapshot.name));
        }
        self.content = self.kept.get(&snapshot.guid).copied().unwrap_or(self.content);
        Ok(())
    }

    fn forget(&mut self, snapshot: &Snapshot) {
        if self.has(snapshot).is_ok() {
            self.state.snapshots.retain(|it| it != snapshot);
            self.kept.remove(&snapshot.guid);
        }
    }
}

/// A storage pool, seen from the controller.
#[derive(Clone, Debug)]
pub(super) struct SimStorage {
    pub(super) world: World,
    pub(super) pool: PoolId,
}

impl SimStorage {
    fn call<T>(
        &self,
        doing: &str,
        act: impl FnOnce(&mut Room, &PoolId) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let pool = self.pool.clone();
        self.world.call(doing, move |room| act(room, &pool))
    }

    fn dataset(
        &self,
        doing: &str,
        dataset: &DatasetId,
        act: impl FnOnce(&mut Dataset) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let dataset = dataset.clone();
        self.call(doing, move |room, id| act(room.pool(id)?.dataset(&dataset)?))
    }
}

#[async_trait]
impl Storage for SimStorage {
    async fn observe(&self) -> Result<StorageState> {
        self.call("observe the pool", |room, id| room.storage_state(id))
    }

    async fn create_pool(&self, spec: &PoolSpec) -> Result<()> {
        let spec = spec.clone();
        self.call("make the pool", move |room, id| room.create_pool(id, &spec))
    }

    async fn create(&self, dataset: &DatasetId) -> Result<()> {
        let dataset = dataset.clone();
        self.call("create a dataset", move |room, id| room.create_dataset(id, &dataset))
    }

    async fn set(&self, dataset: &DatasetId, property: &str, value: &str) -> Result<()> {
        let (property, value) = (property.to_owned(), value.to_owned());
        self.dataset("set a property", dataset, move |it| {
            if !property.contains(':') && !PROPERTIES.contains(&property.as_str()) {
                return fail(ErrorKind::Invalid, format!("set the property {property}"));
            }
            it.state.properties.insert(property, value);
            Ok(())
        })
    }

    async fn snapshot(&self, dataset: &DatasetId, name: &str) -> Result<()> {
        let (dataset, name) = (dataset.clone(), name.to_owned());
        self.call("take a snapshot", move |room, id| room.snapshot(id, &dataset, name))
    }

    async fn roll_back(&self, dataset: &DatasetId, snapshot: &Snapshot) -> Result<()> {
        let snapshot = snapshot.clone();
        self.dataset("roll a dataset back", dataset, move |it| it.roll_back(&snapshot))
    }

    async fn destroy_snapshot(&self, dataset: &DatasetId, snapshot: &Snapshot) -> Result<()> {
        let (dataset, snapshot) = (dataset.clone(), snapshot.clone());
        self.call("destroy a snapshot", move |room, id| {
            if let Some(it) = room.pool(id)?.datasets.get_mut(&dataset) {
                it.forget(&snapshot);
            }
            Ok(())
        })
    }

    async fn destroy(&self, dataset: &DatasetId, guid: u64) -> Result<()> {
        let dataset = dataset.clone();
        self.call("destroy a dataset", move |room, id| room.destroy_dataset(id, &dataset, guid))
    }

    async fn scrub(&self) -> Result<()> {
        self.call("scrub the pool", |room, id| room.scrub(id))
    }

    fn replicate(&self) -> Option<&dyn Replicate> {
        Some(self)
    }

    fn share(&self) -> Option<&dyn Share> {
        Some(self)
    }
}

#[async_trait]
impl Replicate for SimStorage {
    async fn send(&self, dataset: &DatasetId, snapshot: &Snapshot, target: &str) -> Result<()> {
        let (dataset, snapshot, target) = (dataset.clone(), snapshot.clone(), PoolId::new(target));
        self.call("send a snapshot", move |room, id| room.send(id, &dataset, &snapshot, target))
    }
}

#[async_trait]
impl Share for SimStorage {
    async fn set_clients(&self, dataset: &DatasetId, clients: &BTreeSet<String>) -> Result<()> {
        let clients = clients.clone();
        self.dataset("share a dataset", dataset, move |it| {
            it.state.clients = clients;
            Ok(())
        })
    }
}
