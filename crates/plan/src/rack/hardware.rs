use super::node::{Arch, Boot, Os};
use super::text::{is_default, maybe_whole, maybe_whole_schema};
use super::{Amounts, Draw, List};
use rackberry_core::{BitsPerSecond, Bytes, Milliwatts, Permille, PortNo};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is known of hardware and systems, by the names that the rack file uses.
///
/// The same types describe the built-in catalogue and what a rack file adds to it. An entry of the file
/// replaces, field by field, the built-in one of its name, or the one that it is `like`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Catalogue {
    /// Boards.
    #[serde(skip_serializing_if = "is_default")]
    pub boards: BTreeMap<String, Board>,
    /// PoE HATs.
    #[serde(skip_serializing_if = "is_default")]
    pub hats: BTreeMap<String, Hat>,
    /// Models of switches.
    #[serde(skip_serializing_if = "is_default")]
    pub switches: BTreeMap<String, SwitchModel>,
    /// Operating systems.
    #[serde(skip_serializing_if = "is_default")]
    pub systems: BTreeMap<Os, System>,
}

/// A board, or a kind of virtual machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Board {
    /// The entry that it is like, but for what is written here.
    #[serde(skip_serializing_if = "is_default")]
    pub like: Option<String>,
    /// The architecture.
    #[serde(skip_serializing_if = "is_default")]
    pub arch: Option<Arch>,
    /// How many cores it has.
    #[serde(skip_serializing_if = "is_default")]
    pub cores: Option<u16>,
    /// The memory on the board.
    #[serde(skip_serializing_if = "is_default")]
    pub memory: Option<Bytes>,
    /// The memory that Linux reports as the total.
    #[serde(skip_serializing_if = "is_default")]
    pub usable: Option<Bytes>,
    /// The speed of its wired network; absent where it has none.
    #[serde(skip_serializing_if = "is_default")]
    pub nic: Option<BitsPerSecond>,
    /// What the board draws, without HAT loss.
    #[serde(skip_serializing_if = "is_default")]
    pub draw: Draw,
    /// What it can boot from.
    #[serde(skip_serializing_if = "is_default")]
    pub boots: List<Boot>,
    /// HATs that fit.
    #[serde(skip_serializing_if = "is_default")]
    pub hats: List<String>,
    /// Where the figures come from.
    #[serde(skip_serializing_if = "is_default")]
    pub source: Option<String>,
}

/// A board that powers another from its network cable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Hat {
    /// The entry that it is like, but for what is written here.
    #[serde(skip_serializing_if = "is_default")]
    pub like: Option<String>,
    /// The class it asks for, 0 to 8. Passive hats have none.
    #[serde(skip_serializing_if = "is_default")]
    pub class: Option<u8>,
    /// The standard it keeps.
    #[serde(skip_serializing_if = "is_default")]
    pub standard: Option<PoeStandard>,
    /// The most it gives to its board.
    #[serde(skip_serializing_if = "is_default")]
    pub output: Option<Milliwatts>,
    /// How much of what it takes reaches the board.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "maybe_whole")]
    #[schemars(schema_with = "maybe_whole_schema")]
    pub efficiency: Option<Permille>,
    /// Where the figures come from.
    #[serde(skip_serializing_if = "is_default")]
    pub source: Option<String>,
}

/// A way to send power over a network cable.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum PoeStandard {
    /// Voltage that is always there, asked for or not. It destroys what expects 802.3.
    Passive,
    /// 802.3af: classes 0 to 3, 15.4 W at the switch.
    Af,
    /// 802.3at, PoE+: up to class 4, 30 W at the switch.
    At,
    /// 802.3bt, PoE++: up to class 8, 90 W at the switch.
    Bt,
}

/// A model of switch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct SwitchModel {
    /// The entry that it is like, but for what is written here.
    #[serde(skip_serializing_if = "is_default")]
    pub like: Option<String>,
    /// Its ports, in groups of the same kind; numbered from 1 through all groups.
    #[serde(skip_serializing_if = "is_default")]
    pub ports: Vec<PortGroup>,
    /// What all ports together may deliver.
    #[serde(skip_serializing_if = "is_default")]
    pub budget: Option<Milliwatts>,
    /// Whether it knows VLANs and can be managed.
    #[serde(skip_serializing_if = "is_default")]
    pub managed: Option<bool>,
    /// Where the figures come from.
    #[serde(skip_serializing_if = "is_default")]
    pub source: Option<String>,
}

/// Ports of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PortGroup {
    /// How many.
    pub count: u16,
    /// How fast.
    pub speed: BitsPerSecond,
    /// The socket.
    #[serde(default, skip_serializing_if = "is_default")]
    pub socket: Socket,
    /// How it delivers power, if it does.
    #[serde(default, skip_serializing_if = "is_default")]
    pub poe: Option<PoeStandard>,
    /// The most that one of them delivers.
    #[serde(default, skip_serializing_if = "is_default")]
    pub limit: Option<Milliwatts>,
}

/// The socket of a port.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Socket {
    /// Copper.
    #[default]
    Rj45,
    /// A cage for a module.
    Sfp,
}

impl SwitchModel {
    /// The group that `port` belongs to, if the switch has it.
    pub fn port(&self, port: PortNo) -> Option<&PortGroup> {
        let mut before = 0u32;
        self.ports.iter().find(|group| {
            let first = before + 1;
            before += u32::from(group.count);
            (first..=before).contains(&u32::from(port.0))
        })
    }

    /// Its ports, from the first.
    pub fn port_numbers(&self) -> impl Iterator<Item = PortNo> + Clone + use<> {
        (1..=u16::try_from(self.port_count()).unwrap_or(u16::MAX)).map(PortNo)
    }

    /// Whether it is said to know VLANs.
    pub fn is_managed(&self) -> bool {
        self.managed == Some(true)
    }

    /// How many ports it has.
    pub fn port_count(&self) -> u32 {
        self.ports.iter().map(|it| u32::from(it.count)).sum()
    }
}

/// What an operating system costs on every machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct System {
    /// What it uses itself, idle, with its part of a cluster as a worker.
    #[serde(skip_serializing_if = "is_default")]
    pub uses: Amounts,
    /// What a control plane uses on top.
    #[serde(skip_serializing_if = "is_default")]
    pub control_plane: Amounts,
    /// Where the figures come from.
    #[serde(skip_serializing_if = "is_default")]
    pub source: Option<String>,
}
