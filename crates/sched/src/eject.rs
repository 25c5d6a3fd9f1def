use crate::search::{PATIENCE, Search};

/// Bins that are tried for an item that fits nowhere.
const TRIES: usize = 8;

/// Bins among which these are chosen, from another one on for each item.
const WINDOW: usize = 1000;

/// Makes room for an item that fits nowhere, by sending one other item elsewhere.
pub(crate) fn try_eject(search: &mut Search, item: u32) -> bool {
    if search.patience == 0 {
        return false;
    }
    let found = cheapest(search, item).into_iter().any(|bin| {
        let residents = search.state.residents(bin).to_vec();
        residents.into_iter().any(|resident| try_pair(search, item, resident, bin))
    });
    search.patience = if found { PATIENCE } else { search.patience - 1 };
    found
}

/// The cheapest bins for an item if room and keys did not matter.
fn cheapest(search: &Search, item: u32) -> Vec<u32> {
    let here = search.state.at(item);
    let bins = search.checked().bins() as u32;
    let start = item.wrapping_mul(0x9e37_79b9) % bins.max(1);
    let around = (start..bins).chain(0..start);
    let eligible = around.filter(|&bin| search.checked().is_eligible(item, bin)).take(WINDOW);
    let mut priced: Vec<(i64, u32)> = eligible
        .filter(|&bin| Some(bin) != here)
        .map(|bin| (search.state.arrival(item, bin).soft(), bin))
        .collect();
    if priced.len() > TRIES {
        priced.select_nth_unstable(TRIES);
        priced.truncate(TRIES);
    }
    priced.sort_unstable();
    priced.into_iter().map(|(_, bin)| bin).collect()
}

/// Sends a resident elsewhere and the item in its place, if that is better.
fn try_pair(search: &mut Search, item: u32, resident: u32, bin: u32) -> bool {
    if !leaves_enough(search, item, resident, bin) {
        return false;
    }
    let (before, from) = (search.state.cost(), search.state.at(item));
    search.shift(resident, None);
    if search.state.fits(item, bin) {
        search.shift(item, Some(bin));
        let found = search.best(resident, i64::MAX);
        search.shift(resident, found.map(|(bin, _)| bin));
        let after = search.state.cost();
        if found.is_some() && (after - before).improves(1) {
            return true;
        }
        search.shift(resident, None);
        search.shift(item, from);
    }
    search.shift(resident, Some(bin));
    false
}

fn leaves_enough(search: &Search, item: u32, resident: u32, bin: u32) -> bool {
    let checked = search.checked();
    let rows = search.state.load(bin).iter().zip(checked.capacity(bin));
    let mut rows = rows.zip(checked.demand(resident).iter().zip(checked.demand(item)));
    rows.all(|((load, limit), (out, into))| load - out + into <= *limit || *into == 0)
}
