use super::node::Arch;
use super::text::{as_text, is_default};
use super::{List, Need, Volume};
use rackberry_core::{Bytes, ClusterId, Effect, Millicores, NodeId, Taint, ThingId, WorkloadId};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// What runs, in one or more replicas.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Workload {
    /// The cluster it runs in; need not be written where there is only one.
    #[serde(skip_serializing_if = "is_default")]
    pub cluster: Option<ClusterId>,
    /// Its namespace.
    #[serde(skip_serializing_if = "is_default")]
    pub namespace: Option<String>,
    /// How many replicas: a number, or `every-node` for one on each node that it may run on.
    #[serde(skip_serializing_if = "is_default")]
    pub replicas: Replicas,
    /// Where it runs now, a node for each replica that runs.
    #[serde(skip_serializing_if = "is_default")]
    pub on: List<NodeId>,
    /// The only nodes it may run on.
    #[serde(skip_serializing_if = "is_default")]
    pub pin: List<NodeId>,
    /// What the scheduler sets aside for each replica.
    #[serde(skip_serializing_if = "is_default")]
    pub requests: Amounts,
    /// What each replica was seen to use.
    #[serde(skip_serializing_if = "is_default")]
    pub uses: Amounts,
    /// What each replica may not exceed.
    #[serde(skip_serializing_if = "is_default")]
    pub limits: Amounts,
    /// Labels that others refer to.
    #[serde(skip_serializing_if = "is_default")]
    pub labels: BTreeMap<String, String>,
    /// Labels that a node must have.
    #[serde(skip_serializing_if = "is_default")]
    pub selector: BTreeMap<String, String>,
    /// Labels that a node should have.
    #[serde(skip_serializing_if = "is_default")]
    pub prefer: BTreeMap<String, String>,
    /// Architectures that its image is built for; any where nothing is said.
    #[serde(skip_serializing_if = "is_default")]
    pub arch: List<Arch>,
    /// Taints that it puts up with.
    #[serde(skip_serializing_if = "is_default")]
    pub tolerations: Vec<Toleration>,
    /// Workloads that each of its replicas must share a node with, replica by replica.
    #[serde(skip_serializing_if = "is_default")]
    pub with: List<WorkloadId>,
    /// Workloads that it should share a node with.
    #[serde(skip_serializing_if = "is_default")]
    pub near: List<WorkloadId>,
    /// What two of its replicas may never share: `node`, `switch`, `outlet`, `host`, or a label.
    #[serde(skip_serializing_if = "is_default")]
    pub apart: Option<Topology>,
    /// Workloads that it may never share a node with.
    #[serde(skip_serializing_if = "is_default")]
    pub apart_from: List<WorkloadId>,
    /// How evenly its replicas must be spread.
    #[serde(skip_serializing_if = "is_default")]
    pub spread: Option<Spread>,
    /// Ports of the node that it takes, as `53/udp`.
    #[serde(skip_serializing_if = "is_default")]
    pub host_ports: List<HostPort>,
    /// Whether it uses the node's own network.
    #[serde(skip_serializing_if = "is_default")]
    pub host_network: bool,
    /// What it stores.
    #[serde(skip_serializing_if = "is_default")]
    pub volumes: Vec<Volume>,
    /// What it cannot work without.
    #[serde(skip_serializing_if = "is_default")]
    pub needs: Vec<Need>,
    /// The abilities it offers under a common name: `dns`, `ingress`.
    #[serde(skip_serializing_if = "is_default")]
    pub serves: List<ThingId>,
    /// How many replicas must always run.
    #[serde(skip_serializing_if = "is_default")]
    pub min_available: u32,
}

/// Memory and CPU. What is absent is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Amounts {
    /// Memory.
    #[serde(skip_serializing_if = "is_default")]
    pub memory: Option<Bytes>,
    /// CPU.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu: Option<Millicores>,
}

/// How many replicas a workload has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Replicas {
    /// This many, at most 10,000.
    Count(u32),
    /// One on every node that it may run on, as a DaemonSet.
    EveryNode,
}

impl Default for Replicas {
    fn default() -> Self {
        Self::Count(1)
    }
}

/// The most replicas that a workload may have.
const MAX_REPLICAS: u32 = 10_000;

impl JsonSchema for Replicas {
    fn schema_name() -> Cow<'static, str> {
        "Replicas".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "a number of replicas, or `every-node`",
            "anyOf": [
                { "type": "integer", "minimum": 0, "maximum": MAX_REPLICAS },
                { "const": "every-node" },
            ],
        })
    }
}

/// A number, or the word `every-node`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a number of replicas, or `every-node`")]
enum Written {
    Count(u32),
    Word(String),
}

impl TryFrom<Written> for Replicas {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        match written {
            Written::Count(count @ 0..=MAX_REPLICAS) => Ok(Self::Count(count)),
            Written::Count(count) => {
                Err(format!("`{count}` is more than the 10,000 replicas there can be"))
            }
            Written::Word(word) if word == "every-node" => Ok(Self::EveryNode),
            Written::Word(word) => Err(format!(
                "`{word}` is not a number of replicas: write a number, or `every-node`"
            )),
        }
    }
}

