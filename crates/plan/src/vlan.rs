//! The VLANs that a rack file asks of its switches, and the way there that cuts nothing off.

use crate::Resolved;
use rackberry_core::{NetworkId, PortNo, SwitchId, Tagging, VlanId, VlanTable};
use std::collections::{BTreeMap, BTreeSet};

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

    /// Every port that the file has something plugged in.
    pub(crate) fn plugged_ports(&self) -> BTreeSet<(SwitchId, PortNo)> {
        let mut used = BTreeSet::new();
        for (id, it) in &self.rack.switches {
            let cables = it.ports.iter().filter(|it| it.1.to.is_some()).map(|it| *it.0);
            used.extend(cables.chain(it.uplink).map(|port| (id.clone(), port)));
        }
        let nodes = self.rack.nodes.values();
        let ports =
            nodes.flat_map(|it| it.port.iter().chain(it.links.iter().flat_map(|it| &it.port)));
        used.extend(ports.map(|it| (it.switch.clone(), it.port)));
        used
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

    /// Whether a table cuts off the management of its own switch, by way of its uplink.
    pub(crate) fn locks_out(&self, switch: usize, table: &VlanTable) -> bool {
        let written = self.rack.switches.get(&self.switches[switch].id);
        let vlan = written.and_then(|it| it.network.as_ref()).and_then(|it| self.vlan(it));
        match (vlan, written.and_then(|it| it.uplink)) {
            (Some(vlan), Some(uplink)) => table.member(uplink, vlan).is_none(),
            (Some(_) | None, _) => false,
        }
    }
}

/// How many kinds of change there are on the way from one table to another.
pub(crate) const CHANGES: usize = 5;

/// The tables that lead from one to another, each by one kind of change: VLANs are made, ports become members,
/// PVIDs change, ports leave, VLANs go. Whoever could reach whom before and after can do so all the way.
pub(crate) fn make_before_break(now: &VlanTable, wish: &VlanTable) -> [VlanTable; CHANGES] {
    let mut made = now.clone();
    for vlan in wish.vlans.keys() {
        made.vlans.entry(*vlan).or_default();
    }
    let mut wide = made.clone();
    for (vlan, ports) in &wish.vlans {
        let members = wide.vlans.entry(*vlan).or_default();
        for (port, tagging) in ports {
            members.entry(*port).or_insert(*tagging);
        }
    }
    let pvids = VlanTable { pvids: wish.pvids.clone(), ..wide.clone() };
    let mut narrow = pvids.clone();
    for (vlan, members) in &mut narrow.vlans {
        *members = wish.vlans.get(vlan).cloned().unwrap_or_default();
    }
    [made, wide, pvids, narrow, wish.clone()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vlan(number: u16) -> VlanId {
        VlanId::try_from(number).unwrap()
    }

    #[test]
    fn every_table_on_the_way_differs_by_one_kind_of_change_and_cuts_nobody_off() {
        let now = VlanTable::factory((1..=3).map(PortNo));
        let mut wish = now.clone();
        let infra = [(PortNo(1), Tagging::Untagged), (PortNo(3), Tagging::Tagged)];
        wish.vlans.insert(vlan(2), infra.into());
        wish.vlans.get_mut(&vlan(1)).unwrap().remove(&PortNo(1));
        wish.pvids.insert(PortNo(1), vlan(2));
        let way = make_before_break(&now, &wish);
        assert_eq!(way.last(), Some(&wish));
        // Port 1 is a member of what its PVID says all the way, and so is the uplink.
        for table in &way {
            assert!(table.joins(table.pvids[&PortNo(1)], PortNo(1), PortNo(3)), "{table:?}");
        }
        assert!(make_before_break(&wish, &wish).iter().all(|it| *it == wish));
        let back = make_before_break(&wish, &now);
        assert_eq!(back.last(), Some(&now));
        assert!(back.iter().all(|it| it.joins(it.pvids[&PortNo(1)], PortNo(1), PortNo(3))));
    }
}
