//! Arrangements that are known to bite, by name.
//!
//! | rule | finds | why |
//! |---|---|---|
//! | `lifeboat-depends` | a lifeboat that goes down, or cannot be reached, without what it is to rescue | it is gone when it is needed |
//! | `lifeboat-shares` | a lifeboat that one loss takes together with what it is to rescue | it is gone just then |
//! | `dns-circle` | a DNS server that needs itself to pull its own image | after a power cut nothing resolves, and nothing can be pulled |
//! | `nfs-default-class` | a claim on NFS that names no storage class, where the cluster adds one | the claim waits for a volume of that class, and never binds |
//! | `pinned-by-data` | local volumes | their workloads are down with their node, and their data is gone with its disk |
//! | `database-on-nfs` | a database on NFS | locks and syncs do not hold there what databases expect |
//! | `database-on-sd` | a database on a node that has nothing but an SD card | it wears the card out |
//! | `host-on-sd` | a hypervisor or a NAS that boots from an SD card | it writes all the time, and without the card nothing on it starts |

use super::depend;
use super::graph::Kind;
use super::quorum::only_sd;
use super::survey::Survey;
use super::tell::{at, tell};
use super::wording::{count, grouped, list};
use crate::rack::{Boot, Os, Volume, VolumeKind};
use crate::{Finding, Location};
use rackberry_core::{Bytes, figure};
use rackberry_sched::{Lost, Survivor};
use std::collections::{BTreeMap, BTreeSet};

/// What databases and others that write all the time have in their names.
const DATABASES: [&str; 17] = [
    "prometheus",
    "victoria",
    "influx",
    "loki",
    "postgres",
    "pgsql",
    "mysql",
    "mariadb",
    "mongo",
    "cassandra",
    "clickhouse",
    "elastic",
    "opensearch",
    "sqlite",
    "etcd",
    "timescale",
    "couchdb",
];

pub(super) fn findings(it: &Survey, out: &mut Vec<Finding>) {
    lifeboats(it, out);
    dns_circles(it, out);
    default_classes(it, out);
    pinned(it, out);
    databases_on_nfs(it, out);
    databases_on_sd(it, out);
    hosts_on_sd(it, out);
}

fn lifeboats(it: &Survey, out: &mut Vec<Finding>) {
    let mut survivor = Survivor::new(&it.graph.run);
    for at in 0..it.rack.nodes.len() {
        let written = it.machine(at);
        let rescued: BTreeSet<u32> = written
            .rescues
            .iter()
            .flat_map(|it_| it.rack.providers(it_))
            .filter_map(|thing| it.graph.number(&thing))
            .collect();
        if rescued.is_empty() {
            continue;
        }
        let depends = depends(it, &mut survivor, at, &rescued);
        let found = depends.is_some();
        out.extend(depends);
        if !found {
            out.extend(shares(it, &mut survivor, at, &rescued));
        }
    }
}

/// The lifeboat itself, or else its way to the outside, if either fell.
fn fell(it: &Survey, lost: &[Lost], node: usize) -> Option<u32> {
    let ends = [it.graph.at(Kind::Node, node), it.graph.outside_of(node)];
    ends.into_iter().find(|end| lost.iter().any(|it| it.thing == *end))
}

fn depends(
    it: &Survey,
    survivor: &mut Survivor,
    node: usize,
    rescued: &BTreeSet<u32>,
) -> Option<Finding> {
    let all: Vec<u32> = rescued.iter().copied().collect();
    let singles = rescued.iter().map(|it| vec![*it]);
    for dead in singles.chain([all]) {
        let lost = survivor.lose(&dead);
        let Some(end) = fell(it, lost, node) else { continue };
        let name = it.node(node);
        let chain = depend::chain(&it.graph, lost, end)?;
        let chain = if chain.starts_with(name) { chain } else { format!("{name} -> {chain}") };
        let what = list(dead.iter().filter_map(|thing| it.graph.name(*thing)));
        let how = match end == it.graph.at(Kind::Node, node) {
            true => "goes down with it",
            false => "cannot be reached without it",
        };
        let reason = format!("{name} is there to rescue {what} and {how}: {chain}");
        let remedy = "give it a network, DNS and power that work without what it rescues".into();
        let at = at!("nodes", name, "rescues");
        return Some(Finding::error("lifeboat-depends", at, reason, remedy));
    }
    None
}

