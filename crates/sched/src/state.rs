mod price;

use crate::Cost;
use crate::away::Away;
use crate::bonds::{Bonds, Offence};
use crate::checked::Checked;
use crate::counts::Counts;
use crate::occupancy::Occupancy;
use crate::room::Room;

/// An assignment that knows its loads and its cost, and what each change would do to them.
///
/// It can hold any assignment, also one that breaks the rules: [`State::fits`] says which moves
/// keep them, [`State::shift`] does what it is told. Items and bins that do not exist fit nowhere
/// and change nothing.
#[derive(Clone, Debug)]
pub struct State<'c> {
    checked: &'c Checked,
    at: Vec<Option<u32>>,
    /// The items of each bin, and where in its bin's list each item stands.
    residents: Vec<Vec<u32>>,
    seats: Vec<u32>,
    occupancy: Occupancy<'c>,
    counts: Vec<Counts>,
    bonds: Bonds,
    room: Room<'c>,
    away: Away<'c>,
    cost: Cost,
}

impl<'c> State<'c> {
    /// The state of an assignment. Missing entries and bins that do not exist count as unplaced.
    pub fn new(checked: &'c Checked, at: &[Option<u32>]) -> State<'c> {
        State::with_home(checked, &checked.problem().home, at)
    }

    /// The same with other homes than the problem's.
    pub(crate) fn with_home(
        checked: &'c Checked,
        home: &'c [Option<u32>],
        at: &[Option<u32>],
    ) -> State<'c> {
        let mut state = State::empty(checked, home);
        for (item, bin) in (0..).zip(checked.tidy(at)) {
            state.shift(item, bin);
        }
        state
    }

