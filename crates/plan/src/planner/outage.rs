//! What is down while a plan is carried out, and for how long.

use super::needs::Needs;
use crate::{MoveKind, Plan, ReplicaRef, Resolved};
use rackberry_core::{Seconds, WorkloadId};
use std::collections::BTreeMap;

/// Completes the moves of a plan: what was stopped to make room is down until it starts again, and what
/// needs it is down with it.
pub(super) fn note(rack: &Resolved, needs: &Needs, plan: &mut Plan) {
    let takes: Vec<Seconds> = (0..plan.waves.len()).map(|it| plan.takes(it)).collect();
    let mut stopped: BTreeMap<ReplicaRef, usize> = BTreeMap::new();
    for (at, wave) in plan.waves.iter_mut().enumerate() {
        for it in &mut wave.moves {
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
                it.dependents = dependents(rack, needs, &it.replica.workload);
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
