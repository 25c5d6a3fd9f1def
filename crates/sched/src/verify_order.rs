use crate::{Checked, Handover, Hop, HopKind, Order};
use std::collections::{BTreeMap, BTreeSet};

/// A step of an [`Order`] that must not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misstep {
    /// An item hops from where it is not, to nowhere or a bin that does not exist, or a second
    /// time in one wave; or its kind of hop does not fit what happens.
    Hop {
        /// The wave.
        wave: usize,
        /// The item.
        item: u32,
    },
    /// An item comes to a bin that its class may not use.
    Ineligible {
        /// The wave.
        wave: usize,
        /// The item.
        item: u32,
    },
    /// A bin carries more than its capacity of what it takes.
    NoRoom {
        /// The wave.
        wave: usize,
        /// The bin.
        bin: u32,
        /// The resource.
        resource: usize,
    },
    /// An item comes to where another is that does not go together with it.
    Refused {
        /// The wave.
        wave: usize,
        /// The item.
        item: u32,
        /// The key.
        key: u32,
    },
    /// An item stops for a while that may not.
    MayNotStop {
        /// The wave.
        wave: usize,
        /// The item.
        item: u32,
    },
    /// A stop leaves too few of a group running.
    Minimum {
        /// The wave.
        wave: usize,
        /// The group.
        group: u32,
    },
    /// An item ends elsewhere than the order says, or neither where it should nor held back.
    End {
        /// The item.
        item: u32,
    },
}

/// Plays an order through wave by wave, by counting anew and without the state that made it.
///
/// Arguments as for [`order`](crate::order()).
///
/// # Errors
///
/// Returns everything that goes wrong.
pub fn verify_order(
    checked: &Checked,
    from: &[Option<u32>],
    to: &[Option<u32>],
    order: &Order,
    handover: &[Handover],
    minimum: &[u32],
) -> Result<(), Vec<Misstep>> {
    let mut replay = Replay::new(checked, from, to, handover, minimum);
    for (wave, hops) in order.waves.iter().enumerate() {
        replay.play(wave, hops);
    }
    replay.finish(order);
    if replay.found.is_empty() { Ok(()) } else { Err(replay.found) }
}

struct Replay<'a> {
    checked: &'a Checked,
    to: &'a [Option<u32>],
    handover: &'a [Handover],
    minimum: &'a [u32],
    now: Vec<Option<u32>>,
    loads: Vec<u64>,
    /// Who holds and who refuses a key around where: key, domain, item, bin.
    holders: BTreeSet<(u32, u32, u32, u32)>,
    refusers: BTreeSet<(u32, u32, u32, u32)>,
    running: BTreeMap<u32, u32>,
    paused: BTreeSet<u32>,
    found: Vec<Misstep>,
}

