//! From one VLAN table to another, a form at a time, in an order in which nobody is cut off who is a member before
//! and after.

use crate::wire::{VlanEntry, Vlans, VoiceClass};
use rackberry_core::{PortNo, VlanId, VlanTable};
use std::fmt;

/// One form's worth of change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Makes a VLAN.
    Add(VlanEntry),
    /// Sets the members of one.
    Set(VlanEntry),
    /// Sets a PVID.
    Pvid(PortNo, VlanId),
    /// Removes a VLAN.
    Delete(VlanId),
}

/// The next change on the way to a table: VLANs are made, members are added, PVIDs change, members leave, VLANs go.
/// The switch silently drops other orders. None where nothing is left to do.
pub(super) fn next(now: &Vlans, wish: &VlanTable) -> Option<Change> {
    let table = &now.table;
    let missing = wish.vlans.keys().find(|it| !table.vlans.contains_key(it));
    let add = || missing.map(|id| Change::Add(fresh(*id, wish)));
    let set = |change: fn(VlanEntry, &VlanTable) -> VlanEntry| {
        let entries = wish.vlans.keys().filter_map(|id| now.entry(*id));
        let mut changed = entries.map(|it| (it.clone(), change(it, wish)));
        changed.find(|(now, next)| now != next).map(|it| Change::Set(it.1))
    };
    let pvid = || {
        let mut due = wish.pvids.iter().filter(|(port, vlan)| table.pvids.get(port) != Some(vlan));
        due.next().map(|(port, vlan)| Change::Pvid(*port, *vlan))
    };
    let delete = || {
        let mut extra = table.vlans.keys().filter(|it| !wish.vlans.contains_key(it));
        extra.next().map(|it| Change::Delete(*it))
    };
    add().or_else(|| set(widened)).or_else(pvid).or_else(|| set(exact)).or_else(delete)
}

fn fresh(id: VlanId, wish: &VlanTable) -> VlanEntry {
    VlanEntry {
        id,
        // It must have one, and it is where people look for the number.
        name: format!("VLAN{}", id.number()),
        members: wish.vlans.get(&id).cloned().unwrap_or_default(),
        voice: false,
        voice_class: VoiceClass::default(),
    }
}

/// With the members that it is to have, beside those that it has.
fn widened(mut entry: VlanEntry, wish: &VlanTable) -> VlanEntry {
    entry.members.extend(wish.vlans.get(&entry.id).into_iter().flatten());
    entry
}

/// With the members that it is to have, and no others.
fn exact(mut entry: VlanEntry, wish: &VlanTable) -> VlanEntry {
    entry.members = wish.vlans.get(&entry.id).cloned().unwrap_or_default();
    entry
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Add(entry) => write!(f, "make {}", entry.id),
            Self::Set(entry) => write!(f, "set the members of {}", entry.id),
            Self::Pvid(port, vlan) => write!(f, "make {vlan} the PVID of {port}"),
            Self::Delete(vlan) => write!(f, "remove {vlan}"),
        }
    }
}