fn shares(
    it: &Survey,
    survivor: &mut Survivor,
    node: usize,
    rescued: &BTreeSet<u32>,
) -> Option<Finding> {
    let mut shared = Vec::new();
    let mut with = BTreeSet::new();
    let own = it.graph.at(Kind::Node, node);
    for thing in needed_by(it, node).into_iter().filter(|it| *it != own) {
        let lost = survivor.lose(&[thing]);
        let along: Vec<u32> =
            lost.iter().map(|it| it.thing).filter(|it| rescued.contains(it)).collect();
        if fell(it, lost, node).is_some() && !along.is_empty() {
            shared.extend(it.graph.name(thing));
            with.extend(along);
        }
    }
    if shared.is_empty() {
        return None;
    }
    let name = it.node(node);
    let with = list(with.iter().filter_map(|thing| it.graph.name(*thing)));
    let any = if shared.len() == 1 { "is" } else { "are each" };
    let reason = format!(
        "{} {any} needed both by {name} and by what it is to rescue ({with}): they are gone together",
        list(&shared)
    );
    let remedy =
        format!("give {name} a way around, such as a mobile modem, or accept this one loss");
    Some(Finding::warning("lifeboat-shares", at!("nodes", name, "rescues"), reason, remedy))
}

/// The switches, outlets, nodes, pools and services that a node needs to run and to be reached, and
/// that have no substitute.
fn needed_by(it: &Survey, node: usize) -> BTreeSet<u32> {
    let groups = grouped((0..).take(it.graph.run.groups()).filter_map(|group| {
        let providers = it.graph.run.providers(group);
        (providers.len() as u64 == u64::from(it.graph.run.minimum(group)))
            .then_some((it.graph.run.owner(group)?, group))
    }));
    let mut open = vec![it.graph.at(Kind::Node, node), it.graph.outside_of(node)];
    let mut seen: BTreeSet<u32> = open.iter().copied().collect();
    while let Some(thing) = open.pop() {
        for group in groups.get(&thing).into_iter().flatten() {
            let new = it.graph.run.providers(*group).iter().filter(|it| !seen.contains(it));
            let new: Vec<u32> = new.copied().collect();
            seen.extend(&new);
            open.extend(new);
        }
    }
    let kinds = [Kind::Node, Kind::Switch, Kind::Outlet, Kind::Pool, Kind::Service];
    seen.into_iter().filter(|thing| kinds.contains(&it.graph.thing(*thing).0)).collect()
}

fn dns_circles(it: &Survey, out: &mut Vec<Finding>) {
    for circle in &it.circles {
        let Some((node, server)) = depend::own_dns(it, circle) else { continue };
        let (name, server) = (it.node(node), it.written(server).0);
        let written = it.machine(node);
        let (at, whose) = match (&written.network, written.dns.is_empty()) {
            (Some(network), true) => {
                (at!("networks", network, "dns"), format!(", as all of {network},"))
            }
            (Some(_) | None, _) => (at!("nodes", name, "dns"), String::new()),
        };
        let reason = format!(
            "{name}{whose} resolves by way of {server}, which runs on it: without its image there, neither comes back after a power cut"
        );
        let remedy = format!(
            "write a server outside of the cluster as the `dns` of {name}, as `dns: [1.1.1.1]`"
        );
        out.push(Finding::warning("dns-circle", at, reason, remedy));
    }
}

/// The class that a claim gets that names none.
fn default_class<'a>(it: &Survey<'a>, workload: usize) -> Option<&'a str> {
    let cluster = it.rack.workloads[workload].cluster.as_ref()?;
    let cluster = it.rack.rack.clusters.get(cluster)?;
    let of_k3s = cluster.k3s.as_ref().map(|_| "local-path");
    cluster.default_storage_class.as_deref().or(of_k3s).filter(|it| !it.is_empty())
}

fn default_classes(it: &Survey, out: &mut Vec<Finding>) {
    let mut each = Vec::new();
    for workload in 0..it.rack.workloads.len() {
        let (name, written) = it.written(workload);
        let Some(class) = default_class(it, workload) else { continue };
        for (position, volume) in written.volumes.iter().enumerate() {
            let VolumeKind::Nfs(export) = &volume.kind else { continue };
            if volume.storage_class.is_some() {
                continue;
            }
            let what = volume.name.as_deref().unwrap_or(name);
            let reason = format!(
                "the claim of {what} on {export} names no storage class, so the cluster adds {class} and the claim never binds"
            );
            let remedy =
                "write `storage-class: \"\"` here, and `storageClassName: \"\"` in its claim"
                    .into();
            let at = at!("workloads", name, "volumes", position);
            each.push(Finding::error("nfs-default-class", at, reason, remedy));
        }
    }
    tell(out, each);
}

