use super::text::is_default;
use rackberry_core::{DiskId, Layout, NodeId, ServiceId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A storage pool on a node, or on a service such as a NAS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Pool {
    /// The node whose disks it is made of.
    #[serde(skip_serializing_if = "is_default")]
    pub node: Option<NodeId>,
    /// The service that keeps it, if it is not a node of this rack.
    #[serde(skip_serializing_if = "is_default")]
    pub service: Option<ServiceId>,
    /// How its disks stand in for each other.
    #[serde(skip_serializing_if = "is_default")]
    pub layout: Layout,
    /// The node's disks that it is made of.
    #[serde(skip_serializing_if = "is_default")]
    pub disks: Vec<DiskId>,
}
