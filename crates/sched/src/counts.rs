/// Members per domain of one spread, with the lowest and highest number at hand.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    skew: u32,
    /// Eligible bins per domain; a domain without any does not count.
    reach: Vec<u32>,
    members: Vec<u32>,
    /// How many domains that count have so many members.
    tiers: Vec<u32>,
    low: u32,
    high: u32,
}

impl Counts {
    pub(crate) fn new(skew: u32, reach: Vec<u32>) -> Counts {
        let members = vec![0; reach.len()];
        let counted = reach.iter().filter(|&&bins| bins > 0).count() as u32;
        Counts { skew, reach, members, tiers: vec![counted], low: 0, high: 0 }
    }

    pub(crate) fn enter(&mut self, domain: u32) {
        let (low, high) = self.after(None, Some(domain));
        let now = self.members[domain as usize];
        self.members[domain as usize] = now + 1;
        if self.is_counted(domain) {
            self.shift_tier(now, now + 1);
        }
        (self.low, self.high) = (low, high);
    }

    /// Takes out a member that entered.
    pub(crate) fn leave(&mut self, domain: u32) {
        let (low, high) = self.after(Some(domain), None);
        let now = self.members[domain as usize];
        self.members[domain as usize] = now - 1;
        if self.is_counted(domain) {
            self.shift_tier(now, now - 1);
        }
        (self.low, self.high) = (low, high);
    }

    /// Whether a member may come to a domain, from another one or from nowhere: the domain stays
    /// within the skew of the lowest one, and nothing that is too uneven becomes more so.
    pub(crate) fn accepts(&self, from: Option<u32>, to: u32) -> bool {
        let (low, _) = self.after(from, None);
        let there = self.members[to as usize] - u32::from(from == Some(to));
        let (after_low, after_high) = self.after(from, Some(to));
        let allowed = self.skew.max(self.high - self.low);
        there + 1 - low.min(there) <= self.skew && after_high - after_low <= allowed
    }

    /// How much a move would add to the skew above what is allowed.
    pub(crate) fn excess_of(&self, from: Option<u32>, to: Option<u32>) -> i64 {
        let (low, high) = self.after(from, to);
        let excess = |low: u32, high: u32| i64::from((high - low).saturating_sub(self.skew));
        excess(low, high) - excess(self.low, self.high)
    }

    /// The numbers that [`accepts`](Counts::accepts) compares: members there, and the lowest.
    pub(crate) fn seen_from(&self, from: Option<u32>, to: u32) -> (u32, u32) {
        let there = self.members[to as usize] - u32::from(from == Some(to));
        (there, self.after(from, None).0)
    }

    /// One bin of a domain is gone; a domain without any no longer counts.
    pub(crate) fn retire(&mut self, domain: u32) {
        self.reach[domain as usize] -= 1;
        if !self.is_counted(domain) {
            self.tiers[self.members[domain as usize] as usize] -= 1;
            self.measure();
        }
    }

    /// Takes [`retire`](Counts::retire) back.
    pub(crate) fn revive(&mut self, domain: u32) {
        if !self.is_counted(domain) {
            self.tiers[self.members[domain as usize] as usize] += 1;
            self.measure();
        }
        self.reach[domain as usize] += 1;
    }

    fn measure(&mut self) {
        self.low = self.tiers.iter().position(|&it| it > 0).unwrap_or(0) as u32;
        self.high = self.tiers.iter().rposition(|&it| it > 0).unwrap_or(0) as u32;
    }

    /// Whether the spread is broken.
    pub(crate) fn is_uneven(&self) -> bool {
        self.high - self.low > self.skew
    }

    fn is_counted(&self, domain: u32) -> bool {
        self.reach[domain as usize] > 0
    }

    /// The lowest and highest number after a member left one domain and came to another.
    fn after(&self, from: Option<u32>, to: Option<u32>) -> (u32, u32) {
        let from = from.filter(|&domain| self.is_counted(domain));
        let to = to.filter(|&domain| self.is_counted(domain));
        if from == to {
            return (self.low, self.high);
        }
        let left = from.map(|domain| self.members[domain as usize]);
        let tier = |count: u32| {
            let here = self.tiers[count as usize];
            here - u32::from(left == Some(count)) + u32::from(left == Some(count + 1))
        };
        let low = left.map_or(self.low, |count| self.low.min(count - 1));
        let was_highest = left == Some(self.high) && self.tiers[self.high as usize] == 1;
        let high = self.high - u32::from(was_highest);
        let Some(came) = to.map(|domain| self.members[domain as usize]) else { return (low, high) };
        let was_lowest = came == low && tier(came) == 1;
        (low + u32::from(was_lowest), high.max(came + 1))
    }

    fn shift_tier(&mut self, from: u32, to: u32) {
        self.tiers[from as usize] -= 1;
        if to as usize >= self.tiers.len() {
            self.tiers.resize(to as usize + 1, 0);
        }
        self.tiers[to as usize] += 1;
    }
}