/// The volumes of one kind, with their workload's position.
fn volumes<'a>(it: &'a Survey) -> impl Iterator<Item = (usize, usize, &'a Volume)> + 'a {
    (0..it.rack.workloads.len()).flat_map(|workload| {
        let volumes = it.written(workload).1.volumes.iter().enumerate();
        volumes.map(move |(position, volume)| (workload, position, volume))
    })
}

fn pinned(it: &Survey, out: &mut Vec<Finding>) {
    let local = volumes(it).filter(|it| it.2.kind == VolumeKind::LocalPath);
    let mut by_node: BTreeMap<usize, Vec<(usize, Bytes)>> = BTreeMap::new();
    for (workload, _, volume) in local {
        let size = volume.holds.or(volume.size).unwrap_or_default();
        for node in it.places(workload) {
            by_node.entry(node).or_default().push((workload, size));
        }
    }
    let all: Vec<(usize, Bytes)> = by_node.values().flatten().copied().collect();
    let Some((first, _)) = all.first() else { return };
    let mut largest = all.clone();
    largest.sort_by_key(|it| (std::cmp::Reverse(it.1), it.0));
    let names = |(workload, bytes): &(usize, Bytes)| {
        format!("{} {}", it.written(*workload).0, figure::size(*bytes))
    };
    let sum: Bytes = all.iter().map(|it| it.1).sum();
    let nodes = list(by_node.keys().map(|node| it.node(*node)));
    let reason = format!(
        "{} in {} of {nodes} ({}): each is down with its node, and lost with its disk",
        figure::size(sum),
        count(all.len(), "local volume"),
        list(largest.iter().map(names))
    );
    let at: Location = match all.len() {
        1 => at!("workloads", it.written(*first).0, "volumes"),
        _ => at!("workloads"),
    };
    let remedy = "back them up elsewhere, or keep what must not be lost on a NAS".into();
    out.push(Finding::note("pinned-by-data", at, reason, remedy));
}

fn is_database(it: &Survey, workload: usize, volume: &Volume) -> bool {
    let has = |name: &str| {
        let name = name.to_ascii_lowercase();
        // Operators and exporters of databases keep nothing themselves.
        !name.contains("operator")
            && !name.contains("exporter")
            && DATABASES.iter().any(|it| name.contains(it))
    };
    has(it.written(workload).0) || volume.name.as_deref().is_some_and(has)
}

fn databases_on_nfs(it: &Survey, out: &mut Vec<Finding>) {
    let mut each = Vec::new();
    for (workload, position, volume) in volumes(it) {
        let VolumeKind::Nfs(export) = &volume.kind else { continue };
        if !is_database(it, workload, volume) {
            continue;
        }
        let name = it.written(workload).0;
        let reason = format!(
            "{name} keeps its data on {export}: databases, Prometheus' among them, are not supported on NFS and break there"
        );
        let remedy = "keep it on a local or iSCSI volume, and back that up to the NAS".into();
        let at = at!("workloads", name, "volumes", position);
        each.push(Finding::note("database-on-nfs", at, reason, remedy));
    }
    tell(out, each);
}

fn databases_on_sd(it: &Survey, out: &mut Vec<Finding>) {
    let mut by_node: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (workload, _, volume) in volumes(it) {
        if volume.kind != VolumeKind::LocalPath || !is_database(it, workload, volume) {
            continue;
        }
        for node in it.places(workload) {
            if only_sd(it.machine(node)) {
                by_node.entry(node).or_default().push(it.written(workload).0);
            }
        }
    }
    let told = |(node, names): (&usize, &Vec<&str>)| {
        let node = it.node(*node);
        let reason = format!(
            "the local volumes of {} on {node} lie on an SD card, the only disk there: cards wear out under databases",
            list(names)
        );
        let remedy = "give it a USB or NVMe drive for its local volumes".into();
        Finding::warning("database-on-sd", at!("nodes", node, "boot"), reason, remedy)
    };
    tell(out, by_node.iter().map(told).collect());
}

fn hosts_on_sd(it: &Survey, out: &mut Vec<Finding>) {
    let writes = |os: Os| match os {
        Os::Proxmox | Os::Truenas => true,
        Os::Raspios | Os::Debian | Os::Ubuntu | Os::Talos | Os::Vyos | Os::Other => false,
    };
    let on_card = |node: &usize| {
        let written = it.machine(*node);
        written.boot == Some(Boot::Sd) && written.os.is_some_and(writes)
    };
    let those: Vec<usize> = (0..it.rack.nodes.len()).filter(on_card).collect();
    let names = list(those.iter().map(|node| it.node(*node)));
    let (at, boots) = match those.as_slice() {
        [] => return,
        [one] => {
            (at!("nodes", it.node(*one), "boot"), "boots from an SD card, which its system writes")
        }
        _ => (at!("nodes"), "boot from SD cards, which their systems write"),
    };
    let reason =
        format!("{names} {boots} to all the time: when a card dies, nothing on its host starts");
    let remedy = "boot from an SSD or NVMe drive, or keep a copy of the card at hand".into();
    out.push(Finding::warning("host-on-sd", at, reason, remedy));
}
