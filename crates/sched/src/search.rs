use crate::index::Index;
use crate::{Checked, State};

/// A state together with the index of its bins, which changes with it.
#[derive(Clone, Debug)]
pub(crate) struct Search<'c> {
    pub(crate) state: State<'c>,
    index: Index,
    /// The items that were nowhere at the start: only these may be left out in the end.
    was_open: Vec<bool>,
}

impl<'c> Search<'c> {
    pub(crate) fn new(state: State<'c>) -> Search<'c> {
        let index = Index::new(state.checked());
        let was_open = state.assignment().iter().map(Option::is_none).collect();
        Search { state, index, was_open }
    }

    pub(crate) fn checked(&self) -> &'c Checked {
        self.state.checked()
    }

    pub(crate) fn may_be_open(&self, item: u32) -> bool {
        self.was_open[item as usize]
    }

    pub(crate) fn shift(&mut self, item: u32, to: Option<u32>) {
        for bin in [self.state.at(item), to].into_iter().flatten() {
            self.index.touch(bin);
        }
        self.state.shift(item, to);
    }

    /// The cheapest bin found that the item fits on, and the price of its arrival, if that is
    /// below `limit`. Where there is one, one is found.
    pub(crate) fn best(&mut self, item: u32, limit: i64) -> Option<(u32, i64)> {
        self.index.best(&self.state, item, limit)
    }

    /// Loses a bin: it is offered to no item, and no spread counts it.
    pub(crate) fn close(&mut self, bin: u32) {
        self.index.closed = Some(bin);
        self.state.retire(bin);
    }

    /// Takes the loss of an empty bin back.
    pub(crate) fn reopen(&mut self, bin: u32) {
        self.index.closed = None;
        self.state.revive(bin);
    }
}
