//! Replicas that are not simply running or not. To start one elsewhere that may still run, or without what is on its
//! volumes, would be to run it twice, or to lose what it has written.

use crate::handover::stops;
use crate::{Action, Blocked, Fact, Observed, Resolved, Step, VolumeRef};
use rackberry_core::{NodeId, PodState, ReplicaRef, Seconds};
use std::collections::BTreeMap;

/// What is known of such replicas, by position.
#[derive(Clone, Debug, Default)]
pub(super) struct Whereabouts {
    /// Those that must not be started, and why.
    pub(super) wait: BTreeMap<usize, String>,
    /// Those that are starting somewhere, and may only start there.
    pub(super) starting: BTreeMap<usize, usize>,
}

impl Whereabouts {
    pub(super) fn new(rack: &Resolved, seen: &Observed) -> Self {
        let pods = unready(seen);
        let mut all = Self::default();
        for replica in 0..rack.replicas.len() {
            let name = rack.replica_ref(replica);
            let pod = pods.get(&name).copied();
            let why = bound(rack, seen, replica).or_else(|| runs_elsewhere(rack, seen, replica));
            let why = why.or_else(|| may_run(rack, seen, replica, pod?));
            all.wait.extend(why.map(|why| (replica, why)));
            let at = pod.filter(|it| seen.ready.contains(*it)).and_then(|it| rack.node(it));
            if rack.replicas[replica].on.is_none() {
                all.starting.extend(at.map(|at| (replica, at)));
            }
        }
        all
    }

    /// Says so of each that must not be started.
    pub(super) fn say(&self, rack: &Resolved, blocked: &mut Vec<Blocked>) {
        for (replica, why) in &self.wait {
            let replica = rack.replica_ref(*replica);
            blocked.retain(|it| it.replica != replica);
            blocked.push(Blocked { replica, reason: why.clone() });
        }
        blocked.sort();
    }
}

/// The nodes of pods that are there, and do not answer.
fn unready(seen: &Observed) -> BTreeMap<&ReplicaRef, &NodeId> {
    let members = seen.clusters.values().flat_map(|it| &it.members);
    let pods = members.flat_map(|(node, it)| it.pods.iter().map(move |pod| (node, pod)));
    let unready = pods.filter(|it| !it.1.ready && !is_seen(seen, it.1));
    unready.filter_map(|(node, pod)| Some((pod.replica.as_ref()?, node))).collect()
}

fn is_seen(seen: &Observed, pod: &PodState) -> bool {
    let nodes = pod.replica.as_ref().and_then(|it| seen.running.get(it));
    nodes.is_some_and(|it| !it.is_empty())
}

const ADVICE: &str = "name that in the file, with `cordoned: true`, and it is moved off";

/// Why its volumes keep a replica from starting: they lie where it cannot get at them.
fn bound(rack: &Resolved, seen: &Observed, replica: usize) -> Option<String> {
    let name = rack.replica_ref(replica);
    let volumes = rack.local_volumes(replica).into_iter();
    let mut bound = volumes
        .filter_map(|it| seen.bound.get(&VolumeRef { replica: name.clone(), name: it.name }));
    let node = bound.find(|it| rack.node(it).is_none() || !seen.ready.contains(*it))?;
    Some(match rack.node(node) {
        None => format!("its volume lies on {node}, which the file does not name: {ADVICE}"),
        Some(_) => format!(
            "its volume lies on {node}, which is not ready: bring that back, or restore the volume"
        ),
    })
}

fn runs_elsewhere(rack: &Resolved, seen: &Observed, replica: usize) -> Option<String> {
    let mut nodes = seen.running.get(&rack.replica_ref(replica)).into_iter().flatten();
    let node = nodes.find(|it| rack.node(it).is_none())?;
    Some(format!("it runs on {node}, which the file does not name: {ADVICE}"))
}

/// Why a replica that only one node may have at a time is not started while its node does not answer.
fn may_run(rack: &Resolved, seen: &Observed, replica: usize, pod: &NodeId) -> Option<String> {
    let lost = !seen.ready.contains(pod) && stops(rack, replica);
    lost.then(|| {
        format!("it may still run on {pod}, which is not ready: bring that back, or remove it from its cluster")
    })
}

/// Stops replicas that run on more than one node everywhere but where they are to be.
pub(super) fn doubles(rack: &Resolved, seen: &Observed) -> Vec<Step> {
    let mut steps = Vec::new();
    for replica in 0..rack.replicas.len() {
        let (name, on) = (rack.replica_ref(replica), rack.replicas[replica].on);
        let Some(on) = on.map(|it| &rack.nodes[it].id) else { continue };
        let extra = seen.running.get(&name).into_iter().flatten();
        let known = extra.filter(|it| *it != on && rack.node(it).is_some());
        steps.extend(known.map(|it| stop(&name, it, on)));
    }
    steps
}

fn stop(replica: &ReplicaRef, node: &NodeId, on: &NodeId) -> Step {
    let (replica, node) = (replica.clone(), node.clone());
    let there = Fact::Running { replica: replica.clone(), node: on.clone() };
    let after = vec![Fact::Stopped { replica: replica.clone(), node: node.clone() }];
    let action = Action::Stop { replica, node };
    Step { before: vec![there], action, after, needs: Vec::new(), takes: Seconds(0) }
}
