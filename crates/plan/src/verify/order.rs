//! Whether the steps of a wave name what they wait for, since a wave is done side by side.
//!
//! Steps about one replica follow each other, but for those about different volumes of it. So each volume has its own
//! line of steps, and stopping and starting cut across all of them.

use super::{ReplayFault, Violation, subject};
use crate::fact::of_device;
use crate::{Fact, Plan, ReplicaRef};
use std::collections::BTreeMap;
use std::ops::Range;

/// For each line of steps the last step on it; `None` is the line of the replica itself.
type Lines<'a> = BTreeMap<Option<&'a str>, usize>;

/// Reports every step of a wave that does not need what it has to wait for.
pub(super) fn check(plan: &Plan, wave: Range<usize>, found: &mut Vec<Violation>) {
    let mut last: BTreeMap<&ReplicaRef, Lines<'_>> = BTreeMap::new();
    let mut behind: Vec<Lines<'_>> = Vec::with_capacity(wave.len());
    let mut groups: BTreeMap<&ReplicaRef, Vec<usize>> = BTreeMap::new();
    for step in wave.clone() {
        let Some((replica, volume)) = subject(&plan.steps[step].action) else {
            behind.push(Lines::new());
            continue;
        };
        let line = volume.map(|it| it.name.as_str());
        let last = last.entry(replica).or_default();
        let mut reached = reached(plan, step, wave.start, &behind);
        for (on, other) in wanted(last, line) {
            if reached.get(&on) < Some(&other) {
                found.push(Violation::at_step(step, ReplayFault::Unordered(other)));
            }
            reached.insert(on, other);
        }
        reached.insert(line, step);
        behind.push(reached);
        if line.is_none() {
            last.clear();
        }
        last.insert(line, step);
        groups.entry(replica).or_default().push(step);
    }
    wave.for_each(|step| foreign(plan, step, &groups, found));
}

/// What is proved before a step by its needs, of what concerns the same replica in the same wave.
fn reached<'a>(plan: &'a Plan, step: usize, first: usize, behind: &[Lines<'a>]) -> Lines<'a> {
    let replica = |step: usize| subject(&plan.steps[step].action).map(|it| it.0);
    let own = replica(step);
    let mut all = Lines::new();
    for need in plan.steps[step].needs.iter().filter(|it| **it >= first) {
        if replica(*need) == own {
            for (line, step) in &behind[*need - first] {
                let known = all.entry(*line).or_insert(*step);
                *known = (*step).max(*known);
            }
        }
    }
    all
}

/// The steps that one on `line` comes right after: the last of its own line, or else of the replica's; and for the
/// replica itself the last of every volume, if there is one.
fn wanted<'a>(last: &Lines<'a>, line: Option<&str>) -> Vec<(Option<&'a str>, usize)> {
    let own = line.filter(|it| last.contains_key(&Some(*it)));
    let whole = line.is_none() && last.len() > usize::from(last.contains_key(&None));
    let wanted = |on: &Option<&str>| if whole { on.is_some() } else { *on == own };
    last.iter().filter(|it| wanted(it.0)).map(|(line, step)| (*line, *step)).collect()
}

/// A fact about another replica that the same wave changes has to be named in the needs on both sides.
fn foreign(
    plan: &Plan,
    step: usize,
    groups: &BTreeMap<&ReplicaRef, Vec<usize>>,
    found: &mut Vec<Violation>,
) {
    let it = &plan.steps[step];
    let Some((own, _)) = subject(&it.action) else { return };
    for fact in it.before.iter().chain(&it.after) {
        let Some(group) = about(fact).filter(|it| *it != own).and_then(|it| groups.get(it)) else {
            continue;
        };
        let cut = group.partition_point(|it| *it < step);
        if let Some(earlier) = cut.checked_sub(1).map(|it| group[it])
            && !it.needs.contains(&earlier)
        {
            found.push(Violation::at_step(step, ReplayFault::Unordered(earlier)));
        }
        if let Some(later) = group.get(cut)
            && !plan.steps[*later].needs.contains(&step)
        {
            found.push(Violation::at_step(*later, ReplayFault::Unordered(step)));
        }
    }
}

fn about(fact: &Fact) -> Option<&ReplicaRef> {
    match fact {
        Fact::Ready(_) | of_device!() => None,
        Fact::Running { replica, .. } | Fact::Stopped { replica, .. } => Some(replica),
        Fact::Holds { volume, .. } | Fact::Bound { volume, .. } => Some(&volume.replica),
    }
}
