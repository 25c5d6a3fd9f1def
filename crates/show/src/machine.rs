//! What the picture shows of a node: facts, memory before and after, and what runs there.

use crate::figure::size;
use crate::theme::Paint;
use rackberry_core::Bytes;
use rackberry_plan::rack::Role;
use rackberry_plan::{NodeUse, Placement, Resolved};
use std::collections::BTreeMap;

/// A node as a card shows it.
#[derive(Debug)]
pub(crate) struct Machine<'a> {
    pub id: &'a str,
    pub facts: Vec<String>,
    /// Its memory by what uses it, before and after.
    pub before: Memory,
    pub after: Memory,
    /// What may be in use.
    pub limit: Bytes,
    pub chips: Vec<Chip>,
}

/// What the memory of a node is used for.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub parts: Vec<(Part, Bytes)>,
    pub used: Bytes,
    pub whole: Bytes,
}

/// What uses memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    System,
    Guests,
    Every,
    Stay,
    Leave,
    Arrive,
}

impl Part {
    pub(crate) const ALL: [Part; 6] =
        [Part::System, Part::Guests, Part::Every, Part::Stay, Part::Leave, Part::Arrive];

    pub(crate) fn paint(self) -> Paint {
        match self {
            Part::System => Paint::System,
            Part::Guests => Paint::Guest,
            Part::Every => Paint::Every,
            Part::Stay => Paint::Stay,
            Part::Leave => Paint::Leave,
            Part::Arrive => Paint::Arrive,
        }
    }

    /// What it is, in a word or two.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Part::System => "system",
            Part::Guests => "guests",
            Part::Every => "on every node",
            Part::Stay => "stays",
            Part::Leave => "leaves",
            Part::Arrive => "arrives",
        }
    }
}

/// The replicas of one workload on one node that share a fate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Chip {
    pub fate: Fate,
    pub text: String,
}

/// What becomes of a replica on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    Leaves,
    Arrives,
    Starts,
    Stays,
    Every,
}

/// How many replicas of each workload share a fate on a node.
type Tenants = BTreeMap<(Fate, usize), usize>;

/// Every node of the rack, by position.
pub(crate) fn machines<'a>(rack: &'a Resolved, placement: &Placement) -> Vec<Machine<'a>> {
    let tenants = tenants(rack, placement);
    let guests = guests(rack);
    let machine = |(at, tenants): (usize, &Tenants)| {
        let empty = NodeUse {
            node: rack.nodes[at].id.clone(),
            before: Default::default(),
            after: Default::default(),
            memory_limit: Bytes(0),
            memory: rack.nodes[at].usable.memory,
            cpu: Default::default(),
            open: false,
        };
        let used = placement.nodes.get(at).unwrap_or(&empty);
        let own = rack.nodes[at].own.memory;
        let fixed = [(Part::System, own.minus(guests[at])), (Part::Guests, own.min(guests[at]))];
        let parts = |gone: Part| {
            let more =
                [Part::Every, Part::Stay, gone].map(|it| (it, tenants_memory(rack, tenants, it)));
            fixed.into_iter().chain(more).filter(|it| it.1.0 > 0).collect()
        };
        let whole = used.memory;
        Machine {
            id: rack.nodes[at].id.as_str(),
            facts: facts(rack, at),
            before: Memory { parts: parts(Part::Leave), used: used.before.memory_used, whole },
            after: Memory { parts: parts(Part::Arrive), used: used.after.memory_used, whole },
            limit: used.memory_limit,
            chips: chips(rack, tenants),
        }
    };
    tenants.iter().enumerate().map(machine).collect()
}

