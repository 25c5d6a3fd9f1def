//! The way from where everything runs to where it should run, as a plan.

mod availability;
mod chain;
mod memory;
mod rules;

use crate::placement::{self, Placement, best, translate};
use crate::{Blocked, Finding, Move, MoveKind, NodeMemory, Plan, Resolved, Wave};
use availability::Availability;
use chain::Chains;
use memory::Memory;
use rackberry_core::NodeId;
use rackberry_sched::{HopKind, order};
use rules::{held, rules};
use std::collections::{BTreeMap, BTreeSet};

/// How often a plan is continued from where moves that had to be held back have left it.
const ROUNDS: usize = 8;

/// Plans the way to the best placement.
///
/// Where the moves cannot be ordered so that no node is ever too full, some are held back; then the
/// best placement is sought again from what was reached, so that a plan always ends where a new one
/// would have nothing to do. The placement is the one that the plan reaches.
///
/// # Errors
///
/// Returns a finding where amounts are beyond any machine.
pub fn plan(rack: &Resolved) -> Result<(Placement, Plan), Finding> {
    let mut planner = Planner::new(rack);
    for _ in 0..ROUNDS {
        if !planner.round()? {
            break;
        }
    }
    let placement = placement::measure(rack, planner.target.clone())?;
    let plan = planner.finish(&placement);
    Ok((placement, plan))
}

/// A plan in the making.
struct Planner<'a> {
    rack: &'a Resolved,
    /// Where every replica should end: reached, or about to be started at the end.
    target: Vec<Option<usize>>,
    chains: Chains<'a>,
    memory: Memory,
    waves: Vec<Wave>,
    /// Replicas that may not be moved after all.
    stay: BTreeSet<usize>,
    held: BTreeMap<usize, String>,
    first_memory: BTreeMap<NodeId, NodeMemory>,
}

impl<'a> Planner<'a> {
    fn new(rack: &'a Resolved) -> Self {
        let now: Vec<_> = rack.replicas.iter().map(|it| it.on).collect();
        let memory = Memory::new(rack, &now);
        Self {
            rack,
            target: now,
            chains: Chains::new(rack),
            first_memory: memory.all(),
            memory,
            waves: Vec::new(),
            stay: BTreeSet::new(),
            held: BTreeMap::new(),
        }
    }

    /// Seeks the best placement from here, orders the moves, and adds them. Says whether to go on.
    fn round(&mut self) -> Result<bool, Finding> {
        let kernel = translate(self.rack, &self.target, &self.stay)?;
        let wish = best(&kernel);
        let rules = rules(self.rack, &kernel.items, |it| self.chains.bytes(it).0);
        let order = order(&kernel.checked, &kernel.start, &wish, &rules.handover, &rules.minimum);
        self.held = held(self.rack, &kernel, &order);
        self.held.extend(rules::scattered(&kernel, &order.end));
        for wave in &order.waves {
            let hops = wave.iter().flat_map(|hop| {
                let to = hop.to.map(|it| it as usize);
                kernel.items[hop.item as usize].iter().map(move |it| (*it, to, kind(hop.kind)))
            });
            if !self.wave(hops.collect()) {
                // Some of it had to wait for ever: go on from here, and leave that where it is.
                return Ok(true);
            }
        }
        Ok(order.waves.iter().any(|it| !it.is_empty()))
    }

    /// Adds one wave of hops, in as many parts as keep enough replicas of each workload running.
    ///
    /// Room is no reason to part it: the kernel has seen to it that all targets may be taken before
    /// any source is free. Returns whether all of it could be done.
    fn wave(&mut self, mut hops: Vec<(usize, Option<usize>, MoveKind)>) -> bool {
        while !hops.is_empty() {
            let mut availability = Availability::new(self.rack, &self.chains);
            let (now, later): (Vec<_>, Vec<_>) =
                hops.into_iter().partition(|(replica, to, _)| availability.allows(*replica, *to));
            if now.is_empty() {
                self.stay.extend(later.iter().map(|it| it.0));
                return false;
            }
            self.add_wave(&now);
            hops = later;
        }
        true
    }

    fn add_wave(&mut self, hops: &[(usize, Option<usize>, MoveKind)]) {
        let mut wave = Wave { first: self.chains.steps.len(), ..Wave::default() };
        for (replica, to, kind) in hops {
            self.hop(*replica, *to, *kind, &mut wave);
            self.target[*replica] = *to;
        }
        self.memory.end_of_wave(&mut wave.memory);
        if !wave.moves.is_empty() {
            self.waves.push(wave);
        }
    }

    /// Adds the steps of one replica to the wave.
    fn hop(&mut self, replica: usize, to: Option<usize>, kind: MoveKind, wave: &mut Wave) {
        let from = self.chains.running(replica);
        if from == to {
            return;
        }
        self.memory.hand_over(self.rack, replica, from, to);
        let done = match to {
            Some(to) => self.chains.bring(replica, to),
            None => self.chains.stop(replica),
        };
        let name = |node: usize| self.rack.nodes[node].id.clone();
        wave.moves.push(Move {
            replica: self.rack.replica_ref(replica),
            from: from.map(name),
            to: to.map(name),
            kind: seen_as(kind, from.is_some()),
            bytes: done.bytes,
            downtime: done.downtime,
        });
    }

    /// Starts what is still to be started beside the rest of its bundle, and closes the plan.
    fn finish(mut self, placement: &Placement) -> Plan {
        let late = |it: &usize| self.chains.running(*it).is_none() && self.target[*it].is_some();
        let late: Vec<_> = (0..self.target.len()).filter(late).collect();
        let hops: Vec<_> = late.iter().map(|it| (*it, self.target[*it], MoveKind::Start)).collect();
        self.add_wave(&hops);
        let name = |it: usize| self.rack.replica_ref(it);
        let held = self.held.iter().filter(|it| self.target[*it.0].is_some());
        let mut blocked: Vec<Blocked> =
            held.map(|(it, why)| Blocked { replica: name(*it), reason: why.clone() }).collect();
        let unplaced = placement.unplaced.iter().cloned();
        blocked.extend(unplaced.map(|it| Blocked { replica: it.replica, reason: it.reason }));
        blocked.sort();
        Plan {
            format: 1,
            rack: self.rack.rack.rack.clone(),
            memory: self.first_memory,
            kept: self.chains.kept(),
            steps: self.chains.steps,
            waves: self.waves,
            blocked,
        }
    }
}

/// The kind of a replica's move, where it differs from that of the bundle it goes with: one that ran
/// elsewhere moves, one that did not run starts.
fn seen_as(kind: MoveKind, ran: bool) -> MoveKind {
    match (kind, ran) {
        (MoveKind::Start, true) => MoveKind::Move,
        (MoveKind::Move, false) => MoveKind::Start,
        (other, _) => other,
    }
}

fn kind(kind: HopKind) -> MoveKind {
    match kind {
        HopKind::Start => MoveKind::Start,
        HopKind::Move => MoveKind::Move,
        HopKind::ToTemporary => MoveKind::ToTemporary,
        HopKind::FromTemporary => MoveKind::FromTemporary,
        HopKind::Stop => MoveKind::Stop,
        HopKind::Resume => MoveKind::Resume,
    }
}
