use crate::search::Search;
use crate::{Checked, Cost, State};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Where items were placed, and which were not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Placement {
    /// The bin of each item.
    pub at: Vec<Option<u32>>,
    /// The items that fitted nowhere when it was their turn, largest first.
    pub unplaced: Vec<u32>,
    /// What the placement costs.
    pub cost: Cost,
}

/// Places the items that `start` leaves open, the largest first, each on the cheapest bin that it
/// fits on; the others stay where they are.
///
/// Missing entries of `start` and bins that do not exist count as open. With more than 128 bins
/// the bin taken is a cheap one, not always the cheapest; an item stays unplaced only if it fits
/// nowhere at all.
pub fn place(checked: &Checked, start: &[Option<u32>]) -> Placement {
    let mut search = Search::new(State::new(checked, start));
    let open = |item: &u32| search.state.at(*item).is_none();
    let waiting = (0..checked.items() as u32).filter(open).collect();
    let unplaced = settle_all(&mut search, &largest_first(checked, waiting));
    let at = search.state.assignment().to_vec();
    Placement { at, unplaced, cost: search.state.cost() }
}

/// Sends each of many items to its best bin in turn, and returns those that fit nowhere.
pub(crate) fn settle_all(search: &mut Search, items: &[u32]) -> Vec<u32> {
    let stride = search.checked().bins() / 4 + 1;
    let settle_some = |some: &[u32]| {
        search.sort();
        settle(search, some)
    };
    items.chunks(stride).flat_map(settle_some).collect()
}

/// Sends each item to its best bin in turn, and returns those that fit nowhere.
pub(crate) fn settle(search: &mut Search, items: &[u32]) -> Vec<u32> {
    // Room only shrinks here, so what is larger than a refused item of its class fits nowhere.
    let mut refused = BTreeMap::new();
    let mut left = Vec::new();
    for &item in items {
        let checked = search.checked();
        let class = checked.problem().class[item as usize];
        if refused.get(&class).is_some_and(|&smaller| checked.is_at_least(item, smaller)) {
            left.push(item);
        } else if let Some((bin, _)) = search.best(item, i64::MAX) {
            search.shift(item, Some(bin));
        } else {
            left.push(item);
            if is_plain(checked, item) {
                refused.insert(class, item);
            }
        }
    }
    left
}

/// Orders items by the share of their class's bins that they take, dominant resource first.
pub(crate) fn largest_first(checked: &Checked, mut items: Vec<u32>) -> Vec<u32> {
    items.sort_unstable_by_key(|&item| (Reverse(checked.share(item)), item));
    items
}

/// Whether nothing but room and class decides where an item fits.
fn is_plain(checked: &Checked, item: u32) -> bool {
    checked.links(item).is_empty() && checked.spreads(item).is_empty()
}
