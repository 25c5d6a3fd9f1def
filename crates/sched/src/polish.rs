use crate::Effort;
use crate::dice::Dice;
use crate::place::largest_first;
use crate::reassign::{BINS, reassign};
use crate::search::Search;

/// Whole problems up to so many assignments are solved by trying them all.
const ALL: u64 = 1 << 16;

/// Items that are assigned anew at once, at most.
const FREED: usize = 8;

/// Partial assignments looked at in one round.
const NODES: u32 = 3000;

/// Solves a tiny problem to the end. Says whether it was tiny.
pub(crate) fn solve(search: &mut Search) -> bool {
    let bins: Vec<u32> = (0..search.checked().bins() as u32).collect();
    let items: Vec<u32> = (0..search.checked().items() as u32).collect();
    let assignments = (bins.len() as u64 + 1).checked_pow(items.len() as u32);
    let is_tiny = bins.len() <= BINS && assignments.is_some_and(|all| all <= ALL);
    if is_tiny {
        reassign(search, &largest_first(search.checked(), items), &bins, u32::MAX);
    }
    is_tiny
}

/// Leaves the hollow that a descent ended in, by assigning a few items of a few bins anew at a
/// time.
pub(crate) fn polish(search: &mut Search, effort: Effort) {
    let bins: Vec<u32> = (0..search.checked().bins() as u32).collect();
    let mut dice = Dice::new(effort.seed);
    for _ in 0..effort.rounds {
        let count = 2 + dice.below(3);
        let bins: Vec<u32> = draw(&mut dice, bins.clone(), count);
        let freed = freed(search, &mut dice, &bins);
        reassign(search, &freed, &bins, NODES);
    }
}

/// Some items of the bins, and one that is nowhere if there is one.
fn freed(search: &Search, dice: &mut Dice, bins: &[u32]) -> Vec<u32> {
    let open = |item: &u32| search.state.at(*item).is_none();
    let open: Vec<u32> = (0..search.checked().items() as u32).filter(open).collect();
    let mut freed = draw(dice, open, 1);
    let residents = bins.iter().flat_map(|&bin| search.state.residents(bin)).copied().collect();
    freed.extend(draw(dice, residents, FREED - freed.len()));
    largest_first(search.checked(), freed)
}

/// Up to `count` of the numbers, each with the same chance.
fn draw(dice: &mut Dice, mut numbers: Vec<u32>, count: usize) -> Vec<u32> {
    let count = count.min(numbers.len());
    for at in 0..count {
        let other = at + dice.below(numbers.len() - at);
        numbers.swap(at, other);
    }
    numbers.truncate(count);
    numbers
}
