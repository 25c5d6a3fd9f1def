//! Switches, and the handle of one.

use super::World;
use super::room::{Room, fail};
use crate::{Jack, PoePlan, PortPlan, SwitchPlan};
use async_trait::async_trait;
use rackberry_core::{
    Counters, Error, ErrorKind, Milliwatts, Poe, PoePriority, PortNo, PortState, Power, Result,
    Switch, SwitchId, SwitchState, VlanTable,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A switch as it is: its plan changes with every order.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SwitchRoom {
    pub(super) plan: SwitchPlan,
    pub(super) peak: Milliwatts,
    /// Whether it is gone for good.
    pub(super) lost: bool,
    /// What has passed the ports that something has passed.
    counters: BTreeMap<PortNo, Counters>,
}

impl SwitchRoom {
    pub(super) fn new(plan: SwitchPlan) -> Self {
        Self { plan, peak: Milliwatts(0), lost: false, counters: BTreeMap::new() }
    }

    /// Counts what a port has taken in and sent out.
    pub(super) fn count(&mut self, port: PortNo, received: u64, sent: u64) {
        let it = self.counters.entry(port).or_default();
        it.received = it.received.saturating_add(received);
        it.sent = it.sent.saturating_add(sent);
    }

    /// What has passed a port; none where the switch is too simple to count.
    fn counters(&self, port: PortNo) -> Option<Counters> {
        self.plan.vlans.as_ref()?;
        Some(self.counters.get(&port).copied().unwrap_or_default())
    }

    /// Lets no frame and no power through any more.
    fn lose(&mut self) {
        self.lost = true;
        for port in self.plan.ports.values_mut() {
            port.enabled = false;
            port.poe.iter_mut().for_each(|it| it.power = Power::Off);
        }
    }

    fn port(&mut self, port: PortNo) -> Result<&mut PortPlan> {
        self.plan.ports.get_mut(&port).ok_or_else(|| Error::not_found(format!("find {port}")))
    }

    fn poe(&mut self, port: PortNo) -> Result<&mut PoePlan> {
        let none = || Error::not_found(format!("feed {port}"));
        self.port(port)?.poe.as_mut().ok_or_else(none)
    }

    fn accept(&self, table: &VlanTable) -> Result<()> {
        let members = table.vlans.values().flat_map(|it| it.keys());
        let strange = |it: &&PortNo| !self.plan.ports.contains_key(it);
        if let Some(port) = members.chain(table.pvids.keys()).find(strange) {
            return fail(ErrorKind::Invalid, format!("set the VLANs of {port}"));
        }
        match table.pvids.values().find(|it| !table.vlans.contains_key(it)) {
            Some(vlan) => fail(ErrorKind::Invalid, format!("use {vlan} as a PVID")),
            None if self.plan.vlans.is_none() => fail(ErrorKind::Unsupported, "set VLANs"),
            None => Ok(()),
        }
    }
}

impl Room {
    pub(super) fn lose_switch(&mut self, id: &SwitchId) {
        let Some(switch) = self.switches.get_mut(id) else { return };
        switch.lose();
        // The machines that it feeds are found by it, so they lose their power with it.
        self.power.switches.insert(id.clone());
        self.rewire();
        self.settle();
    }

    fn switch(&mut self, id: &SwitchId) -> Result<&mut SwitchRoom> {
        let answers = self.wires.desks.contains(id);
        let silent = || Error::new(ErrorKind::Unreachable, format!("reach the switch {id}"));
        self.switches.get_mut(id).filter(|_| answers).ok_or_else(silent)
    }

    fn switch_state(&mut self, id: &SwitchId) -> Result<SwitchState> {
        let switch = self.switch(id)?.clone();
        let plan = &switch.plan;
        let port = |(port, it): (&PortNo, &PortPlan)| {
            let jack = Jack { switch: id.clone(), port: *port };
            let state = PortState {
                name: it.name.clone(),
                enabled: it.enabled,
                link: Some(it.speed).filter(|_| it.enabled && self.answers_at(&jack)),
                poe: it.poe.as_ref().map(|poe| self.poe_state(&jack, poe)),
                counters: switch.counters(*port),
            };
            (*port, state)
        };
        Ok(SwitchState {
            model: plan.model.clone(),
            serial: plan.serial.clone(),
            ports: plan.ports.iter().map(port).collect(),
            vlans: plan.vlans.clone(),
            budget: plan.budget,
        })
    }
}

/// A switch, seen from the controller.
#[derive(Clone, Debug)]
pub(super) struct SimSwitch {
    world: World,
    switch: SwitchId,
    feeds: bool,
}

impl SimSwitch {
    pub(super) fn new(world: World, switch: SwitchId, feeds: bool) -> Self {
        Self { world, switch, feeds }
    }

    fn call<T>(
        &self,
        doing: &str,
        act: impl FnOnce(&mut SwitchRoom) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let id = self.switch.clone();
        self.world.call(doing, move |room| {
            let answer = act(room.switch(&id)?);
            room.power.switches.insert(id);
            answer
        })
    }

    /// An order that may change which way frames go.
    fn wire(
        &self,
        doing: &str,
        act: impl FnOnce(&mut SwitchRoom) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let id = self.switch.clone();
        self.world.call(doing, move |room| {
            let switch = room.switch(&id)?;
            let before = switch.plan.clone();
            act(switch)?;
            if switch.plan != before {
                room.rewire();
            }
            Ok(())
        })
    }
}

#[async_trait]
impl Switch for SimSwitch {
    async fn observe(&self) -> Result<SwitchState> {
        let id = self.switch.clone();
        self.world.call("observe the switch", move |room| room.switch_state(&id))
    }

    async fn set_port(&self, port: PortNo, enabled: bool) -> Result<()> {
        self.wire("set a port", move |it| {
            it.port(port)?.enabled = enabled;
            Ok(())
        })
    }

    async fn set_vlans(&self, table: &VlanTable) -> Result<()> {
        let table = table.clone();
        self.wire("set the VLANs", move |it| {
            it.accept(&table)?;
            it.plan.vlans = Some(table);
            Ok(())
        })
    }

    fn poe(&self) -> Option<&dyn Poe> {
        self.feeds.then_some(self)
    }
}

#[async_trait]
impl Poe for SimSwitch {
    async fn set_poe(&self, port: PortNo, power: Power) -> Result<()> {
        self.call("feed a port", move |it| {
            it.poe(port)?.power = power;
            Ok(())
        })
    }

    async fn set_priority(&self, port: PortNo, priority: PoePriority) -> Result<()> {
        self.call("set the priority of a port", move |it| {
            it.poe(port)?.priority = priority;
            Ok(())
        })
    }

    async fn set_limit(&self, port: PortNo, limit: Option<Milliwatts>) -> Result<()> {
        self.call("limit a port", move |it| {
            it.poe(port)?.limit = limit;
            Ok(())
        })
    }
}
