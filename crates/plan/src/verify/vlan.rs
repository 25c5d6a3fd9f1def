//! Whether everybody can be reached while VLANs change, in whatever order the steps of a wave allow.

use super::guard::waited_for;
use super::{DeviceFault, Violation};
use crate::wires::{End, Wires, tables};
use crate::{Action, Observed, Plan, Resolved};
use rackberry_core::VlanTable;
use std::collections::BTreeSet;
use std::ops::Range;

/// Who has to be reached all the way, since they are before the plan and after it.
#[derive(Debug)]
pub(super) struct Reach {
    wires: Wires,
    ends: Vec<End>,
}

impl Reach {
    pub(super) fn new(plan: &Plan, rack: &Resolved, seen: &Observed) -> Self {
        let changes: Vec<_> = plan.steps.iter().filter_map(|it| change(rack, &it.action)).collect();
        if changes.is_empty() {
            return Self { wires: Wires::default(), ends: Vec::new() };
        }
        let (wires, before) = (Wires::new(rack, seen), tables(rack, seen));
        let mut after = before.clone();
        after.extend(changes.into_iter().map(|(switch, table)| (switch, vec![table.clone()])));
        let ends = wires.kept(&before, &after);
        Self { wires, ends }
    }

    /// Reports who is cut off in a wave. `seen` is what there is before it.
    pub(super) fn check(
        &self,
        plan: &Plan,
        rack: &Resolved,
        wave: Range<usize>,
        seen: &Observed,
        found: &mut Vec<Violation>,
    ) {
        if self.ends.is_empty() {
            return;
        }
        let mut now = tables(rack, seen);
        for phase in phases(plan, wave) {
            let mut either = now.clone();
            for at in &phase {
                let Some((switch, table)) = change(rack, &plan.steps[*at].action) else { continue };
                either.entry(switch).or_default().push(table.clone());
                now.insert(switch, vec![table.clone()]);
            }
            if let Some(end) = self.wires.cut(&self.ends, &either) {
                found.push(self.fault(plan, rack, &phase, end));
            }
        }
    }

    fn fault(&self, plan: &Plan, rack: &Resolved, phase: &[usize], end: End) -> Violation {
        let on_the_way = |it: &&usize| {
            let change = change(rack, &plan.steps[**it].action);
            change.is_some_and(|it| self.wires.passes(end, it.0))
        };
        let step = phase.iter().find(on_the_way).or(phase.first()).copied().unwrap_or_default();
        Violation::at_step(step, DeviceFault::CutsOff { what: end.words(rack) })
    }
}

fn change<'a>(rack: &Resolved, action: &'a Action) -> Option<(usize, &'a VlanTable)> {
    let Action::SetVlans { switch, table } = action else { return None };
    Some((rack.switch(switch)?, table))
}

/// The changes of VLANs of a wave, parted wherever all that come later wait for all that come before.
fn phases(plan: &Plan, wave: Range<usize>) -> Vec<Vec<usize>> {
    let first = wave.start;
    let sets = |it: &usize| matches!(plan.steps[*it].action, Action::SetVlans { .. });
    let all: Vec<usize> = wave.filter(sets).collect();
    let waits: Vec<BTreeSet<usize>> =
        all.iter().map(|it| waited_for(plan, *it, first).collect()).collect();
    let mut phases: Vec<Vec<usize>> = Vec::new();
    for (at, step) in all.iter().enumerate() {
        let parts = waits[at..].iter().all(|it| all[..at].iter().all(|before| it.contains(before)));
        match phases.last_mut().filter(|_| !parts) {
            Some(phase) => phase.push(*step),
            None => phases.push(vec![*step]),
        }
    }
    phases
}
