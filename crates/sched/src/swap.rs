use crate::search::Search;
use crate::{Checked, State};

/// Exchanges two items on different bins if that makes the assignment better by at least `gain`.
pub(crate) fn try_swap(search: &mut Search, one: u32, other: u32, gain: i64) -> bool {
    let (Some(a), Some(b)) = (search.state.at(one), search.state.at(other)) else { return false };
    if a == b || !has_room(&search.state, (one, a), (other, b)) {
        return false;
    }
    let checked = search.checked();
    let change = by_load(&search.state, (one, a), (other, b));
    if is_tied(checked, one) || is_tied(checked, other) {
        return try_tied(search, (one, a), (other, b), gain);
    }
    if change > -gain {
        return false;
    }
    search.shift(one, Some(b));
    search.shift(other, Some(a));
    true
}

/// Whether each item fits in the room that the other leaves.
#[inline]
fn has_room(state: &State, (one, a): (u32, u32), (other, b): (u32, u32)) -> bool {
    let checked = state.checked();
    let fits = |bin: u32, out: u32, into: u32| {
        let rows = state.occupancy().load(bin).iter().zip(checked.capacity(bin));
        let mut rows = rows.zip(checked.demand(out).iter().zip(checked.demand(into)));
        rows.all(|((load, limit), (out, into))| load - out + into <= *limit)
    };
    fits(a, one, other)
        && fits(b, other, one)
        && checked.is_eligible(one, b)
        && checked.is_eligible(other, a)
}

/// What an exchange changes in balance, penalty and moves.
#[inline]
fn by_load(state: &State, (one, a): (u32, u32), (other, b): (u32, u32)) -> i64 {
    let checked = state.checked();
    let balance = |bin: u32, out: u32, into: u32| {
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
    !checked.links(item).is_empty() || !checked.spreads(item).is_empty()
}

/// Exchanges items with keys or spreads, and takes it back unless it is better.
fn try_tied(search: &mut Search, (one, a): (u32, u32), (other, b): (u32, u32), gain: i64) -> bool {
    let before = search.state.cost();
    search.shift(one, None);
    search.shift(other, None);
    let goes = search.state.fits_but_for_spreads(one, b);
    search.shift(one, Some(b));
    let comes = search.state.fits_but_for_spreads(other, a);
    search.shift(other, Some(a));
    let after = search.state.cost();
    if goes && comes && (after - before).improves(gain) {
        return true;
    }
    search.shift(one, Some(a));
    search.shift(other, Some(b));
    false
}
