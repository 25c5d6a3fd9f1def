/// The way back to the best assignment, which is cheaper to keep than a copy of each.
#[derive(Clone, Debug)]
pub(crate) struct Trail {
    /// Items that moved since, and where they came from.
    moves: Vec<(u32, u32)>,
    /// The best, once the way back has become too long; empty until then.
    best: Vec<Option<u32>>,
    limit: usize,
}

impl Trail {
    /// The trail of an assignment that is the best now.
    pub(crate) fn new(items: usize) -> Trail {
        let (moves, best) = (Vec::with_capacity(items + 1), Vec::with_capacity(items));
        Trail { moves, best, limit: items }
    }

    /// Takes note of a move that is about to be made.
    #[inline]
    pub(crate) fn note(&mut self, item: u32, from: u32, at: &[Option<u32>]) {
        if !self.best.is_empty() {
            return;
        }
        if self.moves.len() == self.limit {
            self.best = self.best(at);
            return;
        }
        self.moves.push((item, from));
    }

    /// The present assignment is the best.
    #[inline]
    pub(crate) fn restart(&mut self) {
        self.moves.clear();
        self.best.clear();
    }

    /// The best, from the present assignment.
    pub(crate) fn best(&self, at: &[Option<u32>]) -> Vec<Option<u32>> {
        if !self.best.is_empty() {
            return self.best.clone();
        }
        let mut best = at.to_vec();
        self.moves.iter().rev().for_each(|&(item, bin)| best[item as usize] = Some(bin));
        best
    }
}
