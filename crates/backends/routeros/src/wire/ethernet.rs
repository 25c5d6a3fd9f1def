use super::row::{Row, each};
use super::{Id, Unreadable, number};
use rackberry_core::{BitsPerSecond, Counters};

/// A port, as `/interface/ethernet` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ethernet {
    /// Its row.
    pub id: Id,
    /// What its operator calls it, and other menus with him.
    pub name: String,
    /// What its maker calls it.
    pub default_name: String,
    /// What its operator wrote beside it.
    pub comment: Option<String>,
    /// Whether it is switched off.
    pub disabled: bool,
    /// What has passed it, switched frames included, where it is counted.
    pub counters: Option<Counters>,
}

/// Frames that came in and were no good. Which of these a switch counts depends on its chip.
const ERRORS: [&str; 4] = ["rx-fcs-error", "rx-align-error", "rx-code-error", "rx-length-error"];

/// Reads `/interface/ethernet`.
///
/// # Errors
///
/// Where it is no such answer.
pub fn read_ethernets(answer: &[u8]) -> Result<Vec<Ethernet>, Unreadable> {
    each(answer, |row| {
        let name = row.needed("name")?.to_owned();
        Ok(Ethernet {
            id: row.id()?,
            default_name: row.text("default-name").unwrap_or(&name).to_owned(),
            name,
            comment: row.text("comment").map(str::to_owned),
            disabled: row.flag("disabled")?,
            counters: counters(row)?,
        })
    })
}

fn counters(row: &Row) -> Result<Option<Counters>, Unreadable> {
    let received = row.read("rx-bytes", number::whole)?;
    let Some((received, sent)) = received.zip(row.read("tx-bytes", number::whole)?) else {
        return Ok(None);
    };
    let mut errors = 0_u64;
    for field in ERRORS {
        errors = errors.saturating_add(row.read(field, number::whole)?.unwrap_or_default());
    }
    Ok(Some(Counters { received, sent, errors }))
}

/// A link, as `/interface/ethernet/monitor` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The name of the port.
    pub name: String,
    /// How fast it is; none where nothing answers at the other end.
    pub rate: Option<BitsPerSecond>,
}

/// Reads `/interface/ethernet/monitor`.
///
/// # Errors
///
/// Where it is no such answer.
pub fn read_links(answer: &[u8]) -> Result<Vec<Link>, Unreadable> {
    each(answer, |row| {
        let up = row.text("status") == Some("link-ok");
        let rate = row.read("rate", number::rate)?.filter(|_| up);
        Ok(Link { name: row.needed("name")?.into(), rate })
    })
}
