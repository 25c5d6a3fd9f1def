use rackberry_core::Milliwatts;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::time::Duration;

/// How a switch is reached, and what it must be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Its host, with a port if that is not 443, or 80 for [`Trust::PlainHttp`].
    pub address: String,
    /// The user, who needs the policies `read`, `write` and `rest-api`; whether readings of power and links need `test` is
    /// unknown on hardware.
    pub user: String,
    /// The password of that user. It is sent with every request, and only to who has the right certificate.
    pub password: SecretString,
    /// How the switch is known again.
    pub trust: Trust,
    /// What it must be, as `CRS328-24P-4S+RM`; anything where nothing is said.
    #[serde(default)]
    pub model: Option<String>,
    /// The serial number that it must have.
    #[serde(default)]
    pub serial: Option<String>,
    /// The bridge whose VLAN table is meant, where more than one filters VLANs.
    #[serde(default)]
    pub bridge: Option<String>,
    /// What its ports may deliver together, where that is not what its model usually can.
    #[serde(default)]
    pub budget: Option<Milliwatts>,
    /// How long an answer may take.
    #[serde(default = "patience", deserialize_with = "seconds")]
    pub patience: Duration,
}

impl Config {
    /// A switch at an address, whatever it is.
    pub fn new(
        address: impl Into<String>,
        user: impl Into<String>,
        password: SecretString,
        trust: Trust,
    ) -> Self {
        Self {
            address: address.into(),
            user: user.into(),
            password,
            trust,
            model: None,
            serial: None,
            bridge: None,
            budget: None,
            patience: patience(),
        }
    }
}

/// How a switch is known again. There is no way to trust just anybody.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Trust {
    /// By the one certificate that it shows, whatever name and dates stand in it: what fits a certificate that the switch
    /// has signed itself. `/certificate print detail` shows the fingerprint.
    Fingerprint(Fingerprint),
    /// By a certificate that this authority has signed, in PEM, for the host of the address.
    Authority(String),
    /// By nothing: HTTP without TLS, whose password anybody on the way can read.
    PlainHttp,
}

/// The SHA-256 of a certificate.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// That of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = String;

    /// Reads 64 hexadecimal digits, with or without colons between them.
    fn try_from(text: String) -> Result<Self, String> {
        let digits: Option<Vec<u32>> = text
            .trim()
            .chars()
            .filter(|it| *it != ':')
            .take(65)
            .map(|it| it.to_digit(16))
            .collect();
        let wrong = || format!("`{text}` is no SHA-256: it has 64 hexadecimal digits");
        let digits = digits.filter(|it| it.len() == 64).ok_or_else(wrong)?;
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            let number = pair.iter().fold(0, |sum, digit| sum * 16 + digit);
            *byte = u8::try_from(number).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// A signature costs these devices up to a second, and RouterOS gives up an order of its own after a minute.
fn patience() -> Duration {
    Duration::from_secs(10)
}

/// A duration that is written in seconds.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    Duration::try_from_secs_f64(seconds).map_err(serde::de::Error::custom)
}
