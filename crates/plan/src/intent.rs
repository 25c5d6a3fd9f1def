//! What a machine and a workload are to be: the facts that their configurations are made from.

use crate::rack::{Os, Replicas, Role};
use crate::{Rack, Resolved};
use rackberry_core::{
    Bytes, ClusterId, Digest, GuestSpec, NodeId, Version, VirtualDisk, WorkloadId,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;

/// What a machine is to be. Backends make its configuration from this, and from secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NodeIntent {
    /// Its name.
    pub node: NodeId,
    /// Its operating system.
    pub os: Option<Os>,
    /// The version of it, or of what makes it a member of its cluster.
    pub version: Option<Version>,
    /// Its address.
    pub address: Option<IpAddr>,
    /// The way out of its subnet.
    pub gateway: Option<IpAddr>,
    /// The cluster it is a member of.
    pub cluster: Option<ClusterId>,
    /// What it is there.
    pub role: Role,
    /// Where the cluster's API answers.
    pub endpoint: Option<String>,
}

/// What a workload is to be, as far as the rack file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct WorkloadIntent {
    /// Its name.
    pub workload: WorkloadId,
    /// The memory that each replica requests, in bytes.
    pub requests: u64,
    /// How many replicas must run all the time.
    pub min_available: u32,
    /// The volumes of each replica that lie on its node.
    pub volumes: Vec<String>,
    /// Whether one replica runs on every node.
    pub every_node: bool,
}

impl Resolved {
    /// What a machine is to be, by its position.
    pub fn node_intent(&self, node: usize) -> NodeIntent {
        let it = &self.nodes[node];
        let written = &self.rack.nodes[&it.id];
        let network = written.network.as_ref().and_then(|it| self.rack.networks.get(it));
        let cluster = it.cluster.as_ref().and_then(|it| self.rack.clusters.get(it));
        NodeIntent {
            node: it.id.clone(),
            os: written.os,
            version: self.version(node),
            address: written.address,
            gateway: network.and_then(|it| it.gateway),
            cluster: it.cluster.clone(),
            role: it.role,
            endpoint: cluster.and_then(|it| it.endpoint.clone()),
        }
    }

    /// The version that a machine should run, if the file says.
    pub fn version(&self, node: usize) -> Option<Version> {
        let cluster = self.rack.clusters.get(self.nodes[node].cluster.as_ref()?)?;
        let talos = cluster.talos.as_ref().and_then(|it| it.version.clone());
        let k3s = cluster.k3s.as_ref().and_then(|it| it.version.clone());
        let other = cluster.kubernetes.as_ref().and_then(|it| it.version.clone());
        talos.or(k3s).or(other).or_else(|| cluster.proxmox.as_ref()?.version.clone())
    }

    /// What a guest is made from, by its position.
    pub fn guest_spec(&self, node: usize) -> GuestSpec {
        let it = &self.nodes[node];
        let written = &self.rack.nodes[&it.id];
        let disk = |disk: &crate::rack::Disk| VirtualDisk {
            size: disk.size.unwrap_or(Bytes(0)),
            pool: disk.pool.clone(),
        };
        GuestSpec {
            guest: it.id.clone(),
            memory: it.memory,
            cores: it.cores,
            disks: written.disks.iter().map(|(id, it)| (id.clone(), disk(it))).collect(),
            vlan: written.network.as_ref().and_then(|it| self.vlan(it)),
        }
    }

    /// What a workload is to be, by its position.
    pub fn workload_intent(&self, workload: usize) -> WorkloadIntent {
        let (it, written) = (&self.workloads[workload], self.written(workload));
        WorkloadIntent {
            workload: it.id.clone(),
            requests: it.request.memory.0,
            min_available: written.min_available,
            volumes: self.local_volumes_of(workload).into_iter().map(|it| it.name).collect(),
            every_node: written.replicas == Replicas::EveryNode,
        }
    }
}

impl NodeIntent {
    /// Stands for it in plans and journals.
    pub fn digest(&self) -> Digest {
        digest(self)
    }
}

impl WorkloadIntent {
    /// Stands for it in plans and journals.
    pub fn digest(&self) -> Digest {
        digest(self)
    }
}

impl Rack {
    /// Stands for what the file says, whatever its layout and its comments: what a plan is bound to.
    pub fn digest(&self) -> Digest {
        digest(self)
    }
}

/// SHA-256 of its JSON, in hexadecimal.
fn digest(intent: &impl Serialize) -> Digest {
    // These hold nothing that JSON could not say.
    let text = serde_json::to_vec(intent).unwrap_or_default();
    let hash = Sha256::digest(&text);
    Digest(hash.iter().map(|it| format!("{it:02x}")).collect())
}
