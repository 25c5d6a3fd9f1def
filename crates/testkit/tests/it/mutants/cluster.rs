use super::{Sin, panics};
use crate::room::{self, id};
use async_trait::async_trait;
use rackberry_core::{
    Cluster, ClusterId, ClusterState, CopyState, Credentials, Effect, ErrorKind, Eviction,
    JoinTicket, Manifest, Marks, NodeId, PodRef, ReplicaRef, Result, Taint, VolumeRef, Volumes,
    WorkloadId,
};
use rackberry_testkit::{each_law, laws};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Debug)]
struct Broken(Arc<dyn Cluster>, Sin, AtomicBool);

fn broken(law: &'static str) -> Broken {
    Broken(room::world().cluster(&ClusterId::new("home")), Sin::new(law), AtomicBool::new(false))
}

fn fresh(law: &'static str) -> Broken {
    Broken(room::world().cluster(&ClusterId::new("fresh")), Sin::new(law), AtomicBool::new(false))
}

impl Broken {
    /// An answer that this device turns into consent, where that is its sin.
    fn or_fine<T>(&self, law: &str, answer: Result<T>, fine: T) -> Result<T> {
        if self.1.is(law) { Ok(fine) } else { answer }
    }

    /// How good copies are said to be at least, once they were to be compared.
    fn compared(&self) -> CopyState {
        if self.2.load(Ordering::Relaxed) { CopyState::Compared } else { CopyState::Hot }
    }

    fn lie(&self, state: &mut ClusterState) {
        let number = self.1.count().to_string();
        if self.1.is("cluster_reads_are_stable") {
            state.volumes.clear();
            state.uid = Some(number.clone());
        }
        if self.1.is("cluster_begins_once") || self.1.is("beginning_bootstraps") {
            state.uid = Some(number);
        }
        if self.1.is("beginning_reads_as_empty") {
            state.uid = Some(String::new());
        }
        if self.1.is(NOBODY_VOTES) {
            state.members.values_mut().for_each(|it| it.voter = false);
        }
        if self.1.is(NOTHING_STARTS) {
            let pods = state.members.values_mut().flat_map(|it| &mut it.pods);
            pods.for_each(|it| it.ready = false);
        }
        let copies = state.volumes.values_mut().flat_map(|it| it.copies.values_mut());
        if self.1.is("volumes_that_differ_are_not_compared") {
            copies.for_each(|it| *it = (*it).max(self.compared()));
        } else if self.1.is("volumes_copied_while_written_are_hot") {
            copies.for_each(|it| *it = CopyState::Cold);
        } else if self.1.is("volumes_copied_while_unused_are_cold") {
            copies.for_each(|it| *it = CopyState::Hot);
        }
        if self.1.is("volumes_outlive_their_workload") {
            state.volumes.retain(|it, _| state.workloads.contains_key(&it.replica.workload));
        }
        if self.1.is("volumes_bind_keeps_the_other_copies") {
            let moved = state.volumes.values_mut().filter(|it| it.bound == Some(id("n1")));
            moved.for_each(|it| it.copies.retain(|node, _| *node == id("n1")));
        }
    }

