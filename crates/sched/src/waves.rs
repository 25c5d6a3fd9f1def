use crate::occupancy::Occupancy;
use crate::{Checked, Handover, Held, Hop, HopKind, Order, Why};
use std::cmp::Reverse;

/// An order in the making: who is where, who waits for what, and the waves so far.
#[derive(Debug)]
pub(crate) struct Waves<'a> {
    pub(crate) checked: &'a Checked,
    from: &'a [Option<u32>],
    pub(crate) to: &'a [Option<u32>],
    pub(crate) handover: &'a [Handover],
    minimum: &'a [u32],
    pub(crate) occupancy: Occupancy<'a>,
    pub(crate) now: Vec<Option<u32>>,
    pub(crate) phase: Vec<Phase>,
    /// Members of each group that run.
    running: Vec<u32>,
    /// Hops of the wave in the making.
    wave: Vec<Hop>,
    /// Items that wait for room on a bin, for a key to be let go, or for their group to grow.
    at_bin: Vec<Vec<u32>>,
    at_key: Vec<Vec<u32>>,
    at_group: Vec<Vec<u32>>,
    /// Items that may no longer have to wait.
    ready: Vec<u32>,
    /// Items that still have a way to go, and some that no longer have.
    way: Vec<u32>,
    /// How many have.
    open: usize,
    /// Items on their way to each bin.
    pub(crate) inbound: Vec<u32>,
    /// Where the search for a third bin goes on.
    pub(crate) cursor: u32,
    order: Order,
}

/// How far an item has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Where it ends.
    Settled,
    /// Where it was at the start, with a way to go.
    Fresh,
    /// On a bin where it does not belong.
    Aside,
    /// Stopped, to start again.
    Stopped,
}

/// What an item waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    Room {
        resource: usize,
    },
    Key {
        key: u32,
    },
    Group {
        group: u32,
    },
    /// Others who need the room more.
    Turn,
}

