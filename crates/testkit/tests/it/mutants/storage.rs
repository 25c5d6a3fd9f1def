use super::Sin;
use crate::room;
use async_trait::async_trait;
use rackberry_core::{
    DatasetId, PoolId, PoolSpec, Replicate, Result, Share, Snapshot, Storage, StorageState,
};
use rackberry_testkit::each_law;
use std::collections::BTreeSet;
use std::sync::Arc;

#[derive(Debug)]
pub(super) struct Broken(Arc<dyn Storage>, Sin);

fn broken(law: &'static str) -> Broken {
    Broken(room::world().storage(&PoolId::new("tank")), Sin::new(law))
}

fn unmade(law: &'static str) -> Broken {
    Broken(room::world().storage(&PoolId::new("new")), Sin::new(law))
}

fn rebuilding(law: &'static str) -> Broken {
    Broken(room::rebuilding().storage(&PoolId::new("tank")), Sin::new(law))
}

impl Broken {
    pub(super) fn new(whole: Arc<dyn Storage>, law: &'static str) -> Self {
        Self(whole, Sin::new(law))
    }

    fn or_fine(&self, laws: &[&str], answer: Result<()>) -> Result<()> {
        if laws.iter().any(|it| self.1.is(it)) { Ok(()) } else { answer }
    }

    /// The snapshot of that name, whatever its identity.
    async fn named(&self, dataset: &DatasetId, snapshot: &Snapshot) -> Result<Snapshot> {
        let state = self.0.observe().await?.datasets.remove(dataset).unwrap_or_default();
        let found = state.snapshots.into_iter().find(|it| it.name == snapshot.name);
        Ok(found.unwrap_or_else(|| snapshot.clone()))
    }

    async fn real(&self, dataset: &DatasetId) -> Result<Option<u64>> {
        Ok(self.0.observe().await?.datasets.get(dataset).map(|it| it.guid))
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl Storage for Broken {
    async fn observe(&self) -> Result<StorageState> {
        let mut state = self.0.observe().await?;
        let restless = ["storage_reads_are_stable", "storage_pool_is_made_once", "pool_is_made"];
        if let Some(pool) = state.pool.as_mut().filter(|_| restless.iter().any(|it| self.1.is(it)))
        {
            pool.guid = 1000 + self.1.count();
        }
        if self.1.is("storage_created_again_has_another_guid") {
            state.datasets.values_mut().for_each(|it| it.guid = 7);
        }
        if self.1.is("pool_reads_as_none") {
            state.datasets.insert(DatasetId::new("new"), Default::default());
        }
        Ok(state)
    }

    async fn create_pool(&self, spec: &PoolSpec) -> Result<()> {
        let answer = self.0.create_pool(spec).await;
        let careless = [
            "pool_of_absent_disks_is_not_found",
            "pool_of_too_few_disks_is_invalid",
            "pool_of_taken_disks_is_refused",
        ];
        self.or_fine(&careless, answer)
    }

    async fn create(&self, dataset: &DatasetId) -> Result<()> {
        if self.1.is("storage_create_is_absolute")
            && let Some(guid) = self.real(dataset).await?
        {
            self.0.destroy(dataset, guid).await?;
        }
        let answer = self.0.create(dataset).await;
        self.or_fine(&["pool_has_no_datasets_before"], answer)
    }

    async fn set(&self, dataset: &DatasetId, property: &str, value: &str) -> Result<()> {
        if self.1.is("storage_set_is_absolute") {
            return Ok(());
        }
        let answer = self.0.set(dataset, property, value).await;
        self.or_fine(&["storage_bad_property_is_invalid"], answer)
    }

    async fn snapshot(&self, dataset: &DatasetId, name: &str) -> Result<()> {
        let forgetful = self.1.is("storage_snapshots_keep_their_first_content");
        if forgetful || self.1.is("pools_roll_back_brings_the_first_content_back") {
            let wanted = Snapshot { name: name.into(), guid: 0 };
            let found = self.named(dataset, &wanted).await?;
            self.0.destroy_snapshot(dataset, &found).await?;
        }
        let answer = self.0.snapshot(dataset, name).await;
        self.or_fine(&["storage_absent_dataset_is_not_found"], answer)
    }

    async fn roll_back(&self, dataset: &DatasetId, snapshot: &Snapshot) -> Result<()> {
        if self.1.is("storage_roll_back_to_the_last") {
            self.0.roll_back(dataset, snapshot).await?;
            return self.0.destroy_snapshot(dataset, snapshot).await;
        }
        let answer = self.0.roll_back(dataset, snapshot).await;
        let careless = [
            "storage_roll_back_beyond_the_last_is_refused",
            "storage_roll_back_to_absent_is_not_found",
        ];
        self.or_fine(&careless, answer)
    }

    async fn destroy_snapshot(&self, dataset: &DatasetId, snapshot: &Snapshot) -> Result<()> {
        match self.1.is("storage_destroy_snapshot_is_exact") {
            true => self.0.destroy_snapshot(dataset, &self.named(dataset, snapshot).await?).await,
            false => self.0.destroy_snapshot(dataset, snapshot).await,
        }
    }

    async fn destroy(&self, dataset: &DatasetId, guid: u64) -> Result<()> {
        let careless = self.1.is("storage_destroy_is_exact")
            || self.1.is("storage_created_again_has_another_guid");
        let real = self.real(dataset).await?.filter(|_| careless);
        let answer = self.0.destroy(dataset, real.unwrap_or(guid)).await;
        let careless =
            ["storage_destroy_is_refused_while_shared", "storage_destroy_is_refused_above_others"];
        self.or_fine(&careless, answer)
    }

    async fn scrub(&self) -> Result<()> {
        if self.1.is("storage_scrub_begins_and_ends") {
            return Ok(());
        }
        let answer = self.0.scrub().await;
        self.or_fine(&["rebuilding_scrub_is_refused"], answer)
    }

    fn replicate(&self) -> Option<&dyn Replicate> {
        Some(self)
    }

    fn share(&self) -> Option<&dyn Share> {
        Some(self)
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl Replicate for Broken {
    async fn send(&self, dataset: &DatasetId, snapshot: &Snapshot, target: &str) -> Result<()> {
        if self.1.is("pools_send_brings_the_snapshot") {
            return Ok(());
        }
        let answer = self.0.replicate().unwrap().send(dataset, snapshot, target).await;
        if self.1.is("storage_send_arrives_once") {
            self.0.destroy_snapshot(dataset, snapshot).await?;
        }
        let careless =
            ["storage_send_of_absent_is_not_found", "pools_send_without_room_is_refused"];
        self.or_fine(&careless, answer)
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl Share for Broken {
    async fn set_clients(&self, dataset: &DatasetId, clients: &BTreeSet<String>) -> Result<()> {
        let mut clients = clients.clone();
        if self.1.is("storage_share_is_absolute") {
            let state = self.0.observe().await?.datasets.remove(dataset).unwrap_or_default();
            clients.extend(state.clients);
        }
        self.0.share().unwrap().set_clients(dataset, &clients).await
    }
}

each_law!(rebuilding => [caught] rebuilding, room::tank());
each_law!(storage => [caught] broken, room::tank());
each_law!(pool => [caught] unmade, room::disks());
