use super::{Patience, Verdict, kind, never, until};
use rackberry_core::{
    Cluster, ClusterState, Effect, ErrorKind, Manifest, Marks, Member, NodeId, Taint,
};
use secrecy::ExposeSecret;
use std::collections::BTreeMap;

/// A cluster that has begun, and what the laws may do in it.
#[derive(Clone, Debug)]
pub struct Members {
    /// A member that is ready, takes pods, and runs none of the manifests below.
    pub node: NodeId,
    /// Another one.
    pub other: NodeId,
    /// A member that can be removed for good, if there is one.
    pub spare: Option<NodeId>,
    /// A member without whose vote there would be no majority, if there is one.
    pub last: Option<NodeId>,
    /// A machine that is not a member.
    pub absent: NodeId,
    /// A workload without volumes that is not declared and whose pods fit on any member.
    pub small: Manifest,
    /// The same workload, declared otherwise.
    pub changed: Manifest,
    /// One of which no pod fits on any member.
    pub huge: Manifest,
    /// One that fits, and of which one pod must always be ready.
    pub kept: Manifest,
    /// One that the cluster cannot use.
    pub bad: Manifest,
    /// How long it may take.
    pub patience: Patience,
}

/// A cluster that has not begun.
#[derive(Clone, Debug)]
pub struct First {
    /// The machine that it will begin on: it runs, and is configured for it.
    pub node: NodeId,
    /// A machine that answers and is not configured for it.
    pub unfit: NodeId,
    /// A machine that does not answer.
    pub silent: NodeId,
    /// What could be declared, had it begun.
    pub manifest: Manifest,
    /// How long it may take.
    pub patience: Patience,
}

pub(super) async fn read(cluster: &dyn Cluster) -> ClusterState {
    cluster.observe().await.expect("a cluster that answers")
}

pub(super) async fn member(cluster: &dyn Cluster, node: &NodeId) -> Member {
    read(cluster).await.members.remove(node).expect("a member")
}

/// Reading twice reads the same.
pub async fn cluster_reads_are_stable(cluster: &dyn Cluster, _: &Members) -> Verdict {
    let plain = |mut it: ClusterState| {
        it.members.values_mut().for_each(|it| it.used = None);
        it
    };
    assert_eq!(plain(read(cluster).await), plain(read(cluster).await));
    Verdict::Holds
}

/// A cluster that has begun does not begin again, on whatever machine.
pub async fn cluster_begins_once(cluster: &dyn Cluster, with: &Members) -> Verdict {
    let before = read(cluster).await.uid;
    assert!(before.is_some(), "a cluster that has begun has an identity");
    for node in [&with.node, &with.other] {
        cluster.bootstrap(node).await.expect("a cluster that has begun");
        never!(with.patience, "another beginning", read(cluster).await.uid != before);
    }
    Verdict::Holds
}

/// A cluster that has begun gives out tickets and credentials.
pub async fn cluster_lets_in_whoever_may(cluster: &dyn Cluster, _: &Members) -> Verdict {
    let ticket = cluster.ticket().await.expect("a ticket");
    assert!(!ticket.0.expose_secret().is_empty());
    assert!(!format!("{ticket:?}").contains(ticket.0.expose_secret()));
    let credentials = cluster.credentials().await.expect("credentials");
    assert!(!credentials.0.expose_secret().is_empty());
    Verdict::Holds
}

/// A member is open or closed as was said last.
pub async fn cluster_set_schedulable_is_absolute(cluster: &dyn Cluster, with: &Members) -> Verdict {
    for yes in [false, false, true, true] {
        cluster.set_schedulable(&with.node, yes).await.expect("a member");
        let is = async || member(cluster, &with.node).await.schedulable;
        until!(with.patience, "what was said", is().await == yes);
    }
    Verdict::Holds
}

/// The mark that the laws make on a member.
pub(super) fn taint() -> Taint {
    Taint { key: "rackberry.test/law".into(), value: String::new(), effect: Effect::NoSchedule }
}

/// Labels are added or changed, taints are replaced.
pub async fn cluster_label_keeps_labels_and_replaces_taints(
    cluster: &dyn Cluster,
    with: &Members,
) -> Verdict {
    let before = member(cluster, &with.node).await.marks;
    let taints = [taint()].into();
    let labels = BTreeMap::from([("rackberry.test/law".to_owned(), "1".to_owned())]);
    let marks = Marks { labels: labels.clone(), taints };
    let mut wanted = Marks { taints: marks.taints.clone(), ..before.clone() };
    wanted.labels.extend(labels);
    for _ in 0..2 {
        cluster.label(&with.node, &marks).await.expect("a member");
        until!(with.patience, "the marks", member(cluster, &with.node).await.marks == wanted);
    }
    cluster.label(&with.node, &before).await.expect("a member");
    let taints = async || member(cluster, &with.node).await.marks.taints;
    until!(with.patience, "the taints of before", taints().await == before.taints);
    Verdict::Holds
}

