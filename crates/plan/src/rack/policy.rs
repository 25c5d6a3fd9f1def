use super::Amounts;
use super::text::{is_default, whole, whole_schema};
use rackberry_core::{BitsPerSecond, PerGi, PerMinute, Permille, Points, Seconds, WorkloadId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the placement is to weigh, and the limits that nothing may cross.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Policy {
    /// How much of a node's usable memory may be in use, at rest and while things move.
    #[serde(deserialize_with = "whole")]
    #[schemars(schema_with = "whole_schema")]
    pub memory_limit: Permille,
    /// How much of a node's CPU may be in use.
    #[serde(deserialize_with = "whole")]
    #[schemars(schema_with = "whole_schema")]
    pub cpu_limit: Permille,
    /// What the terms of the score are worth.
    pub weights: Weights,
    /// Workloads that may be stopped to make room while things move.
    #[serde(skip_serializing_if = "is_default")]
    pub may_stop: Vec<WorkloadId>,
    /// Whether a workload may be moved together with its local-path volumes.
    pub move_volumes: bool,
    /// What a workload is taken to use when the file says nothing of it.
    #[serde(skip_serializing_if = "is_default")]
    pub assume: Amounts,
    /// How long a replica takes to stop and to start again, until it answers.
    pub restart: Seconds,
    /// How much of a volume changes while it is copied hot, and is copied again cold.
    #[serde(deserialize_with = "whole")]
    #[schemars(schema_with = "whole_schema")]
    pub churn: Permille,
    /// How fast the disk of a node reads and writes one long file; copies are no faster than this.
    pub disk_speed: BitsPerSecond,
    /// How much of a switch's power budget may be drawn.
    #[serde(deserialize_with = "whole")]
    #[schemars(schema_with = "whole_schema")]
    pub poe_limit: Permille,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            memory_limit: Permille(900),
            cpu_limit: Permille(1000),
            weights: Weights::default(),
            may_stop: Vec::new(),
            move_volumes: true,
            assume: Amounts::default(),
            restart: Seconds(30),
            churn: Permille(50),
            disk_speed: BitsPerSecond(400_000_000),
            poe_limit: Permille(900),
        }
    }
}

/// What the terms of the score are worth, in points. The lowest score wins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Weights {
    /// For each node: the square of the percentage in use, by the node's size.
    pub balance: Points,
    /// For each replica that moves, whatever else it costs.
    pub moves: Points,
    /// For each gibibyte of volumes that has to be copied.
    pub moved_bytes: PerGi,
    /// For each minute that a workload is down because it moves.
    pub downtime: PerMinute,
    /// For each replica that is not beside what it wants to be near.
    pub near: Points,
    /// For each replica on a node without the labels it prefers.
    pub prefer: Points,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            balance: Points(1000),
            moves: Points(5000),
            moved_bytes: PerGi(1000),
            downtime: PerMinute(10_000),
            near: Points(100_000),
            prefer: Points(100_000),
        }
    }
}
