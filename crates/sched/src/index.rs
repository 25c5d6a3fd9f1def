use crate::bits::ones;
use crate::{Checked, State};

/// Bins in one block, as many as a word of [`Bits`](crate::Bits) has.
const BLOCK: usize = 64;

/// Blocks that are looked into before the best bin so far is taken.
const VISITS: usize = 4;

/// Finds cheap bins without looking at all of them: blocks of bins, each with the most room and
/// the lowest load in it, so that a block without hope is passed over.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    /// Per block and resource: the most room on any of its bins.
    room: Vec<u64>,
    /// Per block and resource: the lowest root of the balance, and the lowest slope.
    root: Vec<u64>,
    slope: Vec<u64>,
    stale: Vec<u32>,
    is_stale: Vec<bool>,
    /// A bin that is offered to no item.
    pub(crate) closed: Option<u32>,
    /// Blocks in question, by the least that they can cost.
    queue: Vec<(i64, u32)>,
}

/// A search for the cheapest bin of one item.
struct Hunt<'a> {
    state: &'a State<'a>,
    item: u32,
    closed: Option<u32>,
    /// Whether keys may make a bin cheaper than its block promises.
    is_tied: bool,
    /// The cheapest bin so far, and its price.
    best: Option<(u32, i64)>,
    /// What the next one must be cheaper than.
    limit: i64,
}

impl Index {
    pub(crate) fn new(checked: &Checked) -> Index {
        let blocks = checked.bins().div_ceil(BLOCK);
        let cells = blocks * checked.problem().resources;
        Index {
            room: vec![0; cells],
            root: vec![0; cells],
            slope: vec![0; cells],
            stale: (0..blocks as u32).collect(),
            is_stale: vec![true; blocks],
            closed: None,
            queue: Vec::with_capacity(blocks),
        }
    }

    /// The load of a bin has changed.
    #[inline]
    pub(crate) fn touch(&mut self, bin: u32) {
        let block = bin as usize / BLOCK;
        if !self.is_stale[block] {
            self.is_stale[block] = true;
            self.stale.push(block as u32);
        }
    }

    /// The cheapest bin found that the item fits on, other than where it is, with the price of its
    /// arrival, which is below `limit`. Finds one wherever there is one.
    pub(crate) fn best(&mut self, state: &State, item: u32, limit: i64) -> Option<(u32, i64)> {
        self.refresh(state);
        let is_tied = !state.checked().links(item).is_empty();
        let mut hunt = Hunt { state, item, closed: self.closed, is_tied, best: None, limit };
        hunt.try_home();
        self.fill_queue(&hunt);
        let visits = VISITS.min(self.queue.len());
        if visits < self.queue.len() {
            self.queue.select_nth_unstable(visits);
        }
        let (first, rest) = self.queue.split_at_mut(visits);
        first.sort_unstable();
        first.iter().for_each(|&(bound, block)| hunt.visit(bound, block));
        let mut rest = rest.iter();
        while let (None, Some(&(bound, block))) = (hunt.best, rest.next()) {
            hunt.visit(bound, block);
        }
        hunt.best
    }

    fn refresh(&mut self, state: &State) {
        while let Some(block) = self.stale.pop() {
            self.is_stale[block as usize] = false;
            self.measure(state, block as usize);
        }
    }

    fn measure(&mut self, state: &State, block: usize) {
        let checked = state.checked();
        let resources = checked.problem().resources;
        let cells = block * resources..(block + 1) * resources;
        self.room[cells.clone()].fill(0);
        self.root[cells.clone()].fill(u64::MAX);
        self.slope[cells.clone()].fill(u64::MAX);
        let last = ((block + 1) * BLOCK).min(checked.bins());
        for bin in block * BLOCK..last {
            let rows = state.occupancy().load(bin as u32).iter();
            let rows = rows.zip(checked.capacity(bin as u32)).enumerate();
            for ((resource, (&load, &limit)), cell) in rows.zip(cells.clone()) {
                let root = checked.balance.root(bin, resource, load) as u64;
                let slope = checked.balance.slope(bin, resource);
                self.room[cell] = self.room[cell].max(limit.saturating_sub(load));
                self.root[cell] = self.root[cell].min(root);
                self.slope[cell] = self.slope[cell].min(slope);
            }
        }
    }

    fn fill_queue(&mut self, hunt: &Hunt) {
        let checked = hunt.state.checked();
        let eligible = &checked.class_of(hunt.item).eligible;
        let away = hunt.state.away_cost(hunt.item);
        let mut queue = std::mem::take(&mut self.queue);
        queue.clear();
        for block in 0..self.is_stale.len() {
            if eligible.word(block) == 0 || !self.has_room(checked, hunt.item, block) {
                continue;
            }
            let bound = self.bound(checked, hunt.item, block) + away;
            if hunt.is_tied || bound < hunt.limit {
                queue.push((bound, block as u32));
            }
        }
        self.queue = queue;
    }

    fn has_room(&self, checked: &Checked, item: u32, block: usize) -> bool {
        let demand = checked.demand(item);
        let room = &self.room[block * demand.len()..];
        demand.iter().zip(room).all(|(demand, room)| demand <= room)
    }

    /// The least that the item can add to the balance of any bin of the block.
    fn bound(&self, checked: &Checked, item: u32, block: usize) -> i64 {
        let demand = checked.demand(item);
        let start = block * demand.len();
        let least = demand.iter().enumerate().map(|(resource, &demand)| {
            let cell = start + resource;
            checked.balance.least_rise(self.root[cell], self.slope[cell], resource, demand)
        });
        least.sum()
    }
}

impl Hunt<'_> {
    /// Looks at the bin that costs no move, whose block may not promise much.
    fn try_home(&mut self) {
        if let Some(bin) = self.state.home(self.item) {
            self.look(bin);
        }
    }

    fn visit(&mut self, bound: i64, block: u32) {
        if !self.is_tied && bound >= self.limit {
            return;
        }
        let eligible = &self.state.checked().class_of(self.item).eligible;
        ones(block, eligible.word(block as usize)).for_each(|bin| self.look(bin));
    }

    #[inline]
    fn look(&mut self, bin: u32) {
        let state = self.state;
        let is_out = state.at(self.item) == Some(bin) || self.closed == Some(bin);
        if is_out || !state.occupancy().has_room(self.item, bin) {
            return;
        }
        let price = state.arrival(self.item, bin).soft();
        if price < self.limit && state.fits(self.item, bin) {
            (self.best, self.limit) = (Some((bin, price)), price);
        }
    }
}
