//! The way from where everything runs to where it should run, as a plan.

mod chain;
mod memory;

use crate::placement::{self, Placement, best, translate};
use crate::{Blocked, Finding, Move, MoveKind, NodeMemory, Plan, Resolved, Wave};
use chain::Chains;
use memory::Memory;
use rackberry_core::NodeId;
use rackberry_sched::{Handover as Rule, Held, Hop, HopKind, Order, order};
use std::collections::BTreeMap;

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
            held: BTreeMap::new(),
        }
    }

    /// Seeks the best placement from here, orders the moves, and adds them. Says whether there were any.
    fn round(&mut self) -> Result<bool, Finding> {
        let wish = best(self.rack, &self.target)?;
        let kernel = translate(self.rack, &self.target)?;
        let rules = self.rules(&kernel.items);
        let order = order(&kernel.checked, &kernel.start, &kernel.items_at(&wish), &rules);
        self.note_held(&order, &kernel.items);
        let moved = order.waves.iter().any(|it| !it.is_empty());
        for wave in &order.waves {
            let hops: Vec<_> = wave.iter().map(|it| (&kernel.items[it.item as usize], it)).collect();
            self.wave(&hops);
        }
        let reached = kernel.replicas_at(&order.end, self.target.len());
        for (target, reached) in self.target.iter_mut().zip(reached) {
            *target = reached.or(*target);
        }
        Ok(moved)
    }

    /// What the kernel must know of each item to hand it over.
    fn rules(&self, items: &[Vec<usize>]) -> Vec<Rule> {
        let policy = &self.rack.rack.policy;
        let may_stop = |replica: &usize| {
            let workload = &self.rack.workloads[self.rack.replicas[*replica].workload];
            policy.may_stop.contains(&workload.id)
        };
        let rule = |item: &Vec<usize>| Rule {
            may_stop: item.iter().all(may_stop),
            copy_cost: item.iter().map(|it| self.chains.bytes(*it).0).fold(0, u64::saturating_add),
        };
        items.iter().map(rule).collect()
    }

    fn note_held(&mut self, order: &Order, items: &[Vec<usize>]) {
        self.held.clear();
        for Held { item, why } in &order.held {
            for replica in &items[*item as usize] {
                self.held.insert(*replica, format!("{why}"));
            }
        }
    }

    /// Adds one wave of hops.
    fn wave(&mut self, hops: &[(&Vec<usize>, &Hop)]) {
        let mut wave = Wave { first: self.chains.steps.len(), ..Wave::default() };
        for (bundle, hop) in hops {
            for replica in *bundle {
                self.hop(*replica, hop.to.map(|it| it as usize), kind(hop.kind), &mut wave);
            }
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
            kind: if from.is_none() && kind == MoveKind::Move { MoveKind::Start } else { kind },
            bytes: done.bytes,
            downtime: done.downtime,
        });
    }

    /// Starts what is still to be started beside the rest of its bundle, and closes the plan.
    fn finish(mut self, placement: &Placement) -> Plan {
        let mut wave = Wave { first: self.chains.steps.len(), ..Wave::default() };
        for replica in 0..self.target.len() {
            let late = self.chains.running(replica).is_none();
            if let Some(to) = self.target[replica].filter(|_| late) {
                self.hop(replica, Some(to), MoveKind::Start, &mut wave);
            }
        }
        self.memory.end_of_wave(&mut wave.memory);
        if !wave.moves.is_empty() {
            self.waves.push(wave);
        }
        let mut blocked: Vec<Blocked> = self
            .held
            .iter()
            .map(|(it, why)| Blocked { replica: self.rack.replica_ref(*it), reason: why.clone() })
            .collect();
        let unplaced = placement.unplaced.iter();
        blocked.extend(unplaced.map(|it| Blocked { replica: it.replica.clone(), reason: it.reason.clone() }));
        blocked.sort();
        blocked.dedup_by(|a, b| a.replica == b.replica);
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
