use crate::State;
use crate::hunt::Hunt;

/// Bins in a block.
const BLOCK: usize = 64;

/// Blocks that are looked into before the best bin so far is taken.
const VISITS: usize = 2;

/// Finds cheap bins without looking at all of them: bins of like price stand in blocks, each with
/// the most room and the lowest load in it, so that a block without hope is passed over.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    resources: usize,
    /// The bins by the price that they had when they were sorted, and the place of each bin.
    bins: Vec<u32>,
    places: Vec<u32>,
    /// Per place and resource.
    cells: Vec<Cell>,
    /// Per block and resource: the best of each.
    blocks: Vec<Cell>,
    stale: Vec<u32>,
    is_stale: Vec<bool>,
    /// Blocks in question, by the least that they can cost.
    queue: Vec<(i64, u32)>,
    /// Per bin: whether it is offered to no item.
    is_closed: Vec<bool>,
}

/// What decides whether a demand fits, and what it costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    pub(crate) room: u64,
    pub(crate) root: u64,
    pub(crate) slope: u64,
}

impl Index {
    pub(crate) fn new(state: &State) -> Index {
        let checked = state.checked();
        let (bins, resources) = (checked.bins(), checked.problem().resources);
        let blocks = bins.div_ceil(BLOCK);
        let nothing = Cell { room: 0, root: 0, slope: 0 };
        let mut index = Index {
            resources,
            bins: (0..bins as u32).collect(),
            places: (0..bins as u32).collect(),
            cells: vec![nothing; bins * resources],
            blocks: vec![nothing; blocks * resources],
            stale: Vec::with_capacity(blocks),
            is_stale: vec![false; blocks],
            queue: Vec::with_capacity(blocks),
            is_closed: vec![false; bins],
        };
        index.sort(state);
        index
    }

    /// Puts bins of like price together again.
    pub(crate) fn sort(&mut self, state: &State) {
        let checked = state.checked();
        if self.bins.len() > VISITS * BLOCK {
            self.bins.sort_by_cached_key(|&bin| {
                (checked.typical_rise(bin, state.occupancy().load(bin)), bin)
            });
        }
        for place in 0..self.bins.len() {
            let bin = self.bins[place];
            self.places[bin as usize] = place as u32;
            self.update(state, bin);
        }
    }

    /// Offers a bin to no item, or to all again.
    pub(crate) fn close(&mut self, bin: u32, is_closed: bool) {
        if let Some(it) = self.is_closed.get_mut(bin as usize) {
            *it = is_closed;
        }
    }

    pub(crate) fn is_closed(&self, bin: u32) -> bool {
        self.is_closed[bin as usize]
    }

    /// Takes note that the load of a bin has changed.
    pub(crate) fn update(&mut self, state: &State, bin: u32) {
        let (checked, place) = (state.checked(), self.places[bin as usize] as usize);
        let rows = state.occupancy().load(bin).iter().zip(state.room().left(bin)).enumerate();
        for (resource, (&load, &left)) in rows {
            self.cells[place * self.resources + resource] = Cell {
                room: left.max(0) as u64,
                root: checked.balance.root(bin as usize, resource, load),
                slope: checked.balance.slope(bin as usize, resource),
            };
        }
        let block = place / BLOCK;
        if !std::mem::replace(&mut self.is_stale[block], true) {
            self.stale.push(block as u32);
        }
    }

    /// The cheapest bin found that the item fits on, other than where it is, with the price of its
    /// arrival, which is below `limit`. Without a limit one is found wherever there is one.
    pub(crate) fn best(&mut self, state: &State, item: u32, limit: i64) -> Option<(u32, i64)> {
        let mut hunt = Hunt::new(state, item, limit);
        // Home costs no move, so it may be cheaper than its block promises.
        if let Some(home) = state.home(item).filter(|&home| !self.is_closed[home as usize]) {
            hunt.look(home);
        }
        if state.checked().eligible_count(item) <= VISITS * BLOCK {
            state.checked().class_of(item).eligible.iter().for_each(|it| self.look(&mut hunt, it));
            return hunt.best;
        }
        self.refresh();
        let mut queue = self.queue(&hunt);
        let visits = VISITS.min(queue.len());
        if visits < queue.len() {
            queue.select_nth_unstable(visits);
        }
        let (first, rest) = queue.split_at_mut(visits);
        first.sort_unstable();
        first.iter().for_each(|&(bound, block)| self.visit(&mut hunt, bound, block));
        let mut rest = rest.iter().filter(|_| limit == i64::MAX);
        while let (None, Some(&(bound, block))) = (hunt.best, rest.next()) {
            self.visit(&mut hunt, bound, block);
        }
        self.queue = queue;
        hunt.best
    }

    fn refresh(&mut self) {
        while let Some(block) = self.stale.pop() {
            self.is_stale[block as usize] = false;
            let start = block as usize * BLOCK * self.resources;
            let end = (start + BLOCK * self.resources).min(self.cells.len());
            let best = &mut self.blocks[block as usize * self.resources..][..self.resources];
            best.fill(Cell { room: 0, root: u64::MAX, slope: u64::MAX });
            for row in self.cells[start..end].chunks_exact(self.resources) {
                best.iter_mut().zip(row).for_each(|(best, cell)| best.widen(cell));
            }
        }
    }

    /// The blocks that may have what a hunt is after.
    fn queue(&mut self, hunt: &Hunt) -> Vec<(i64, u32)> {
        let mut queue = std::mem::take(&mut self.queue);
        queue.clear();
        let blocks = (0..).zip(self.blocks.chunks_exact(self.resources));
        queue.extend(blocks.filter_map(|(block, best)| Some((hunt.least(best)?, block))));
        queue
    }

    fn visit(&self, hunt: &mut Hunt, bound: i64, block: u32) {
        if hunt.is_worth(bound) {
            let bins = self.bins.iter().skip(block as usize * BLOCK).take(BLOCK);
            bins.for_each(|&bin| self.look(hunt, bin));
        }
    }

    #[inline]
    fn look(&self, hunt: &mut Hunt, bin: u32) {
        let start = self.places[bin as usize] as usize * self.resources;
        if !self.is_closed[bin as usize]
            && hunt.least(&self.cells[start..start + self.resources]).is_some()
        {
            hunt.look(bin);
        }
    }
}

impl Cell {
    /// Takes over what is better in another cell.
    fn widen(&mut self, other: &Cell) {
        self.room = self.room.max(other.room);
        self.root = self.root.min(other.root);
        self.slope = self.slope.min(other.slope);
    }
}
