use super::cluster::{member, read, taint};
use super::{Members, Verdict, kind, never, until};
use rackberry_core::{
    Cluster, Effect, ErrorKind, Eviction, Manifest, Marks, NodeId, PodRef, PodState, ReplicaRef,
    Taint, WorkloadId,
};

/// The first replica of a workload.
pub(super) fn replica(manifest: &Manifest) -> ReplicaRef {
    ReplicaRef { workload: manifest.workload.clone(), ordinal: 0 }
}

/// The pods of a replica on a node.
async fn pods(cluster: &dyn Cluster, replica: &ReplicaRef, node: &NodeId) -> Vec<PodState> {
    let all = member(cluster, node).await.pods;
    all.into_iter().filter(|it| it.replica.as_ref() == Some(replica)).collect()
}

async fn runs(cluster: &dyn Cluster, replica: &ReplicaRef, node: &NodeId) -> bool {
    pods(cluster, replica, node).await.iter().any(|it| it.ready)
}

/// How many pods of a workload there are, wherever.
async fn count(cluster: &dyn Cluster, manifest: &Manifest) -> usize {
    let state = read(cluster).await;
    let pods = state.members.values().flat_map(|it| &it.pods);
    let mine =
        |it: &&PodState| it.replica.as_ref().is_some_and(|it| it.workload == manifest.workload);
    pods.filter(mine).count()
}

pub(super) async fn declare(cluster: &dyn Cluster, with: &Members, manifest: &Manifest) {
    cluster.apply(manifest).await.expect("a manifest that can be used");
    let declared = async || read(cluster).await.workloads.get(&manifest.workload).cloned();
    until!(with.patience, "the declaration", declared().await.as_ref() == Some(&manifest.digest));
}

pub(super) async fn run(
    cluster: &dyn Cluster,
    with: &Members,
    manifest: &Manifest,
    node: &NodeId,
) -> PodRef {
    let replica = replica(manifest);
    cluster.start(&replica, node).await.expect("a node with room");
    until!(with.patience, "a ready pod", runs(cluster, &replica, node).await);
    pods(cluster, &replica, node).await.remove(0).pod
}

pub(super) async fn stop(
    cluster: &dyn Cluster,
    with: &Members,
    manifest: &Manifest,
    node: &NodeId,
) {
    let replica = replica(manifest);
    cluster.stop(&replica, node).await.expect("a cluster that answers");
    until!(with.patience, "no pod", pods(cluster, &replica, node).await.is_empty());
}

/// A workload that is declared is listed by its digest, and nothing of it runs.
pub async fn cluster_apply_declares_and_runs_nothing(
    cluster: &dyn Cluster,
    with: &Members,
) -> Verdict {
    for _ in 0..2 {
        declare(cluster, with, &with.small).await;
        never!(with.patience, "a pod", count(cluster, &with.small).await > 0);
    }
    Verdict::Holds
}

/// What is declared again otherwise is declared as was said last, and nothing of it runs either.
pub async fn cluster_apply_changes_a_declaration(cluster: &dyn Cluster, with: &Members) -> Verdict {
    assert_eq!(with.changed.workload, with.small.workload, "the same workload");
    for manifest in [&with.small, &with.changed, &with.small] {
        declare(cluster, with, manifest).await;
        never!(with.patience, "a pod", count(cluster, manifest).await > 0);
    }
    Verdict::Holds
}

/// A manifest that cannot be used is refused, and nothing is declared.
pub async fn cluster_bad_manifest_is_invalid(cluster: &dyn Cluster, with: &Members) -> Verdict {
    let before = read(cluster).await.workloads;
    assert_eq!(kind(cluster.apply(&with.bad).await), ErrorKind::Invalid);
    assert_eq!(read(cluster).await.workloads, before);
    Verdict::Holds
}

/// What is taken back is not declared, and nothing runs of it; taken back again, that stays so.
pub async fn cluster_withdraw_stops_all_of_it(cluster: &dyn Cluster, with: &Members) -> Verdict {
    declare(cluster, with, &with.small).await;
    run(cluster, with, &with.small, &with.node).await;
    let workload = &with.small.workload;
    let declared = async || read(cluster).await.workloads.contains_key(workload);
    for _ in 0..2 {
        cluster.withdraw(workload).await.expect("a cluster that answers");
        until!(with.patience, "no declaration", !declared().await);
        until!(with.patience, "no pod", count(cluster, &with.small).await == 0);
    }
    Verdict::Holds
}

