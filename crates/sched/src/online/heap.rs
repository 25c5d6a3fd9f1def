use std::cmp::Ordering;

/// Children per entry: a family of keys is one line of the processor's cache.
const WIDTH: usize = 8;

/// The nodes of a group, the best on top. A key is the points in its upper half and the rank of
/// the node in its lower, so that no two are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heap {
    keys: Vec<u64>,
}

/// Where the ranks of nodes come from, and how to find a node by its rank.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ranks {
    factor: u32,
    inverse: u32,
    flip: u32,
}

impl Ranks {
    /// The lowest number ranks highest.
    pub(crate) fn lowest() -> Ranks {
        Ranks { factor: 1, inverse: 1, flip: u32::MAX }
    }

    /// An order that looks thrown.
    pub(crate) fn seeded(seed: u64) -> Ranks {
        let mut dice = crate::dice::Dice::new(seed);
        let factor = dice.next() as u32 | 1;
        // Newton's iteration doubles the bits that are right, of which an odd number has three.
        let better =
            |inverse: u32| inverse.wrapping_mul(2u32.wrapping_sub(factor.wrapping_mul(inverse)));
        let inverse = (0..4).fold(factor, |inverse, _| better(inverse));
        Ranks { factor, inverse, flip: dice.next() as u32 }
    }

    /// The key of a node.
    #[inline]
    pub(crate) fn key(self, node: u32, points: u32) -> u64 {
        u64::from(points) << 32 | u64::from(node.wrapping_mul(self.factor) ^ self.flip)
    }

    /// The node of a key.
    #[inline]
    pub(crate) fn node(self, key: u64) -> u32 {
        (key as u32 ^ self.flip).wrapping_mul(self.inverse)
    }
}

/// The points of a key.
#[inline]
pub(crate) fn points(key: u64) -> u32 {
    (key >> 32) as u32
}

impl Heap {
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn capacity(&self) -> usize {
        self.keys.capacity()
    }

    /// The key on top.
    #[inline]
    pub(crate) fn top(&self) -> Option<u64> {
        self.keys.first().copied()
    }

    /// Appends a key out of order, to be put in order by [`Heap::order`].
    pub(crate) fn append(&mut self, key: u64) {
        self.keys.push(key);
    }

    /// Puts all keys in order, and tells where each is.
    pub(crate) fn order(&mut self, mut tell: impl FnMut(u64, usize)) {
        for at in (0..self.keys.len().div_ceil(WIDTH)).rev() {
            self.down(at, &mut |_, _| {});
        }
        self.keys.iter().enumerate().for_each(|(at, &key)| tell(key, at));
    }

    /// Adds a key.
    pub(crate) fn push(&mut self, key: u64, mut tell: impl FnMut(u64, usize)) {
        self.keys.push(key);
        self.up(self.keys.len() - 1, &mut tell);
    }

    /// Changes the key at a place.
    #[inline]
    pub(crate) fn replace(&mut self, at: usize, key: u64, mut tell: impl FnMut(u64, usize)) {
        let was = std::mem::replace(&mut self.keys[at], key);
        match key.cmp(&was) {
            Ordering::Greater => self.up(at, &mut tell),
            Ordering::Less => self.down(at, &mut tell),
            Ordering::Equal => {}
        }
    }

    /// Some of the keys around a place, mixed: to have them in the cache.
    pub(crate) fn near(&self, at: usize) -> u64 {
        let key = |at: usize| self.keys.get(at).copied().unwrap_or(0);
        key(at) ^ key(at.saturating_sub(1) / WIDTH) ^ key(at * WIDTH + 1) ^ key((at + 1) * WIDTH)
    }

    /// Removes the key at a place.
    pub(crate) fn remove(&mut self, at: usize, tell: impl FnMut(u64, usize)) {
        let Some(last) = self.keys.pop() else { return };
        if at < self.keys.len() {
            // No two keys are the same, so that the place of the last one is told.
            self.replace(at, last, tell);
        }
    }

    /// Visits all keys that have as many points as this one.
    pub(crate) fn each_like(&self, key: u64, visit: &mut impl FnMut(u64)) {
        if self.top().is_some_and(|top| points(top) >= points(key)) {
            self.each_at(0, points(key), visit);
        }
    }

