use crate::Model;
use rackberry_core::Milliwatts;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use std::time::Duration;

/// How a switch is reached, and what it must be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Its host, with a port if it is not 80. It speaks HTTP without TLS: keep it in a network of its own.
    pub address: String,
    /// The password of its web pages.
    pub password: SecretString,
    /// What it must be; any of the family where nothing is said.
    #[serde(default)]
    pub model: Option<Model>,
    /// The serial number that it must have.
    #[serde(default)]
    pub serial: Option<String>,
    /// What its ports may deliver together, where that is not what its model usually can.
    #[serde(default)]
    pub budget: Option<Milliwatts>,
    /// How long an answer may take.
    #[serde(default = "patience", deserialize_with = "seconds")]
    pub patience: Duration,
    /// How long it is left alone between an answer and the next request. Its web server drops requests that come
    /// too quickly.
    #[serde(default = "pace", deserialize_with = "seconds")]
    pub pace: Duration,
}

impl Config {
    /// A switch at an address, whatever it is of the family.
    pub fn new(address: impl Into<String>, password: SecretString) -> Self {
        Self {
            address: address.into(),
            password,
            model: None,
            serial: None,
            budget: None,
            patience: patience(),
            pace: pace(),
        }
    }
}

/// Three times the slowest answer that users speak of.
fn patience() -> Duration {
    Duration::from_secs(10)
}

/// As py-netgear-plus 0.7.0 waits.
fn pace() -> Duration {
    Duration::from_millis(250)
}

/// A duration that is written in seconds.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    Duration::try_from_secs_f64(seconds).map_err(serde::de::Error::custom)
}
