use super::row::each;
use super::{Id, Unreadable, number};
use rackberry_core::VlanId;
use std::collections::BTreeSet;

/// A bridge, as `/interface/bridge` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bridge {
    /// Its name, which is also that of the switch itself as a member of its VLANs.
    pub name: String,
    /// Whether its VLAN table is in force.
    pub filters: bool,
}

/// Reads `/interface/bridge`.
///
/// # Errors
///
/// Where it is no such answer.
pub fn read_bridges(answer: &[u8]) -> Result<Vec<Bridge>, Unreadable> {
    each(answer, |row| {
        let filters = row.flag("vlan-filtering")? && !row.flag("disabled")?;
        Ok(Bridge { name: row.needed("name")?.into(), filters })
    })
}

/// Which frames a port takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admits {
    /// All.
    All,
    /// Those without a tag: it is the end of a cable to one machine.
    Untagged,
    /// Those with a tag: it has no PVID in effect.
    Tagged,
}

impl Admits {
    /// How RouterOS writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "admit-all",
            Self::Untagged => "admit-only-untagged-and-priority-tagged",
            Self::Tagged => "admit-only-vlan-tagged",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::All, Self::Untagged, Self::Tagged].into_iter().find(|it| it.word() == word)
    }
}

/// A port of a bridge, as `/interface/bridge/port` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgePort {
    /// Its row.
    pub id: Id,
    /// Its bridge.
    pub bridge: String,
    /// The name of the port.
    pub interface: String,
    /// The VLAN of frames without a tag. A port that takes any is a member of it, without a tag, even if no row of the
    /// VLAN table says so.
    pub pvid: VlanId,
    /// Which frames it takes.
    pub admits: Admits,
}

/// Reads `/interface/bridge/port`; ports that are switched off there are none.
///
/// # Errors
///
/// Where it is no such answer.
pub fn read_bridge_ports(answer: &[u8]) -> Result<Vec<BridgePort>, Unreadable> {
    let all = each(answer, |row| {
        let port = BridgePort {
            id: row.id()?,
            bridge: row.needed("bridge")?.into(),
            interface: row.needed("interface")?.into(),
            pvid: row.read("pvid", number::vlan)?.unwrap_or_default(),
            admits: row.read("frame-types", Admits::of)?.unwrap_or(Admits::All),
        };
        Ok((!row.flag("disabled")?).then_some(port))
    })?;
    Ok(all.into_iter().flatten().collect())
}

/// A row of a VLAN table, as `/interface/bridge/vlan` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgeVlan {
    /// The row.
    pub id: Id,
    /// The bridge.
    pub bridge: String,
    /// The VLANs that it is about.
    pub vlans: BTreeSet<VlanId>,
    /// The members whose frames leave with a tag.
    pub tagged: Vec<String>,
    /// The members whose frames leave without one.
    pub untagged: Vec<String>,
}

/// More VLANs than there are in some bridges.
const MOST: usize = 1 << 16;

/// Reads `/interface/bridge/vlan`: the rows that were written. Those that follow from PVIDs, or are switched off, are
/// left out.
///
/// # Errors
///
/// Where it is no such answer.
pub fn read_bridge_vlans(answer: &[u8]) -> Result<Vec<BridgeVlan>, Unreadable> {
    let mut count = 0;
    let all = each(answer, |row| {
        if row.flag("dynamic")? || row.flag("disabled")? {
            return Ok(None);
        }
        let vlans = row.read("vlan-ids", number::vlans)?;
        count += vlans.as_ref().map_or(0, BTreeSet::len);
        if count > MOST {
            return Err(Unreadable::NotRows { why: "too many VLANs".into() });
        }
        Ok(Some(BridgeVlan {
            id: row.id()?,
            bridge: row.needed("bridge")?.into(),
            vlans: vlans.ok_or(Unreadable::Missing { field: "vlan-ids" })?,
            tagged: row.list("tagged"),
            untagged: row.list("untagged"),
        }))
    })?;
    Ok(all.into_iter().flatten().collect())
}
