use crate::Problem;

/// Fractional bits of a root, which make a square exact to a thousandth of a point.
const FRACTION: u32 = 16;

/// A root above this would make squares overflow.
const ROOT_LIMIT: u128 = 1 << 46;

/// The balance objective as squares of `load × slope`, so that a price is two multiplications.
#[derive(Clone, Debug)]
pub(crate) struct Balance {
    resources: usize,
    /// Per bin and resource; 0 where the bin does not count.
    slopes: Vec<u64>,
    /// Per resource: how far a product is shifted back.
    shifts: Vec<u32>,
}

impl Balance {
    /// Prepares the slopes of a problem whose tables are filled.
    pub(crate) fn new(problem: &Problem) -> Balance {
        let resources = problem.resources;
        let mut balance = Balance {
            resources,
            slopes: vec![0; problem.capacity.len()],
            shifts: vec![0; resources],
        };
        for resource in 0..resources {
            balance.prepare(problem, resource);
        }
        balance
    }

    /// What the load of one resource on one bin costs, in thousandths of a point.
    #[inline]
    pub(crate) fn cost(&self, bin: usize, resource: usize, load: u64) -> i64 {
        let root = self.root(bin, resource, load) as u64;
        ((u128::from(root) * u128::from(root)) >> (2 * FRACTION)) as i64
    }

    /// The square root of the cost, with [`FRACTION`] bits.
    #[inline]
    pub(crate) fn root(&self, bin: usize, resource: usize, load: u64) -> u128 {
        let slope = self.slopes[bin * self.resources + resource];
        (u128::from(load) * u128::from(slope)) >> self.shifts[resource]
    }

    /// What one unit of load adds to the root, before it is shifted.
    pub(crate) fn slope(&self, bin: usize, resource: usize) -> u64 {
        self.slopes[bin * self.resources + resource]
    }

    /// The least that a demand adds to the cost of any bin with at least this root and slope.
    #[inline]
    pub(crate) fn least_rise(&self, root: u64, slope: u64, resource: usize, demand: u64) -> i64 {
        let rise = (u128::from(demand) * u128::from(slope)) >> self.shifts[resource];
        ((rise * (2 * u128::from(root) + rise)) >> (2 * FRACTION)) as i64 - 2
    }

    /// The cost of one resource if `extra` load lay on the bin where that costs most: squares are
    /// convex, so no distribution of it costs more. `None` where that cannot be counted.
    pub(crate) fn most(&self, problem: &Problem, resource: usize, extra: u64) -> Option<u128> {
        let (mut all, mut worst) = (0, 0);
        for bin in 0..problem.bins() {
            let base = problem.base[bin * self.resources + resource];
            if self.root(bin, resource, base + extra) > ROOT_LIMIT {
                return None;
            }
            let low = self.cost(bin, resource, base) as u128;
            let high = self.cost(bin, resource, base + extra) as u128;
            (all, worst) = (all + low, worst.max(high - low));
        }
        Some(all + worst)
    }

    fn prepare(&mut self, problem: &Problem, resource: usize) {
        let weight = problem.balance[resource];
        let cells = || (resource..problem.full.len()).step_by(self.resources);
        let counted = cells().filter(|&cell| problem.full[cell] > 0).count() as u128;
        let sum: u128 = cells().map(|cell| u128::from(problem.full[cell])).sum();
        let Some(mean) = sum.checked_div(counted) else { return };
        let floats: Vec<(usize, Root)> = cells()
            .filter(|&cell| weight > 0 && problem.full[cell] > 0)
            .map(|cell| (cell, Root::new(weight, problem.full[cell], mean)))
            .collect();
        let shift = floats.iter().map(|(_, root)| root.room()).min().unwrap_or(0);
        self.shifts[resource] = FRACTION + shift;
        for (cell, root) in floats {
            self.slopes[cell] = root.fixed(shift);
        }
    }
}

/// `sqrt(weight × 10^7 / (full × mean))` as `digits / 2^exponent`.
struct Root {
    digits: u64,
    exponent: u32,
}

impl Root {
    /// 10^7 thousandths of a point are the 100 × 100 points of a bin that is full.
    fn new(weight: u64, full: u64, mean: u128) -> Root {
        let price = u128::from(weight) * 10_000_000;
        let exponent = price.leading_zeros() / 2;
        let ratio = (price << (2 * exponent)) / (u128::from(full) * mean);
        Root { digits: ratio.isqrt() as u64, exponent }
    }

    /// The largest shift at which `fixed` still fits, [`FRACTION`] bits included.
    fn room(&self) -> u32 {
        self.exponent + self.digits.leading_zeros() - 2 * FRACTION
    }

    /// The root times 2^(shift + 2 × FRACTION).
    fn fixed(&self, shift: u32) -> u64 {
        let up = i64::from(shift + 2 * FRACTION) - i64::from(self.exponent);
        let digits = u128::from(self.digits);
        let moved = if up < 0 { digits >> -up } else { digits << up };
        u64::try_from(moved).unwrap_or(u64::MAX)
    }
}
