use super::text::{as_text, is_default};
use super::{List, Server};
use ipnet::IpNet;
use rackberry_core::VlanId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A network: one VLAN and the subnet on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Network {
    /// Its VLAN, 1 to 4094. VLAN 1 where nothing is said.
    pub vlan: VlanId,
    /// The subnet, as `10.0.2.0/24`.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<String>", regex(pattern = r"^[0-9A-Fa-f.:]+/[0-9]{1,3}$"))]
    pub subnet: Option<IpNet>,
    /// The way out of the subnet.
    #[serde(skip_serializing_if = "is_default")]
    pub gateway: Option<IpAddr>,
    /// The DNS servers that its machines use, unless they name their own: addresses, or names of what
    /// serves there. They are used one after the other.
    #[serde(skip_serializing_if = "is_default")]
    pub dns: List<Server>,
}

/// A hardware address, as `dc:a6:32:01:36:c2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac(pub [u8; 6]);

impl FromStr for Mac {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a MAC address: write it like `dc:a6:32:01:36:c2`");
        let mut bytes = [0; 6];
        let mut parts = text.split([':', '-']);
        for byte in &mut bytes {
            let part = parts.next().filter(|it| it.len() == 2).ok_or_else(wrong)?;
            *byte = u8::from_str_radix(part, 16).map_err(|_| wrong())?;
        }
        parts.next().is_none().then_some(Self(bytes)).ok_or_else(wrong)
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

as_text! {
    Mac, "^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$", "a MAC address";
}
