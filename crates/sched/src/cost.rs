use std::cmp::Ordering;
use std::ops::{Add, AddAssign, Sub};

/// What one unplaced item adds to [`Cost::total`]: more than everything else together.
pub const UNPLACED: i128 = 1 << 62;

/// What an assignment costs, by cause; the difference of two assignments has the same shape.
///
/// `balance`, `strain`, `penalty`, `wants` and `moves` are thousandths of a point. Costs compare by
/// violations first, then by unplaced items, then by points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Cost {
    /// Load above capacity, in thousandths of the mean capacity of each resource, rounded up and
    /// summed over bins and resources (at most 2^20 for each).
    pub overload: i64,
    /// Pairs of an item and another that it refuses, items on bins that are not eligible, and
    /// domains where a key is held without the one that it needs.
    pub conflicts: i64,
    /// Skew above what spreads allow, and domains that scattered keys are short of.
    pub skew: i64,
    /// Items on no bin.
    pub unplaced: i64,
    /// Unevenness: for each balanced resource its weight times the squares of the percentages
    /// used, each bin counted by its size.
    pub balance: i64,
    /// Load above what is safe, and ratios that are not kept.
    pub strain: i64,
    /// Penalties of classes for the bins in use.
    pub penalty: i64,
    /// Wants that are not met.
    pub wants: i64,
    /// Items away from home: their moves, their ways, and the group that moves most.
    pub moves: i64,
}

impl Cost {
    /// One number for hard rules that are broken: overload, and 1000 for each conflict and for
    /// each skew too many.
    pub fn violations(&self) -> i64 {
        let rules = self.conflicts.saturating_add(self.skew);
        self.overload.saturating_add(rules.saturating_mul(1000))
    }

    /// The sum of balance, strain, penalty, wants and moves, in thousandths of a point.
    pub fn soft(&self) -> i64 {
        let parts = [self.strain, self.penalty, self.wants, self.moves];
        parts.into_iter().fold(self.balance, i64::saturating_add)
    }

    /// The soft cost and [`UNPLACED`] for each unplaced item. Violations are no price, so they
    /// are not in it: compare costs, or look at [`Cost::violations`].
    pub fn total(&self) -> i128 {
        i128::from(self.unplaced) * UNPLACED + i128::from(self.soft())
    }

    /// Whether this difference breaks nothing more, and is better: less broken or less unplaced,
    /// else cheaper by at least `gain`.
    pub(crate) fn improves(&self, gain: i64) -> bool {
        let rank = self.rank();
        let first = (rank.violations, rank.unplaced);
        let is_better = first < (0, 0) || (first == (0, 0) && rank.soft <= -gain);
        self.overload <= 0 && self.conflicts <= 0 && self.skew <= 0 && is_better
    }

    /// What counts in a comparison, most important first.
    pub(crate) fn rank(&self) -> Rank {
        Rank { violations: self.violations(), unplaced: self.unplaced, soft: self.soft() }
    }
}

/// A cost as the kernels compare it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    pub(crate) violations: i64,
    pub(crate) unplaced: i64,
    pub(crate) soft: i64,
}

impl Ord for Cost {
    fn cmp(&self, other: &Cost) -> Ordering {
        let causes = |it: &Cost| (it.overload, it.balance, it.strain, it.penalty, it.wants);
        self.rank().cmp(&other.rank()).then_with(|| causes(self).cmp(&causes(other)))
    }
}

impl PartialOrd for Cost {
    fn partial_cmp(&self, other: &Cost) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Cost {
    /// Joins two costs part by part.
    fn zip(self, other: Cost, join: fn(i64, i64) -> i64) -> Cost {
        Cost {
            overload: join(self.overload, other.overload),
            conflicts: join(self.conflicts, other.conflicts),
            skew: join(self.skew, other.skew),
            unplaced: join(self.unplaced, other.unplaced),
            balance: join(self.balance, other.balance),
            strain: join(self.strain, other.strain),
            penalty: join(self.penalty, other.penalty),
            wants: join(self.wants, other.wants),
            moves: join(self.moves, other.moves),
        }
    }
}

impl Add for Cost {
    type Output = Cost;
    fn add(self, other: Cost) -> Cost {
        self.zip(other, i64::saturating_add)
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Cost) {
        *self = *self + other;
    }
}

impl Sub for Cost {
    type Output = Cost;
    fn sub(self, other: Cost) -> Cost {
        self.zip(other, i64::saturating_sub)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_outweighs_an_unplaced_item_and_that_any_price() {
        let broken = Cost { overload: 1, ..Cost::default() };
        let unplaced = Cost { unplaced: 1, ..Cost::default() };
        let dear = Cost { balance: i64::MAX / 8, moves: i64::MAX / 8, ..Cost::default() };
        assert!(broken > unplaced && unplaced > dear);
        assert!(unplaced.total() > dear.total());
    }

    #[test]
    fn equal_order_means_equal_parts() {
        let one = Cost { balance: 2, moves: 1, ..Cost::default() };
        let other = Cost { balance: 1, moves: 2, ..Cost::default() };
        assert_eq!(one.total(), other.total());
        assert_ne!(one.cmp(&other), Ordering::Equal);
    }
}
