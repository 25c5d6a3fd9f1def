use crate::descend::descend;
use crate::polish::{polish, solve};
use crate::search::Search;
use crate::{Checked, Cost, State};

/// Up to so many pairs of an item and a bin, a problem is small.
const SMALL: usize = 20_000;

/// How hard to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Decides what is tried first; the same seed gives the same answer.
    pub seed: u64,
    /// How many times a small problem, of up to 20,000 pairs of an item and a bin, is shaken.
    pub rounds: u32,
}

impl Default for Effort {
    fn default() -> Effort {
        Effort { seed: 1, rounds: 200 }
    }
}

/// An assignment and what it costs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Solution {
    /// The bin of each item.
    pub at: Vec<Option<u32>>,
    /// What the assignment costs, moves from the problem's homes included.
    pub cost: Cost,
}

/// Makes an assignment better until nothing changes: first what breaks the rules, then what is
/// placed nowhere, then what it costs.
///
/// No rule is broken more than at the start, and no item that was placed is left out. The end is
/// a fixpoint: asked again with the answer as the start and as every item's home, it returns the
/// answer - unless homes count for more than `move_cost`, by what lingers, by the way or by group.
/// Missing entries of `start` and bins that do not exist count as unplaced.
pub fn rebalance(checked: &Checked, start: &[Option<u32>], effort: Effort) -> Solution {
    let mut at = improve(checked, &checked.problem().home, start, effort);
    if is_rooted(checked) {
        let cost = State::new(checked, &at).cost();
        return Solution { at, cost };
    }
    loop {
        // Homes that follow only make moves dearer: moving on from `at` costs at least as much as
        // it does from the first homes, so each round is an improvement for them too.
        let next = improve(checked, &at, &at, effort);
        if next == at {
            let cost = State::new(checked, &at).cost();
            return Solution { at, cost };
        }
        at = next;
    }
}

/// Whether it matters for more than the price of a move where an item is at home.
fn is_rooted(checked: &Checked) -> bool {
    let problem = checked.problem();
    checked.terms.has_lingering() || !problem.travel.is_empty() || problem.group_cost > 0
}

/// One round; returns the start, or something strictly better.
fn improve(
    checked: &Checked,
    home: &[Option<u32>],
    start: &[Option<u32>],
    effort: Effort,
) -> Vec<Option<u32>> {
    let mut search = Search::new(State::with_home(checked, home, start));
    let before = search.state.cost();
    if !solve(&mut search) {
        search = round(search, effort);
    }
    if is_worth(checked, &before, &(search.state.cost() - before)) {
        search.state.assignment().to_vec()
    } else {
        checked.tidy(start)
    }
}

/// Goes down, and shakes a small problem. Where rules are broken, going down may mend the wrong
/// end first, so a small problem is shaken before that as well, and the better of both counts.
fn round(mut search: Search, effort: Effort) -> Search {
    let gain = least_gain(&search);
    if !is_small(search.checked()) {
        descend(&mut search, gain);
        return search;
    }
    let mut other = search.clone();
    descend(&mut search, gain);
    polish(&mut search, effort);
    if other.state.cost().violations() > 0 {
        polish(&mut other, effort);
        descend(&mut other, gain);
        polish(&mut other, effort);
    }
    let is_better = other.state.cost().rank() < search.state.cost().rank();
    if is_better { other } else { search }
}

/// Whether a round was worth it. In a large problem the rounds end when the next would bring less
/// than two thousandths, or room for less than one in 32 of what is left out.
fn is_worth(checked: &Checked, before: &Cost, change: &Cost) -> bool {
    if is_small(checked) || change.violations() < 0 {
        return change.improves(1);
    }
    let placed = -change.unplaced;
    match placed > 0 {
        true => placed >= before.unplaced / 32,
        false => change.improves((before.soft() / 500).max(1)),
    }
}

/// What a change must be worth. In a large problem crumbs are left alone.
fn least_gain(search: &Search) -> i64 {
    let checked = search.checked();
    if is_small(checked) {
        return 1;
    }
    let mean = search.state.cost().soft() / (checked.items() as i64).max(1);
    (mean / 64).max(1)
}

fn is_small(checked: &Checked) -> bool {
    checked.items().saturating_mul(checked.bins()) <= SMALL
}
