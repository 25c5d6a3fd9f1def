use super::List;
use super::text::{as_text, is_default};
use rackberry_core::{NodeId, ThingId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// Something that others depend on and no cluster runs: a router, a NAS, a DNS server of a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Service {
    /// Where it answers.
    #[serde(skip_serializing_if = "is_default")]
    pub address: Option<IpAddr>,
    /// The nodes it runs on, if they are of this rack; any one of them is enough.
    #[serde(skip_serializing_if = "is_default")]
    pub on: List<NodeId>,
    /// What it cannot work without.
    #[serde(skip_serializing_if = "is_default")]
    pub needs: Vec<Need>,
    /// The abilities it offers under a common name: `dns`, `internet`, `nfs`.
    #[serde(skip_serializing_if = "is_default")]
    pub serves: List<ThingId>,
}

/// What something cannot work without: one thing, or any one of several (`[ca-1, ca-2]`).
pub type Need = List<ThingId>;

/// A server, by address or by the name of what serves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Server {
    /// An address; outside the rack unless something in the file has it.
    Address(IpAddr),
    /// A service, a workload or a node.
    Thing(ThingId),
}

impl FromStr for Server {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(address) => Ok(Self::Address(address)),
            Err(_) => text.parse().map(Self::Thing).map_err(|why| format!("{why}")),
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Thing(thing) => thing.fmt(f),
        }
    }
}

as_text! {
    Server, "^[0-9A-Za-z:._-]+$", "an address, or the name of what serves";
}