    fn each_at(&self, at: usize, like: u32, visit: &mut impl FnMut(u64)) {
        if points(self.keys[at]) == like {
            visit(self.keys[at]);
        }
        for child in children(at, self.keys.len()) {
            if points(self.keys[child]) >= like {
                self.each_at(child, like, visit);
            }
        }
    }

    /// The best key that passes, if it is found before patience ends.
    pub(crate) fn best(&self, patience: &mut u32, passes: &impl Fn(u64) -> bool) -> Option<u64> {
        let top = self.top()?;
        if passes(top) { Some(top) } else { self.best_below(0, None, patience, passes) }
    }

    /// The same below a key that does not pass, if it is better than what there is.
    fn best_below(
        &self,
        at: usize,
        mut best: Option<u64>,
        patience: &mut u32,
        passes: &impl Fn(u64) -> bool,
    ) -> Option<u64> {
        *patience = patience.saturating_sub(1);
        for child in children(at, self.keys.len()) {
            let key = self.keys[child];
            if *patience == 0 || best.is_some_and(|best| best > key) {
                continue;
            }
            best = match passes(key) {
                true => Some(key),
                false => self.best_below(child, best, patience, passes),
            };
        }
        best
    }

    fn up(&mut self, mut at: usize, tell: &mut impl FnMut(u64, usize)) {
        let key = self.keys[at];
        while at > 0 && self.keys[(at - 1) / WIDTH] < key {
            let parent = (at - 1) / WIDTH;
            self.keys[at] = self.keys[parent];
            tell(self.keys[at], at);
            at = parent;
        }
        self.keys[at] = key;
        tell(key, at);
    }

    fn down(&mut self, mut at: usize, tell: &mut impl FnMut(u64, usize)) {
        let key = self.keys[at];
        while let Some((child, best)) = self.best_child(at).filter(|&(_, best)| best > key) {
            self.keys[at] = best;
            tell(best, at);
            at = child;
        }
        self.keys[at] = key;
        tell(key, at);
    }

    #[inline]
    fn best_child(&self, at: usize) -> Option<(usize, u64)> {
        let range = children(at, self.keys.len());
        let start = range.start;
        let family = self.keys[range].iter().enumerate();
        family.map(|(child, &key)| (start + child, key)).max_by_key(|&(_, key)| key)
    }
}

#[inline]
fn children(at: usize, len: usize) -> std::ops::Range<usize> {
    let first = (at * WIDTH + 1).min(len);
    first..(first + WIDTH).min(len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_found_by_its_key_whatever_the_seed() {
        for ranks in [Ranks::lowest(), Ranks::seeded(0), Ranks::seeded(7)] {
            for node in [0, 1, 2, 99_999, u32::MAX] {
                assert_eq!(ranks.node(ranks.key(node, 5)), node);
                assert_eq!(points(ranks.key(node, 5)), 5);
            }
        }
        assert!(Ranks::lowest().key(3, 5) > Ranks::lowest().key(4, 5));
    }

    #[test]
    fn the_best_is_on_top_after_every_change_and_places_are_told() {
        let (mut heap, mut dice) = (Heap::default(), crate::dice::Dice::new(3));
        let (mut places, mut points_of) = ([usize::MAX; 64], [0u32; 64]);
        let ranks = Ranks::lowest();
        for turn in 0..3_000 {
            let node = dice.below(64) as u32;
            let (at, value) = (places[node as usize], dice.below(20) as u32);
            let tell = |key: u64, at: usize| places[ranks.node(key) as usize] = at;
            if at == usize::MAX {
                heap.push(ranks.key(node, value), tell);
            } else if turn % 3 == 0 {
                heap.remove(at, tell);
                places[node as usize] = usize::MAX;
                continue;
            } else {
                heap.replace(at, ranks.key(node, value), tell);
            }
            points_of[node as usize] = value;
            let all = (0..64u32).filter(|&it| places[it as usize] != usize::MAX);
            let best = all.map(|it| ranks.key(it, points_of[it as usize])).max();
            assert_eq!(heap.top(), best);
        }
    }
}
