use super::{Sin, panics};
use crate::room::{self, id};
use async_trait::async_trait;
use rackberry_core::{
    BootId, Bytes, GuestSpec, GuestState, Guests, NodeConfig, NodeId, NodeOs, NodeState, Power,
    Result, Version,
};
use rackberry_testkit::{each_law, laws};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug)]
pub(super) struct Broken(Arc<dyn NodeOs>, Sin);

fn broken(law: &'static str) -> Broken {
    Broken(room::world().os(&id("h1")), Sin::new(law))
}

impl Broken {
    pub(super) fn new(whole: Arc<dyn NodeOs>, law: &'static str) -> Self {
        Self(whole, Sin::new(law))
    }

    fn inner(&self) -> &dyn Guests {
        self.0.guests().unwrap()
    }

    /// What is left behind of a guest.
    fn orphan(&self) -> GuestSpec {
        GuestSpec { guest: id("orphan"), ..room::house().spec }
    }

    async fn uid(&self, guest: &NodeId) -> Result<Option<String>> {
        Ok(self.inner().observe().await?.remove(guest).map(|it| it.uid))
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl NodeOs for Broken {
    async fn observe(&self) -> Result<NodeState> {
        self.0.observe().await
    }

    async fn configure(&self, config: &NodeConfig) -> Result<()> {
        self.0.configure(config).await
    }

    async fn upgrade(&self, version: &Version) -> Result<()> {
        self.0.upgrade(version).await
    }

    async fn reboot(&self, boot: &BootId) -> Result<()> {
        self.0.reboot(boot).await
    }

    async fn reset(&self, boot: &BootId) -> Result<()> {
        if self.1.is("keeper_reset_spares_other_disks") {
            self.inner().create(&self.orphan()).await?;
        }
        self.0.reset(boot).await
    }

    fn guests(&self) -> Option<&dyn Guests> {
        Some(self)
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl Guests for Broken {
    async fn observe(&self) -> Result<BTreeMap<NodeId, GuestState>> {
        let mut all = self.inner().observe().await?;
        if self.1.is(CORES_FOLLOW) {
            let cores = u16::try_from(self.1.noted()).unwrap();
            all.values_mut().for_each(|it| it.cores = cores);
        }
        if self.1.is("guests_made_again_have_another_uid") {
            all.iter_mut().for_each(|(id, it)| it.uid = id.to_string());
        }
        Ok(all)
    }

    async fn create(&self, spec: &GuestSpec) -> Result<()> {
        let mut spec = spec.clone();
        if self.1.is("guests_made_twice_stay_as_they_are")
            && let Some(uid) = self.uid(&spec.guest).await?
        {
            self.inner().destroy(&spec.guest, &uid).await?;
        }
        if self.1.is(CORES_FOLLOW) {
            self.1.note(u64::from(spec.cores));
        }
        if self.1.is("guests_without_memory_are_refused") {
            spec.memory = spec.memory.min(Bytes(1 << 30));
        }
        if self.1.is("guests_without_room_are_refused") {
            spec.disks.clear();
        }
        if self.1.is("guests_on_absent_pools_are_not_found") {
            spec.disks.values_mut().for_each(|it| it.pool = None);
        }
        self.inner().create(&spec).await?;
        match self.1.is("guests_are_made_switched_off") {
            true => self.inner().set_power(&spec.guest, Power::On).await,
            false => Ok(()),
        }
    }

    async fn set_power(&self, guest: &NodeId, power: Power) -> Result<()> {
        // It can only be switched on.
        let power = if self.1.is("guests_power_is_absolute") { Power::On } else { power };
        let answer = self.inner().set_power(guest, power).await;
        if self.1.is("guests_that_are_absent_are_not_found") { Ok(()) } else { answer }
    }

    async fn snapshot(&self, guest: &NodeId, name: &str) -> Result<()> {
        match self.1.is("guests_snapshots_keep_their_first_content") {
            true => self.inner().snapshot(guest, &format!("{name}{}", self.1.count())).await,
            false => self.inner().snapshot(guest, name).await,
        }
    }

    async fn roll_back(&self, guest: &NodeId, name: &str) -> Result<()> {
        if self.1.is("tenant_roll_back_brings_the_first_system_back") {
            return Ok(());
        }
        let answer = self.inner().roll_back(guest, name).await;
        if self.1.is("guests_absent_snapshot_is_not_found") { Ok(()) } else { answer }
    }

    async fn migrate(&self, guest: &NodeId, to: &NodeId) -> Result<()> {
        if self.1.is("guests_migrate_once") {
            return Ok(());
        }
        if self.1.is("hosts_migrate_carries_the_guest") {
            let uid = self.uid(guest).await?.unwrap_or_default();
            return self.inner().destroy(guest, &uid).await;
        }
        let answer = self.inner().migrate(guest, to).await;
        let careless = self.1.is("guests_migrate_to_absent_host_is_not_found")
            || self.1.is("guests_migrate_without_room_is_refused");
        if careless { Ok(()) } else { answer }
    }

    async fn destroy(&self, guest: &NodeId, uid: &str) -> Result<()> {
        if self.1.is("guests_destroy_is_refused_while_on") {
            self.inner().set_power(guest, Power::Off).await?;
        }
        let careless = self.1.is("guests_destroy_spares_another_uid")
            || self.1.is("guests_made_again_have_another_uid");
        let real = self.uid(guest).await?.filter(|_| careless);
        self.inner().destroy(guest, real.as_deref().unwrap_or(uid)).await?;
        match self.1.is("keeper_destroyed_guests_leave_no_disks") {
            true => self.inner().create(&self.orphan()).await,
            false => Ok(()),
        }
    }
}

/// Another way to break a law that was broken above.
const CORES_FOLLOW: &str = "a guest that is made again has the cores that were asked for last";

#[tokio::test]
async fn a_guest_that_changes_when_it_is_made_again_is_seen() {
    let law = async || {
        laws::guests_made_twice_stay_as_they_are(&broken(CORES_FOLLOW), &room::house()).await
    };
    assert!(panics(law()).await);
}

each_law!(guests => [caught] broken, room::house());
