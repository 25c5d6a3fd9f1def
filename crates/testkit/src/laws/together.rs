//! What only two devices together can show.

use super::guest::{destroy, make};
use super::node::{next, read, wipe_and_install};
use super::storage::{self, create, take};
use super::{House, Pool, Spare, Verdict, kind, until};
use rackberry_core::{
    Bytes, DatasetId, ErrorKind, GuestState, NodeId, NodeOs, PoolState, Snapshot, Storage,
};
use std::fmt::Debug;
use std::sync::Arc;

/// What the clients of a pool do with it, for the laws that look inside. A mount will do.
pub trait Files: Debug + Send + Sync {
    /// Makes a dataset hold `bytes`, and nothing of what it held before.
    fn write(&self, dataset: &DatasetId, bytes: u64);

    /// How many bytes a dataset holds.
    fn holds(&self, dataset: &DatasetId) -> u64;
}

/// A pool, its clients, and the pool that is the target of its [`Pool`].
#[derive(Clone, Debug)]
pub struct Pools {
    /// The pool that sends.
    pub here: Arc<dyn Storage>,
    /// The pool that receives.
    pub there: Arc<dyn Storage>,
    /// What is in the datasets of the first.
    pub files: Arc<dyn Files>,
}

/// A host, and the peer of its [`House`].
#[derive(Clone, Debug)]
pub struct Hosts {
    /// The host that has the guest at first.
    pub here: Arc<dyn NodeOs>,
    /// The host that takes it.
    pub there: Arc<dyn NodeOs>,
}

/// A guest, and the host that it runs on.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// The host.
    pub host: Arc<dyn NodeOs>,
    /// The name of the guest, which is on and has no snapshot `law`.
    pub guest: NodeId,
    /// Its system.
    pub os: Arc<dyn NodeOs>,
}

/// A machine, and a pool on disks of it that are not its system's.
#[derive(Clone, Debug)]
pub struct Keeper {
    /// The machine, which nobody needs and which may be installed anew.
    pub node: Arc<dyn NodeOs>,
    /// The pool.
    pub pool: Arc<dyn Storage>,
}

/// A snapshot that is sent is in the other pool. The law removes it there again.
pub async fn pools_send_brings_the_snapshot(pools: &Pools, with: &Pool) -> Verdict {
    let (Some(replicate), Some(target)) = (pools.here.replicate(), &with.target) else {
        return Verdict::Skipped("replicate");
    };
    let _ = create(&*pools.here, with).await;
    let taken = take(&*pools.here, with, "law").await;
    replicate.send(&with.dataset, &taken, target).await.expect("a target with room");
    let there = async || received(&*pools.there, &taken).await;
    until!(with.patience, "the snapshot in the other pool", there().await.is_some());
    let (dataset, guid) = there().await.expect("the dataset in the other pool");
    pools.there.destroy(&dataset, guid).await.expect("a dataset that nobody uses");
    storage::destroy(&*pools.here, with).await;
    Verdict::Holds
}

async fn received(pool: &dyn Storage, snapshot: &Snapshot) -> Option<(DatasetId, u64)> {
    let all = storage::read(pool).await.datasets;
    let mut found = all.into_iter().filter(|(_, it)| it.snapshots.contains(snapshot));
    found.next().map(|(id, it)| (id, it.guid))
}

/// What is larger than the room of a pool is not sent there.
pub async fn pools_send_without_room_is_refused(pools: &Pools, with: &Pool) -> Verdict {
    let (Some(replicate), Some((full, size))) = (pools.here.replicate(), &with.full) else {
        return Verdict::Skipped("full");
    };
    let _ = create(&*pools.here, with).await;
    pools.files.write(&with.dataset, size.0);
    let taken = take(&*pools.here, with, "law").await;
    let answer = replicate.send(&with.dataset, &taken, full).await;
    assert_eq!(kind(answer), ErrorKind::Refused);
    storage::destroy(&*pools.here, with).await;
    Verdict::Holds
}

/// A dataset that is rolled back holds what it held when the snapshot was first taken.
pub async fn pools_roll_back_brings_the_first_content_back(pools: &Pools, with: &Pool) -> Verdict {
    let _ = create(&*pools.here, with).await;
    pools.files.write(&with.dataset, 1);
    let taken = take(&*pools.here, with, "law").await;
    pools.files.write(&with.dataset, 2);
    pools.here.snapshot(&with.dataset, "law").await.expect("a snapshot that is taken");
    pools.here.roll_back(&with.dataset, &taken).await.expect("the last snapshot");
    until!(with.patience, "the first content", pools.files.holds(&with.dataset) == 1);
    storage::destroy(&*pools.here, with).await;
    Verdict::Holds
}

/// A guest that is moved is at the other host, as it was.
pub async fn hosts_migrate_carries_the_guest(hosts: &Hosts, with: &House) -> Verdict {
    let (Some(here), Some(there)) = (hosts.here.guests(), hosts.there.guests()) else {
        return Verdict::Skipped("guests");
    };
    let Some(peer) = &with.peer else { return Verdict::Skipped("peer") };
    let made = make(here, with).await;
    here.migrate(&with.spec.guest, peer).await.expect("a host with room");
    let seen = async || -> Option<GuestState> {
        there.observe().await.expect("a host that answers").remove(&with.spec.guest)
    };
    until!(with.patience, "the guest at the other host", seen().await.as_ref() == Some(&made));
    destroy(there, with).await;
    Verdict::Holds
}

/// A guest that is rolled back has the system that it had when the snapshot was first taken. The snapshot stays.
pub async fn tenant_roll_back_brings_the_first_system_back(
    tenant: &Tenant,
    with: &Spare,
) -> Verdict {
    let Some(guests) = tenant.host.guests() else { return Verdict::Skipped("guests") };
    let before = read(&*tenant.os).await.config;
    guests.snapshot(&tenant.guest, "law").await.expect("a guest that exists");
    tenant.os.configure(&with.other).await.expect("a configuration that can be used");
    let config = async || next(&*tenant.os, with).await.config;
    let other = Some(with.other.digest.clone());
    until!(with.patience, "the other configuration", config().await == other);
    guests.snapshot(&tenant.guest, "law").await.expect("a snapshot that is taken");
    guests.roll_back(&tenant.guest, "law").await.expect("a snapshot that was taken");
    until!(with.patience, "the configuration of before", config().await == before);
    Verdict::Holds
}

async fn pool(keeper: &Keeper) -> PoolState {
    storage::read(&*keeper.pool).await.pool.expect("a pool that is made")
}

/// A machine that is reset keeps what is on the disks that are not its system's.
pub async fn keeper_reset_spares_other_disks(keeper: &Keeper, with: &(Spare, House)) -> Verdict {
    let before = storage::read(&*keeper.pool).await;
    wipe_and_install(&*keeper.node, &with.0).await;
    assert_eq!(storage::read(&*keeper.pool).await, before);
    Verdict::Holds
}

/// A guest that is destroyed leaves the room of its disks to others.
pub async fn keeper_destroyed_guests_leave_no_disks(
    keeper: &Keeper,
    with: &(Spare, House),
) -> Verdict {
    let Some(guests) = keeper.node.guests() else { return Verdict::Skipped("guests") };
    let disks: Bytes = with.1.spec.disks.values().map(|it| it.size).sum();
    // Others may write a little meanwhile.
    let most = Bytes(pool(keeper).await.used.0 + disks.0 / 2);
    let _ = make(guests, &with.1).await;
    destroy(guests, &with.1).await;
    until!(with.1.patience, "the room of its disks", pool(keeper).await.used <= most);
    Verdict::Holds
}
