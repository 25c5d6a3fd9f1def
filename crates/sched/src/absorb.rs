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

/// Why a lost item stays down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Down {
    /// No bin that its class may use is left.
    NoBin,
    /// No bin that is left has room for it.
    NoRoom {
        /// The resource that most of them are short of.
        resource: usize,
    },
    /// Some have room for it, but a rule keeps it from there.
    Rule,
}

/// Loses a bin, and places its items on the others, the largest first, each on the cheapest bin
/// that it fits on; one of them goes elsewhere where another would fit nowhere. Nothing else
/// moves; spreads no longer count the bin.
///
/// A bin that does not exist loses nothing. To lose many bins in turn, or several at once, keep an
/// [`Absorber`].
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
        self.absorb_all(&[dead])
    }

    /// Where the items of several bins would go that are lost together.
    pub fn absorb_all(&mut self, dead: &[u32]) -> Absorb {
        self.lose(dead, settle, |_, absorb| absorb)
    }

    /// The same, but each item goes to the first bin from `first` on that it fits on: a cheap
    /// answer that has little in common with others.
    pub(crate) fn absorb_from(&mut self, dead: &[u32], first: u32) -> Absorb {
        let near = |search: &mut Search, items: &[u32]| settle_near(search, items, first);
        self.lose(dead, near, |_, absorb| absorb)
    }

    /// The items of several lost bins that stay down, and why.
    pub fn down(&mut self, dead: &[u32]) -> Vec<(u32, Down)> {
        self.lose(dead, settle, |search, absorb| {
            absorb.stuck.iter().map(|&item| (item, down(search, item))).collect()
        })
    }

    pub(crate) fn state(&self) -> &State<'c> {
        &self.search.state
    }

    /// Moves an item for all questions that follow.
    pub(crate) fn shift(&mut self, item: u32, to: Option<u32>) {
        self.search.shift(item, to);
    }

    /// Loses bins, settles their items, looks at what is then, and takes it all back.
    fn lose<T>(
        &mut self,
        dead: &[u32],
        settle: impl FnOnce(&mut Search<'c>, &[u32]) -> Vec<u32>,
        look: impl FnOnce(&Search<'c>, Absorb) -> T,
    ) -> T {
        let search = &mut self.search;
        let mut dead = dead.to_vec();
        dead.sort_unstable();
        dead.dedup();
        let on = |&bin: &u32| search.state.residents(bin).iter().map(move |&it| (it, bin));
        let from: Vec<(u32, u32)> = dead.iter().flat_map(on).collect();
        let items = largest_first(search.checked(), from.iter().map(|it| it.0).collect());
        dead.iter().for_each(|&bin| search.close(bin));
        items.iter().for_each(|&item| search.shift(item, None));
        let mut stuck = settle(search, &items);
        stuck.retain(|&item| !try_displace(search, &items, item));
        let end = |&item: &u32| search.state.at(item).map(|bin| (item, bin));
        let moved = items.iter().filter_map(end).collect();
        let answer = look(search, Absorb { moved, stuck });
        dead.iter().for_each(|&bin| search.reopen(bin));
        from.iter().for_each(|&(item, bin)| search.shift(item, Some(bin)));
        answer
    }
}

/// Sends each item to the first bin that it fits on, and returns those that fit nowhere.
fn settle_near(search: &mut Search, items: &[u32], first: u32) -> Vec<u32> {
    let bins = search.checked().bins() as u32;
    let mut left = Vec::new();
    for &item in items {
        let mut around = (first..bins).chain(0..first.min(bins));
        let found = around.find(|&it| !search.is_closed(it) && search.state.fits(item, it));
        match found {
            Some(bin) => search.shift(item, Some(bin)),
            None => left.push(item),
        }
    }
    left
}

/// Makes room for an item that fits nowhere, by sending another of the lost ones elsewhere.
fn try_displace(search: &mut Search, lost: &[u32], item: u32) -> bool {
    lost.iter().any(|&other| {
        let Some(bin) = search.state.at(other) else { return false };
        search.shift(other, None);
        if search.state.fits(item, bin) {
            search.shift(item, Some(bin));
            if let Some((elsewhere, _)) = search.best(other, i64::MAX) {
                search.shift(other, Some(elsewhere));
                return true;
            }
            search.shift(item, None);
        }
        search.shift(other, Some(bin));
        false
    })
}

fn down(search: &Search, item: u32) -> Down {
    let checked = search.checked();
    let mut short = vec![0_u32; checked.problem().resources];
    let (mut has_bin, mut has_room) = (false, false);
    for bin in checked.class_of(item).eligible.iter().filter(|&bin| !search.is_closed(bin)) {
        let rows = checked.demand(item).iter().zip(search.state.room().left(bin)).enumerate();
        let mut lacks = rows.filter(|(_, (demand, left))| **demand as i64 > **left && **demand > 0);
        let first = lacks.next();
        first.iter().chain(&lacks.collect::<Vec<_>>()).for_each(|(at, _)| short[*at] += 1);
        (has_bin, has_room) = (true, has_room || first.is_none());
    }
    let resource = (0..short.len()).rev().max_by_key(|&at| short[at]).unwrap_or(0);
    match (has_bin, has_room) {
        (false, _) => Down::NoBin,
        (true, true) => Down::Rule,
        (true, false) => Down::NoRoom { resource },
    }
}
