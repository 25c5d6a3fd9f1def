//! Pools, disks and what lies on them.
//!
//! | rule | finds | why |
//! |---|---|---|
//! | `pool-nowhere` | a pool on no node and no service | nothing can use it |
//! | `pool-disks` | fewer disks than the layout needs | it cannot be made |
//! | `pool-unsafe` | a pool on a node that no disk can spare | one dead disk takes everything on it |
//! | `pool-uneven` | disks of different sizes in one pool | the larger ones are used up to the smallest |
//! | `pool-disk-shared` | a disk in two pools, or one that its node boots from | making the pool wipes it |
//! | `guest-disk-elsewhere` | a guest's disk on a pool that its host does not have | the guest cannot start |
//! | `pool-full` | disks of guests that are larger together than their pool | the pool fills up, and all guests on it stop |
//! | `disk-full` | local volumes that are larger together than their node's disk | the node fills up and evicts what runs on it |

use super::survey::Survey;
use super::tell::{at, tell};
use super::wording::{count, list};
use crate::Finding;
use crate::rack::{Disk, Layout, Node, Pool, VolumeKind};
use rackberry_core::{Bytes, DiskId, NodeId, PoolId, figure};
use std::collections::BTreeMap;

pub(super) fn findings(it: &Survey, out: &mut Vec<Finding>) {
    let file = &it.rack.rack;
    for (id, pool) in &file.pools {
        nowhere(id, pool, out);
        disks(id, pool, out);
        uneven(id, pool, pool.node.as_ref().map(|it| &file.nodes[it]), out);
    }
    shared_disks(it, out);
    guest_disks(it, out);
    full_pools(it, out);
    full_disks(it, out);
}

fn nowhere(id: &PoolId, pool: &Pool, out: &mut Vec<Finding>) {
    if pool.node.is_none() && pool.service.is_none() {
        let reason = format!("pool {id} is on no node and on no service");
        let remedy = "write `node` with its disks, or the `service` that keeps it".into();
        out.push(Finding::error("pool-nowhere", at!("pools", id), reason, remedy));
    }
}

fn disks(id: &PoolId, pool: &Pool, out: &mut Vec<Finding>) {
    let has = pool.disks.len();
    if pool.node.is_none() || has == 0 {
        return;
    }
    let (needs, at) = (pool.layout.fewest_disks(), at!("pools", id, "disks"));
    let layout = layout(pool.layout);
    if has < needs {
        let reason =
            format!("pool {id} is a {layout} of {}, and needs {needs}", count(has, "disk"));
        let remedy = format!("add {}, or write another layout", count(needs - has, "disk"));
        out.push(Finding::error("pool-disks", at, reason, remedy));
    } else if pool.layout.spare_disks(has) == 0 {
        let reason = match has {
            1 => format!("pool {id} is one disk, which takes everything on it along when it dies"),
            _ => format!(
                "pool {id} is a {layout} of {has} disks: any one that dies takes all of it along"
            ),
        };
        let remedy = "make it a mirror, or back it up elsewhere".into();
        out.push(Finding::warning("pool-unsafe", at!("pools", id), reason, remedy));
    }
}

fn layout(layout: Layout) -> &'static str {
    match layout {
        Layout::Stripe => "stripe",
        Layout::Mirror => "mirror",
        Layout::Raidz1 => "raidz1",
        Layout::Raidz2 => "raidz2",
        Layout::Raidz3 => "raidz3",
    }
}

/// The disks of a pool whose size is known, by size.
fn sized<'a>(pool: &'a Pool, node: &Node) -> Vec<(Bytes, &'a DiskId)> {
    let size = |it: &'a DiskId| Some((node.disks.get(it)?.size?, it));
    let mut all: Vec<_> = pool.disks.iter().filter_map(size).collect();
    all.sort();
    all
}

fn uneven(id: &PoolId, pool: &Pool, node: Option<&Node>, out: &mut Vec<Finding>) {
    let Some(node) = node.filter(|_| pool.layout != Layout::Stripe) else { return };
    let sized = sized(pool, node);
    let (Some(least), Some(most)) = (sized.first(), sized.last()) else { return };
    if least.0 == most.0 {
        return;
    }
    let idle: Bytes = sized.iter().map(|it| it.0.minus(least.0)).sum();
    let reason = format!(
        "{} of pool {id} has {} and {} has {}: {} stay unused",
        least.1,
        least.0,
        most.1,
        most.0,
        figure::size(idle)
    );
    let remedy = format!("replace {} by one of {}", least.1, most.0);
    out.push(Finding::note("pool-uneven", at!("pools", id, "disks"), reason, remedy));
}

fn shared_disks(it: &Survey, out: &mut Vec<Finding>) {
    let mut owner: BTreeMap<(&NodeId, &DiskId), &PoolId> = BTreeMap::new();
    for (id, pool) in &it.rack.rack.pools {
        let Some(node) = &pool.node else { continue };
        for (position, disk) in pool.disks.iter().enumerate() {
            let at = at!("pools", id, "disks", position);
            if let Some(other) = owner.insert((node, disk), id) {
                let reason = match other == id {
                    true => format!("pool {id} names disk {disk} of {node} twice"),
                    false => {
                        format!("pools {other} and {id} are both made of disk {disk} of {node}")
                    }
                };
                let remedy = "name each disk in one pool, once".into();
                out.push(Finding::error("pool-disk-shared", at, reason, remedy));
            } else if boots_from(&it.rack.rack.nodes[node], disk) {
                let reason = format!(
                    "{node} boots from {disk}, the only such disk it has, and pool {id} would take it whole"
                );
                let remedy = "let it boot from another disk".into();
                out.push(Finding::warning("pool-disk-shared", at, reason, remedy));
            }
        }
    }
}

