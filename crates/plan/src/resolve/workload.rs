//! Workloads, counted replica by replica.

use super::{Barrier, Load, Resolved};
use crate::rack::{Amounts, Rack, Replicas, Volume, VolumeKind, Workload};
use rackberry_core::{Bytes, ClusterId, WorkloadId};
use std::ops::Range;

/// A workload with everything known.
#[derive(Clone, Debug)]
pub struct ResolvedWorkload {
    /// Its name.
    pub id: WorkloadId,
    /// As it was written; here as well, since finding it by its name takes longer than using it.
    pub(super) written: Workload,
    /// The cluster it runs in; none where the rack has no cluster for it.
    pub cluster: Option<ClusterId>,
    /// What the scheduler sets aside for each replica.
    pub request: Load,
    /// What each replica uses: seen, or else requested, or else assumed.
    pub need: Load,
    /// Whether the file says anything of its memory.
    pub known: bool,
    /// Its replicas, by position.
    pub replicas: Range<usize>,
    /// The nodes that each run one of it, if it runs on every node.
    pub every: Vec<usize>,
}

/// One replica that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replica {
    /// Its workload, by position.
    pub workload: usize,
    /// Which one it is, from 0.
    pub ordinal: u32,
    /// Where it runs now.
    pub on: Option<usize>,
    /// The node that has its volumes; where it runs, or ran last.
    pub bound: Option<usize>,
}

/// A volume that lies on the node itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalVolume {
    /// Its name.
    pub name: String,
    /// What must be copied to bring it elsewhere.
    pub bytes: Bytes,
}

/// Those of a workload's volumes that lie on the node itself, with their positions.
pub(super) fn local(volumes: &[Volume]) -> impl Iterator<Item = (usize, &Volume)> {
    volumes.iter().enumerate().filter(|(_, it)| it.kind == VolumeKind::LocalPath)
}

pub(super) fn local_volumes(volumes: &[Volume]) -> Vec<LocalVolume> {
    local(volumes)
        .map(|(at, volume)| LocalVolume {
            name: volume_name(volumes, at),
            bytes: volume.bytes_to_copy(),
        })
        .collect()
}

/// The name of a volume, by its position: `data` where it has none.
pub(super) fn volume_name(volumes: &[Volume], at: usize) -> String {
    match (&volumes[at].name, volumes.len()) {
        (Some(name), _) => name.clone(),
        (None, 1) => "data".into(),
        (None, _) => format!("data-{at}"),
    }
}

/// Fills in the workloads and the replicas of `rack`, whose nodes are known.
pub(super) fn count(rack: &mut Resolved) {
    let only = only_kubernetes(&rack.rack);
    let mut workloads = Vec::with_capacity(rack.rack.workloads.len());
    let mut replicas = Vec::new();
    for (at, (id, written)) in rack.rack.workloads.iter().enumerate() {
        let first = replicas.len();
        if let Replicas::Count(count) = written.replicas {
            let on = |ordinal: u32| rack.node(written.on.get(ordinal as usize)?);
            replicas.extend((0..count).map(|ordinal| Replica {
                workload: at,
                ordinal,
                on: on(ordinal),
                bound: on(ordinal),
            }));
        }
        workloads.push(ResolvedWorkload {
            id: id.clone(),
            written: written.clone(),
            cluster: written.cluster.clone().or_else(|| only.cloned()),
            request: request(written),
            need: need(written, rack.rack.policy.assume),
            known: written.uses.memory.or(written.requests.memory).is_some(),
            replicas: first..replicas.len(),
            every: Vec::new(),
        });
    }
    rack.workloads = workloads;
    rack.replicas = replicas;
    for at in 0..rack.workloads.len() {
        if rack.written(at).replicas == Replicas::EveryNode {
            // Daemons tolerate a cordon: <https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/>.
            let free =
                |node: &usize| matches!(rack.barrier(at, *node), None | Some(Barrier::Cordoned));
            rack.workloads[at].every = (0..rack.nodes.len()).filter(free).collect();
        }
    }
}

/// The one cluster that workloads can mean where they name none.
pub(super) fn only_kubernetes(rack: &Rack) -> Option<&ClusterId> {
    let mut all = rack.clusters.iter().filter(|it| it.1.proxmox.is_none()).map(|it| it.0);
    let first = all.next();
    first.filter(|_| all.next().is_none())
}

fn request(workload: &Workload) -> Load {
    Load {
        memory: workload.requests.memory.unwrap_or_default(),
        cpu: workload.requests.cpu.unwrap_or_default(),
    }
}

fn need(workload: &Workload, assume: Amounts) -> Load {
    let (uses, requests) = (workload.uses, workload.requests);
    Load {
        memory: uses.memory.or(requests.memory).or(assume.memory).unwrap_or_default(),
        cpu: uses.cpu.or(requests.cpu).or(assume.cpu).unwrap_or_default(),
    }
}
