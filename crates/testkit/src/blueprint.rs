//! What a room is built from: plain data.

use rackberry_core::{
    BitsPerSecond, Bytes, ClusterId, DiskId, Milliwatts, NodeId, PoePriority, PoolId, PoolSpec,
    PortNo, Power, SwitchId, Tagging, Version, VlanId, VlanTable,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Everything that stands in a room when its story begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Blueprint {
    /// The switches.
    pub switches: Vec<SwitchPlan>,
    /// The machines, guests among them.
    pub machines: Vec<MachinePlan>,
    /// The clusters.
    pub clusters: Vec<ClusterPlan>,
    /// The storage pools, made or not.
    pub pools: Vec<PoolPlan>,
    /// Where the controller is plugged in; where none is said, it reaches everything.
    pub uplink: Option<Uplink>,
    /// The versions that can be installed; every one where none is said.
    pub versions: BTreeSet<Version>,
}

/// The way from the rack to the controller: a router that has a leg in some VLANs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Uplink {
    /// The port of the rack that it is plugged into.
    pub jack: Jack,
    /// The VLANs that it routes, and how their frames look on its cable.
    pub vlans: BTreeMap<VlanId, Tagging>,
}

/// One port of one switch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Jack {
    /// The switch.
    pub switch: SwitchId,
    /// Its port.
    pub port: PortNo,
}

impl Jack {
    /// The port `port` of `switch`.
    pub fn new(switch: impl AsRef<str>, port: u16) -> Self {
        Self { switch: SwitchId::new(switch), port: PortNo(port) }
    }
}

/// A switch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SwitchPlan {
    /// Its name.
    pub id: SwitchId,
    /// Its model, as it says.
    pub model: String,
    /// Its serial number.
    pub serial: Option<String>,
    /// Its ports.
    pub ports: BTreeMap<PortNo, PortPlan>,
    /// What all ports together may deliver.
    pub budget: Option<Milliwatts>,
    /// Its VLANs; none for a switch that knows none.
    pub vlans: Option<VlanTable>,
    /// The VLAN that it answers in.
    pub management: VlanId,
    /// The cables to ports of other switches. Each is named at one end only, or at both.
    pub cables: BTreeMap<PortNo, Jack>,
}

impl SwitchPlan {
    /// A switch with the ports 1 to `ports`, as it leaves its maker.
    pub fn new(id: impl AsRef<str>, ports: u16) -> Self {
        let all: BTreeMap<_, _> = (1..=ports).map(|it| (PortNo(it), PortPlan::default())).collect();
        Self {
            id: SwitchId::new(id),
            model: "simulated".into(),
            serial: None,
            budget: None,
            vlans: Some(VlanTable::factory(all.keys().copied())),
            ports: all,
            management: VlanId::default(),
            cables: BTreeMap::new(),
        }
    }

    /// The same switch, feeding every port but the last from `budget`.
    #[must_use]
    pub fn with_poe(mut self, budget: Milliwatts) -> Self {
        self.budget = Some(budget);
        let fed = self.ports.len().saturating_sub(1);
        self.ports.values_mut().take(fed).for_each(|it| it.poe = Some(PoePlan::default()));
        self
    }
}

/// A port of a switch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PortPlan {
    /// Its name.
    pub name: String,
    /// Whether it is switched on.
    pub enabled: bool,
    /// How fast it is.
    pub speed: BitsPerSecond,
    /// What it can feed, if it feeds anything.
    pub poe: Option<PoePlan>,
}

impl Default for PortPlan {
    fn default() -> Self {
        let speed = BitsPerSecond(1_000_000_000);
        Self { name: String::new(), enabled: true, speed, poe: None }
    }
}

/// Power over Ethernet of a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PoePlan {
    /// Whether it may deliver.
    pub power: Power,
    /// The highest class that it can feed.
    pub class: u8,
    /// The most it may deliver; what the class allows where none is said.
    pub limit: Option<Milliwatts>,
    /// Who is fed first.
    pub priority: PoePriority,
}

impl Default for PoePlan {
    fn default() -> Self {
        Self { power: Power::On, class: 4, limit: None, priority: PoePriority::default() }
    }
}

/// A machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MachinePlan {
    /// Its name.
    pub id: NodeId,
    /// The port that its cable goes to. One without stands beside the controller. A guest uses that of
    /// its host.
    pub jack: Option<Jack>,
    /// Where its power comes from.
    pub feed: Feed,
    /// What it boots.
    pub boots: Boots,
    /// Its memory.
    pub memory: Bytes,
    /// Its disks.
    pub disks: BTreeMap<DiskId, Bytes>,
    /// Its serial number.
    pub serial: Option<String>,
    /// Its address.
    pub address: Option<IpAddr>,
    /// The VLAN that its address belongs to.
    pub vlan: VlanId,
    /// What it needs to run guests, if it does.
    pub hypervisor: Option<Hypervisor>,
}

impl MachinePlan {
    /// A machine of 8 GiB and one disk that is always on and boots an installer.
    pub fn new(id: impl AsRef<str>, jack: Option<Jack>) -> Self {
        Self {
            id: NodeId::new(id),
            jack,
            feed: Feed::Always,
            boots: Boots::Installer(Version::new("1.0")),
            memory: Bytes(8 << 30),
            disks: [(DiskId::new("ssd"), Bytes(64 << 30))].into(),
            serial: None,
            address: None,
            vlan: VlanId::default(),
            hypervisor: None,
        }
    }
}

/// Where a machine's power comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Feed {
    /// A wall socket that nobody switches.
    Always,
    /// The switch port that it is plugged into.
    Poe(Load),
    /// A hypervisor, of which it is a guest.
    Guest {
        /// The host.
        host: NodeId,
        /// Whether it is switched on.
        power: Power,
    },
}

/// What a machine asks of the port that feeds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Load {
    /// The class, 0 to 8.
    pub class: u8,
    /// What it draws once it is up.
    pub idle: Milliwatts,
    /// What it draws while it boots.
    pub boot: Milliwatts,
}

/// What a machine boots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Boots {
    /// Nothing: it has power and never answers.
    Nothing,
    /// An installer or a fresh image of this version, which waits for its configuration.
    Installer(Version),
    /// A system that was installed before.
    System {
        /// Its version.
        version: Version,
        /// Its configuration, as in [`NodeConfig::text`](rackberry_core::NodeConfig); its digest is the
        /// text itself.
        config: String,
    },
}

/// What a machine needs to run guests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Hypervisor {
    /// The version of the installer that guests made on it boot.
    pub installer: Version,
}

/// A cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClusterPlan {
    /// Its name.
    pub id: ClusterId,
    /// What lets a machine join, once the cluster has begun.
    pub ticket: String,
    /// The machine that it has begun on, if it has.
    pub begun: Option<NodeId>,
}

/// A storage pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PoolPlan {
    /// Its name.
    pub id: PoolId,
    /// The machine that its disks are in.
    pub machine: NodeId,
    /// What it was made of, if it was made.
    pub made: Option<PoolSpec>,
}