fn tenants(rack: &Resolved, placement: &Placement) -> Vec<Tenants> {
    let mut all = vec![Tenants::new(); rack.nodes.len()];
    let mut add = |node: usize, fate: Fate, workload: usize| {
        if let Some(tenants) = all.get_mut(node) {
            *tenants.entry((fate, workload)).or_default() += 1;
        }
    };
    for (workload, it) in rack.workloads.iter().enumerate() {
        it.every.iter().for_each(|node| add(*node, Fate::Every, workload));
    }
    for (at, replica) in rack.replicas.iter().enumerate() {
        let goes = placement.at.get(at).copied().flatten();
        match (replica.on, goes) {
            (Some(from), Some(to)) if from == to => add(from, Fate::Stays, replica.workload),
            (Some(from), to) => {
                add(from, Fate::Leaves, replica.workload);
                to.into_iter().for_each(|to| add(to, Fate::Arrives, replica.workload));
            }
            (None, Some(to)) => add(to, Fate::Starts, replica.workload),
            (None, None) => {}
        }
    }
    all
}

fn tenants_memory(rack: &Resolved, tenants: &Tenants, part: Part) -> Bytes {
    let fates: &[Fate] = match part {
        Part::System | Part::Guests => &[],
        Part::Every => &[Fate::Every],
        Part::Stay => &[Fate::Stays],
        Part::Leave => &[Fate::Leaves],
        Part::Arrive => &[Fate::Arrives, Fate::Starts],
    };
    let of = tenants.iter().filter(|it| fates.contains(&it.0.0));
    of.map(|((_, workload), count)| needs(rack, *workload, *count)).sum()
}

/// What so many replicas of a workload use.
fn needs(rack: &Resolved, workload: usize, count: usize) -> Bytes {
    let each = rack.workloads.get(workload).map(|it| it.need.memory).unwrap_or_default();
    Bytes(each.0.saturating_mul(count as u64))
}

/// The memory that each node gives to its guests.
fn guests(rack: &Resolved) -> Vec<Bytes> {
    let mut all = vec![Bytes(0); rack.nodes.len()];
    for node in &rack.nodes {
        if let Some(host) = node.host.and_then(|it| all.get_mut(it)) {
            *host = host.plus(node.memory);
        }
    }
    all
}

/// What goes first, then the largest.
fn chips(rack: &Resolved, tenants: &Tenants) -> Vec<Chip> {
    let mut all: Vec<_> = tenants.iter().collect();
    let memory = |(workload, count): (usize, usize)| needs(rack, workload, count);
    all.sort_by_key(|((fate, workload), count)| {
        (*fate, std::cmp::Reverse(memory((*workload, **count))), *workload)
    });
    let chip = |((fate, workload), count): (&(Fate, usize), &usize)| {
        let name = rack.workloads.get(*workload).map_or("", |it| it.id.as_str());
        let times = if *count > 1 { format!(" ×{count}") } else { String::new() };
        let memory = match needs(rack, *workload, *count) {
            Bytes(0) => String::new(),
            some => format!(" {}", size(some)),
        };
        Chip { fate: *fate, text: format!("{name}{times}{memory}") }
    };
    all.into_iter().map(chip).collect()
}

fn facts(rack: &Resolved, at: usize) -> Vec<String> {
    let node = &rack.nodes[at];
    let written = rack.rack.nodes.get(&node.id);
    let cluster = node.cluster.as_ref().and_then(|it| rack.rack.clusters.get(it));
    let role = cluster.filter(|it| it.proxmox.is_none()).map(|_| match node.role {
        Role::Worker => "worker".to_owned(),
        Role::ControlPlane => "control plane".to_owned(),
    });
    let many = rack.rack.clusters.len() > 1;
    let cluster = node.cluster.as_ref().filter(|_| many).map(ToString::to_string);
    let facts = [
        written.map(|it| it.board.clone()),
        Some(size(node.memory)),
        role,
        written.and_then(|it| it.os).map(|it| it.to_string()),
        cluster,
        written.and_then(|it| it.address).map(|it| it.to_string()),
        node.cordoned.then(|| "cordoned".into()),
    ];
    facts.into_iter().flatten().collect()
}
