//! Names that mean two things, or that others do not take.

use crate::check::wording::{grouped, list};
use crate::nearest::nearest;
use crate::rack::{PortEnd, Server};
use crate::{Finding, Location, Resolved};
use rackberry_core::ThingId;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn findings(rack: &Resolved, out: &mut Vec<Finding>) {
    ambiguous(rack, out);
    abilities(rack, out);
    members(rack, out);
    workloads(rack, out);
}

/// What has a name: a kind, or the things that serve an ability of this name.
type Meanings<'a> = BTreeMap<&'a str, Vec<String>>;

fn ambiguous(rack: &Resolved, out: &mut Vec<Finding>) {
    let mut meanings = meanings(rack);
    if meanings.is_empty() {
        return;
    }
    references(rack, &mut |name, at| {
        let Some(kinds) = meanings.remove(name.as_str()) else { return };
        let reason =
            format!("{name} means {}, and any of them counts as being there", list(&kinds));
        let remedy = format!("rename all but one, or this may lean on the wrong {name}");
        out.push(Finding::warning("name-ambiguous", at(), reason, remedy));
    });
}

/// The names that have more than one meaning.
fn meanings(rack: &Resolved) -> Meanings<'_> {
    let it = &rack.rack;
    let mut all: Vec<(&str, &str)> = Vec::new();
    macro_rules! named {
        ($($section:ident $kind:literal),*) => {$(
            all.extend(it.$section.keys().map(|id| (id.as_str(), $kind)));
        )*};
    }
    named!(nodes "a node", switches "a switch", outlets "an outlet", pools "a pool", services "a service",
        workloads "a workload");
    all.sort_unstable();
    let same_name = all.chunk_by(|a, b| a.0 == b.0).filter(|it| it.len() > 1);
    let kinds = same_name.map(|it| (it[0].0, it.iter().map(|it| it.1).collect::<Vec<_>>()));
    let kinds = kinds.filter(|(name, kinds)| !one_machine(rack, name, kinds));
    let text = |kinds: Vec<&str>| kinds.into_iter().map(str::to_owned).collect();
    let mut several: Meanings<'_> = kinds.map(|(name, kinds)| (name, text(kinds))).collect();
    for (ability, server) in served(rack).filter(|it| it.0 != it.1) {
        let Ok(at) = all.binary_search_by_key(&ability, |it| it.0) else { continue };
        let kinds = several.entry(ability).or_insert_with(|| vec![all[at].1.to_owned()]);
        kinds.push(format!("what {server} serves"));
    }
    several
}

/// A service or a pool that bears the name of the node it is on: the same machine goes down.
fn one_machine(rack: &Resolved, name: &str, kinds: &[&str]) -> bool {
    let service = rack.rack.services.get(name);
    let pool = rack.rack.pools.get(name);
    let on_node =
        service.is_none_or(|it| it.on.iter().all(|it| it.as_str() == name) && !it.on.is_empty());
    let pool_there = pool.is_none_or(|it| {
        it.node.as_ref().is_some_and(|it| it.as_str() == name)
            || it.service.as_ref().is_some_and(|it| it.as_str() == name)
    });
    let known = ["a node", "a pool", "a service"];
    let node = kinds.contains(&"a node");
    kinds.iter().all(|it| known.contains(it)) && pool_there && (on_node || !node)
}

/// Abilities that this program or its users ask for by these words.
const WELL_KNOWN: [&str; 9] =
    ["dhcp", "dns", "ingress", "internet", "iscsi", "netboot", "nfs", "ntp", "registry"];

/// Abilities that nothing asks for, and that are nearly one that something does.
fn abilities(rack: &Resolved, out: &mut Vec<Finding>) {
    let served: BTreeSet<&str> = served(rack).map(|it| it.0).collect();
    let mut asked: BTreeSet<String> = WELL_KNOWN.into_iter().map(str::to_owned).collect();
    references(rack, &mut |name, _| {
        asked.extend(served.get(name.as_str()).map(ToString::to_string));
    });
    let it = &rack.rack;
    let mut slips = |section: &str, id: &str, serves: &[ThingId]| {
        for (position, ability) in serves.iter().enumerate() {
            let ability = ability.as_str();
            let others = asked.iter().map(String::as_str);
            let Some(meant) = nearest(ability, others).filter(|it| *it != ability) else {
                continue;
            };
            let reason = format!(
                "{id} serves {ability}, which nothing asks for, and which is nearly {meant}"
            );
            let remedy = format!("write `{meant}`, if that is meant");
            let at = Location::new([section, id, "serves"]).key(position);
            out.push(Finding::note("name-ability", at, reason, remedy));
        }
    };
    it.nodes.iter().for_each(|(id, it)| slips("nodes", id.as_str(), &it.serves));
    it.services.iter().for_each(|(id, it)| slips("services", id.as_str(), &it.serves));
    it.workloads.iter().for_each(|(id, it)| slips("workloads", id.as_str(), &it.serves));
}

