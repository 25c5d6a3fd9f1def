//! What RouterOS knows and the switch behind does not.

use super::Knobs;
use super::bridge::{BridgeTable, Frames};
use super::desk::Fields;
use super::menu::{bridge_port_id, default_name, object};
use rackberry_core::{PoePriority, PortNo, Power, SwitchState};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) bridge: BridgeTable,
    names: BTreeMap<PortNo, String>,
    pub(super) comments: BTreeMap<PortNo, String>,
    /// Ports that are fed whether they ask or not.
    pub(super) forced: BTreeSet<PortNo>,
    /// The numbers of priorities, as ordered.
    pub(super) orders: BTreeMap<PortNo, u64>,
}

impl Memory {
    /// Takes over what others have changed at the switch behind.
    pub(super) fn follow(&mut self, state: &SwitchState, knobs: &Knobs) {
        for port in state.ports.keys() {
            let name = || default_name(&state.model, *port);
            self.names.entry(*port).or_insert_with(name);
        }
        if let Some(table) = &state.vlans {
            self.bridge.follow(table, &self.names, knobs);
        }
    }

    pub(super) fn name(&self, port: PortNo) -> &str {
        self.names.get(&port).map(String::as_str).unwrap_or_default()
    }

    /// Calls a port otherwise, unless another is called so.
    pub(super) fn rename(&mut self, port: PortNo, name: &str) -> bool {
        let taken = self.names.iter().any(|it| *it.0 != port && it.1 == name);
        let free = !taken && !name.is_empty() && !name.contains(',');
        if free {
            let old = self.names.insert(port, name.into()).unwrap_or_default();
            self.bridge.rename(&old, name);
        }
        free
    }

    pub(super) fn comment<'a>(&'a self, port: PortNo, behind: &'a str) -> &'a str {
        self.comments.get(&port).map_or(behind, String::as_str)
    }

    pub(super) fn poe_out(&self, port: PortNo, power: Power) -> &'static str {
        match power {
            Power::Off => "off",
            Power::On if self.forced.contains(&port) => "forced-on",
            Power::On => "auto-on",
        }
    }

    /// The number of a priority: the ordered one, unless others have set another priority since.
    pub(super) fn order(&self, port: PortNo, behind: PoePriority) -> u64 {
        let usual = match behind {
            PoePriority::Critical => 0,
            PoePriority::High => 5,
            PoePriority::Low => 10,
        };
        let ordered = self.orders.get(&port).copied();
        ordered.filter(|it| priority(*it) == behind).unwrap_or(usual)
    }

    pub(super) fn bridge_ports(&self, bridge: &str) -> Vec<Fields> {
        let row = |(port, it): (&PortNo, &(_, Frames))| {
            object(json!({
                ".id": bridge_port_id(*port), ".nextid": bridge_port_id(PortNo(port.0.saturating_add(1))),
                "bridge": bridge, "interface": self.name(*port), "pvid": pvid(it.0), "frame-types": it.1.word(),
                "disabled": "false", "dynamic": "false", "inactive": "false", "auto-isolate": "false",
                "bpdu-guard": "false", "broadcast-flood": "true", "edge": "auto", "fast-leave": "false",
                "horizon": "none", "hw": "true", "ingress-filtering": "true", "internal-path-cost": "10",
                "learn": "auto", "multicast-router": "temporary-query", "path-cost": "10",
                "point-to-point": "auto", "priority": "0x80", "restricted-role": "false",
                "restricted-tcn": "false", "status": "in-bridge", "tag-stacking": "false", "trusted": "false",
                "unknown-multicast-flood": "true", "unknown-unicast-flood": "true",
            }))
        };
        self.bridge.ports.iter().map(row).collect()
    }

    pub(super) fn bridge_vlans(&self, state: &SwitchState, bridge: &str) -> Vec<Fields> {
        let up = |name: &String| {
            let port = self.names.iter().find(|it| it.1 == name).map(|it| it.0);
            port.is_none_or(|it| state.ports.get(it).is_some_and(|it| it.link.is_some()))
        };
        let live =
            |all: &[String]| all.iter().filter(|it| up(it)).cloned().collect::<Vec<_>>().join(",");
        let row = |(at, it): (usize, super::bridge::Row)| {
            let id = it.id.clone().unwrap_or_else(|| format!("*{:X}", 0x8000_0000_u32 + at as u32));
            let mut row = object(json!({
                ".id": id, "bridge": bridge, "vlan-ids": it.vlan_ids(), "disabled": "false",
                "dynamic": it.id.is_none().to_string(), "tagged": it.tagged.join(","),
                "untagged": it.untagged.join(","), "current-tagged": live(&it.tagged),
                "current-untagged": live(&it.untagged),
            }));
            if it.id.is_none() {
                // A row that follows from PVIDs shows its members only as they are now.
                row.insert("untagged".into(), "".into());
                row.insert("comment".into(), "added by pvid".into());
            } else if !it.comment.is_empty() {
                row.insert("comment".into(), it.comment.into());
            }
            row
        };
        self.bridge.shown(&self.names, bridge).into_iter().enumerate().map(row).collect()
    }

    pub(super) fn names(&self) -> &BTreeMap<PortNo, String> {
        &self.names
    }
}

fn pvid(vlan: rackberry_core::VlanId) -> String {
    vlan.number().to_string()
}

/// The priority of a number: the lower it is, the earlier a port is fed.
pub(super) fn priority(order: u64) -> PoePriority {
    if order < 5 {
        PoePriority::Critical
    } else if order < 10 {
        PoePriority::High
    } else {
        PoePriority::Low
    }
}
