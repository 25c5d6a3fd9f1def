use super::text::is_default;
use rackberry_core::{DiskId, NodeId, ServiceId};
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

/// How the disks of a pool stand in for each other.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Not at all: any disk that dies takes the pool with it.
    #[default]
    Stripe,
    /// Every disk holds everything.
    Mirror,
    /// One disk may die.
    Raidz1,
    /// Two disks may die.
    Raidz2,
    /// Three disks may die.
    Raidz3,
}

impl Layout {
    /// How many of `disks` may die before the pool does.
    pub fn spare_disks(self, disks: usize) -> usize {
        match self {
            Self::Stripe => 0,
            Self::Mirror => disks.saturating_sub(1),
            Self::Raidz1 => 1,
            Self::Raidz2 => 2,
            Self::Raidz3 => 3,
        }
    }

    /// The fewest disks it can be made of.
    pub fn fewest_disks(self) -> usize {
        match self {
            Self::Stripe => 1,
            Self::Mirror | Self::Raidz1 => 2,
            Self::Raidz2 => 3,
            Self::Raidz3 => 4,
        }
    }
}
