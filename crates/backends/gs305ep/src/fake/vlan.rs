//! Orders on VLANs. Whatever is wrong with them, the page is the answer, as it is.

use super::VlanMode;
use super::desk::{Answer, Desk};
use super::http::{Reply, Request};
use super::memory::Memory;
use super::page;
use super::physics::Silent;
use rackberry_core::{PortNo, Tagging, VlanId, VlanTable};
use std::collections::BTreeMap;

/// The longest name of a VLAN.
const LONGEST: usize = 14;

impl Desk {
    pub(super) async fn order_mode(&self, memory: &mut Memory, request: &Request) -> Answer {
        let number = request.number("VLAN_MOD");
        let mode = VlanMode::ALL.into_iter().find(|it| Some(it.number()) == number);
        if let Some(mode) = mode.filter(|it| *it != memory.vlans.mode) {
            self.change_mode(memory, mode).await?;
            memory.down = self.now().saturating_add(self.knobs.vlans.settle);
        }
        self.render(memory, request, page::vlan).await
    }

    async fn change_mode(&self, memory: &mut Memory, mode: VlanMode) -> Result<(), Silent> {
        let table = self.table().await?;
        let vlans = &mut memory.vlans;
        let fresh = VlanTable::factory(self.knobs.model.ports());
        if self.knobs.vlans.wipes {
            (vlans.names, vlans.voice, vlans.kept) = (BTreeMap::new(), None, None);
        } else if vlans.mode == VlanMode::default() {
            vlans.kept = Some(table);
        }
        vlans.mode = mode;
        let kept = vlans.kept.take_if(|_| mode == VlanMode::default());
        self.wire(&kept.unwrap_or(fresh)).await
    }

    async fn table(&self) -> Result<VlanTable, Silent> {
        let fresh = || VlanTable::factory(self.knobs.model.ports());
        Ok(self.observe().await?.vlans.unwrap_or_else(fresh))
    }

    pub(super) async fn order_vlan(&self, memory: &mut Memory, request: &Request) -> Answer {
        if !matches!(request.field("ACTION"), Some("Add" | "Apply" | "Delete")) {
            return Ok(Reply::page(page::stub()));
        }
        let vlan = request.number("VLAN_ID").and_then(|it| VlanId::try_from(it).ok());
        if let Some(vlan) = vlan.filter(|_| memory.vlans.mode == VlanMode::default()) {
            let mut table = self.table().await?;
            if self.change(memory, request, vlan, &mut table) {
                self.wire(&table).await?;
            }
        }
        self.render(memory, request, page::vlan).await
    }

    /// Changes a table as ordered, if the order is one that the switch follows.
    fn change(
        &self,
        memory: &mut Memory,
        request: &Request,
        vlan: VlanId,
        table: &mut VlanTable,
    ) -> bool {
        let known = table.vlans.contains_key(&vlan);
        let room = table.vlans.len() < self.knobs.vlans.most;
        match request.field("ACTION") {
            Some("Add") if !known && room => self.write(memory, request, vlan, table),
            Some("Apply") if known => self.write(memory, request, vlan, table),
            Some("Delete") if known && vlan != VlanId::default() => delete(memory, vlan, table),
            _ => false,
        }
    }

    fn write(
        &self,
        memory: &mut Memory,
        request: &Request,
        vlan: VlanId,
        table: &mut VlanTable,
    ) -> bool {
        let Some(members) = request.field("hiddenMem").and_then(|it| self.members(it)) else {
            return false;
        };
        // The PVID of a port keeps it in its VLAN.
        if table.pvids.iter().any(|(port, pvid)| *pvid == vlan && !members.contains_key(port)) {
            return false;
        }
        table.vlans.insert(vlan, members);
        let name = request.field("VLAN_NAME").unwrap_or_default();
        memory.vlans.names.insert(vlan, name.chars().take(LONGEST).collect());
        voice(memory, request, vlan);
        true
    }

    /// The members of a VLAN, from one digit for each port: 1 tagged, 2 untagged, 3 not a member.
    fn members(&self, digits: &str) -> Option<BTreeMap<PortNo, Tagging>> {
        let ports = self.knobs.model.ports();
        let whole = digits.len() == ports.count();
        let mut members = BTreeMap::new();
        for (port, digit) in self.knobs.model.ports().zip(digits.chars()) {
            match digit {
                '1' => members.insert(port, Tagging::Tagged),
                '2' => members.insert(port, Tagging::Untagged),
                '3' => None,
                _ => return None,
            };
        }
        whole.then_some(members)
    }

    pub(super) async fn order_pvid(&self, memory: &mut Memory, request: &Request) -> Answer {
        let port = request.number("PORT").map(PortNo).filter(|it| self.knobs.model.has(*it));
        let vlan = request.number("PVID").and_then(|it| VlanId::try_from(it).ok());
        let Some((port, vlan)) =
            port.zip(vlan).filter(|_| memory.vlans.mode == VlanMode::default())
        else {
            return self.render(memory, request, page::vlan).await;
        };
        let mut table = self.table().await?;
        if table.member(port, vlan).is_none() {
            // A text of the maker's by its number, which is unknown on hardware, and what belongs into it.
            return Ok(Reply::page(format!("ml000@{}@({})@", port.0, vlan.number())));
        }
        table.pvids.insert(port, vlan);
        self.wire(&table).await?;
        self.render(memory, request, page::vlan).await
    }
}

fn delete(memory: &mut Memory, vlan: VlanId, table: &mut VlanTable) -> bool {
    if table.pvids.values().any(|it| *it == vlan) {
        return false;
    }
    table.vlans.remove(&vlan);
    memory.vlans.names.remove(&vlan);
    memory.vlans.voice.take_if(|it| *it == vlan);
    true
}

/// There is one voice VLAN at most: another one takes its place.
fn voice(memory: &mut Memory, request: &Request, vlan: VlanId) {
    let vlans = &mut memory.vlans;
    if request.number("voiceVLANID") != Some(1) {
        vlans.voice.take_if(|it| *it == vlan);
        return;
    }
    vlans.voice = Some(vlan);
    vlans.priority = request.number("voiceVlanCos").filter(|it| *it <= 7).or(vlans.priority);
}
