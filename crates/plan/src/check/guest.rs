//! Machines that cannot be what the file says, and guests that ask too much of their host.
//!
//! | rule | finds | why |
//! |---|---|---|
//! | `guest-memory` | a host with less memory than its guests and its own system | the host kills a guest |
//! | `guest-cores` | guests with more than twice the cores of their host | they wait for each other |
//! | `guest-arch` | a guest of another architecture than its host | it would have to be emulated |
//! | `guest-circle` | a guest that is its own host in the end | neither ever starts |
//! | `memory-not-sold` | more or less memory than a board ever had | every figure that follows is wrong |
//! | `below-minimum` | a member below what its system asks for | it does not install, or fails under load |

use super::survey::Survey;
use super::tell::{at, tell};
use super::wording::{count, list};
use crate::Finding;
use crate::rack::{Arch, Cluster, Role};
use rackberry_core::{Bytes, figure};
use std::cmp::Ordering;

/// The least that a Talos control plane installs on: 1848 MiB, as its own check has it.
const TALOS_CONTROL_PLANE: Bytes = Bytes(1848 << 20);
/// The least that a Talos worker installs on: 1 GiB, of which its own check lets 150 MiB be missing.
const TALOS_WORKER: Bytes = Bytes((1 << 30) - (150 << 20));
/// The least that the documentation of K3s asks for a server: 2 GB.
const K3S_SERVER: Bytes = Bytes(2_000_000_000);
/// The least that the documentation of K3s asks for an agent: 512 MB.
const K3S_AGENT: Bytes = Bytes(512_000_000);

pub(super) fn findings(it: &Survey, out: &mut Vec<Finding>) {
    guests(it, out);
    circles(it, out);
    let (mut sold, mut small) = (vec![], vec![]);
    for node in 0..it.rack.nodes.len() {
        sold.extend(not_sold(it, node));
        small.extend(below_minimum(it, node));
    }
    tell(out, sold);
    tell(out, small);
}

/// Whether a node's guests and its own system have more memory than it has.
pub(super) fn overfull(it: &Survey, node: usize) -> bool {
    let guests = it.guests.get(&node);
    guests.is_some_and(|guests| needed(it, node, guests) > it.rack.nodes[node].usable.memory)
}

fn needed(it: &Survey, host: usize, guests: &[usize]) -> Bytes {
    let os = it.machine(host).os;
    let system = os.map(|os| it.rack.catalogue.system(os)).unwrap_or_default();
    let given: Bytes = guests.iter().map(|guest| it.rack.nodes[*guest].memory).sum();
    given.plus(system.uses.memory.unwrap_or_default())
}

fn guests(it: &Survey, out: &mut Vec<Finding>) {
    for (host, guests) in &it.guests {
        let node = &it.rack.nodes[*host];
        let (name, names) = (it.node(*host), list(guests.iter().map(|guest| it.node(*guest))));
        if overfull(it, *host) {
            let reason = format!(
                "{name} has {}, and its guests ({names}) and its own system need {}",
                figure::memory(node.usable.memory),
                figure::memory(needed(it, *host, guests))
            );
            let remedy = "give the guests less memory, or move one to another host".into();
            out.push(Finding::error("guest-memory", at!("nodes", name), reason, remedy));
        }
        let given: u64 = guests.iter().map(|guest| u64::from(it.rack.nodes[*guest].cores)).sum();
        if given > 2 * u64::from(node.cores) {
            let reason = format!(
                "the guests of {name} ({names}) have {given} cores together, and it has {}",
                node.cores
            );
            let remedy = "give them fewer, so that they do not wait for each other".into();
            out.push(Finding::note("guest-cores", at!("nodes", name), reason, remedy));
        }
        guests.iter().for_each(|guest| foreign(it, *host, *guest, out));
    }
}

