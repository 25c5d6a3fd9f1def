//! What a rack file asks of the ports of its switches, beside their VLANs.

use crate::check::standard_limit;
use crate::{Feed, Resolved};
use rackberry_core::{Milliwatts, PortNo, PortSetting, Power, SwitchState};
use std::collections::{BTreeMap, BTreeSet};

impl Resolved {
    /// The most that is drawn at every port of a switch that the file has fed, by the position of the switch: by a machine
    /// at its peak, or else as much as the port may deliver.
    pub fn peaks(&self, switch: usize) -> BTreeMap<PortNo, Milliwatts> {
        let it = &self.switches[switch];
        let most = |port| {
            let group = it.model.port(port)?;
            group.limit.or_else(|| standard_limit(group.poe?))
        };
        let ports = self.rack.switches.get(&it.id).map(|it| &it.ports).into_iter().flatten();
        let fed = ports.filter(|it| it.1.poe == Some(true));
        let fed = fed
            .filter_map(|(port, it)| Some((*port, it.limit.into_iter().chain(most(*port)).min()?)));
        fed.chain(self.machines(switch)).collect()
    }

    /// The machines that a switch feeds, and what each draws at its peak.
    pub(crate) fn machines(&self, switch: usize) -> BTreeMap<PortNo, Milliwatts> {
        let id = &self.switches[switch].id;
        let fed = self.nodes.iter().filter_map(|it| match &it.feed {
            Feed::Poe { port, .. } if port.switch == *id => Some((port.port, it.power.peak)),
            Feed::Poe { .. } | Feed::Outlet(_) | Feed::Host(_) | Feed::Unknown => None,
        });
        fed.collect()
    }

    /// Ports whose power is never cut, and why: those that the file protects, and the uplink.
    pub fn protected_ports(&self, switch: usize) -> BTreeMap<PortNo, String> {
        let Some(written) = self.rack.switches.get(&self.switches[switch].id) else {
            return BTreeMap::new();
        };
        let uplink = written.uplink.map(|it| (it, "it is the uplink".to_owned()));
        let said = written.ports.iter().filter(|it| it.1.protected);
        let said = said.map(|it| (*it.0, "the file protects it".to_owned()));
        uplink.into_iter().chain(said).collect()
    }

    /// Everything that the file asks of the ports of a switch, in the order in which it is to be set: what goes makes
    /// room for what comes, and machines come first. With `boots` they are fed too; else when it is their turn to boot.
    pub(crate) fn port_settings(&self, switch: usize, boots: bool) -> Vec<(PortNo, PortSetting)> {
        let Some(written) = self.rack.switches.get(&self.switches[switch].id) else {
            return Vec::new();
        };
        let machines = self.machines(switch);
        let mut all = Vec::new();
        for (port, it) in &written.ports {
            let feed = it.poe.map(|on| PortSetting::Feed(if on { Power::On } else { Power::Off }));
            let feed = feed.filter(|it| !(is_on(*it) && machines.contains_key(port)));
            let limit = it.limit.map(|most| PortSetting::Limit(Some(most)));
            let said = [feed, limit, it.priority.map(PortSetting::Priority)];
            all.extend(said.into_iter().flatten().map(|it| (*port, it)));
        }
        let plugged = self.plugged_ports(switch);
        all.extend(plugged.into_iter().map(|it| (it, PortSetting::Enabled(true))));
        let fed = machines.keys().filter(|_| boots);
        all.extend(fed.map(|it| (*it, PortSetting::Feed(Power::On))));
        all.sort_by_key(|(port, it)| (turn(*it), !machines.contains_key(port), *port));
        all
    }

    /// Every port of a switch that the file has something plugged in.
    pub(crate) fn plugged_ports(&self, switch: usize) -> BTreeSet<PortNo> {
        let id = &self.switches[switch].id;
        let written = self.rack.switches.get(id).into_iter();
        let cables = written.flat_map(|it| {
            let cables = it.ports.iter().filter(|it| it.1.to.is_some()).map(|it| *it.0);
            cables.chain(it.uplink)
        });
        let nodes = self.rack.nodes.values();
        let ports =
            nodes.flat_map(|it| it.port.iter().chain(it.links.iter().flat_map(|it| &it.port)));
        cables.chain(ports.filter(|it| it.switch == *id).map(|it| it.port)).collect()
    }
}

pub(crate) fn is_on(it: PortSetting) -> bool {
    it == PortSetting::Feed(Power::On)
}

/// When a setting has its turn.
pub(crate) fn turn(it: PortSetting) -> u8 {
    match it {
        PortSetting::Feed(Power::Off) => 0,
        PortSetting::Limit(_) => 1,
        PortSetting::Priority(_) => 2,
        PortSetting::Enabled(_) => 3,
        PortSetting::Feed(Power::On) => 4,
    }
}

/// Why a port may not lose its power, if it has any to lose.
pub(crate) fn keeps_power(
    protected: &BTreeMap<PortNo, String>,
    seen: &SwitchState,
    port: PortNo,
) -> Option<String> {
    let delivers =
        seen.ports.get(&port).and_then(|it| it.poe.as_ref()).is_some_and(|it| it.delivers);
    protected.get(&port).filter(|_| delivers).map(|why| format!("{why}, and it is fed"))
}
