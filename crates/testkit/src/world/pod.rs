//! Workloads and their pods.

use super::cluster::ClusterRoom;
use super::due::Due;
use super::room::{Room, fail};
use rackberry_core::{
    Bytes, ClusterId, Digest, Effect, ErrorKind, Eviction, Manifest, NodeId, PodRef, PodState,
    ReplicaRef, Result, Taint, VolumeRef, WorkloadId,
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a volume takes on a disk of which the manifest does not say it.
const SIZE: Bytes = Bytes(1 << 30);

/// What a manifest says, in the form that the clusters of this room read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Needs {
    requests: u64,
    min_available: usize,
    volumes: Listed,
}

/// The volumes of each replica: their names, or their names and how many bytes each may hold.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Listed {
    Named(BTreeSet<String>),
    Sized(BTreeMap<String, u64>),
}

impl Default for Listed {
    fn default() -> Self {
        Self::Named(BTreeSet::new())
    }
}

/// A workload that was declared.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Declared {
    pub(super) digest: Digest,
    needs: Needs,
}

impl Declared {
    pub(super) fn read(manifest: &Manifest) -> Result<Self> {
        // The cause would show the text, which may hold secrets.
        match serde_json::from_str(manifest.text.expose_secret()) {
            Ok(needs) => Ok(Self { digest: manifest.digest.clone(), needs }),
            Err(_) => {
                fail(ErrorKind::Invalid, format!("use the manifest of {}", manifest.workload))
            }
        }
    }

    /// The volumes of a replica, and what each takes on a disk.
    pub(super) fn volumes(&self, replica: &ReplicaRef) -> Vec<(VolumeRef, Bytes)> {
        let volume = |name: &String| VolumeRef { replica: replica.clone(), name: name.clone() };
        match &self.needs.volumes {
            Listed::Named(all) => all.iter().map(|it| (volume(it), SIZE)).collect(),
            Listed::Sized(all) => all.iter().map(|it| (volume(it.0), Bytes(*it.1))).collect(),
        }
    }
}

/// A pod as it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Pod {
    pub(super) replica: ReplicaRef,
    pub(super) node: NodeId,
    uid: String,
    /// The boot of its node that it runs in; it starts anew with the next.
    boots: u64,
    pub(super) since: u64,
    pub(super) ready: bool,
}

impl Pod {
    pub(super) fn state(&self) -> PodState {
        let name = format!("default/{}-{}", self.replica.workload, self.replica.ordinal);
        let pod = PodRef { name, uid: self.uid.clone() };
        PodState { pod, replica: Some(self.replica.clone()), ready: self.ready, stays: false }
    }
}

impl ClusterRoom {
    fn requests(&self, workload: &WorkloadId) -> Bytes {
        Bytes(self.workloads.get(workload).map_or(0, |it| it.needs.requests))
    }

