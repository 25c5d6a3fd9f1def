//! The needs themselves, one kind of thing after the other.

use super::{Exit, Graph, Kind, When, number};
use crate::check::survey::Eligible;
use crate::rack::{Boot, Datastore, Need, PortEnd, Role, Server, Volume};
use crate::{Feed, Thing};
use rackberry_core::{ClusterId, OutletId};
use std::collections::BTreeMap;
use std::net::IpAddr;

impl<'a> Graph<'a> {
    /// Lets a thing need so many of the providers. What cannot be met at all is left out: other rules
    /// tell of it.
    pub(super) fn need(&mut self, thing: u32, minimum: u32, providers: &[u32], when: When) {
        let always = match when {
            When::Always => self.run.add(thing, minimum, providers),
            When::ToStart => Ok(0),
        };
        if always.is_ok() {
            let _met_already_or_too_large = self.start.add(thing, minimum, providers);
        }
    }

    fn needs(&mut self, thing: u32, needs: &'a [Need]) {
        for need in needs {
            let any: Vec<u32> = need.iter().flat_map(|it| self.providers(it)).collect();
            self.need(thing, 1, &any, When::Always);
        }
    }

    /// What has each address: services, nodes, and for nodes what serves DNS there.
    pub(super) fn addresses(&self) -> BTreeMap<IpAddr, Vec<u32>> {
        let mut all: BTreeMap<IpAddr, Vec<u32>> = BTreeMap::new();
        for (at, node) in self.rack.rack.nodes.values().enumerate() {
            let links = node.links.iter().filter_map(|it| it.address);
            for address in node.address.into_iter().chain(links) {
                all.entry(address).or_default().push(self.at(Kind::Node, at));
            }
        }
        for (at, service) in self.rack.rack.services.values().enumerate() {
            let Some(address) = service.address else { continue };
            all.entry(address).or_default().push(self.at(Kind::Service, at));
        }
        all
    }

    /// What answers DNS at an address: the workloads that serve it on the node that has the address, or
    /// else whatever has it. Nothing where it is outside of the rack.
    fn dns_at(&self, address: IpAddr) -> Vec<u32> {
        let holders = self.addresses.get(&address).cloned().unwrap_or_default();
        let nodes: Vec<usize> = holders
            .iter()
            .map(|it| self.thing(*it))
            .filter(|it| it.0 == Kind::Node)
            .map(|it| it.1)
            .collect();
        if nodes.is_empty() {
            return holders;
        }
        let serves = |at: &usize| {
            let written = self.workloads[*at];
            let dns = written.serves.iter().any(|it| it.as_str() == "dns");
            let it = &self.rack.workloads[*at];
            let counted = self.rack.replicas[it.replicas.clone()].iter().filter_map(|it| it.on);
            dns && counted.chain(it.every.iter().copied()).any(|on| nodes.contains(&on))
        };
        let servers: Vec<u32> = (0..self.rack.workloads.len())
            .filter(serves)
            .map(|it| self.at(Kind::Workload, it))
            .collect();
        if servers.is_empty() { holders } else { servers }
    }

    pub(super) fn exit(&mut self, (dns, gateway, switch): Exit<'a>, number: usize) {
        let outside = self.at(Kind::Outside, number);
        let mut servers = Vec::new();
        for server in dns {
            let these = match server {
                Server::Address(address) => self.dns_at(*address),
                Server::Thing(thing) => self.providers(thing),
            };
            // One server outside of the rack is enough: what becomes of it is not known here.
            if these.is_empty() {
                servers.clear();
                break;
            }
            servers.extend(these);
        }
        let gateway = gateway.and_then(|it| self.addresses.get(&it)).cloned().unwrap_or_default();
        let way = switch.map(|it| self.at(Kind::WayOut, it));
        for group in [servers, gateway, way.into_iter().collect(), self.internet.clone()] {
            if !group.is_empty() {
                self.need(outside, 1, &group, When::Always);
            }
        }
    }

    pub(super) fn node(&mut self, at: usize) {
        let (node, images) = (self.at(Kind::Node, at), self.at(Kind::Images, at));
        let resolved = &self.rack.nodes[at];
        let written = self.nodes[at];
        if let Some(switch) = resolved.switch {
            self.need(node, 1, &[self.at(Kind::Switch, switch)], When::Always);
        }
        match &resolved.feed {
            Feed::Outlet(outlet) => {
                let outlet = self.number(&Thing::Outlet(outlet.clone()));
                self.need(node, 1, outlet.as_slice(), When::Always);
            }
            // Its switch is needed already.
            Feed::Poe { .. } | Feed::Host(_) | Feed::Unknown => {}
        }
        if let Some(host) = resolved.host {
            self.need(node, 1, &[self.at(Kind::Node, host)], When::Always);
            let quorum = self.control_plane_of(self.rack.nodes[host].cluster.as_ref());
            self.need(node, 1, quorum.as_slice(), When::ToStart);
        }
        for pool in written.disks.values().filter_map(|it| it.pool.as_ref()) {
            let pool = self.number(&Thing::Pool(pool.clone()));
            self.need(node, 1, pool.as_slice(), When::Always);
        }
        self.needs(node, &written.needs);
        if written.boot == Some(Boot::Network) {
            self.need(node, 1, &self.netboot.clone(), When::ToStart);
        }
        self.need(images, 1, &[node], When::Always);
        self.need(images, 1, &[self.outside[at]], When::ToStart);
    }

