use super::{Bridge, DEPTH, VAIN, WINDOW};

/// Items that are moved aside at most to make room for one, and bins that are tried for each.
const EVICTIONS: usize = 64;
const DETOURS: usize = 4;

/// What helps an item that cannot go straight.
impl Bridge<'_> {
    /// Sends an item to a third place, or makes room for it: where it goes, or at a third place.
    pub(super) fn help(&mut self, item: u32) {
        let depth = DEPTH.min(self.vain / self.apart.len().max(VAIN));
        if self.try_third(item) {
        } else if self.dice.below(2) == 0 {
            self.make_way(item, depth);
        } else {
            self.try_detour(item, depth);
        }
    }

    /// Sends an item to one third place from both sides, which then only has to be left.
    fn try_third(&mut self, item: u32) -> bool {
        if !self.way.runs_on(item) {
            return false;
        }
        let first = self.dice.below(self.way.checked.bins());
        let bin = self.window(first).map(Some).find(|&place| self.may_join(item, place));
        let stop = || (self.is_late && self.may_join(item, None)).then_some(None);
        let Some(place) = bin.or_else(stop) else { return false };
        self.join(item, place);
        true
    }

    fn make_way(&mut self, item: u32, depth: usize) {
        let side = self.dice.below(2);
        let Some(bin) = self.sides[1 - side].at(item) else { return };
        if self.try_clear(side, item, bin, depth) {
            self.shift(side, item, Some(bin));
        }
    }

    /// Sends an item to one third place from both sides, where others make way for it.
    fn try_detour(&mut self, item: u32, depth: usize) -> bool {
        let bin = self.dice.below(self.way.checked.bins()) as u32;
        if !self.way.runs_on(item) || !self.is_open(bin) || !self.could_hold(bin, item) {
            return false;
        }
        let is_free = (0..2).all(|side| self.try_clear(side, item, bin, depth))
            && self.may_join(item, Some(bin));
        if is_free {
            self.join(item, Some(bin));
        }
        is_free
    }

    /// Moves others aside until an item may come to a bin. Says whether it may.
    fn try_clear(&mut self, side: usize, item: u32, bin: u32, depth: usize) -> bool {
        self.cleared.push(bin);
        let mut evictions = 0;
        while !self.may_shift(side, item, Some(bin))
            && evictions < EVICTIONS
            && self.try_evict(side, item, bin, depth)
        {
            evictions += 1;
        }
        self.cleared.pop();
        self.may_shift(side, item, Some(bin))
    }

    /// Moves one aside that stands in the way of another, if there is one that can be.
    fn try_evict(&mut self, side: usize, item: u32, bin: u32, depth: usize) -> bool {
        let residents = self.residents[side][bin as usize].len();
        let first = self.dice.below(residents.max(1));
        let seats = (0..residents).map(|it| (first + it) % residents);
        for seat in seats.clone() {
            let other = self.residents[side][bin as usize][seat];
            if self.may_evict(side, item, bin, other) && self.try_leave(side, other) {
                return true;
            }
        }
        let mut others = seats.map(|seat| self.residents[side][bin as usize][seat]);
        let other = others.find(|&other| self.may_evict(side, item, bin, other));
        let Some(other) = other.filter(|_| depth > 0) else { return false };
        (0..DETOURS).any(|_| self.try_detour(other, depth - 1))
            || self.sides[side].at(other) != Some(bin)
    }

    fn try_leave(&mut self, side: usize, item: u32) -> bool {
        let is_apart = self.is_apart(item);
        is_apart && self.try_meet(item) || self.try_third(item) || self.try_aside(side, item)
    }

    fn try_aside(&mut self, side: usize, item: u32) -> bool {
        let first = self.dice.below(self.way.checked.bins());
        if !self.way.runs_on(item) {
            return false;
        }
        let bin = self.window(first).find(|&bin| self.may_shift(side, item, Some(bin)));
        bin.map(|bin| self.shift(side, item, Some(bin))).is_some()
    }

    /// Whether one has something that another lacks, and is not harder to place.
    fn may_evict(&self, side: usize, item: u32, bin: u32, other: u32) -> bool {
        other != item
            && (self.is_late || self.weight(other) < self.weight(item))
            && self.stands_in_the_way(side, item, bin, other)
    }

    fn stands_in_the_way(&self, side: usize, item: u32, bin: u32, other: u32) -> bool {
        let checked = self.way.checked;
        let rows = self.sides[side].occupancy.load(bin).iter().zip(checked.capacity(bin));
        let mut rows = rows.zip(checked.demand(item).iter().zip(checked.demand(other)));
        let is_short = rows
            .any(|((load, limit), (need, frees))| *frees > 0 && *need > 0 && load + need > *limit);
        let ties = |it: u32| checked.links(it).iter().filter(|it| it.holds || it.refuses);
        is_short || ties(item).any(|one| ties(other).any(|it| it.key == one.key))
    }

    fn may_join(&self, item: u32, place: Option<u32>) -> bool {
        (0..2).all(|side| self.may_shift(side, item, place))
    }

    fn join(&mut self, item: u32, place: Option<u32>) {
        (0..2).for_each(|side| self.shift(side, item, place));
    }

    /// Some bins from one on, without those that room is being made on.
    fn window(&self, first: usize) -> impl Iterator<Item = u32> {
        let bins = self.way.checked.bins();
        let some = (0..bins.min(WINDOW)).map(move |it| ((first + it) % bins) as u32);
        some.filter(|&bin| self.is_open(bin))
    }

    fn is_open(&self, bin: u32) -> bool {
        !self.cleared.contains(&bin)
    }

    /// Whether a bin would be large enough if it were empty.
    fn could_hold(&self, bin: u32, item: u32) -> bool {
        let checked = self.way.checked;
        let mut rows = checked.demand(item).iter().zip(checked.capacity(bin));
        checked.is_eligible(item, bin) && rows.all(|(need, limit)| need <= limit)
    }
}
