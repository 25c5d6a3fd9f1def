//! The handle of a cluster's control plane.

use super::World;
use super::cluster::{ClusterRoom, MemberRoom};
use super::install::Role;
use super::pod::{Declared, Pod};
use super::room::{Room, fail};
use async_trait::async_trait;
use rackberry_core::{
    Cluster, ClusterId, ClusterState, Credentials, Error, ErrorKind, Eviction, JoinTicket,
    Manifest, Marks, Member, NodeId, PodRef, ReplicaRef, Result, Version, VolumeRef, Volumes,
    WorkloadId,
};
use std::collections::BTreeMap;

impl Room {
    /// A cluster that answers.
    pub(super) fn cluster(&mut self, id: &ClusterId) -> Result<&mut ClusterRoom> {
        let answers = self.cluster_answers(id);
        let silent = || Error::new(ErrorKind::Unreachable, format!("reach the cluster {id}"));
        self.clusters.get_mut(id).filter(|_| answers).ok_or_else(silent)
    }

    fn begun(&mut self, id: &ClusterId) -> Result<&mut ClusterRoom> {
        let cluster = self.cluster(id)?;
        match cluster.uid {
            Some(_) => Ok(cluster),
            None => fail(ErrorKind::Refused, format!("ask {id} before it has begun")),
        }
    }

    fn cluster_state(&mut self, id: &ClusterId) -> Result<ClusterState> {
        self.cluster(id)?;
        let Some(it) = self.clusters.get(id) else { return Ok(ClusterState::default()) };
        let mut pods: BTreeMap<&NodeId, Vec<&Pod>> = BTreeMap::new();
        it.pods.iter().for_each(|it| pods.entry(&it.node).or_default().push(it));
        let member = |(node, room)| {
            let pods = pods.remove(node).unwrap_or_default();
            (NodeId::clone(node), self.member(it, node, room, &pods))
        };
        Ok(ClusterState {
            uid: it.uid.clone(),
            members: it.members.iter().map(member).collect(),
            workloads: it
                .workloads
                .iter()
                .map(|(id, it)| (id.clone(), it.digest.clone()))
                .collect(),
            volumes: it.volume_states(),
        })
    }

    fn member(
        &self,
        cluster: &ClusterRoom,
        node: &NodeId,
        it: &MemberRoom,
        pods: &[&Pod],
    ) -> Member {
        let system = self.machines.get(node).and_then(|it| it.system.as_ref());
        Member {
            ready: it.ready,
            schedulable: it.schedulable,
            voter: it.voter,
            version: system.map_or_else(|| Version::new("unknown"), |it| it.version.clone()),
            marks: it.marks.clone(),
            allocatable: self.allocatable(node),
            used: it.ready.then(|| cluster.requested(pods)),
            pods: pods.iter().map(|it| it.state()).collect(),
        }
    }

    fn bootstrap(&mut self, id: &ClusterId, first: &NodeId) -> Result<()> {
        let config = self.reach(first)?.config();
        let fit = config
            .is_some_and(|it| it.cluster.as_ref() == Some(id) && it.role == Role::ControlPlane);
        let uid = format!("{id}-{}", self.identity());
        let Some(cluster) = self.clusters.get_mut(id) else {
            return fail(ErrorKind::Unreachable, format!("reach the cluster {id}"));
        };
        if cluster.uid.is_some() {
            return Ok(());
        }
        if !fit {
            return fail(ErrorKind::Refused, format!("begin {id} on {first}"));
        }
        cluster.uid = Some(uid);
        cluster.plan.begun = Some(first.clone());
        cluster.bootstraps += 1;
        cluster.stale.all = true;
        Ok(())
    }

    fn forget(&mut self, id: &ClusterId, node: &NodeId) -> Result<()> {
        let installs = self.machines.get(node).map_or(0, |it| it.installs);
        let cluster = self.cluster(id)?;
        if !cluster.members.contains_key(node) {
            return Ok(());
        }
        if !cluster.can_spare(node) {
            return fail(
                ErrorKind::Refused,
                format!("forget {node}: too few voters would be left"),
            );
        }
        cluster.members.remove(node);
        cluster.remove_pods(|it| it.node == *node);
        cluster.stale.all = true;
        cluster.forgotten.insert(node.clone(), installs);
        Ok(())
    }
}

/// The control plane of a cluster, seen from the controller.
#[derive(Clone, Debug)]
pub(super) struct SimCluster {
    pub(super) world: World,
    pub(super) cluster: ClusterId,
}

