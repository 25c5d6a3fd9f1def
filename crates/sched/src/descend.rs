use crate::eject::try_eject;
use crate::place::{largest_first, settle_all};
use crate::search::Search;
use crate::swap::Swaps;
use std::cmp::Reverse;
use std::collections::VecDeque;

/// Up to so many bins, each is compared with every other for swaps.
const ALL_PAIRS: usize = 64;

/// Bins that a bin is compared with for swaps, above that.
const PARTNERS: usize = 4;

/// Goes down until no shift, swap or ejection that it looks at is better by at least `gain`:
/// first open items, then bin by bin, the worst first, and again the bins that got more. A rack
/// that has become more even may take more, so the open items come once more.
pub(crate) fn descend(search: &mut Search, gain: i64) {
    place_open(search);
    even_out(search, gain);
    let left = place_open(search);
    left.into_iter().rev().for_each(|item| {
        try_eject(search, item);
    });
}

/// Places what is nowhere, the largest first, and returns what fits nowhere.
fn place_open(search: &mut Search) -> Vec<u32> {
    let open = |item: &u32| search.state.at(*item).is_none();
    let waiting = (0..search.checked().items() as u32).filter(open).collect();
    settle_all(search, &largest_first(search.checked(), waiting))
}

fn even_out(search: &mut Search, gain: i64) {
    let order = Order::worst_first(search);
    let (mut queue, mut swaps) = (Queue::new(&order.bins), Swaps::default());
    let stride = order.bins.len() / 4 + 1;
    for turn in 1.. {
        let Some(bin) = queue.pop() else { return };
        if turn % stride == 0 {
            search.sort();
        }
        relieve(search, bin, gain, &mut queue);
        for &partner in partners(bin, &order) {
            if partner != bin && swaps.between(search, bin, partner, gain) {
                queue.push(bin);
                queue.push(partner);
            }
        }
    }
}

/// Bins to look at, each at most once at a time.
struct Queue {
    bins: VecDeque<u32>,
    is_in: Vec<bool>,
}

impl Queue {
    fn new(bins: &[u32]) -> Queue {
        Queue { bins: bins.iter().copied().collect(), is_in: vec![true; bins.len()] }
    }

    fn push(&mut self, bin: u32) {
        if !std::mem::replace(&mut self.is_in[bin as usize], true) {
            self.bins.push_back(bin);
        }
    }

    fn pop(&mut self) -> Option<u32> {
        let bin = self.bins.pop_front()?;
        self.is_in[bin as usize] = false;
        Some(bin)
    }
}

/// Bins from the worst to the best, and the place of each bin among them.
struct Order {
    bins: Vec<u32>,
    places: Vec<u32>,
}

impl Order {
    fn worst_first(search: &Search) -> Order {
        let mut bins: Vec<u32> = (0..search.checked().bins() as u32).collect();
        bins.sort_by_cached_key(|&bin| {
            Reverse((search.state.overload(bin), search.state.burden(bin)))
        });
        let mut places = vec![0; bins.len()];
        (0..).zip(&bins).for_each(|(place, &bin)| places[bin as usize] = place);
        Order { bins, places }
    }
}

/// Sends items of a bin to where they are cheaper.
fn relieve(search: &mut Search, bin: u32, gain: i64, queue: &mut Queue) {
    let residents = search.state.residents(bin).to_vec();
    for item in residents {
        if try_shift(search, item, gain)
            && let Some(target) = search.state.at(item)
        {
            queue.push(target);
        }
    }
}

/// Sends one item to a better bin if there is one. An item that breaks a rule where it is, or is
/// nowhere, may pay any price.
fn try_shift(search: &mut Search, item: u32, gain: i64) -> bool {
    if !search.state.is_urgent(item) {
        let limit = 1 - gain - search.state.departure(item).soft();
        let found = search.best(item, limit);
        found.inspect(|&(bin, _)| search.shift(item, Some(bin))).is_some()
    } else if let Some((bin, _)) = search.best(item, i64::MAX) {
        let is_better = search.state.delta(item, Some(bin)).improves(gain);
        if is_better {
            search.shift(item, Some(bin));
        }
        is_better
    } else {
        try_eject(search, item)
    }
}

/// All bins where they are few, else those about as far from the end of the order as this one is
/// from its start: the heavy meet the light.
fn partners(bin: u32, order: &Order) -> &[u32] {
    let count = order.bins.len();
    if count <= ALL_PAIRS {
        return &order.bins;
    }
    let mirrored = count - 1 - order.places[bin as usize] as usize;
    let start = mirrored.saturating_sub(PARTNERS / 2).min(count - PARTNERS);
    &order.bins[start..start + PARTNERS]
}
