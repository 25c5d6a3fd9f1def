//! Whether a plan is put together as a plan has to be. Nothing is replayed where it is not.

use super::proof::proof;
use super::{Place, Violation, device, subject};
use crate::action::to_device;
use crate::fact::of_device;
use crate::{Action, Fact, Plan, ReplicaRef, Resolved, Step, VolumeRef};
use rackberry_core::{NodeId, Seconds, WorkloadId};
use std::collections::BTreeSet;
use std::fmt;

/// The one version of the format of plans.
const FORMAT: u32 = 1;

/// Longer than any plan takes: what is beyond was written by mistake.
const CENTURY: Seconds = Seconds(100 * 366 * 24 * 3600);

/// What is wrong with how a plan is put together.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormFault {
    /// It is written in a format that is not known.
    Format {
        /// The version it says.
        found: u32,
    },
    /// It is for another rack.
    Rack {
        /// The rack it is for.
        plan: String,
        /// The rack of the file.
        file: String,
    },
    /// The rack file has changed since it was made.
    Changed,
    /// A wave has no step, or does not begin where the one before it ends.
    Wave,
    /// It takes longer than anything can.
    Endless,
    /// A step needs one that is not before it.
    Need(
        /// The position that it needs.
        usize,
    ),
    /// It names something that the file does not have.
    Unknown(
        /// The name.
        String,
    ),
    /// A step's `before` does not have what the step must not come before.
    Unguarded(
        /// What, in words.
        String,
    ),
    /// A step's `after` does not have the fact that proves the step.
    Unproved(
        /// That fact.
        Fact,
    ),
}

impl fmt::Display for FormFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format { found } => write!(f, "its format is {found}, and only 1 is known"),
            Self::Rack { plan, file } => write!(f, "it is for rack {plan}, and not for {file}"),
            Self::Changed => f.write_str("the rack file has changed since it was made: plan again"),
            Self::Wave => {
                f.write_str("it has no step, or does not begin where the wave before it ends")
            }
            Self::Endless => {
                f.write_str("it takes longer than a century: somebody has made a mistake")
            }
            Self::Need(need) => {
                write!(f, "it needs step {}, which is not before it", need.saturating_add(1))
            }
            Self::Unknown(name) => write!(f, "the rack file has no {name}"),
            Self::Unguarded(what) => write!(f, "its `before` does not say that {what}"),
            Self::Unproved(proof) => write!(f, "its `after` does not say that {proof}"),
        }
    }
}

/// Everything that is wrong with the form of `plan`.
pub(super) fn faults(plan: &Plan, rack: &Resolved) -> Vec<Violation> {
    let mut found = Vec::new();
    let file = &rack.rack.rack;
    if plan.format != FORMAT {
        found.push(Violation::new(Place::Plan, FormFault::Format { found: plan.format }));
    }
    if plan.rack != *file {
        let fault = FormFault::Rack { plan: plan.rack.clone(), file: file.clone() };
        found.push(Violation::new(Place::Plan, fault));
    }
    if plan.made_from.as_ref().is_some_and(|it| *it != rack.rack.digest()) {
        found.push(Violation::new(Place::Plan, FormFault::Changed));
    }
    waves(plan, &mut found);
    for (position, step) in plan.steps.iter().enumerate() {
        let forward = step.needs.iter().filter(|need| **need >= position);
        found.extend(forward.map(|need| Violation::at_step(position, FormFault::Need(*need))));
        let proof = proof(step.action.clone());
        if !step.after.contains(&proof) {
            found.push(Violation::at_step(position, FormFault::Unproved(proof)));
        }
    }
    times(plan, &mut found);
    names(plan, rack, &mut found);
    found
}

/// No step and no move, and not all of them together, takes longer than anybody waits.
fn times(plan: &Plan, found: &mut Vec<Violation>) {
    let steps = plan.steps.iter().enumerate().map(|(at, it)| (Place::Step(at), it.takes));
    let waves = plan.waves.iter().enumerate();
    let moves = waves.flat_map(|(at, wave)| wave.moves.iter().map(move |it| (at, it)));
    let moves = moves.map(|(at, it)| (Place::Wave(at), it.downtime));
    let mut all = Seconds(0);
    for (place, time) in steps.chain(moves) {
        let before = all;
        all = all.plus(time);
        if all > CENTURY && before <= CENTURY {
            found.push(Violation::new(place, FormFault::Endless));
        }
    }
}

