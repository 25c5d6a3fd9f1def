//! The VLANs that a rack file asks of its switches, and the way there that cuts nothing off.

use crate::Resolved;
use rackberry_core::{NetworkId, PortNo, Tagging, VlanId, VlanTable};
use std::collections::BTreeMap;

impl Resolved {
    /// The VLAN of a network.
    pub fn vlan(&self, network: &NetworkId) -> Option<VlanId> {
        self.rack.networks.get(network).map(|it| it.vlan)
    }

    /// The VLANs that a switch should have, by its position; none where it is not managed or nothing is said.
    pub fn vlan_table(&self, switch: usize) -> Option<VlanTable> {
        let it = &self.switches[switch];
        if !it.model.is_managed() {
            return None;
        }
        let plugged = self.plugged(switch);
        let mut table = VlanTable::factory(it.model.port_numbers());
        for port in it.model.port_numbers() {
            self.set_port(switch, port, plugged.get(&port).copied(), &mut table);
        }
        Some(table)
    }

    /// The VLANs that a switch should have, by its position, and those that it has now: of a port that the file says
    /// nothing of, nothing changes.
    pub(crate) fn wished_vlans(&self, switch: usize, now: &VlanTable) -> Option<VlanTable> {
        let mut table = self.vlan_table(switch)?;
        let written = self.rack.switches.get(&self.switches[switch].id)?;
        let plugged = self.plugged(switch);
        let said = |it: &PortNo| {
            plugged.contains_key(it)
                || written.ports.contains_key(it)
                || written.uplink == Some(*it)
        };
        for port in self.switches[switch].model.port_numbers().filter(|it| !said(it)) {
            table.vlans.values_mut().for_each(|it| it.retain(|member, _| *member != port));
            let kept = now.vlans.iter().filter_map(|(vlan, it)| Some((*vlan, *it.get(&port)?)));
            for (vlan, tagging) in kept {
                table.vlans.entry(vlan).or_default().insert(port, tagging);
            }
            match now.pvids.get(&port) {
                Some(pvid) => table.pvids.insert(port, *pvid),
                None => table.pvids.remove(&port),
            };
        }
        Some(table)
    }

    /// Sets a port to what the file says of it, or else to the network of what is plugged in there.
    fn set_port(
        &self,
        switch: usize,
        port: PortNo,
        plugged: Option<&NetworkId>,
        table: &mut VlanTable,
    ) {
        let written = self.rack.switches.get(&self.switches[switch].id);
        let said = written.and_then(|it| it.ports.get(&port));
        let own = said.and_then(|it| it.network.as_ref()).or(plugged);
        if let Some(vlan) = own.and_then(|it| self.vlan(it)) {
            table.vlans.entry(VlanId::default()).or_default().remove(&port);
            table.vlans.entry(vlan).or_default().insert(port, Tagging::Untagged);
            table.pvids.insert(port, vlan);
        }
        let tagged = said.map(|it| &*it.tagged).unwrap_or_default().iter();
        for vlan in tagged.filter_map(|it| self.vlan(it)) {
            table.vlans.entry(vlan).or_default().entry(port).or_insert(Tagging::Tagged);
        }
    }

    /// The network of what is plugged in each port of a switch: the first node that says one.
    fn plugged(&self, switch: usize) -> BTreeMap<PortNo, &NetworkId> {
        let id = &self.switches[switch].id;
        let mut all = BTreeMap::new();
        for node in self.rack.nodes.values() {
            let own = (node.port.as_ref(), node.network.as_ref());
            let links = node.links.iter().map(|it| (it.port.as_ref(), it.network.as_ref()));
            for (port, network) in std::iter::once(own).chain(links) {
                let (Some(port), Some(network)) = (port, network) else { continue };
                if port.switch == *id {
                    all.entry(port.port).or_insert(network);
                }
            }
        }
        all
    }

    /// Whether a table cuts off the management of its own switch, by way of its uplink, and the file does not allow that.
    pub(crate) fn locks_out(&self, switch: usize, table: &VlanTable) -> bool {
        let written = self.rack.switches.get(&self.switches[switch].id);
        !written.is_some_and(|it| it.allow_lockout) && self.cuts_off(switch, table)
    }

    /// Whether a table cuts off the management of its own switch, by its position, by way of its uplink.
    pub fn cuts_off(&self, switch: usize, table: &VlanTable) -> bool {
        let written = self.rack.switches.get(&self.switches[switch].id);
        let vlan = written.and_then(|it| it.network.as_ref()).and_then(|it| self.vlan(it));
        match (vlan, written.and_then(|it| it.uplink)) {
            (Some(vlan), Some(uplink)) => table.member(uplink, vlan).is_none(),
            (Some(_) | None, _) => false,
        }
    }
}

/// How many kinds of change there are on the way from one table to another.
pub(crate) const CHANGES: usize = 9;

/// What understands tags at the far end of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Far {
    /// Nothing: a machine.
    Machine,
    /// A machine that comes to the network whose frames leave the rack without a tag only from now on.
    Newcomer,
    /// Another switch, whose end of the cable changes too.
    Switch,
    /// What is not of this rack, and stays as it is.
    Outside,
}

impl Far {
    /// How a port first is a member that is to be one of this kind.
    fn joins(self, tagging: Tagging) -> Tagging {
        match self {
            Self::Switch => Tagging::Tagged,
            Self::Machine | Self::Newcomer | Self::Outside => tagging,
        }
    }

