use crate::{Malformed, Rows};

/// Who needs whom: things, and for each of them groups of providers of which so many must be up.
///
/// A thing is up while each of its groups has its minimum up. Things may need each other in
/// cycles, which stay up while nothing in them is lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    things: u32,
    /// Per group: the thing that needs it, and how many providers it can spare.
    owners: Vec<u32>,
    spares: Vec<u32>,
    providers: Rows<u32>,
}

/// A thing that goes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The thing.
    pub thing: u32,
    /// The group that fell below its minimum, numbered as by [`Needs::add`]; none for a thing that
    /// was named dead.
    pub cause: Option<u32>,
}

/// Answers what is lost with what, again and again, without allocating in between.
#[derive(Clone, Debug)]
pub struct Survivor<'n> {
    needs: &'n Needs,
    /// The groups that each thing provides for, flat, and where each thing's end.
    users: Vec<u32>,
    ends: Vec<usize>,
    /// Things and groups whose mark is not the current epoch are untouched by the current loss.
    epoch: u32,
    down: Vec<u32>,
    touched: Vec<u32>,
    missing: Vec<u32>,
    lost: Vec<Lost>,
}

/// What goes down when some things die, those included, in the order of falling.
///
/// To ask more than once, keep a [`Survivor`]. Things that do not exist are ignored.
pub fn lost(needs: &Needs, dead: &[u32]) -> Vec<Lost> {
    Survivor::new(needs).lose(dead).to_vec()
}

impl Needs {
    /// So many things, numbered from 0, that need nothing yet.
    pub fn new(things: u32) -> Needs {
        Needs { things, ..Needs::default() }
    }

    /// Lets a thing need `minimum` of the providers, and returns the number of this group: 0 for
    /// the first. A provider named twice counts once.
    ///
    /// # Errors
    ///
    /// Returns [`Malformed::Index`] for a thing that does not exist, [`Malformed::Minimum`] where
    /// there are fewer providers than needed, and [`Malformed::Size`] for the 2^28th group or
    /// provider. The needs are then unchanged.
    pub fn add(&mut self, thing: u32, minimum: u32, providers: &[u32]) -> Result<u32, Malformed> {
        let group = self.owners.len();
        if group.max(self.providers.values().len() + providers.len()) >= 1 << 28 {
            return Err(Malformed::Size);
        }
        if thing >= self.things {
            return Err(Malformed::Index { field: "thing", at: group });
        }
        if let Some(at) = providers.iter().position(|&provider| provider >= self.things) {
            return Err(Malformed::Index { field: "providers", at });
        }
        let mut providers = providers.to_vec();
        providers.sort_unstable();
        providers.dedup();
        let Some(spare) = (providers.len() as u32).checked_sub(minimum) else {
            return Err(Malformed::Minimum { group });
        };
        self.owners.push(thing);
        self.spares.push(spare);
        self.providers.push(providers);
        Ok(group as u32)
    }

    /// The number of things.
    pub fn things(&self) -> u32 {
        self.things
    }

    /// The number of groups.
    pub fn groups(&self) -> usize {
        self.owners.len()
    }

    /// The thing that needs a group.
    pub fn owner(&self, group: u32) -> Option<u32> {
        self.owners.get(group as usize).copied()
    }

    /// The providers of a group, ascending; none for a group that does not exist.
    pub fn providers(&self, group: u32) -> &[u32] {
        self.providers.row(group as usize)
    }

    /// How many of a group's providers must be up.
    pub fn minimum(&self, group: u32) -> u32 {
        let spare = self.spares.get(group as usize).copied().unwrap_or(0);
        self.providers(group).len() as u32 - spare
    }
}