fn foreign(it: &Survey, host: usize, guest: usize, out: &mut Vec<Finding>) {
    let (above, below) = (it.rack.nodes[host].arch, it.rack.nodes[guest].arch);
    if above == below || (above, below) == (Arch::Arm64, Arch::Arm) {
        return;
    }
    let (name, host) = (it.node(guest), it.node(host));
    let reason = format!("{name} is {below}, and its host {host} is {above}");
    let remedy = format!("write `arch: {above}` if that is what it is, or give it another host");
    out.push(Finding::error("guest-arch", at!("nodes", name, "arch"), reason, remedy));
}

fn circles(it: &Survey, out: &mut Vec<Finding>) {
    for node in 0..it.rack.nodes.len() {
        let up = |node: &usize| it.rack.nodes[*node].host;
        // No chain of hosts is longer than there are hosts.
        let chain = std::iter::successors(Some(node), up).skip(1).take(it.guests.len());
        let Some(length) = chain.into_iter().position(|it| it == node) else { continue };
        let name = it.node(node);
        let reason = match length {
            0 => format!("{name} is its own host"),
            _ => format!("{name} is its own host, by way of {}", count(length, "other")),
        };
        let remedy = "name the machine that it really runs on".into();
        out.push(Finding::error("guest-circle", at!("nodes", name, "host"), reason, remedy));
    }
}

fn not_sold(it: &Survey, node: usize) -> Option<Finding> {
    let name = it.node(node);
    let (written, has) = (it.machine(node), it.rack.nodes[node].memory);
    let sold = it.rack.catalogue.boards.get(&written.board)?.memory?;
    let finding = match has.cmp(&sold) {
        Ordering::Equal => return None,
        Ordering::Greater => Finding::error,
        Ordering::Less => Finding::warning,
    };
    let board = &written.board;
    let reason = format!(
        "{name} is said to have {}, and a {board} has {}",
        figure::memory(has),
        figure::memory(sold)
    );
    let remedy = match same_board(it, board, has) {
        Some(other) => format!("write `board: {other}`"),
        None => "leave `memory` out, or name the board that it is".into(),
    };
    let at = at!("nodes", name, "memory");
    Some(finding("memory-not-sold", at, reason, remedy))
}

/// The board of the same family that is sold with so much memory.
fn same_board<'a>(it: &'a Survey, board: &str, memory: Bytes) -> Option<&'a str> {
    let family = board.split('-').next().unwrap_or(board);
    let same = |name: &&String| name.split('-').next() == Some(family);
    let boards = it.rack.catalogue.boards.iter().filter(|(name, _)| same(name));
    boards.filter(|(_, other)| other.memory == Some(memory)).map(|it| it.0.as_str()).next()
}

fn below_minimum(it: &Survey, node: usize) -> Option<Finding> {
    let (name, resolved) = (it.node(node), &it.rack.nodes[node]);
    let cluster = it.rack.rack.clusters.get(resolved.cluster.as_ref()?)?;
    let (what, least) = minimum(cluster, resolved.role)?;
    if resolved.memory >= least {
        return None;
    }
    let reason = format!(
        "{name} has {}, and {what} needs {}",
        figure::memory(resolved.memory),
        figure::memory(least)
    );
    let remedy = "give it more memory, or leave it out of the cluster".into();
    Some(Finding::error("below-minimum", at!("nodes", name, "role"), reason, remedy))
}

fn minimum(cluster: &Cluster, role: Role) -> Option<(&'static str, Bytes)> {
    match (&cluster.talos, &cluster.k3s, role) {
        (Some(_), _, Role::ControlPlane) => Some(("a control plane of Talos", TALOS_CONTROL_PLANE)),
        (Some(_), _, Role::Worker) => Some(("a worker of Talos", TALOS_WORKER)),
        (None, Some(_), Role::ControlPlane) => Some(("a server of K3s", K3S_SERVER)),
        (None, Some(_), Role::Worker) => Some(("an agent of K3s", K3S_AGENT)),
        (None, None, Role::ControlPlane | Role::Worker) => None,
    }
}
