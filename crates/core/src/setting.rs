//! One thing that is set of a port.

use crate::{Error, Milliwatts, Poe, PoePriority, PortNo, PortState, Power, Result, Switch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing that is set of a port of a switch, beside its VLANs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum PortSetting {
    /// Whether it is switched on.
    Enabled(bool),
    /// Whether it may deliver power.
    Feed(Power),
    /// The most that it may deliver; what its class allows where none is said.
    Limit(Option<Milliwatts>),
    /// Who is fed first where there is not enough for all.
    Priority(PoePriority),
}

impl PortSetting {
    /// Whether a port is set so. One that has no PoE never delivers.
    pub fn holds(self, port: &PortState) -> bool {
        let poe = port.poe.as_ref();
        match self {
            Self::Enabled(yes) => port.enabled == yes,
            Self::Feed(power) => poe.map_or(Power::Off, |it| it.power) == power,
            Self::Limit(most) => poe.is_some_and(|it| it.limit == most),
            Self::Priority(it) => poe.is_some_and(|poe| poe.priority == it),
        }
    }

    /// Sets it, on the model of a port: what is fed has something behind it that asks for power.
    pub fn predict(self, port: &mut PortState) {
        match (self, port.poe.as_mut()) {
            (Self::Enabled(yes), _) => port.enabled = yes,
            (Self::Feed(power), Some(poe)) => {
                (poe.power, poe.delivers) = (power, power == Power::On);
            }
            (Self::Limit(most), Some(poe)) => poe.limit = most,
            (Self::Priority(it), Some(poe)) => poe.priority = it,
            (Self::Feed(_) | Self::Limit(_) | Self::Priority(_), None) => {}
        }
    }

    /// Whether more may be drawn at a port once it is set.
    pub fn grows(self, now: &PortState) -> bool {
        let most = |it: Option<Milliwatts>| it.unwrap_or(Milliwatts(u64::MAX));
        let Some(poe) = &now.poe else { return false };
        match self {
            Self::Feed(power) => (poe.power, power) == (Power::Off, Power::On),
            Self::Limit(limit) => poe.power == Power::On && most(limit) > most(poe.limit),
            Self::Priority(_) | Self::Enabled(_) => false,
        }
    }

    /// Sends it to a switch.
    ///
    /// # Errors
    ///
    /// As the method of [`Switch`] or of [`Poe`] that sets it; `NotFound` where the switch feeds no port.
    pub async fn send(self, switch: &dyn Switch, port: PortNo) -> Result<()> {
        let none = || Error::not_found(format!("set the PoE of {port}")).because("it has no PoE");
        let poe = || -> Result<&dyn Poe> { switch.poe().ok_or_else(none) };
        match self {
            Self::Enabled(yes) => switch.set_port(port, yes).await,
            Self::Feed(power) => poe()?.set_poe(port, power).await,
            Self::Limit(most) => poe()?.set_limit(port, most).await,
            Self::Priority(it) => poe()?.set_priority(port, it).await,
        }
    }
}
