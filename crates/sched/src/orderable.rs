use crate::scene::{Step, Way};
use crate::{Checked, Cost, Effort, Handover, Hop, Order, Solution, State, order, rebalance};

/// How often another assignment is sought where a way is blocked.
const ROUNDS: usize = 8;

/// A solution and the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Orderable {
    /// Where everything ends, and what that costs.
    pub solution: Solution,
    /// The waves that lead there. Nothing is held back.
    pub order: Order,
}

/// The wished assignment with the waves that lead to it; if there are none, the best other one
/// that was found near to it and can be reached.
///
/// Takes the arguments of [`order()`](crate::order()). What that holds back goes where it is best
/// without it, and what follows from that is made better. An answer other than `to` breaks no rule
/// more than `from` does, spreads included, and costs no more: it may be `from`, with no moves.
pub fn orderable(
    checked: &Checked,
    from: &[Option<u32>],
    to: &[Option<u32>],
    handover: &[Handover],
    minimum: &[u32],
) -> Orderable {
    let from = checked.tidy(from);
    let mut goal = checked.tidy(to);
    let stay = Order { end: from.clone(), ..Order::default() };
    let mut best = reached(checked, &from, stay);
    let least = best.solution.cost;
    for round in 0..ROUNDS {
        let order = order(checked, &from, &goal, handover, minimum);
        let is_whole = order.held.is_empty();
        let found = reached(checked, &from, order);
        if is_whole && round == 0 {
            return found;
        }
        goal = rebalance(checked, &found.solution.at, Effort::default()).at;
        if is_kept(least, found.solution.cost) && found.solution.cost < best.solution.cost {
            best = found;
        }
        if is_whole {
            break;
        }
    }
    best
}

/// Where an order ends, as if that had been meant.
fn reached(checked: &Checked, from: &[Option<u32>], order: Order) -> Orderable {
    let (waves, end) = (order.waves, order.end);
    let steps = |wave: &Vec<Hop>| wave.iter().map(Step::of).collect();
    let way = Way { checked, from, to: &end, handover: &[], minimum: &[] };
    let waves = way.hops(&waves.iter().map(steps).collect::<Vec<_>>());
    let solution = Solution { at: end.clone(), cost: State::new(checked, &end).cost() };
    Orderable { solution, order: Order { waves, end, held: Vec::new() } }
}

/// Whether no kind of rule is broken more than before, and nothing more is left out.
fn is_kept(before: Cost, after: Cost) -> bool {
    after.overload <= before.overload
        && after.conflicts <= before.conflicts
        && after.skew <= before.skew
        && after.unplaced <= before.unplaced
}
