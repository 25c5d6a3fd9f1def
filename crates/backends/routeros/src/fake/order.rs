//! Orders, and what comes of them.

use super::bridge::{BridgeTable, Frames, Row};
use super::desk::{Desk, Fields};
use super::memory::{Memory, priority};
use super::menu::{Menu, Path, bridge_port_id, flow, link, port_id};
use super::query;
use super::reply::{Answer, Failed, Reply, bad, fail};
use rackberry_core::{Error, ErrorKind, PortNo, Power, SwitchState, VlanId};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// More looks than the slowest switch behind needs until an order shows.
const LOOKS: usize = 256;

impl Desk {
    /// A command that is sent by `POST`.
    pub(super) async fn run(
        &self,
        memory: &mut Memory,
        state: &SwitchState,
        path: &Path<'_>,
        command: &str,
        mut fields: Fields,
    ) -> Answer {
        let menu = path.menu;
        if command == "print" {
            let rows = query::printed(self.rows(memory, state, menu), &fields)?;
            return Ok(Reply::json(200, &rows.into_iter().map(Value::Object).collect()));
        }
        if command == "add" {
            let added = self.insert(memory, menu, &fields).await?;
            return Ok(Reply::json(200, &json!({ "ret": added })));
        }
        let rows = self.numbers(memory, state, menu, &mut fields)?;
        match (command, menu) {
            ("set", _) => self.set_each(memory, menu, &rows, &fields).await,
            ("remove", _) => {
                for row in &rows {
                    self.remove(memory, menu, row).await?;
                }
                Ok(Reply::json(200, &json!([])))
            }
            ("monitor", Menu::Ethernet | Menu::Poe) => monitor(memory, state, menu, &rows, &fields),
            ("power-cycle", Menu::Poe) => self.cycle(state, &rows, &fields).await,
            _ => bad(format!("no such command ({command})")),
        }
    }

    async fn set_each(
        &self,
        memory: &mut Memory,
        menu: Menu,
        rows: &[String],
        fields: &Fields,
    ) -> Answer {
        for row in rows {
            let state = self.observe().await?;
            self.set(memory, &state, menu, row, fields).await?;
        }
        Ok(Reply::json(200, &json!([])))
    }

    /// The rows that an order is about: `.id`, or `numbers` with commas between them.
    fn numbers(
        &self,
        memory: &Memory,
        state: &SwitchState,
        menu: Menu,
        fields: &mut Fields,
    ) -> Result<Vec<String>, Failed> {
        let named = fields.remove(".id").or_else(|| fields.remove("numbers"));
        let Some(text) = named.as_ref().and_then(Value::as_str).filter(|it| !it.is_empty()) else {
            return bad("missing or invalid resource identifier");
        };
        text.split(',').map(|it| self.find(memory, state, menu, it.trim())).collect()
    }

    pub(super) async fn set(
        &self,
        memory: &mut Memory,
        state: &SwitchState,
        menu: Menu,
        row: &str,
        fields: &Fields,
    ) -> Result<(), Failed> {
        let port = |id: fn(PortNo) -> String| state.ports.keys().copied().find(|it| id(*it) == row);
        match (menu, port(port_id), port(bridge_port_id)) {
            (Menu::Ethernet, Some(port), _) => self.set_ethernet(memory, port, fields).await,
            (Menu::Poe, Some(port), _) => self.set_poe(memory, port, fields).await,
            (Menu::BridgePort, _, Some(port)) => {
                let mut bridge = memory.bridge.clone();
                set_bridge_port(&mut bridge, port, fields)?;
                self.wire(memory, bridge).await
            }
            (Menu::BridgeVlan, ..) => {
                let mut bridge = memory.bridge.clone();
                let Some(at) = bridge.rows.iter().position(|it| it.id.as_deref() == Some(row))
                else {
                    return bad("can not change dynamic");
                };
                let changed = self.written(memory, bridge.rows[at].clone(), fields)?;
                self.is_free(&bridge, &changed)?;
                bridge.rows[at] = changed;
                self.wire(memory, bridge).await
            }
            _ => fail(406, "no such command (set)"),
        }
    }

    async fn set_ethernet(
        &self,
        memory: &mut Memory,
        port: PortNo,
        fields: &Fields,
    ) -> Result<(), Failed> {
        for (field, value) in fields {
            match (field.as_str(), truth(value), value.as_str()) {
                ("disabled", Some(off), _) => {
                    done(self.switch.set_port(port, !off).await)?;
                    self.until(|it| it.ports.get(&port).is_some_and(|it| it.enabled != off))
                        .await?;
                }
                ("comment", _, Some(text)) => drop(memory.comments.insert(port, text.into())),
                ("name", _, Some(name)) if memory.rename(port, name) => {}
                ("name", ..) => return bad("failure: already have interface with such name"),
                ("disabled", ..) => return bad("invalid value for argument disabled"),
                _ => return bad(format!("unknown parameter {field}")),
            }
        }
        Ok(())
    }

