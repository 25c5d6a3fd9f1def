//! What is there and the file does not name: it is left alone, unless it is asked for that it goes.

use super::bring::{BOOT, SWITCH};
use crate::{Action, Fact, Observed, Resolved, Step, Unnamed};
use rackberry_core::{ClusterId, ClusterState, NodeId, Power, Seconds, WorkloadId};
use std::collections::BTreeMap;

/// What of it goes: nothing, by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prune {
    /// Workloads that the file does not name. Their volumes stay.
    pub workloads: bool,
    /// Members of clusters that the file does not name.
    pub members: bool,
    /// Guests that the file does not name, with their disks.
    pub guests: bool,
}

/// Everything that is seen and that the file does not name.
pub(super) fn unnamed(rack: &Resolved, seen: &Observed) -> Vec<Unnamed> {
    let clusters = seen.clusters.iter().filter(|it| rack.rack.clusters.contains_key(it.0));
    let mut all: Vec<_> = clusters.flat_map(|(id, state)| of_cluster(rack, id, state)).collect();
    for (host, guests) in seen.guests.iter().filter(|it| rack.node(it.0).is_some()) {
        let guests = guests.iter().filter(|it| rack.node(it.0).is_none());
        all.extend(guests.map(|(guest, it)| Unnamed::Guest {
            guest: guest.clone(),
            host: host.clone(),
            uid: it.uid.clone(),
        }));
    }
    all
}

/// Workloads and members that the file does not place in this cluster.
fn of_cluster(rack: &Resolved, id: &ClusterId, state: &ClusterState) -> Vec<Unnamed> {
    let runs_here = |it: &WorkloadId| {
        rack.workload(it).is_some_and(|at| rack.workloads[at].cluster.as_ref() == Some(id))
    };
    let is_member =
        |it: &NodeId| rack.node(it).is_some_and(|at| rack.nodes[at].cluster.as_ref() == Some(id));
    let workloads = state.workloads.keys().filter(|it| !runs_here(it));
    let workloads =
        workloads.map(|it| Unnamed::Workload { workload: it.clone(), cluster: id.clone() });
    let members = state.members.keys().filter(|it| !is_member(it));
    let members = members.map(|it| Unnamed::Member { node: it.clone(), cluster: id.clone() });
    workloads.chain(members).collect()
}

/// The waves that remove what is to go, and what cannot go.
pub(super) fn removals(
    rack: &Resolved,
    seen: &Observed,
    unnamed: &[Unnamed],
    prune: Prune,
) -> (Vec<Vec<Step>>, BTreeMap<NodeId, String>) {
    let (mut withdrawn, mut destroyed, mut stuck) = (Vec::new(), Vec::new(), BTreeMap::new());
    let (mut members, mut seen) = (Vec::new(), seen.clone());
    for it in unnamed {
        match it {
            Unnamed::Workload { workload, cluster } if prune.workloads => {
                withdrawn.push(withdraw(workload, cluster));
            }
            Unnamed::Guest { guest, .. } if prune.guests && seen.member(guest).is_some() => {
                let why = "it is still a member of its cluster: remove it from there first (`--prune members`)";
                stuck.entry(guest.clone()).or_insert_with(|| why.into());
            }
            Unnamed::Guest { guest, host, uid } if prune.guests => {
                destroy(&seen, host, guest, uid, &mut destroyed);
            }
            Unnamed::Member { node, cluster } if prune.members => {
                match forget(rack, &mut seen, cluster, node) {
                    Ok(wave) => members.push(wave),
                    Err(why) => drop(stuck.insert(node.clone(), why)),
                }
            }
            Unnamed::Workload { .. } | Unnamed::Guest { .. } | Unnamed::Member { .. } => {}
        }
    }
    let waves = std::iter::once(withdrawn).chain(members).chain([destroyed]);
    (waves.filter(|it| !it.is_empty()).collect(), stuck)
}

