//! What is there and the file does not name: it is left alone, unless it is asked for that it goes.

use super::bring::{BOOT, SWITCH};
use crate::{Action, Fact, Observed, Resolved, Step, Unnamed};
use rackberry_core::{ClusterId, NodeId, Power, Seconds};
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
    let mut all = Vec::new();
    for (id, state) in seen.clusters.iter().filter(|it| rack.rack.clusters.contains_key(it.0)) {
        let cluster = || Some(id);
        let workload = |it: &&_| {
            let at = rack.workload(it);
            at.is_none_or(|at| rack.workloads[at].cluster.as_ref() != cluster())
        };
        all.extend(
            state
                .workloads
                .keys()
                .filter(workload)
                .map(|it| Unnamed::Workload { workload: it.clone(), cluster: id.clone() }),
        );
        let member = |it: &&NodeId| {
            rack.node(it).is_none_or(|at| rack.nodes[at].cluster.as_ref() != cluster())
        };
        all.extend(
            state
                .members
                .keys()
                .filter(member)
                .map(|it| Unnamed::Member { node: it.clone(), cluster: id.clone() }),
        );
    }
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

/// The waves that remove what is to go, and what cannot go.
pub(super) fn removals(
    rack: &Resolved,
    seen: &Observed,
    unnamed: &[Unnamed],
    prune: Prune,
) -> (Vec<Vec<Step>>, BTreeMap<NodeId, String>) {
    let (mut withdrawn, mut destroyed) = (Vec::new(), Vec::new());
    let (mut waves, mut stuck) = (Vec::new(), BTreeMap::new());
    let mut seen = seen.clone();
    for it in unnamed {
        match it {
            Unnamed::Workload { workload, cluster } if prune.workloads => {
                let (workload, cluster) = (workload.clone(), cluster.clone());
                let after =
                    vec![Fact::Withdrawn { workload: workload.clone(), cluster: cluster.clone() }];
                withdrawn.push(step(Action::Withdraw { workload, cluster }, after, vec![], SWITCH));
            }
            Unnamed::Guest { guest, host, uid } if prune.guests => {
                destroy(&seen, host, guest, uid, &mut destroyed);
            }
            Unnamed::Member { node, cluster } if prune.members => {
                match stays(&seen, cluster, node) {
                    Some(why) => drop(stuck.insert(node.clone(), why)),
                    None => {
                        let wave = forget(&seen, cluster, node);
                        wave.iter().for_each(|it| seen.predict(rack, &it.action));
                        waves.push(wave);
                    }
                }
            }
            Unnamed::Workload { .. } | Unnamed::Guest { .. } | Unnamed::Member { .. } => {}
        }
    }
    waves.insert(0, withdrawn);
    waves.push(destroyed);
    waves.retain(|it| !it.is_empty());
    (waves, stuck)
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

/// Closes a member, asks all its pods to leave, and removes it.
fn forget(seen: &Observed, cluster: &ClusterId, node: &NodeId) -> Vec<Step> {
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
    for pod in pods.map(|it| it.pod.clone()) {
        let after = vec![Fact::Gone { node: own(), pod: pod.clone() }];
        wave.push(step(Action::Evict { node: own(), pod }, after, closed.clone(), BOOT));
    }
    let after = vec![Fact::Forgotten { cluster: cluster.clone(), node: own() }];
    let needs = (0..wave.len()).collect();
    wave.push(step(Action::Forget { cluster: cluster.clone(), node: own() }, after, needs, SWITCH));
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