impl From<Replicas> for Written {
    fn from(replicas: Replicas) -> Self {
        match replicas {
            Replicas::Count(count) => Self::Count(count),
            Replicas::EveryNode => Self::Word("every-node".into()),
        }
    }
}

/// A part of the rack within which things fail or live together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topology {
    /// One machine.
    Node,
    /// The machines on one switch.
    Switch,
    /// The machines that one outlet powers in the end.
    Outlet,
    /// The guests of one hypervisor; every other machine is its own.
    Host,
    /// The nodes whose label of this key has one value.
    Label(String),
}

impl FromStr for Topology {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "node" => Ok(Self::Node),
            "switch" => Ok(Self::Switch),
            "outlet" => Ok(Self::Outlet),
            "host" => Ok(Self::Host),
            label if label.contains(['/', '.']) => Ok(Self::Label(label.into())),
            "zone" => {
                Err("`zone` is a label: write it whole, as `topology.kubernetes.io/zone`".into())
            }
            other => Err(format!(
                "`{other}` is not a part of the rack: it is `node`, `switch`, `outlet`, `host`, or a label such as `topology.kubernetes.io/zone`"
            )),
        }
    }
}

impl fmt::Display for Topology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Node => "node",
            Self::Switch => "switch",
            Self::Outlet => "outlet",
            Self::Host => "host",
            Self::Label(label) => label,
        })
    }
}

/// How evenly replicas are spread over parts of the rack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Spread {
    /// The parts.
    pub over: Topology,
    /// How many more replicas one part may have than another; 1 or more.
    #[serde(default = "one", skip_serializing_if = "is_one", deserialize_with = "positive")]
    #[schemars(range(min = 1))]
    pub skew: u32,
}

fn positive<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    match u32::deserialize(from)? {
        0 => Err(de::Error::custom("`0` is not a skew: write `1` or more")),
        skew => Ok(skew),
    }
}

fn one() -> u32 {
    1
}

fn is_one(number: &u32) -> bool {
    *number == 1
}

/// A port of the node itself, as `53/udp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPort {
    /// The number.
    pub number: u16,
    /// The protocol.
    pub protocol: Protocol,
}

/// What carries a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl FromStr for HostPort {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a port of a node: write it like `53/udp` or `443`");
        let (number, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
        let number = number.parse().ok().filter(|it| *it > 0).ok_or_else(wrong)?;
        let protocol = match protocol {
            "tcp" => Protocol::Tcp,
            "udp" => Protocol::Udp,
            _ => return Err(wrong()),
        };
        Ok(Self { number, protocol })
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocol = match self.protocol {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
        };
        write!(f, "{}/{protocol}", self.number)
    }
}

/// Taints that a workload puts up with, as `key=value:NoSchedule`, `key:NoSchedule`, `key` (any value, any
/// effect) or `*` (all).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Toleration {
    /// The key; every key where none is written.
    pub key: Option<String>,
    /// The value; every value where none is written.
    pub value: Option<String>,
    /// The effect; every effect where none is written.
    pub effect: Option<Effect>,
}

impl Toleration {
    /// Whether it puts up with `taint`.
    pub fn tolerates(&self, taint: &Taint) -> bool {
        self.key.as_ref().is_none_or(|it| *it == taint.key)
            && self.value.as_ref().is_none_or(|it| *it == taint.value)
            && self.effect.is_none_or(|it| it == taint.effect)
    }
}

impl FromStr for Toleration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (label, effect) = match text.rsplit_once(':') {
            Some((label, effect)) => (label, Some(effect.parse()?)),
            None => (text, None),
        };
        let (key, value) = match label.split_once('=') {
            Some((key, value)) => (key, Some(value.to_owned())),
            None => (label, None),
        };
        match key {
            "" => Err(format!(
                "`{text}` tolerates nothing: write it like `key=value:NoSchedule`, or `*`"
            )),
            "*" => Ok(Self { key: None, value, effect }),
            key => Ok(Self { key: Some(key.into()), value, effect }),
        }
    }
}

impl fmt::Display for Toleration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key.as_deref().unwrap_or("*"))?;
        if let Some(value) = &self.value {
            write!(f, "={value}")?;
        }
        match self.effect {
            Some(effect) => write!(f, ":{effect}"),
            None => Ok(()),
        }
    }
}

as_text! {
    Topology, "^(node|switch|outlet|host|.*[/.].*)$", "`node`, `switch`, `outlet`, `host`, or a label's key";
    HostPort, "^[1-9][0-9]{0,4}(/(tcp|udp))?$", "a port of the node, as `53/udp`";
    Toleration, "^(\\*|[^:=]+)(=[^:]*)?(:(NoSchedule|PreferNoSchedule|NoExecute))?$", "taints it puts up with, as `key=value:NoSchedule`, `key` or `*`";
}
