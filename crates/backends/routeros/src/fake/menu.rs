//! The menus of the console, as far as the fake has them, and their rows.

use super::desk::{Desk, Fields};
use super::memory::Memory;
use rackberry_core::{PortNo, PortState, Power, SwitchState};
use serde_json::{Value, json};

/// A menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Menu {
    Ethernet,
    Poe,
    Bridge,
    BridgePort,
    BridgeVlan,
    Resource,
    Routerboard,
    Identity,
}

const MENUS: [(&str, Menu); 8] = [
    ("/interface/ethernet/poe", Menu::Poe),
    ("/interface/ethernet", Menu::Ethernet),
    ("/interface/bridge/port", Menu::BridgePort),
    ("/interface/bridge/vlan", Menu::BridgeVlan),
    ("/interface/bridge", Menu::Bridge),
    ("/system/resource", Menu::Resource),
    ("/system/routerboard", Menu::Routerboard),
    ("/system/identity", Menu::Identity),
];
const COMMANDS: [&str; 6] = ["print", "add", "set", "remove", "monitor", "power-cycle"];

/// What a path names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'a> {
    pub(super) menu: Menu,
    pub(super) command: Option<&'a str>,
    pub(super) row: Option<&'a str>,
}

impl<'a> Path<'a> {
    /// A path behind `/rest`; none where there is no such menu.
    pub(super) fn of(path: &'a str) -> Option<Self> {
        let found = MENUS.iter().find_map(|(name, menu)| {
            let rest = path.strip_prefix(name)?;
            rest.strip_prefix('/').or(rest.is_empty().then_some("")).map(|rest| (*menu, rest))
        });
        let (menu, rest) = found?;
        let command = Some(rest).filter(|it| COMMANDS.contains(it));
        let row = Some(rest).filter(|it| !it.is_empty() && command.is_none());
        (!rest.contains('/')).then_some(Self { menu, command, row })
    }
}

impl Menu {
    /// Whether it is one row, and no list.
    pub(super) fn is_single(self) -> bool {
        matches!(self, Self::Resource | Self::Routerboard | Self::Identity)
    }
}

/// What the maker calls a port.
pub(super) fn default_name(model: &str, port: PortNo) -> String {
    match model {
        "CRS328-24P-4S+RM" if port.0 > 24 => format!("sfp-sfpplus{}", port.0 - 24),
        _ => format!("ether{}", port.0),
    }
}

/// The identifier of a port in the menus of ports.
pub(super) fn port_id(port: PortNo) -> String {
    format!("*{:X}", port.0)
}

/// The identifier of a port in the menu of ports of bridges.
pub(super) fn bridge_port_id(port: PortNo) -> String {
    format!("*{:X}", u32::from(port.0) + 0x100)
}

pub(super) fn object(value: Value) -> Fields {
    if let Value::Object(fields) = value { fields } else { Fields::new() }
}

impl Desk {
    /// The rows of a menu.
    pub(super) fn rows(&self, memory: &Memory, state: &SwitchState, menu: Menu) -> Vec<Fields> {
        let ports = || state.ports.iter();
        match menu {
            Menu::Ethernet => ports().map(|it| ethernet(memory, state, it)).collect(),
            Menu::Poe => ports().filter_map(|it| poe(memory, it)).collect(),
            Menu::Bridge => vec![self.bridge(state)],
            Menu::BridgePort => memory.bridge_ports(&self.knobs.bridge),
            Menu::BridgeVlan => memory.bridge_vlans(state, &self.knobs.bridge),
            Menu::Resource => vec![resource(state)],
            Menu::Routerboard => vec![routerboard(state)],
            Menu::Identity => vec![object(json!({ "name": "MikroTik" }))],
        }
    }

    fn bridge(&self, state: &SwitchState) -> Fields {
        let filters = self.knobs.filters && state.vlans.is_some();
        object(json!({
            ".id": "*1F", "name": self.knobs.bridge, "disabled": "false", "running": "true",
            "vlan-filtering": filters.to_string(), "pvid": "1", "frame-types": "admit-all",
            "ingress-filtering": "true", "protocol-mode": "rstp",
        }))
    }
}