/// Who is not a member can be neither closed nor labelled.
pub async fn cluster_absent_member_is_not_found(cluster: &dyn Cluster, with: &Members) -> Verdict {
    let answer = cluster.set_schedulable(&with.absent, false).await;
    assert_eq!(kind(answer), ErrorKind::NotFound);
    let answer = cluster.label(&with.absent, &Marks::default()).await;
    assert_eq!(kind(answer), ErrorKind::NotFound);
    Verdict::Holds
}

/// Who is not a member is already removed.
pub async fn cluster_forget_of_a_stranger_changes_nothing(
    cluster: &dyn Cluster,
    with: &Members,
) -> Verdict {
    let before: Vec<_> = read(cluster).await.members.into_keys().collect();
    cluster.forget(&with.absent).await.expect("a machine that is not a member");
    let now: Vec<_> = read(cluster).await.members.into_keys().collect();
    assert_eq!(now, before);
    Verdict::Holds
}

/// A member that is removed is gone, and stays so. The law does not bring it back.
pub async fn cluster_forget_removes_a_member(cluster: &dyn Cluster, with: &Members) -> Verdict {
    let Some(spare) = &with.spare else { return Verdict::Skipped("spare") };
    for _ in 0..2 {
        cluster.forget(spare).await.expect("a member that can be removed");
        let there = async || read(cluster).await.members.contains_key(spare);
        until!(with.patience, "the member gone", !there().await);
        never!(with.patience, "the member", there().await);
    }
    Verdict::Holds
}

/// A vote that is needed for a majority is not taken away.
pub async fn cluster_forget_is_refused_below_a_majority(
    cluster: &dyn Cluster,
    with: &Members,
) -> Verdict {
    let Some(last) = &with.last else { return Verdict::Skipped("last") };
    assert_eq!(kind(cluster.forget(last).await), ErrorKind::Refused);
    assert!(member(cluster, last).await.voter);
    Verdict::Holds
}

/// A cluster that has not begun reads as empty.
pub async fn beginning_reads_as_empty(cluster: &dyn Cluster, _: &First) -> Verdict {
    assert_eq!(read(cluster).await, ClusterState::default());
    Verdict::Holds
}

/// A cluster that has not begun lets no machine in.
pub async fn beginning_has_no_ticket(cluster: &dyn Cluster, _: &First) -> Verdict {
    assert_eq!(kind(cluster.ticket().await), ErrorKind::Refused);
    Verdict::Holds
}

/// A cluster that has not begun lets no client in.
pub async fn beginning_has_no_credentials(cluster: &dyn Cluster, _: &First) -> Verdict {
    assert_eq!(kind(cluster.credentials().await), ErrorKind::Refused);
    Verdict::Holds
}

/// A cluster that has not begun takes no workloads, and has none to take back.
pub async fn beginning_takes_no_workloads(cluster: &dyn Cluster, with: &First) -> Verdict {
    assert_eq!(kind(cluster.apply(&with.manifest).await), ErrorKind::Refused);
    assert_eq!(kind(cluster.withdraw(&with.manifest.workload).await), ErrorKind::Refused);
    assert_eq!(read(cluster).await, ClusterState::default());
    Verdict::Holds
}

async fn is_refused(cluster: &dyn Cluster, node: &NodeId, wanted: ErrorKind) {
    assert_eq!(kind(cluster.bootstrap(node).await), wanted);
    assert_eq!(read(cluster).await.uid, None);
}

/// A cluster does not begin on a machine that is not configured for it.
pub async fn beginning_on_the_unfit_is_refused(cluster: &dyn Cluster, with: &First) -> Verdict {
    is_refused(cluster, &with.unfit, ErrorKind::Refused).await;
    Verdict::Holds
}

/// A cluster does not begin on a machine that does not answer.
pub async fn beginning_on_the_silent_is_unreachable(
    cluster: &dyn Cluster,
    with: &First,
) -> Verdict {
    is_refused(cluster, &with.silent, ErrorKind::Unreachable).await;
    Verdict::Holds
}

/// A cluster begins on its first machine, which is its first member and votes; told twice, it begins once.
pub async fn beginning_bootstraps(cluster: &dyn Cluster, with: &First) -> Verdict {
    cluster.bootstrap(&with.node).await.expect("a machine that is configured for it");
    let votes =
        |it: ClusterState| it.members.get(&with.node).is_some_and(|it| it.ready && it.voter);
    until!(with.patience, "the first member", votes(read(cluster).await));
    let uid = read(cluster).await.uid;
    assert!(uid.is_some(), "a cluster that has begun has an identity");
    cluster.bootstrap(&with.node).await.expect("a cluster that has begun");
    never!(with.patience, "another beginning", read(cluster).await.uid != uid);
    Verdict::Holds
}