impl<'n> Survivor<'n> {
    /// Turns the needs around, once.
    pub fn new(needs: &'n Needs) -> Survivor<'n> {
        let (things, groups) = (needs.things as usize, needs.groups());
        let (users, ends) = users(needs);
        Survivor {
            needs,
            users,
            ends,
            epoch: 0,
            down: vec![0; things],
            touched: vec![0; groups],
            missing: vec![0; groups],
            lost: Vec::with_capacity(things),
        }
    }

    /// What goes down when some things die, those included, in the order of falling. Takes time
    /// in proportion to what is lost, and forgets the loss before.
    ///
    /// Things that do not exist are ignored.
    pub fn lose(&mut self, dead: &[u32]) -> &[Lost] {
        self.forget();
        for &thing in dead {
            self.fall(Lost { thing, cause: None });
        }
        let mut next = 0;
        while let Some(&Lost { thing, .. }) = self.lost.get(next) {
            next += 1;
            let start = (thing as usize).checked_sub(1).map_or(0, |before| self.ends[before]);
            for at in start..self.ends[thing as usize] {
                self.miss(self.users[at]);
            }
        }
        &self.lost
    }

    fn forget(&mut self) {
        self.lost.clear();
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch == 0 {
            self.down.fill(0);
            self.touched.fill(0);
            self.epoch = 1;
        }
    }

    fn fall(&mut self, lost: Lost) {
        let Some(mark) = self.down.get_mut(lost.thing as usize) else { return };
        if *mark != self.epoch {
            *mark = self.epoch;
            self.lost.push(lost);
        }
    }

    /// One more provider of a group is down.
    fn miss(&mut self, group: u32) {
        let at = group as usize;
        if self.touched[at] != self.epoch {
            (self.touched[at], self.missing[at]) = (self.epoch, 0);
        }
        self.missing[at] += 1;
        if self.missing[at] > self.needs.spares[at] {
            self.fall(Lost { thing: self.needs.owners[at], cause: Some(group) });
        }
    }
}

/// The groups that each thing provides for.
fn users(needs: &Needs) -> (Vec<u32>, Vec<usize>) {
    let mut ends = vec![0; needs.things as usize];
    needs.providers.values().iter().for_each(|&provider| ends[provider as usize] += 1);
    let mut sum = 0;
    for end in &mut ends {
        (*end, sum) = (sum, sum + *end);
    }
    let mut users = vec![0; sum];
    for group in 0..needs.groups() as u32 {
        for &provider in needs.providers(group) {
            users[ends[provider as usize]] = group;
            ends[provider as usize] += 1;
        }
    }
    (users, ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn things(needs: &Needs, dead: &[u32]) -> Vec<u32> {
        lost(needs, dead).iter().map(|lost| lost.thing).collect()
    }

    #[test]
    fn a_quorum_of_three_survives_one_loss_and_not_two() {
        let mut needs = Needs::new(4);
        needs.add(3, 2, &[0, 1, 2]).unwrap();
        assert_eq!(things(&needs, &[1]), [1]);
        assert_eq!(things(&needs, &[1, 2]), [1, 2, 3]);
    }

    #[test]
    fn a_cycle_stands_until_one_of_it_falls_and_then_falls_in_order() {
        let mut needs = Needs::new(4);
        for (thing, provider) in [(0, 2), (1, 0), (2, 1)] {
            needs.add(thing, 1, &[provider]).unwrap();
        }
        assert_eq!(things(&needs, &[3]), [3]);
        assert_eq!(things(&needs, &[1]), [1, 2, 0]);
    }

    #[test]
    fn the_cause_is_the_group_that_broke() {
        let mut needs = Needs::new(3);
        needs.add(2, 1, &[0, 1]).unwrap();
        let second = needs.add(2, 1, &[1]).unwrap();
        let lost = lost(&needs, &[1]);
        assert_eq!(lost[1], Lost { thing: 2, cause: Some(second) });
    }

    #[test]
    fn a_loss_is_forgotten_before_the_next() {
        let mut needs = Needs::new(3);
        needs.add(2, 1, &[0, 1]).unwrap();
        let mut survivor = Survivor::new(&needs);
        assert_eq!(survivor.lose(&[0]).len(), 1);
        assert_eq!(survivor.lose(&[1]).len(), 1);
        assert_eq!(survivor.lose(&[0, 1]).len(), 3);
    }

    #[test]
    fn needs_that_cannot_be_met_are_refused() {
        let mut needs = Needs::new(2);
        assert_eq!(needs.add(0, 2, &[1, 1]), Err(Malformed::Minimum { group: 0 }));
        assert_eq!(needs.add(0, 1, &[2]), Err(Malformed::Index { field: "providers", at: 0 }));
        assert_eq!(needs.add(2, 0, &[]), Err(Malformed::Index { field: "thing", at: 0 }));
        assert_eq!(needs.groups(), 0);
    }
}
