use crate::{Bytes, DiskId, NodeId, NodeOs, PoolId, Power, PowerCtl, Result, VlanId};
use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

/// A guest to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct GuestSpec {
    /// Its name.
    pub guest: NodeId,
    /// Its memory.
    pub memory: Bytes,
    /// Its virtual processors.
    pub cores: u16,
    /// Its virtual disks.
    pub disks: BTreeMap<DiskId, VirtualDisk>,
    /// The VLAN of its network card; that of the host where none is said.
    pub vlan: Option<VlanId>,
}

/// A virtual disk to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct VirtualDisk {
    /// How much it holds.
    pub size: Bytes,
    /// The pool of the host that it lies on; the host's own disk where none is said.
    pub pool: Option<PoolId>,
}

/// What a hypervisor says of one guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct GuestState {
    /// The identity; a guest made again under the same name has another.
    pub uid: String,
    /// Whether it is switched on.
    pub power: Power,
    /// Its memory.
    pub memory: Bytes,
    /// Its virtual processors.
    pub cores: u16,
    /// Its snapshots, by name, from the oldest.
    pub snapshots: Vec<String>,
}

/// The part of a machine's system that runs guests.
///
/// Where the host does not answer, every method is [`Unreachable`](crate::ErrorKind::Unreachable); where it does
/// not know us, [`Denied`](crate::ErrorKind::Denied).
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Guests: Debug + Send + Sync {
    /// Reads all guests.
    ///
    /// # Errors
    ///
    /// `Unreachable` where the host does not answer.
    async fn observe(&self) -> Result<BTreeMap<NodeId, GuestState>>;

    /// Makes a guest, switched off. One of that name is already made, and stays as it is.
    ///
    /// # Errors
    ///
    /// `Refused` where memory or room on a pool is missing, `NotFound` where a pool is.
    async fn create(&self, spec: &GuestSpec) -> Result<()>;

    /// Switches a guest on or off.
    ///
    /// # Errors
    ///
    /// `NotFound` where there is no such guest.
    async fn set_power(&self, guest: &NodeId, power: Power) -> Result<()>;

    /// Takes a snapshot. A name that exists is already taken, and keeps its first content.
    ///
    /// # Errors
    ///
    /// `NotFound` where there is no such guest.
    async fn snapshot(&self, guest: &NodeId, name: &str) -> Result<()>;

    /// Makes a guest what it was when the snapshot was first taken.
    ///
    /// # Errors
    ///
    /// `NotFound` where there is no such guest or snapshot.
    async fn roll_back(&self, guest: &NodeId, name: &str) -> Result<()>;

    /// Moves a guest, as it is, to another host of the same cluster. One that is not here is already moved.
    ///
    /// # Errors
    ///
    /// `NotFound` where there is no such host, `Refused` where it has no room.
    async fn migrate(&self, guest: &NodeId, to: &NodeId) -> Result<()>;

    /// Destroys exactly this guest, and frees its disks; another of the same name is left alone.
    ///
    /// # Errors
    ///
    /// `Refused` where it is switched on.
    async fn destroy(&self, guest: &NodeId, uid: &str) -> Result<()>;
}

/// A guest of a hypervisor, seen as the outlet of the machine that it is.
#[derive(Clone, Debug)]
pub struct GuestPower {
    /// The host.
    pub host: Arc<dyn NodeOs>,
    /// The guest.
    pub guest: NodeId,
}

impl GuestPower {
    fn guests(&self) -> Result<&dyn Guests> {
        let none = || crate::Error::not_found(format!("find the host of {}", self.guest));
        self.host.guests().ok_or_else(none)
    }
}

#[async_trait]
impl PowerCtl for GuestPower {
    async fn power(&self) -> Result<Power> {
        let all = self.guests()?.observe().await?;
        let none = || crate::Error::not_found(format!("find the guest {}", self.guest));
        all.get(&self.guest).map(|it| it.power).ok_or_else(none)
    }

    async fn set_power(&self, power: Power) -> Result<()> {
        self.guests()?.set_power(&self.guest, power).await
    }

    async fn draw(&self) -> Result<Option<crate::Milliwatts>> {
        Ok(None)
    }
}
