//! What has to be so when everything is done.

use super::touch::nodes_of;
use super::{Place, RuleFault, Violation};
use crate::rack::Replicas;
use crate::{Observed, Plan, ReplicaRef, Resolved};
use rackberry_core::WorkloadId;
use std::collections::BTreeSet;

/// Reports who is missing, and who is not beside what it has to be with.
pub(super) fn check(plan: &Plan, rack: &Resolved, seen: &Observed, found: &mut Vec<Violation>) {
    let blocked: BTreeSet<&ReplicaRef> = plan.blocked.iter().map(|it| &it.replica).collect();
    for (at, replica) in rack.replicas.iter().enumerate() {
        let name = rack.replica_ref(at);
        let mut report = |fault| found.push(Violation::new(Place::End, fault));
        match (replica.on, nodes_of(seen, &name).next()) {
            (Some(_), None) => report(RuleFault::Lost { replica: name }),
            (None, None) if !blocked.contains(&name) => {
                report(RuleFault::Forgotten { replica: name });
            }
            (None, None) => {}
            (_, Some(node)) => {
                if blocked.contains(&name) {
                    continue;
                }
                for other in rack.written(replica.workload).with.iter() {
                    if !beside(rack, seen, &blocked, &name, other, node) {
                        let (replica, other) = (name.clone(), other.clone());
                        report(RuleFault::With { replica, other });
                    }
                }
            }
        }
    }
}

/// Whether the replica of the same number, or the one that is on every node, is on `node`. One that does not run, or
/// cannot be moved, is not waited for.
fn beside(
    rack: &Resolved,
    seen: &Observed,
    blocked: &BTreeSet<&ReplicaRef>,
    replica: &ReplicaRef,
    other: &WorkloadId,
    node: &rackberry_core::NodeId,
) -> bool {
    let Some(at) = rack.workload(other) else { return true };
    if rack.written(at).replicas == Replicas::EveryNode {
        return rack.node(node).is_some_and(|it| rack.workloads[at].every.contains(&it));
    }
    let partner = ReplicaRef { workload: other.clone(), ordinal: replica.ordinal };
    if rack.replica(&partner).is_none() || blocked.contains(&partner) {
        return true;
    }
    let mut nodes = nodes_of(seen, &partner).peekable();
    nodes.peek().is_none() || nodes.any(|it| it == node)
}
