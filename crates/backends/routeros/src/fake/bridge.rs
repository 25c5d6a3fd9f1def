//! The VLAN table of the bridge.

use super::Knobs;
use rackberry_core::{PortNo, Tagging, VlanId, VlanTable};
use std::collections::{BTreeMap, BTreeSet};

/// Which frames a port takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frames {
    All,
    Untagged,
    Tagged,
}

impl Frames {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::All => "admit-all",
            Self::Untagged => "admit-only-untagged-and-priority-tagged",
            Self::Tagged => "admit-only-vlan-tagged",
        }
    }

    pub(super) fn of(word: &str) -> Option<Self> {
        [Self::All, Self::Untagged, Self::Tagged].into_iter().find(|it| it.word() == word)
    }
}

/// A row of the table; one without an identifier follows from PVIDs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) id: Option<String>,
    pub(super) vlans: BTreeSet<VlanId>,
    pub(super) tagged: Vec<String>,
    pub(super) untagged: Vec<String>,
    pub(super) comment: String,
}

impl Row {
    pub(super) fn vlan_ids(&self) -> String {
        let numbers: Vec<String> = self.vlans.iter().map(|it| it.number().to_string()).collect();
        numbers.join(",")
    }
}

/// What the bridge has been told, and what follows from it.
#[derive(Clone, Debug, Default)]
pub(super) struct BridgeTable {
    pub(super) ports: BTreeMap<PortNo, (VlanId, Frames)>,
    pub(super) rows: Vec<Row>,
    made: u32,
}

impl BridgeTable {
    /// What comes of it for the switch behind: a port that takes frames without a tag is a member of its PVID, without a
    /// tag unless a row says otherwise.
    pub(super) fn effect(&self, names: &BTreeMap<PortNo, String>) -> VlanTable {
        let mut table = VlanTable::default();
        for (port, (pvid, frames)) in &self.ports {
            if *frames != Frames::Tagged {
                table.pvids.insert(*port, *pvid);
                table.vlans.entry(*pvid).or_default().insert(*port, Tagging::Untagged);
            }
        }
        for row in &self.rows {
            for vlan in &row.vlans {
                let members = table.vlans.entry(*vlan).or_default();
                members.extend(ports(&row.untagged, names).map(|it| (it, Tagging::Untagged)));
                members.extend(ports(&row.tagged, names).map(|it| (it, Tagging::Tagged)));
            }
        }
        table
    }

    /// Becomes what leads to a table of the switch behind, if it is not that already.
    pub(super) fn follow(
        &mut self,
        table: &VlanTable,
        names: &BTreeMap<PortNo, String>,
        knobs: &Knobs,
    ) {
        if !self.ports.is_empty() && self.effect(names) == *table {
            return;
        }
        let port = |port: &PortNo| match table.pvids.get(port) {
            Some(pvid) => (*port, (*pvid, Frames::All)),
            None => (*port, (VlanId::default(), Frames::Tagged)),
        };
        self.ports = names.keys().map(port).collect();
        let old = std::mem::take(&mut self.rows);
        for (vlan, members) in &table.vlans {
            let follows = |it: (&PortNo, &Tagging)| {
                *it.1 == Tagging::Untagged && table.pvids.get(it.0) == Some(vlan)
            };
            let own = knobs.own.contains(vlan);
            if members.is_empty() || own || !members.iter().all(follows) {
                let id =
                    old.iter().find(|it| it.vlans == [*vlan].into()).and_then(|it| it.id.clone());
                let row = row(*vlan, members, names, own.then_some(&knobs.bridge));
                self.add(Row { id, ..row });
            }
        }
    }

    /// Writes a row, which gets an identifier if it has none, and gives that.
    pub(super) fn add(&mut self, mut row: Row) -> String {
        let id = row.id.take().unwrap_or_else(|| {
            self.made += 1;
            format!("*{:X}", self.made)
        });
        self.rows.push(Row { id: Some(id.clone()), ..row });
        id
    }

    /// The rows that were written, and those that follow from PVIDs.
    pub(super) fn shown(&self, names: &BTreeMap<PortNo, String>, bridge: &str) -> Vec<Row> {
        let mut follow: BTreeMap<VlanId, Vec<String>> =
            [(VlanId::default(), vec![bridge.into()])].into();
        for (port, (pvid, frames)) in &self.ports {
            let written = |row: &Row| {
                let name = names.get(port);
                row.vlans.contains(pvid)
                    && row.tagged.iter().chain(&row.untagged).any(|it| Some(it) == name)
            };
            if *frames != Frames::Tagged && !self.rows.iter().any(written) {
                follow.entry(*pvid).or_default().extend(names.get(port).cloned());
            }
        }
        let follow = follow.into_iter().map(|(vlan, untagged)| Row {
            vlans: [vlan].into(),
            untagged,
            ..Row::default()
        });
        self.rows.iter().cloned().chain(follow).collect()
    }

    pub(super) fn rename(&mut self, old: &str, new: &str) {
        let names =
            self.rows.iter_mut().flat_map(|it| it.tagged.iter_mut().chain(&mut it.untagged));
        names.filter(|it| *it == old).for_each(|it| *it = new.into());
    }
}

fn row(
    vlan: VlanId,
    members: &BTreeMap<PortNo, Tagging>,
    names: &BTreeMap<PortNo, String>,
    own: Option<&String>,
) -> Row {
    let named = |wish: Tagging| {
        let all = members.iter().filter(move |it| *it.1 == wish);
        all.filter_map(|it| names.get(it.0).cloned())
    };
    let tagged = own.cloned().into_iter().chain(named(Tagging::Tagged)).collect();
    Row {
        vlans: [vlan].into(),
        tagged,
        untagged: named(Tagging::Untagged).collect(),
        ..Row::default()
    }
}

fn ports<'a>(
    list: &'a [String],
    names: &'a BTreeMap<PortNo, String>,
) -> impl Iterator<Item = PortNo> + 'a {
    list.iter().filter_map(|it| names.iter().find(|name| name.1 == it).map(|it| *it.0))
}
