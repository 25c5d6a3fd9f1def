use crate::index::Index;
use crate::{Checked, State};

/// Items in a row for which room is sought in vain before no more is sought.
pub(crate) const PATIENCE: u32 = 200;

/// A state together with the index of its bins, which changes with it.
#[derive(Clone, Debug)]
pub(crate) struct Search<'c> {
    pub(crate) state: State<'c>,
    index: Index,
    /// The items that were nowhere at the start: only these may be left out in the end.
    was_open: Vec<bool>,
    /// How many more items may find no room before no more is made.
    pub(crate) patience: u32,
}

impl<'c> Search<'c> {
    pub(crate) fn new(state: State<'c>) -> Search<'c> {
        let index = Index::new(&state);
        let was_open = state.assignment().iter().map(Option::is_none).collect();
        Search { state, index, was_open, patience: PATIENCE }
    }

    pub(crate) fn checked(&self) -> &'c Checked {
        self.state.checked()
    }

    /// Whether a bin was lost.
    pub(crate) fn is_closed(&self, bin: u32) -> bool {
        self.index.is_closed(bin)
    }

    pub(crate) fn may_be_open(&self, item: u32) -> bool {
        self.was_open[item as usize]
    }

    pub(crate) fn shift(&mut self, item: u32, to: Option<u32>) {
        let from = self.state.at(item);
        self.state.shift(item, to);
        for bin in [from, to].into_iter().flatten() {
            self.index.update(&self.state, bin);
        }
    }

    /// Makes [`best`](Search::best) better again after many shifts.
    pub(crate) fn sort(&mut self) {
        self.index.sort(&self.state);
    }

    /// The cheapest bin found that the item fits on, and the price of its arrival, if that is
    /// below `limit`. Without a limit (`i64::MAX`) one is found wherever there is one.
    pub(crate) fn best(&mut self, item: u32, limit: i64) -> Option<(u32, i64)> {
        self.index.best(&self.state, item, limit)
    }

    /// Loses a bin: it is offered to no item, and no spread counts it.
    pub(crate) fn close(&mut self, bin: u32) {
        self.index.close(bin, true);
        self.state.retire(bin);
    }

    /// Takes the loss of an empty bin back.
    pub(crate) fn reopen(&mut self, bin: u32) {
        self.index.close(bin, false);
        self.state.revive(bin);
    }
}
