use super::{Patience, Verdict, kind, never, until};
use rackberry_core::{
    Bytes, DatasetId, DatasetState, ErrorKind, Health, PoolSpec, Snapshot, Storage, StorageState,
};
use std::collections::BTreeSet;

/// A pool that is made, and what the laws may do in it.
#[derive(Clone, Debug)]
pub struct Pool {
    /// What it was made of, or would be again.
    pub spec: PoolSpec,
    /// A dataset that can be created, and does not exist.
    pub dataset: DatasetId,
    /// A property of it, and two values.
    pub property: (String, [String; 2]),
    /// A property that there is not.
    pub absent: String,
    /// Another pool to send to, in the words of this one.
    pub target: Option<String>,
    /// One that has no room for so much, in the same words, if there is one.
    pub full: Option<(String, Bytes)>,
    /// How long it may take.
    pub patience: Patience,
}

pub(super) async fn read(storage: &dyn Storage) -> StorageState {
    storage.observe().await.expect("a pool that answers")
}

async fn seen(storage: &dyn Storage, with: &Pool) -> Option<DatasetState> {
    read(storage).await.datasets.remove(&with.dataset)
}

pub(super) async fn create(storage: &dyn Storage, with: &Pool) -> DatasetState {
    storage.create(&with.dataset).await.expect("a dataset that can be created");
    until!(with.patience, "the dataset", seen(storage, with).await.is_some());
    seen(storage, with).await.expect("the dataset")
}

pub(super) async fn destroy(storage: &dyn Storage, with: &Pool) {
    let Some(it) = seen(storage, with).await else { return };
    storage.destroy(&with.dataset, it.guid).await.expect("a dataset that nobody uses");
    until!(with.patience, "the dataset gone", seen(storage, with).await.is_none());
}

async fn snapshots(storage: &dyn Storage, with: &Pool) -> Vec<Snapshot> {
    seen(storage, with).await.map(|it| it.snapshots).unwrap_or_default()
}

pub(super) async fn take(storage: &dyn Storage, with: &Pool, name: &str) -> Snapshot {
    storage.snapshot(&with.dataset, name).await.expect("a dataset that exists");
    let find = async || snapshots(storage, with).await.into_iter().find(|it| it.name == name);
    until!(with.patience, "the snapshot", find().await.is_some());
    find().await.expect("the snapshot")
}

/// Reading twice reads the same.
pub async fn storage_reads_are_stable(storage: &dyn Storage, _: &Pool) -> Verdict {
    assert_eq!(read(storage).await, read(storage).await);
    Verdict::Holds
}

/// A pool that is made is not made again.
pub async fn storage_pool_is_made_once(storage: &dyn Storage, with: &Pool) -> Verdict {
    let guid = read(storage).await.pool.map(|it| it.guid);
    assert!(guid.is_some(), "a pool that is made");
    storage.create_pool(&with.spec).await.expect("a pool that is made");
    never!(with.patience, "a new pool", read(storage).await.pool.map(|it| it.guid) != guid);
    Verdict::Holds
}

/// A dataset that is created is there and empty; created again, it is the same.
pub async fn storage_create_is_absolute(storage: &dyn Storage, with: &Pool) -> Verdict {
    let made = create(storage, with).await;
    assert_eq!((made.snapshots.len(), made.clients.len()), (0, 0));
    assert_eq!(create(storage, with).await, made);
    destroy(storage, with).await;
    Verdict::Holds
}

/// A dataset that is created again under the same name is another one.
pub async fn storage_created_again_has_another_guid(storage: &dyn Storage, with: &Pool) -> Verdict {
    let first = create(storage, with).await.guid;
    destroy(storage, with).await;
    assert_ne!(create(storage, with).await.guid, first);
    destroy(storage, with).await;
    Verdict::Holds
}

/// A property is what was set last.
pub async fn storage_set_is_absolute(storage: &dyn Storage, with: &Pool) -> Verdict {
    let _ = create(storage, with).await;
    let (name, [first, second]) = &with.property;
    for value in [first, first, second] {
        storage.set(&with.dataset, name, value).await.expect("a property that there is");
        let is = async || seen(storage, with).await?.properties.remove(name);
        until!(with.patience, "the property", is().await.as_ref() == Some(value));
    }
    destroy(storage, with).await;
    Verdict::Holds
}

/// A property that there is not is refused, and nothing changes.
pub async fn storage_bad_property_is_invalid(storage: &dyn Storage, with: &Pool) -> Verdict {
    let made = create(storage, with).await;
    let answer = storage.set(&with.dataset, &with.absent, "on").await;
    assert_eq!(kind(answer), ErrorKind::Invalid);
    assert_eq!(seen(storage, with).await, Some(made));
    destroy(storage, with).await;
    Verdict::Holds
}

