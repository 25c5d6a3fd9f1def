use crate::checked::Link;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Who holds, refuses and wants one key in one domain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) holders: u32,
    pub(crate) refusers: u32,
    /// What unmet wants of items that do not hold the key themselves would cost.
    wants: i64,
    /// The same for items that hold it, and therefore need a second holder.
    own_wants: i64,
}

impl Tally {
    /// The tally after an item with this link came.
    pub(crate) fn with(self, link: &Link) -> Tally {
        let (wants, own_wants) = parted(link);
        Tally {
            holders: self.holders + u32::from(link.holds),
            refusers: self.refusers + u32::from(link.refuses),
            wants: self.wants + wants,
            own_wants: self.own_wants + own_wants,
        }
    }

    /// The tally after an item with this link, which is in it, has gone.
    pub(crate) fn without(self, link: &Link) -> Tally {
        let (wants, own_wants) = parted(link);
        Tally {
            holders: self.holders - u32::from(link.holds),
            refusers: self.refusers - u32::from(link.refuses),
            wants: self.wants - wants,
            own_wants: self.own_wants - own_wants,
        }
    }

    /// Whether an item with this link may come.
    pub(crate) fn accepts(&self, link: &Link) -> bool {
        (!link.refuses || self.holders == 0) && (!link.holds || self.refusers == 0)
    }

    /// How many of these an item with this link would refuse, and how many it.
    pub(crate) fn conflicts(&self, link: &Link) -> i64 {
        let refused = if link.refuses { self.holders } else { 0 };
        let refusing = if link.holds { self.refusers } else { 0 };
        i64::from(refused) + i64::from(refusing)
    }

    /// What the unmet wants cost.
    pub(crate) fn unmet(&self) -> i64 {
        match self.holders {
            0 => self.wants + self.own_wants,
            1 => self.own_wants,
            2.. => 0,
        }
    }
}

fn parted(link: &Link) -> (i64, i64) {
    if link.holds { (0, link.wants) } else { (link.wants, 0) }
}

/// Levels with up to so many domains keep their tallies in rows.
const FEW: usize = 64;

/// Rows may have so many cells in all.
const CELLS: usize = 1 << 22;

/// The tallies of all keys and domains. Looked up, never iterated.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tallies {
    /// Per key: where its row begins, if it has one.
    rows: Vec<Option<u32>>,
    cells: Vec<Tally>,
    map: HashMap<u64, Tally, BuildHasherDefault<Fixed>>,
}

impl Tallies {
    /// Nothing yet. `domains` is the number of domains of each key, and `pairs` how many pairs of
    /// a key and a domain there can be at once.
    pub(crate) fn new(domains: impl Iterator<Item = usize>, pairs: usize) -> Tallies {
        let mut cells = 0;
        let row = |domains| {
            let begin = cells;
            let is_row = domains <= FEW && begin + domains <= CELLS;
            cells += if is_row { domains } else { 0 };
            is_row.then_some(begin as u32)
        };
        let rows = domains.map(row).collect();
        let map = HashMap::with_capacity_and_hasher(pairs, BuildHasherDefault::default());
        Tallies { rows, cells: vec![Tally::default(); cells], map }
    }

    #[inline]
    pub(crate) fn at(&self, key: u32, domain: u32) -> Tally {
        match self.rows[key as usize] {
            Some(row) => self.cells[(row + domain) as usize],
            None => self.map.get(&name(key, domain)).copied().unwrap_or_default(),
        }
    }

    pub(crate) fn enter(&mut self, link: &Link, domain: u32) {
        let tally = match self.rows[link.key as usize] {
            Some(row) => &mut self.cells[(row + domain) as usize],
            None => self.map.entry(name(link.key, domain)).or_default(),
        };
        *tally = tally.with(link);
    }

    /// Takes out an item that entered.
    pub(crate) fn leave(&mut self, link: &Link, domain: u32) {
        if let Some(row) = self.rows[link.key as usize] {
            let tally = &mut self.cells[(row + domain) as usize];
            *tally = tally.without(link);
            return;
        }
        let Some(tally) = self.map.get_mut(&name(link.key, domain)) else { return };
        *tally = tally.without(link);
        if *tally == Tally::default() {
            self.map.remove(&name(link.key, domain));
        }
    }
}

fn name(key: u32, domain: u32) -> u64 {
    u64::from(key) << 32 | u64::from(domain)
}

/// A hasher without a random seed, for keys that are one `u64` of our own making.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fixed(u64);

impl Hasher for Fixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(u64::from(byte)));
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }
}