    /// The problem that this is a state of.
    pub fn checked(&self) -> &'c Checked {
        self.checked
    }

    /// Where an item is.
    pub fn at(&self, item: u32) -> Option<u32> {
        self.at.get(item as usize).copied().flatten()
    }

    /// Where every item is.
    pub fn assignment(&self) -> &[Option<u32>] {
        &self.at
    }

    /// The load of a bin per resource, base load included; empty for a bin that does not exist.
    pub fn load(&self, bin: u32) -> &[u64] {
        if (bin as usize) < self.residents.len() { self.occupancy.load(bin) } else { &[] }
    }

    /// The items on a bin, in no particular order.
    pub fn residents(&self, bin: u32) -> &[u32] {
        self.residents.get(bin as usize).map_or(&[], Vec::as_slice)
    }

    /// What the assignment costs.
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Whether an item may go to a bin: eligible, with room for it, where no key is refused,
    /// every spread stays within its skew, and no scattered or following key is worse off. Where it is now counts as left.
    pub fn fits(&self, item: u32, bin: u32) -> bool {
        self.checked.is_eligible(item, bin)
            && self.has_room(item, bin)
            && self.is_welcome(item, bin)
    }

    /// What sending an item to a bin, or off all bins, would change, whether it fits or not.
    pub fn delta(&self, item: u32, to: Option<u32>) -> Cost {
        if item as usize >= self.at.len() || self.at(item) == self.known(to) {
            return Cost::default();
        }
        let to = self.known(to);
        let arrival = to.map_or(Cost::default(), |bin| self.arrival(item, bin));
        self.departure(item) + arrival + self.breakage(item, to)
    }

    /// Sends an item to a bin, or off all bins, whether it fits or not.
    pub fn shift(&mut self, item: u32, to: Option<u32>) {
        let (from, to) = (self.at(item), self.known(to));
        if item as usize >= self.at.len() || from == to {
            return;
        }
        self.cost += self.delta(item, to);
        if let Some(bin) = from {
            self.stand_up(item, bin);
        }
        if let Some(bin) = to {
            self.sit_down(item, bin);
        }
        self.at[item as usize] = to;
    }

    /// Sends an item to a bin where it breaks nothing. Load above capacity is not counted.
    #[inline]
    pub(crate) fn shift_soundly(&mut self, item: u32, to: u32) {
        if self.cost.violations() > 0 {
            // It may leave something broken behind.
            return self.shift(item, Some(to));
        }
        self.cost += self.departure(item) + self.arrival(item, to);
        if let Some(bin) = self.at(item) {
            self.stand_up(item, bin);
        }
        self.sit_down(item, to);
        self.at[item as usize] = Some(to);
    }

    /// Sends an item off all bins again, where it was when all cost `before`.
    pub(crate) fn take_back(&mut self, item: u32, before: Cost) {
        if let Some(bin) = self.at[item as usize].take() {
            self.stand_up(item, bin);
        }
        self.cost = before;
    }

    /// Whether nothing but spreads, scatters and follows keeps an item from a bin.
    pub(crate) fn fits_by_itself(&self, item: u32, bin: u32) -> bool {
        self.checked.is_eligible(item, bin)
            && self.has_room(item, bin)
            && self.occupancy.accepts(item, bin, self.at(item))
    }

    /// Whether nothing but class and room keeps an item from a bin.
    #[inline]
    pub(crate) fn is_welcome(&self, item: u32, bin: u32) -> bool {
        self.occupancy.accepts(item, bin, self.at(item))
            && self.spreads_accept(item, bin)
            && self.bonds_accept(item, bin)
    }

    /// How far a bin is above its capacity, as in [`Cost::overload`].
    pub(crate) fn overload(&self, bin: u32) -> i64 {
        let resources = 0..self.checked.problem().resources;
        let overload = |resource| self.checked.overload(bin, resource, self.taken(bin, resource));
        resources.map(overload).sum()
    }

    /// The load of a bin and what lingers there.
    fn taken(&self, bin: u32, resource: usize) -> u64 {
        let left = self.room.left(bin)[resource];
        self.checked.capacity(bin)[resource].saturating_add_signed(-left)
    }

    /// What is left where.
    #[inline]
    pub(crate) fn room(&self) -> &Room<'c> {
        &self.room
    }

    /// Whether an item is nowhere, or where it breaks a rule.
    pub(crate) fn is_urgent(&self, item: u32) -> bool {
        let Some(here) = self.at(item) else { return true };
        if self.cost.violations() == 0 {
            return false;
        }
        let mut spreads = self.checked.spreads(item).iter();
        !self.fits_by_itself(item, here)
            || self.checked.terms.is_bound(item)
            || spreads.any(|&spread| self.counts[spread as usize].is_uneven())
    }

    pub(crate) fn occupancy(&self) -> &Occupancy<'c> {
        &self.occupancy
    }

    pub(crate) fn counts(&self, spread: u32) -> &Counts {
        &self.counts[spread as usize]
    }

    /// Takes a bin out of the domains that spreads count.
    pub(crate) fn retire(&mut self, bin: u32) {
        self.recount(bin, Counts::retire);
    }

    /// Takes [`retire`](State::retire) back.
    pub(crate) fn revive(&mut self, bin: u32) {
        self.recount(bin, Counts::revive);
    }

    fn recount(&mut self, bin: u32, change: fn(&mut Counts, u32)) {
        for (spread, counts) in (0..).zip(&mut self.counts) {
            if self.checked.reaches(spread, bin) {
                change(counts, self.checked.spread_domain(spread, bin));
            }
        }
    }

    fn empty(checked: &'c Checked, home: &'c [Option<u32>]) -> State<'c> {
        let items = checked.items();
        let mut state = State {
            checked,
            at: vec![None; items],
            residents: vec![Vec::new(); checked.bins()],
            seats: vec![0; items],
            occupancy: Occupancy::new(checked),
            counts: checked.counts(),
            bonds: Bonds::new(checked),
            room: Room::new(checked, home),
            away: Away::new(checked, home),
            cost: Cost { unplaced: items as i64, ..Cost::default() },
        };
        for bin in 0..checked.bins() as u32 {
            state.cost.balance += state.balance(bin);
            state.cost.strain += state.strain(bin);
            state.cost.overload += state.overload(bin);
        }
        state
    }

    fn known(&self, bin: Option<u32>) -> Option<u32> {
        bin.filter(|&bin| (bin as usize) < self.residents.len())
    }

    #[inline]
    fn has_room(&self, item: u32, bin: u32) -> bool {
        match self.at(item) == Some(bin) {
            true => self.room.is_enough(item, bin),
            false => self.room.fits(item, bin),
        }
    }

    #[inline]
    fn bonds_accept(&self, item: u32, bin: u32) -> bool {
        !self.checked.terms.is_bound(item)
            || self.bonds.offence(&self.occupancy, item, self.at(item), bin).is_none()
    }

    /// What a scattered or following key has against sending an item to a bin.
    pub(crate) fn offence(&self, item: u32, bin: u32) -> Option<Offence> {
        self.bonds.offence(&self.occupancy, item, self.at(item), bin)
    }

    fn spreads_accept(&self, item: u32, bin: u32) -> bool {
        self.checked.spreads(item).iter().all(|&spread| {
            let domain = |bin| self.checked.spread_domain(spread, bin);
            self.counts[spread as usize].accepts(self.at(item).map(domain), domain(bin))
        })
    }

    fn excess_of(&self, item: u32, to: Option<u32>) -> i64 {
        let spreads = self.checked.spreads(item).iter().map(|&spread| {
            let domain = |bin| self.checked.spread_domain(spread, bin);
            self.counts[spread as usize].excess_of(self.at(item).map(domain), to.map(domain))
        });
        spreads.sum()
    }

    /// The bin that an item pays nothing to be on.
    pub(crate) fn home(&self, item: u32) -> Option<u32> {
        self.away.home(item)
    }

    /// The least that the item pays on any bin but its home.
    pub(crate) fn away_cost(&self, item: u32) -> i64 {
        self.away.least(item)
    }

    /// What an item would pay to be on a bin, its group apart.
    #[inline]
    pub(crate) fn way_cost(&self, item: u32, bin: u32) -> i64 {
        self.away.way_cost(item, bin)
    }

    /// What the group of an item pays more when it leaves its home, or comes to it.
    #[inline]
    pub(crate) fn group_change(&self, item: u32, leaves_home: bool, comes_home: bool) -> i64 {
        self.away.group_change(item, leaves_home, comes_home)
    }

    pub(crate) fn move_cost(&self, item: u32, bin: u32) -> i64 {
        self.away.cost(item, bin, self.at(item))
    }

    fn stand_up(&mut self, item: u32, bin: u32) {
        let seat = self.seats[item as usize] as usize;
        self.residents[bin as usize].swap_remove(seat);
        if let Some(&last) = self.residents[bin as usize].get(seat) {
            self.seats[last as usize] = seat as u32;
        }
        self.occupancy.leave(item, bin);
        self.bonds.leave(&self.occupancy, item, bin);
        self.away.leave(item, bin);
        self.room.leave(item, bin);
        for &spread in self.checked.spreads(item) {
            self.counts[spread as usize].leave(self.checked.spread_domain(spread, bin));
        }
    }

    fn sit_down(&mut self, item: u32, bin: u32) {
        self.seats[item as usize] = self.residents[bin as usize].len() as u32;
        self.residents[bin as usize].push(item);
        self.bonds.enter(&self.occupancy, item, bin);
        self.occupancy.enter(item, bin);
        self.away.enter(item, bin);
        self.room.enter(item, bin);
        for &spread in self.checked.spreads(item) {
            self.counts[spread as usize].enter(self.checked.spread_domain(spread, bin));
        }
    }
}
