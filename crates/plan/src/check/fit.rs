//! Workloads that cannot run as the file says.
//!
//! | rule | finds | why |
//! |---|---|---|
//! | `no-node-allowed` | a workload that may run on no node | it stays Pending |
//! | `no-node-fits` | a workload that no node it may run on has room for, even when empty | it stays Pending, or is killed |
//! | `misplaced` | a workload that runs where it may not | the file or the rules are wrong; it leaves when it restarts |
//! | `too-many-places` | `on` with more nodes than there are replicas | one of both is wrong |
//! | `port-taken` | the same port of one node, taken twice | the second stays Pending |
//! | `apart-impossible` | more replicas than parts of the rack to keep them apart in | the last ones stay Pending |
//! | `apart-broken` | replicas that share what they are to be kept apart in | one loss takes both |
//! | `apart-from-broken` | workloads on one node that may never share one | whatever keeps them apart happens now |
//! | `with-broken` | workloads on different nodes that must share one | they do not reach each other as they should |
//! | `spread-broken` | replicas spread less evenly than the file allows | one loss takes more of them than it should |
//! | `with-impossible` | workloads that must share a node and may not | neither can be placed |
//! | `no-disruption` | a minimum that leaves no replica free to move | a drain of their node waits for ever |
//! | `limit-below` | a limit below what is requested or used | the API server refuses it, or the kernel kills it |

mod broken;
mod together;

use super::capacity::empty_room;
use super::survey::Survey;
use super::tell::{at, tell};
use super::wording::{count, list};
use crate::rack::{HostPort, Replicas};
use crate::{Barrier, Finding, Load};
use broken::broken;
use rackberry_core::{Bytes, Millicores, figure};
use std::collections::BTreeMap;
use together::{apart_impossible, with_impossible};

pub(super) fn findings(it: &Survey, out: &mut Vec<Finding>) {
    let rooms = rooms(it);
    let mut each: [Vec<Finding>; 8] = Default::default();
    let mut parts = BTreeMap::new();
    for workload in 0..it.rack.workloads.len() {
        let [placing, places, many, apart, breach, with, free, limit] = &mut each;
        placing.extend(no_node(it, workload, &rooms));
        places.extend(misplaced(it, workload));
        many.extend(too_many_places(it, workload));
        apart.extend(apart_impossible(it, workload, &mut parts));
        broken(it, workload, &mut parts, breach);
        with.extend(with_impossible(it, workload));
        free.extend(no_disruption(it, workload));
        limit.extend(limit_below(it, workload));
    }
    for those in each {
        tell(out, those);
    }
    ports_taken(it, out);
}

/// The most that any one node of each set has for workloads, and which nodes those are.
struct Room {
    memory: Option<(Bytes, usize)>,
    cpu: Option<(Millicores, usize)>,
}

fn rooms(it: &Survey) -> Vec<Room> {
    let room = |nodes: &Vec<usize>| Room {
        memory: nodes.iter().map(|node| (empty_room(it, *node).memory, *node)).max(),
        cpu: nodes.iter().map(|node| (empty_room(it, *node).cpu, *node)).max(),
    };
    it.eligible.sets().iter().map(room).collect()
}

fn no_node(it: &Survey, workload: usize, rooms: &[Room]) -> Option<Finding> {
    let (name, written) = it.written(workload);
    if written.replicas == Replicas::Count(0) {
        return None;
    }
    let room = &rooms[it.eligible.set_of(workload)];
    let (Some((memory, roomy)), Some((cpu, fast))) = (room.memory, room.cpu) else {
        return not_allowed(it, workload);
    };
    let need = it.rack.workloads[workload].need;
    let (lacks, node, has) = if need.memory > memory {
        (figure::memory(need.memory), roomy, figure::memory(memory))
    } else if need.cpu > cpu {
        (format!("{} cores", need.cpu), fast, cpu.to_string())
    } else {
        return no_joint_room(it, workload, need);
    };
    let node = it.node(node);
    let reason = format!(
        "{name} needs {lacks}, and {node}, the roomiest node it may run on, has {has} for workloads"
    );
    Some(Finding::error("no-node-fits", at!("workloads", name), reason, larger_node(it, workload)))
}

fn larger_node(it: &Survey, workload: usize) -> String {
    match it.written(workload).1.pin.is_empty() {
        true => "let it run on a larger node, or make it need less".into(),
        false => "pin it to a larger node, or make it need less".into(),
    }
}