fn ethernet(memory: &Memory, state: &SwitchState, (port, it): (&PortNo, &PortState)) -> Fields {
    let counters = it.counters.unwrap_or_default();
    let mac = format!("48:8F:5A:00:00:{:02X}", port.0 & 0xff);
    let mut row = object(json!({
        ".id": port_id(*port), "name": memory.name(*port), "default-name": default_name(&state.model, *port),
        "disabled": (!it.enabled).to_string(), "running": it.link.is_some().to_string(), "slave": "true",
        "mtu": "1500", "l2mtu": "1592", "mac-address": mac, "orig-mac-address": mac, "arp": "enabled",
        "arp-timeout": "auto", "auto-negotiation": "true", "bandwidth": "unlimited/unlimited",
        "loop-protect": "default", "loop-protect-status": "off", "loop-protect-send-interval": "5s",
        "loop-protect-disable-time": "5m", "rx-flow-control": "off", "tx-flow-control": "off",
        "driver-rx-byte": "0", "driver-rx-packet": "0", "driver-tx-byte": "0", "driver-tx-packet": "0",
        "rx-bytes": counters.received.to_string(), "tx-bytes": counters.sent.to_string(),
        "rx-fcs-error": counters.errors.to_string(), "rx-pause": "0", "switch": "switch1",
    }));
    let comment = memory.comment(*port, &it.name);
    if !comment.is_empty() {
        row.insert("comment".into(), comment.into());
    }
    row
}

fn poe(memory: &Memory, (port, it): (&PortNo, &PortState)) -> Option<Fields> {
    let poe = it.poe.as_ref()?;
    Some(object(json!({
        ".id": port_id(*port), "name": memory.name(*port), "poe-out": memory.poe_out(*port, poe.power),
        "poe-priority": memory.order(*port, poe.priority).to_string(), "poe-voltage": "auto",
        "power-cycle-ping-enabled": "false", "power-cycle-interval": "none",
    })))
}

/// What `monitor` says of the link of a port.
pub(super) fn link(memory: &Memory, (port, it): (&PortNo, &PortState)) -> Fields {
    let mut row = object(json!({ "name": memory.name(*port), "auto-negotiation": "done" }));
    match it.link {
        None => row.insert("status".into(), "no-link".into()),
        Some(link) => {
            let mbps = link.0 / 1_000_000;
            let rate = match (mbps % 1_000, mbps % 100) {
                (0, _) => format!("{}Gbps", mbps / 1_000),
                (_, 0) if mbps > 1_000 => format!("{}.{}Gbps", mbps / 1_000, mbps % 1_000 / 100),
                _ => format!("{mbps}Mbps"),
            };
            row.insert("rate".into(), rate.into());
            row.insert("full-duplex".into(), "true".into());
            row.insert("status".into(), "link-ok".into())
        }
    };
    row
}

/// What `monitor` says of the power of a port: texts and numbers, as another client has seen them.
pub(super) fn flow(memory: &Memory, (port, it): (&PortNo, &PortState)) -> Option<Fields> {
    let poe = it.poe.as_ref()?;
    let status = match (poe.power, poe.delivers) {
        (Power::Off, _) => "off",
        (Power::On, true) => "powered-on",
        (Power::On, false) => "waiting-for-load",
    };
    let mut row = object(json!({
        "name": memory.name(*port), "poe-out": memory.poe_out(*port, poe.power), "poe-out-status": status,
    }));
    if status == "powered-on" {
        let tenths = (poe.draw.0 + 50) / 100;
        let power = match tenths % 10 {
            0 => json!(tenths / 10),
            part => json!(format!("{}.{part}", tenths / 10)),
        };
        row.insert("poe-out-voltage".into(), "53.1".into());
        row.insert("poe-out-current".into(), json!(poe.draw.0 * 10 / 531));
        row.insert("poe-out-power".into(), power);
    }
    Some(row)
}

fn resource(state: &SwitchState) -> Fields {
    object(json!({
        "architecture-name": "arm", "board-name": state.model, "build-time": "2025-04-08 08:36:41",
        "cpu": "ARM", "cpu-count": "1", "cpu-frequency": "800", "cpu-load": "2", "free-hdd-space": "2871296",
        "free-memory": "441450496", "platform": "MikroTik", "total-hdd-space": "16777216",
        "total-memory": "536870912", "uptime": "2d20h12m20s", "version": "7.18.2 (stable)",
    }))
}

fn routerboard(state: &SwitchState) -> Fields {
    object(json!({
        "routerboard": "true", "model": state.model, "serial-number": state.serial.clone().unwrap_or_default(),
        "firmware-type": "dx3230L", "factory-firmware": "6.45.9", "current-firmware": "7.18.2",
        "upgrade-firmware": "7.18.2",
    }))
}