    /// How a port is a member while PVIDs change, by how it was and how it is to be. Between switches nothing may
    /// arrive without a tag then, since the far end may take it for something else. A machine needs it without.
    fn meanwhile(self, was: Tagging, wish: Option<Tagging>) -> Tagging {
        match (self, wish) {
            (Self::Switch, Some(Tagging::Tagged) | None) => Tagging::Tagged,
            (Self::Outside, Some(Tagging::Tagged)) => Tagging::Tagged,
            (Self::Machine | Self::Newcomer, Some(Tagging::Untagged)) => Tagging::Untagged,
            (Self::Switch, Some(Tagging::Untagged)) => was,
            (Self::Outside, Some(Tagging::Untagged) | None) => was,
            (Self::Machine | Self::Newcomer, Some(Tagging::Tagged) | None) => was,
        }
    }
}

/// The tables that lead from one to another, each by one kind of change: VLANs are made, ports become members, tags
/// change, PVIDs change of what machines are in, then of cables between switches, then of newcomers, other tags change,
/// ports leave, VLANs go.
/// Whoever could reach whom before and after can do so all the way, as long as no kind of change begins on one switch
/// before the one before it is done on all.
pub(crate) fn make_before_break(
    now: &VlanTable,
    wish: &VlanTable,
    far: &dyn Fn(PortNo) -> Far,
) -> [VlanTable; CHANGES] {
    let mut made = now.clone();
    for vlan in wish.vlans.keys() {
        made.vlans.entry(*vlan).or_default();
    }
    let mut wide = made.clone();
    for (vlan, ports) in &wish.vlans {
        let members = wide.vlans.entry(*vlan).or_default();
        for (port, tagging) in ports {
            members.entry(*port).or_insert(far(*port).joins(*tagging));
        }
    }
    let early =
        retagged(&wide, |vlan, port, was| far(port).meanwhile(was, wish.member(port, vlan)));
    let turned = |table: &VlanTable, kinds: &[Far]| {
        let due = wish.pvids.iter().filter(|it| kinds.contains(&far(*it.0)));
        let due = due.map(|(port, vlan)| (*port, *vlan));
        let pvids = table.pvids.clone().into_iter().chain(due).collect();
        VlanTable { pvids, ..table.clone() }
    };
    let inner = turned(&early, &[Far::Machine]);
    let outer = turned(&inner, &[Far::Switch, Far::Outside]);
    let pvids = VlanTable { pvids: wish.pvids.clone(), ..outer.clone() };
    let late = retagged(&pvids, |vlan, port, was| wish.member(port, vlan).unwrap_or(was));
    let mut narrow = late.clone();
    for (vlan, members) in &mut narrow.vlans {
        *members = wish.vlans.get(vlan).cloned().unwrap_or_default();
    }
    [made, wide, early, inner, outer, pvids, late, narrow, wish.clone()]
}

/// A table with the same members, tagged otherwise.
fn retagged(table: &VlanTable, tagging: impl Fn(VlanId, PortNo, Tagging) -> Tagging) -> VlanTable {
    let mut table = table.clone();
    for (vlan, members) in &mut table.vlans {
        members.iter_mut().for_each(|(port, it)| *it = tagging(*vlan, *port, *it));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vlan(number: u16) -> VlanId {
        VlanId::try_from(number).unwrap()
    }

    #[test]
    fn every_table_on_the_way_differs_by_one_kind_of_change_and_cuts_nobody_off() {
        let far = |it| if it == PortNo(3) { Far::Switch } else { Far::Machine };
        let now = VlanTable::factory((1..=3).map(PortNo));
        let mut wish = now.clone();
        let infra = [(PortNo(1), Tagging::Untagged), (PortNo(3), Tagging::Tagged)];
        wish.vlans.insert(vlan(2), infra.into());
        wish.vlans.get_mut(&vlan(1)).unwrap().remove(&PortNo(1));
        wish.pvids.insert(PortNo(1), vlan(2));
        let way = make_before_break(&now, &wish, &far);
        assert_eq!(way.last(), Some(&wish));
        // Port 1 is a member of what its PVID says all the way, and so is the uplink.
        for table in &way {
            assert!(table.joins(table.pvids[&PortNo(1)], PortNo(1), PortNo(3)), "{table:?}");
        }
        assert!(make_before_break(&wish, &wish, &far).iter().all(|it| *it == wish));
        let back = make_before_break(&wish, &now, &far);
        assert_eq!(back.last(), Some(&now));
        assert!(back.iter().all(|it| it.joins(it.pvids[&PortNo(1)], PortNo(1), PortNo(3))));
    }

    #[test]
    fn a_trunk_has_its_tags_while_its_pvid_changes_and_a_machine_has_none() {
        let both = |old: Tagging, new: Tagging| {
            let ports = |it| [(PortNo(1), it), (PortNo(3), it)].into();
            VlanTable {
                vlans: [(vlan(2), ports(old)), (vlan(3), ports(new))].into(),
                pvids: [(PortNo(1), vlan(2)), (PortNo(3), vlan(2))].into(),
            }
        };
        let now = both(Tagging::Untagged, Tagging::Tagged);
        let mut wish = both(Tagging::Tagged, Tagging::Untagged);
        wish.pvids.values_mut().for_each(|it| *it = vlan(3));
        let far = |it| if it == PortNo(3) { Far::Switch } else { Far::Machine };
        let way = make_before_break(&now, &wish, &far);
        let turn = way.iter().find(|it| it.pvids == wish.pvids).unwrap();
        for number in [2, 3].map(vlan) {
            assert_eq!(turn.member(PortNo(3), number), Some(Tagging::Tagged));
            assert_eq!(turn.member(PortNo(1), number), Some(Tagging::Untagged));
        }
        assert_eq!(way.last(), Some(&wish));
    }
}
