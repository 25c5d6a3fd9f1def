//! The VLAN table of a bridge, and the same as all switches say it.

use super::Talk;
use crate::wire::{
    Admits, Bridge, BridgePort, BridgeVlan, Ethernet, Members, Order, read_bridge_ports,
    read_bridge_vlans, read_bridges,
};
use rackberry_core::{PortNo, Result, Tagging, VlanId, VlanTable};
use std::collections::BTreeMap;

/// What was read of all bridges.
pub(super) struct Tables {
    bridges: Vec<Bridge>,
    ports: Vec<BridgePort>,
    rows: Vec<BridgeVlan>,
    names: BTreeMap<String, PortNo>,
}

/// One bridge that filters VLANs.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) bridge: String,
    pub(super) ports: BTreeMap<PortNo, BridgePort>,
    pub(super) rows: Vec<BridgeVlan>,
    names: BTreeMap<String, PortNo>,
}

impl Talk {
    pub(super) async fn tables(&mut self, ports: &BTreeMap<PortNo, Ethernet>) -> Result<Tables> {
        Ok(Tables {
            bridges: self.desk.read(&Order::bridges(), read_bridges).await?,
            ports: self.desk.read(&Order::bridge_ports(), read_bridge_ports).await?,
            rows: self.desk.read(&Order::bridge_vlans(), read_bridge_vlans).await?,
            names: ports.iter().map(|(port, it)| (it.name.clone(), *port)).collect(),
        })
    }
}

impl Tables {
    /// The bridge of this name, or the only one that filters VLANs.
    pub(super) fn bridge(self, name: Option<&str>) -> Option<Table> {
        let meant = |it: &&Bridge| it.filters && name.is_none_or(|name| name == it.name);
        let mut all = self.bridges.iter().filter(meant);
        let bridge = all.next().filter(|_| all.next().is_none())?.name.clone();
        let own = self.ports.into_iter().filter(|it| it.bridge == bridge);
        let ports = own.filter_map(|it| Some((*self.names.get(&it.interface)?, it))).collect();
        let rows = self.rows.into_iter().filter(|it| it.bridge == bridge).collect();
        Some(Table { bridge, ports, rows, names: self.names })
    }
}

impl Table {
    /// As all switches say it.
    pub(super) fn table(&self) -> VlanTable {
        let mut table = VlanTable::default();
        for (port, pvid) in self.pvids() {
            table.pvids.insert(port, pvid);
            table.vlans.entry(pvid).or_default().insert(port, Tagging::Untagged);
        }
        for row in &self.rows {
            for vlan in &row.vlans {
                table.vlans.entry(*vlan).or_default().extend(self.members(row));
            }
        }
        table
    }

    /// The PVIDs that are in effect. Each makes its port a member of that VLAN.
    fn pvids(&self) -> impl Iterator<Item = (PortNo, VlanId)> {
        let takes = |it: &&BridgePort| it.admits != Admits::Tagged;
        self.ports.iter().filter_map(move |(port, it)| Some((*port, Some(it).filter(takes)?.pvid)))
    }

    /// The ports in a row.
    pub(super) fn members(&self, row: &BridgeVlan) -> BTreeMap<PortNo, Tagging> {
        let port = |name: &String| self.names.get(name).filter(|it| self.ports.contains_key(it));
        let untagged = row.untagged.iter().filter_map(port).map(|it| (*it, Tagging::Untagged));
        let tagged = row.tagged.iter().filter_map(port).map(|it| (*it, Tagging::Tagged));
        // Whoever is both leaves with a tag.
        untagged.chain(tagged).collect()
    }

    /// Members of a row that are no ports: the switch itself first of all.
    pub(super) fn others(&self, row: &BridgeVlan) -> Members {
        let other = |name: &&String| {
            let port = self.names.get(*name);
            port.is_none_or(|it| !self.ports.contains_key(it))
        };
        Members {
            tagged: row.tagged.iter().filter(other).cloned().collect(),
            untagged: row.untagged.iter().filter(other).cloned().collect(),
        }
    }

    /// What the bridge calls a port.
    pub(super) fn name(&self, port: PortNo) -> Option<&str> {
        self.ports.get(&port).map(|it| it.interface.as_str())
    }

    /// The row of a VLAN.
    pub(super) fn row(&self, vlan: VlanId) -> Option<&BridgeVlan> {
        self.rows.iter().find(|it| it.vlans.contains(&vlan))
    }
}
