//! A rack with everything worked out: names found, the catalogue applied, replicas counted.

mod eligible;
mod itself;
mod machine;
mod names;
mod spell;
mod workload;

pub use eligible::Barrier;
pub use machine::{Feed, Power, ResolvedNode, ResolvedSwitch};
pub use workload::{LocalVolume, Replica, ResolvedWorkload};

use crate::rack::{Catalogue, Rack, Role, Topology};
use crate::{Finding, Observed, ReplicaRef, VolumeRef};
use rackberry_core::{Bytes, ClusterId, Millicores, NodeId, SwitchId, ThingId, WorkloadId};

/// Memory and CPU, known or assumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Memory.
    pub memory: Bytes,
    /// CPU.
    pub cpu: Millicores,
}

impl Load {
    /// Both sums; the largest value there is where it would not fit.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { memory: self.memory.plus(other.memory), cpu: self.cpu.plus(other.cpu) }
    }

    /// What is left of both; nothing where `other` is larger.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self { memory: self.memory.minus(other.memory), cpu: self.cpu.minus(other.cpu) }
    }
}

/// A rack in which every name is found and every default is filled in.
///
/// Everything is sorted by name, and referred to by its position.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The rack as it was written.
    pub rack: Rack,
    /// The built-in catalogue with what the file adds to it.
    pub catalogue: Catalogue,
    /// The nodes.
    pub nodes: Vec<ResolvedNode>,
    /// The switches.
    pub switches: Vec<ResolvedSwitch>,
    /// The workloads.
    pub workloads: Vec<ResolvedWorkload>,
    /// Every replica that is counted, those of one workload side by side.
    pub replicas: Vec<Replica>,
}

impl Rack {
    /// Finds every name and fills in every default.
    ///
    /// # Errors
    ///
    /// Returns what names something that is not there, or is not complete enough to work with.
    pub fn resolve(&self) -> Result<Resolved, Vec<Finding>> {
        let mut findings = Vec::new();
        let catalogue = self.catalogue.complete(Catalogue::built_in(), &mut findings);
        findings.extend(names::unknown(self, &catalogue));
        findings.extend(itself::findings(self));
        if !findings.is_empty() {
            findings.sort();
            return Err(findings);
        }
        Ok(Resolved::new(self.clone(), catalogue))
    }
}

impl Resolved {
    fn new(rack: Rack, catalogue: Catalogue) -> Self {
        let switches = machine::switches(&rack, &catalogue);
        let nodes = machine::nodes(&rack, &catalogue, &switches);
        let mut all =
            Self { rack, catalogue, nodes, switches, workloads: Vec::new(), replicas: Vec::new() };
        workload::count(&mut all);
        machine::own_loads(&mut all);
        all
    }

    /// The same rack with its replicas where they are seen, and nothing new on machines that are not up.
    #[must_use]
    pub fn as_seen(&self, seen: &Observed) -> Self {
        let mut rack = self.clone();
        for at in 0..rack.replicas.len() {
            let name = self.replica_ref(at);
            let runs = seen.running.get(&name).into_iter().flatten();
            let bound = self.local_volumes(at).into_iter().find_map(|it| {
                let volume = VolumeRef { replica: name.clone(), name: it.name };
                self.node(seen.bound.get(&volume)?)
            });
            let runs: Vec<usize> = runs.filter_map(|it| self.node(it)).collect();
            let on = bound.filter(|it| runs.contains(it)).or(runs.first().copied());
            (rack.replicas[at].on, rack.replicas[at].bound) = (on, bound.or(on));
        }
        for node in &mut rack.nodes {
            node.cordoned |= !seen.ready.contains(&node.id);
        }
        rack
    }

    /// The position of a node.
    pub fn node(&self, id: &NodeId) -> Option<usize> {
        self.nodes.binary_search_by(|it| it.id.cmp(id)).ok()
    }

    /// The position of a switch.
    pub fn switch(&self, id: &SwitchId) -> Option<usize> {
        self.switches.binary_search_by(|it| it.id.cmp(id)).ok()
    }

    /// The position of a workload.
    pub fn workload(&self, id: &WorkloadId) -> Option<usize> {
        self.workloads.binary_search_by(|it| it.id.cmp(id)).ok()
    }

    /// The position of a replica.
    pub fn replica(&self, id: &ReplicaRef) -> Option<usize> {
        let mut all = self.workloads[self.workload(&id.workload)?].replicas.clone();
        all.nth(usize::try_from(id.ordinal).ok()?)
    }

    /// The name of a replica, by its position.
    pub fn replica_ref(&self, replica: usize) -> ReplicaRef {
        let replica = &self.replicas[replica];
        let workload = self.workloads[replica.workload].id.clone();
        ReplicaRef { workload, ordinal: replica.ordinal }
    }

    /// The volumes of a replica that lie on its node, by the replica's position.
    pub fn local_volumes(&self, replica: usize) -> Vec<LocalVolume> {
        self.local_volumes_of(self.replicas[replica].workload)
    }

    /// The volumes of each replica of a workload that lie on its node.
    pub(crate) fn local_volumes_of(&self, workload: usize) -> Vec<LocalVolume> {
        workload::local_volumes(&self.written(workload).volumes)
    }

    /// What the volumes of a workload's replica take on its node.
    pub(crate) fn local_bytes(&self, workload: usize) -> Bytes {
        workload::local(&self.written(workload).volumes).map(|it| it.1.bytes_to_copy()).sum()
    }

    /// What the largest disk of a node holds; none where the file does not say it of every disk.
    pub(crate) fn local_room(&self, node: usize) -> Option<Bytes> {
        let disks = self.rack.nodes.get(&self.nodes[node].id)?.disks.values();
        disks.map(|it| it.size).collect::<Option<Vec<Bytes>>>()?.into_iter().max()
    }

    /// A workload as it was written, by its position.
    pub fn written(&self, workload: usize) -> &crate::rack::Workload {
        &self.workloads[workload].written
    }

    /// Whether a node votes in its cluster: a control plane does, and every member of a Proxmox cluster.
    pub fn votes(&self, node: usize) -> bool {
        let it = &self.nodes[node];
        let cluster = it.cluster.as_ref().and_then(|it| self.rack.clusters.get(it));
        it.role == Role::ControlPlane || cluster.is_some_and(|it| it.proxmox.is_some())
    }

    /// The members of a cluster, by position.
    pub fn members<'a>(&'a self, cluster: &'a ClusterId) -> impl Iterator<Item = usize> + 'a {
        let member = |it: &(usize, &ResolvedNode)| it.1.cluster.as_ref() == Some(cluster);
        self.nodes.iter().enumerate().filter(member).map(|it| it.0)
    }

    /// What offers `thing`: everything of that name, or else everything that serves it.
    pub fn providers(&self, thing: &ThingId) -> Vec<Thing> {
        names::providers(&self.rack, thing)
    }

    /// The part of the rack that a node belongs to, for each node; `None` where it has none.
    pub fn parts(&self, topology: &Topology) -> Vec<Option<u32>> {
        machine::parts(self, topology)
    }
}

/// Anything that others can depend on, by its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// A node.
    Node(NodeId),
    /// A switch.
    Switch(SwitchId),
    /// An outlet.
    Outlet(rackberry_core::OutletId),
    /// A pool.
    Pool(rackberry_core::PoolId),
    /// A service.
    Service(rackberry_core::ServiceId),
    /// A workload.
    Workload(WorkloadId),
}
