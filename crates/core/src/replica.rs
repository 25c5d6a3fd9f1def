//! Replicas of workloads, and their volumes.

use crate::{WorkloadId, as_text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One replica of a workload, as `pi-hole/0`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplicaRef {
    /// The workload.
    pub workload: WorkloadId,
    /// Which of its replicas, from 0.
    pub ordinal: u32,
}

impl FromStr for ReplicaRef {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a replica: write it like `pi-hole/0`");
        let (workload, ordinal) = text.rsplit_once('/').ok_or_else(wrong)?;
        let workload = workload.parse().map_err(|_| wrong())?;
        Ok(Self { workload, ordinal: ordinal.parse().map_err(|_| wrong())? })
    }
}

impl fmt::Display for ReplicaRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.workload, self.ordinal)
    }
}

/// A volume of one replica, as `prometheus/0:data`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VolumeRef {
    /// The replica.
    pub replica: ReplicaRef,
    /// The name of the volume within the workload.
    pub name: String,
}

impl FromStr for VolumeRef {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':').filter(|it| !it.1.is_empty()) {
            Some((replica, name)) => Ok(Self { replica: replica.parse()?, name: name.into() }),
            None => Err(format!("`{text}` is not a volume: write it like `prometheus/0:data`")),
        }
    }
}

impl fmt::Display for VolumeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.replica, self.name)
    }
}

as_text! {
    ReplicaRef, "^.+/[0-9]+$", "one replica of a workload, as `pi-hole/0`";
    VolumeRef, "^.+/[0-9]+:.+$", "a volume of a replica, as `prometheus/0:data`";
}

/// How good a copy of a volume is, from the worst.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum CopyState {
    /// Taken while it was written to: not yet fit for use.
    Hot,
    /// Complete, taken while nobody wrote.
    Cold,
    /// Complete, and its checksums were compared with those of the original.
    Compared,
}
