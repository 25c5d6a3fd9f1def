//! The best assignment, found by trying them all and counting anew each time.

use crate::generate::At;
use proptest::prelude::*;
use rackberry_sched::{Checked, Cost, Solution, Violation, cost_of, verify};

/// What compares two costs: violations, items left out, points.
pub(crate) fn rank(cost: &Cost) -> (i64, i64, i64) {
    (cost.violations(), cost.unplaced, cost.soft())
}

/// That no kind of rule is broken more than at the start, and the cost is that of the answer.
pub(crate) fn assert_no_worse(
    checked: &Checked,
    start: &At,
    solution: &Solution,
) -> Result<(), TestCaseError> {
    let (before, cost) = (cost_of(checked, start), solution.cost);
    prop_assert_eq!(cost, cost_of(checked, &solution.at));
    prop_assert!(rank(&cost) <= rank(&before));
    prop_assert!(cost.overload <= before.overload);
    prop_assert!(cost.conflicts <= before.conflicts);
    prop_assert!(cost.skew <= before.skew);
    Ok(())
}

/// The least rank of all assignments in which no rule is broken more than at the start, no item
/// that moved breaks any, and no item that was placed is left out.
pub(crate) fn optimum(checked: &Checked, start: &At) -> (i64, i64, i64) {
    let before = cost_of(checked, start);
    let mut best = rank(&before);
    let mut at = vec![None; checked.items()];
    loop {
        let mut pairs = start.iter().zip(&at);
        if pairs.all(|(was, is)| is.is_some() || was.is_none()) {
            let cost = cost_of(checked, &at);
            if rank(&cost) < best
                && cost.conflicts <= before.conflicts
                && cost.skew <= before.skew
                && is_sound(checked, start, &at)
            {
                best = rank(&cost);
            }
        }
        if !advance(&mut at, checked.bins() as u32) {
            return best;
        }
    }
}

/// Whether no item that moved is where it breaks a rule, spreads aside.
fn is_sound(checked: &Checked, start: &At, at: &At) -> bool {
    let moved = |item: u32| start[item as usize] != at[item as usize];
    verify(checked, at).err().unwrap_or_default().into_iter().all(|violation| match violation {
        Violation::Ineligible { item, .. } => !moved(item),
        // Who has no demand for a resource may come where it is short.
        Violation::Overload { bin, resource, .. } => {
            let problem = checked.problem();
            let wants =
                |item: u32| problem.demand[item as usize * problem.resources + resource] > 0;
            let mut there = (0..).zip(at).filter(|(_, at)| **at == Some(bin));
            there.all(|(item, _)| !moved(item) || !wants(item))
        }
        // Either side of a refusal may have moved.
        Violation::Refused { key, item, .. } => {
            !moved(item) && rivals(checked, at, key, item).all(|rival| !moved(rival))
        }
        Violation::Skew { .. } | Violation::Scatter { .. } | Violation::Unfollowed { .. } => true,
        Violation::Length { .. } | Violation::Unknown { .. } => false,
    })
}

/// The other items that hold a key around an item.
fn rivals(checked: &Checked, at: &At, key: u32, item: u32) -> impl Iterator<Item = u32> {
    let problem = checked.problem();
    let domain = move |bin: u32| match problem.keys[key as usize] {
        0 => bin,
        level => problem.topologies[level as usize - 1][bin as usize],
    };
    let here = at[item as usize].map(domain);
    let others = (0..checked.items() as u32).filter(move |&other| other != item);
    let holders = others.filter(move |&it| problem.holds.row(it as usize).contains(&key));
    holders.filter(move |&it| at[it as usize].map(domain) == here).collect::<Vec<_>>().into_iter()
}

/// Counts one further, with a bin as a digit and none as zero.
fn advance(at: &mut At, bins: u32) -> bool {
    for place in at {
        match *place {
            None if bins > 0 => *place = Some(0),
            Some(bin) if bin + 1 < bins => *place = Some(bin + 1),
            Some(_) | None => {
                *place = None;
                continue;
            }
        }
        return true;
    }
    false
}
