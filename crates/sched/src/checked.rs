use crate::balance::Balance;
use crate::counts::Counts;
use crate::terms::Terms;
use crate::{Bits, Class, Malformed, Problem, Rows, Spread, Want, check};

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
        fill(&mut problem);
        check::tables(&problem)?;
        let too_steep = Malformed::Overflow { field: "balance" };
        let balance = Balance::new(&problem).ok_or(too_steep)?;
        check::costs(&problem, &balance)?;
        let (mean, shares) = (mean(&problem), shares(&problem));
        let (links, spreads) = (links(&problem), spreads(&problem));
        let company = company(&problem, &links);
        let terms = Terms::new(&problem);
        let eligible = problem.classes.iter().map(|class| class.eligible.count()).collect();
        let typical = typical(&problem);
        let reach = reach(&problem, &spreads);
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

fn fill(problem: &mut Problem) {
    let (bins, items) = (problem.bins(), problem.items());
    if problem.base.is_empty() {
        problem.base = vec![0; problem.capacity.len()];
    }
    if problem.full.is_empty() {
        problem.full.clone_from(&problem.capacity);
    }
    if problem.balance.is_empty() {
        problem.balance = vec![0; problem.resources];
    }
    if problem.class.is_empty() && problem.classes.is_empty() {
        problem.class = vec![0; items];
        problem.classes = vec![Class { eligible: Bits::below(bins), penalty: Vec::new() }];
    }
    if problem.home.is_empty() {
        problem.home = vec![None; items];
    }
    if problem.move_cost.is_empty() {
        problem.move_cost = vec![0; items];
    }
    if problem.lingers.is_empty() {
        problem.lingers = vec![false; problem.resources];
    }
    if problem.safe.is_empty() {
        problem.safe.clone_from(&problem.capacity);
    }
    if problem.strain.is_empty() {
        problem.strain = vec![0; problem.resources];
    }
}

fn mean(problem: &Problem) -> Vec<u64> {
    let mean = |resource: usize| {
        let cells = problem.capacity.iter().skip(resource).step_by(problem.resources);
        let sum: u128 = cells.map(|&capacity| u128::from(capacity)).sum();
        (sum / problem.bins().max(1) as u128).max(1) as u64
    };
    (0..problem.resources).map(mean).collect()
}

fn typical(problem: &Problem) -> Vec<u64> {
    let mean = |resource: usize| {
        let demands = problem.demand.iter().skip(resource).step_by(problem.resources);
        demands.sum::<u64>() / problem.items().max(1) as u64
    };
    (0..problem.resources).map(mean).collect()
}

fn shares(problem: &Problem) -> Vec<u64> {
    let rooms: Vec<Vec<u128>> =
        problem.classes.iter().map(|class| room(problem, &class.eligible)).collect();
    let share = |item: usize| {
        let demand = &problem.demand[item * problem.resources..][..problem.resources];
        let rows = demand.iter().zip(&rooms[problem.class[item] as usize]);
        let shares = rows.map(|(&demand, &room)| (u128::from(demand) << 63) / room.max(1));
        u64::try_from(shares.max().unwrap_or(0)).unwrap_or(u64::MAX)
    };
    (0..problem.items()).map(share).collect()
}

/// The capacity of some bins together, per resource.
fn room(problem: &Problem, bins: &Bits) -> Vec<u128> {
    let mut room = vec![0; problem.resources];
    for bin in bins.iter() {
        let row = &problem.capacity[bin as usize * problem.resources..][..problem.resources];
        room.iter_mut().zip(row).for_each(|(sum, &capacity)| *sum += u128::from(capacity));
    }
    room
}

fn links(problem: &Problem) -> Rows<Link> {
    let mut is_wanted = vec![false; problem.keys.len()];
    problem.wants.values().iter().for_each(|want| is_wanted[want.key as usize] = true);
    let priced = |link: Link| Link { is_priced: is_wanted[link.key as usize], ..link };
    let row = |item| links_of(problem, item).into_iter().map(priced);
    (0..problem.items()).map(row).collect()
}

/// The keys of one item, each once, in order.
fn links_of(problem: &Problem, item: usize) -> Vec<Link> {
    let link = |key| Link { key, holds: false, refuses: false, wants: 0, is_priced: false };
    let holds = problem.holds.row(item).iter().map(|&key| Link { holds: true, ..link(key) });
    let refuses = problem.refuses.row(item).iter().map(|&key| Link { refuses: true, ..link(key) });
    let wants = problem.wants.row(item).iter();
    let wants =
        wants.map(|&Want { key, points }| Link { wants: points as i64 * POINT, ..link(key) });
    let mut all: Vec<Link> = holds.chain(refuses).chain(wants).collect();
    all.sort_by_key(|link| link.key);
    all.dedup_by(|next, kept| {
        let same = next.key == kept.key;
        if same {
            kept.holds |= next.holds;
            kept.refuses |= next.refuses;
            kept.wants += next.wants;
        }
        same
    });
    all
}

fn company(problem: &Problem, links: &Rows<Link>) -> Vec<i64> {
    let mut wanted = vec![0; problem.keys.len()];
    links.values().iter().for_each(|link| wanted[link.key as usize] += link.wants);
    let held = |link: &&Link| link.holds;
    let company =
        |item| links.row(item).iter().filter(held).map(|link| wanted[link.key as usize]).sum();
    (0..problem.items()).map(company).collect()
}

fn spreads(problem: &Problem) -> Rows<u32> {
    let row = |item| {
        let mut row = problem.members.row(item).to_vec();
        row.sort_unstable();
        row.dedup();
        row
    };
    (0..problem.items()).map(row).collect()
}

fn reach(problem: &Problem, spreads: &Rows<u32>) -> Vec<Bits> {
    let mut users: Vec<(u32, u32)> = (0..problem.items())
        .flat_map(|item| spreads.row(item).iter().map(move |&it| (it, problem.class[item])))
        .collect();
    users.sort_unstable();
    users.dedup();
    let reach = |spread: usize| {
        let first = users.partition_point(|&(it, _)| (it as usize) < spread);
        let classes = users[first..].iter().take_while(|&&(it, _)| it as usize == spread);
        classes.flat_map(|&(_, class)| problem.classes[class as usize].eligible.iter()).collect()
    };
    (0..problem.spreads.len()).map(reach).collect()
}