/// A dataset that does not exist can be neither set nor kept, rolled back or shared.
pub async fn storage_absent_dataset_is_not_found(storage: &dyn Storage, with: &Pool) -> Verdict {
    let (name, [value, _]) = &with.property;
    let answer = storage.set(&with.dataset, name, value).await;
    assert_eq!(kind(answer), ErrorKind::NotFound);
    assert_eq!(kind(storage.snapshot(&with.dataset, "law").await), ErrorKind::NotFound);
    let gone = Snapshot { name: "law".into(), guid: 0 };
    assert_eq!(kind(storage.roll_back(&with.dataset, &gone).await), ErrorKind::NotFound);
    storage.destroy(&with.dataset, 0).await.expect("a dataset that is gone");
    storage.destroy_snapshot(&with.dataset, &gone).await.expect("a snapshot that is gone");
    if let Some(share) = storage.share() {
        let answer = share.set_clients(&with.dataset, &BTreeSet::new()).await;
        assert_eq!(kind(answer), ErrorKind::NotFound);
    }
    Verdict::Holds
}

/// A snapshot is taken once under one name.
pub async fn storage_snapshots_keep_their_first_content(
    storage: &dyn Storage,
    with: &Pool,
) -> Verdict {
    let _ = create(storage, with).await;
    let first = take(storage, with, "law").await;
    storage.snapshot(&with.dataset, "law").await.expect("a snapshot that is taken");
    let changes = async || snapshots(storage, with).await != [first.clone()];
    never!(with.patience, "another snapshot", changes().await);
    destroy(storage, with).await;
    Verdict::Holds
}

/// A dataset can be rolled back to its last snapshot, which it keeps.
pub async fn storage_roll_back_to_the_last(storage: &dyn Storage, with: &Pool) -> Verdict {
    let _ = create(storage, with).await;
    let last = take(storage, with, "law").await;
    storage.roll_back(&with.dataset, &last).await.expect("the last snapshot");
    assert_eq!(snapshots(storage, with).await, [last]);
    destroy(storage, with).await;
    Verdict::Holds
}

/// A dataset is not rolled back beyond a later snapshot, which would be lost.
pub async fn storage_roll_back_beyond_the_last_is_refused(
    storage: &dyn Storage,
    with: &Pool,
) -> Verdict {
    let _ = create(storage, with).await;
    let first = take(storage, with, "law-1").await;
    let last = take(storage, with, "law-2").await;
    let answer = storage.roll_back(&with.dataset, &first).await;
    assert_eq!(kind(answer), ErrorKind::Refused);
    assert_eq!(snapshots(storage, with).await, [first, last]);
    destroy(storage, with).await;
    Verdict::Holds
}

/// A dataset is not rolled back to another snapshot of the same name.
pub async fn storage_roll_back_to_absent_is_not_found(
    storage: &dyn Storage,
    with: &Pool,
) -> Verdict {
    let _ = create(storage, with).await;
    let taken = take(storage, with, "law").await;
    let other = Snapshot { guid: !taken.guid, ..taken };
    let answer = storage.roll_back(&with.dataset, &other).await;
    assert_eq!(kind(answer), ErrorKind::NotFound);
    destroy(storage, with).await;
    Verdict::Holds
}

/// Exactly the snapshot that is named is destroyed.
pub async fn storage_destroy_snapshot_is_exact(storage: &dyn Storage, with: &Pool) -> Verdict {
    let _ = create(storage, with).await;
    let taken = take(storage, with, "law").await;
    let other = Snapshot { guid: !taken.guid, ..taken.clone() };
    storage.destroy_snapshot(&with.dataset, &other).await.expect("a snapshot that is gone");
    let there = async || !snapshots(storage, with).await.is_empty();
    never!(with.patience, "the snapshot gone", !there().await);
    for _ in 0..2 {
        storage.destroy_snapshot(&with.dataset, &taken).await.expect("a snapshot");
        until!(with.patience, "the snapshot gone", !there().await);
    }
    destroy(storage, with).await;
    Verdict::Holds
}

/// Exactly the dataset that is named is destroyed, with its snapshots.
pub async fn storage_destroy_is_exact(storage: &dyn Storage, with: &Pool) -> Verdict {
    let made = create(storage, with).await;
    let _ = take(storage, with, "law").await;
    storage.destroy(&with.dataset, !made.guid).await.expect("a dataset that is gone");
    let there = async || seen(storage, with).await.is_some();
    never!(with.patience, "the dataset gone", !there().await);
    for _ in 0..2 {
        storage.destroy(&with.dataset, made.guid).await.expect("a dataset");
        until!(with.patience, "the dataset gone", !there().await);
    }
    Verdict::Holds
}