    async fn set_poe(
        &self,
        memory: &mut Memory,
        port: PortNo,
        fields: &Fields,
    ) -> Result<(), Failed> {
        for (field, value) in fields {
            match (field.as_str(), value.as_str(), number(value)) {
                ("poe-out", Some("off"), _) => self.feed(port, Power::Off).await?,
                ("poe-out", Some(word @ ("auto-on" | "forced-on")), _) => {
                    self.feed(port, Power::On).await?;
                    match word {
                        "auto-on" => memory.forced.remove(&port),
                        _ => memory.forced.insert(port),
                    };
                }
                ("poe-priority", _, Some(order @ 0..=99)) => {
                    let (Some(poe), wish) = (self.switch.poe(), priority(order)) else {
                        return bad("no such item");
                    };
                    done(poe.set_priority(port, wish).await)?;
                    memory.orders.insert(port, order);
                    let is = |it: &SwitchState| fed(it, port).is_some_and(|it| it.priority == wish);
                    self.until(is).await?;
                }
                ("poe-out" | "poe-priority", ..) => {
                    return bad(format!("input does not match any value of {field}"));
                }
                _ => return bad(format!("unknown parameter {field}")),
            }
        }
        Ok(())
    }

    async fn feed(&self, port: PortNo, power: Power) -> Result<(), Failed> {
        let Some(poe) = self.switch.poe() else { return bad("no such item") };
        done(poe.set_poe(port, power).await)?;
        self.until(|it| fed(it, port).is_some_and(|it| it.power == power)).await
    }

    async fn cycle(&self, state: &SwitchState, rows: &[String], fields: &Fields) -> Answer {
        if let Some(field) = fields.keys().find(|it| *it != "duration") {
            return bad(format!("unknown parameter {field}"));
        }
        let ports = state.ports.iter().filter(|it| rows.contains(&port_id(*it.0)));
        let on = ports.filter(|it| it.1.poe.as_ref().is_some_and(|it| it.power == Power::On));
        for port in on.map(|it| *it.0).collect::<Vec<_>>() {
            self.feed(port, Power::Off).await?;
            self.feed(port, Power::On).await?;
        }
        Ok(Reply::json(200, &json!([])))
    }

    pub(super) async fn add(&self, memory: &mut Memory, menu: Menu, fields: &Fields) -> Answer {
        let id = self.insert(memory, menu, fields).await?;
        Ok(Reply { status: 201, ..self.one(memory, menu, &id).await? })
    }

    async fn insert(
        &self,
        memory: &mut Memory,
        menu: Menu,
        fields: &Fields,
    ) -> Result<String, Failed> {
        if menu != Menu::BridgeVlan {
            return bad("no such command (add)");
        }
        let mut bridge = memory.bridge.clone();
        let row = self.written(memory, Row::default(), fields)?;
        if row.vlans.is_empty() || !fields.contains_key("bridge") {
            return bad("missing value for argument vlan-ids or bridge");
        }
        self.is_free(&bridge, &row)?;
        let id = bridge.add(row);
        self.wire(memory, bridge).await?;
        Ok(id)
    }

    pub(super) async fn remove(
        &self,
        memory: &mut Memory,
        menu: Menu,
        row: &str,
    ) -> Result<(), Failed> {
        if menu != Menu::BridgeVlan {
            return fail(406, "no such command (remove)");
        }
        let mut bridge = memory.bridge.clone();
        bridge.rows.retain(|it| it.id.as_deref() != Some(row));
        if bridge.rows.len() == memory.bridge.rows.len() {
            return bad("can not remove dynamic");
        }
        self.wire(memory, bridge).await
    }

    /// A row with other fields.
    fn written(&self, memory: &Memory, mut row: Row, fields: &Fields) -> Result<Row, Failed> {
        for (field, value) in fields {
            let text = text(value);
            match field.as_str() {
                "bridge" if text == self.knobs.bridge => {}
                "vlan-ids" => row.vlans = vlans(&text)?,
                "tagged" => row.tagged = self.interfaces(memory, &text)?,
                "untagged" => row.untagged = self.interfaces(memory, &text)?,
                "comment" => row.comment = text,
                "disabled" if truth(value) == Some(false) => {}
                "bridge" | "disabled" => {
                    return bad(format!("input does not match any value of {field}"));
                }
                _ => return bad(format!("unknown parameter {field}")),
            }
        }
        match row.tagged.iter().find(|it| row.untagged.contains(it)) {
            Some(both) => bad(format!("failure: {both} can not be tagged and untagged")),
            None => Ok(row),
        }
    }