/// Every step has to be in one wave, and every wave has to have a step.
fn waves(plan: &Plan, found: &mut Vec<Violation>) {
    let mut begin = 0;
    for (position, wave) in plan.waves.iter().enumerate() {
        let sound = wave.first < plan.steps.len() && (position == 0) == (wave.first == 0);
        if !sound || wave.first < begin {
            found.push(Violation::new(Place::Wave(position), FormFault::Wave));
        }
        begin = wave.first.saturating_add(1);
    }
    if plan.waves.is_empty() && !plan.steps.is_empty() {
        found.push(Violation::new(Place::Wave(0), FormFault::Wave));
    }
}

fn names(plan: &Plan, rack: &Resolved, found: &mut Vec<Violation>) {
    let mut names = Names { rack, unknown: BTreeSet::new() };
    plan.memory.keys().for_each(|it| names.node(it));
    names.report(Place::Memory, found);
    for (position, step) in plan.steps.iter().enumerate() {
        names.step(step);
        names.report(Place::Step(position), found);
    }
    for (position, wave) in plan.waves.iter().enumerate() {
        wave.memory.keys().for_each(|it| names.node(it));
        for it in &wave.moves {
            names.replica(&it.replica);
            it.from.iter().chain(&it.to).for_each(|it| names.node(it));
            it.dependents.iter().for_each(|it| names.workload(it));
        }
        names.report(Place::Wave(position), found);
    }
    for kept in &plan.kept {
        names.volume(&kept.volume);
        names.node(&kept.node);
    }
    names.report(Place::Kept, found);
    plan.blocked.iter().for_each(|it| names.replica(&it.replica));
    names.report(Place::Blocked, found);
}

/// Collects the names that the file does not have, each once.
struct Names<'a> {
    rack: &'a Resolved,
    unknown: BTreeSet<String>,
}

impl Names<'_> {
    fn report(&mut self, place: Place, found: &mut Vec<Violation>) {
        let unknown = std::mem::take(&mut self.unknown).into_iter();
        found.extend(unknown.map(|name| Violation::new(place, FormFault::Unknown(name))));
    }

    fn node(&mut self, node: &NodeId) {
        if self.rack.node(node).is_none() {
            self.unknown.insert(format!("node {node}"));
        }
    }

    fn workload(&mut self, workload: &WorkloadId) {
        if self.rack.workload(workload).is_none() {
            self.unknown.insert(format!("workload {workload}"));
        }
    }

    fn replica(&mut self, replica: &ReplicaRef) {
        if self.rack.replica(replica).is_none() {
            self.unknown.insert(format!("replica {replica}"));
        }
    }

    fn volume(&mut self, volume: &VolumeRef) {
        let Some(at) = self.rack.replica(&volume.replica) else {
            self.replica(&volume.replica);
            return;
        };
        if !self.rack.local_volumes(at).iter().any(|it| it.name == volume.name) {
            self.unknown.insert(format!("local volume {volume}"));
        }
    }

    fn step(&mut self, step: &Step) {
        match subject(&step.action) {
            Some((_, Some(volume))) => self.volume(volume),
            Some((replica, None)) => self.replica(replica),
            None => {}
        }
        match &step.action {
            Action::CopyHot { from, to, .. }
            | Action::CopyCold { from, to, .. }
            | Action::Compare { from, to, .. } => {
                self.node(from);
                self.node(to);
            }
            Action::Bind { to, .. } => self.node(to),
            Action::Start { node, .. } | Action::Stop { node, .. } => self.node(node),
            to_device!() => device::nodes(&step.action).for_each(|it| self.node(it)),
        }
        step.before.iter().chain(&step.after).for_each(|it| self.fact(it));
    }

    fn fact(&mut self, fact: &Fact) {
        match fact {
            Fact::Ready(node) => self.node(node),
            Fact::Running { replica, node } | Fact::Stopped { replica, node } => {
                self.replica(replica);
                self.node(node);
            }
            Fact::Holds { volume, node, .. } | Fact::Bound { volume, node } => {
                self.volume(volume);
                self.node(node);
            }
            of_device!() => {}
        }
    }
}
