use crate::Checked;
use crate::occupancy::Occupancy;

/// Over how many domains the holders of scattered keys are spread.
///
/// Which keys are held where is known to the [`Occupancy`]; this counts what that has no total of.
#[derive(Clone, Debug)]
pub(crate) struct Bonds {
    /// Per key: the domains with a holder, and the holders that are somewhere.
    domains: Vec<u32>,
    holders: Vec<u32>,
}

/// What a move changes: keys without the one that they need, and domains that are missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Strings {
    pub(crate) unfollowed: i64,
    pub(crate) missing: i64,
}

/// What a key has against a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offence {
    /// It would be held without the one that it needs.
    Unfollowed { key: u32, needs: u32 },
    /// Its holders would be in too few domains.
    Scatter { key: u32 },
}

impl Bonds {
    pub(crate) fn new(checked: &Checked) -> Bonds {
        let keys = checked.problem().keys.len();
        Bonds { domains: vec![0; keys], holders: vec![0; keys] }
    }

    /// Takes note of an item that is about to enter a bin.
    pub(crate) fn enter(&mut self, occupancy: &Occupancy, item: u32, bin: u32) {
        for key in scattered(occupancy.checked, item) {
            self.holders[key as usize] += 1;
            self.domains[key as usize] += u32::from(occupancy.holders(key, bin) == 0);
        }
    }

    /// Takes note of an item that has left a bin.
    pub(crate) fn leave(&mut self, occupancy: &Occupancy, item: u32, bin: u32) {
        for key in scattered(occupancy.checked, item) {
            self.holders[key as usize] -= 1;
            self.domains[key as usize] -= u32::from(occupancy.holders(key, bin) == 0);
        }
    }

    /// The first that a key of an item has against sending it to a bin.
    pub(crate) fn offence(
        &self,
        occupancy: &Occupancy,
        item: u32,
        from: Option<u32>,
        to: u32,
    ) -> Option<Offence> {
        let trip = Trip { occupancy, item, from, to: Some(to) };
        let terms = &occupancy.checked.terms;
        held(occupancy.checked, item).filter(|&key| !trip.stays_in(key)).find_map(|key| {
            if terms.least(key) > 1 && self.missing_after(&trip, key) > 0 {
                return Some(Offence::Scatter { key });
            }
            trip.missed_at(key, to).or_else(|| trip.missing_at(key, from?))
        })
    }

    /// What sending an item to a bin, or off all bins, changes.
    #[inline]
    pub(crate) fn change(
        &self,
        occupancy: &Occupancy,
        item: u32,
        from: Option<u32>,
        to: Option<u32>,
    ) -> Strings {
        if !occupancy.checked.terms.is_bound(item) {
            return Strings::default();
        }
        let trip = Trip { occupancy, item, from, to };
        let missing = scattered(occupancy.checked, item).map(|key| self.missing_after(&trip, key));
        Strings { unfollowed: trip.unfollowed(), missing: missing.sum() }
    }

    /// How many more domains a key would be short of.
    fn missing_after(&self, trip: &Trip, key: u32) -> i64 {
        let (mut domains, mut holders) =
            (i64::from(self.domains[key as usize]), i64::from(self.holders[key as usize]));
        let least = i64::from(trip.occupancy.checked.terms.least(key));
        let missing = |domains: i64, holders: i64| (least.min(holders) - domains).max(0);
        let before = missing(domains, holders);
        holders += i64::from(trip.to.is_some()) - i64::from(trip.from.is_some());
        if !trip.stays_in(key) {
            domains += trip.to.map_or(0, |bin| i64::from(trip.occupancy.holders(key, bin) == 0));
            domains -= trip.from.map_or(0, |bin| i64::from(trip.occupancy.holders(key, bin) == 1));
        }
        missing(domains, holders) - before
    }
}

/// An item on its way.
struct Trip<'a, 'c> {
    occupancy: &'a Occupancy<'c>,
    item: u32,
    from: Option<u32>,
    to: Option<u32>,
}

impl Trip<'_, '_> {
    /// Whether the item stays within one domain of a key.
    fn stays_in(&self, key: u32) -> bool {
        let domain = |bin| self.occupancy.checked.key_domain(key, bin);
        self.from.map(domain) == self.to.map(domain)
    }

    /// What a key would miss where it has no holder yet.
    fn missed_at(&self, key: u32, to: u32) -> Option<Offence> {
        if self.occupancy.holders(key, to) > 0 {
            return None;
        }
        let mut needs = self.occupancy.checked.terms.needs(key).iter();
        let needs = needs.find(|&&it| self.occupancy.holders(it, to) == 0 && !self.holds(it));
        needs.map(|&needs| Offence::Unfollowed { key, needs })
    }

    /// What would miss a key where it has no other holder.
    fn missing_at(&self, key: u32, from: u32) -> Option<Offence> {
        if self.occupancy.holders(key, from) > 1 {
            return None;
        }
        let mut needed_by = self.occupancy.checked.terms.needed_by(key).iter();
        let other = needed_by.find(|&&it| {
            let own = u32::from(self.holds(it));
            self.occupancy.holders(it, from) > own
        });
        other.map(|&other| Offence::Unfollowed { key: other, needs: key })
    }

    fn holds(&self, key: u32) -> bool {
        held(self.occupancy.checked, self.item).any(|own| own == key)
    }

    /// How many more keys would be without one that they need.
    fn unfollowed(&self) -> i64 {
        let keys = || held(self.occupancy.checked, self.item);
        let matters = |key: u32| {
            !self.stays_in(key)
                && (self.from.is_some_and(|bin| self.occupancy.holders(key, bin) == 1)
                    || self.to.is_some_and(|bin| self.occupancy.holders(key, bin) == 0))
        };
        if !self.occupancy.checked.terms.has_follows() || !keys().any(matters) {
            return 0;
        }
        let there = [(self.from, -1), (self.to, 1)].into_iter();
        let there = there.filter_map(|(bin, change)| bin.map(|bin| (bin, change)));
        let sums = there.flat_map(|(bin, change)| {
            keys()
                .filter(|&key| !self.stays_in(key))
                .map(move |key| self.broken_at(key, bin, change))
        });
        sums.sum()
    }

    /// The same around one of the two bins, for the pairs of one key that the item holds.
    fn broken_at(&self, key: u32, bin: u32, change: i64) -> i64 {
        let terms = &self.occupancy.checked.terms;
        let before = |key: u32| i64::from(self.occupancy.holders(key, bin));
        let after = |key: u32| before(key) + if self.holds(key) { change } else { 0 };
        let broken = |key: i64, needed: i64| i64::from(key > 0 && needed == 0);
        let pair = |key: u32, needed: u32| {
            broken(after(key), after(needed)) - broken(before(key), before(needed))
        };
        let needs = terms.needs(key).iter().map(|&needed| pair(key, needed));
        // A follower that the item holds too has had its turn as a key.
        let followers = terms.needed_by(key).iter().filter(|&&it| !self.holds(it));
        needs.sum::<i64>() + followers.map(|&follower| pair(follower, key)).sum::<i64>()
    }
}

fn held(checked: &Checked, item: u32) -> impl Iterator<Item = u32> {
    checked.links(item).iter().filter(|link| link.holds).map(|link| link.key)
}

fn scattered(checked: &Checked, item: u32) -> impl Iterator<Item = u32> {
    held(checked, item).filter(|&key| checked.terms.least(key) > 1)
}
