use crate::search::Search;
use crate::{Checked, State};
use std::cmp::Reverse;

/// What an item promises whose move may be worth more than its load.
const MUCH: i64 = i64::MAX / 4;

/// Exchanges between two bins, and the lists that it needs for that.
#[derive(Debug, Default)]
pub(crate) struct Swaps {
    /// Items of each side, by what their move to the other side promises at most.
    ours: Vec<(i64, u32)>,
    theirs: Vec<(i64, u32)>,
    /// Per resource: how much dearer a unit of load is on our side, as in `Balance::price`.
    slant: Vec<i128>,
}

impl Swaps {
    /// Exchanges items of two bins as long as that makes the assignment better by at least `gain`.
    pub(crate) fn between(&mut self, search: &mut Search, a: u32, b: u32, gain: i64) -> bool {
        let mut is_better = false;
        while self.swap_one(search, a, b, gain) {
            is_better = true;
        }
        is_better
    }

    fn swap_one(&mut self, search: &mut Search, a: u32, b: u32, gain: i64) -> bool {
        self.rate(&search.state, a, b);
        let most = |list: &[(i64, u32)]| list.iter().map(|&(promise, _)| promise).max();
        let Some((ours, most)) = most(&self.ours).zip(most(&self.theirs)) else { return false };
        if ours + most < gain {
            return false;
        }
        self.ours.sort_unstable_by_key(|&it| Reverse(it));
        self.theirs.sort_unstable_by_key(|&it| Reverse(it));
        self.ours.iter().take_while(|(promise, _)| promise + most >= gain).any(|&(ours, one)| {
            let theirs = self.theirs.iter().take_while(|(theirs, _)| ours + theirs >= gain);
            let mut others = theirs.map(|&(_, other)| other);
            others.any(|other| try_swap(search, (one, a), (other, b), gain))
        })
    }

    /// Squares curve upwards, so a move saves no more than load times the difference in price.
    fn rate(&mut self, state: &State, a: u32, b: u32) {
        self.slant.clear();
        let strain = |bin: u32, resource: usize, load: u64| {
            let checked = state.checked();
            let price = i128::from(checked.terms.price(resource)) << 40;
            if load >= checked.safe(bin)[resource] { price } else { 0 }
        };
        let loads = state.load(a).iter().zip(state.load(b)).enumerate();
        self.slant.extend(loads.map(|(resource, (&ours, &theirs))| {
            let price =
                |bin: u32, load| state.checked().balance.price(bin as usize, resource, load);
            price(a, ours) + strain(a, resource, ours.saturating_sub(1))
                - price(b, theirs)
                - strain(b, resource, theirs)
        }));
        for (list, from, to, sign) in [(&mut self.ours, a, b, 1), (&mut self.theirs, b, a, -1)] {
            let residents = state.residents(from).iter().copied();
            let residents = residents.filter(|&item| state.checked().is_eligible(item, to));
            let rated = residents.map(|item| (promise(state, &self.slant, item, to, sign), item));
            list.clear();
            list.extend(rated);
        }
    }
}

/// The most that an item's move to a bin saves.
fn promise(state: &State, slant: &[i128], item: u32, to: u32, sign: i128) -> i64 {
    if state.is_urgent(item) || state.checked().terms.has_ratios() {
        return MUCH;
    }
    let rows = state.checked().demand(item).iter().zip(slant);
    let load: i128 = rows.map(|(&demand, slant)| sign * slant * i128::from(demand)).sum();
    let place = |bin: u32| state.checked().penalty(item, bin) + state.move_cost(item, bin);
    let company = state.checked().longing(item);
    (load >> 40) as i64 + company + state.at(item).map_or(0, place) - place(to) + 1
}

/// Exchanges two items on different bins if that makes the assignment better by at least `gain`.
fn try_swap(search: &mut Search, (one, a): (u32, u32), (other, b): (u32, u32), gain: i64) -> bool {
    if !has_room(&search.state, (one, a), (other, b)) {
        return false;
    }
    let checked = search.checked();
    let is_urgent = search.state.is_urgent(one) || search.state.is_urgent(other);
    let company = checked.longing(one) + checked.longing(other);
    if !is_urgent && by_load(&search.state, (one, a), (other, b)) > company - gain {
        return false;
    }
    if is_urgent || is_tied(checked, one) || is_tied(checked, other) {
        return try_tied(search, (one, a), (other, b), gain);
    }
    search.shift(one, Some(b));
    search.shift(other, Some(a));
    true
}

/// Whether each item fits in the room that the other leaves.
#[inline]
fn has_room(state: &State, (one, a): (u32, u32), (other, b): (u32, u32)) -> bool {
    state.room().fits_for(other, one, a) && state.room().fits_for(one, other, b)
}

/// What an exchange changes in loads, penalty and moves.
#[inline]
fn by_load(state: &State, (one, a): (u32, u32), (other, b): (u32, u32)) -> i64 {
    let checked = state.checked();
    let strain = |bin: u32, out: u32, into: u32| {
        let load = state.occupancy().load(bin);
        let (out, into) = (checked.demand(out), checked.demand(into));
        checked.strain(bin, |at| load[at] - out[at] + into[at]) - checked.strain(bin, |at| load[at])
    };
    by_place(state, (one, a), (other, b)) + strain(a, one, other) + strain(b, other, one)
}

/// The same without load above what is safe.
#[inline]
pub(crate) fn by_place(state: &State, (one, a): (u32, u32), (other, b): (u32, u32)) -> i64 {
    let checked = state.checked();
    let balance = |bin: u32, out: u32, into: u32| {
        if !checked.balance.is_wanted() {
            return 0;
        }
        let rows = state.occupancy().load(bin).iter().enumerate();
        let rows = rows.zip(checked.demand(out).iter().zip(checked.demand(into)));
        let changes = rows.map(|((resource, &load), (out, into))| {
            let cost = |load| checked.balance.cost(bin as usize, resource, load);
            cost(load - out + into) - cost(load)
        });
        changes.sum::<i64>()
    };
    let place = |item: u32, bin: u32| checked.penalty(item, bin) + state.move_cost(item, bin);
    balance(a, one, other) + balance(b, other, one) + place(one, b) + place(other, a)
        - place(one, a)
        - place(other, b)
}

/// Whether keys or spreads have a say.
fn is_tied(checked: &Checked, item: u32) -> bool {
    !checked.links(item).is_empty()
        || !checked.spreads(item).is_empty()
        || checked.problem().group_cost > 0
}

/// Exchanges items with keys or spreads, and takes it back unless it is better.
fn try_tied(search: &mut Search, (one, a): (u32, u32), (other, b): (u32, u32), gain: i64) -> bool {
    let before = search.state.cost();
    search.shift(one, None);
    search.shift(other, None);
    let goes = search.state.fits_by_itself(one, b);
    search.shift(one, Some(b));
    let comes = search.state.fits_by_itself(other, a);
    search.shift(other, Some(a));
    let after = search.state.cost();
    if goes && comes && (after - before).improves(gain) {
        return true;
    }
    search.shift(one, Some(a));
    search.shift(other, Some(b));
    false
}
