use super::row::each;
use super::{Id, Unreadable, number};
use rackberry_core::{Milliwatts, PoeGauge, PoePriority};

/// When a port is fed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoeOut {
    /// Never.
    Off,
    /// When what is plugged in asks for it.
    AutoOn,
    /// Always.
    ForcedOn,
}

impl PoeOut {
    /// How RouterOS writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::AutoOn => "auto-on",
            Self::ForcedOn => "forced-on",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::Off, Self::AutoOn, Self::ForcedOn].into_iter().find(|it| it.word() == word)
    }
}

/// How a port is fed, as `/interface/ethernet/poe` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoeSetting {
    /// Its row.
    pub id: Id,
    /// The name of the port.
    pub name: String,
    /// When it is fed.
    pub out: PoeOut,
    /// Who is fed first: 0 is, 99 is the last.
    pub order: u8,
}

impl PoeSetting {
    /// What a switch has when it leaves its maker.
    pub const ORDER: u8 = 10;

    /// The priority that a number of RouterOS is: 0 to 4 critical, 5 to 9 high, 10 to 99 low. What a port has when
    /// it leaves its maker, 10, is low.
    pub fn priority(&self) -> PoePriority {
        match self.order {
            0..=4 => PoePriority::Critical,
            5..=9 => PoePriority::High,
            _ => PoePriority::Low,
        }
    }

    /// The number that is sent for a priority: 0, 5 or 10.
    pub fn order_of(priority: PoePriority) -> u8 {
        match priority {
            PoePriority::Critical => 0,
            PoePriority::High => 5,
            PoePriority::Low => Self::ORDER,
        }
    }
}

/// Reads `/interface/ethernet/poe`.
///
/// # Errors
///
/// Where it is no such answer.
pub fn read_poe_settings(answer: &[u8]) -> Result<Vec<PoeSetting>, Unreadable> {
    let order = |text: &str| u8::try_from(number::whole(text)?).ok().filter(|it| *it <= 99);
    each(answer, |row| {
        Ok(PoeSetting {
            id: row.id()?,
            name: row.needed("name")?.into(),
            out: row
                .read("poe-out", PoeOut::of)?
                .ok_or(Unreadable::Missing { field: "poe-out" })?,
            order: row.read("poe-priority", order)?.unwrap_or(PoeSetting::ORDER),
        })
    })
}

/// What flows at a port, as `/interface/ethernet/poe/monitor` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoeReading {
    /// The name of the port.
    pub name: String,
    /// Whether it delivers: its status is `powered-on`.
    pub delivers: bool,
    /// What flows; nothing too where the device does not measure it.
    pub power: Milliwatts,
    /// What else is measured. A status that is none of the usual ones is a fault.
    pub gauge: PoeGauge,
}

/// Reads `/interface/ethernet/poe/monitor`.
///
/// # Errors
///
/// Where it is no such answer.
pub fn read_poe_readings(answer: &[u8]) -> Result<Vec<PoeReading>, Unreadable> {
    each(answer, |row| {
        let delivers = row.text("poe-out-status") == Some("powered-on");
        let power = row.read("poe-out-power", number::watts)?.filter(|_| delivers);
        let usual = |it: &&str| ["powered-on", "waiting-for-load", "off", "disabled"].contains(it);
        let gauge = PoeGauge {
            voltage: row.read("poe-out-voltage", number::volts)?,
            current: row.read("poe-out-current", number::milliamperes)?,
            temperature: None,
            fault: row.text("poe-out-status").filter(|it| !usual(it)).map(brief),
        };
        Ok(PoeReading {
            name: row.needed("name")?.into(),
            delivers,
            power: power.unwrap_or_default(),
            gauge,
        })
    })
}

/// A status, as far as it is one: RouterOS has none that is longer.
fn brief(status: &str) -> String {
    status.chars().take(40).filter(|it| !it.is_control()).collect()
}