/// A dataset that has others below it is not destroyed, and neither are they.
pub async fn storage_destroy_is_refused_above_others(
    storage: &dyn Storage,
    with: &Pool,
) -> Verdict {
    let made = create(storage, with).await;
    let dataset = DatasetId::new(format!("{}/law", with.dataset));
    let below = Pool { dataset, ..with.clone() };
    let kept = create(storage, &below).await;
    assert_eq!(kind(storage.destroy(&with.dataset, made.guid).await), ErrorKind::Refused);
    assert_eq!(seen(storage, &below).await, Some(kept));
    destroy(storage, &below).await;
    destroy(storage, with).await;
    Verdict::Holds
}

/// A pool that rebuilds a disk is not scrubbed.
pub async fn rebuilding_scrub_is_refused(storage: &dyn Storage, _: &Pool) -> Verdict {
    let seen = async || read(storage).await.pool.expect("a pool that is made");
    assert_eq!(seen().await.health, Health::Degraded);
    assert_eq!(kind(storage.scrub().await), ErrorKind::Refused);
    assert!(!seen().await.scrubs);
    Verdict::Holds
}

/// A scrub that is ordered begins and comes to its end; one that runs goes on.
pub async fn storage_scrub_begins_and_ends(storage: &dyn Storage, with: &Pool) -> Verdict {
    storage.scrub().await.expect("a pool that is whole");
    let scrubs = async || read(storage).await.pool.is_some_and(|it| it.scrubs);
    let begun = scrubs().await;
    storage.scrub().await.expect("a pool that is whole");
    assert!(begun || scrubs().await, "nothing is read");
    until!(with.patience, "the end of the scrub", !scrubs().await);
    Verdict::Holds
}

/// The clients of a dataset are exactly those that were named last.
pub async fn storage_share_is_absolute(storage: &dyn Storage, with: &Pool) -> Verdict {
    let Some(share) = storage.share() else { return Verdict::Skipped("share") };
    let _ = create(storage, with).await;
    let both = BTreeSet::from(["192.0.2.1".to_owned(), "192.0.2.2".to_owned()]);
    let one = both.iter().take(1).cloned().collect();
    for clients in [&both, &both, &one, &BTreeSet::new()] {
        share.set_clients(&with.dataset, clients).await.expect("a dataset that exists");
        let is = async || seen(storage, with).await.map(|it| it.clients);
        until!(with.patience, "the clients", is().await.as_ref() == Some(clients));
    }
    destroy(storage, with).await;
    Verdict::Holds
}

/// A dataset that somebody may mount is not destroyed.
pub async fn storage_destroy_is_refused_while_shared(
    storage: &dyn Storage,
    with: &Pool,
) -> Verdict {
    let Some(share) = storage.share() else { return Verdict::Skipped("share") };
    let made = create(storage, with).await;
    let clients = BTreeSet::from(["192.0.2.1".to_owned()]);
    share.set_clients(&with.dataset, &clients).await.expect("a dataset that exists");
    let is = async || seen(storage, with).await.map(|it| it.clients);
    until!(with.patience, "the clients", is().await.as_ref() == Some(&clients));
    let answer = storage.destroy(&with.dataset, made.guid).await;
    assert_eq!(kind(answer), ErrorKind::Refused);
    share.set_clients(&with.dataset, &BTreeSet::new()).await.expect("a dataset that exists");
    until!(with.patience, "no clients", is().await == Some(BTreeSet::new()));
    destroy(storage, with).await;
    Verdict::Holds
}

/// A snapshot can be sent, and sending it again is an answer. What arrived stays in the other pool.
pub async fn storage_send_arrives_once(storage: &dyn Storage, with: &Pool) -> Verdict {
    let (Some(replicate), Some(target)) = (storage.replicate(), &with.target) else {
        return Verdict::Skipped("replicate");
    };
    let _ = create(storage, with).await;
    let taken = take(storage, with, "law").await;
    for _ in 0..2 {
        replicate.send(&with.dataset, &taken, target).await.expect("a target with room");
    }
    assert_eq!(snapshots(storage, with).await, [taken]);
    destroy(storage, with).await;
    Verdict::Holds
}

/// A snapshot that was not taken cannot be sent, nor any to a pool that does not exist.
pub async fn storage_send_of_absent_is_not_found(storage: &dyn Storage, with: &Pool) -> Verdict {
    let (Some(replicate), Some(target)) = (storage.replicate(), &with.target) else {
        return Verdict::Skipped("replicate");
    };
    let _ = create(storage, with).await;
    let taken = take(storage, with, "law").await;
    let other = Snapshot { guid: !taken.guid, ..taken.clone() };
    let answer = replicate.send(&with.dataset, &other, target).await;
    assert_eq!(kind(answer), ErrorKind::NotFound);
    let answer = replicate.send(&with.dataset, &taken, "rackberry-absent").await;
    assert_eq!(kind(answer), ErrorKind::NotFound);
    destroy(storage, with).await;
    Verdict::Holds
}
