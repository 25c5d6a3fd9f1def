//! Replicas that are not simply running or not. To start one elsewhere that may still run, or without what is on its
//! volumes, would be to run it twice, or to lose what it has written.

use super::{Planner, settle};
use crate::handover::stops;
use crate::{Action, Blocked, Fact, Finding, Observed, Resolved, Step, VolumeRef};
use rackberry_core::{NodeId, PodState, Power, ReplicaRef, Seconds};
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
    let off = seen.power.get(pod) == Some(&Power::Off);
    let lost = !seen.ready.contains(pod) && !off && stops(rack, replica);
    lost.then(|| {
        format!("it may still run on {pod}, which is not ready: bring that back, or switch it off")
    })
}

/// Stops replicas that run on more than one node everywhere but on one: where a plan would bring it, if it runs there, so
/// that a move that was broken off is ended and not taken back.
pub(super) fn doubles(rack: &Resolved, seen: &Observed) -> Result<Vec<Step>, Finding> {
    let runs = |replica: usize| {
        let nodes = seen.running.get(&rack.replica_ref(replica)).into_iter().flatten();
        nodes.filter_map(|it| rack.node(it)).collect::<Vec<_>>()
    };
    let twice: Vec<_> = (0..rack.replicas.len()).map(|it| (it, runs(it))).collect();
    let twice: Vec<_> = twice.into_iter().filter(|it| it.1.len() > 1).collect();
    if twice.is_empty() {
        return Ok(Vec::new());
    }
    let mut planner = Planner::new(rack);
    planner.known = Whereabouts::new(rack, seen);
    let best = settle(planner)?.0.at;
    let mut steps = Vec::new();
    for (replica, nodes) in twice {
        let free = rack.local_volumes(replica).is_empty();
        let best = best[replica].filter(|it| free && nodes.contains(it));
        let Some(home) = best.or(rack.replicas[replica].on) else { continue };
        let first = steps.len();
        let extra = nodes.into_iter().filter(|it| *it != home);
        steps.extend(extra.map(|it| stop(rack, replica, it, home)));
        // What is about one replica is done one after the other.
        (first + 1..steps.len()).for_each(|it| steps[it].needs.push(it - 1));
    }
    Ok(steps)
}

fn stop(rack: &Resolved, replica: usize, node: usize, home: usize) -> Step {
    let id = |node: usize| rack.nodes[node].id.clone();
    let (replica, node) = (rack.replica_ref(replica), id(node));
    let there = Fact::Running { replica: replica.clone(), node: id(home) };
    let after = vec![Fact::Stopped { replica: replica.clone(), node: node.clone() }];
    let action = Action::Stop { replica, node };
    Step { before: vec![there], action, after, needs: Vec::new(), takes: Seconds(0) }
}