/// Some node has the memory and some node has the CPU; whether any has both.
fn no_joint_room(it: &Survey, workload: usize, need: Load) -> Option<Finding> {
    let fits = |node: &usize| {
        let room = empty_room(it, *node);
        need.memory <= room.memory && need.cpu <= room.cpu
    };
    if it.eligible.of(workload).iter().any(fits) {
        return None;
    }
    let name = it.written(workload).0;
    let reason = format!(
        "{name} needs {} and {} cores, and no node it may run on has both",
        figure::memory(need.memory),
        need.cpu
    );
    Some(Finding::error("no-node-fits", at!("workloads", name), reason, larger_node(it, workload)))
}

fn not_allowed(it: &Survey, workload: usize) -> Option<Finding> {
    let (name, written) = it.written(workload);
    if written.replicas == Replicas::EveryNode
        && written.selector.is_empty()
        && written.pin.is_empty()
    {
        return None;
    }
    let cluster = it.rack.workloads[workload].cluster.as_ref()?;
    let members = it.members.get(cluster).filter(|it| !it.is_empty())?;
    let pinned: Vec<usize> = written.pin.iter().filter_map(|node| it.rack.node(node)).collect();
    let candidates = if pinned.is_empty() { members } else { &pinned };
    let barriers = candidates.iter().take(1000).filter_map(|node| {
        let barrier = it.rack.barrier(workload, *node)?;
        Some((nearness(&barrier), std::cmp::Reverse(*node), barrier))
    });
    let nearest = barriers.max_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    let (_, std::cmp::Reverse(node), barrier) = nearest?;
    let (node, members) = (it.node(node), count(candidates.len(), "node"));
    let reason = match candidates.len() {
        1 => format!("{name} may run on {node} only, and not there either: {barrier}"),
        _ => format!("{name} may run on none of {members}; {node} comes nearest: {barrier}"),
    };
    let key = remedy_key(&barrier);
    let at = at!("workloads", name, key.0);
    let runs = it.places(workload).next().is_some() && barrier.lets_stay();
    Some(match runs {
        true => Finding::warning("no-node-allowed", at, reason, key.1.into()),
        false => Finding::error("no-node-allowed", at, reason, key.1.into()),
    })
}

/// How many of the conditions are met before the barrier.
fn nearness(barrier: &Barrier) -> u8 {
    match barrier {
        Barrier::OtherCluster(_) => 0,
        Barrier::Pinned(_) => 1,
        Barrier::Arch(_) => 2,
        Barrier::Label { .. } => 3,
        Barrier::Taint(_) => 4,
        Barrier::NoPart(_) => 5,
        Barrier::Cordoned => 6,
    }
}

/// The key of the workload that the barrier is about, and what to do.
fn remedy_key(barrier: &Barrier) -> (&'static str, &'static str) {
    match barrier {
        Barrier::OtherCluster(_) => ("cluster", "name the cluster whose node it is to run on"),
        Barrier::Pinned(_) => ("pin", "pin it to a node that it may run on"),
        Barrier::Arch(_) => {
            ("arch", "add a node of its architecture, or build its image for theirs")
        }
        Barrier::Label { .. } => ("selector", "label a node for it, or change its selector"),
        Barrier::Taint(_) => ("tolerations", "let it tolerate the taint, or add a node without it"),
        Barrier::NoPart(_) => ("spread", "label a node by which it can be spread"),
        Barrier::Cordoned => ("on", "uncordon a node that it may run on"),
    }
}

fn misplaced(it: &Survey, workload: usize) -> Option<Finding> {
    let eligible = it.eligible.of(workload);
    let replicas = it.rack.workloads[workload].replicas.clone();
    let wrong = |replica: &crate::Replica| {
        let node = replica.on.filter(|it| eligible.binary_search(it).is_err())?;
        let barrier = it.rack.barrier(workload, node)?;
        (barrier != Barrier::Cordoned).then_some((replica.ordinal, node, barrier))
    };
    let (ordinal, node, barrier) = it.rack.replicas[replicas].iter().find_map(wrong)?;
    let (name, node) = (it.written(workload).0, it.node(node));
    let at = at!("workloads", name, "on", ordinal);
    if barrier.lets_stay() {
        let reason = format!("{name} runs on {node} and would not be let in again: {barrier}");
        let remedy =
            "let it tolerate the taint, or expect it elsewhere after its next restart".into();
        return Some(Finding::note("misplaced", at, reason, remedy));
    }
    let reason = format!("{name} is said to run on {node}, where it may not: {barrier}");
    let remedy = "correct `on`, or what keeps it away".into();
    Some(Finding::error("misplaced", at, reason, remedy))
}

