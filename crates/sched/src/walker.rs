use crate::anneal::Board;
use crate::dice::Dice;
use crate::heat::Heat;
use crate::swap::{by_load, has_room};
use crate::trail::Trail;
use crate::{Checked, Cost, Solution, State};

/// Tries between two looks at the clock, the flag and the temperature.
const STRIDE: u64 = 1 << 14;

/// Strides between two looks at what may be told.
const TELL: u64 = 64;

/// Of 1,024 tries, those that exchange two items.
const SWAPS: u64 = 800;

/// How many different draws there are.
const DRAWS: u32 = 4096;

/// One state on its way.
pub(crate) struct Walker<'c> {
    state: State<'c>,
    dice: Dice,
    heat: f64,
    /// What Metropolis' rule draws, in parts of the heat.
    draws: Vec<f64>,
    /// Per item: what it costs beside its price to be away from home, for the room that this
    /// takes there.
    toll: Vec<i64>,
    best: Cost,
    trail: Trail,
}

impl<'c> Walker<'c> {
    pub(crate) fn new(checked: &'c Checked, from: &Solution, seed: u64) -> Walker<'c> {
        Walker {
            state: State::new(checked, &from.at),
            dice: Dice::new(seed),
            heat: 0.0,
            draws: (0..DRAWS).map(|it| -((f64::from(it) + 0.5) / f64::from(DRAWS)).ln()).collect(),
            toll: vec![0; checked.items()],
            best: from.cost,
            trail: Trail::new(checked.items()),
        }
    }

    /// Walks through a course, and tells the board of the best on the way now and then.
    pub(crate) fn run(mut self, heat: &Heat, board: &Board) {
        let (items, bins) = (self.state.checked().items(), self.state.checked().bins());
        let mut told = self.best;
        for turn in 0.. {
            let Some(part) = heat.part(turn * STRIDE).filter(|_| !board.is_over()) else { break };
            self.heat = heat.temperature(part);
            self.levy(heat.toll(part));
            (0..STRIDE).for_each(|_| self.step(items, bins));
            if turn % TELL == TELL - 1 && self.best < told {
                told = self.best;
                board.offer(self.best_so_far());
            }
        }
        board.offer(self.best_so_far());
    }

    fn best_so_far(&self) -> Solution {
        Solution { at: self.trail.best(self.state.assignment()), cost: self.best }
    }

    fn levy(&mut self, toll: f64) {
        let checked = self.state.checked();
        if checked.terms.has_lingering() {
            for (item, own) in (0..).zip(&mut self.toll) {
                *own = (toll * checked.lingering_weight(item) as f64) as i64;
            }
        }
    }

    #[inline]
    fn step(&mut self, items: usize, bins: usize) {
        let limit = self.limit();
        let item = self.dice.below(items) as u32;
        let Some(from) = self.state.at(item) else { return };
        if self.dice.next() >> 54 < SWAPS {
            let other = self.dice.below(items) as u32;
            if let Some(to) = self.state.at(other).filter(|&to| to != from) {
                self.swap((item, from), (other, to), limit);
            }
            return;
        }
        let home = self.state.home(item).filter(|_| self.dice.next() >> 60 == 0);
        let to = home.unwrap_or_else(|| self.dice.below(bins) as u32);
        if to != from {
            self.shift(item, from, to, limit);
        }
    }

    /// What the next move may cost at most: Metropolis' rule, drawn before it is known.
    #[inline]
    fn limit(&mut self) -> i64 {
        (self.heat * self.draws[self.dice.below(DRAWS as usize)]) as i64
    }

    #[inline]
    fn shift(&mut self, item: u32, from: u32, to: u32, limit: i64) {
        if !self.state.has_place(item, to) {
            return;
        }
        let price = self.state.price(item, to) - self.state.price(item, from);
        if price + self.toll_of(item, from, to) <= limit && self.state.is_welcome(item, to) {
            self.go(item, from, to);
            self.look();
        }
    }

    #[inline]
    fn swap(&mut self, (one, a): (u32, u32), (other, b): (u32, u32), limit: i64) {
        let checked = self.state.checked();
        if !checked.is_eligible(one, b)
            || !checked.is_eligible(other, a)
            || !has_room(&self.state, (one, a), (other, b))
        {
            return;
        }
        let price = by_load(&self.state, (one, a), (other, b));
        if price + self.toll_of(one, a, b) + self.toll_of(other, b, a) <= limit
            && self.state.is_welcome(one, b)
            && self.state.is_welcome(other, a)
            && !self.are_tied(one, other)
        {
            self.go(one, a, b);
            self.go(other, b, a);
            self.look();
        }
    }

    /// Whether the place of one may matter to the other.
    fn are_tied(&self, one: u32, other: u32) -> bool {
        let checked = self.state.checked();
        let (ours, theirs) = (checked.links(one), checked.links(other));
        let is_tied = |key: u32| {
            let near = checked.terms.needs(key).iter().chain(checked.terms.needed_by(key));
            let mut near = near.copied().chain([key]);
            near.any(|near| theirs.iter().any(|link| link.key == near))
        };
        ours.iter().any(|link| is_tied(link.key))
            || checked.spreads(one).iter().any(|it| checked.spreads(other).contains(it))
    }

    #[inline]
    fn toll_of(&self, item: u32, from: u32, to: u32) -> i64 {
        let away = |bin| i64::from(self.state.home(item) != Some(bin));
        self.toll[item as usize] * (away(to) - away(from))
    }

    #[inline]
    fn go(&mut self, item: u32, from: u32, to: u32) {
        self.trail.note(item, from, self.state.assignment());
        self.state.shift_soundly(item, to);
    }

    #[inline]
    fn look(&mut self) {
        let cost = self.state.cost();
        if cost.rank() < self.best.rank() {
            self.best = cost;
            self.trail.restart();
        }
    }
}
