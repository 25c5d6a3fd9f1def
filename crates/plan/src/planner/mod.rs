//! The way from where everything runs to where it should run, as a plan.

mod availability;
mod bring;
mod chain;
mod disk;
mod evenness;
mod kind;
mod limits;
mod memory;
mod needs;
mod outage;
mod prune;
mod rules;
mod starts;
mod unseen;
mod upgrade;
mod whereabouts;
mod whole;

use crate::placement::{self, Placement, best, translate};
use crate::translate::{Ties, Translation};
use crate::{Blocked, Finding, Move, MoveKind, NodeMemory, Observed, Plan, Resolved, Step, Wave};
use availability::Availability;
use chain::Chains;
use disk::Disk;
use evenness::Evenness;
use kind::{kind, seen_as};
use memory::Memory;
use needs::Needs;
use outage::Stopped;
pub use prune::Prune;
use rackberry_core::NodeId;
use rackberry_sched::{HopKind, State, order};
use rules::{held, rules};
use starts::Starts;
use std::collections::{BTreeMap, BTreeSet};
use whereabouts::Whereabouts;
pub use whole::{plan_from, plan_pruning, plan_switch};

/// How often a plan is continued from where moves that had to be held back have left it.
const ROUNDS: usize = 8;

/// How often at the most the plan is tried anew because replicas turned out to have no way to move.
const ATTEMPTS: usize = 16;

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
    let (placement, mut plan) = settle(Planner::new(rack))?;
    outage::note(rack, &mut plan, Stopped::new());
    Ok((placement, plan))
}

/// Goes on to the best placement from what a planner has reached.
fn settle(mut planner: Planner<'_>) -> Result<(Placement, Plan), Finding> {
    let rack = planner.rack;
    let mut stay = BTreeMap::new();
    for _ in 0..ATTEMPTS {
        let mut next = planner.clone();
        next.stay.clone_from(&stay);
        next.run()?;
        if next.stay.len() > stay.len() {
            // What was done in vain to move those is not to be in the plan: try again without it.
            stay = next.stay;
            continue;
        }
        let moved = next.waves.len() > planner.waves.len();
        planner = next;
        if !moved || stay.is_empty() {
            break;
        }
        // Now that others have moved, what had to stay may have a way.
        stay.clear();
    }
    let placement = placement::measure(rack, planner.target.clone())?;
    let plan = planner.finish(&placement);
    Ok((placement, plan))
}

/// One replica on its way.
#[derive(Clone, Copy)]
struct Way {
    replica: usize,
    to: Option<usize>,
    kind: MoveKind,
}

