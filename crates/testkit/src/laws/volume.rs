use super::cluster::read;
use super::pod::{declare, replica, run, stop};
use super::{Members, Verdict, kind, never, until};
use rackberry_core::{
    Cluster, CopyState, ErrorKind, Manifest, NodeId, VolumeRef, VolumeState, Volumes,
};

/// A workload whose replicas have a volume, and write to it as long as they run, and the cluster that it may run in.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The cluster, and the members whose disks the copies may lie on.
    pub members: Members,
    /// The workload. It is not declared yet.
    pub manifest: Manifest,
    /// The name of its volume.
    pub volume: String,
    /// A member whose disks are full, if there is one.
    pub full: Option<NodeId>,
}

impl Kept {
    fn what(&self) -> VolumeRef {
        VolumeRef { replica: replica(&self.manifest), name: self.volume.clone() }
    }

    fn way(&self) -> (&NodeId, &NodeId) {
        (&self.members.node, &self.members.other)
    }
}

async fn seen(cluster: &dyn Cluster, with: &Kept) -> VolumeState {
    read(cluster).await.volumes.remove(&with.what()).unwrap_or_default()
}

/// Where the volume is in use.
async fn home(cluster: &dyn Cluster, with: &Kept) -> NodeId {
    seen(cluster, with).await.bound.expect("a volume that is in use")
}

async fn is_on(cluster: &dyn Cluster, with: &Kept, to: &NodeId, good: CopyState) -> bool {
    seen(cluster, with).await.copies.get(to) == Some(&good)
}

/// Runs the replica on its node, so that its volume is there and written to.
async fn begin(cluster: &dyn Cluster, with: &Kept) {
    declare(cluster, &with.members, &with.manifest).await;
    let _ = run(cluster, &with.members, &with.manifest, &with.members.node).await;
    assert_eq!(home(cluster, with).await, with.members.node);
}

async fn rest(cluster: &dyn Cluster, with: &Kept) {
    stop(cluster, &with.members, &with.manifest, &with.members.node).await;
}

async fn copy(cluster: &dyn Cluster, volumes: &dyn Volumes, with: &Kept, good: CopyState) {
    let (from, to) = with.way();
    volumes.copy(&with.what(), from, to).await.expect("a node with room");
    until!(with.members.patience, "the copy", is_on(cluster, with, to, good).await);
}

async fn compare(cluster: &dyn Cluster, volumes: &dyn Volumes, with: &Kept) {
    let (from, to) = with.way();
    volumes.compare(&with.what(), from, to).await.expect("copies that rest");
    let good = CopyState::Compared;
    until!(with.members.patience, "it compared", is_on(cluster, with, to, good).await);
}

macro_rules! volumes {
    ($cluster:expr) => {
        match $cluster.volumes() {
            Some(volumes) => volumes,
            None => return Verdict::Skipped("volumes"),
        }
    };
}

/// A copy that is taken while somebody writes is not fit for use.
pub async fn volumes_copied_while_written_are_hot(cluster: &dyn Cluster, with: &Kept) -> Verdict {
    let volumes = volumes!(cluster);
    begin(cluster, with).await;
    copy(cluster, volumes, with, CopyState::Hot).await;
    rest(cluster, with).await;
    Verdict::Holds
}

/// A copy that is taken, or brought up to date, while nobody writes is complete.
pub async fn volumes_copied_while_unused_are_cold(cluster: &dyn Cluster, with: &Kept) -> Verdict {
    let volumes = volumes!(cluster);
    begin(cluster, with).await;
    copy(cluster, volumes, with, CopyState::Hot).await;
    rest(cluster, with).await;
    for _ in 0..2 {
        copy(cluster, volumes, with, CopyState::Cold).await;
    }
    Verdict::Holds
}

/// A complete copy whose checksums are the same is a compared one.
pub async fn volumes_compare_makes_compared(cluster: &dyn Cluster, with: &Kept) -> Verdict {
    let volumes = volumes!(cluster);
    begin(cluster, with).await;
    rest(cluster, with).await;
    copy(cluster, volumes, with, CopyState::Cold).await;
    for _ in 0..2 {
        compare(cluster, volumes, with).await;
    }
    Verdict::Holds
}

/// A copy that lacks what was written since is no compared one, although it was compared.
pub async fn volumes_that_differ_are_not_compared(cluster: &dyn Cluster, with: &Kept) -> Verdict {
    let volumes = volumes!(cluster);
    let (from, to) = with.way();
    begin(cluster, with).await;
    copy(cluster, volumes, with, CopyState::Hot).await;
    rest(cluster, with).await;
    // To find that they differ may be told as an error, too.
    let _ = volumes.compare(&with.what(), from, to).await;
    let equal = async || is_on(cluster, with, to, CopyState::Compared).await;
    never!(with.members.patience, "two that differ compared", equal().await);
    Verdict::Holds
}

/// A volume stays where it is when its workload is taken back.
pub async fn volumes_outlive_their_workload(cluster: &dyn Cluster, with: &Kept) -> Verdict {
    begin(cluster, with).await;
    let workload = &with.manifest.workload;
    cluster.withdraw(workload).await.expect("a cluster that answers");
    let gone = async || !read(cluster).await.workloads.contains_key(workload);
    until!(with.members.patience, "no declaration", gone().await);
    assert_eq!(seen(cluster, with).await.bound.as_ref(), Some(&with.members.node));
    Verdict::Holds
}

