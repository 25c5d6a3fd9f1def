//! The whole way from what is seen: machines up, what goes, new versions, and then every replica to its best place.

use super::whereabouts::{Whereabouts, doubles};
use super::{Planner, Prune, bring, limits, outage, prune, settle, unseen, upgrade};
use crate::{Finding, Observed, Placement, Plan, Resolved, Step, Unnamed, Wave};
use rackberry_core::NodeId;
use std::collections::BTreeMap;

/// Plans the whole way from what is seen: machines up first, then new versions, then every replica to its best place.
/// What the file does not name is left alone.
///
/// # Errors
///
/// Returns a finding where amounts are beyond any machine.
pub fn plan_from(rack: &Resolved, seen: &Observed) -> Result<(Placement, Plan), Finding> {
    plan_pruning(rack, seen, Prune::default())
}

/// The same, and what the file does not name goes, as far as `prune` says.
///
/// # Errors
///
/// As [`plan_from`].
pub fn plan_pruning(
    rack: &Resolved,
    seen: &Observed,
    prune: Prune,
) -> Result<(Placement, Plan), Finding> {
    let mut ready = Ready::new(rack, seen, prune)?;
    let own = unseen::aside(rack.as_seen(&ready.seen), seen);
    let mut planner = Planner::new(&own);
    let known = Whereabouts::new(&own, &ready.seen);
    planner.known = known.clone();
    planner.found(&ready.seen);
    let rooms = limits::rooms(rack, seen);
    let silent = |it: usize| seen.silent.get(&rack.nodes[it].id).cloned();
    let no_boot = |it| silent(it).or_else(|| limits::too_much(rack, seen, &rooms, it));
    ready.stuck.extend(upgrade::upgrades(&mut planner, &ready.seen, &no_boot)?);
    let (placement, mut plan) = settle(planner)?;
    unseen::say(rack, seen, &mut plan.blocked);
    known.say(rack, &mut plan.blocked);
    let stopped = outage::removed(rack, seen, &ready.waves);
    ready.before(&mut plan);
    outage::note(rack, &mut plan, stopped);
    plan.limits = limits::limits(rack, seen, &plan.steps);
    Ok((placement, plan))
}

/// What comes before replicas are brought to their places.
struct Ready {
    waves: Vec<Vec<Step>>,
    /// Machines that stay as they are, and why.
    stuck: BTreeMap<NodeId, String>,
    unnamed: Vec<Unnamed>,
    /// What is seen after it.
    seen: Observed,
}

impl Ready {
    fn new(rack: &Resolved, seen: &Observed, prune: Prune) -> Result<Self, Finding> {
        let up = bring::bring(rack, seen);
        let mut seen = seen.clone();
        up.steps.iter().for_each(|it| seen.predict(rack, &it.action));
        let unnamed = prune::unnamed(rack, &seen);
        let (removals, remains) = prune::removals(rack, &seen, &unnamed, prune);
        removals.iter().flatten().for_each(|it| seen.predict(rack, &it.action));
        let doubles = doubles(&rack.as_seen(&seen), &seen)?;
        doubles.iter().for_each(|it| seen.predict(rack, &it.action));
        let waves = std::iter::once(up.steps).chain(removals).chain([doubles]);
        let waves = waves.filter(|it| !it.is_empty()).collect();
        let stuck = up.stuck.into_iter().chain(remains).collect();
        Ok(Self { waves, stuck, unnamed, seen })
    }

    /// Puts its waves before all others.
    fn before(self, plan: &mut Plan) {
        let shift: usize = self.waves.iter().map(Vec::len).sum();
        for step in &mut plan.steps {
            step.needs.iter_mut().for_each(|it| *it += shift);
        }
        plan.waves.iter_mut().for_each(|it| it.first += shift);
        let (mut waves, mut steps) = (Vec::new(), Vec::with_capacity(shift + plan.steps.len()));
        for wave in self.waves {
            let first = steps.len();
            waves.push(Wave { first, ..Wave::default() });
            steps.extend(wave);
            steps[first..].iter_mut().flat_map(|it| &mut it.needs).for_each(|it| *it += first);
        }
        plan.waves.splice(0..0, waves);
        plan.steps.splice(0..0, steps);
        plan.unreached = self.stuck;
        plan.unnamed = self.unnamed;
    }
}
