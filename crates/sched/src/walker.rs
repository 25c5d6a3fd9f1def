use crate::anneal::Board;
use crate::dice::Dice;
use crate::heat::{Heat, Slot};
use crate::loads::{Cell, Loads};
use crate::roster::{Leg, NOWHERE, Roster};
use crate::swap::by_place;
use crate::trail::Trail;
use crate::{Cost, Solution, State};
use std::ops::Range;

/// Tries between two looks at the clock, the flag and the temperature.
const STRIDE: u64 = 1 << 14;

/// Strides between two looks at what may be told.
const TELL: u64 = 64;

/// Of 1,024 tries, those that turn an item home, and those that exchange two; the others send one anywhere.
const HOMES: u64 = 112;
const SWAPS: u64 = 708;

/// How many different draws there are.
const DRAWS: u32 = 1024;

/// How far a bin may exceed its capacity on the way, in hundredths of the mean capacity.
const SLACK: u64 = 30;

/// One state on its way.
pub(crate) struct Walker<'c, C> {
    state: State<'c>,
    loads: Loads<'c, C>,
    roster: Roster,
    dice: Dice,
    heat: f64,
    toll: f64,
    /// What a fine of 1 is for a unit of each resource; empty where capacity is strict.
    fines: Vec<f64>,
    /// How often the fines were too low at the end of this course.
    urge: u32,
    /// What Metropolis' rule draws, in parts of the heat.
    draws: Vec<f64>,
    /// Whether loads and moves are all that has a price.
    is_plain: bool,
    /// The most that groups can change with one exchange.
    group_cost: i64,
    /// What is to be beaten, and the way back to it, if it was found here.
    best: Cost,
    trail: Option<Trail>,
    /// How many tries it has made.
    tried: u64,
}