/// To take back what is not declared leaves all others as they are.
pub async fn cluster_withdraw_of_the_undeclared_changes_nothing(
    cluster: &dyn Cluster,
    with: &Members,
) -> Verdict {
    declare(cluster, with, &with.small).await;
    run(cluster, with, &with.small, &with.node).await;
    let before = read(cluster).await.workloads;
    let nothing = WorkloadId::new("never-declared");
    cluster.withdraw(&nothing).await.expect("a cluster that answers");
    assert_eq!(read(cluster).await.workloads, before);
    assert_eq!(count(cluster, &with.small).await, 1);
    stop(cluster, with, &with.small, &with.node).await;
    Verdict::Holds
}

/// A replica that is started runs there and nowhere else; started again, the same pod goes on.
pub async fn cluster_start_is_absolute(cluster: &dyn Cluster, with: &Members) -> Verdict {
    declare(cluster, with, &with.small).await;
    let first = run(cluster, with, &with.small, &with.node).await;
    assert_eq!(run(cluster, with, &with.small, &with.node).await, first);
    never!(with.patience, "a second pod", count(cluster, &with.small).await != 1);
    stop(cluster, with, &with.small, &with.node).await;
    Verdict::Holds
}

/// Starting a replica on one node leaves it as it is on another.
pub async fn cluster_start_leaves_others_alone(cluster: &dyn Cluster, with: &Members) -> Verdict {
    declare(cluster, with, &with.small).await;
    let first = run(cluster, with, &with.small, &with.node).await;
    let _ = run(cluster, with, &with.small, &with.other).await;
    let replica = replica(&with.small);
    let here = pods(cluster, &replica, &with.node).await;
    assert_eq!(here.into_iter().map(|it| it.pod).collect::<Vec<_>>(), [first]);
    stop(cluster, with, &with.small, &with.node).await;
    assert!(runs(cluster, &replica, &with.other).await, "stopped elsewhere as well");
    stop(cluster, with, &with.small, &with.other).await;
    Verdict::Holds
}

/// What was not declared cannot be started.
pub async fn cluster_start_of_the_undeclared_is_not_found(
    cluster: &dyn Cluster,
    with: &Members,
) -> Verdict {
    let answer = cluster.start(&replica(&with.bad), &with.node).await;
    assert_eq!(kind(answer), ErrorKind::NotFound);
    Verdict::Holds
}

/// Nothing can be started on who is not a member.
pub async fn cluster_start_on_a_stranger_is_not_found(
    cluster: &dyn Cluster,
    with: &Members,
) -> Verdict {
    declare(cluster, with, &with.small).await;
    let answer = cluster.start(&replica(&with.small), &with.absent).await;
    assert_eq!(kind(answer), ErrorKind::NotFound);
    Verdict::Holds
}

async fn is_refused(cluster: &dyn Cluster, with: &Members, manifest: &Manifest) {
    let answer = cluster.start(&replica(manifest), &with.node).await;
    assert_eq!(kind(answer), ErrorKind::Refused);
    assert_eq!(count(cluster, manifest).await, 0);
}

/// What does not fit is not started.
pub async fn cluster_start_without_room_is_refused(
    cluster: &dyn Cluster,
    with: &Members,
) -> Verdict {
    declare(cluster, with, &with.huge).await;
    is_refused(cluster, with, &with.huge).await;
    Verdict::Holds
}

/// Nothing is started on a member that is closed, and what runs there stays.
pub async fn cluster_start_where_closed_is_refused(
    cluster: &dyn Cluster,
    with: &Members,
) -> Verdict {
    declare(cluster, with, &with.small).await;
    declare(cluster, with, &with.kept).await;
    let runs = run(cluster, with, &with.kept, &with.node).await;
    cluster.set_schedulable(&with.node, false).await.expect("a member");
    until!(with.patience, "it closed", !member(cluster, &with.node).await.schedulable);
    is_refused(cluster, with, &with.small).await;
    let stays = async || member(cluster, &with.node).await.pods.iter().any(|it| it.pod == runs);
    never!(with.patience, "the pod gone", !stays().await);
    cluster.set_schedulable(&with.node, true).await.expect("a member");
    stop(cluster, with, &with.kept, &with.node).await;
    Verdict::Holds
}