    /// What some pods request together.
    pub(super) fn requested<'a>(&self, pods: impl IntoIterator<Item = &'a &'a Pod>) -> Bytes {
        pods.into_iter().map(|it| self.requests(&it.replica.workload)).sum()
    }

    pub(super) fn evict(&mut self, pod: &PodRef) -> Eviction {
        let named = |it: &&Pod| it.uid == pod.uid && it.state().pod == *pod;
        let Some(leaving) = self.pods.iter().find(named) else {
            return Eviction::Granted;
        };
        let workload = &leaving.replica.workload;
        let others = self.pods.iter().filter(|it| it.uid != pod.uid && it.ready);
        let left = others.filter(|it| it.replica.workload == *workload).count();
        let least = self.workloads.get(workload).map_or(0, |it| it.needs.min_available);
        if left < least {
            return Eviction::Budget;
        }
        self.remove_pods(|it| it.uid == pod.uid);
        Eviction::Granted
    }

    /// Makes those leave that a taint drives out.
    pub(super) fn drive_out(&mut self, node: &NodeId) {
        if self.tainted(node, |it| it.effect == Effect::NoExecute) {
            self.remove_pods(|it| it.node == *node);
        }
    }

    pub(super) fn remove_pods(&mut self, leaves: impl Fn(&Pod) -> bool) {
        let left = self.pods.extract_if(.., |it| leaves(it));
        self.stale.writers.extend(left.map(|it| it.replica));
    }

    fn tainted(&self, node: &NodeId, how: impl Fn(&Taint) -> bool) -> bool {
        self.members.get(node).is_some_and(|it| it.marks.taints.iter().any(how))
    }

    /// Whether a replica runs on a member already.
    fn knows(&self, replica: &ReplicaRef, node: &NodeId) -> Result<bool> {
        let declared = self.workloads.contains_key(&replica.workload);
        match declared && self.members.contains_key(node) {
            true => Ok(self.pods.iter().any(|it| it.replica == *replica && it.node == *node)),
            false => fail(ErrorKind::NotFound, format!("start {replica} on {node}")),
        }
    }

    fn fits(&self, replica: &ReplicaRef, node: &NodeId, allocatable: Bytes) -> bool {
        let there: Vec<_> = self.pods.iter().filter(|it| it.node == *node).collect();
        self.requested(&there).plus(self.requests(&replica.workload)) <= allocatable
    }

    fn may_take(&self, node: &NodeId, replica: &ReplicaRef) -> bool {
        let keeps_off = |it: &Taint| match it.effect {
            Effect::NoSchedule | Effect::NoExecute => true,
            Effect::PreferNoSchedule => false,
        };
        let open = self.members.get(node).is_some_and(|it| it.schedulable);
        open && !self.tainted(node, keeps_off) && self.lies_here(node, replica)
    }

    fn lies_here(&self, node: &NodeId, replica: &ReplicaRef) -> bool {
        let Some(declared) = self.workloads.get(&replica.workload) else { return false };
        let elsewhere = |it: VolumeRef| self.volumes.get(&it).is_some_and(|it| it.bound != *node);
        !declared.volumes(replica).into_iter().any(|it| elsewhere(it.0))
    }
}

impl Room {
    /// The memory that pods may request on a machine: an eighth is the system's own.
    pub(super) fn allocatable(&self, node: &NodeId) -> Bytes {
        self.machines.get(node).map(|it| Bytes(it.plan.memory.0 / 8 * 7)).unwrap_or_default()
    }

    pub(super) fn start(
        &mut self,
        id: &ClusterId,
        replica: &ReplicaRef,
        node: &NodeId,
    ) -> Result<()> {
        let allocatable = self.allocatable(node);
        let (uid, now) = (format!("pod-{}", self.identity()), self.now);
        let cluster = self.cluster(id)?;
        if cluster.knows(replica, node)? {
            return Ok(());
        }
        if !cluster.fits(replica, node, allocatable) || !cluster.may_take(node, replica) {
            return fail(ErrorKind::Refused, format!("find a place for {replica} on {node}"));
        }
        cluster.place_volumes(replica, node);
        let (replica, node) = (replica.clone(), node.clone());
        cluster.stale.pods.insert(node.clone());
        cluster.pods.push(Pod { replica, node, uid, boots: 0, since: now, ready: false });
        Ok(())
    }

    /// Makes pods ready, or not, as their nodes are.
    pub(super) fn run_pods(&mut self) {
        let (now, latency) = (self.now, self.latency);
        let mut waiting = Vec::new();
        for (id, cluster) in &mut self.clusters {
            let nodes = std::mem::take(&mut cluster.stale.pods);
            for pod in cluster.pods.iter_mut().filter(|it| nodes.contains(&it.node)) {
                let up = cluster.members.get(&pod.node).is_some_and(|it| it.ready);
                let boots = self.machines.get(&pod.node).map_or(0, |it| it.boots);
                if up && pod.boots != boots {
                    if pod.boots > 0 {
                        self.identities += 1;
                        pod.uid = format!("pod-{}", self.identities);
                    }
                    (pod.boots, pod.since) = (boots, now);
                }
                let ready = up && now >= pod.since + latency;
                if ready != std::mem::replace(&mut pod.ready, ready) {
                    cluster.stale.writers.insert(pod.replica.clone());
                }
                if up && !ready {
                    waiting.push((pod.since + latency - now, id.clone(), pod.node.clone()));
                }
            }
        }
        for (ticks, cluster, node) in waiting {
            self.after(ticks, Due::LookAfter { cluster, node });
        }
    }

    pub(super) fn look_after(&mut self, id: &ClusterId, node: NodeId) {
        if let Some(it) = self.clusters.get_mut(id) {
            it.stale.pods.insert(node);
        }
    }
}
