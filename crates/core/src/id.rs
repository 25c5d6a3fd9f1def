//! Names. Each is its own type, so a port can never be passed for a node.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A text that cannot be a name, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadName(String);

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadName {}

/// Says whether `text` is a name: 1 to 63 letters, digits, `-`, `.` or `_`, a letter or digit first.
fn name(text: &str) -> Result<(), BadName> {
    let word = |it: char| it.is_ascii_alphanumeric();
    let sound = text.starts_with(word) && text.chars().all(|it| word(it) || "-._".contains(it));
    if sound && text.len() <= 63 {
        return Ok(());
    }
    let shown: String = text.chars().take(63).collect();
    Err(BadName(format!(
        "`{shown}` is not a name: use 1 to 63 letters, digits, `-`, `.` or `_`, and begin with a letter or a digit"
    )))
}

/// Any text that is not empty and stays on one line.
fn line(text: &str) -> Result<(), BadName> {
    match text.is_empty() || text.chars().any(char::is_control) {
        true => Err(BadName("expected one line of text that is not empty".into())),
        false => Ok(()),
    }
}

macro_rules! names {
    ($($rule:ident, $pattern:literal, $(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// Cheap to clone. [`new`](Self::new) takes any text; parsing and deserializing are strict.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Makes the name from its text, unchecked.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(text.as_ref().into())
            }

            /// The text of the name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadName;

            fn from_str(text: &str) -> Result<Self, BadName> {
                $rule(text).map(|()| Self::new(text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                text.parse().map_err(de::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    )*};
}

names! {
    name, "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
    /// A machine, by the name its operator gives it.
    NodeId;
    name, "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
    /// A switch.
    SwitchId;
    name, "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
    /// A network: one VLAN, and the subnet on it.
    NetworkId;
    name, "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
    /// A power outlet, a power strip or a UPS.
    OutletId;
    name, "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
    /// A storage pool.
    PoolId;
    name, "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
    /// A disk, named within its machine.
    DiskId;
    name, "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
    /// A cluster.
    ClusterId;
    name, "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
    /// A service that others depend on.
    ServiceId;
    name, "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
    /// A workload: what runs in one or more replicas.
    WorkloadId;
    name, "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
    /// Anything that others can need: a service, a workload, a node, a pool, or an ability that
    /// some of these serve (`dns`).
    ThingId;
    line, "^[^\\x00-\\x1f]+$",
    /// A storage dataset, as `pool/path`.
    DatasetId;
    line, "^[^\\x00-\\x1f]+$",
    /// A version of an operating system or of a cluster, as its vendor writes it.
    Version;
    line, "^[^\\x00-\\x1f]+$",
    /// One boot of one machine: a new value after every boot, never reused.
    BootId;
}

/// The numbers that a version begins with, as `v1.34.1+k3s1` or `9.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    /// The first number.
    pub major: u64,
    /// The second; 0 where there is none.
    pub minor: u64,
    /// The third; 0 where there is none.
    pub patch: u64,
}

impl Version {
    /// The numbers it begins with; none where it begins with something else.
    pub fn release(&self) -> Option<Release> {
        let text = self.as_str().strip_prefix('v').unwrap_or(self.as_str());
        let mut numbers = text.split(['.', '-', '+']).map_while(|it| it.parse().ok());
        let major = numbers.next()?;
        let (minor, patch) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        Some(Release { major, minor, patch })
    }
}

/// A port of a switch, as printed on its case: the first is 1.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct PortNo(pub u16);

impl fmt::Display for PortNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "port {}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_strict_when_read_and_say_why() {
        assert_eq!("pi-2.lan_x".parse::<NodeId>().unwrap().as_str(), "pi-2.lan_x");
        for bad in ["", "-pi", "pi 2", "pi/2", "ä", &"x".repeat(64)] {
            let why = bad.parse::<NodeId>().unwrap_err().to_string();
            assert!(why.contains("is not a name"), "{why}");
        }
        assert!("pool/data set".parse::<DatasetId>().is_ok());
        assert!("two\nlines".parse::<DatasetId>().is_err());
    }

    #[test]
    fn the_numbers_of_a_version_are_read_in_every_vendor_s_style() {
        let numbers = |text: &str| {
            let it = Version::new(text).release()?;
            Some((it.major, it.minor, it.patch))
        };
        assert_eq!(numbers("v1.34.1+k3s1"), Some((1, 34, 1)));
        assert_eq!(numbers("9.1"), Some((9, 1, 0)));
        assert_eq!(numbers("v1.13.0-beta.1"), Some((1, 13, 0)));
        assert_eq!(numbers("image"), None);
    }
}
