//! Links that many share.

use crate::check::cable::{
    Plug, Plugs, Socket, of_switch, port_name, socket, speed, switch_key, uplink, way_up,
};
use crate::check::wording::{count, grouped, list};
use crate::rack::Boot;
use crate::{Finding, Resolved, Thing};
use rackberry_core::{BitsPerSecond, ThingId};
use std::collections::{BTreeMap, BTreeSet};

/// Links may carry so many times their speed before it matters: for all that nodes do.
const BUSY: u64 = 20;
/// The same, where nodes have their disks behind the link.
const BUSY_WITH_DISKS: u64 = 8;
/// What serves disks over the network says one of these.
const STORAGE: [&str; 12] = [
    "nfs",
    "iscsi",
    "nbd",
    "smb",
    "tftp",
    "netboot",
    "network-boot",
    "pxe",
    "rbd",
    "ceph",
    "storage",
    "nas",
];

pub(super) fn findings(rack: &Resolved, plugs: &Plugs<'_>, out: &mut Vec<Finding>) {
    uplinks(rack, plugs, out);
    let mut storage = Storage::new(rack, plugs);
    storage.booted();
    storage.mounted();
    storage.findings(out);
}

fn uplinks(rack: &Resolved, plugs: &Plugs<'_>, out: &mut Vec<Finding>) {
    let busy = (0..rack.switches.len()).filter_map(|switch| {
        let uplink = uplink(rack, switch)?;
        let behind = of_switch(plugs, switch).filter(|it| it.0 != uplink);
        let total = behind.map(|(at, here)| fastest(rack, at, here)).sum();
        let most = speed(rack, uplink)?;
        exceeds(total, most, BUSY).then(|| ((ratio(total, most), most), (switch, total)))
    });
    for ((ratio, most), switches) in grouped(busy) {
        let who = list(switches.iter().map(|it| &rack.switches[it.0].id));
        let total = switches[0].1;
        let reason =
            format!("cards of {total} together are behind the {most} uplink of {who} ({ratio})");
        let remedy = "use a faster uplink, or keep what talks most on one switch".into();
        let at = switch_key(rack, switches[0].0, "uplink");
        out.push(Finding::note("uplink-oversubscribed", at, reason, remedy));
    }
}

/// How fast what is in a port can send.
fn fastest(rack: &Resolved, at: Socket, here: &[Plug<'_>]) -> BitsPerSecond {
    let port = speed(rack, at).unwrap_or_default();
    let card = here.iter().find_map(|it| match it {
        Plug::Node(node) => rack.nodes[*node].speed,
        Plug::Link(node, link) => rack.rack.nodes[&rack.nodes[*node].id].links[*link].speed,
        Plug::Switch(other) => speed(rack, *other),
        Plug::Thing(_) => None,
    });
    card.map_or(port, |it| it.min(port))
}

fn exceeds(total: BitsPerSecond, most: BitsPerSecond, times: u64) -> bool {
    u128::from(total.0) > u128::from(most.0) * u128::from(times)
}

/// `24:1`, up to the next whole number.
fn ratio(total: BitsPerSecond, most: BitsPerSecond) -> String {
    format!("{}:1", total.0.div_ceil(most.0.max(1)))
}

/// Which nodes have their disks behind which port.
struct Storage<'a> {
    rack: &'a Resolved,
    plugs: &'a Plugs<'a>,
    /// The ports that services are said to be at.
    named: BTreeMap<&'a str, Vec<Socket>>,
    known: BTreeMap<&'a ThingId, Home>,
    /// The port of each node, or of its host.
    cards: Vec<Option<Socket>>,
    /// The ports of the nodes that live on what is at a port.
    served: BTreeMap<Socket, BTreeSet<Socket>>,
}

/// Where something is, and whether others keep their disks there.
#[derive(Clone, Copy, Debug)]
struct Home {
    /// The one port that it is at, if there is just one and it is known.
    at: Option<Socket>,
    storage: bool,
}

impl<'a> Storage<'a> {
    fn new(rack: &'a Resolved, plugs: &'a Plugs<'a>) -> Self {
        let things = plugs.iter().flat_map(|(at, here)| here.iter().map(move |it| (*at, it)));
        let named = grouped(things.filter_map(|(at, plug)| match plug {
            Plug::Thing(thing) => Some((thing.as_str(), at)),
            Plug::Node(_) | Plug::Link(..) | Plug::Switch(_) => None,
        }));
        let own: Vec<_> = rack.rack.nodes.keys().map(|it| card(rack, it)).collect();
        let machines = rack.nodes.iter().enumerate().map(|(at, it)| it.host.unwrap_or(at));
        let cards = machines.map(|it| own[it]).collect();
        Self { rack, plugs, named, known: BTreeMap::new(), cards, served: BTreeMap::new() }
    }