    async fn start_elsewhere(&self, replica: &ReplicaRef, node: &NodeId) -> Result<()> {
        let other = if *node == id("n1") { id("n2") } else { id("n1") };
        match self.1.is("cluster_start_leaves_others_alone") {
            true => self.0.stop(replica, &other).await,
            false => self.0.start(replica, &other).await,
        }
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl Cluster for Broken {
    async fn observe(&self) -> Result<ClusterState> {
        let mut state = self.0.observe().await?;
        self.lie(&mut state);
        Ok(state)
    }

    async fn bootstrap(&self, first: &NodeId) -> Result<()> {
        let answer = self.0.bootstrap(first).await;
        let answer = self.or_fine("beginning_on_the_unfit_is_refused", answer, ());
        self.or_fine("beginning_on_the_silent_is_unreachable", answer, ())
    }

    async fn ticket(&self) -> Result<JoinTicket> {
        let empty = JoinTicket(String::new().into());
        let answer = self.0.ticket().await;
        let answer = self.or_fine("beginning_has_no_ticket", answer, empty.clone());
        self.or_fine("cluster_lets_in_whoever_may", answer, empty)
    }

    async fn credentials(&self) -> Result<Credentials> {
        let empty = Credentials(String::new().into());
        self.or_fine("beginning_has_no_credentials", self.0.credentials().await, empty)
    }

    async fn set_schedulable(&self, node: &NodeId, yes: bool) -> Result<()> {
        let stuck = self.1.is("cluster_set_schedulable_is_absolute");
        let answer = self.0.set_schedulable(node, yes && !stuck).await;
        self.or_fine("cluster_absent_member_is_not_found", answer, ())
    }

    async fn label(&self, node: &NodeId, marks: &Marks) -> Result<()> {
        let mut marks = marks.clone();
        if self.1.is("cluster_label_keeps_labels_and_replaces_taints") {
            let state = self.0.observe().await?;
            marks.taints.extend(state.members[node].marks.taints.clone());
        }
        if self.1.is("cluster_taint_that_executes_drives_out") {
            let mild = |it: Taint| Taint { effect: Effect::NoSchedule, ..it };
            marks.taints = marks.taints.into_iter().map(mild).collect();
        }
        self.0.label(node, &marks).await
    }

    async fn evict(&self, pod: &PodRef) -> Result<Eviction> {
        if self.1.is("cluster_evict_makes_it_leave") {
            return Ok(Eviction::Granted);
        }
        if self.1.is("cluster_evict_spares_another_uid") {
            let state = self.0.observe().await?;
            let mut all = state.members.into_values().flat_map(|it| it.pods);
            let named = all.find(|it| it.pod.name == pod.name).map(|it| it.pod);
            return self.0.evict(&named.unwrap_or_else(|| pod.clone())).await;
        }
        let answer = self.0.evict(pod).await;
        self.or_fine("cluster_evict_keeps_budgets", answer, Eviction::Granted)
    }

    async fn forget(&self, node: &NodeId) -> Result<()> {
        if self.1.is("cluster_forget_removes_a_member") {
            return Ok(());
        }
        if self.1.is("cluster_forget_of_a_stranger_changes_nothing") {
            return self.0.forget(&id("n3")).await;
        }
        let answer = self.0.forget(node).await;
        self.or_fine("cluster_forget_is_refused_below_a_majority", answer, ())
    }

    async fn apply(&self, manifest: &Manifest) -> Result<()> {
        let known = self.0.observe().await?.workloads.contains_key(&manifest.workload);
        if known && self.1.is("cluster_apply_changes_a_declaration") {
            return Ok(());
        }
        let answer = self.0.apply(manifest).await;
        if self.1.is("cluster_apply_declares_and_runs_nothing") {
            let replica = ReplicaRef { workload: manifest.workload.clone(), ordinal: 0 };
            self.0.start(&replica, &id("n2")).await?;
        }
        let answer = self.or_fine("beginning_takes_no_workloads", answer, ());
        self.or_fine("cluster_bad_manifest_is_invalid", answer, ())
    }

    async fn withdraw(&self, workload: &WorkloadId) -> Result<()> {
        if self.1.is("cluster_withdraw_stops_all_of_it") {
            return Ok(());
        }
        let all = self.0.observe().await?.workloads.into_keys();
        let greedy = self.1.is("cluster_withdraw_of_the_undeclared_changes_nothing");
        for other in all.filter(|_| greedy) {
            self.0.withdraw(&other).await?;
        }
        self.0.withdraw(workload).await
    }

    async fn start(&self, replica: &ReplicaRef, node: &NodeId) -> Result<()> {
        let greedy = self.1.is("cluster_start_is_absolute");
        if greedy || self.1.is("cluster_start_leaves_others_alone") {
            self.start_elsewhere(replica, node).await?;
        }
        let careless = [
            "cluster_start_of_the_undeclared_is_not_found",
            "cluster_start_on_a_stranger_is_not_found",
            "cluster_start_without_room_is_refused",
            "cluster_start_where_closed_is_refused",
            "cluster_start_where_tainted_is_refused",
            "volumes_pin_their_replica",
        ];
        let answer = self.0.start(replica, node).await;
        if careless.iter().any(|it| self.1.is(it)) { Ok(()) } else { answer }
    }

    async fn stop(&self, replica: &ReplicaRef, node: &NodeId) -> Result<()> {
        match self.1.is("cluster_stop_is_absolute") {
            true => Ok(()),
            false => self.0.stop(replica, node).await,
        }
    }

    fn volumes(&self) -> Option<&dyn Volumes> {
        Some(self)
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl Volumes for Broken {
    async fn copy(&self, volume: &VolumeRef, from: &NodeId, to: &NodeId) -> Result<()> {
        let answer = self.0.volumes().unwrap().copy(volume, from, to).await;
        let answer = self.or_fine("volumes_copy_without_room_is_refused", answer, ());
        let answer = self.or_fine("volumes_copy_to_a_stranger_is_not_found", answer, ());
        self.or_fine("volumes_absent_copy_is_not_found", answer, ())
    }

    async fn compare(&self, volume: &VolumeRef, from: &NodeId, to: &NodeId) -> Result<()> {
        if self.1.is("volumes_compare_makes_compared") {
            return Ok(());
        }
        self.2.store(true, Ordering::Relaxed);
        let answer = self.0.volumes().unwrap().compare(volume, from, to).await;
        self.or_fine("volumes_compare_is_refused_while_written", answer, ())
    }

    async fn bind(&self, volume: &VolumeRef, to: &NodeId) -> Result<()> {
        let answer = self.0.volumes().unwrap().bind(volume, to).await;
        let refused = answer.as_ref().is_err_and(|it| it.kind() == ErrorKind::Refused);
        let careless = self.1.is("volumes_bind_needs_a_compared_copy")
            || self.1.is("volumes_bind_is_refused_while_it_runs");
        if careless && refused { Ok(()) } else { answer }
    }
}

/// Other ways to break a law that was broken above.
const NOBODY_VOTES: &str = "the first member has no vote";
const NOTHING_STARTS: &str = "no pod is ever ready";

#[tokio::test]
async fn a_first_member_without_a_vote_is_no_beginning() {
    let law = async || laws::beginning_bootstraps(&fresh(NOBODY_VOTES), &room::first()).await;
    assert!(panics(law()).await);
}

#[tokio::test]
async fn a_pod_that_is_never_ready_does_not_run() {
    let law =
        async || laws::cluster_start_is_absolute(&broken(NOTHING_STARTS), &room::members()).await;
    assert!(panics(law()).await);
}

each_law!(cluster => [caught] broken, room::members());
each_law!(beginning => [caught] fresh, room::first());
each_law!(volumes => [caught] broken, room::kept());
