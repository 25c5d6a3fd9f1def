//! Clusters that were not seen. What runs there is not known, so nothing of it is started: it would run twice.

use crate::{Blocked, Observed, Resolved};

/// The rack without the workloads of clusters that were not seen: none of its nodes may take them.
pub(super) fn aside(mut rack: Resolved, seen: &Observed) -> Resolved {
    for workload in &mut rack.workloads {
        if workload.cluster.as_ref().is_some_and(|it| !seen.clusters.contains_key(it)) {
            workload.cluster = None;
        }
    }
    rack
}

/// Says so, of each of their replicas.
pub(super) fn say(rack: &Resolved, seen: &Observed, blocked: &mut [Blocked]) {
    for it in blocked {
        let workload = rack.workload(&it.replica.workload).map(|at| &rack.workloads[at]);
        let cluster = workload.and_then(|it| it.cluster.as_ref());
        if let Some(cluster) = cluster.filter(|it| !seen.clusters.contains_key(*it)) {
            it.reason = format!(
                "cluster {cluster} was not seen, so what runs there is not known: it is planned for once that answers"
            );
        }
    }
}