impl<'c, C: Cell> Walker<'c, C> {
    /// A walker at a state; none where its cells are too small for the problem.
    pub(crate) fn new(state: &State<'c>, seed: u64) -> Option<Walker<'c, C>> {
        let (checked, best) = (state.checked(), state.cost());
        let is_strict = best.violations() > 0 || checked.mean_weight() == 0;
        let slack = |&mean: &u64| if is_strict { 0 } else { (mean * SLACK / 100) as i64 };
        let slack: Vec<i64> = checked.mean.iter().map(slack).collect();
        Some(Walker {
            state: state.clone(),
            loads: Loads::new(state, &slack)?,
            roster: Roster::new(state),
            dice: Dice::new(seed),
            heat: 0.0,
            toll: 0.0,
            fines: if is_strict { Vec::new() } else { checked.unit_weights() },
            urge: 0,
            draws: (0..DRAWS).map(|it| -((f64::from(it) + 0.5) / f64::from(DRAWS)).ln()).collect(),
            is_plain: checked.is_plain(),
            group_cost: 2 * checked.group_cost(),
            best,
            trail: None,
            tried: 0,
        })
    }

    /// Begins a course at a state that others may have found.
    pub(crate) fn begin(&mut self, state: &State<'c>) {
        self.state.clone_from(state);
        self.loads.read(state);
        self.roster.read(state);
        (self.best, self.trail, self.urge) = (state.cost(), None, 0);
    }

    /// Goes on where another walker is. What is found here has been told.
    pub(crate) fn join(&mut self, other: &Walker<'c, C>) {
        self.state.clone_from(&other.state);
        self.loads.read(&other.state);
        self.roster.clone_from(&other.roster);
        (self.best, self.trail) = (self.best.min(other.best), None);
    }

    /// Walks through a part of a course in a slot of time, and tells the board of the best on the way.
    pub(crate) fn walk(&mut self, heat: &Heat, course: Range<f64>, slot: Slot, board: &Board) {
        let (items, bins) = (self.state.checked().items(), self.state.checked().bins());
        let (mut told, mut tried) = (self.best, 0);
        for turn in 1.. {
            let (part, tries) = (slot.part(tried), slot.left(tried, STRIDE));
            if part >= 1.0 || items == 0 || board.is_over() {
                break;
            }
            self.feel(heat, course.start + part * (course.end - course.start));
            (0..tries).for_each(|_| self.step(items, bins));
            tried += tries;
            if turn % TELL == 0 && self.best < told {
                told = self.best;
                self.tell(board);
            }
        }
        self.tried += tried;
        self.tell(board);
    }

    /// How many tries it has made.
    pub(crate) fn tried(&self) -> u64 {
        self.tried
    }

    /// What the present state costs, with all that is in force on the way.
    pub(crate) fn energy(&self) -> i64 {
        let cost = self.state.cost();
        let tolls = (self.toll * self.roster.lingering() as f64) as i64;
        (cost.soft() - cost.strain).saturating_add(self.loads.cost()).saturating_add(tolls)
    }

    fn feel(&mut self, heat: &Heat, part: f64) {
        (self.heat, self.toll) = (heat.temperature(part), heat.toll(part));
        if self.fines.is_empty() {
            return;
        }
        if heat.is_late(part) && self.loads.excess() > 0 {
            self.urge += 1;
        }
        let fine = heat.fine(part, self.urge);
        self.loads.set_fines(|resource| (fine * self.fines[resource]) as i64);
    }

    fn tell(&self, board: &Board) {
        if let Some(trail) = &self.trail {
            let at = trail.best(self.state.assignment());
            board.offer(Solution { at, cost: self.best });
        }
    }

    #[inline]
    fn step(&mut self, items: usize, bins: usize) {
        let draw = self.dice.next() >> 54;
        if draw < HOMES {
            return self.turn_home(draw & 1 == 0);
        }
        let item = self.dice.below(items) as u32;
        let spot = self.roster.spot(item);
        if spot.at == NOWHERE {
            return;
        }
        if draw >= HOMES + SWAPS {
            let to = self.dice.below(bins) as u32;
            if to != spot.at {
                self.shift(Leg { item, from: spot.at, to, spot });
            }
            return;
        }
        let other = self.dice.below(items) as u32;
        self.meet(item, other);
    }

    #[inline]
    fn meet(&mut self, one: u32, other: u32) {
        let (ours, theirs) = (self.roster.spot(one), self.roster.spot(other));
        if theirs.at != ours.at && theirs.at != NOWHERE {
            let there = Leg { item: one, from: ours.at, to: theirs.at, spot: ours };
            let back = Leg { item: other, from: theirs.at, to: ours.at, spot: theirs };
            self.swap(there, back);
        }
    }

    /// Sends an item home that is away, alone or for another that is there.
    #[inline]
    fn turn_home(&mut self, alone: bool) {
        let away = self.roster.away();
        let Some(&item) = away.get(self.dice.below(away.len())) else { return };
        let spot = self.roster.spot(item);
        if alone {
            return self.shift(Leg { item, from: spot.at, to: spot.home, spot });
        }
        let there = self.state.residents(spot.home);
        if let Some(&other) = there.get(self.dice.below(there.len())) {
            self.meet(item, other);
        }
    }

    /// What the next move may cost at most: Metropolis' rule, drawn before it is known.
    #[inline]
    fn limit(&mut self) -> i64 {
        (self.heat * self.draws[self.dice.below(DRAWS as usize)]) as i64
    }

    #[inline]
    fn shift(&mut self, leg: Leg) {
        let Leg { item, from, to, spot } = leg;
        if !self.loads.fits(to, leg.comer()) {
            return;
        }
        let limit = self.limit() - self.toll_of(leg);
        let load = self.loads.arrival(to, leg.comer()) + self.loads.departure(from, leg.leaver());
        if load - spot.rent - self.group_cost > limit && self.is_plain {
            return;
        }
        let price = match self.is_plain {
            true => load + self.way(leg),
            false => load + self.state.place_price(item, to) - self.state.place_price(item, from),
        };
        if price <= limit && self.is_welcome(leg) {
            self.go(leg);
            self.look();
        }
    }

    #[inline]
    fn swap(&mut self, ours: Leg, theirs: Leg) {
        let (a, b) = (ours.from, theirs.from);
        if !self.loads.fits_for(b, ours.comer(), theirs.leaver())
            || !self.loads.fits_for(a, theirs.comer(), ours.leaver())
        {
            return;
        }
        let limit = self.limit() - self.toll_of(ours) - self.toll_of(theirs);
        let load = self.loads.exchange(a, theirs.comer(), ours.leaver())
            + self.loads.exchange(b, ours.comer(), theirs.leaver());
        let rents = ours.spot.rent + theirs.spot.rent;
        if load - rents - self.group_cost > limit && self.is_plain {
            return;
        }
        let price = match self.is_plain {
            true => load + self.way(ours) + self.way(theirs),
            false => load + by_place(&self.state, (ours.item, a), (theirs.item, b)),
        };
        if price <= limit
            && self.is_welcome(ours)
            && self.is_welcome(theirs)
            && !self.are_tied(ours.item, theirs.item)
        {
            self.go(ours);
            self.go(theirs);
            self.look();
        }
    }

    /// What its way costs an item more.
    #[inline]
    fn way(&self, leg: Leg) -> i64 {
        let ((_, leaves_home), (_, comes_home)) = (leg.leaver(), leg.comer());
        self.state.way_cost(leg.item, leg.to) - leg.spot.rent
            + self.state.group_change(leg.item, leaves_home, comes_home)
    }

    fn is_welcome(&self, leg: Leg) -> bool {
        self.state.checked().is_eligible(leg.item, leg.to)
            && self.state.is_welcome(leg.item, leg.to)
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

    /// What a move costs beside its price, for the room that being away takes at home.
    #[inline]
    fn toll_of(&self, leg: Leg) -> i64 {
        let own = (self.toll * leg.spot.lingering as f64) as i64;
        own * (i64::from(leg.leaver().1) - i64::from(leg.comer().1))
    }

    #[inline]
    fn go(&mut self, leg: Leg) {
        let Leg { item, from, to, .. } = leg;
        if let Some(trail) = &mut self.trail {
            trail.note(item, from, self.state.assignment());
        }
        self.state.shift_soundly(item, to);
        self.loads.refresh(&self.state, from);
        self.loads.refresh(&self.state, to);
        self.roster.shift(item, to, self.state.way_cost(item, to));
    }

    #[inline]
    fn look(&mut self) {
        let cost = self.state.cost();
        if cost.rank() < self.best.rank() && (self.fines.is_empty() || self.loads.excess() == 0) {
            self.best = cost;
            self.trail.get_or_insert_with(|| Trail::new(self.roster.items())).restart();
        }
    }
}
