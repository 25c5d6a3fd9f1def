use crate::Model;
use crate::wire::{
    Dashboard, LimitType, Link, PoeConfig, PoePhase, PoeReading, PoeSetting, PoeStatus, PortView,
    Statistics, VlanPage,
};
use rackberry_core::{
    BitsPerSecond, Milliwatts, PoeGauge, PoeState, PortNo, PortState, Power, SwitchState,
};

/// What was read of a switch.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) dashboard: Dashboard,
    pub(super) statistics: Statistics,
    pub(super) config: PoeConfig,
    pub(super) status: PoeStatus,
    pub(super) vlans: VlanPage,
}

impl Seen {
    /// The same, as all switches say it.
    pub(super) fn state(self, model: Model, budget: Option<Milliwatts>) -> SwitchState {
        let ports = self.dashboard.ports.iter().map(|(port, view)| (*port, self.port(*port, view)));
        SwitchState {
            model: model.name().into(),
            ports: ports.collect(),
            serial: self.dashboard.serial.clone(),
            vlans: self.vlans.vlans.map(|it| it.table),
            budget: Some(budget.unwrap_or(model.budget())),
        }
    }

    fn port(&self, port: PortNo, view: &PortView) -> PortState {
        let poe = self.config.ports.get(&port).zip(self.status.ports.get(&port));
        PortState {
            name: view.setting.name.clone(),
            enabled: view.link != Link::Off,
            link: speed(view.link),
            poe: poe.map(|(setting, reading)| feeding(setting, reading)),
            counters: self.statistics.ports.get(&port).copied(),
        }
    }
}

fn speed(link: Link) -> Option<BitsPerSecond> {
    match link {
        Link::Up { speed, .. } => Some(speed),
        Link::Down | Link::Off => None,
    }
}

fn feeding(setting: &PoeSetting, reading: &PoeReading) -> PoeState {
    PoeState {
        power: setting.power,
        delivers: reading.phase == PoePhase::Delivering,
        class: reading.class,
        draw: reading.power,
        priority: setting.priority,
        limit: (setting.limit_type == LimitType::User).then(|| setting.limit.power()),
        gauge: PoeGauge {
            voltage: Some(reading.voltage),
            current: Some(reading.current),
            temperature: Some(reading.temperature),
            fault: reading.fault.as_ref().map(ToString::to_string),
        },
    }
}

/// Whether a reading cannot be of ports that are set so: they were set since.
pub(super) fn is_outdated(config: &PoeConfig, status: &PoeStatus) -> bool {
    let off = |setting: &PoeSetting| setting.power == Power::Off;
    let is_other = |(port, reading): (&PortNo, &PoeReading)| {
        let disabled = reading.phase == PoePhase::Disabled;
        config.ports.get(port).is_none_or(|it| off(it) != disabled)
    };
    config.ports.len() != status.ports.len() || status.ports.iter().any(is_other)
}
