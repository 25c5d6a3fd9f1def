use crate::place::{largest_first, settle};
use crate::search::Search;
use crate::{Checked, State};

/// Where the items of a lost bin would go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Absorb {
    /// Items that find another bin, and which, in the order in which they were placed.
    pub moved: Vec<(u32, u32)>,
    /// Items that fit nowhere else, largest first.
    pub stuck: Vec<u32>,
}

/// Loses a bin, and places its items on the others, the largest first, each on the cheapest bin
/// that it fits on. Nothing else moves; spreads no longer count the bin.
///
/// A bin that does not exist loses nothing. To lose many bins in turn, keep an [`Absorber`].
pub fn absorb(checked: &Checked, at: &[Option<u32>], dead: u32) -> Absorb {
    Absorber::new(checked, at).absorb(dead)
}

/// Answers where the items of a lost bin would go, for one assignment and bin after bin.
#[derive(Clone, Debug)]
pub struct Absorber<'c> {
    search: Search<'c>,
}

impl<'c> Absorber<'c> {
    /// Prepares an assignment. Missing entries and bins that do not exist count as unplaced.
    pub fn new(checked: &'c Checked, at: &[Option<u32>]) -> Absorber<'c> {
        Absorber { search: Search::new(State::new(checked, at)) }
    }

    /// Where the items of one bin would go; takes no notice of the bins asked for before.
    pub fn absorb(&mut self, dead: u32) -> Absorb {
        let residents = self.search.state.residents(dead).to_vec();
        let residents = largest_first(self.search.checked(), residents);
        self.search.close(dead);
        residents.iter().for_each(|&item| self.search.shift(item, None));
        let stuck = settle(&mut self.search, &residents);
        let end = |&item: &u32| self.search.state.at(item).map(|bin| (item, bin));
        let moved = residents.iter().filter_map(end).collect();
        self.search.reopen(dead);
        residents.iter().for_each(|&item| self.search.shift(item, Some(dead)));
        Absorb { moved, stuck }
    }
}