/// Nothing that does not tolerate it is started where a taint keeps it off.
pub async fn cluster_start_where_tainted_is_refused(
    cluster: &dyn Cluster,
    with: &Members,
) -> Verdict {
    declare(cluster, with, &with.small).await;
    let before = member(cluster, &with.node).await.marks;
    let marks = Marks { taints: [taint()].into(), ..Marks::default() };
    cluster.label(&with.node, &marks).await.expect("a member");
    let tainted = async || member(cluster, &with.node).await.marks.taints == marks.taints;
    until!(with.patience, "the taint", tainted().await);
    is_refused(cluster, with, &with.small).await;
    cluster.label(&with.node, &before).await.expect("a member");
    Verdict::Holds
}

/// What does not tolerate it leaves where a taint drives it out; a taint that only keeps others off lets it run on.
pub async fn cluster_taint_that_executes_drives_out(
    cluster: &dyn Cluster,
    with: &Members,
) -> Verdict {
    declare(cluster, with, &with.small).await;
    let pod = run(cluster, with, &with.small, &with.node).await;
    let there = async || member(cluster, &with.node).await.pods.iter().any(|it| it.pod == pod);
    let before = member(cluster, &with.node).await.marks;
    let marks = |taint| Marks { taints: [taint].into(), ..Marks::default() };
    cluster.label(&with.node, &marks(taint())).await.expect("a member");
    never!(with.patience, "the pod gone", !there().await);
    let harsh = Taint { effect: Effect::NoExecute, ..taint() };
    cluster.label(&with.node, &marks(harsh)).await.expect("a member");
    until!(with.patience, "the pod gone", !there().await);
    cluster.label(&with.node, &before).await.expect("a member");
    stop(cluster, with, &with.small, &with.node).await;
    Verdict::Holds
}

/// A replica that is stopped runs there no more, and stopping it again changes nothing.
pub async fn cluster_stop_is_absolute(cluster: &dyn Cluster, with: &Members) -> Verdict {
    declare(cluster, with, &with.small).await;
    let _ = run(cluster, with, &with.small, &with.node).await;
    for _ in 0..2 {
        stop(cluster, with, &with.small, &with.node).await;
    }
    never!(with.patience, "a pod", count(cluster, &with.small).await > 0);
    Verdict::Holds
}

/// A pod that is evicted leaves; one that has left is already gone.
pub async fn cluster_evict_makes_it_leave(cluster: &dyn Cluster, with: &Members) -> Verdict {
    declare(cluster, with, &with.small).await;
    let pod = run(cluster, with, &with.small, &with.node).await;
    let there = async || member(cluster, &with.node).await.pods.iter().any(|it| it.pod == pod);
    for _ in 0..2 {
        let answer = cluster.evict(&pod).await.expect("a cluster that answers");
        assert_eq!(answer, Eviction::Granted);
        until!(with.patience, "the pod gone", !there().await);
    }
    stop(cluster, with, &with.small, &with.node).await;
    Verdict::Holds
}

/// An order that was meant for another pod of the same name changes nothing.
pub async fn cluster_evict_spares_another_uid(cluster: &dyn Cluster, with: &Members) -> Verdict {
    declare(cluster, with, &with.small).await;
    let pod = run(cluster, with, &with.small, &with.node).await;
    let other = PodRef { uid: "another".into(), ..pod.clone() };
    let answer = cluster.evict(&other).await.expect("a cluster that answers");
    assert_eq!(answer, Eviction::Granted);
    let there = async || member(cluster, &with.node).await.pods.iter().any(|it| it.pod == pod);
    never!(with.patience, "the pod gone", !there().await);
    stop(cluster, with, &with.small, &with.node).await;
    Verdict::Holds
}

/// A pod that a budget keeps stays, and saying so is an answer.
pub async fn cluster_evict_keeps_budgets(cluster: &dyn Cluster, with: &Members) -> Verdict {
    declare(cluster, with, &with.kept).await;
    let pod = run(cluster, with, &with.kept, &with.node).await;
    let answer = cluster.evict(&pod).await.expect("a cluster that answers");
    assert_eq!(answer, Eviction::Budget);
    let there = async || member(cluster, &with.node).await.pods.iter().any(|it| it.pod == pod);
    never!(with.patience, "the pod gone", !there().await);
    stop(cluster, with, &with.kept, &with.node).await;
    Verdict::Holds
}
