use crate::Problem;

/// Fractional bits of a root, which make a square exact to a thousandth of a point.
const FRACTION: u32 = 16;

/// A root above this would make squares overflow.
const ROOT_LIMIT: u64 = 1 << 46;

/// More lift would push the price of a unit below its last bit.
const MOST_LIFT: u32 = 48;

/// The balance objective as squares of roots, `load × slope`: a price is two multiplications.
#[derive(Clone, Debug)]
pub(crate) struct Balance {
    resources: usize,
    /// Per bin and resource; 0 where the bin does not count.
    slopes: Vec<u64>,
    /// Per resource: how far a load is shifted up, so that the upper half of its product with a
    /// slope is a root.
    lifts: Vec<u32>,
    is_wanted: bool,
}

impl Balance {
    /// Prepares the slopes of a problem whose tables are filled. `None` where they are too steep.
    pub(crate) fn new(problem: &Problem) -> Option<Balance> {
        let resources = problem.resources;
        let (slopes, lifts) = (vec![0; problem.capacity.len()], vec![0; resources]);
        let mut balance = Balance { resources, slopes, lifts, is_wanted: false };
        (0..resources).try_for_each(|resource| balance.prepare(problem, resource))?;
        balance.is_wanted = balance.slopes.iter().any(|&slope| slope > 0);
        Some(balance)
    }

    /// What the load of one resource on one bin costs, in thousandths of a point.
    #[inline]
    pub(crate) fn cost(&self, bin: usize, resource: usize, load: u64) -> i64 {
        let root = self.root(bin, resource, load);
        ((u128::from(root) * u128::from(root)) >> (2 * FRACTION)) as i64
    }

    /// Whether any load has a price.
    pub(crate) fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// The square root of the cost, with [`FRACTION`] bits.
    #[inline]
    pub(crate) fn root(&self, bin: usize, resource: usize, load: u64) -> u64 {
        self.rise(self.slope(bin, resource), resource, load)
    }

    /// What one unit of load adds to the root, as a factor of its product.
    #[inline]
    pub(crate) fn slope(&self, bin: usize, resource: usize) -> u64 {
        self.slopes[bin * self.resources + resource]
    }

    /// The least that a demand adds to the cost of any bin with at least this root and slope.
    #[inline]
    pub(crate) fn least_rise(&self, root: u64, slope: u64, resource: usize, demand: u64) -> i64 {
        let rise = self.rise(slope, resource, demand);
        ((u128::from(rise) * u128::from(2 * root + rise)) >> (2 * FRACTION)) as i64 - 2
    }

    /// What one more unit of load costs, in 2^-40 thousandths of a point.
    pub(crate) fn price(&self, bin: usize, resource: usize, load: u64) -> i128 {
        let slope = u128::from(self.slope(bin, resource));
        let root = u128::from(self.root(bin, resource, load));
        ((2 * root * slope) >> (64 + 2 * FRACTION - 40 - self.lifts[resource])) as i128
    }

    #[inline]
    fn rise(&self, slope: u64, resource: usize, load: u64) -> u64 {
        ((u128::from(load << self.lifts[resource]) * u128::from(slope)) >> 64) as u64
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

    fn prepare(&mut self, problem: &Problem, resource: usize) -> Option<()> {
        let cells = || (resource..problem.full.len()).step_by(self.resources);
        let counted = cells().filter(|&cell| problem.full[cell] > 0);
        let sum: u128 = cells().map(|cell| u128::from(problem.full[cell])).sum();
        let Some(mean) = sum.checked_div(counted.clone().count() as u128) else { return Some(()) };
        // One bit is left over, so that twice the largest load can be lifted.
        let lift = (largest_load(problem, resource).leading_zeros() - 1).min(MOST_LIFT);
        self.lifts[resource] = lift;
        for cell in counted.filter(|_| problem.balance[resource] > 0) {
            self.slopes[cell] = slope(problem.balance[resource], problem.full[cell], mean, lift)?;
        }
        Some(())
    }
}

/// The load of the bin that carries most if every item is on it. Below 2^57.
fn largest_load(problem: &Problem, resource: usize) -> u64 {
    let column = |table: &[u64]| {
        table.iter().copied().skip(resource).step_by(problem.resources).collect::<Vec<u64>>()
    };
    let base = column(&problem.base).into_iter().max().unwrap_or(0);
    base + column(&problem.demand).into_iter().sum::<u64>()
}

/// `sqrt(weight × 10^7 / (full × mean))`, with [`FRACTION`] bits and as a factor of a load that is
/// lifted: 10^7 thousandths of a point are the 100 × 100 points of a bin that is full.
fn slope(weight: u64, full: u64, mean: u128, lift: u32) -> Option<u64> {
    let price = u128::from(weight) * 10_000_000;
    let exponent = price.leading_zeros() / 2;
    let ratio = (price << (2 * exponent)) / (u128::from(full) * mean);
    let (up, down) = (64 + FRACTION, lift + exponent);
    let root = ratio.isqrt();
    let slope = if up > down { root << (up - down) } else { root >> (down - up) };
    u64::try_from(slope).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(full: [u64; 2], weight: u64) -> Problem {
        Problem {
            resources: 1,
            capacity: full.to_vec(),
            base: vec![0; 2],
            full: full.to_vec(),
            demand: vec![full[0] / 2; 3],
            balance: vec![weight],
            ..Problem::default()
        }
    }

    /// The exact cost in thousandths of a point, as the problem's documents define it.
    fn exact(problem: &Problem, bin: usize, load: u64) -> u128 {
        let mean = problem.full.iter().map(|&it| u128::from(it)).sum::<u128>()
            / problem.full.len() as u128;
        let square =
            u128::from(load) * u128::from(load) * 10_000_000 * u128::from(problem.balance[0]);
        square / (u128::from(problem.full[bin]) * mean)
    }

    #[test]
    fn costs_are_exact_to_a_millionth_or_two_thousandths_of_a_point() {
        for full in [[3, 4], [4000, 64_000], [8 << 30, 4 << 30], [1 << 40, 1 << 20]] {
            for weight in [1, 7, 1000] {
                let problem = problem(full, weight);
                let balance = Balance::new(&problem).unwrap();
                for load in [0, 1, full[0] / 3, full[0], full[0] * 3 / 2] {
                    let (is, should) = (balance.cost(0, 0, load) as u128, exact(&problem, 0, load));
                    assert!(is.abs_diff(should) <= 2 + should / 1_000_000, "{is} {should}");
                }
            }
        }
    }

    #[test]
    fn a_price_is_what_a_unit_of_load_costs() {
        for full in [[4000, 64_000], [8 << 30, 4 << 30]] {
            let problem = problem(full, 7);
            let balance = Balance::new(&problem).unwrap();
            for load in [full[0] / 2, full[0]] {
                // The slope of a square between two points is that in their middle.
                let step = full[0] / 4;
                let rise = exact(&problem, 0, load + step) - exact(&problem, 0, load - step);
                let should = (rise << 40) / u128::from(2 * step);
                let is = balance.price(0, 0, load) as u128;
                assert!(is.abs_diff(should) <= should / 1000, "{is} {should}");
            }
        }
    }
}
