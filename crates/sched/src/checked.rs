use crate::balance::Balance;
use crate::counts::Counts;
use crate::terms::Terms;
use crate::{Bits, Class, Malformed, Problem, Rows, Spread, check, prepare};

/// Thousandths in a point.
pub(crate) const POINT: i64 = 1000;

/// A [`Problem`] that is consistent, with every table filled: what all kernels take.
///
/// Nothing that a kernel does with it can panic or overflow.
#[derive(Clone, Debug)]
pub struct Checked {
    problem: Problem,
    bins: usize,
    items: usize,
    pub(crate) balance: Balance,
    pub(crate) terms: Terms,
    /// Mean capacity per resource, at least 1: the measure of overload.
    pub(crate) mean: Vec<u64>,
    /// Per item: the share of its class's bins that it takes of its dominant resource, in 2^-63.
    shares: Vec<u64>,
    /// Per class: how many bins are eligible.
    eligible: Vec<usize>,
    /// Per resource: the mean demand of all items.
    typical: Vec<u64>,
    /// Per item: all points that other items would pay for its company.
    company: Vec<i64>,
    links: Rows<Link>,
    /// Per item: the spreads it is a member of, each once.
    spreads: Rows<u32>,
    /// Per spread: the bins that are eligible for some member.
    reach: Vec<Bits>,
}

/// All that ties one item to one key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) key: u32,
    pub(crate) holds: bool,
    pub(crate) refuses: bool,
    /// What the want costs unmet, in thousandths of a point.
    pub(crate) wants: i64,
    /// Whether the item's coming or going can change what wants cost.
    pub(crate) is_priced: bool,
}

impl Checked {
    pub(crate) fn new(mut problem: Problem) -> Result<Checked, Malformed> {
        check::size(&problem)?;
        prepare::fill(&mut problem);
        check::tables(&problem)?;
        let too_steep = Malformed::Overflow { field: "balance" };
        let balance = Balance::new(&problem).ok_or(too_steep)?;
        check::costs(&problem, &balance)?;
        let (mean, shares) = (prepare::mean(&problem), prepare::shares(&problem));
        let (links, spreads) = (prepare::links(&problem), prepare::spreads(&problem));
        let company = prepare::company(&problem, &links);
        let terms = Terms::new(&problem);
        let eligible = problem.classes.iter().map(|class| class.eligible.count()).collect();
        let typical = prepare::typical(&problem);
        let reach = prepare::reach(&problem, &spreads);
        let (bins, items) = (problem.bins(), problem.items());
        Ok(Checked {
            problem,
            bins,
            items,
            balance,
            terms,
            mean,
            shares,
            eligible,
            typical,
            company,
            links,
            spreads,
            reach,
        })
    }

    /// The problem, with every table filled.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// The number of bins.
    pub fn bins(&self) -> usize {
        self.bins
    }

    /// The number of items.
    pub fn items(&self) -> usize {
        self.items
    }

    /// Whether the class of an item may use a bin. An item or bin that does not exist may not.
    pub fn is_eligible(&self, item: u32, bin: u32) -> bool {
        self.has(item, bin) && self.class_of(item).eligible.contains(bin)
    }

    pub(crate) fn has(&self, item: u32, bin: u32) -> bool {
        (item as usize) < self.items && (bin as usize) < self.bins
    }

    /// The assignment with one entry per item, where bins that do not exist are none.
    pub(crate) fn tidy(&self, at: &[Option<u32>]) -> Vec<Option<u32>> {
        let known = |bin: &u32| (*bin as usize) < self.bins;
        (0..self.items).map(|item| at.get(item).copied().flatten().filter(known)).collect()
    }

    #[inline]
    pub(crate) fn class_of(&self, item: u32) -> &Class {
        &self.problem.classes[self.problem.class[item as usize] as usize]
    }

    #[inline]
    pub(crate) fn demand(&self, item: u32) -> &[u64] {
        let start = item as usize * self.problem.resources;
        &self.problem.demand[start..start + self.problem.resources]
    }

