//! VLANs, as a switch keeps them.

use crate::PortNo;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// How a port is a member of a VLAN.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Tagging {
    /// Its frames leave without a tag.
    Untagged,
    /// Its frames leave with the tag of the VLAN.
    Tagged,
}

/// All that a switch knows of VLANs (802.1Q).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct VlanTable {
    /// Every VLAN there is, with the ports that are its members.
    pub vlans: BTreeMap<VlanId, BTreeMap<PortNo, Tagging>>,
    /// The VLAN of the frames that come in without a tag (PVID), for every port.
    pub pvids: BTreeMap<PortNo, VlanId>,
}

impl VlanTable {
    /// What a switch has when it leaves its maker: every port untagged in VLAN 1.
    pub fn factory(ports: impl IntoIterator<Item = PortNo>) -> Self {
        let ports: Vec<PortNo> = ports.into_iter().collect();
        let members = ports.iter().map(|it| (*it, Tagging::Untagged)).collect();
        let pvids = ports.iter().map(|it| (*it, VlanId::default())).collect();
        Self { vlans: [(VlanId::default(), members)].into(), pvids }
    }

    /// How a port is a member of a VLAN, if it is.
    pub fn member(&self, port: PortNo, vlan: VlanId) -> Option<Tagging> {
        self.vlans.get(&vlan)?.get(&port).copied()
    }

    /// Whether frames of `vlan` pass between `a` and `b`, both ways: both are members.
    pub fn joins(&self, vlan: VlanId, a: PortNo, b: PortNo) -> bool {
        a == b || (self.member(a, vlan).is_some() && self.member(b, vlan).is_some())
    }
}

impl fmt::Display for VlanTable {
    /// The members of each VLAN, with `t` after those that are tagged, and the ports whose PVID it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let member = |(port, tagging): (&PortNo, &Tagging)| match tagging {
            Tagging::Untagged => port.0.to_string(),
            Tagging::Tagged => format!("{}t", port.0),
        };
        let mut vlans = Vec::new();
        for (vlan, members) in &self.vlans {
            let members: Vec<_> = members.iter().map(member).collect();
            let pvids = self.pvids.iter().filter(|it| it.1 == vlan).map(|it| it.0.0.to_string());
            let pvids: Vec<_> = pvids.collect();
            let members = if members.is_empty() { "no port".into() } else { members.join(" ") };
            vlans.push(match pvids.as_slice() {
                [] => format!("{vlan}: {members}"),
                _ => format!("{vlan}: {members} (PVID of {})", pvids.join(" ")),
            });
        }
        f.write_str(&vlans.join("; "))
    }
}

/// The number of a VLAN, 1 to 4094.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16")]
pub struct VlanId(u16);

impl JsonSchema for VlanId {
    fn schema_name() -> Cow<'static, str> {
        "VlanId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "integer", "minimum": 1, "maximum": 4094, "description": "the number of a VLAN"
        })
    }
}

impl VlanId {
    /// The number.
    pub fn number(self) -> u16 {
        self.0
    }
}

impl Default for VlanId {
    fn default() -> Self {
        Self(1)
    }
}

impl TryFrom<u16> for VlanId {
    type Error = String;

    fn try_from(number: u16) -> Result<Self, String> {
        match number {
            1..=4094 => Ok(Self(number)),
            _ => Err(format!("`{number}` is not a VLAN: they are numbered 1 to 4094")),
        }
    }
}

impl fmt::Display for VlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VLAN {}", self.0)
    }
}
