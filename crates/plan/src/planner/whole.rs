//! The whole way from what is seen: machines up, what goes, new versions, and then every replica to its best place.

use super::whereabouts::{Whereabouts, doubles};
use super::{Planner, Prune, bring, limits, outage, prune, settle, unseen, upgrade};
use crate::{Action, Finding, Observed, Placement, Plan, Resolved, Step, Unnamed, Unset, Wave};
use rackberry_core::{NodeId, SwitchId};
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

/// Plans what the file asks of one switch alone, by its position: its VLANs, its ports, and that its machines are fed, one
/// after the other. [`verify_switch`](crate::verify_switch) verifies it.
pub fn plan_switch(rack: &Resolved, seen: &Observed, switch: usize) -> Plan {
    let id = &rack.switches[switch].id;
    let bring::Bringing { steps, mut unset, .. } = bring::bring_switch(rack, seen, switch);
    unset.retain(|it| it.switch == *id);
    let steps = only(steps, id);
    let wave = (!steps.is_empty()).then(Wave::default);
    let (rack, made_from) = (rack.rack.rack.clone(), Some(rack.rack.digest()));
    let waves = wave.into_iter().collect();
    Plan { format: 1, rack, made_from, steps, waves, unset, ..Plan::default() }
}

/// The steps that change one switch. They need only each other.
fn only(steps: Vec<Step>, id: &SwitchId) -> Vec<Step> {
    let is_own = |it: &Step| {
        let (Action::SetVlans { switch, .. } | Action::SetPort { switch, .. }) = &it.action else {
            return false;
        };
        switch == id
    };
    let kept = steps.iter().enumerate().filter(|it| is_own(it.1)).map(|it| it.0);
    let places: BTreeMap<usize, usize> = kept.zip(0..).collect();
    let mut own: Vec<Step> = steps.into_iter().filter(is_own).collect();
    for step in &mut own {
        step.needs = step.needs.iter().filter_map(|it| places.get(it).copied()).collect();
    }
    own
}

/// What comes before replicas are brought to their places.
struct Ready {
    waves: Vec<Vec<Step>>,
    /// Machines that stay as they are, and why.
    stuck: BTreeMap<NodeId, String>,
    unset: Vec<Unset>,
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
        Ok(Self { waves, stuck, unset: up.unset, unnamed, seen })
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
        plan.unset = self.unset;
        plan.unnamed = self.unnamed;
    }
}
