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

/// The part of the time for short courses in several manners, and how many there are at most.
/// Below so many tries for each item a course is too short to tell.
const TRIALS: f64 = 0.2;
const MOST_TRIALS: u64 = 12;
const TELLING: u64 = 10_000;

/// The part of the time after which the best is warmed once more, and the part of the course that
/// begins so warm.
const RETURN: f64 = 0.8;
const WARM: f64 = 0.25;

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

/// A long course, if the numbers fit; where there is time, with a warm one after, and with short
/// ones before where the manner is in doubt, or chance decides more than time.
fn search<C: Cell>(checked: &Checked, patience: Patience, slot: Slot, board: &Board) -> Option<()> {
    let seed = |thread: usize| patience.seed.wrapping_mul(0x9e37_79b9).wrapping_add(thread as u64);
    let best = || State::new(checked, &board.best().at);
    let start = best();
    let walkers = (0..patience.threads.max(1)).map(|it| Walker::new(&start, seed(it)));
    let mut walkers: Vec<Walker<C>> = walkers.collect::<Option<_>>()?;
    side_by_side(&mut walkers, &Heat::none(), 0.0..1.0, slot.leg(0.0..PROBE), board);
    let (probed, slot) = (best(), slot.leg(PROBE..1.0));
    let (mut heat, trials) = (Heat::new(checked, gain(&probed)), trials(&walkers, checked.items()));
    if trials == 0 {
        run(&mut walkers, &probed, &heat, 0.0..1.0, slot, board);
        return Some(());
    }
    let mut begin = 0.0;
    if Heat::has_manners(checked) || is_far(&probed) {
        heat = trial(&mut walkers, &probed, heat, trials, slot.leg(0.0..TRIALS), board);
        begin = TRIALS;
    }
    run(&mut walkers, &probed, &heat, 0.0..1.0, slot.leg(begin..RETURN), board);
    run(&mut walkers, &best(), &heat, WARM..1.0, slot.leg(RETURN..1.0), board);
    Some(())
}

/// What may be gained for each item, in thousandths of a point. What a course without heat leaves
/// says how hot the next is worth to begin.
fn gain(state: &State) -> f64 {
    let gain = (state.cost().soft() - bound(state.checked())).max(0);
    gain as f64 / state.checked().items().max(1) as f64
}

/// Whether most of what it costs may be gained: then chance decides more than time.
fn is_far(state: &State) -> bool {
    state.cost().soft() / 2 > bound(state.checked())
}

/// How many trials there is time for, as the first part of it shows.
fn trials<C: Cell>(walkers: &[Walker<C>], items: usize) -> u64 {
    let tried = walkers.iter().map(Walker::tried).min().unwrap_or(0);
    let tries = tried as f64 / PROBE * TRIALS;
    (tries as u64 / TELLING / items.max(1) as u64).min(MOST_TRIALS)
}

/// Tries short courses from a state in several manners, and finds the best.
fn trial<'c, C: Cell>(
    walkers: &mut [Walker<'c, C>],
    start: &State<'c>,
    heat: Heat,
    trials: u64,
    slot: Slot,
    board: &Board,
) -> Heat {
    let part = |trial: u64| trial as f64 / trials as f64;
    let tried = heat.manners(start.checked()).zip(0..trials).map(|(heat, trial)| {
        run(walkers, start, &heat, 0.0..1.0, slot.leg(part(trial)..part(trial + 1)), board);
        (walkers.iter().map(Walker::energy).min(), heat)
    });
    tried.min_by_key(|&(energy, _)| energy).map_or(heat, |(_, heat)| heat)
}

/// Lets all walk through a part of a course from a state.
fn run<'c, C: Cell>(
    walkers: &mut [Walker<'c, C>],
    start: &State<'c>,
    heat: &Heat,
    course: Range<f64>,
    slot: Slot,
    board: &Board,
) {
    walkers.iter_mut().for_each(|walker| walker.begin(start));
    let part = |leg: u32| f64::from(leg) / f64::from(LEGS);
    let at = |leg: u32| course.start + part(leg) * (course.end - course.start);
    for leg in 0..LEGS {
        let slot = slot.leg(part(leg)..part(leg + 1));
        side_by_side(walkers, heat, at(leg)..at(leg + 1), slot, board);
        meet(walkers);
    }
}

/// Lets all walk through a leg of a course.
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
