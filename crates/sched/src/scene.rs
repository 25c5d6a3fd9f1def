use crate::occupancy::Occupancy;
use crate::{Checked, Handover, Hop, HopKind, Why};

/// One item goes from one place to another. A place is a bin, or none where it does not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) item: u32,
    pub(crate) from: Option<u32>,
    pub(crate) to: Option<u32>,
}

impl Step {
    pub(crate) fn of(hop: &Hop) -> Step {
        Step { item: hop.item, from: hop.from, to: hop.to }
    }
}

/// What an order is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way<'a> {
    pub(crate) checked: &'a Checked,
    pub(crate) from: &'a [Option<u32>],
    pub(crate) to: &'a [Option<u32>],
    pub(crate) handover: &'a [Handover],
    pub(crate) minimum: &'a [u32],
}

impl Way<'_> {
    /// The group of an item, if the group has a minimum.
    pub(crate) fn group(&self, item: u32) -> Option<u32> {
        let group = self.handover[item as usize].group;
        group.filter(|&group| (group as usize) < self.minimum.len())
    }

    /// Whether an item runs at the start and in the end.
    pub(crate) fn runs_on(&self, item: u32) -> bool {
        self.from[item as usize].is_some() && self.to[item as usize].is_some()
    }

    /// Whether an item may stop for a while.
    pub(crate) fn may_stop(&self, item: u32) -> bool {
        self.handover[item as usize].may_stop && self.runs_on(item)
    }

    /// The steps as hops, each of its kind.
    pub(crate) fn hops(&self, waves: &[Vec<Step>]) -> Vec<Vec<Hop>> {
        let mut aside = vec![false; self.checked.items()];
        let mut hop = |&Step { item, from, to }: &Step| {
            let ends = self.to[item as usize] == to;
            let was_aside = std::mem::replace(&mut aside[item as usize], to.is_some() && !ends);
            let kind = match (from, to) {
                (_, None) => HopKind::Stop,
                (None, Some(_)) if self.from[item as usize].is_some() => HopKind::Resume,
                (None, Some(_)) => HopKind::Start,
                (Some(_), Some(_)) if !ends => HopKind::ToTemporary,
                (Some(_), Some(_)) if was_aside => HopKind::FromTemporary,
                (Some(_), Some(_)) => HopKind::Move,
            };
            Hop { item, from, to, kind }
        };
        waves.iter().map(|wave| wave.iter().map(&mut hop).collect()).collect()
    }
}

/// Who is where on the way, and what that leaves.
#[derive(Clone, Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) way: Way<'a>,
    pub(crate) occupancy: Occupancy<'a>,
    pub(crate) at: Vec<Option<u32>>,
    /// Members of each group that run.
    running: Vec<u32>,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(way: Way<'a>, at: &[Option<u32>]) -> Scene<'a> {
        let mut scene = Scene {
            way,
            occupancy: Occupancy::new(way.checked),
            at: vec![None; at.len()],
            running: vec![0; way.minimum.len()],
        };
        for (item, &to) in (0..).zip(at) {
            scene.go(Step { item, from: None, to });
        }
        scene
    }

    #[inline]
    pub(crate) fn at(&self, item: u32) -> Option<u32> {
        self.at[item as usize]
    }

    /// Whether an item may come to a place beside what is there.
    pub(crate) fn admits(&self, item: u32, place: Option<u32>) -> bool {
        match place {
            Some(bin) => self.way.checked.is_eligible(item, bin) && self.fits(item, bin),
            None => self.spare(item).is_none_or(|spare| spare > 0),
        }
    }

    /// Whether the item may just have come to where it is.
    pub(crate) fn bears(&self, item: u32) -> bool {
        self.fault(item).is_none()
    }

    /// Why an item cannot just have come to where it is, if it cannot.
    pub(crate) fn fault(&self, item: u32) -> Option<Why> {
        let Some(bin) = self.at(item) else {
            let group = self.way.group(item).filter(|_| self.spare(item) < Some(0));
            return group.map(|group| Why::Minimum { group });
        };
        if !self.way.checked.is_eligible(item, bin) {
            return Some(Why::Ineligible);
        }
        let rows = self.occupancy.load(bin).iter().zip(self.way.checked.capacity(bin));
        let mut rows = rows.zip(self.way.checked.demand(item));
        if let Some(resource) = rows.position(|((load, limit), need)| load > limit && *need > 0) {
            return Some(Why::NoRoom { resource });
        }
        let mut links = self.way.checked.links(item).iter();
        let refused = links.find(|it| !self.occupancy.others(it, bin, Some(bin)).accepts(it));
        refused.map(|it| Why::Refused { key: it.key })
    }

    /// Whether there is room for an item on a bin, and no key against it.
    #[inline]
    pub(crate) fn fits(&self, item: u32, bin: u32) -> bool {
        let rows = self.occupancy.load(bin).iter().zip(self.way.checked.demand(item));
        let mut rows = rows.zip(self.way.checked.capacity(bin));
        rows.all(|((load, demand), limit)| load + demand <= *limit || *demand == 0)
            && self.occupancy.accepts(item, bin, self.at(item))
    }

    /// Does a step at once.
    pub(crate) fn go(&mut self, step: Step) {
        self.begin(step);
        self.end(step);
    }

    /// Takes the target of a step.
    pub(crate) fn begin(&mut self, step: Step) {
        match (step.to, self.way.group(step.item)) {
            (Some(bin), _) => self.occupancy.enter(step.item, bin),
            (None, Some(group)) if step.from.is_some() => self.running[group as usize] -= 1,
            (None, _) => {}
        }
    }

    /// Gives up the source of a step.
    pub(crate) fn end(&mut self, step: Step) {
        match (step.from, self.way.group(step.item)) {
            (Some(bin), _) => self.occupancy.leave(step.item, bin),
            (None, Some(group)) if step.to.is_some() => self.running[group as usize] += 1,
            (None, _) => {}
        }
        self.at[step.item as usize] = step.to;
    }

    /// How many more of the item's group run than must; none without a minimum.
    fn spare(&self, item: u32) -> Option<i64> {
        let group = self.way.group(item)? as usize;
        Some(i64::from(self.running[group]) - i64::from(self.way.minimum[group]))
    }
}
