//! From one VLAN table to another, an order at a time, in an order in which nobody is cut off who is a member before and
//! after.

use super::table::Table;
use crate::wire::{Admits, BridgeVlan, Id, Members, Order};
use rackberry_core::{PortNo, Tagging, VlanId, VlanTable};
use std::collections::BTreeMap;
use std::fmt;

/// The ports in a row.
type Ports = BTreeMap<PortNo, Tagging>;

/// One order's worth of change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Makes a VLAN.
    Add(VlanId, Members),
    /// Sets the members of one.
    Set(VlanId, Id, Members),
    /// Sets a PVID, and which frames the port takes.
    Port(PortNo, Id, VlanId, Admits),
    /// Removes a VLAN.
    Remove(VlanId, Id),
}

/// The next change on the way to a table: VLANs are made, members are added, PVIDs change, members leave, VLANs go. None
/// where nothing is left to do.
pub(super) fn next(now: &Table, wish: &VlanTable) -> Option<Change> {
    add(now, wish)
        .or_else(|| set(now, wish, widened))
        .or_else(|| pvid(now, wish))
        .or_else(|| set(now, wish, exact))
        .or_else(|| dark(now, wish))
        .or_else(|| remove(now, wish))
}

/// Whether a port is a member of a VLAN by its PVID alone.
fn follows(wish: &VlanTable, vlan: VlanId, (port, tagging): (&PortNo, &Tagging)) -> bool {
    *tagging == Tagging::Untagged && wish.pvids.get(port) == Some(&vlan)
}

/// A VLAN that does not follow from PVIDs needs a row.
fn add(now: &Table, wish: &VlanTable) -> Option<Change> {
    let mut missing = wish.vlans.iter().filter(|it| now.row(*it.0).is_none());
    let (vlan, members) = missing.find(|(vlan, members)| {
        members.is_empty() || !members.iter().all(|it| follows(wish, **vlan, it))
    })?;
    Some(Change::Add(*vlan, named(now, members, Members::default())))
}

fn set(
    now: &Table,
    wish: &VlanTable,
    change: fn(Ports, &VlanTable, VlanId) -> Ports,
) -> Option<Change> {
    now.rows.iter().find_map(|row| {
        let vlan = *row.vlans.iter().find(|it| wish.vlans.contains_key(it))?;
        let before = now.members(row);
        let after = change(before.clone(), wish, vlan);
        let members = || named(now, &after, now.others(row));
        (before != after).then(|| Change::Set(vlan, row.id.clone(), members()))
    })
}

/// With the members that it is to have, beside those that it has. Those that follow from PVIDs need not be written.
fn widened(mut members: Ports, wish: &VlanTable, vlan: VlanId) -> Ports {
    for (port, tagging) in wish.vlans.get(&vlan).into_iter().flatten() {
        if members.contains_key(port) || !follows(wish, vlan, (port, tagging)) {
            members.insert(*port, *tagging);
        }
    }
    members
}

/// With no others than it is to have.
fn exact(mut members: Ports, wish: &VlanTable, vlan: VlanId) -> Ports {
    members.retain(|port, _| wish.member(*port, vlan).is_some());
    members
}

fn pvid(now: &Table, wish: &VlanTable) -> Option<Change> {
    now.ports.iter().find_map(|(port, it)| {
        let vlan = *wish.pvids.get(port)?;
        let admits = match it.admits {
            Admits::Tagged => Admits::All,
            Admits::Untagged if has_tags(wish, *port) => Admits::All,
            Admits::All | Admits::Untagged => it.admits,
        };
        let due = (it.pvid, it.admits) != (vlan, admits);
        due.then(|| Change::Port(*port, it.id.clone(), vlan, admits))
    })
}

fn has_tags(wish: &VlanTable, port: PortNo) -> bool {
    wish.vlans.values().any(|it| it.get(&port) == Some(&Tagging::Tagged))
}

/// A port without a PVID takes no frames without a tag.
fn dark(now: &Table, wish: &VlanTable) -> Option<Change> {
    let mut due = now
        .ports
        .iter()
        .filter(|(port, it)| !wish.pvids.contains_key(port) && it.admits != Admits::Tagged);
    due.next().map(|(port, it)| Change::Port(*port, it.id.clone(), it.pvid, Admits::Tagged))
}

fn remove(now: &Table, wish: &VlanTable) -> Option<Change> {
    let gone = |row: &&BridgeVlan| !row.vlans.iter().any(|it| wish.vlans.contains_key(it));
    let row = now.rows.iter().find(gone)?;
    row.vlans.first().map(|vlan| Change::Remove(*vlan, row.id.clone()))
}

/// Members by the names of their ports.
fn named(now: &Table, members: &Ports, mut with: Members) -> Members {
    for (port, tagging) in members {
        let list = match tagging {
            Tagging::Tagged => &mut with.tagged,
            Tagging::Untagged => &mut with.untagged,
        };
        list.extend(now.name(*port).map(str::to_owned));
    }
    with
}

impl Change {
    pub(super) fn order(&self, bridge: &str) -> Order {
        match self {
            Self::Add(vlan, members) => Order::vlan_add(bridge, *vlan, members),
            Self::Set(_, row, members) => Order::vlan_set(row, members),
            Self::Port(_, id, pvid, admits) => Order::port_set(id, *pvid, *admits),
            Self::Remove(_, row) => Order::vlan_remove(row),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Add(vlan, _) => write!(f, "make {vlan}"),
            Self::Set(vlan, ..) => write!(f, "set the members of {vlan}"),
            Self::Port(port, _, _, Admits::Tagged) => write!(f, "take no PVID at {port}"),
            Self::Port(port, _, vlan, _) => write!(f, "make {vlan} the PVID of {port}"),
            Self::Remove(vlan, _) => write!(f, "remove {vlan}"),
        }
    }
}
