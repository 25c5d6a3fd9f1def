#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod cluster;
mod error;
pub mod figure;
mod id;
mod node;
mod power;
mod storage;
mod switch;
mod unit;

pub use cluster::{Cluster, ClusterState, Eviction, Member, PodRef};
pub use error::{Error, ErrorKind, Result};
pub use id::{
    BadName, BootId, ClusterId, DatasetId, DiskId, NetworkId, NodeId, OutletId, PoolId, PortNo,
    ServiceId, SwitchId, ThingId, Version, WorkloadId,
};
pub use node::{NodeConfig, NodeOs, NodeState};
pub use power::{Power, PowerCtl};
pub use storage::{Replicate, Snapshot, Storage, StorageState};
pub use switch::{Poe, PoePower, PortState, Switch, SwitchState};
pub use unit::{
    BadQuantity, BitsPerSecond, Bytes, Millicores, Milliwatts, PerGi, PerMinute, Permille, Points,
    Seconds,
};
