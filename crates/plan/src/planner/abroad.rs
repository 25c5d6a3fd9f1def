//! Replicas on machines that the file does not name. To start them elsewhere would be to run them twice, or without
//! what is on their volumes.

use crate::{Blocked, Observed, Resolved, VolumeRef};
use rackberry_core::NodeId;
use std::collections::BTreeMap;

/// The replicas that must not be started, by position, and why.
pub(super) fn abroad(rack: &Resolved, seen: &Observed) -> BTreeMap<usize, String> {
    (0..rack.replicas.len()).filter_map(|it| Some((it, why(rack, seen, it)?))).collect()
}

fn why(rack: &Resolved, seen: &Observed, replica: usize) -> Option<String> {
    let name = rack.replica_ref(replica);
    let unknown = |it: &&NodeId| rack.node(it).is_none();
    let volumes = rack.local_volumes(replica).into_iter();
    let mut bound = volumes
        .filter_map(|it| seen.bound.get(&VolumeRef { replica: name.clone(), name: it.name }));
    let advice = "name that in the file, with `cordoned: true`, and it is moved off";
    if let Some(node) = bound.find(unknown) {
        return Some(format!("its volume lies on {node}, which the file does not name: {advice}"));
    }
    let mut nodes = seen.running.get(&name).into_iter().flatten();
    let node = nodes.find(unknown)?;
    Some(format!("it runs on {node}, which the file does not name: {advice}"))
}

/// Says so of each of them.
pub(super) fn say(rack: &Resolved, abroad: &BTreeMap<usize, String>, blocked: &mut Vec<Blocked>) {
    for (replica, why) in abroad {
        let replica = rack.replica_ref(*replica);
        blocked.retain(|it| it.replica != replica);
        blocked.push(Blocked { replica, reason: why.clone() });
    }
    blocked.sort();
}