    /// Nodes that boot over the network from storage that they name.
    fn booted(&mut self) {
        let rack = self.rack;
        let booted = rack.rack.nodes.values().enumerate();
        let booted = booted.filter(|it| it.1.boot == Some(Boot::Network));
        for (at, node) in booted {
            node.needs.iter().flat_map(|it| it.iter()).for_each(|it| self.serve(it, at, true));
        }
    }

    /// Nodes whose workloads keep their volumes elsewhere.
    fn mounted(&mut self) {
        let rack = self.rack;
        for workload in 0..rack.workloads.len() {
            let exports = rack.written(workload).volumes.iter().filter_map(|it| it.export());
            for export in exports {
                let it = &rack.workloads[workload];
                let on = it.replicas.clone().filter_map(|it| rack.replicas[it].on);
                on.chain(it.every.iter().copied())
                    .for_each(|node| self.serve(&export.service, node, false));
            }
        }
    }

    fn serve(&mut self, thing: &'a ThingId, node: usize, only_storage: bool) {
        let rack = self.rack;
        let home = match self.known.get(thing) {
            Some(home) => *home,
            None => {
                let home = Home { at: self.home(thing), storage: is_storage(rack, thing) };
                self.known.insert(thing, home);
                home
            }
        };
        let Some((at, card)) = home.at.zip(self.cards[node]) else { return };
        if at != card && (!only_storage || home.storage) {
            self.served.entry(at).or_default().insert(card);
        }
    }

    fn findings(&self, out: &mut Vec<Finding>) {
        let mut uplinks = BTreeMap::<Socket, BTreeSet<Socket>>::new();
        for (home, cards) in &self.served {
            out.extend(self.overloaded(*home, cards, &port_name(self.rack, *home)));
            let above = way_up(self.rack, self.plugs, home.0);
            for card in cards {
                let way = way_up(self.rack, self.plugs, card.0);
                let crossed = way.iter().take_while(|it| !above.contains(it));
                let crossed = crossed.filter_map(|it| uplink(self.rack, *it));
                for at in crossed {
                    uplinks.entry(at).or_default().insert(*card);
                }
            }
        }
        for (at, cards) in &uplinks {
            let name = format!("{}, the uplink", port_name(self.rack, *at));
            out.extend(self.overloaded(*at, cards, &name));
        }
    }

    fn overloaded(&self, at: Socket, cards: &BTreeSet<Socket>, name: &str) -> Option<Finding> {
        let most = speed(self.rack, at)?;
        let here = |it: &Socket| self.plugs.get(it).map_or(&[][..], Vec::as_slice);
        let total = cards.iter().map(|it| fastest(self.rack, *it, here(it))).sum();
        if !exceeds(total, most, BUSY_WITH_DISKS) {
            return None;
        }
        let reason = format!(
            "{} have their disks behind {name}, and {total} share its {most} {} when all start at once",
            count(cards.len(), "node"),
            ratio(total, most)
        );
        let remedy = "put the storage on a faster port of the same switch".into();
        let place = here(&at).first().map(|it| it.place(self.rack, at));
        let place = place.unwrap_or_else(|| switch_key(self.rack, at.0, "uplink"));
        Some(Finding::warning("storage-oversubscribed", place, reason, remedy))
    }

    /// The one port that something is at; none if it is at several, or at none that is known.
    fn home(&self, thing: &ThingId) -> Option<Socket> {
        let mut at = BTreeSet::new();
        for provider in self.rack.providers(thing) {
            match provider {
                Thing::Node(node) => at.extend(card(self.rack, &node)),
                Thing::Service(service) => {
                    let on = self.rack.rack.services[&service].on.iter();
                    at.extend(on.filter_map(|it| card(self.rack, it)));
                    at.extend(self.named.get(service.as_str()).into_iter().flatten());
                }
                Thing::Switch(_) | Thing::Outlet(_) | Thing::Pool(_) | Thing::Workload(_) => {}
            }
        }
        let first = at.pop_first()?;
        at.is_empty().then_some(first)
    }
}

fn card(rack: &Resolved, node: &rackberry_core::NodeId) -> Option<Socket> {
    socket(rack, rack.rack.nodes.get(node)?.port.as_ref()?)
}

/// Whether something keeps disks or boot files for others.
fn is_storage(rack: &Resolved, thing: &ThingId) -> bool {
    let known = |it: &ThingId| STORAGE.contains(&it.as_str());
    let serves = |it: &Thing| match it {
        Thing::Node(node) => rack.rack.nodes[node].serves.iter().any(known),
        Thing::Service(service) => rack.rack.services[service].serves.iter().any(known),
        Thing::Switch(_) | Thing::Outlet(_) | Thing::Pool(_) | Thing::Workload(_) => false,
    };
    let holds_pool = rack.rack.pools.values().any(|it| {
        it.service.as_ref().is_some_and(|it| it.as_str() == thing.as_str())
            || it.node.as_ref().is_some_and(|it| it.as_str() == thing.as_str())
    });
    known(thing) || holds_pool || rack.providers(thing).iter().any(serves)
}