    #[inline]
    pub(crate) fn capacity(&self, bin: u32) -> &[u64] {
        let start = bin as usize * self.problem.resources;
        &self.problem.capacity[start..start + self.problem.resources]
    }

    #[inline]
    pub(crate) fn safe(&self, bin: u32) -> &[u64] {
        let start = bin as usize * self.problem.resources;
        &self.problem.safe[start..start + self.problem.resources]
    }

    /// What a load costs a bin above what is safe, in thousandths of a point.
    #[inline]
    pub(crate) fn strain(&self, bin: u32, load: impl Fn(usize) -> u64) -> i64 {
        if !self.terms.has_strain() {
            return 0;
        }
        self.terms.strain(self.safe(bin), self.capacity(bin), load)
    }

    /// What an item would cost above what is safe, in thousandths of a point.
    pub(crate) fn weight(&self, item: u32) -> i64 {
        let demand = self.demand(item).iter().enumerate();
        demand.map(|(resource, &demand)| self.terms.price(resource) * demand as i64).sum()
    }

    /// What an item weighs on average, in strain and in balance, in thousandths of a point.
    pub(crate) fn mean_weight(&self) -> i64 {
        let (items, bins) = (self.items.max(1) as i128, self.bins.max(1) as i128);
        let strain: i128 = (0..self.items as u32).map(|item| i128::from(self.weight(item))).sum();
        let resources = 0..self.problem.resources;
        let rise = |bin: usize, resource: usize| {
            let demand = self.typical[resource];
            let load = u128::from(demand) * items as u128 / bins as u128;
            let load = self.problem.base[bin * self.problem.resources + resource] + load as u64;
            let cost = |load| i128::from(self.balance.cost(bin, resource, load));
            cost(load + demand) - cost(load)
        };
        let cells = (0..self.bins).flat_map(|bin| resources.clone().map(move |it| (bin, it)));
        let balance: i128 = cells.map(|(bin, resource)| rise(bin, resource)).sum();
        (strain / items + balance / bins) as i64
    }

    /// The same for a unit of each resource.
    pub(crate) fn unit_weights(&self) -> Vec<f64> {
        let weight = self.mean_weight() as f64;
        self.typical.iter().map(|&demand| weight / demand.max(1) as f64).collect()
    }

    /// The mean demand of all items for a resource.
    pub(crate) fn typical(&self, resource: usize) -> u64 {
        self.typical[resource]
    }

    /// Whether loads above what is safe and moves are all that has a price.
    pub(crate) fn is_plain(&self) -> bool {
        let is_free = |class: &Class| class.penalty.iter().all(|&points| points == 0);
        !self.balance.is_wanted()
            && self.problem.classes.iter().all(is_free)
            && self.problem.wants.values().is_empty()
    }

    /// What the group that moves most pays for each item, in thousandths of a point.
    pub(crate) fn group_cost(&self) -> i64 {
        self.problem.group_cost as i64 * POINT
    }

    /// The same for what lingers.
    pub(crate) fn lingering_weight(&self, item: u32) -> i64 {
        let demand = self.demand(item).iter().enumerate();
        let lingering = demand.filter(|&(resource, _)| self.terms.lingers(resource));
        lingering.map(|(resource, &demand)| self.terms.price(resource) * demand as i64).sum()
    }

    /// Whether an item takes no less than another of any resource.
    pub(crate) fn is_at_least(&self, item: u32, smaller: u32) -> bool {
        self.demand(item).iter().zip(self.demand(smaller)).all(|(own, other)| own >= other)
    }

    #[inline]
    pub(crate) fn eligible_count(&self, item: u32) -> usize {
        self.eligible[self.problem.class[item as usize] as usize]
    }

    /// What a typical item would add to the balance of a bin with this load.
    pub(crate) fn typical_rise(&self, bin: u32, load: &[u64]) -> i64 {
        let rows = load.iter().zip(&self.typical).enumerate();
        let rises = rows.map(|(resource, (&load, &demand))| {
            let cost = |load| self.balance.cost(bin as usize, resource, load);
            cost(load + demand) - cost(load)
        });
        let strain = self.strain(bin, |resource| load[resource] + self.typical[resource])
            - self.strain(bin, |resource| load[resource]);
        rises.sum::<i64>() + strain
    }