    pub(super) fn power(&mut self) {
        let rack = &self.rack.rack;
        let outlet = |graph: &Self, id: &OutletId| graph.number(&Thing::Outlet(id.clone()));
        for (at, switch) in rack.switches.values().enumerate() {
            let from = switch.outlet.as_ref().and_then(|it| outlet(self, it));
            self.need(self.at(Kind::Switch, at), 1, from.as_slice(), When::Always);
        }
        for (at, it) in rack.outlets.values().enumerate() {
            let from = it.from.as_ref().and_then(|it| outlet(self, it));
            self.need(self.at(Kind::Outlet, at), 1, from.as_slice(), When::Always);
        }
    }

    pub(super) fn way_out(&mut self, at: usize) {
        let way = self.at(Kind::WayOut, at);
        self.need(way, 1, &[self.at(Kind::Switch, at)], When::Always);
        let written = &self.rack.rack.switches[&self.rack.switches[at].id];
        let end = written.uplink.and_then(|it| written.ports.get(&it)?.to.as_ref());
        let end = match end {
            Some(PortEnd::Port(port)) => match self.rack.switch(&port.switch) {
                Some(next) if next != at => vec![self.at(Kind::WayOut, next)],
                Some(_) | None => Vec::new(),
            },
            Some(PortEnd::Thing(thing)) => self.providers(thing),
            None => Vec::new(),
        };
        self.need(way, 1, &end, When::Always);
    }

    pub(super) fn pools(&mut self) {
        for (at, pool) in self.rack.rack.pools.values().enumerate() {
            let node = pool.node.clone().and_then(|it| self.number(&Thing::Node(it)));
            let service = pool.service.clone().and_then(|it| self.number(&Thing::Service(it)));
            let thing = self.at(Kind::Pool, at);
            self.need(thing, 1, node.as_slice(), When::Always);
            self.need(thing, 1, service.as_slice(), When::Always);
        }
    }

    pub(super) fn services(&mut self) {
        for (at, service) in self.rack.rack.services.values().enumerate() {
            let nodes = service.on.iter().filter_map(|it| self.rack.node(it));
            let nodes: Vec<u32> = nodes.map(|it| self.at(Kind::Node, it)).collect();
            let thing = self.at(Kind::Service, at);
            self.need(thing, 1, &nodes, When::Always);
            self.needs(thing, &service.needs);
        }
    }

    pub(super) fn control_plane(&mut self, id: &'a ClusterId, at: usize, members: &[usize]) {
        let thing = self.at(Kind::ControlPlane, at);
        let cluster = &self.rack.rack.clusters[id];
        let votes = |node: &&usize| {
            cluster.proxmox.is_some() || self.rack.nodes[**node].role == Role::ControlPlane
        };
        let mut voters: Vec<u32> =
            members.iter().filter(votes).map(|it| self.at(Kind::Node, *it)).collect();
        if let Some(thing) = cluster.proxmox.as_ref().and_then(|it| it.qdevice.as_ref()) {
            voters.extend(self.providers(thing).first());
        }
        let majority = match cluster.k3s.as_ref().map(|it| it.datastore) {
            Some(Datastore::Sqlite | Datastore::External) => 1,
            Some(Datastore::Etcd) | None => number(voters.len() / 2 + 1),
        };
        self.need(thing, majority, &voters, When::Always);
    }

    pub(super) fn workload(&mut self, at: usize, eligible: &Eligible) {
        let thing = self.at(Kind::Workload, at);
        let (resolved, written) = (&self.rack.workloads[at], self.workloads[at]);
        let replicas = &self.rack.replicas[resolved.replicas.clone()];
        let mut nodes: Vec<u32> =
            replicas.iter().filter_map(|it| it.on).map(|it| self.at(Kind::Images, it)).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let least = written.min_available.max(1).min(number(nodes.len()));
        match nodes.is_empty() {
            true => self.need(thing, 1, &[self.at(Kind::AnyOf, eligible.set_of(at))], When::Always),
            false => self.need(thing, least, &nodes, When::Always),
        }
        for export in written.volumes.iter().filter_map(Volume::export) {
            let servers = self.providers(&export.service);
            self.need(thing, 1, &servers, When::Always);
        }
        self.needs(thing, &written.needs);
        let plane = self.control_plane_of(resolved.cluster.as_ref());
        self.need(thing, 1, plane.as_slice(), When::ToStart);
    }
}