    fn interfaces(&self, memory: &Memory, list: &str) -> Result<Vec<String>, Failed> {
        let names: Vec<String> =
            list.split(',').filter(|it| !it.is_empty()).map(str::to_owned).collect();
        let known = |it: &String| {
            *it == self.knobs.bridge || memory.names().values().any(|name| name == it)
        };
        match names.iter().find(|it| !known(it)) {
            Some(_) => bad("input does not match any value of interface"),
            None => Ok(names),
        }
    }

    /// Whether no other row has the VLANs of a row.
    fn is_free(&self, bridge: &BridgeTable, row: &Row) -> Result<(), Failed> {
        let others = bridge.rows.iter().filter(|it| row.id.is_none() || it.id != row.id);
        match others.flat_map(|it| &it.vlans).any(|it| row.vlans.contains(it)) {
            true => bad("failure: vlan already added"),
            false => Ok(()),
        }
    }

    /// Lets a table come into force.
    async fn wire(&self, memory: &mut Memory, bridge: BridgeTable) -> Result<(), Failed> {
        let table = bridge.effect(memory.names());
        if table != memory.bridge.effect(memory.names()) {
            done(self.switch.set_vlans(&table).await)?;
        }
        memory.bridge = bridge;
        self.until(|it| it.vlans.as_ref() == Some(&table)).await
    }

    /// RouterOS answers when an order has come into force: looks until it shows.
    async fn until(&self, shows: impl Fn(&SwitchState) -> bool) -> Result<(), Failed> {
        for _ in 0..LOOKS {
            if shows(&self.observe().await?) {
                return Ok(());
            }
        }
        fail(500, "Session closed")
    }
}

fn set_bridge_port(bridge: &mut BridgeTable, port: PortNo, fields: &Fields) -> Result<(), Failed> {
    let Some((pvid, frames)) = bridge.ports.get_mut(&port) else { return bad("no such item") };
    for (field, value) in fields {
        let text = text(value);
        match (field.as_str(), vlan(&text), Frames::of(&text)) {
            ("pvid", Some(vlan), _) => *pvid = vlan,
            ("frame-types", _, Some(it)) => *frames = it,
            ("comment", ..) => {}
            ("pvid", ..) => return bad("value of pvid out of range (1..4094)"),
            ("frame-types", ..) => return bad("input does not match any value of frame-types"),
            _ => return bad(format!("unknown parameter {field}")),
        }
    }
    Ok(())
}

fn monitor(
    memory: &Memory,
    state: &SwitchState,
    menu: Menu,
    rows: &[String],
    fields: &Fields,
) -> Answer {
    if !fields.contains_key("once") {
        // It would go on, and RouterOS gives up after a minute.
        return fail(500, "Session closed");
    }
    let ports = state.ports.iter().filter(|it| rows.contains(&port_id(*it.0)));
    let all: Vec<Value> = match menu == Menu::Poe {
        true => ports.filter_map(|it| flow(memory, it)).map(Value::Object).collect(),
        false => ports.map(|it| Value::Object(link(memory, it))).collect(),
    };
    Ok(Reply::json(200, &Value::Array(all)))
}

fn fed(state: &SwitchState, port: PortNo) -> Option<&rackberry_core::PoeState> {
    state.ports.get(&port)?.poe.as_ref()
}

/// What the switch behind says to an order.
fn done(answer: Result<(), Error>) -> Result<(), Failed> {
    let Err(why) = answer else { return Ok(()) };
    match why.kind() == ErrorKind::Unreachable {
        true => Err(Failed::Silent),
        false => bad(format!("failure: {why}")),
    }
}

/// A value as the console takes it.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn truth(value: &Value) -> Option<bool> {
    match text(value).as_str() {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    }
}

fn number(value: &Value) -> Option<u64> {
    text(value).parse().ok()
}

fn vlan(text: &str) -> Option<VlanId> {
    text.parse::<u16>().ok().and_then(|it| VlanId::try_from(it).ok())
}

fn vlans(text: &str) -> Result<BTreeSet<VlanId>, Failed> {
    const PARTS: usize = 64;
    let mut all = BTreeSet::new();
    for part in text.split(',').take(PARTS) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (Some(first), Some(last)) = (vlan(first), vlan(last)) else {
            return bad("value of vlan-ids out of range (1..4094)");
        };
        all.extend((first.number()..=last.number()).filter_map(|it| VlanId::try_from(it).ok()));
    }
    Ok(all)
}
