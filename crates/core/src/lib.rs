#![doc = include_str!("../README.md")]
#![warn(missing_docs)]
#![allow(clippy::needless_lifetimes, reason = "the mocks cannot be made without them")]

mod budget;
mod cluster;
mod error;
pub mod figure;
mod gauge;
mod guest;
mod id;
mod node;
mod power;
mod replica;
mod setting;
mod storage;
mod switch;
mod taint;
mod text;
mod unit;
mod vitals;
mod vlan;

pub use budget::{OverBudget, PoeBudget, class_power};
pub use cluster::{
    Cluster, ClusterState, Credentials, Eviction, JoinTicket, Manifest, Marks, Member, PodRef,
    PodState, VolumeState, Volumes,
};
pub use error::{Error, ErrorKind, Result};
pub use gauge::{Celsius, Milliamperes, PoeGauge, Volts};
pub use guest::{GuestPower, GuestSpec, GuestState, Guests, VirtualDisk};
pub use id::{
    BadName, BootId, ClusterId, DatasetId, DiskId, NetworkId, NodeId, OutletId, PoolId, PortNo,
    ServiceId, SwitchId, ThingId, Version, WorkloadId,
};
pub use node::{Digest, NodeConfig, NodeOs, NodeState, Stage};
pub use power::{Power, PowerCtl};
pub use replica::{CopyState, ReplicaRef, VolumeRef};
pub use setting::PortSetting;
pub use storage::{
    DatasetState, Health, Layout, PoolSpec, PoolState, Replicate, Share, Snapshot, Storage,
    StorageState,
};
pub use switch::{Counters, Poe, PoePower, PoePriority, PoeState, PortState, Switch, SwitchState};
pub use taint::{Effect, Taint};
pub use unit::{
    BadQuantity, BitsPerSecond, Bytes, Millicores, Milliwatts, PerGi, PerMinute, Permille, Points,
    Seconds,
};
pub use vitals::{Probes, Vitals};
pub use vlan::{Tagging, VlanId, VlanTable};

/// The mocks of the traits, for tests of what is built on them.
#[cfg(feature = "mock")]
#[allow(missing_docs, reason = "what is made by the macro has no words of its own")]
pub mod mock {
    pub use crate::cluster::{MockCluster, MockVolumes};
    pub use crate::guest::MockGuests;
    pub use crate::node::MockNodeOs;
    pub use crate::power::MockPowerCtl;
    pub use crate::storage::{MockReplicate, MockShare, MockStorage};
    pub use crate::switch::{MockPoe, MockSwitch};
}
