//! What is otherwise than the file says, and no order changes: it is told.

use super::Bring;
use crate::Feed;
use crate::rack::PortRef;
use rackberry_core::{GuestState, PortState};
use std::fmt::Display;

impl Bring<'_> {
    /// Says of every machine what about it is otherwise, if nothing worse is said of it.
    pub(super) fn drifts(&mut self) {
        for node in 0..self.rack.nodes.len() {
            let why = self.made_otherwise(node).or_else(|| self.plugged_elsewhere(node));
            let Some(why) = why else { continue };
            self.out.stuck.entry(self.rack.nodes[node].id.clone()).or_insert(why);
        }
    }

    /// A guest that was made with other amounts.
    fn made_otherwise(&self, node: usize) -> Option<String> {
        let it = &self.rack.nodes[node];
        let Feed::Host(host) = it.feed else { return None };
        let host = &self.rack.nodes[host].id;
        let state: &GuestState = self.seen.guests.get(host)?.get(&it.id)?;
        let written = &self.rack.rack.nodes[&it.id];
        let memory = written.memory.filter(|it| *it != state.memory);
        let memory = memory.map(|it| differs(state.memory, it, "of memory"));
        let cores = written.cores.filter(|it| *it != state.cores);
        let cores = cores.map(|it| differs(state.cores, it, "cores"));
        let all: Vec<String> = memory.into_iter().chain(cores).collect();
        (!all.is_empty())
            .then(|| format!("{}: set that on {host} by hand, and restart it", all.join(", and ")))
    }

    /// A machine that answers although nothing is in its port, while something is in a port that the file has nothing
    /// in.
    fn plugged_elsewhere(&self, node: usize) -> Option<String> {
        let id = &self.rack.nodes[node].id;
        let port = self.rack.rack.nodes[id].port.as_ref()?;
        let ports = &self.seen.switches.get(&port.switch)?.ports;
        let dark = |it: &PortState| it.enabled && it.link.is_none();
        let guest = self.rack.nodes[node].host.is_some();
        if guest || !self.seen.nodes.contains_key(id) || !dark(ports.get(&port.port)?) {
            return None;
        }
        let named = self.rack.plugged_ports(self.rack.switch(&port.switch)?);
        let free = |it: &PortRef| !named.contains(&it.port);
        let linked = ports.iter().filter(|it| it.1.link.is_some());
        let linked = linked.map(|it| PortRef { switch: port.switch.clone(), port: *it.0 });
        let other: Vec<String> = linked.filter(free).map(|it| it.to_string()).collect();
        (!other.is_empty()).then(|| {
            let other = other.join(" or ");
            format!("the file has it in {port}, where nothing is; it is in {other}: change the cable, or the file")
        })
    }
}

fn differs(seen: impl Display, written: impl Display, what: &str) -> String {
    format!("it has {seen} {what}, the file says {written}")
}
