//! Frames on a tree of switches, as they spread: the tests' own model, that knows nothing of ways.

use rackberry_core::{PortNo, Tagging, VlanId, VlanTable};
use std::collections::{BTreeMap, BTreeSet};

/// A port of a switch, by position.
pub(crate) type Jack = (usize, PortNo);
pub(crate) type Tag = Option<VlanId>;
pub(crate) type Tables = Vec<VlanTable>;

/// Who sends and hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    At(Jack, Tag),
    Desk(usize, VlanId),
}

/// The cables between switches, by both ends, and where the station is.
#[derive(Debug, Default)]
pub(crate) struct Air {
    pub(crate) cables: BTreeMap<Jack, Jack>,
    pub(crate) station: Option<Jack>,
}

pub(crate) fn vlans() -> impl Iterator<Item = VlanId> {
    (1..=6).map(|it| VlanId::try_from(it).unwrap())
}

impl Air {
    /// Who is reached by the station, and reaches it.
    pub(crate) fn reached(&self, tables: &Tables, all: &[Who]) -> BTreeSet<Who> {
        let station = self.station.unwrap();
        let sends = vlans().map(Some).chain([None]).map(|tag| Who::At(station, tag));
        let floods: Vec<_> = sends.map(|it| (it, self.heard(tables, it))).collect();
        let reached = |it: &Who| {
            let back = self.heard(tables, *it);
            floods.iter().any(|(from, flood)| flood.contains(it) && back.contains(from))
        };
        all.iter().copied().filter(reached).collect()
    }

    /// Everybody who hears what one sends to all.
    fn heard(&self, tables: &Tables, from: Who) -> BTreeSet<Who> {
        let (mut heard, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut ahead = match from {
            Who::At(jack, tag) => vec![(jack, tag)],
            Who::Desk(switch, vlan) => self.spread(tables, switch, None, vlan, &mut heard),
        };
        while let Some(((switch, port), tag)) = ahead.pop() {
            let table = &tables[switch];
            let vlan = tag.unwrap_or(table.pvids[&port]);
            if table.member(port, vlan).is_some() && seen.insert(((switch, port), tag)) {
                ahead.extend(self.spread(tables, switch, Some(port), vlan, &mut heard));
            }
        }
        heard
    }

    fn spread(
        &self,
        tables: &Tables,
        switch: usize,
        from: Option<PortNo>,
        vlan: VlanId,
        heard: &mut BTreeSet<Who>,
    ) -> Vec<(Jack, Tag)> {
        heard.insert(Who::Desk(switch, vlan));
        let members = tables[switch].vlans.get(&vlan).into_iter().flatten();
        let mut out = Vec::new();
        for (port, tagging) in members.filter(|it| Some(*it.0) != from) {
            let tag = (*tagging == Tagging::Tagged).then_some(vlan);
            heard.insert(Who::At((switch, *port), tag));
            out.extend(self.cables.get(&(switch, *port)).map(|far| (*far, tag)));
        }
        out
    }
}