impl<'a> Replay<'a> {
    fn new(
        checked: &'a Checked,
        from: &[Option<u32>],
        to: &'a [Option<u32>],
        handover: &'a [Handover],
        minimum: &'a [u32],
    ) -> Replay<'a> {
        let known = |bin: &u32| (*bin as usize) < checked.bins();
        let now: Vec<Option<u32>> = (0..checked.items())
            .map(|item| from.get(item).copied().flatten().filter(known))
            .collect();
        let mut replay = Replay {
            checked,
            to,
            handover,
            minimum,
            now: now.clone(),
            loads: checked.problem().base.clone(),
            holders: BTreeSet::new(),
            refusers: BTreeSet::new(),
            running: BTreeMap::new(),
            paused: BTreeSet::new(),
            found: Vec::new(),
        };
        for (item, bin) in (0u32..).zip(now) {
            let Some(bin) = bin else { continue };
            replay.put(item, bin);
            if let Some(group) = replay.group(item) {
                *replay.running.entry(group).or_default() += 1;
            }
        }
        replay
    }

    fn play(&mut self, wave: usize, hops: &[Hop]) {
        let mut seen = BTreeSet::new();
        for hop in hops {
            let is_new = seen.insert(hop.item) && (hop.item as usize) < self.checked.items();
            if !is_new || !self.is_possible(hop) {
                self.found.push(Misstep::Hop { wave, item: hop.item });
                return;
            }
            self.reserve(wave, hop);
        }
        let taken = hops.iter().filter_map(|hop| hop.to.map(|bin| (hop.item, bin)));
        let taken: BTreeSet<(u32, usize)> =
            taken.flat_map(|(item, bin)| self.wanted(item).map(move |it| (bin, it))).collect();
        taken.into_iter().for_each(|(bin, resource)| self.check_room(wave, bin, resource));
        hops.iter().for_each(|hop| self.release(hop));
    }

    fn finish(&mut self, order: &Order) {
        let held: BTreeSet<u32> = order.held.iter().map(|held| held.item).collect();
        for item in 0..self.checked.items() as u32 {
            let now = self.now[item as usize];
            let to = self.to.get(item as usize).copied().flatten();
            let is_said = order.end.get(item as usize).copied() == Some(now);
            if !is_said || (now != to && !held.contains(&item)) || self.paused.contains(&item) {
                self.found.push(Misstep::End { item });
            }
        }
    }

    fn is_possible(&self, hop: &Hop) -> bool {
        let known = |bin: u32| (bin as usize) < self.checked.bins();
        let is_home = hop.to == self.to.get(hop.item as usize).copied().flatten();
        let fits_kind = match hop.kind {
            HopKind::Start => hop.from.is_none() && is_home && !self.paused.contains(&hop.item),
            HopKind::Move | HopKind::FromTemporary => hop.from.is_some() && is_home,
            HopKind::ToTemporary => hop.from.is_some() && !is_home,
            HopKind::Stop => hop.to.is_none(),
            HopKind::Resume => self.paused.contains(&hop.item),
        };
        let goes = hop.to.is_some() || hop.kind == HopKind::Stop;
        fits_kind
            && goes
            && self.now[hop.item as usize] == hop.from
            && hop.from != hop.to
            && hop.to.is_none_or(known)
    }

    fn reserve(&mut self, wave: usize, hop: &Hop) {
        match hop.to {
            Some(bin) => {
                if !self.checked.is_eligible(hop.item, bin) {
                    self.found.push(Misstep::Ineligible { wave, item: hop.item });
                }
                self.check_keys(wave, hop.item, bin);
                self.put(hop.item, bin);
            }
            None => self.check_stop(wave, hop.item),
        }
    }

    fn release(&mut self, hop: &Hop) {
        if let Some(bin) = hop.from {
            self.take(hop.item, bin);
        } else {
            self.paused.remove(&hop.item);
            if let Some(group) = self.group(hop.item) {
                *self.running.entry(group).or_default() += 1;
            }
        }
        self.now[hop.item as usize] = hop.to;
    }

    /// The resources that an item has a demand for.
    fn wanted(&self, item: u32) -> impl Iterator<Item = usize> + use<'a> {
        let demand = self.checked.demand(item).iter().enumerate();
        demand.filter(|(_, demand)| **demand > 0).map(|(resource, _)| resource)
    }

    fn check_room(&mut self, wave: usize, bin: u32, resource: usize) {
        let cell = bin as usize * self.checked.problem().resources + resource;
        if self.loads[cell] > self.checked.problem().capacity[cell] {
            self.found.push(Misstep::NoRoom { wave, bin, resource });
        }
    }

    fn check_keys(&mut self, wave: usize, item: u32, bin: u32) {
        let problem = self.checked.problem();
        let clash = |keys: &[u32], rivals: &BTreeSet<(u32, u32, u32, u32)>| {
            keys.iter().copied().find(|&key| {
                let place = self.domain(key, bin);
                let range = (key, place, 0, 0)..=(key, place, u32::MAX, u32::MAX);
                rivals.range(range).any(|&(_, _, other, _)| other != item)
            })
        };
        let refused = clash(problem.refuses.row(item as usize), &self.holders);
        let unwelcome = clash(problem.holds.row(item as usize), &self.refusers);
        if let Some(key) = refused.or(unwelcome) {
            self.found.push(Misstep::Refused { wave, item, key });
        }
    }

    fn check_stop(&mut self, wave: usize, item: u32) {
        if self.to.get(item as usize).copied().flatten().is_some() {
            self.paused.insert(item);
            if !self.handover.get(item as usize).is_some_and(|it| it.may_stop) {
                self.found.push(Misstep::MayNotStop { wave, item });
            }
        }
        let Some(group) = self.group(item) else { return };
        let running = self.running.entry(group).or_default();
        *running = running.saturating_sub(1);
        if *running < self.minimum[group as usize] {
            self.found.push(Misstep::Minimum { wave, group });
        }
    }

    /// The group of an item, if it has a minimum.
    fn group(&self, item: u32) -> Option<u32> {
        let group = self.handover.get(item as usize)?.group?;
        ((group as usize) < self.minimum.len()).then_some(group)
    }

    fn put(&mut self, item: u32, bin: u32) {
        let resources = self.checked.problem().resources;
        for resource in 0..resources {
            let demand = self.checked.problem().demand[item as usize * resources + resource];
            self.loads[bin as usize * resources + resource] += demand;
        }
        let problem = self.checked.problem();
        for &key in problem.holds.row(item as usize) {
            self.holders.insert((key, self.domain(key, bin), item, bin));
        }
        for &key in problem.refuses.row(item as usize) {
            self.refusers.insert((key, self.domain(key, bin), item, bin));
        }
    }

    fn take(&mut self, item: u32, bin: u32) {
        let resources = self.checked.problem().resources;
        for resource in 0..resources {
            let demand = self.checked.problem().demand[item as usize * resources + resource];
            self.loads[bin as usize * resources + resource] -= demand;
        }
        let problem = self.checked.problem();
        for &key in problem.holds.row(item as usize) {
            self.holders.remove(&(key, self.domain(key, bin), item, bin));
        }
        for &key in problem.refuses.row(item as usize) {
            self.refusers.remove(&(key, self.domain(key, bin), item, bin));
        }
    }

    fn domain(&self, key: u32, bin: u32) -> u32 {
        match self.checked.problem().keys[key as usize].checked_sub(1) {
            None => bin,
            Some(above) => self.checked.problem().topologies[above as usize][bin as usize],
        }
    }
}
