mod aside;

use crate::dice::Dice;
use crate::scene::{Scene, Step, Way};

/// How often something is tried at random before a bridge is given up: in all, and for each item
/// that is apart at first.
const SHAKES: usize = 2000;
const SHAKES_EACH: usize = 64;

/// What these may cost in looks at items and bins.
const PATIENCE: usize = 1 << 24;

/// Bins that are looked at as a third place.
const WINDOW: usize = 512;

/// How deep others are moved aside for others that are moved aside.
const DEPTH: usize = 2;

/// After how many vain tries it goes one deeper: at least so many, and once for each item apart.
const VAIN: usize = 16;

/// Finds steps from one assignment to another, one after the other, by going forward from the one and
/// backward from the other until both meet. None if it finds none.
///
/// Backward works because what fits beside others may come as well as go. Who cannot go straight
/// is sent to a third place from both sides, and who stands in the way is moved aside. The large
/// count for more than the small: first everything makes way for them.
pub(crate) fn bridge(way: Way, near: &[Option<u32>], far: &[Option<u32>]) -> Option<Vec<Step>> {
    let mut bridge = Bridge::new(way, [near, far]);
    bridge.meet();
    let each = WINDOW.min(way.checked.bins()) + bridge.apart.len();
    let shakes = (SHAKES + SHAKES_EACH * bridge.apart.len()).min(PATIENCE / each.max(1));
    for shake in 0..shakes {
        if bridge.apart.is_empty() {
            break;
        }
        bridge.is_late = shake >= shakes / 2;
        bridge.shake();
    }
    bridge.apart.is_empty().then(|| bridge.steps())
}

/// The two sides: the one on its way forward, the other on its way back.
#[derive(Debug)]
struct Bridge<'a> {
    way: Way<'a>,
    sides: [Scene<'a>; 2],
    trails: [Vec<Step>; 2],
    residents: [Vec<Vec<u32>>; 2],
    /// Items that are not where they are on the other side, and where each stands in this list.
    apart: Vec<u32>,
    seats: Vec<u32>,
    /// What those that are apart weigh together.
    burden: u128,
    /// Bins that room is being made on.
    cleared: Vec<u32>,
    /// Tries since the last that helped.
    vain: usize,
    /// Whether items may stop by now, and what neither helps nor harms is kept.
    is_late: bool,
    dice: Dice,
}

const NOT_APART: u32 = u32::MAX;

impl<'a> Bridge<'a> {
    fn new(way: Way<'a>, ends: [&[Option<u32>]; 2]) -> Bridge<'a> {
        let residents = |at: &[Option<u32>]| {
            let mut residents = vec![Vec::new(); way.checked.bins()];
            for (item, bin) in (0..).zip(at) {
                bin.iter().for_each(|&bin| residents[bin as usize].push(item));
            }
            residents
        };
        let mut bridge = Bridge {
            way,
            sides: ends.map(|at| Scene::new(way, at)),
            trails: [Vec::new(), Vec::new()],
            residents: ends.map(residents),
            apart: Vec::new(),
            seats: vec![NOT_APART; way.checked.items()],
            burden: 0,
            cleared: Vec::new(),
            vain: 0,
            is_late: false,
            dice: Dice::new(1),
        };
        (0..way.checked.items() as u32).for_each(|item| bridge.compare(item));
        bridge
    }

    /// The way over the bridge.
    fn steps(self) -> Vec<Step> {
        let [forward, backward] = self.trails;
        let back = |it: Step| Step { item: it.item, from: it.to, to: it.from };
        forward.into_iter().chain(backward.into_iter().rev().map(back)).collect()
    }

    /// Lets items go to where they are on the other side, until none can.
    fn meet(&mut self) {
        let mut goes_on = true;
        while goes_on {
            goes_on = false;
            for at in (0..self.apart.len()).rev() {
                let item = self.apart.get(at).copied();
                goes_on |= item.is_some_and(|item| self.try_meet(item));
            }
        }
    }

    fn try_meet(&mut self, item: u32) -> bool {
        let [near, far] = [0, 1].map(|side: usize| self.sides[side].at(item));
        (0..2).any(|side| self.try_shift(side, item, [far, near][side]))
    }

    /// Does something at random that may help, and takes it back if it does not.
    fn shake(&mut self) {
        let before = self.burden;
        let marks = [self.trails[0].len(), self.trails[1].len()];
        let item = self.apart[self.dice.below(self.apart.len())];
        self.help(item);
        self.meet();
        self.vain = if self.burden < before { 0 } else { self.vain + 1 };
        let is_kept = self.vain == 0 || self.is_late && self.burden == before;
        if !is_kept {
            (0..2).for_each(|side| self.take_back(side, marks[side]));
        }
    }

    /// What an item counts for: how hard it is to find a place for.
    fn weight(&self, item: u32) -> u128 {
        u128::from(self.way.checked.share(item)) + 1
    }

    fn try_shift(&mut self, side: usize, item: u32, place: Option<u32>) -> bool {
        let may = self.may_shift(side, item, place);
        if may {
            self.shift(side, item, place);
        }
        may
    }

    /// Whether a step to a place can be done on this side; on the far one, backward.
    fn may_shift(&self, side: usize, item: u32, place: Option<u32>) -> bool {
        let scene = &self.sides[side];
        let may_be = place.is_some()
            || self.way.may_stop(item) && self.is_late
            || place == self.sides[1 - side].at(item);
        scene.at(item) != place
            && may_be
            && (side == 0 || scene.bears(item))
            && scene.admits(item, place)
    }

    fn shift(&mut self, side: usize, item: u32, place: Option<u32>) {
        let step = Step { item, from: self.sides[side].at(item), to: place };
        self.trails[side].push(step);
        self.apply(side, step);
    }

    fn apply(&mut self, side: usize, step: Step) {
        self.sides[side].go(step);
        if let Some(bin) = step.from {
            let residents = &mut self.residents[side][bin as usize];
            let seat = residents.iter().position(|&it| it == step.item);
            seat.map(|seat| residents.swap_remove(seat));
        }
        if let Some(bin) = step.to {
            self.residents[side][bin as usize].push(step.item);
        }
        self.compare(step.item);
    }

    fn take_back(&mut self, side: usize, mark: usize) {
        while self.trails[side].len() > mark {
            let Some(step) = self.trails[side].pop() else { return };
            self.apply(side, Step { item: step.item, from: step.to, to: step.from });
        }
    }

    fn is_apart(&self, item: u32) -> bool {
        self.seats[item as usize] != NOT_APART
    }

    /// Notes whether an item is apart.
    fn compare(&mut self, item: u32) {
        let is_apart = self.sides[0].at(item) != self.sides[1].at(item);
        let seat = self.seats[item as usize];
        if is_apart && seat == NOT_APART {
            self.seats[item as usize] = self.apart.len() as u32;
            self.apart.push(item);
            self.burden += self.weight(item);
        } else if !is_apart && seat != NOT_APART {
            self.apart.swap_remove(seat as usize);
            self.burden -= self.weight(item);
            if let Some(&moved) = self.apart.get(seat as usize) {
                self.seats[moved as usize] = seat;
            }
            self.seats[item as usize] = NOT_APART;
        }
    }
}
