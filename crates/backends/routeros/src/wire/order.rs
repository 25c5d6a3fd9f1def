//! Requests, as MikroTik documents them: `GET` reads, `PUT` adds, `PATCH` sets, `DELETE` removes, and `POST` runs a
//! command.

use super::{Admits, Id, PoeOut};
use rackberry_core::VlanId;
use serde_json::{Value, json};
use std::fmt;

/// A method of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads rows.
    Get,
    /// Runs a command.
    Post,
    /// Adds a row.
    Put,
    /// Sets fields of a row.
    Patch,
    /// Removes a row.
    Delete,
}

impl Verb {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    verb: Verb,
    path: String,
    body: Option<String>,
}

/// The members of a VLAN, by the names of their ports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// Those whose frames leave with a tag.
    pub tagged: Vec<String>,
    /// Those whose frames leave without one.
    pub untagged: Vec<String>,
}

const ETHERNET: &str = "/rest/interface/ethernet";
const POE: &str = "/rest/interface/ethernet/poe";
const BRIDGE: &str = "/rest/interface/bridge";
const BRIDGE_PORT: &str = "/rest/interface/bridge/port";
const BRIDGE_VLAN: &str = "/rest/interface/bridge/vlan";

impl Order {
    /// Its method.
    pub fn verb(&self) -> Verb {
        self.verb
    }

    /// What stands behind the host.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its JSON, where it has any.
    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }

    fn get(path: impl Into<String>) -> Self {
        Self { verb: Verb::Get, path: path.into(), body: None }
    }

    fn set(menu: &str, id: &Id, body: &Value) -> Self {
        let path = format!("{menu}/{}", id.as_str());
        Self { verb: Verb::Patch, path, body: Some(body.to_string()) }
    }

    /// Reads what the device is.
    pub fn routerboard() -> Self {
        Self::get("/rest/system/routerboard")
    }

    /// Reads what a device without a routerboard is.
    pub fn resource() -> Self {
        Self::get("/rest/system/resource")
    }

    /// Reads the ports.
    pub fn ethernets() -> Self {
        Self::get(ETHERNET)
    }

    /// Reads how fast ports are. Answered for the ports of these rows.
    pub fn links<'a>(ids: impl IntoIterator<Item = &'a Id>) -> Self {
        Self::monitor(ETHERNET, ids)
    }

    /// Reads how ports are fed. A device without PoE does not know this menu.
    pub fn poe_settings() -> Self {
        Self::get(POE)
    }

    /// Reads what flows. Answered for the ports of these rows.
    pub fn poe_readings<'a>(ids: impl IntoIterator<Item = &'a Id>) -> Self {
        Self::monitor(POE, ids)
    }

    /// One reading, where the command goes on for ever otherwise.
    fn monitor<'a>(menu: &str, ids: impl IntoIterator<Item = &'a Id>) -> Self {
        let numbers: Vec<&str> = ids.into_iter().map(Id::as_str).collect();
        let body = json!({ "numbers": numbers.join(","), "once": "" });
        Self { verb: Verb::Post, path: format!("{menu}/monitor"), body: Some(body.to_string()) }
    }

    /// Reads the bridges.
    pub fn bridges() -> Self {
        Self::get(BRIDGE)
    }

    /// Reads the ports of bridges.
    pub fn bridge_ports() -> Self {
        Self::get(BRIDGE_PORT)
    }

    /// Reads the VLAN tables.
    pub fn bridge_vlans() -> Self {
        Self::get(BRIDGE_VLAN)
    }

    /// Switches a port on or off.
    pub fn enable(port: &Id, enabled: bool) -> Self {
        let disabled = if enabled { "no" } else { "yes" };
        Self::set(ETHERNET, port, &json!({ "disabled": disabled }))
    }

    /// Feeds a port or not.
    pub fn poe_out(port: &Id, out: PoeOut) -> Self {
        Self::set(POE, port, &json!({ "poe-out": out.word() }))
    }

    /// Says when a port is fed: 0 is first, 99 is last.
    pub fn poe_order(port: &Id, order: u8) -> Self {
        Self::set(POE, port, &json!({ "poe-priority": order.to_string() }))
    }

    /// Writes a row of a VLAN table.
    pub fn vlan_add(bridge: &str, vlan: VlanId, members: &Members) -> Self {
        let mut body = members.json();
        body["bridge"] = bridge.into();
        body["vlan-ids"] = vlan.number().to_string().into();
        Self { verb: Verb::Put, path: BRIDGE_VLAN.into(), body: Some(body.to_string()) }
    }

    /// Sets the members of a row.
    pub fn vlan_set(row: &Id, members: &Members) -> Self {
        Self::set(BRIDGE_VLAN, row, &members.json())
    }

    /// Removes a row.
    pub fn vlan_remove(row: &Id) -> Self {
        Self { verb: Verb::Delete, path: format!("{BRIDGE_VLAN}/{}", row.as_str()), body: None }
    }

    /// Sets the PVID of a port, and which frames it takes.
    pub fn port_set(port: &Id, pvid: VlanId, admits: Admits) -> Self {
        let body = json!({ "pvid": pvid.number().to_string(), "frame-types": admits.word() });
        Self::set(BRIDGE_PORT, port, &body)
    }
}

impl Members {
    fn json(&self) -> Value {
        json!({ "tagged": self.tagged.join(","), "untagged": self.untagged.join(",") })
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb.name(), self.path)
    }
}
