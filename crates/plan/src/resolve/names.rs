//! Every name that the file refers to must be there.

use super::Thing;
use super::workload::{only_kubernetes, volume_name};
use crate::nearest::nearest;
use crate::rack::{
    Catalogue, Cluster, Need, Node, PortEnd, PortRef, Rack, Server, Switch, Volume, Workload,
};
use crate::{Finding, Location};
use rackberry_core::{ClusterId, NetworkId, NodeId, OutletId, ThingId, WorkloadId};
use std::collections::BTreeSet;
use std::fmt::Display;

/// Everything that the file names and does not have, and what is too incomplete to work with.
pub(super) fn unknown(rack: &Rack, catalogue: &Catalogue) -> Vec<Finding> {
    let abilities = abilities(rack);
    let mut names = Names { rack, catalogue, abilities, findings: Vec::new() };
    for (id, outlet) in &rack.outlets {
        names.outlet(outlet.from.as_ref(), || at("outlets", id, "from"));
    }
    for (id, network) in &rack.networks {
        names.servers(&network.dns, || at("networks", id, "dns"));
    }
    rack.switches.iter().for_each(|(id, it)| names.switch(id, it));
    rack.nodes.iter().for_each(|(id, it)| names.node(id, it));
    for (id, pool) in &rack.pools {
        names.node_name(pool.node.as_ref(), || at("pools", id, "node"));
        let service = pool.service.as_ref();
        names.named("service", service, &rack.services, || at("pools", id, "service"));
        names.pool_disks(id, pool);
    }
    rack.clusters.iter().for_each(|(id, it)| names.cluster(id, it));
    for (id, service) in &rack.services {
        for (position, node) in service.on.iter().enumerate() {
            names.node_name(Some(node), || at("services", id, "on").key(position));
        }
        names.needs(&service.needs, || at("services", id, "needs"));
    }
    let only = only_kubernetes(rack).is_some();
    rack.workloads.iter().for_each(|(id, it)| names.workload(id, it, only));
    for (position, workload) in rack.policy.may_stop.iter().enumerate() {
        names.workload_name(workload, || Location::new(["policy", "may-stop"]).key(position));
    }
    names.findings
}

fn at(section: &str, id: impl Display, key: &str) -> Location {
    Location(vec![section.into(), id.to_string(), key.into()])
}

/// What something serves, anywhere in the rack.
fn abilities(rack: &Rack) -> BTreeSet<&str> {
    let services = rack.services.values().flat_map(|it| it.serves.iter());
    let workloads = rack.workloads.values().flat_map(|it| it.serves.iter());
    let nodes = rack.nodes.values().flat_map(|it| it.serves.iter());
    services.chain(workloads).chain(nodes).map(ThingId::as_str).collect()
}

/// Everything of this name, or else everything that serves it.
pub(super) fn providers(rack: &Rack, thing: &ThingId) -> Vec<Thing> {
    let name = thing.as_str();
    let mut all = Vec::new();
    macro_rules! named {
        ($($section:ident $kind:ident),*) => {$(
            if let Some((id, _)) = rack.$section.get_key_value(name) {
                all.push(Thing::$kind(id.clone()));
            }
        )*};
    }
    named!(nodes Node, switches Switch, outlets Outlet, pools Pool, services Service, workloads Workload);
    if !all.is_empty() {
        return all;
    }
    macro_rules! serving {
        ($($section:ident $kind:ident),*) => {$(
            let serving = rack.$section.iter().filter(|it| it.1.serves.contains(thing));
            all.extend(serving.map(|it| Thing::$kind(it.0.clone())));
        )*};
    }
    serving!(nodes Node, services Service, workloads Workload);
    all
}

/// Finds a cluster that does not say what it is, or says several things.
fn unclear(id: &ClusterId, cluster: &Cluster) -> Option<Finding> {
    let kinds = [
        cluster.talos.as_ref().map(|_| "`talos`"),
        cluster.k3s.as_ref().map(|_| "`k3s`"),
        cluster.kubernetes.as_ref().map(|_| "`kubernetes`"),
        cluster.proxmox.as_ref().map(|_| "`proxmox`"),
    ];
    let kinds: Vec<&str> = kinds.into_iter().flatten().collect();
    let all = kinds.join(" and ");
    let (reason, remedy) = match kinds.len() {
        0 => (
            format!("cluster {id} does not say what it is"),
            "write exactly one of `talos`, `k3s`, `kubernetes` and `proxmox`, as `k3s: {}`".into(),
        ),
        1 => return None,
        _ => (
            format!("cluster {id} says that it is {all}, and it can be one of them only"),
            format!("keep one of {all}"),
        ),
    };
    let at = Location::new(["clusters", id.as_str()]);
    Some(Finding::error("incomplete", at, reason, remedy))
}

struct Names<'a> {
    rack: &'a Rack,
    catalogue: &'a Catalogue,
    abilities: BTreeSet<&'a str>,
    findings: Vec<Finding>,
}

