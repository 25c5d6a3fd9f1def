use super::Sin;
use crate::room;
use async_trait::async_trait;
use rackberry_core::{
    Error, ErrorKind, Milliwatts, Poe, PoePriority, PortNo, Power, Result, Switch, SwitchState,
    VlanTable,
};
use rackberry_testkit::{each_law, laws};
use std::sync::Arc;

#[derive(Debug)]
struct Broken(Arc<dyn Switch>, Sin);

fn broken(law: &'static str) -> Broken {
    Broken(room::world().switch(&room::sw()), Sin::new(law))
}

impl Broken {
    fn inner(&self) -> &dyn Poe {
        self.0.poe().unwrap()
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl Switch for Broken {
    async fn observe(&self) -> Result<SwitchState> {
        let mut state = self.0.observe().await?;
        if self.1.is("switch_reads_are_stable") {
            state.model = self.1.count().to_string();
        }
        if self.1.is("switch_without_vlans_says_so") {
            state.vlans = None;
        }
        if self.1.is("switch_poe_off_delivers_nothing") {
            let ports = state.ports.values_mut().filter_map(|it| it.poe.as_mut());
            ports.for_each(|it| it.delivers = true);
        }
        Ok(state)
    }

    async fn set_port(&self, port: PortNo, enabled: bool) -> Result<()> {
        if self.1.is("switch_set_port_is_absolute") {
            let now = self.0.observe().await?.ports[&port].enabled;
            return self.0.set_port(port, !now).await;
        }
        if self.1.is("switch_set_port_changes_no_other") {
            self.0.set_port(PortNo(6), enabled).await?;
        }
        match self.1.is("switch_absent_port_is_not_found") {
            true => Ok(()),
            false => self.0.set_port(port, enabled).await,
        }
    }

    async fn set_vlans(&self, table: &VlanTable) -> Result<()> {
        let mut table = table.clone();
        if self.1.is("switch_set_vlans_is_absolute") {
            table.vlans.extend(self.0.observe().await?.vlans.unwrap_or_default().vlans);
        }
        if self.1.is("switch_set_vlans_sets_pvids") {
            table.pvids = self.0.observe().await?.vlans.unwrap_or_default().pvids;
        }
        let answer = self.0.set_vlans(&table).await;
        let careless =
            ["switch_vlans_of_absent_ports_are_invalid", "switch_pvid_without_its_vlan_is_invalid"];
        if careless.iter().any(|it| self.1.is(it)) { Ok(()) } else { answer }
    }

    fn poe(&self) -> Option<&dyn Poe> {
        Some(self)
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl Poe for Broken {
    async fn set_poe(&self, port: PortNo, power: Power) -> Result<()> {
        // It can only be switched off.
        let power = if self.1.is("switch_set_poe_is_absolute") { Power::Off } else { power };
        let answer = self.inner().set_poe(port, power).await;
        let careless = self.1.is("switch_absent_poe_is_not_found")
            || self.1.is("switch_unfed_port_is_not_found");
        if careless { Ok(()) } else { answer }
    }

    async fn set_priority(&self, port: PortNo, priority: PoePriority) -> Result<()> {
        let upwards = priority.max(PoePriority::High);
        let stuck = self.1.is("switch_set_priority_is_absolute");
        self.inner().set_priority(port, if stuck { upwards } else { priority }).await
    }

    async fn set_limit(&self, port: PortNo, limit: Option<Milliwatts>) -> Result<()> {
        if self.1.is(DENIES) {
            self.inner().set_limit(port, limit).await?;
            return Err(Error::new(ErrorKind::Unsupported, "limit a port"));
        }
        match self.1.is("switch_set_limit_is_absolute") && limit.is_none() {
            true => Ok(()),
            false => self.inner().set_limit(port, limit).await,
        }
    }
}

/// Says that it has no limits, and sets them.
const DENIES: &str = "denies limits";

#[tokio::test]
async fn a_limit_that_is_set_and_denied_is_caught() {
    let (broken, ports) = (broken(DENIES), room::ports());
    let law = async move { laws::switch_set_limit_is_absolute(&broken, &ports).await };
    assert!(super::panics(law).await, "the law caught nothing");
}

each_law!(switch => [caught] broken, room::ports());
