//! What the device keeps, besides what the switch behind it does.

use super::gate::Gate;
use super::{Knobs, VlanMode};
use rackberry_core::{Counters, Milliwatts, PortNo, SwitchState, VlanId, VlanTable};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::time::Duration;

#[derive(Debug)]
pub(super) struct Memory {
    pub(super) gate: Gate,
    pub(super) password: SecretString,
    pub(super) fresh: bool,
    pub(super) name: String,
    pub(super) language: String,
    pub(super) leds: bool,
    pub(super) address: Address,
    pub(super) ports: BTreeMap<PortNo, Port>,
    pub(super) poe: BTreeMap<PortNo, Poe>,
    pub(super) vlans: Vlans,
    /// It does not answer before.
    pub(super) down: Duration,
}

impl Memory {
    pub(super) fn new(knobs: &Knobs) -> Self {
        let name = Some(knobs.label.name.clone()).filter(|it| !it.is_empty());
        Self {
            gate: Gate::new(knobs.access.clone(), knobs.seed),
            password: knobs.password.clone(),
            fresh: knobs.fresh,
            name: name.unwrap_or_else(|| knobs.model.name().into()),
            language: "en".into(),
            leds: true,
            address: Address::default(),
            ports: knobs.model.ports().map(|it| (it, Port::default())).collect(),
            poe: knobs
                .model
                .ports()
                .filter(|it| knobs.model.feeds(*it))
                .map(|it| (it, Poe::default()))
                .collect(),
            vlans: Vlans { mode: knobs.vlans.mode, ..Vlans::default() },
            down: Duration::ZERO,
        }
    }

    /// The name of a port: what was ordered, or what the switch behind says.
    pub(super) fn port_name(&self, port: PortNo, state: &SwitchState) -> String {
        let ordered = self.ports.get(&port).and_then(|it| it.name.clone());
        let first = || state.ports.get(&port).map(|it| it.name.chars().take(16).collect());
        ordered.or_else(first).unwrap_or_default()
    }
}

/// Its addresses.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) dhcp: bool,
    pub(super) ip: String,
    pub(super) mask: String,
    pub(super) gateway: String,
}

impl Default for Address {
    fn default() -> Self {
        let [ip, mask, gateway] =
            ["192.168.0.239", "255.255.255.0", "192.168.0.254"].map(String::from);
        Self { dhcp: true, ip, mask, gateway }
    }
}

/// A port, in the numbers of its form.
#[derive(Debug)]
pub(super) struct Port {
    /// What was ordered.
    pub(super) name: Option<String>,
    pub(super) speed: u16,
    pub(super) ingress: u16,
    pub(super) egress: u16,
    pub(super) flow: u16,
    /// What had passed when the counters were cleared.
    pub(super) passed: Counters,
}

impl Default for Port {
    fn default() -> Self {
        let passed = Counters::default();
        Self { name: None, speed: 1, ingress: 1, egress: 1, flow: 2, passed }
    }
}

/// How a port is fed, in the numbers of its form.
#[derive(Debug)]
pub(super) struct Poe {
    pub(super) mode: u16,
    pub(super) kind: u16,
    /// In tenths of a watt.
    pub(super) limit: u64,
    pub(super) detection: u16,
    pub(super) longer: u16,
    /// What the switch behind was told of the limit, if anything.
    pub(super) told: Option<Option<Milliwatts>>,
    /// Why the port gets no power although it may have it.
    pub(super) hold: Option<Hold>,
}

impl Default for Poe {
    fn default() -> Self {
        Self { mode: 3, kind: 2, limit: 300, detection: 2, longer: 2, told: None, hold: None }
    }
}

/// Why a port gets no power although it may have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// It is searched until then: after it was switched on, a power cycle or a restart.
    Until(Duration),
    /// There is not enough for something of this class.
    Denied(u8),
}

/// What is known of VLANs besides their table.
#[derive(Debug, Default)]
pub(super) struct Vlans {
    pub(super) mode: VlanMode,
    pub(super) names: BTreeMap<VlanId, String>,
    pub(super) voice: Option<VlanId>,
    pub(super) priority: Option<u16>,
    /// The table of a mode that is not in use.
    pub(super) kept: Option<VlanTable>,
}

impl Vlans {
    pub(super) fn name(&self, vlan: VlanId) -> &str {
        let first = if vlan == VlanId::default() { "Default" } else { "" };
        self.names.get(&vlan).map_or(first, String::as_str)
    }

    /// The priority of voice frames.
    pub(super) fn priority(&self) -> u16 {
        self.priority.unwrap_or(6)
    }
}
