//! What is down while a plan is carried out, and for how long.

use super::needs::Needs;
use crate::{MoveKind, Observed, Plan, ReplicaRef, Resolved, Step};
use rackberry_core::{Seconds, WorkloadId};
use std::collections::{BTreeMap, BTreeSet};

/// Replicas that run nowhere, and the wave that stopped them.
pub(super) type Stopped = BTreeMap<ReplicaRef, usize>;

/// The replicas that leave machines or are taken back in these waves, and run nowhere else.
pub(super) fn removed(rack: &Resolved, seen: &Observed, waves: &[Vec<Step>]) -> Stopped {
    let (mut seen, mut stopped) = (seen.clone(), Stopped::new());
    let mut ran = running(&seen);
    for (at, wave) in waves.iter().enumerate() {
        wave.iter().for_each(|it| seen.predict(rack, &it.action));
        let runs = running(&seen);
        stopped.extend(ran.difference(&runs).map(|it| (it.clone(), at)));
        ran = runs;
    }
    stopped
}

fn running(seen: &Observed) -> BTreeSet<ReplicaRef> {
    seen.running.iter().filter(|it| !it.1.is_empty()).map(|it| it.0.clone()).collect()
}

/// Completes the moves of a plan: what was stopped, to make room or before the first move, is down until it starts
/// again, and what needs it is down with it.
pub(super) fn note(rack: &Resolved, plan: &mut Plan, mut stopped: Stopped) {
    let needs = Needs::new(rack);
    let takes: Vec<Seconds> = (0..plan.waves.len()).map(|it| plan.takes(it)).collect();
    for (at, wave) in plan.waves.iter_mut().enumerate() {
        for it in &mut wave.moves {
            if it.kind == MoveKind::Start && stopped.contains_key(&it.replica) {
                it.kind = MoveKind::Resume;
            }
            match it.kind {
                MoveKind::Stop => {
                    stopped.insert(it.replica.clone(), at);
                }
                MoveKind::Resume => {
                    let since = stopped.remove(&it.replica).unwrap_or(at);
                    it.downtime = takes[since..=at].iter().copied().sum();
                }
                MoveKind::Restart => it.downtime = takes[at],
                MoveKind::Start
                | MoveKind::Move
                | MoveKind::ToTemporary
                | MoveKind::FromTemporary => {}
            }
            if it.downtime > Seconds(0) {
                it.dependents = dependents(rack, &needs, &it.replica.workload);
            }
        }
    }
}

/// What needs a workload, if one replica is all there is of it.
fn dependents(rack: &Resolved, needs: &Needs, workload: &WorkloadId) -> Vec<WorkloadId> {
    match rack.workload(workload) {
        Some(it) if rack.workloads[it].replicas.len() == 1 => needs.lost_with(rack, it),
        Some(_) | None => Vec::new(),
    }
}