/// Whether a disk is the only one of the kind that its node boots from.
fn boots_from(node: &Node, disk: &DiskId) -> bool {
    let kind = |it: &Disk| Some(it.kind) == node.boot;
    node.disks.get(disk).is_some_and(kind) && node.disks.values().filter(|it| kind(it)).count() == 1
}

/// The disks of guests that lie on pools, with their guests.
fn virtual_disks<'a>(
    it: &Survey<'a>,
) -> impl Iterator<Item = (&'a NodeId, &'a Node, &'a DiskId, &'a Disk, &'a PoolId)> {
    let nodes = it.rack.rack.nodes.iter();
    nodes.flat_map(|(id, node)| {
        let disks = node.disks.iter();
        disks.filter_map(move |(name, disk)| Some((id, node, name, disk, disk.pool.as_ref()?)))
    })
}

fn guest_disks(it: &Survey, out: &mut Vec<Finding>) {
    for (id, node, disk, _, pool) in virtual_disks(it) {
        let Some(keeper) = &it.rack.rack.pools[pool].node else { continue };
        let (at, host) = (at!("nodes", id, "disks", disk, "pool"), node.host.as_ref());
        if host == Some(keeper) {
            continue;
        }
        let reason = match host {
            Some(host) => format!(
                "disk {disk} of {id} lies on pool {pool} of {keeper}, and {id} runs on {host}"
            ),
            None => {
                format!("disk {disk} of {id} lies on pool {pool} of {keeper}, and {id} is no guest")
            }
        };
        let remedy = format!("name a pool of its host, or write `host: {keeper}`");
        out.push(Finding::error("guest-disk-elsewhere", at, reason, remedy));
    }
}

/// What a pool can hold, where the sizes of all its disks are known.
fn capacity(pool: &Pool, node: &Node) -> Option<Bytes> {
    let sized = sized(pool, node);
    if sized.len() != pool.disks.len() || sized.is_empty() {
        return None;
    }
    let data = sized.len().saturating_sub(pool.layout.spare_disks(sized.len()));
    Some(match pool.layout {
        Layout::Stripe => sized.iter().map(|it| it.0).sum(),
        Layout::Mirror | Layout::Raidz1 | Layout::Raidz2 | Layout::Raidz3 => {
            Bytes(sized[0].0.0.saturating_mul(data as u64))
        }
    })
}

fn full_pools(it: &Survey, out: &mut Vec<Finding>) {
    let mut given: BTreeMap<&PoolId, (Bytes, Vec<&NodeId>)> = BTreeMap::new();
    for (id, _, _, disk, pool) in virtual_disks(it) {
        let (sum, guests) = given.entry(pool).or_default();
        *sum = sum.plus(disk.size.unwrap_or_default());
        guests.push(id);
    }
    for (id, (sum, guests)) in given {
        let pool = &it.rack.rack.pools[id];
        let Some(node) = pool.node.as_ref().and_then(|name| it.rack.rack.nodes.get(name)) else {
            continue;
        };
        let Some(has) = capacity(pool, node).filter(|has| sum > *has) else { continue };
        let reason = format!(
            "the disks of {} on pool {id} have {} together, and it holds {}",
            list(&guests),
            figure::size(sum),
            figure::size(has)
        );
        let remedy = "make them smaller, or watch what they really use".into();
        out.push(Finding::warning("pool-full", at!("pools", id), reason, remedy));
    }
}

fn full_disks(it: &Survey, out: &mut Vec<Finding>) {
    let mut claimed = vec![(Bytes(0), Bytes(0)); it.rack.nodes.len()];
    for replica in &it.rack.replicas {
        let Some(node) = replica.on else { continue };
        for volume in &it.written(replica.workload).1.volumes {
            if volume.kind == VolumeKind::LocalPath {
                let (sizes, held) = &mut claimed[node];
                *sizes = sizes.plus(volume.size.unwrap_or_default());
                *held = held.plus(volume.bytes_to_copy());
            }
        }
    }
    let full = (0..claimed.len()).filter_map(|node| full_disk(it, node, claimed[node]));
    tell(out, full.collect());
}

fn full_disk(it: &Survey, node: usize, (sizes, held): (Bytes, Bytes)) -> Option<Finding> {
    let name = it.node(node);
    let largest = it.rack.local_room(node)?;
    let at = at!("nodes", name, "disks");
    let remedy = "give it a larger disk, or move a volume to another node or to the NAS".into();
    if held > largest {
        let reason = format!(
            "the local volumes on {name} hold {}, and its largest disk has {}",
            figure::size(held),
            figure::size(largest)
        );
        return Some(Finding::error("disk-full", at, reason, remedy));
    }
    if sizes <= largest {
        return None;
    }
    let reason = format!(
        "the local volumes on {name} may grow to {} together, and its largest disk has {}",
        figure::size(sizes),
        figure::size(largest)
    );
    Some(Finding::warning("disk-full", at, reason, remedy))
}