fn withdraw(workload: &WorkloadId, cluster: &ClusterId) -> Step {
    let (workload, cluster) = (workload.clone(), cluster.clone());
    let after = vec![Fact::Withdrawn { workload: workload.clone(), cluster: cluster.clone() }];
    step(Action::Withdraw { workload, cluster }, after, vec![], SWITCH)
}

/// Why a member cannot be removed: its cluster would not decide any more, or a volume would be lost.
fn stays(seen: &Observed, cluster: &ClusterId, node: &NodeId) -> Option<String> {
    let state = seen.clusters.get(cluster)?;
    let others = || state.members.iter().filter(|it| it.1.voter && it.0 != node);
    let (left, all) = (others().filter(|it| it.1.ready).count(), others().count());
    if state.members.get(node)?.voter && left * 2 <= all {
        return Some(format!("cluster {cluster} would have {left} of {all} voters left"));
    }
    let volume = state.volumes.iter().find(|it| it.1.bound.as_ref() == Some(node))?.0;
    Some(format!(
        "the volume {volume} lies on it: name it in the file, with `cordoned: true`, and its workload is moved off"
    ))
}

/// Closes a member, asks all its pods to leave, and removes it; or says why it stays. What is seen is then without it.
fn forget(
    rack: &Resolved,
    seen: &mut Observed,
    cluster: &ClusterId,
    node: &NodeId,
) -> Result<Vec<Step>, String> {
    if let Some(why) = stays(seen, cluster, node) {
        return Err(why);
    }
    let mut wave = empty(seen, node);
    let after = vec![Fact::Forgotten { cluster: cluster.clone(), node: node.clone() }];
    let action = Action::Forget { cluster: cluster.clone(), node: node.clone() };
    wave.push(step(action, after, (0..wave.len()).collect(), SWITCH));
    wave.iter().for_each(|it| seen.predict(rack, &it.action));
    Ok(wave)
}

/// Closes a member, and asks all its pods to leave.
fn empty(seen: &Observed, node: &NodeId) -> Vec<Step> {
    let own = || node.clone();
    let member = seen.member(node);
    let mut wave = Vec::new();
    if member.is_some_and(|it| it.schedulable) {
        let after = vec![Fact::Schedulable { node: own(), yes: false }];
        let action = Action::SetSchedulable { node: own(), yes: false };
        wave.push(step(action, after, vec![], Seconds(0)));
    }
    let closed: Vec<usize> = (0..wave.len()).collect();
    let pods = member.into_iter().flat_map(|it| &it.pods).filter(|it| !it.stays);
    wave.extend(pods.map(|it| it.pod.clone()).map(|pod| {
        let after = vec![Fact::Gone { node: own(), pod: pod.clone() }];
        step(Action::Evict { node: own(), pod }, after, closed.clone(), BOOT)
    }));
    wave
}

/// Switches a guest off, and destroys it.
fn destroy(seen: &Observed, host: &NodeId, guest: &NodeId, uid: &str, wave: &mut Vec<Step>) {
    let (host, guest) = (host.clone(), guest.clone());
    let state = seen.guests.get(&host).and_then(|it| it.get(&guest));
    let off = Fact::GuestOff { host: host.clone(), guest: guest.clone() };
    let mut needs = Vec::new();
    if state.is_some_and(|it| it.power == Power::On) {
        let action = Action::StopGuest { host: host.clone(), guest: guest.clone() };
        needs.push(wave.len());
        wave.push(step(action, vec![off.clone()], vec![], BOOT));
    }
    let gone = Fact::NoGuest { host: host.clone(), guest: guest.clone(), uid: uid.into() };
    let action = Action::DestroyGuest { host, guest, uid: uid.into() };
    wave.push(Step { before: vec![off], action, after: vec![gone], needs, takes: SWITCH });
}

fn step(action: Action, after: Vec<Fact>, needs: Vec<usize>, takes: Seconds) -> Step {
    Step { before: Vec::new(), action, after, needs, takes }
}
