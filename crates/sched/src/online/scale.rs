//! How scores that depend on other nodes are brought to 0 to 100.

use super::leaf::MOST;

const HUNDRED: i64 = MOST as i64;

/// Images smaller than this, in bytes, are no reason to prefer a node.
const SMALL: u128 = 23 << 20;

/// Images larger than this, in bytes and per container, are not worth more.
const LARGE: u128 = 1000 << 20;

/// The least and the most of something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    least: i64,
    most: i64,
}

impl Default for Range {
    fn default() -> Self {
        Range { least: i64::MAX, most: i64::MIN }
    }
}

impl Range {
    pub(crate) fn widen(&mut self, value: i64) {
        self.least = self.least.min(value);
        self.most = self.most.max(value);
    }

    /// More is better: in proportion to the most.
    pub(crate) fn more(self, value: i64) -> i64 {
        (value * HUNDRED).checked_div(self.most).unwrap_or(0)
    }

    /// Fewer is better: a hundred less the proportion to the most.
    pub(crate) fn fewer(self, value: i64) -> i64 {
        HUNDRED - self.more(value)
    }

    /// Fewer is better, and the best has a hundred only if it has nothing or all have the same.
    pub(crate) fn even(self, value: i64) -> i64 {
        let most = i128::from(self.most);
        let left = most + i128::from(self.least) - i128::from(value);
        (left * i128::from(HUNDRED)).checked_div(most).map_or(HUNDRED, |it| it as i64)
    }

    /// More is better: nothing for the least, a hundred for the most.
    pub(crate) fn between(self, value: i64) -> i64 {
        let above = i128::from(value) - i128::from(self.least);
        let width = i128::from(self.most) - i128::from(self.least);
        (above * i128::from(HUNDRED)).checked_div(width).map_or(0, |it| it as i64)
    }
}

/// The score of so many bytes of images in so many containers.
pub(crate) fn per_hundred(bytes: u128, containers: u128) -> i64 {
    let large = LARGE * containers.max(1);
    let bytes = bytes.clamp(SMALL, large);
    ((bytes - SMALL) * u128::from(MOST) / (large - SMALL)) as i64
}

/// The sum of pods times weight plus what the skew allows beyond one, in whole numbers. Weights
/// are in 2^-32.
pub(crate) fn rounded(each: impl Iterator<Item = (u32, u64, u32)>) -> u64 {
    let term = |(pods, weight, skew): (u32, u64, u32)| {
        u128::from(pods) * u128::from(weight) + (u128::from(skew.saturating_sub(1)) << 32)
    };
    let sum: u128 = each.map(term).sum();
    u64::try_from((sum + (1 << 31)) >> 32).unwrap_or(u64::MAX).min(i64::MAX as u64)
}

/// The natural logarithm of a number from 1, in 2^-32.
pub(crate) fn logarithm(number: u64) -> u64 {
    /// The natural logarithm of 2, in 2^-64.
    const OF_TWO: u128 = 0xb172_17f7_d1cf_79ac;
    let whole = number.max(1).ilog2();
    // In 2^-63, from 1 to 2; squaring it moves the next binary digit of its logarithm in front.
    let mut rest = number.max(1) << (63 - whole);
    let mut binary = u128::from(whole);
    for _ in 0..40 {
        let square = u128::from(rest) * u128::from(rest);
        let is_two = square >> 127 == 1;
        rest = (square >> if is_two { 64 } else { 63 }) as u64;
        binary = binary << 1 | u128::from(is_two);
    }
    ((binary * (OF_TWO >> 8)) >> (40 + 56 - 32)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_right_to_a_billionth() {
        for number in (1..3_000).chain([5_002, 100_002, 1 << 40]) {
            let counted = logarithm(number) as f64 / 2f64.powi(32);
            assert!((counted - (number as f64).ln()).abs() < 1e-8, "{number}: {counted}");
        }
    }

    #[test]
    fn scales_end_where_they_should() {
        let mut range = Range::default();
        [2, 6, 10].into_iter().for_each(|it| range.widen(it));
        assert_eq!([range.more(10), range.fewer(10), range.more(6)], [100, 0, 60]);
        assert_eq!([range.between(2), range.between(6), range.between(10)], [0, 50, 100]);
        assert_eq!([range.even(2), range.even(10)], [100, 20]);
        let mut nothing = Range::default();
        nothing.widen(0);
        let all = [nothing.more(0), nothing.fewer(0), nothing.even(0), nothing.between(0)];
        assert_eq!(all, [0, 100, 100, 0]);
    }

    #[test]
    fn small_images_count_nothing_and_large_ones_no_more_than_a_hundred() {
        assert_eq!(per_hundred(22 << 20, 1), 0);
        assert_eq!(per_hundred(1 << 40, 2), 100);
    }
}