/// Copies are not compared while somebody writes.
pub async fn volumes_compare_is_refused_while_written(
    cluster: &dyn Cluster,
    with: &Kept,
) -> Verdict {
    let volumes = volumes!(cluster);
    let (from, to) = with.way();
    begin(cluster, with).await;
    copy(cluster, volumes, with, CopyState::Hot).await;
    let answer = volumes.compare(&with.what(), from, to).await;
    assert_eq!(kind(answer), ErrorKind::Refused);
    rest(cluster, with).await;
    Verdict::Holds
}

/// A node without a copy has nothing to copy, to compare or to use.
pub async fn volumes_absent_copy_is_not_found(cluster: &dyn Cluster, with: &Kept) -> Verdict {
    let volumes = volumes!(cluster);
    let (from, to) = with.way();
    begin(cluster, with).await;
    rest(cluster, with).await;
    let what = with.what();
    assert_eq!(kind(volumes.copy(&what, to, from).await), ErrorKind::NotFound);
    assert_eq!(kind(volumes.compare(&what, from, to).await), ErrorKind::NotFound);
    assert_eq!(kind(volumes.compare(&what, to, from).await), ErrorKind::NotFound);
    assert_eq!(kind(volumes.bind(&what, to).await), ErrorKind::NotFound);
    Verdict::Holds
}

/// Who is not a member gets no copy.
pub async fn volumes_copy_to_a_stranger_is_not_found(
    cluster: &dyn Cluster,
    with: &Kept,
) -> Verdict {
    let volumes = volumes!(cluster);
    begin(cluster, with).await;
    let answer = volumes.copy(&with.what(), &with.members.node, &with.members.absent).await;
    assert_eq!(kind(answer), ErrorKind::NotFound);
    rest(cluster, with).await;
    Verdict::Holds
}

/// A copy is not begun where there is no room for it.
pub async fn volumes_copy_without_room_is_refused(cluster: &dyn Cluster, with: &Kept) -> Verdict {
    let volumes = volumes!(cluster);
    let Some(full) = &with.full else { return Verdict::Skipped("full") };
    begin(cluster, with).await;
    let answer = volumes.copy(&with.what(), &with.members.node, full).await;
    assert_eq!(kind(answer), ErrorKind::Refused);
    assert!(!seen(cluster, with).await.copies.contains_key(full));
    rest(cluster, with).await;
    Verdict::Holds
}

/// A replica is not started away from the copy that is in use.
pub async fn volumes_pin_their_replica(cluster: &dyn Cluster, with: &Kept) -> Verdict {
    let volumes = volumes!(cluster);
    begin(cluster, with).await;
    rest(cluster, with).await;
    copy(cluster, volumes, with, CopyState::Cold).await;
    let answer = cluster.start(&replica(&with.manifest), &with.members.other).await;
    assert_eq!(kind(answer), ErrorKind::Refused);
    Verdict::Holds
}

/// A copy that was not compared is not used.
pub async fn volumes_bind_needs_a_compared_copy(cluster: &dyn Cluster, with: &Kept) -> Verdict {
    let volumes = volumes!(cluster);
    begin(cluster, with).await;
    rest(cluster, with).await;
    copy(cluster, volumes, with, CopyState::Cold).await;
    let answer = volumes.bind(&with.what(), &with.members.other).await;
    assert_eq!(kind(answer), ErrorKind::Refused);
    assert_eq!(home(cluster, with).await, with.members.node);
    Verdict::Holds
}

/// A copy is not exchanged under a replica that runs.
pub async fn volumes_bind_is_refused_while_it_runs(cluster: &dyn Cluster, with: &Kept) -> Verdict {
    let volumes = volumes!(cluster);
    begin(cluster, with).await;
    rest(cluster, with).await;
    copy(cluster, volumes, with, CopyState::Cold).await;
    compare(cluster, volumes, with).await;
    let replica = replica(&with.manifest);
    cluster.start(&replica, &with.members.node).await.expect("a node with room");
    let answer = volumes.bind(&with.what(), &with.members.other).await;
    assert_eq!(kind(answer), ErrorKind::Refused);
    rest(cluster, with).await;
    Verdict::Holds
}

/// The copy that is bound is the one in use, and the others are kept.
pub async fn volumes_bind_keeps_the_other_copies(cluster: &dyn Cluster, with: &Kept) -> Verdict {
    let volumes = volumes!(cluster);
    let (from, to) = with.way();
    begin(cluster, with).await;
    rest(cluster, with).await;
    copy(cluster, volumes, with, CopyState::Cold).await;
    compare(cluster, volumes, with).await;
    for _ in 0..2 {
        volumes.bind(&with.what(), to).await.expect("a compared copy");
        until!(with.members.patience, "its new place", home(cluster, with).await == *to);
    }
    let there = async || seen(cluster, with).await.copies.contains_key(from);
    never!(with.members.patience, "the old copy gone", !there().await);
    Verdict::Holds
}
