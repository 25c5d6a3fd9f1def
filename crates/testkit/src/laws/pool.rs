use super::storage::read;
use super::{Patience, Verdict, kind, until};
use rackberry_core::{
    DatasetId, DiskId, ErrorKind, Health, Layout, PoolSpec, Storage, StorageState,
};

/// A pool that is not made, and the disks for it.
#[derive(Clone, Debug)]
pub struct Disks {
    /// What it can be made of.
    pub spec: PoolSpec,
    /// A disk that belongs to another pool, if there is one.
    pub taken: Option<DiskId>,
    /// A disk that is not there.
    pub absent: DiskId,
    /// A dataset that could be created, were there a pool.
    pub dataset: DatasetId,
    /// How long it may take.
    pub patience: Patience,
}

async fn is_answered(storage: &dyn Storage, spec: &PoolSpec, wanted: ErrorKind) {
    assert_eq!(kind(storage.create_pool(spec).await), wanted);
    assert_eq!(read(storage).await.pool, None);
}

/// Before it is made, a pool reads as none.
pub async fn pool_reads_as_none(storage: &dyn Storage, _: &Disks) -> Verdict {
    assert_eq!(read(storage).await, StorageState::default());
    Verdict::Holds
}

/// Before the pool is made, there is nothing to create a dataset in, nor to scrub.
pub async fn pool_has_no_datasets_before(storage: &dyn Storage, with: &Disks) -> Verdict {
    assert_eq!(kind(storage.create(&with.dataset).await), ErrorKind::NotFound);
    assert_eq!(kind(storage.scrub().await), ErrorKind::NotFound);
    Verdict::Holds
}

/// Disks that are not there make no pool.
pub async fn pool_of_absent_disks_is_not_found(storage: &dyn Storage, with: &Disks) -> Verdict {
    let spec = PoolSpec { layout: Layout::Stripe, disks: vec![with.absent.clone()] };
    is_answered(storage, &spec, ErrorKind::NotFound).await;
    Verdict::Holds
}

/// Too few disks for a layout make no pool.
pub async fn pool_of_too_few_disks_is_invalid(storage: &dyn Storage, with: &Disks) -> Verdict {
    let disks = with.spec.disks.iter().take(1).cloned().collect();
    let spec = PoolSpec { layout: Layout::Raidz2, disks };
    is_answered(storage, &spec, ErrorKind::Invalid).await;
    Verdict::Holds
}

/// A disk of another pool is not taken from it.
pub async fn pool_of_taken_disks_is_refused(storage: &dyn Storage, with: &Disks) -> Verdict {
    let Some(taken) = &with.taken else { return Verdict::Skipped("taken") };
    let spec = PoolSpec { layout: Layout::Stripe, disks: vec![taken.clone()] };
    is_answered(storage, &spec, ErrorKind::Refused).await;
    Verdict::Holds
}

/// A pool that is made is whole, and made again it is the same. The law does not unmake it.
pub async fn pool_is_made(storage: &dyn Storage, with: &Disks) -> Verdict {
    storage.create_pool(&with.spec).await.expect("disks that are free");
    until!(with.patience, "the pool", read(storage).await.pool.is_some());
    let made = read(storage).await.pool.expect("the pool");
    assert_eq!(made.health, Health::Online);
    assert!(made.used <= made.capacity && made.capacity.0 > 0, "a pool that holds something");
    storage.create_pool(&with.spec).await.expect("a pool that is made");
    assert_eq!(read(storage).await.pool.map(|it| it.guid), Some(made.guid));
    Verdict::Holds
}
