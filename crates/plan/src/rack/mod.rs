//! The rack file as types: what the rack is, what runs on it, and what may be done about it.
//!
//! Every type is plain serde data. Build them in code, or read them from any format. What the catalogue knows need not
//! be written, and what is not written is not known; [`Rack::resolve`] fills it in.

mod cluster;
mod fingerprint;
mod hardware;
mod network;
mod node;
mod policy;
mod power;
mod secret;
mod service;
mod storage;
mod switch;
pub(crate) mod text;
mod volume;
mod workload;

pub use cluster::{Cluster, Datastore, K3s, Kubernetes, Proxmox, Talos};
pub use fingerprint::Fingerprint;
pub use hardware::{Board, Catalogue, Hat, PoeStandard, PortGroup, Socket, SwitchModel, System};
pub use network::{Mac, Network};
pub use node::{Arch, Boot, Disk, Link, Node, Os, Role};
pub use policy::{Policy, Weights};
pub use power::{Draw, Outlet};
pub use rackberry_core::{Effect, Layout, Taint, VlanId};
pub(crate) use secret::SECRET_IN_THE_OPEN;
pub use secret::SecretRef;
pub use service::{Need, Server, Service};
pub use storage::Pool;
pub use switch::{Port, PortEnd, PortRef, Switch};
pub use text::List;
pub use volume::{Export, Volume, VolumeKind};
pub use workload::{Amounts, HostPort, Protocol, Replicas, Spread, Toleration, Topology, Workload};

use rackberry_core::{
    ClusterId, NetworkId, NodeId, OutletId, PoolId, ServiceId, SwitchId, WorkloadId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use text::is_default;

/// A rack: everything that one file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rack {
    /// Its name.
    pub rack: String,
    /// What the file adds to the built-in catalogue, or corrects in it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub catalogue: Catalogue,
    /// Networks: VLANs and subnets.
    #[serde(default, skip_serializing_if = "is_default")]
    pub networks: BTreeMap<NetworkId, Network>,
    /// Outlets, power strips and UPSes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub outlets: BTreeMap<OutletId, Outlet>,
    /// Switches.
    #[serde(default, skip_serializing_if = "is_default")]
    pub switches: BTreeMap<SwitchId, Switch>,
    /// Machines.
    #[serde(default, skip_serializing_if = "is_default")]
    pub nodes: BTreeMap<NodeId, Node>,
    /// Storage pools.
    #[serde(default, skip_serializing_if = "is_default")]
    pub pools: BTreeMap<PoolId, Pool>,
    /// Clusters.
    #[serde(default, skip_serializing_if = "is_default")]
    pub clusters: BTreeMap<ClusterId, Cluster>,
    /// Things outside the clusters that others depend on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub services: BTreeMap<ServiceId, Service>,
    /// What runs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub workloads: BTreeMap<WorkloadId, Workload>,
    /// What to weigh, and what may not be crossed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub policy: Policy,
}