/// Every ability, and what serves it.
fn served(rack: &Resolved) -> impl Iterator<Item = (&str, &str)> {
    let it = &rack.rack;
    let nodes = it.nodes.iter().map(|(id, it)| (id.as_str(), &it.serves));
    let services = it.services.iter().map(|(id, it)| (id.as_str(), &it.serves));
    let workloads = it.workloads.iter().map(|(id, it)| (id.as_str(), &it.serves));
    let all = nodes.chain(services).chain(workloads);
    all.flat_map(|(id, serves)| serves.iter().map(move |it| (it.as_str(), id)))
}

/// Shows every name that others lean on, with its place.
fn references(rack: &Resolved, see: &mut dyn FnMut(&ThingId, &dyn Fn() -> Location)) {
    let it = &rack.rack;
    let at = |section: &str, id: &str, key: &str| Location::new([section, id, key]);
    for (id, network) in &it.networks {
        servers(&network.dns, &|| at("networks", id.as_str(), "dns"), see);
    }
    for (id, switch) in &it.switches {
        for (number, port) in &switch.ports {
            if let Some(PortEnd::Thing(thing)) = &port.to {
                see(thing, &|| at("switches", id.as_str(), "ports").key(number.0).key("to"));
            }
        }
    }
    for (id, node) in &it.nodes {
        servers(&node.dns, &|| at("nodes", id.as_str(), "dns"), see);
        for (position, rescued) in node.rescues.iter().enumerate() {
            see(rescued, &|| at("nodes", id.as_str(), "rescues").key(position));
        }
        needs(&node.needs, &|| at("nodes", id.as_str(), "needs"), see);
    }
    for (id, cluster) in &it.clusters {
        if let Some(thing) = cluster.proxmox.as_ref().and_then(|it| it.qdevice.as_ref()) {
            see(thing, &|| at("clusters", id.as_str(), "proxmox").key("qdevice"));
        }
    }
    for (id, service) in &it.services {
        needs(&service.needs, &|| at("services", id.as_str(), "needs"), see);
    }
    for (id, workload) in &it.workloads {
        needs(&workload.needs, &|| at("workloads", id.as_str(), "needs"), see);
        for (position, volume) in workload.volumes.iter().enumerate() {
            if let Some(export) = volume.export() {
                see(&export.service, &|| at("workloads", id.as_str(), "volumes").key(position));
            }
        }
    }
}

fn needs(
    needs: &[crate::rack::Need],
    at: &dyn Fn() -> Location,
    see: &mut dyn FnMut(&ThingId, &dyn Fn() -> Location),
) {
    for (position, need) in needs.iter().enumerate() {
        for (alternative, it) in need.iter().enumerate() {
            see(it, &|| at().key(position).key(alternative));
        }
    }
}

fn servers(
    servers: &[Server],
    at: &dyn Fn() -> Location,
    see: &mut dyn FnMut(&ThingId, &dyn Fn() -> Location),
) {
    for (position, server) in servers.iter().enumerate() {
        match server {
            Server::Thing(thing) => see(thing, &|| at().key(position)),
            Server::Address(_) => {}
        }
    }
}

/// Members of clusters whose names the cluster cannot register.
fn members(rack: &Resolved, out: &mut Vec<Finding>) {
    let wrong = rack.nodes.iter().enumerate().filter_map(|(at, node)| {
        let cluster = node.cluster.as_ref()?;
        let written = rack.rack.clusters.get(cluster)?;
        let name = node.id.as_str();
        let taken = match (&written.proxmox, &written.talos) {
            (Some(_), _) => is_label(&name.to_ascii_lowercase()),
            (None, Some(_)) => is_label(name),
            (None, None) => name.split('.').all(is_label),
        };
        (!taken).then_some((cluster, at))
    });
    for (cluster, nodes) in grouped(wrong) {
        let who = list(nodes.iter().map(|it| &rack.nodes[*it].id));
        let reason = format!("{cluster} cannot have members of such names: {who}");
        let remedy =
            "use lowercase letters, digits and `-`, and end with a letter or a digit".into();
        let at = Location::new(["nodes", rack.nodes[nodes[0]].id.as_str()]);
        out.push(Finding::error("name-dns", at, reason, remedy));
    }
}

fn workloads(rack: &Resolved, out: &mut Vec<Finding>) {
    let wrong = rack.rack.workloads.keys().filter(|it| !it.as_str().split('.').all(is_label));
    let wrong: BTreeSet<_> = wrong.collect();
    let Some(first) = wrong.first() else { return };
    let reason = format!("Kubernetes takes no workload of such a name: {}", list(&wrong));
    let remedy = "write the name it has in its cluster: lowercase letters, digits and `-`".into();
    let at = Location::new(["workloads", first.as_str()]);
    out.push(Finding::error("name-dns", at, reason, remedy));
}

/// Whether a text is a DNS label, as RFC 1123 has it.
fn is_label(text: &str) -> bool {
    let word = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit();
    let ends = text.starts_with(word) && text.ends_with(word);
    ends && text.len() <= 63 && text.chars().all(|it| word(it) || it == '-')
}