impl SimCluster {
    fn call<T>(
        &self,
        doing: &str,
        act: impl FnOnce(&mut Room, &ClusterId) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let id = self.cluster.clone();
        self.world.call(doing, move |room| act(room, &id))
    }

    fn member(
        &self,
        doing: &str,
        node: &NodeId,
        act: impl FnOnce(&mut MemberRoom) + Send + 'static,
    ) -> Result<()> {
        let node = node.clone();
        self.call(doing, move |room, id| {
            let cluster = room.cluster(id)?;
            let none = || Error::not_found(format!("find the member {node}"));
            act(cluster.members.get_mut(&node).ok_or_else(none)?);
            cluster.drive_out(&node);
            Ok(())
        })
    }
}

#[async_trait]
impl Cluster for SimCluster {
    async fn observe(&self) -> Result<ClusterState> {
        self.call("observe the cluster", |room, id| room.cluster_state(id))
    }

    async fn bootstrap(&self, first: &NodeId) -> Result<()> {
        let first = first.clone();
        self.call("begin the cluster", move |room, id| room.bootstrap(id, &first))
    }

    async fn ticket(&self) -> Result<JoinTicket> {
        self.call("read the ticket", |room, id| {
            Ok(JoinTicket(room.begun(id)?.plan.ticket.clone().into()))
        })
    }

    async fn credentials(&self) -> Result<Credentials> {
        self.call("read the credentials", |room, id| {
            let uid = room.begun(id)?.uid.clone().unwrap_or_default();
            Ok(Credentials(format!("the key to {uid}").into()))
        })
    }

    async fn set_schedulable(&self, node: &NodeId, yes: bool) -> Result<()> {
        self.member("open or close a member", node, move |it| it.schedulable = yes)
    }

    async fn label(&self, node: &NodeId, marks: &Marks) -> Result<()> {
        let marks = marks.clone();
        self.member("label a member", node, move |it| {
            it.marks.labels.extend(marks.labels);
            it.marks.taints = marks.taints;
        })
    }

    async fn evict(&self, pod: &PodRef) -> Result<Eviction> {
        let pod = pod.clone();
        self.call("evict a pod", move |room, id| Ok(room.cluster(id)?.evict(&pod)))
    }

    async fn forget(&self, node: &NodeId) -> Result<()> {
        let node = node.clone();
        self.call("forget a member", move |room, id| room.forget(id, &node))
    }

    async fn apply(&self, manifest: &Manifest) -> Result<()> {
        let manifest = manifest.clone();
        self.call("declare a workload", move |room, id| {
            let cluster = room.begun(id)?;
            cluster.workloads.insert(manifest.workload.clone(), Declared::read(&manifest)?);
            Ok(())
        })
    }

    async fn withdraw(&self, workload: &WorkloadId) -> Result<()> {
        let workload = workload.clone();
        self.call("take back a workload", move |room, id| {
            let cluster = room.begun(id)?;
            cluster.workloads.remove(&workload);
            cluster.remove_pods(|it| it.replica.workload == workload);
            Ok(())
        })
    }

    async fn start(&self, replica: &ReplicaRef, node: &NodeId) -> Result<()> {
        let (replica, node) = (replica.clone(), node.clone());
        self.call("start a replica", move |room, id| room.start(id, &replica, &node))
    }

    async fn stop(&self, replica: &ReplicaRef, node: &NodeId) -> Result<()> {
        let (replica, node) = (replica.clone(), node.clone());
        self.call("stop a replica", move |room, id| {
            room.cluster(id)?.remove_pods(|it| it.replica == replica && it.node == node);
            Ok(())
        })
    }

    fn volumes(&self) -> Option<&dyn Volumes> {
        Some(self)
    }
}

#[async_trait]
impl Volumes for SimCluster {
    async fn copy(&self, volume: &VolumeRef, from: &NodeId, to: &NodeId) -> Result<()> {
        let (what, from, to) = (volume.clone(), from.clone(), to.clone());
        self.call("copy a volume", move |room, id| room.copy(id, &what, &from, &to))
    }

    async fn compare(&self, volume: &VolumeRef, from: &NodeId, to: &NodeId) -> Result<()> {
        let (what, from, to) = (volume.clone(), from.clone(), to.clone());
        self.call("compare a volume", move |room, id| room.compare(id, &what, &from, &to))
    }

    async fn bind(&self, volume: &VolumeRef, to: &NodeId) -> Result<()> {
        let (what, to) = (volume.clone(), to.clone());
        self.call("use a copy of a volume", move |room, id| room.bind(id, &what, &to))
    }
}
