use super::{Talk, ports};
use crate::wire::{
    Board, Ethernet, Id, Link, Order, PoeReading, PoeSetting, read_ethernets, read_links,
    read_poe_readings, read_poe_settings,
};
use rackberry_core::{
    BitsPerSecond, Milliwatts, PoeState, PortNo, PortState, Power, Result, SwitchState,
};
use std::collections::BTreeMap;

/// What was read of the ports of a switch.
struct Seen {
    rates: BTreeMap<String, BitsPerSecond>,
    settings: BTreeMap<String, PoeSetting>,
    readings: BTreeMap<String, PoeReading>,
}

impl Talk {
    /// Eight requests; six where the switch feeds nothing.
    pub(super) async fn observe(&mut self) -> Result<SwitchState> {
        let board = self.desk.board().await?;
        let ports = self.ports().await?;
        let seen = self.seen(&ports).await?;
        let vlans = self.tables(&ports).await?;
        let vlans = vlans.bridge(self.bridge.as_deref()).map(|it| it.table());
        let budget = self.budget.or_else(|| usual_budget(&board));
        let each = ports.into_iter().map(|(port, it)| (port, seen.port(it)));
        Ok(SwitchState {
            ports: each.collect(),
            model: board.model,
            serial: board.serial,
            vlans,
            budget,
        })
    }

    pub(super) async fn ports(&mut self) -> Result<BTreeMap<PortNo, Ethernet>> {
        Ok(ports::numbered(self.desk.read(&Order::ethernets(), read_ethernets).await?))
    }

    /// The ports that are fed, by their names.
    pub(super) async fn fed(&mut self) -> Result<BTreeMap<String, PoeSetting>> {
        let all = self.desk.read_known(&Order::poe_settings(), read_poe_settings).await?;
        Ok(all.into_iter().flatten().map(|it| (it.name.clone(), it)).collect())
    }

    async fn seen(&mut self, ports: &BTreeMap<PortNo, Ethernet>) -> Result<Seen> {
        let ids: Vec<&Id> = ports.values().map(|it| &it.id).collect();
        let links = match ids.is_empty() {
            true => Vec::new(),
            false => self.desk.read(&Order::links(ids), read_links).await?,
        };
        let settings = self.fed().await?;
        let ids: Vec<&Id> = settings.values().map(|it| &it.id).collect();
        let readings = match ids.is_empty() {
            true => Vec::new(),
            false => self.desk.read(&Order::poe_readings(ids), read_poe_readings).await?,
        };
        let rate = |it: Link| Some((it.name, it.rate?));
        let rates = links.into_iter().filter_map(rate).collect();
        let readings = readings.into_iter().map(|it| (it.name.clone(), it)).collect();
        Ok(Seen { rates, settings, readings })
    }
}

impl Seen {
    fn port(&self, port: Ethernet) -> PortState {
        let own = Some(&port.name).filter(|it| **it != port.default_name);
        PortState {
            enabled: !port.disabled,
            link: self.rates.get(&port.name).copied().filter(|_| !port.disabled),
            poe: self.settings.get(&port.name).map(|it| self.poe(it)),
            counters: port.counters,
            name: port.comment.or_else(|| own.cloned()).unwrap_or_default(),
        }
    }

    fn poe(&self, setting: &PoeSetting) -> PoeState {
        let reading = self.readings.get(&setting.name);
        let power = power(setting);
        let fed = reading.filter(|it| it.delivers && power == Power::On);
        PoeState {
            power,
            delivers: fed.is_some(),
            class: None,
            draw: fed.map_or(Milliwatts(0), |it| it.power),
            priority: setting.priority(),
            limit: None,
            gauge: reading.map(|it| it.gauge.clone()).unwrap_or_default(),
        }
    }
}

pub(super) fn power(setting: &PoeSetting) -> Power {
    match setting.out {
        crate::wire::PoeOut::Off => Power::Off,
        crate::wire::PoeOut::AutoOn | crate::wire::PoeOut::ForcedOn => Power::On,
    }
}

/// What all ports together may deliver, where MikroTik's table of PoE-Out says it: no menu does.
fn usual_budget(board: &Board) -> Option<Milliwatts> {
    (board.model == "CRS328-24P-4S+RM").then_some(Milliwatts(450_000))
}
