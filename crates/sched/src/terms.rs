use crate::checked::POINT;
use crate::{Problem, Rows};

/// What a problem says of load above what is safe, of keys that depend on each other, and of
/// items away from home, prepared for the search.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    /// Thousandths of a point for each unit above `safe`, per resource; empty where all are 0.
    strain: Vec<i64>,
    ratios: Vec<Weighed>,
    /// Per resource; empty where nothing lingers.
    lingers: Vec<bool>,
    /// Per key: those that it needs, and those that need it.
    needs: Rows<u32>,
    needed_by: Rows<u32>,
    /// Per key: the domains that its holders must be spread over.
    least: Vec<u32>,
    /// Per item: whether a key that it holds is scattered, follows or is followed.
    is_bound: Vec<bool>,
}

/// A ratio with its price in thousandths of a point.
#[derive(Clone, Copy, Debug)]
struct Weighed {
    one: usize,
    other: usize,
    target: i64,
    price: i64,
}

impl Terms {
    pub(crate) fn new(problem: &Problem) -> Terms {
        let strain = problem.strain.iter().map(|&points| points as i64 * POINT);
        let follows = || problem.follows.iter();
        let needs = by_key(problem, follows().map(|it| (it.key, it.needs)));
        let needed_by = by_key(problem, follows().map(|it| (it.needs, it.key)));
        let mut least = vec![0; problem.keys.len()];
        for scatter in &problem.scatters {
            let known = &mut least[scatter.key as usize];
            *known = scatter.least.max(*known);
        }
        let is_bound = |key: u32| {
            let ties = needs.row(key as usize).len() + needed_by.row(key as usize).len();
            ties > 0 || least[key as usize] > 1
        };
        let holds = |item| problem.holds.row(item).iter().any(|&key| is_bound(key));
        let is_bound = (0..problem.items()).map(holds).collect();
        // What has no price is not counted, so that it cannot be too large to be counted.
        let ratios = problem.ratios.iter().filter(|it| it.points > 0);
        Terms {
            strain: none_if_zero(strain.collect()),
            ratios: ratios.map(weigh).collect(),
            lingers: none_if_zero(problem.lingers.clone()),
            needs,
            needed_by,
            least,
            is_bound,
        }
    }

    /// What a load costs a bin above what is safe, in thousandths of a point.
    #[inline]
    pub(crate) fn strain(&self, safe: &[u64], room: &[u64], load: impl Fn(usize) -> u64) -> i64 {
        let prices = self.strain.iter().zip(safe).enumerate();
        let above = prices.map(|(at, (price, &safe))| price * load(at).saturating_sub(safe) as i64);
        above.sum::<i64>() + self.disproportion(room, load)
    }

    /// What a load costs a bin for what it leaves out of proportion, in thousandths of a point.
    #[inline]
    pub(crate) fn disproportion(&self, room: &[u64], load: impl Fn(usize) -> u64) -> i64 {
        let left = |resource: usize| room[resource] as i64 - load(resource) as i64;
        let price = |ratio: &Weighed| {
            ratio.price * (ratio.target * left(ratio.one) - left(ratio.other)).max(0)
        };
        self.ratios.iter().map(price).sum()
    }

    /// What one more unit of load costs at most, if it was above what is safe.
    pub(crate) fn price(&self, resource: usize) -> i64 {
        self.strain.get(resource).copied().unwrap_or(0)
    }

    pub(crate) fn has_strain(&self) -> bool {
        !self.strain.is_empty() || self.has_ratios()
    }

    /// Whether more load may cost less.
    pub(crate) fn has_ratios(&self) -> bool {
        !self.ratios.is_empty()
    }

    /// Whether anything lingers.
    pub(crate) fn has_lingering(&self) -> bool {
        !self.lingers.is_empty()
    }

    /// Whether an item that is away goes on taking a resource at home.
    #[inline]
    pub(crate) fn lingers(&self, resource: usize) -> bool {
        self.lingers.get(resource).copied().unwrap_or(false)
    }

    pub(crate) fn has_follows(&self) -> bool {
        !self.needs.values().is_empty()
    }

    pub(crate) fn needs(&self, key: u32) -> &[u32] {
        self.needs.row(key as usize)
    }

    pub(crate) fn needed_by(&self, key: u32) -> &[u32] {
        self.needed_by.row(key as usize)
    }

    pub(crate) fn least(&self, key: u32) -> u32 {
        self.least[key as usize]
    }

    #[inline]
    pub(crate) fn is_bound(&self, item: u32) -> bool {
        self.is_bound[item as usize]
    }
}

fn weigh(ratio: &crate::Ratio) -> Weighed {
    Weighed {
        one: ratio.one as usize,
        other: ratio.other as usize,
        target: ratio.target as i64,
        price: ratio.points as i64 * POINT,
    }
}

fn none_if_zero<T: Default + PartialEq>(values: Vec<T>) -> Vec<T> {
    if values.iter().all(|value| *value == T::default()) { Vec::new() } else { values }
}

fn by_key(problem: &Problem, pairs: impl Iterator<Item = (u32, u32)>) -> Rows<u32> {
    let mut pairs: Vec<(u32, u32)> = pairs.filter(|(key, other)| key != other).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut pairs = pairs.into_iter().peekable();
    let mut rows = Rows::default();
    for key in 0..problem.keys.len() as u32 {
        let row: Vec<u32> =
            std::iter::from_fn(|| pairs.next_if(|it| it.0 == key).map(|it| it.1)).collect();
        rows.push(row);
    }
    rows
}
