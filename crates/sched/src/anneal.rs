use crate::bound::bound;
use crate::heat::{Heat, Slot};
use crate::loads::Cell;
use crate::walker::Walker;
use crate::{Checked, Solution, State};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// The legs of a course, after each of which the threads compare where they are.
const LEGS: u32 = 40;

/// The part of the time that goes down without any heat, to see how much is to be gained.
const PROBE: f64 = 0.05;

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
    let slot = Slot::new(patience);
    let at = checked.tidy(start);
    let cost = State::new(checked, &at).cost();
    let board = Board { best: Mutex::new((Solution { at, cost }, watch)), stop: patience.stop };
    // Narrow numbers go twice as fast.
    if search::<i32>(checked, patience, slot, &board).is_none() {
        search::<i64>(checked, patience, slot, &board);
    }
    board.best()
}

/// A short course and a long one, if the numbers fit.
fn search<C: Cell>(checked: &Checked, patience: Patience, slot: Slot, board: &Board) -> Option<()> {
    let seed = |thread: usize| patience.seed.wrapping_mul(0x9e37_79b9).wrapping_add(thread as u64);
    let start = State::new(checked, &board.best().at);
    let walkers = (0..patience.threads.max(1)).map(|it| Walker::new(&start, seed(it)));
    let mut walkers: Vec<Walker<C>> = walkers.collect::<Option<_>>()?;
    side_by_side(&mut walkers, &Heat::none(), 0.0..1.0, slot.leg(0.0..PROBE), board);
    // What a course without heat leaves says how hot the next is worth to begin.
    let best = State::new(checked, &board.best().at);
    let gain = (best.cost().soft() - bound(checked)).max(0) as f64 / checked.items().max(1) as f64;
    let heat = Heat::new(checked, gain);
    walkers.iter_mut().for_each(|walker| walker.begin(&best));
    let slot = slot.leg(PROBE..1.0);
    for leg in 0..LEGS {
        let part = |leg: u32| f64::from(leg) / f64::from(LEGS);
        let course = part(leg)..part(leg + 1);
        side_by_side(&mut walkers, &heat, course.clone(), slot.leg(course), board);
        meet(&mut walkers);
    }
    Some(())
}

/// Lets all walk through a part of a course.
fn side_by_side<C: Cell>(
    walkers: &mut [Walker<C>],
    heat: &Heat,
    course: Range<f64>,
    slot: Slot,
    board: &Board,
) {
    let walk = |walker: &mut Walker<C>| walker.walk(heat, course.clone(), slot, board);
    let Some((first, others)) = walkers.split_first_mut() else { return };
    thread::scope(|scope| {
        for walker in others {
            scope.spawn(|| walk(walker));
        }
        walk(first);
    });
}

/// The dearer half goes on where the cheaper half is.
fn meet<C: Cell>(walkers: &mut [Walker<C>]) {
    walkers.sort_by_cached_key(Walker::energy);
    let (cheaper, dearer) = walkers.split_at_mut(walkers.len().div_ceil(2));
    dearer.iter_mut().zip(cheaper).for_each(|(walker, other)| walker.join(other));
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
