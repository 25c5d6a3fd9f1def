use super::text::{as_text, is_default};
use super::{Fingerprint, List, SecretRef};
use rackberry_core::{
    BitsPerSecond, Milliwatts, NetworkId, OutletId, PoePriority, PortNo, SwitchId, ThingId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A switch. Ports, speeds, PoE classes and the power budget come from the catalogue by its model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Switch {
    /// The model, as the catalogue names it: `GS305EP`.
    pub model: String,
    /// The address of its management page.
    #[serde(default, skip_serializing_if = "is_default")]
    pub address: Option<IpAddr>,
    /// The network its management listens on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub network: Option<NetworkId>,
    /// The port that leads to the rest of the house.
    #[serde(default, skip_serializing_if = "is_default")]
    pub uplink: Option<PortNo>,
    /// Who logs in, where the switch asks for a name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub user: Option<String>,
    /// Where the password is kept.
    #[serde(default, skip_serializing_if = "is_default")]
    pub password: Option<SecretRef>,
    /// The certificate that its management shows, where it signs that itself.
    #[serde(default, skip_serializing_if = "is_default")]
    pub fingerprint: Option<Fingerprint>,
    /// The file with the certificate of the authority, in PEM, that has signed that of its management.
    #[serde(default, skip_serializing_if = "is_default")]
    pub authority: Option<String>,
    /// It is asked without TLS, though it could be asked with: anybody on the way can read the password.
    #[serde(default, skip_serializing_if = "is_default")]
    pub plain_http: bool,
    /// What all its ports together may deliver, where the catalogue is wrong about this one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub budget: Option<Milliwatts>,
    /// Where it is plugged in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub outlet: Option<OutletId>,
    /// VLANs may be set that cut off the management of this switch: nobody reaches it from then on by way of its uplink.
    #[serde(default, skip_serializing_if = "is_default")]
    pub allow_lockout: bool,
    /// Ports of which there is something to say besides the node on them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ports: BTreeMap<PortNo, Port>,
}

/// One port of a switch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Port {
    /// What is at the other end, if not a node that names this port: another switch's port
    /// (`core/3`), or a service.
    #[serde(skip_serializing_if = "is_default")]
    pub to: Option<PortEnd>,
    /// The network of untagged frames (its PVID). The node's network where nothing is said.
    #[serde(skip_serializing_if = "is_default")]
    pub network: Option<NetworkId>,
    /// Networks whose frames carry their VLAN tag.
    #[serde(skip_serializing_if = "is_default")]
    pub tagged: List<NetworkId>,
    /// Whether the port may deliver power; as its model does where nothing is said.
    #[serde(skip_serializing_if = "is_default")]
    pub poe: Option<bool>,
    /// The most it may deliver.
    #[serde(skip_serializing_if = "is_default")]
    pub limit: Option<Milliwatts>,
    /// Who is fed first where there is not enough for all; what the switch has where nothing is said.
    #[serde(skip_serializing_if = "is_default")]
    pub priority: Option<PoePriority>,
    /// Its power is never cut, not even for a moment.
    #[serde(skip_serializing_if = "is_default")]
    pub protected: bool,
    /// The speed of the link, where it is not the port's own.
    #[serde(skip_serializing_if = "is_default")]
    pub speed: Option<BitsPerSecond>,
    /// The module in an SFP cage: `sfp-rj45`, `sfp+-dac`.
    #[serde(skip_serializing_if = "is_default")]
    pub module: Option<String>,
}

/// A port of a switch, as `poe/1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortRef {
    /// The switch.
    pub switch: SwitchId,
    /// The port, as printed on its case.
    pub port: PortNo,
}

impl FromStr for PortRef {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is not a port: write the switch and the number, as `poe/1`");
        let (switch, port) = text.split_once('/').ok_or_else(wrong)?;
        let switch = switch.parse().map_err(|_| wrong())?;
        let port = port.parse().map_err(|_| wrong())?;
        Ok(Self { switch, port: PortNo(port) })
    }
}

impl fmt::Display for PortRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.switch, self.port.0)
    }
}

/// What a cable leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PortEnd {
    /// A port of another switch.
    Port(PortRef),
    /// A service: a router, a NAS.
    Thing(ThingId),
}

impl FromStr for PortEnd {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.contains('/') {
            true => text.parse().map(Self::Port),
            false => text.parse().map(Self::Thing).map_err(|why| format!("{why}")),
        }
    }
}

impl fmt::Display for PortEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(port) => port.fmt(f),
            Self::Thing(thing) => thing.fmt(f),
        }
    }
}

as_text! {
    PortRef, "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}/[0-9]+$", "a port of a switch, as `poe/1`";
    PortEnd, "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}(/[0-9]+)?$", "another switch's port, or a service";
}
