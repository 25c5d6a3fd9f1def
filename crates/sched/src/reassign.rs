use crate::cost::Rank;
use crate::search::Search;
use crate::{Cost, State};

/// Bins among which items are assigned anew, at most.
pub(crate) const BINS: usize = 8;

/// Frees some items and assigns them anew to some bins as well as possible, looking at no more
/// than `nodes` partial assignments. Says whether that was better; else nothing changes.
///
/// Items that move keep all rules where they end, no spread becomes more uneven, and no item that
/// was placed at the start is left out.
pub(crate) fn reassign(search: &mut Search, items: &[u32], bins: &[u32], nodes: u32) -> bool {
    let before = search.state.cost();
    let was: Vec<Option<u32>> = items.iter().map(|&item| search.state.at(item)).collect();
    items.iter().for_each(|&item| search.shift(item, None));
    let may_be_open = items.iter().map(|&item| search.may_be_open(item)).collect();
    let mut dive = Dive {
        state: &mut search.state,
        may_be_open,
        items,
        bins: &bins[..bins.len().min(BINS)],
        was: &was,
        conflicts: before.conflicts,
        skew: before.skew,
        nodes,
        now: vec![None; items.len()],
        best: before.rank(),
        found: None,
    };
    dive.down(0);
    let found = dive.found;
    let end = found.as_ref().unwrap_or(&was);
    items.iter().zip(end).for_each(|(&item, &bin)| search.shift(item, bin));
    found.is_some()
}

/// A depth-first search over the bins of one item after the other.
struct Dive<'a, 'c> {
    /// As it was again after the dive, so that the index of the bins need not follow it.
    state: &'a mut State<'c>,
    may_be_open: Vec<bool>,
    items: &'a [u32],
    bins: &'a [u32],
    was: &'a [Option<u32>],
    conflicts: i64,
    skew: i64,
    nodes: u32,
    now: Vec<Option<u32>>,
    best: Rank,
    found: Option<Vec<Option<u32>>>,
}

impl Dive<'_, '_> {
    fn down(&mut self, depth: usize) {
        if self.nodes == 0 || self.least(depth) >= self.best {
            return;
        }
        self.nodes -= 1;
        let Some(&item) = self.items.get(depth) else { return self.end() };
        let (mut bins, count) = self.cheapest_first(depth);
        for &mut (_, bin) in &mut bins[..count] {
            self.go(depth, item, Some(bin));
        }
        if self.may_be_open[depth] {
            self.go(depth, item, None);
        }
    }

    fn go(&mut self, depth: usize, item: u32, bin: Option<u32>) {
        let before = self.state.cost();
        self.state.shift(item, bin);
        self.now[depth] = bin;
        self.down(depth + 1);
        self.state.take_back(item, before);
    }

    /// The bins that may take an item, and how many they are. Where it was it may stay, whatever
    /// that breaks: the end decides.
    fn cheapest_first(&self, depth: usize) -> ([(i64, u32); BINS], usize) {
        let (item, state) = (self.items[depth], &self.state);
        let (mut bins, mut count) = ([(0, 0); BINS], 0);
        for &bin in self.bins {
            if self.was[depth] == Some(bin) || state.fits_by_itself(item, bin) {
                bins[count] = (state.arrival(item, bin).soft(), bin);
                count += 1;
            }
        }
        bins[..count].sort_unstable();
        (bins, count)
    }

    /// The least that the assignment can cost once the items from `depth` on are placed. Wants may
    /// still be met, a skew may still be evened out and what is missing may still follow, so they do
    /// not count yet.
    fn least(&self, depth: usize) -> Rank {
        let cost = self.state.cost();
        let open = (self.items.len() - depth) as i64;
        let terms = &self.state.checked().terms;
        let settled = Cost {
            conflicts: if terms.has_follows() { 0 } else { cost.conflicts },
            skew: 0,
            strain: if terms.has_ratios() { 0 } else { cost.strain },
            wants: 0,
            unplaced: cost.unplaced - open,
            ..cost
        };
        settled.rank()
    }

    fn end(&mut self) {
        let cost = self.state.cost();
        let sound = cost.conflicts <= self.conflicts && cost.skew <= self.skew;
        if cost.rank() < self.best && sound && self.is_sound() {
            self.best = cost.rank();
            self.found = Some(self.now.clone());
        }
    }

    /// Whether every item that moved may be where it is. Those that stay may break rules as before.
    fn is_sound(&self) -> bool {
        let ends = self.items.iter().zip(self.was.iter().zip(&self.now));
        let mut moved =
            ends.filter_map(|(&item, (was, now))| now.filter(|_| was != now).map(|to| (item, to)));
        moved.all(|(item, to)| self.state.fits_by_itself(item, to))
    }
}
