use crate::Checked;
use crate::checked::POINT;

/// Who is away from home, and what that costs.
#[derive(Clone, Debug)]
pub(crate) struct Away<'c> {
    checked: &'c Checked,
    home: &'c [Option<u32>],
    /// Per group: how many are away. Empty without groups.
    away: Vec<u32>,
    /// How many groups have so many away, and the most that any has.
    tiers: Vec<u32>,
    most: u32,
}

impl<'c> Away<'c> {
    /// Nobody is anywhere yet, so nobody is at home.
    pub(crate) fn new(checked: &'c Checked, home: &'c [Option<u32>]) -> Away<'c> {
        let problem = checked.problem();
        let groups = problem.group.iter().max().map_or(0, |&group| group as usize + 1);
        let mut away = Away {
            checked,
            home,
            away: vec![0; groups],
            tiers: vec![0; problem.group.len() + 1],
            most: 0,
        };
        away.tiers[0] = groups as u32;
        away
    }

    /// The bin that an item pays nothing to be on.
    #[inline]
    pub(crate) fn home(&self, item: u32) -> Option<u32> {
        self.home.get(item as usize).copied().flatten()
    }

    /// Takes note of an item that came to a bin.
    pub(crate) fn enter(&mut self, item: u32, bin: u32) {
        if self.home(item).is_some_and(|home| home != bin) {
            self.count(item, 1);
        }
    }

    /// Takes note of an item that left a bin.
    pub(crate) fn leave(&mut self, item: u32, bin: u32) {
        if self.home(item).is_some_and(|home| home != bin) {
            self.count(item, -1);
        }
    }

    /// What an item pays on a bin, in thousandths of a point, when it is at `here` now.
    #[inline]
    pub(crate) fn cost(&self, item: u32, bin: u32, here: Option<u32>) -> i64 {
        let Some(home) = self.home(item).filter(|&home| home != bin) else { return 0 };
        self.way_cost(item, bin) + self.group_cost(item, here.is_some_and(|here| here != home))
    }

    /// The same without its group.
    #[inline]
    pub(crate) fn way_cost(&self, item: u32, bin: u32) -> i64 {
        let Some(home) = self.home(item).filter(|&home| home != bin) else { return 0 };
        let problem = self.checked.problem();
        let way = home as usize * self.checked.bins() + bin as usize;
        let way = problem.travel.get(way).copied().unwrap_or(0);
        (problem.move_cost[item as usize] + u64::from(way)) as i64 * POINT
    }

    /// The least that it pays on any bin but its home.
    pub(crate) fn least(&self, item: u32) -> i64 {
        match self.home(item) {
            Some(_) => self.checked.problem().move_cost[item as usize] as i64 * POINT,
            None => 0,
        }
    }

    /// What its group pays because it is away as well.
    #[inline]
    fn group_cost(&self, item: u32, is_away: bool) -> i64 {
        let Some(group) = self.group(item) else { return 0 };
        let own = self.away[group];
        let is_more = own == self.most && (!is_away || self.tiers[own as usize] == 1);
        if is_more { self.checked.group_cost() } else { 0 }
    }

    /// What its group pays more when it leaves its home, or comes to it.
    #[inline]
    pub(crate) fn group_change(&self, item: u32, leaves_home: bool, comes_home: bool) -> i64 {
        match (leaves_home, comes_home) {
            (true, false) => self.group_cost(item, false),
            (false, true) => -self.group_cost(item, true),
            (true, true) | (false, false) => 0,
        }
    }

    fn group(&self, item: u32) -> Option<usize> {
        self.checked.problem().group.get(item as usize).map(|&group| group as usize)
    }

    fn count(&mut self, item: u32, change: i32) {
        let Some(group) = self.group(item) else { return };
        let (was, now) = (self.away[group], self.away[group].saturating_add_signed(change));
        self.away[group] = now;
        self.tiers[was as usize] -= 1;
        self.tiers[now as usize] += 1;
        self.most = self.most.max(now);
        if self.tiers[self.most as usize] == 0 {
            self.most -= 1;
        }
    }
}