/// A plan in the making.
#[derive(Clone)]
struct Planner<'a> {
    rack: &'a Resolved,
    /// Where every replica should end: reached, or about to be started at the end.
    target: Vec<Option<usize>>,
    chains: Chains<'a>,
    memory: Memory,
    evenness: Evenness<'a>,
    disk: Disk<'a>,
    needs: Needs,
    waves: Vec<Wave>,
    /// Starts that wait until others of their workload run.
    late: Vec<Way>,
    /// Replicas that may not be moved after all, and why.
    stay: BTreeMap<usize, String>,
    held: BTreeMap<usize, String>,
    known: Whereabouts,
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
            evenness: Evenness::new(rack),
            disk: Disk::new(rack),
            needs: Needs::new(rack),
            waves: Vec::new(),
            late: Vec::new(),
            stay: BTreeMap::new(),
            held: BTreeMap::new(),
            known: Whereabouts::default(),
        }
    }

    /// Notes the copies that are there and not in use.
    fn found(&mut self, seen: &Observed) {
        for (volume, copies) in &seen.copies {
            let Some(replica) = self.rack.replica(&volume.replica) else { continue };
            for node in copies.keys().filter_map(|it| self.rack.node(it)) {
                self.chains.found(replica, node);
                self.disk.keep(replica, node);
            }
        }
    }

    /// Goes on until a round has nothing to do, or finds that more replicas must stay.
    fn run(&mut self) -> Result<(), Finding> {
        let known = self.stay.len();
        for _ in 0..ROUNDS {
            if !self.round()? || self.stay.len() > known {
                break;
            }
        }
        Ok(())
    }

    /// The rack for the kernels, with every replica where it has been brought.
    fn kernel(&self) -> Result<Translation, Finding> {
        let ties = Ties {
            stay: self.stay.keys().copied().collect(),
            wait: self.known.wait.keys().copied().collect(),
            starting: self.known.starting.clone(),
            left: self.disk.left(&self.target),
        };
        translate(self.rack, &self.target, &ties)
    }

    /// Adds an order to a device.
    fn add(&mut self, step: Step) -> usize {
        self.chains.steps.push(step);
        self.chains.steps.len() - 1
    }

    /// Ends a wave, if anything is done in it.
    fn close(&mut self, wave: Wave) {
        if wave.first < self.chains.steps.len() {
            self.waves.push(wave);
        }
    }

    fn id(&self, node: usize) -> NodeId {
        self.rack.nodes[node].id.clone()
    }

    /// Seeks the best placement from here, orders the moves, and adds them. Says whether to go on.
    fn round(&mut self) -> Result<bool, Finding> {
        let kernel = self.kernel()?;
        let mut wish = best(&kernel);
        self.disk.trim(&kernel.items, &kernel.start, &mut wish);
        let rules = rules(self.rack, &kernel.items, |it| self.chains.bytes(it).0);
        let order = order(&kernel.checked, &kernel.start, &wish, &rules.handover, &rules.minimum);
        self.held = held(self.rack, &kernel, &order);
        let end = kernel.replicas_at(&order.end);
        self.held.extend(rules::torn(&kernel, &end));
        self.held.extend(self.stay.iter().map(|(it, why)| (*it, why.clone())));
        let hops = order.waves.iter().flatten();
        let back = hops.filter(|it| it.kind == HopKind::FromTemporary).map(|it| it.item);
        let back: BTreeSet<u32> = back.collect();
        // Where moves are held back, what is left of them may not be worth it; then the next would undo it.
        let waves = if is_better(&kernel, &order.end) { &order.waves[..] } else { &[] };
        for wave in waves {
            let hops = wave.iter().flat_map(|hop| {
                let to = hop.to.map(|it| it as usize);
                let kind = kind(hop.kind, back.contains(&hop.item));
                kernel.items[hop.item as usize].iter().map(move |it| Way { replica: *it, to, kind })
            });
            if !self.wave(hops.collect()) {
                return Ok(true);
            }
        }
        let end = if waves.is_empty() { &kernel.start } else { &order.end };
        let beside = self.starts_beside(&kernel, end);
        let begun = !beside.is_empty();
        if begun && !self.wave(beside) {
            return Ok(true);
        }
        let waiting = std::mem::take(&mut self.late);
        for way in &waiting {
            let why = self.why(way, rules::uneven);
            // What was stopped to make room has to start again: try anew without stopping it.
            if self.rack.replicas[way.replica].on.is_some() {
                self.stay.insert(way.replica, why.clone());
            }
            self.held.insert(way.replica, why);
        }
        Ok(begun || waves.iter().map(Vec::len).sum::<usize>() > waiting.len())
    }

    /// Replicas that are to start beside others that they go with, and that stay where they are.
    fn starts_beside(&self, kernel: &Translation, end: &[Option<u32>]) -> Vec<Way> {
        let waits = |it: &&usize| self.target[**it].is_none();
        let torn = |it: &(u32, &Vec<usize>)| it.1.len() > 1 && it.1.iter().any(|it| waits(&it));
        let bundles: Vec<_> = (0..).zip(&kernel.items).filter(torn).collect();
        let mut starts = Vec::new();
        if bundles.is_empty() {
            return starts;
        }
        let state = State::new(&kernel.checked, end);
        for (item, bundle) in bundles {
            let Some(bin) = state.at(item).filter(|bin| state.fits(item, *bin)) else { continue };
            let waiting = bundle.iter().filter(waits);
            let to = Some(bin as usize);
            starts.extend(waiting.map(|it| Way { replica: *it, to, kind: MoveKind::Start }));
        }
        starts
    }

    /// Adds one wave of hops, in as many parts as keep enough replicas of each workload running, and
    /// all of them as evenly spread as they must be.
    ///
    /// Room is no reason to part it: the kernel has seen to it that all targets may be taken before
    /// any source is free. What only starts can wait for later waves. Returns whether the rest of it
    /// could be done.
    fn wave(&mut self, mut hops: Vec<Way>) -> bool {
        hops.append(&mut self.late);
        hops.retain(|it| !self.known.wait.contains_key(&it.replica));
        loop {
            let (now, later) = self.part(hops);
            if now.is_empty() {
                let (starts, stuck): (Vec<Way>, Vec<Way>) =
                    later.into_iter().partition(|it| self.chains.running(it.replica).is_none());
                self.late = starts;
                for way in &stuck {
                    let why = self.why(way, rules::fixed);
                    self.stay.insert(way.replica, why);
                }
                return stuck.is_empty();
            }
            self.add_wave(&now);
            hops = later;
        }
    }

    /// What of the hops can be done now, and what must wait.
    fn part(&mut self, hops: Vec<Way>) -> (Vec<Way>, Vec<Way>) {
        let mut availability = Availability::new(self.rack, &self.chains);
        let (mut now, mut later, mut done) = (Vec::new(), hops, BTreeMap::new());
        loop {
            let found = now.len();
            for way in std::mem::take(&mut later) {
                let even = way
                    .to
                    .is_none_or(|to| self.evenness.allows(&self.chains, &done, way.replica, to));
                if even
                    && availability.allows(way.replica, way.to)
                    && way.to.is_none_or(|to| self.disk.allows(way.replica, to))
                {
                    done.extend(way.to.map(|to| (way.replica, to)));
                    now.push(way);
                } else {
                    later.push(way);
                }
            }
            if now.len() == found {
                return (now, later);
            }
        }
    }

    /// Why a replica cannot go where it should: for want of room on the disk, or else `otherwise`.
    fn why(&self, way: &Way, otherwise: fn(&Resolved, usize) -> String) -> String {
        match way.to.filter(|to| !self.disk.fits(way.replica, *to)) {
            Some(to) => rules::no_disk(self.rack, to),
            None => otherwise(self.rack, way.replica),
        }
    }

    fn add_wave(&mut self, hops: &[Way]) {
        let mut wave = Wave { first: self.chains.steps.len(), ..Wave::default() };
        let mut starts = Starts::new(self, hops);
        for way in starts.in_order(hops, &self.needs) {
            let before = self.chains.steps.len();
            self.hop(way, &mut wave);
            self.target[way.replica] = way.to;
            let workload = self.rack.replicas[way.replica].workload;
            starts.link(workload, &self.needs, &mut self.chains.steps[before..], before);
        }
        self.memory.end_of_wave(&mut wave.memory);
        if !wave.moves.is_empty() {
            self.waves.push(wave);
        }
    }

    /// Adds the steps of one replica to the wave.
    fn hop(&mut self, Way { replica, to, kind }: Way, wave: &mut Wave) {
        let from = self.chains.running(replica);
        if from == to {
            return;
        }
        self.memory.hand_over(self.rack, replica, from, to);
        let kind = seen_as(kind, from.is_some(), self.chains.has_run(replica));
        let done = match to {
            Some(to) => self.chains.bring(replica, to),
            None => self.chains.stop(replica),
        };
        let name = |node: usize| self.rack.nodes[node].id.clone();
        wave.moves.push(Move {
            replica: self.rack.replica_ref(replica),
            from: from.map(name),
            to: to.map(name),
            kind,
            bytes: done.bytes,
            downtime: done.downtime,
            dependents: Vec::new(),
        });
    }

    /// Starts what is still to be started beside the rest of its bundle, and closes the plan.
    fn finish(mut self, placement: &Placement) -> Plan {
        let late = |it: &usize| self.chains.running(*it).is_none() && self.target[*it].is_some();
        let late: Vec<_> = (0..self.target.len()).filter(late).collect();
        let start = |it: &usize| Way { replica: *it, to: self.target[*it], kind: MoveKind::Start };
        self.add_wave(&late.iter().map(start).collect::<Vec<_>>());
        let name = |it: usize| self.rack.replica_ref(it);
        let unplaced: BTreeSet<_> = placement.unplaced.iter().map(|it| &it.replica).collect();
        let held = self.held.iter().filter(|it| !unplaced.contains(&self.rack.replica_ref(*it.0)));
        let mut blocked: Vec<Blocked> =
            held.map(|(it, why)| Blocked { replica: name(*it), reason: why.clone() }).collect();
        let unplaced = placement.unplaced.iter().cloned();
        blocked.extend(unplaced.map(|it| Blocked { replica: it.replica, reason: it.reason }));
        blocked.extend(placement.stuck(self.rack));
        blocked.sort();
        blocked.dedup_by(|next, kept| next.replica == kept.replica);
        Plan {
            format: 1,
            rack: self.rack.rack.rack.clone(),
            made_from: Some(self.rack.rack.digest()),
            limits: Vec::new(),
            memory: self.first_memory,
            kept: self.chains.kept(),
            steps: self.chains.steps,
            waves: self.waves,
            blocked,
            unreached: BTreeMap::new(),
            unset: Vec::new(),
            unnamed: Vec::new(),
        }
    }
}

/// Whether an end is better than the start: fewer rules broken, more placed, a better score.
fn is_better(kernel: &Translation, end: &[Option<u32>]) -> bool {
    let rank = |at: &[Option<u32>]| {
        let cost = State::new(&kernel.checked, at).cost();
        (cost.violations(), cost.unplaced, cost.soft())
    };
    rank(end) < rank(&kernel.start)
}