    #[inline]
    pub(crate) fn company(&self, item: u32) -> i64 {
        self.company[item as usize]
    }

    /// The most that better company could save: what the item pays for want of it, and what
    /// others pay for want of the item.
    pub(crate) fn longing(&self, item: u32) -> i64 {
        self.links(item).iter().map(|link| link.wants).sum::<i64>() + self.company(item)
    }

    #[inline]
    pub(crate) fn share(&self, item: u32) -> u64 {
        self.shares[item as usize]
    }

    #[inline]
    pub(crate) fn links(&self, item: u32) -> &[Link] {
        self.links.row(item as usize)
    }

    #[inline]
    pub(crate) fn spreads(&self, item: u32) -> &[u32] {
        self.spreads.row(item as usize)
    }

    /// How many links there are, which bounds the pairs of key and domain in use.
    pub(crate) fn link_count(&self) -> usize {
        self.links.values().len()
    }

    /// Per key: how many domains there are at its level.
    pub(crate) fn key_domains(&self) -> impl Iterator<Item = usize> + '_ {
        let count = |level: &Vec<u32>| level.iter().max().map_or(0, |&last| last as usize + 1);
        let above: Vec<usize> = self.problem.topologies.iter().map(count).collect();
        let levels = self.problem.keys.iter().map(|level| (*level as usize).checked_sub(1));
        levels.map(move |level| level.map_or(self.bins, |level| above[level]))
    }

    /// Whether a bin is eligible for some member of a spread.
    pub(crate) fn reaches(&self, spread: u32, bin: u32) -> bool {
        self.reach[spread as usize].contains(bin)
    }

    /// The spreads with no member placed yet.
    pub(crate) fn counts(&self) -> Vec<Counts> {
        (0..).zip(&self.problem.spreads).map(|(at, spread)| self.no_members(at, spread)).collect()
    }

    fn no_members(&self, at: u32, spread: &Spread) -> Counts {
        let domains = (0..self.bins as u32).map(|bin| self.spread_domain(at, bin) as usize + 1);
        let mut reach = vec![0; domains.max().unwrap_or(0)];
        for bin in self.reach[at as usize].iter() {
            reach[self.spread_domain(at, bin) as usize] += 1;
        }
        Counts::new(spread.skew, reach)
    }

    /// The domain of a bin at the level of a key.
    #[inline]
    pub(crate) fn key_domain(&self, key: u32, bin: u32) -> u32 {
        domain(&self.problem, self.problem.keys[key as usize], bin)
    }

    /// The domain of a bin at the level of a spread.
    #[inline]
    pub(crate) fn spread_domain(&self, spread: u32, bin: u32) -> u32 {
        domain(&self.problem, self.problem.spreads[spread as usize].topology, bin)
    }

    /// The penalty of an item's class for a bin, in thousandths of a point.
    #[inline]
    pub(crate) fn penalty(&self, item: u32, bin: u32) -> i64 {
        let points = self.class_of(item).penalty.get(bin as usize).copied().unwrap_or(0);
        points as i64 * POINT
    }

    /// What a load above the capacity of one bin counts, in thousandths of the mean capacity.
    #[inline]
    pub(crate) fn overload(&self, bin: u32, resource: usize, load: u64) -> i64 {
        let over = load.saturating_sub(self.capacity(bin)[resource]);
        if over == 0 {
            return 0;
        }
        let thousandths = (u128::from(over) * 1000).div_ceil(u128::from(self.mean[resource]));
        thousandths.min(1 << 20) as i64
    }
}

/// The domain of a bin at a level that exists.
#[inline]
fn domain(problem: &Problem, level: u32, bin: u32) -> u32 {
    match level.checked_sub(1) {
        None => bin,
        Some(above) => problem.topologies[above as usize][bin as usize],
    }
}
