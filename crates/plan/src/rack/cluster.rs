use super::List;
use super::text::is_default;
use rackberry_core::{NetworkId, ThingId, Version};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A cluster. Its members are the nodes that name it; exactly one of `talos`, `k3s`, `kubernetes` and `proxmox` says
/// what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Cluster {
    /// Kubernetes on Talos Linux.
    #[serde(skip_serializing_if = "is_default")]
    pub talos: Option<Talos>,
    /// Kubernetes by K3s.
    #[serde(skip_serializing_if = "is_default")]
    pub k3s: Option<K3s>,
    /// Kubernetes by other means.
    #[serde(skip_serializing_if = "is_default")]
    pub kubernetes: Option<Kubernetes>,
    /// Proxmox VE, held together by corosync.
    #[serde(skip_serializing_if = "is_default")]
    pub proxmox: Option<Proxmox>,
    /// Where its API answers, as `https://10.0.2.20:6443`.
    #[serde(skip_serializing_if = "is_default")]
    pub endpoint: Option<String>,
    /// The class that a claim without `storage-class` gets: `local-path` on K3s where nothing is said.
    #[serde(skip_serializing_if = "is_default")]
    pub default_storage_class: Option<String>,
    /// Whether workloads may run on the control plane: yes on K3s, no elsewhere, where nothing is said.
    #[serde(skip_serializing_if = "is_default")]
    pub workloads_on_control_plane: Option<bool>,
}

/// Talos Linux.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Talos {
    /// The version of Talos, as `v1.13.9`.
    #[serde(skip_serializing_if = "is_default")]
    pub version: Option<Version>,
    /// The image factory's schematic, or the name of an overlay such as `rpi_generic`.
    #[serde(skip_serializing_if = "is_default")]
    pub schematic: Option<String>,
}

/// K3s.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct K3s {
    /// The version, as `v1.34.1+k3s1`.
    #[serde(skip_serializing_if = "is_default")]
    pub version: Option<Version>,
    /// Where the cluster keeps its state.
    #[serde(skip_serializing_if = "is_default")]
    pub datastore: Datastore,
}

/// Where a K3s cluster keeps its state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Datastore {
    /// In SQLite on its only server.
    #[default]
    Sqlite,
    /// In etcd, on its servers.
    Etcd,
    /// In a database elsewhere.
    External,
}

/// Kubernetes by other means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Kubernetes {
    /// The version, as `v1.34.1`.
    #[serde(skip_serializing_if = "is_default")]
    pub version: Option<Version>,
}

/// Proxmox VE.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Proxmox {
    /// The version, as `9.1`.
    #[serde(skip_serializing_if = "is_default")]
    pub version: Option<Version>,
    /// The networks that carry corosync, the first preferred. Each member's own network where nothing is said.
    #[serde(skip_serializing_if = "is_default")]
    pub corosync: List<NetworkId>,
    /// What gives the further vote of a QDevice.
    #[serde(skip_serializing_if = "is_default")]
    pub qdevice: Option<ThingId>,
}
