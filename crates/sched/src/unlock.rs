use crate::walk::Walk;
use crate::waves::{Phase, Waves};
use crate::{HopKind, Why};
use std::collections::BTreeMap;

/// What is done when every item waits, the mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Give up what cannot go any more, whoever leaves.
    GiveUp,
    /// Send an item of each circle to a third bin.
    Detour,
    /// Stop an item of each circle.
    Stop,
    /// Let those go who left the room to others, in vain.
    Admit,
    /// Hold an item of each circle back.
    Hold,
}

/// Applies one remedy to all circles.
#[derive(Debug)]
pub(crate) struct Unlock<'w, 'a> {
    pub(crate) waves: &'w mut Waves<'a>,
    pub(crate) remedy: Remedy,
    pub(crate) has_helped: bool,
    /// Per class, an item for which there was no third bin: there is none for a larger one.
    refused: BTreeMap<u32, u32>,
}

impl Waves<'_> {
    /// Lets something happen when every item waits: a detour or a stop, which make a wave, or
    /// else items are held back. Fails with an item that stopped and could not start again.
    pub(crate) fn unlock(&mut self) -> Result<(), u32> {
        let mut walk = Walk::new(self);
        for remedy in [Remedy::GiveUp, Remedy::Detour, Remedy::Stop, Remedy::Admit, Remedy::Hold] {
            let refused = BTreeMap::new();
            let mut unlock = Unlock { waves: self, remedy, has_helped: false, refused };
            walk.all(&mut unlock)?;
            if unlock.has_helped {
                break;
            }
        }
        Ok(())
    }
}

impl Unlock<'_, '_> {
    /// Holds back an item that has no way to go, if it is time for that.
    pub(crate) fn give_up(&mut self, item: u32, why: Why) -> Result<(), u32> {
        let is_time = match (self.remedy, why) {
            (Remedy::Hold, _) => true,
            // Its group may still grow.
            (Remedy::GiveUp, Why::Minimum { .. }) => false,
            (Remedy::GiveUp, _) => true,
            (Remedy::Detour | Remedy::Stop | Remedy::Admit, _) => false,
        };
        if is_time {
            self.has_helped = true;
            self.waves.hold(item, why)?;
        }
        Ok(())
    }

    /// Lets an item go that could have gone before, if it is time for that.
    pub(crate) fn admit(&mut self, item: u32) {
        if self.remedy == Remedy::Admit {
            self.has_helped = true;
            self.waves.go(item);
        }
    }

    /// Breaks a circle, by one of its items or another that leaves the same bins, the cheapest to
    /// copy first.
    pub(crate) fn open(&mut self, circle: &[u32], leavers: &[Vec<u32>]) -> Result<(), u32> {
        let candidates = match self.remedy {
            Remedy::GiveUp | Remedy::Admit => return Ok(()),
            Remedy::Hold => {
                self.has_helped = true;
                let dearest = circle.iter().max_by_key(|&&item| self.copy(item));
                return dearest.map_or(Ok(()), |&item| self.waves.hold(item, Why::Cycle));
            }
            Remedy::Detour | Remedy::Stop => self.candidates(circle, leavers),
        };
        let opened = candidates.into_iter().any(|item| match self.remedy {
            Remedy::Detour => self.detour(item),
            Remedy::Stop => self.stop(item),
            Remedy::GiveUp | Remedy::Admit | Remedy::Hold => false,
        });
        self.has_helped |= opened;
        Ok(())
    }

    /// The items of a circle, and then the others that leave the same bins, cheapest first.
    fn candidates(&self, circle: &[u32], leavers: &[Vec<u32>]) -> Vec<u32> {
        let mut within = circle.to_vec();
        within.sort_unstable_by_key(|&item| self.copy(item));
        let is_within = |item: &u32| {
            within.binary_search_by_key(&self.copy(*item), |&it| self.copy(it)).is_ok()
        };
        let bins = circle.iter().filter_map(|&item| self.waves.now[item as usize]);
        let beside = bins.flat_map(|bin| &leavers[bin as usize]).copied();
        let mut beside: Vec<u32> = beside.filter(|item| !is_within(item)).collect();
        beside.sort_unstable_by_key(|&item| self.copy(item));
        within.append(&mut beside);
        within
    }

    /// What orders items by the bytes to copy.
    fn copy(&self, item: u32) -> (u64, u32) {
        (self.waves.handover[item as usize].copy, item)
    }

    fn detour(&mut self, item: u32) -> bool {
        if self.waves.phase[item as usize] != Phase::Fresh || self.is_hopeless(item) {
            return false;
        }
        let Some(bin) = self.third_bin(item) else {
            self.refuse(item);
            return false;
        };
        self.waves.cursor = bin + 1;
        self.waves.phase[item as usize] = Phase::Aside;
        self.waves.hop(item, Some(bin), HopKind::ToTemporary);
        true
    }

    fn stop(&mut self, item: u32) -> bool {
        let is_under_way = matches!(self.waves.phase[item as usize], Phase::Fresh | Phase::Aside);
        let goes_on = self.waves.to[item as usize].is_some();
        if !is_under_way || !goes_on || !self.waves.may_stop(item) {
            return false;
        }
        self.waves.phase[item as usize] = Phase::Stopped;
        self.waves.hop(item, None, HopKind::Stop);
        true
    }

    /// A bin that takes an item which neither is nor belongs there; one that no other item is on
    /// its way to if possible.
    fn third_bin(&self, item: u32) -> Option<u32> {
        let waves = &self.waves;
        let (now, to) = (waves.now[item as usize], waves.to[item as usize]);
        let bins = waves.checked.bins() as u32;
        let fits = |&bin: &u32| {
            Some(bin) != now
                && Some(bin) != to
                && waves.checked.is_eligible(item, bin)
                && waves.wait_for(item, bin).is_none()
        };
        let around = (waves.cursor..bins).chain(0..waves.cursor.min(bins));
        let mut second_best = None;
        for bin in around.filter(fits) {
            if waves.inbound[bin as usize] == 0 {
                return Some(bin);
            }
            second_best = second_best.or(Some(bin));
        }
        second_best
    }

    fn is_hopeless(&self, item: u32) -> bool {
        let checked = self.waves.checked;
        let class = checked.problem().class[item as usize];
        self.refused.get(&class).is_some_and(|&smaller| checked.is_at_least(item, smaller))
    }

    fn refuse(&mut self, item: u32) {
        let checked = self.waves.checked;
        if checked.links(item).is_empty() {
            self.refused.insert(checked.problem().class[item as usize], item);
        }
    }
}