fn too_many_places(it: &Survey, workload: usize) -> Option<Finding> {
    let (name, written) = it.written(workload);
    let (on, at) = (written.on.len(), at!("workloads", name, "on"));
    match written.replicas {
        Replicas::Count(replicas) if on > replicas as usize => {
            let reason = format!(
                "{name} is said to run on {}, and has {}",
                count(on, "node"),
                count(replicas as usize, "replica")
            );
            let remedy = format!("write `replicas: {on}`, or name a node for each replica");
            Some(Finding::error("too-many-places", at, reason, remedy))
        }
        Replicas::EveryNode if on > 0 => {
            let reason = format!("{name} runs on every node, so `on` says nothing");
            let remedy = "leave `on` out, or write a number of replicas".into();
            Some(Finding::note("too-many-places", at, reason, remedy))
        }
        Replicas::Count(_) | Replicas::EveryNode => None,
    }
}

fn no_disruption(it: &Survey, workload: usize) -> Option<Finding> {
    let (name, written) = it.written(workload);
    let Replicas::Count(replicas) = written.replicas else { return None };
    let (least, at) = (written.min_available, at!("workloads", name, "min-available"));
    if least == 0 || least < replicas {
        return None;
    }
    if least > replicas {
        let reason = format!("{name} is to have {least} running at any time, and has {replicas}");
        let remedy =
            format!("give it {} or more, or lower the minimum", count(least as usize, "replica"));
        return Some(Finding::error("no-disruption", at, reason, remedy));
    }
    let all = count(replicas as usize, "replica");
    let reason = format!(
        "{name} must always have all of its {all}, so a drain of their node waits for ever"
    );
    let remedy = format!("write `replicas: {}`, or lower the minimum", replicas.saturating_add(1));
    Some(Finding::warning("no-disruption", at, reason, remedy))
}

fn limit_below(it: &Survey, workload: usize) -> Option<Finding> {
    let (name, written) = it.written(workload);
    let (limits, requests, uses) = (written.limits, written.requests, written.uses);
    let at = at!("workloads", name, "limits");
    let below = |what: &str, limit: String, other: String| {
        let reason =
            format!("{name} may have {limit} of {what} and requests {other}: it is refused");
        Finding::error("limit-below", at.clone(), reason, "raise the limit to the request".into())
    };
    if let (Some(limit), Some(request)) = (limits.memory, requests.memory)
        && limit < request
    {
        return Some(below("memory", figure::memory(limit), figure::memory(request)));
    }
    if let (Some(limit), Some(request)) = (limits.cpu, requests.cpu)
        && limit < request
    {
        return Some(below("CPU", limit.to_string(), request.to_string()));
    }
    if let (Some(limit), Some(used)) = (limits.memory, uses.memory)
        && limit < used
    {
        let reason = format!(
            "{name} was seen to use {} and may have {}: it is killed when it needs that again",
            figure::memory(used),
            figure::memory(limit)
        );
        let remedy = format!("raise the limit above {}", figure::memory(used));
        return Some(Finding::error("limit-below", at, reason, remedy));
    }
    None
}

/// A port, who has it, and who takes it as well, with the position of the port there.
type Clash = (HostPort, usize, (usize, usize));

/// Who takes a port, and on which nodes someone has it already.
type Clashes<'a> = BTreeMap<Clash, Vec<&'a str>>;

fn ports_taken(it: &Survey, out: &mut Vec<Finding>) {
    let mut taken: BTreeMap<(usize, HostPort), usize> = BTreeMap::new();
    let mut clashes = Clashes::new();
    for workload in 0..it.rack.workloads.len() {
        for (position, port) in it.written(workload).1.host_ports.iter().enumerate() {
            for node in it.places(workload) {
                match taken.get(&(node, *port)) {
                    Some(first) => {
                        let key = (*port, *first, (workload, position));
                        let nodes = clashes.entry(key).or_default();
                        nodes.push(it.node(node));
                    }
                    None => drop(taken.insert((node, *port), workload)),
                }
            }
        }
    }
    let clash = |((port, one, (other, position)), nodes): (&Clash, &Vec<&str>)| {
        let fixed = [one, other].iter().all(|workload| it.eligible.of(**workload).len() < 2);
        let (one, other) = (it.written(*one).0, it.written(*other).0);
        let reason = match one == other {
            true => format!("two replicas of {one} take port {port} of {}", list(nodes)),
            false => format!("{one} and {other} both take port {port} of {}", list(nodes)),
        };
        let remedy = match fixed {
            true => "give one of them another port".into(),
            false => "move one of them to another node, or give it another port".into(),
        };
        let at = at!("workloads", other, "host-ports", position);
        Finding::error("port-taken", at, reason, remedy)
    };
    tell(out, clashes.iter().map(clash).collect());
}
