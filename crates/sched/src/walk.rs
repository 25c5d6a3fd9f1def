use crate::Why;
use crate::checked::Link;
use crate::unlock::Unlock;
use crate::waves::{Phase, Wait, Waves};

/// A walk from each waiting item to one that stands in its way, until it ends or meets itself.
#[derive(Debug)]
pub(crate) struct Walk {
    /// Items that will leave each bin, the cheapest to copy first, and their demand together.
    leavers: Vec<Vec<u32>>,
    leaving: Vec<u64>,
    /// Items that will leave, by key.
    by_key: Vec<Vec<u32>>,
    /// Every waiting item, in order.
    open: Vec<u32>,
    marks: Vec<Mark>,
    path: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Unseen,
    OnPath,
    Done,
}

/// What stands in the way of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Barrier {
    /// Another item, which will leave.
    Item(u32),
    /// Nothing that will leave.
    Firm(Why),
    /// Nothing, but others should go first.
    Turn,
}

impl Walk {
    pub(crate) fn new(waves: &mut Waves) -> Walk {
        let checked = waves.checked;
        let mut walk = Walk {
            leavers: vec![Vec::new(); checked.bins()],
            leaving: vec![0; checked.problem().capacity.len()],
            by_key: vec![Vec::new(); checked.problem().keys.len()],
            open: waves.open_items(),
            marks: vec![Mark::Unseen; checked.items()],
            path: Vec::new(),
        };
        let mut cheapest_first = walk.open.clone();
        cheapest_first.sort_unstable_by_key(|&item| (waves.handover[item as usize].copy, item));
        for item in cheapest_first {
            let Some(bin) = waves.now[item as usize] else { continue };
            walk.leavers[bin as usize].push(item);
            walk.row(waves, bin).zip(checked.demand(item)).for_each(|(sum, it)| *sum += it);
            for link in checked.links(item) {
                walk.by_key[link.key as usize].push(item);
            }
        }
        walk
    }

    /// Walks from every waiting item, and lets `unlock` deal with what the walks meet.
    pub(crate) fn all(&mut self, unlock: &mut Unlock) -> Result<(), u32> {
        self.open.iter().for_each(|&item| self.marks[item as usize] = Mark::Unseen);
        for at in 0..self.open.len() {
            let item = self.open[at];
            if self.marks[item as usize] == Mark::Unseen {
                self.step_to(item);
                self.follow(unlock)?;
            }
        }
        Ok(())
    }

    fn follow(&mut self, unlock: &mut Unlock) -> Result<(), u32> {
        while let Some(&item) = self.path.last() {
            match self.barrier(unlock.waves, item) {
                Barrier::Item(next) => match self.marks[next as usize] {
                    Mark::Unseen => self.step_to(next),
                    Mark::OnPath => return self.close_circle(unlock, next),
                    Mark::Done => self.step_back(),
                },
                Barrier::Turn => {
                    unlock.admit(item);
                    self.step_back();
                }
                Barrier::Firm(why) => {
                    unlock.give_up(item, why)?;
                    self.forget(unlock.waves, item);
                    self.step_back();
                }
            }
        }
        Ok(())
    }

    fn close_circle(&mut self, unlock: &mut Unlock, first: u32) -> Result<(), u32> {
        let start = self.path.iter().position(|&item| item == first).unwrap_or(0);
        unlock.open(&self.path[start..], &self.leavers)?;
        while !self.path.is_empty() {
            self.step_back();
        }
        Ok(())
    }

    fn step_to(&mut self, item: u32) {
        self.marks[item as usize] = Mark::OnPath;
        self.path.push(item);
    }

    fn step_back(&mut self) {
        if let Some(item) = self.path.pop() {
            self.marks[item as usize] = Mark::Done;
        }
    }

    /// An item that was held back leaves nothing.
    fn forget(&mut self, waves: &Waves, item: u32) {
        let Some(bin) = waves.now[item as usize] else { return };
        if waves.phase[item as usize] == Phase::Settled {
            self.leavers[bin as usize].retain(|&other| other != item);
            let row = self.row(waves, bin).zip(waves.checked.demand(item));
            row.for_each(|(sum, demand)| *sum -= demand);
        }
    }

    fn barrier(&self, waves: &Waves, item: u32) -> Barrier {
        match (waves.wait(item), waves.to[item as usize]) {
            (Some(Wait::Room { resource }), Some(bin)) => self.room(waves, item, bin, resource),
            (Some(Wait::Key { key }), Some(bin)) => self.key(waves, item, bin, key),
            (Some(Wait::Group { group }), _) => Barrier::Firm(Why::Minimum { group }),
            (Some(Wait::Room { .. } | Wait::Key { .. } | Wait::Turn) | None, _) => Barrier::Turn,
        }
    }

    /// What will make room: the cheapest that leaves, unless all of them together do not suffice.
    fn room(&self, waves: &Waves, item: u32, bin: u32, resource: usize) -> Barrier {
        let checked = waves.checked;
        let resources = checked.problem().resources;
        let leaving = &self.leaving[bin as usize * resources..][..resources];
        let rows = waves.occupancy.load(bin).iter().zip(leaving);
        let mut rows = rows.zip(checked.demand(item).iter().zip(checked.capacity(bin)));
        let short = |((load, leaving), (demand, limit)): ((&u64, &u64), (&u64, &u64))| {
            load - leaving + demand > *limit && *demand > 0
        };
        if let Some(resource) = rows.position(short) {
            return Barrier::Firm(Why::NoRoom { resource });
        }
        let mut leavers = self.leavers[bin as usize].iter();
        let next = leavers.find(|&&leaver| checked.demand(leaver)[resource] > 0);
        next.map_or(Barrier::Firm(Why::NoRoom { resource }), |&leaver| Barrier::Item(leaver))
    }

    /// Who will let go of a key, unless others who stay hold or refuse it as well.
    fn key(&self, waves: &Waves, item: u32, bin: u32, key: u32) -> Barrier {
        let firm = Barrier::Firm(Why::Refused { key });
        let Some(own) = link_to(waves, item, key) else { return firm };
        let mut rest = waves.occupancy.others(own, bin, waves.now[item as usize]);
        let mut next = None;
        for leaver in self.leavers_around(waves, bin, key).filter(|&leaver| leaver != item) {
            let Some(link) = link_to(waves, leaver, key) else { continue };
            if next.is_none() && (own.refuses && link.holds || own.holds && link.refuses) {
                next = Some(leaver);
            }
            rest = rest.without(link);
        }
        next.filter(|_| rest.accepts(own)).map_or(firm, Barrier::Item)
    }

    fn leavers_around(&self, waves: &Waves, bin: u32, key: u32) -> impl Iterator<Item = u32> {
        let domain = waves.checked.key_domain(key, bin);
        self.by_key[key as usize].iter().copied().filter(move |&leaver| {
            let around = |at| waves.checked.key_domain(key, at) == domain;
            waves.phase[leaver as usize] != Phase::Settled
                && waves.now[leaver as usize].is_some_and(around)
        })
    }

    fn row(&mut self, waves: &Waves, bin: u32) -> impl Iterator<Item = &mut u64> {
        let resources = waves.checked.problem().resources;
        self.leaving[bin as usize * resources..].iter_mut().take(resources)
    }
}

fn link_to<'a>(waves: &Waves<'a>, item: u32, key: u32) -> Option<&'a Link> {
    waves.checked.links(item).iter().find(|link| link.key == key)
}
