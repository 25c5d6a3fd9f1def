use super::text::is_default;
use super::{Amounts, Draw, List, Mac, Need, PortRef, Server};
use rackberry_core::{
    BitsPerSecond, Bytes, ClusterId, DiskId, NetworkId, NodeId, OutletId, PoolId, Taint, ThingId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

/// A machine: a board, or a guest of a hypervisor.
///
/// What its board has (cores, memory, draw, network) comes from the catalogue and is written only
/// where this one differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Node {
    /// The board, as the catalogue names it: `pi4-4g`, `pi5-8g`, `cm4-8g`, `vm`.
    pub board: String,
    /// The PoE HAT on it: `poe-plus`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub hat: Option<String>,
    /// The switch port it is plugged in, as `poe/1`. It is powered from there if it has a HAT.
    #[serde(default, skip_serializing_if = "is_default")]
    pub port: Option<PortRef>,
    /// The outlet that powers it, if no port does.
    #[serde(default, skip_serializing_if = "is_default")]
    pub outlet: Option<OutletId>,
    /// The node whose guest it is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub host: Option<NodeId>,
    /// The network it is on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub network: Option<NetworkId>,
    /// Its address there.
    #[serde(default, skip_serializing_if = "is_default")]
    pub address: Option<IpAddr>,
    /// The hardware address of its first network card.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mac: Option<Mac>,
    /// Its serial number; a Raspberry Pi asks for its network boot files by it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub serial: Option<String>,
    /// Further network cards.
    #[serde(default, skip_serializing_if = "is_default")]
    pub links: Vec<Link>,
    /// The DNS servers it uses itself, if not those of its network.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dns: List<Server>,
    /// The operating system.
    #[serde(default, skip_serializing_if = "is_default")]
    pub os: Option<Os>,
    /// What it boots from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub boot: Option<Boot>,
    /// The cluster it is a member of.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cluster: Option<ClusterId>,
    /// What it is in its cluster.
    #[serde(default, skip_serializing_if = "is_default")]
    pub role: Role,
    /// Labels that workloads select by, beside `kubernetes.io/hostname` and `kubernetes.io/arch`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub labels: BTreeMap<String, String>,
    /// Taints that keep workloads away.
    #[serde(default, skip_serializing_if = "is_default")]
    pub taints: Vec<Taint>,
    /// Closed to new workloads.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cordoned: bool,
    /// Its processor's architecture.
    #[serde(default, skip_serializing_if = "is_default")]
    pub arch: Option<Arch>,
    /// How many cores it has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cores: Option<u16>,
    /// The memory on the board, or given to the guest.
    #[serde(default, skip_serializing_if = "is_default")]
    pub memory: Option<Bytes>,
    /// The memory that its operating system reports as the total.
    #[serde(default, skip_serializing_if = "is_default")]
    pub usable: Option<Bytes>,
    /// What was seen in use on the whole machine, its own system included.
    #[serde(default, skip_serializing_if = "is_default")]
    pub uses: Amounts,
    /// What it draws, where that was measured.
    #[serde(default, skip_serializing_if = "is_default")]
    pub draw: Draw,
    /// Its disks.
    #[serde(default, skip_serializing_if = "is_default")]
    pub disks: BTreeMap<DiskId, Disk>,
    /// What it cannot work without, beside its power, its switch, its host and its DNS.
    #[serde(default, skip_serializing_if = "is_default")]
    pub needs: Vec<Need>,
    /// What it is there to rescue, and so must not depend on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rescues: List<ThingId>,
    /// The abilities it offers under a common name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub serves: List<ThingId>,
}

/// A further network card of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Link {
    /// The switch port it is plugged in. A direct cable to another node has none.
    #[serde(skip_serializing_if = "is_default")]
    pub port: Option<PortRef>,
    /// The network it is on.
    #[serde(skip_serializing_if = "is_default")]
    pub network: Option<NetworkId>,
    /// Its address there.
    #[serde(skip_serializing_if = "is_default")]
    pub address: Option<IpAddr>,
    /// Its hardware address.
    #[serde(skip_serializing_if = "is_default")]
    pub mac: Option<Mac>,
    /// Its speed.
    #[serde(skip_serializing_if = "is_default")]
    pub speed: Option<BitsPerSecond>,
}

/// An operating system.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Os {
    /// Raspberry Pi OS.
    Raspios,
    /// Debian.
    Debian,
    /// Ubuntu.
    Ubuntu,
    /// Talos Linux.
    Talos,
    /// Proxmox VE.
    Proxmox,
    /// TrueNAS.
    Truenas,
    /// VyOS.
    Vyos,
    /// Anything else.
    Other,
}

impl fmt::Display for Os {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Raspios => "raspios",
            Self::Debian => "debian",
            Self::Ubuntu => "ubuntu",
            Self::Talos => "talos",
            Self::Proxmox => "proxmox",
            Self::Truenas => "truenas",
            Self::Vyos => "vyos",
            Self::Other => "other",
        })
    }
}

/// What a node is in its cluster.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// It runs workloads.
    #[default]
    Worker,
    /// It runs the control plane (a K3s server), and votes.
    ControlPlane,
}

/// The architecture of a processor.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Arch {
    /// 64-bit ARM.
    Arm64,
    /// 32-bit ARM.
    Arm,
    /// 64-bit x86.
    Amd64,
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Arm64 => "arm64",
            Self::Arm => "arm",
            Self::Amd64 => "amd64",
        })
    }
}

/// What a machine boots from.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Boot {
    /// A microSD card.
    Sd,
    /// Built-in eMMC.
    Emmc,
    /// A USB drive.
    Usb,
    /// An NVMe drive.
    Nvme,
    /// A SATA drive.
    Sata,
    /// A virtual disk.
    Disk,
    /// The network.
    Network,
}

impl fmt::Display for Boot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Sd => "sd",
            Self::Emmc => "emmc",
            Self::Usb => "usb",
            Self::Nvme => "nvme",
            Self::Sata => "sata",
            Self::Disk => "disk",
            Self::Network => "network",
        })
    }
}

/// A disk of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Disk {
    /// What it is.
    pub kind: Boot,
    /// How much it holds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub size: Option<Bytes>,
    /// The host's pool that a guest's virtual disk lies on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub pool: Option<PoolId>,
}
