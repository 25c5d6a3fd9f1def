use crate::bound::bound;
use crate::heat::{Clock, Heat};
use crate::walker::Walker;
use crate::{Checked, Solution, State};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// How long to search, and how.
#[derive(Clone, Copy, Debug)]
pub struct Patience<'a> {
    /// Decides what is tried. The same seed, `tries` and `threads` give the same answer, unless a
    /// deadline or a stop comes first.
    pub seed: u64,
    /// Moves that each thread tries. None: until the deadline.
    pub tries: Option<u64>,
    /// When the answer is due. With neither a deadline nor `tries`, there is no search.
    pub deadline: Option<Instant>,
    /// Threads that search side by side; 0 counts as 1.
    pub threads: usize,
    /// Ends the search with the best so far, once it is true.
    pub stop: Option<&'a AtomicBool>,
}

impl Default for Patience<'_> {
    fn default() -> Self {
        Patience { seed: 1, tries: None, deadline: None, threads: 1, stop: None }
    }
}

/// Searches for the best assignment in the time given, and calls `watch` with better ones as they
/// are found.
///
/// This is simulated annealing: it is slower than [`rebalance()`](crate::rebalance()), finds
/// better answers to hard questions, and is no fixpoint. No rule is broken more than at the start.
/// Items that are nowhere stay so: [`place()`](crate::place()) them first. Missing entries of
/// `start` and bins that do not exist count as nowhere.
pub fn anneal(
    checked: &Checked,
    start: &[Option<u32>],
    patience: Patience,
    watch: &mut (dyn FnMut(&Solution) + Send),
) -> Solution {
    let clock = Clock::new(patience);
    let at = checked.tidy(start);
    let cost = State::new(checked, &at).cost();
    let board = Board { best: Mutex::new((Solution { at, cost }, watch)), stop: patience.stop };
    // What a course without heat leaves says how hot the next is worth to begin.
    side_by_side(checked, patience, &clock.probe(), 0, &board);
    let items = checked.items().max(1) as f64;
    let gain = (board.best().cost.soft() - bound(checked)).max(0) as f64 / items;
    let weight = (0..checked.items() as u32).map(|item| checked.weight(item) as f64);
    let heat = clock.main(gain, weight.sum::<f64>() / items);
    side_by_side(checked, patience, &heat, 1, &board);
    board.best()
}

/// One course, by each thread from the best so far.
fn side_by_side(checked: &Checked, patience: Patience, heat: &Heat, course: u64, board: &Board) {
    let from = board.best();
    let walk = |thread: usize| {
        let seed = patience.seed.wrapping_mul(0x9e37_79b9).wrapping_add(thread as u64);
        Walker::new(checked, &from, seed ^ course << 32).run(heat, board);
    };
    thread::scope(|scope| {
        let walk = &walk;
        (1..patience.threads).for_each(|thread| {
            scope.spawn(move || walk(thread));
        });
        walk(0);
    });
}

type Watch<'w> = &'w mut (dyn FnMut(&Solution) + Send);

/// Where the threads put down what they found.
pub(crate) struct Board<'a, 'w> {
    best: Mutex<(Solution, Watch<'w>)>,
    stop: Option<&'a AtomicBool>,
}

impl Board<'_, '_> {
    pub(crate) fn is_over(&self) -> bool {
        self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed))
    }

    /// Takes a solution that is better than all before. Of equals the first assignment in order is
    /// kept, so that it does not matter which thread is faster.
    pub(crate) fn offer(&self, found: Solution) {
        let mut held = self.best.lock().unwrap_or_else(PoisonError::into_inner);
        let (best, watch) = &mut *held;
        let is_better = found.cost < best.cost;
        if is_better || found.cost == best.cost && found.at < best.at {
            *best = found;
        }
        if is_better {
            watch(best);
        }
    }

    fn best(&self) -> Solution {
        self.best.lock().unwrap_or_else(PoisonError::into_inner).0.clone()
    }
}
