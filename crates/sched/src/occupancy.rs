use crate::Checked;
use crate::checked::Link;
use crate::tally::{Tallies, Tally};

/// What the bins carry: loads and keys. An item may be in two places while it moves.
#[derive(Clone, Debug)]
pub(crate) struct Occupancy<'c> {
    pub(crate) checked: &'c Checked,
    loads: Vec<u64>,
    tallies: Tallies,
}

impl<'c> Occupancy<'c> {
    /// Every bin with its base load only.
    pub(crate) fn new(checked: &'c Checked) -> Occupancy<'c> {
        let tallies = Tallies::new(checked.key_domains(), checked.link_count());
        Occupancy { checked, loads: checked.problem().base.clone(), tallies }
    }

    #[inline]
    pub(crate) fn load(&self, bin: u32) -> &[u64] {
        let start = bin as usize * self.checked.problem().resources;
        &self.loads[start..start + self.checked.problem().resources]
    }

    pub(crate) fn enter(&mut self, item: u32, bin: u32) {
        let checked = self.checked;
        let loads = self.load_mut(bin).iter_mut().zip(checked.demand(item));
        loads.for_each(|(load, demand)| *load += demand);
        for link in checked.links(item) {
            self.tallies.enter(link, checked.key_domain(link.key, bin));
        }
    }

    /// Takes an item off a bin that it entered.
    pub(crate) fn leave(&mut self, item: u32, bin: u32) {
        let checked = self.checked;
        let loads = self.load_mut(bin).iter_mut().zip(checked.demand(item));
        loads.for_each(|(load, demand)| *load -= demand);
        for link in checked.links(item) {
            self.tallies.leave(link, checked.key_domain(link.key, bin));
        }
    }

    /// How many items hold a key in the domain around a bin.
    #[inline]
    pub(crate) fn holders(&self, key: u32, bin: u32) -> u32 {
        self.tallies.at(key, self.checked.key_domain(key, bin)).holders
    }

    /// Whether no other item in the bin's domains refuses the item or is refused by it.
    #[inline]
    pub(crate) fn accepts(&self, item: u32, bin: u32, here: Option<u32>) -> bool {
        let mut links = self.checked.links(item).iter();
        links.all(|link| self.others(link, bin, here).accepts(link))
    }

    /// The tally of a link's key around a bin, without the item itself, which is at `here`.
    pub(crate) fn others(&self, link: &Link, bin: u32, here: Option<u32>) -> Tally {
        let domain = self.checked.key_domain(link.key, bin);
        let tally = self.tallies.at(link.key, domain);
        match here.map(|here| self.checked.key_domain(link.key, here)) {
            Some(own) if own == domain => tally.without(link),
            Some(_) | None => tally,
        }
    }

    fn load_mut(&mut self, bin: u32) -> &mut [u64] {
        let start = bin as usize * self.checked.problem().resources;
        &mut self.loads[start..start + self.checked.problem().resources]
    }
}