impl Names<'_> {
    /// Finds that there is no `kind` called `name`, and says which one was probably meant.
    fn miss<'k>(
        &mut self,
        kind: &str,
        name: &str,
        known: impl Iterator<Item = &'k str>,
        at: Location,
    ) {
        let reason = format!("there is no {kind} called `{name}`");
        let known: Vec<&str> = known.collect();
        let remedy = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => format!("describe it: the file has no {kind} at all"),
            None if known.len() <= 12 => {
                format!("describe it, or name one of: {}", known.join(", "))
            }
            None => "describe it, or correct the name".into(),
        };
        self.findings.push(Finding::error("unknown-name", at, reason, remedy));
    }

    fn named<I: Ord + Display + std::borrow::Borrow<str>, T>(
        &mut self,
        kind: &str,
        name: Option<&I>,
        known: &std::collections::BTreeMap<I, T>,
        at: impl FnOnce() -> Location,
    ) {
        let Some(name) = name.filter(|it| !known.contains_key((*it).borrow())) else { return };
        self.miss(kind, name.borrow(), known.keys().map(std::borrow::Borrow::borrow), at());
    }

    fn node_name(&mut self, name: Option<&NodeId>, at: impl FnOnce() -> Location) {
        let rack = self.rack;
        self.named("node", name, &rack.nodes, at);
    }

    fn network(&mut self, name: Option<&NetworkId>, at: impl FnOnce() -> Location) {
        let rack = self.rack;
        self.named("network", name, &rack.networks, at);
    }

    fn outlet(&mut self, name: Option<&OutletId>, at: impl FnOnce() -> Location) {
        let rack = self.rack;
        self.named("outlet", name, &rack.outlets, at);
    }

    fn workload_name(&mut self, name: &WorkloadId, at: impl FnOnce() -> Location) {
        let rack = self.rack;
        self.named("workload", Some(name), &rack.workloads, at);
    }

    fn port(&mut self, port: Option<&PortRef>, at: impl Fn() -> Location) {
        let Some(port) = port else { return };
        let rack = self.rack;
        let Some(switch) = rack.switches.get(&port.switch) else {
            self.named("switch", Some(&port.switch), &rack.switches, at);
            return;
        };
        let Some(model) = self.catalogue.switches.get(&switch.model) else { return };
        if model.port(port.port).is_none() {
            let (count, name) = (model.port_count(), &switch.model);
            let reason =
                format!("{} ({name}) has no {}: it has {count} ports", port.switch, port.port);
            let remedy = "name a port that is printed on its case".into();
            self.findings.push(Finding::error("unknown-name", at(), reason, remedy));
        }
    }

    fn thing(&mut self, thing: &ThingId, at: impl FnOnce() -> Location) {
        let rack = self.rack;
        let name = thing.as_str();
        let known = self.abilities.contains(name) || !providers(rack, thing).is_empty();
        if known {
            return;
        }
        let mut all: Vec<String> = self.abilities.iter().map(ToString::to_string).collect();
        all.extend(rack.services.keys().map(ToString::to_string));
        all.extend(rack.workloads.keys().map(ToString::to_string));
        all.extend(rack.nodes.keys().map(ToString::to_string));
        all.extend(rack.pools.keys().map(ToString::to_string));
        let kind = "service, workload, node, pool or ability";
        self.miss(kind, name, all.iter().map(String::as_str), at());
    }

    fn needs(&mut self, needs: &[Need], at: impl Fn() -> Location) {
        for (position, need) in needs.iter().enumerate() {
            for (alternative, thing) in need.iter().enumerate() {
                self.thing(thing, || at().key(position).key(alternative));
            }
        }
    }

    fn servers(&mut self, servers: &[Server], at: impl Fn() -> Location) {
        for (position, server) in servers.iter().enumerate() {
            if let Server::Thing(thing) = server {
                self.thing(thing, || at().key(position));
            }
        }
    }

    fn switch(&mut self, id: &rackberry_core::SwitchId, switch: &Switch) {
        let (rack, catalogue) = (self.rack, self.catalogue);
        if !catalogue.switches.contains_key(&switch.model) {
            let known = catalogue.switches.keys().map(String::as_str);
            self.miss(
                "switch model in the catalogue",
                &switch.model,
                known,
                at("switches", id, "model"),
            );
        }
        self.network(switch.network.as_ref(), || at("switches", id, "network"));
        self.outlet(switch.outlet.as_ref(), || at("switches", id, "outlet"));
        let port = |it| PortRef { switch: id.clone(), port: it };
        self.port(switch.uplink.map(port).as_ref(), || at("switches", id, "uplink"));
        for (number, written) in &switch.ports {
            let at = |key: &str| at("switches", id, "ports").key(number.0).key(key);
            self.port(Some(&port(*number)), || at("").parent());
            self.network(written.network.as_ref(), || at("network"));
            for (position, it) in written.tagged.iter().enumerate() {
                self.named("network", Some(it), &rack.networks, || at("tagged").key(position));
            }
            match &written.to {
                Some(PortEnd::Port(other)) => self.port(Some(other), || at("to")),
                Some(PortEnd::Thing(thing)) => self.thing(thing, || at("to")),
                None => {}
            }
        }
    }

    fn node(&mut self, id: &NodeId, node: &Node) {
        let catalogue = self.catalogue;
        let at = |key: &str| at("nodes", id, key);
        match catalogue.boards.get(&node.board) {
            None => {
                let known = catalogue.boards.keys().map(String::as_str);
                self.miss("board in the catalogue", &node.board, known, at("board"));
            }
            Some(board) if node.memory.or(board.memory).is_none() => {
                let reason = format!("nothing says how much memory {id} has");
                let remedy = "write it as `memory: 8Gi`".into();
                self.findings.push(Finding::error("incomplete", at("board"), reason, remedy));
            }
            Some(_) => {}
        }
        if let Some(hat) = node.hat.as_ref().filter(|it| !catalogue.hats.contains_key(*it)) {
            let known = catalogue.hats.keys().map(String::as_str);
            self.miss("HAT in the catalogue", hat, known, at("hat"));
        }
        self.port(node.port.as_ref(), || at("port"));
        self.outlet(node.outlet.as_ref(), || at("outlet"));
        self.node_name(node.host.as_ref(), || at("host"));
        self.network(node.network.as_ref(), || at("network"));
        for (position, link) in node.links.iter().enumerate() {
            self.port(link.port.as_ref(), || at("links").key(position).key("port"));
            self.network(link.network.as_ref(), || at("links").key(position).key("network"));
        }
        self.servers(&node.dns, || at("dns"));
        let clusters = &self.rack.clusters;
        self.named("cluster", node.cluster.as_ref(), clusters, || at("cluster"));
        self.needs(&node.needs, || at("needs"));
        for (position, thing) in node.rescues.iter().enumerate() {
            self.thing(thing, || at("rescues").key(position));
        }
        for (disk, written) in &node.disks {
            let pools = &self.rack.pools;
            self.named("pool", written.pool.as_ref(), pools, || at("disks").key(disk).key("pool"));
        }
    }

    fn pool_disks(&mut self, id: &rackberry_core::PoolId, pool: &crate::rack::Pool) {
        let rack = self.rack;
        let Some(node) = pool.node.as_ref().and_then(|it| rack.nodes.get(it)) else { return };
        for (position, disk) in pool.disks.iter().enumerate() {
            self.named("disk", Some(disk), &node.disks, || at("pools", id, "disks").key(position));
        }
    }

    fn cluster(&mut self, id: &ClusterId, cluster: &Cluster) {
        let at = |key: &str| at("clusters", id, key);
        self.findings.extend(unclear(id, cluster));
        let Some(proxmox) = &cluster.proxmox else { return };
        for (position, network) in proxmox.corosync.iter().enumerate() {
            self.network(Some(network), || at("proxmox").key("corosync").key(position));
        }
        if let Some(thing) = &proxmox.qdevice {
            self.thing(thing, || at("proxmox").key("qdevice"));
        }
    }

    fn workload(&mut self, id: &WorkloadId, workload: &Workload, only: bool) {
        let rack = self.rack;
        let at = |key: &str| at("workloads", id, key);
        self.named("cluster", workload.cluster.as_ref(), &rack.clusters, || at("cluster"));
        if workload.cluster.is_none() && !only {
            let reason = format!("{id} does not say which cluster it runs in");
            let remedy = "write `cluster: NAME`; it may be left out where there is just one".into();
            let at = Location::new(["workloads", id.as_str()]);
            self.findings.push(Finding::error("incomplete", at, reason, remedy));
        }
        for (key, nodes) in [("on", &workload.on), ("pin", &workload.pin)] {
            for (position, node) in nodes.iter().enumerate() {
                self.node_name(Some(node), || at(key).key(position));
            }
        }
        let others = [
            ("with", &workload.with),
            ("near", &workload.near),
            ("apart-from", &workload.apart_from),
        ];
        for (key, names) in others {
            for (position, name) in names.iter().enumerate() {
                self.workload_name(name, || at(key).key(position));
            }
        }
        self.volumes(id, &workload.volumes);
        self.needs(&workload.needs, || at("needs"));
    }

    fn volumes(&mut self, id: &WorkloadId, volumes: &[Volume]) {
        let mut names = BTreeSet::new();
        for (position, volume) in volumes.iter().enumerate() {
            let at = || at("workloads", id, "volumes").key(position);
            let name = volume_name(volumes, position);
            if names.contains(&name) {
                let reason = format!("{id} has two volumes called {name}");
                let remedy = "give each volume a name of its own".into();
                self.findings.push(Finding::error("name-twice", at(), reason, remedy));
            }
            names.insert(name);
            let Some(export) = volume.export() else { continue };
            self.thing(&export.service, at);
        }
    }
}