impl<'a> Waves<'a> {
    pub(crate) fn new(
        checked: &'a Checked,
        from: &'a [Option<u32>],
        to: &'a [Option<u32>],
        handover: &'a [Handover],
        minimum: &'a [u32],
    ) -> Waves<'a> {
        let groups = handover.iter().filter_map(|it| it.group).map(|group| group as usize + 1);
        let groups = groups.max().unwrap_or(0).min(minimum.len());
        let mut waves = Waves {
            checked,
            from,
            to,
            handover,
            minimum,
            occupancy: Occupancy::new(checked),
            now: from.to_vec(),
            phase: vec![Phase::Settled; checked.items()],
            running: vec![0; groups],
            wave: Vec::new(),
            at_bin: vec![Vec::new(); checked.bins()],
            at_key: vec![Vec::new(); checked.problem().keys.len()],
            at_group: vec![Vec::new(); groups],
            ready: Vec::new(),
            way: Vec::new(),
            open: 0,
            inbound: vec![0; checked.bins()],
            cursor: 0,
            order: Order::default(),
        };
        (0..checked.items() as u32).for_each(|item| waves.enroll(item));
        waves
    }

    /// Makes waves until every item is settled. Fails with an item that stopped and could not
    /// start again.
    pub(crate) fn run(mut self) -> Result<Order, u32> {
        while self.open > 0 {
            self.advance();
            if self.wave.is_empty() && self.open > 0 {
                self.unlock()?;
            }
            self.close_wave();
        }
        self.order.end = self.now;
        Ok(self.order)
    }

    /// What an item has to wait for before its next hop, if anything.
    pub(crate) fn wait(&self, item: u32) -> Option<Wait> {
        match self.to[item as usize] {
            Some(bin) => self.wait_for(item, bin),
            None => self
                .group(item)
                .filter(|&it| !self.can_spare(it))
                .map(|group| Wait::Group { group }),
        }
    }

    /// What keeps an item from a bin that is eligible, if anything.
    pub(crate) fn wait_for(&self, item: u32, bin: u32) -> Option<Wait> {
        let is_short =
            |((load, demand), limit): ((&u64, &u64), &u64)| load + demand > *limit && *demand > 0;
        let rows = self.occupancy.load(bin).iter().zip(self.checked.demand(item));
        let mut rows = rows.zip(self.checked.capacity(bin));
        if let Some(resource) = rows.position(is_short) {
            return Some(Wait::Room { resource });
        }
        let here = self.now[item as usize];
        let mut links = self.checked.links(item).iter();
        links
            .find(|link| !self.occupancy.others(link, bin, here).accepts(link))
            .map(|link| Wait::Key { key: link.key })
    }

    /// Takes the target of a hop, and notes the hop.
    pub(crate) fn hop(&mut self, item: u32, to: Option<u32>, kind: HopKind) {
        if let Some(bin) = to {
            self.occupancy.enter(item, bin);
        } else if let Some(group) = self.group(item) {
            self.running[group as usize] -= 1;
        }
        self.wave.push(Hop { item, from: self.now[item as usize], to, kind });
    }

    /// Leaves an item where it is, for good.
    pub(crate) fn hold(&mut self, item: u32, why: Why) -> Result<(), u32> {
        self.order.held.push(Held { item, why });
        if self.phase[item as usize] == Phase::Stopped {
            let back = self.way_back(item).ok_or(item)?;
            self.hop(item, Some(back), HopKind::Resume);
        }
        self.settle(item);
        Ok(())
    }

    /// Whether an item may stop for a while.
    pub(crate) fn may_stop(&self, item: u32) -> bool {
        let is_free = self.group(item).is_none_or(|group| self.can_spare(group));
        self.handover[item as usize].may_stop && self.now[item as usize].is_some() && is_free
    }

    /// The group of an item, if the group has a minimum.
    fn group(&self, item: u32) -> Option<u32> {
        self.handover[item as usize].group.filter(|&group| (group as usize) < self.running.len())
    }

    fn can_spare(&self, group: u32) -> bool {
        self.running[group as usize] > self.minimum[group as usize]
    }

    fn enroll(&mut self, item: u32) {
        let (from, to) = (self.from[item as usize], self.to[item as usize]);
        if let Some(bin) = from {
            self.occupancy.enter(item, bin);
            if let Some(group) = self.group(item) {
                self.running[group as usize] += 1;
            }
        }
        if from == to {
            return;
        }
        if to.is_some_and(|bin| !self.checked.is_eligible(item, bin)) {
            self.order.held.push(Held { item, why: Why::Ineligible });
            return;
        }
        self.phase[item as usize] = Phase::Fresh;
        self.open += 1;
        self.ready.push(item);
        self.way.push(item);
        if let Some(bin) = to {
            self.inbound[bin as usize] += 1;
        }
    }

    fn settle(&mut self, item: u32) {
        self.phase[item as usize] = Phase::Settled;
        self.open -= 1;
        if let Some(bin) = self.to[item as usize] {
            self.inbound[bin as usize] -= 1;
        }
    }

    /// Lets every item hop that no longer has to wait; first those that others wait for.
    fn advance(&mut self) {
        let mut ready = std::mem::take(&mut self.ready);
        ready.retain(|&item| self.phase[item as usize] != Phase::Settled);
        ready.sort_unstable_by_key(|&item| {
            (Reverse(self.has_precedence(item)), Reverse(self.checked.share(item)), item)
        });
        for item in ready {
            match self.wait(item) {
                None if self.should_yield(item) => self.enqueue(item, Wait::Turn),
                None => self.go(item),
                Some(wait) => self.enqueue(item, wait),
            }
        }
    }

    /// Whether an item that nobody waits for would take the room that another one waits for whose
    /// own room is wanted.
    fn should_yield(&self, item: u32) -> bool {
        let Some(to) = self.to[item as usize] else { return false };
        !self.has_precedence(item) && !self.at_bin[to as usize].is_empty()
    }

    /// Whether another item is on its way to where this one is, or this one stands still.
    fn has_precedence(&self, item: u32) -> bool {
        let is_wanted = |bin: u32| self.inbound[bin as usize] > 0;
        self.phase[item as usize] == Phase::Stopped
            || self.now[item as usize].is_some_and(is_wanted)
    }

    /// Lets an item hop that waited for its turn only.
    pub(crate) fn go(&mut self, item: u32) {
        let to = self.to[item as usize];
        let kind = match (self.phase[item as usize], self.now[item as usize], to) {
            (_, _, None) => HopKind::Stop,
            (Phase::Stopped, _, Some(_)) => HopKind::Resume,
            (Phase::Aside, _, Some(_)) => HopKind::FromTemporary,
            (Phase::Fresh | Phase::Settled, None, Some(_)) => HopKind::Start,
            (Phase::Fresh | Phase::Settled, Some(_), Some(_)) => HopKind::Move,
        };
        self.hop(item, to, kind);
        self.settle(item);
    }

    fn enqueue(&mut self, item: u32, wait: Wait) {
        match (wait, self.to[item as usize]) {
            (Wait::Room { .. } | Wait::Turn, Some(bin)) => self.at_bin[bin as usize].push(item),
            (Wait::Key { key }, Some(_)) => self.at_key[key as usize].push(item),
            (Wait::Group { group }, _) => self.at_group[group as usize].push(item),
            (Wait::Room { .. } | Wait::Key { .. } | Wait::Turn, None) => {}
        }
    }

    /// Gives up the sources of the wave, and wakes who waited for them.
    fn close_wave(&mut self) {
        let wave = std::mem::take(&mut self.wave);
        for hop in &wave {
            if let Some(bin) = hop.from {
                self.occupancy.leave(hop.item, bin);
                self.ready.append(&mut self.at_bin[bin as usize]);
                for link in self.checked.links(hop.item) {
                    self.ready.append(&mut self.at_key[link.key as usize]);
                }
            } else if let Some(group) = self.group(hop.item) {
                self.running[group as usize] += 1;
                self.ready.append(&mut self.at_group[group as usize]);
            }
            self.now[hop.item as usize] = hop.to;
        }
        if !wave.is_empty() {
            self.order.waves.push(wave);
        }
    }

    /// The items that still have a way to go, in order.
    pub(crate) fn open_items(&mut self) -> Vec<u32> {
        self.way.retain(|&item| self.phase[item as usize] != Phase::Settled);
        self.way.clone()
    }

    /// Where a stopped item can start again, if not where it belongs: where it came from, or else
    /// anywhere.
    fn way_back(&self, item: u32) -> Option<u32> {
        let fits =
            |bin: &u32| self.checked.is_eligible(item, *bin) && self.wait_for(item, *bin).is_none();
        let origin = self.from[item as usize].filter(fits);
        origin.or_else(|| self.checked.class_of(item).eligible.iter().find(fits))
    }
}
