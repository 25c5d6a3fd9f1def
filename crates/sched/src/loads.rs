use crate::State;
use crate::checked::Checked;
use std::ops::{Add, BitAnd, Sub};

/// An integer that loads are kept in.
pub(crate) trait Cell:
    Copy + Ord + Add<Output = Self> + Sub<Output = Self> + BitAnd<Output = Self> + Send
{
    /// Nothing, and the mask that keeps everything.
    const NONE: Self;
    const ALL: Self;

    /// The largest value that a table may hold, so that sums of four do not overflow.
    const LIMIT: i64;

    fn new(value: i64) -> Self;

    fn value(self) -> i64;

    /// The product of two that are not below 0.
    fn times(self, other: Self) -> i64;
}

impl Cell for i32 {
    const NONE: i32 = 0;
    const ALL: i32 = -1;
    const LIMIT: i64 = 1 << 28;

    fn new(value: i64) -> i32 {
        value as i32
    }

    fn value(self) -> i64 {
        i64::from(self)
    }

    // As unsigned, two of these products are one instruction.
    #[inline]
    fn times(self, other: i32) -> i64 {
        (u64::from(self as u32) * u64::from(other as u32)) as i64
    }
}

impl Cell for i64 {
    const NONE: i64 = 0;
    const ALL: i64 = -1;
    const LIMIT: i64 = 1 << 60;

    fn new(value: i64) -> i64 {
        value
    }

    fn value(self) -> i64 {
        self
    }

    #[inline]
    fn times(self, other: i64) -> i64 {
        self * other
    }
}

/// What is fined at least, in hundredths of the mean demand.
const LEAST: u64 = 30;

/// Four resources, which the machine counts at a time.
type Quad<C> = [C; 4];

/// One item that comes or goes, and whether the bin in question is its home.
pub(crate) type Guest = (u32, bool);

/// What a search looks at with every try, in as few lines of memory as it goes: what is left on
/// each bin, what is above the safe load there, and what each item would add.
///
/// Capacity may be exceeded here by so much, at a fine.
#[derive(Debug)]
pub(crate) struct Loads<'c, C> {
    checked: &'c Checked,
    /// Quads in a row.
    width: usize,
    demand: Vec<Quad<C>>,
    /// Per bin: the capacity less the load and what lingers.
    left: Vec<Quad<C>>,
    /// Per bin: the load less the safe load.
    over: Vec<Quad<C>>,
    /// Per bin: what its load costs now, fines included, in thousandths of a point.
    costs: Vec<i64>,
    /// Thousandths of a point for each unit above what is safe, and above the capacity.
    prices: Vec<Quad<C>>,
    fines: Vec<Quad<C>>,
    /// What is fined at least, however little it is above the capacity.
    least: Vec<Quad<C>>,
    /// How far above its capacity a bin may be.
    slack: Vec<Quad<C>>,
    /// Units above capacity, of all bins and resources.
    excess: i64,
    /// Masks that keep what does not linger, and everything.
    fleeting: Vec<Quad<C>>,
    all: Vec<Quad<C>>,
    none: Vec<Quad<C>>,
}

impl<'c, C: Cell> Loads<'c, C> {
    /// The table of a state; none where a value is too large for its cells. `slack` is how far
    /// each resource may exceed its capacity.
    pub(crate) fn new(state: &State<'c>, slack: &[i64]) -> Option<Loads<'c, C>> {
        let checked = state.checked();
        let resources = checked.problem().resources;
        let lingers = |resource| if checked.terms.lingers(resource) { 0 } else { -1 };
        let row = |value: &dyn Fn(usize) -> i64| rows(1, resources, |_, it| value(it));
        let (bins, problem) = (checked.bins(), checked.problem());
        let mut limits = problem.capacity.iter().chain(&problem.safe);
        if limits.any(|&limit| limit as i64 > C::LIMIT) {
            return None;
        }
        let mut loads = Loads {
            checked,
            width: resources.div_ceil(4),
            demand: rows(checked.items(), resources, |item, it| checked.demand(item)[it] as i64)?,
            left: rows(bins, resources, |bin, it| state.room().left(bin)[it])?,
            over: rows(bins, resources, |_, _| 0)?,
            costs: vec![0; bins],
            prices: row(&|it| checked.terms.price(it))?,
            fines: row(&|_| 0)?,
            least: row(&|it| (checked.typical(it) * LEAST / 100) as i64)?,
            slack: row(&|it| slack[it])?,
            excess: 0,
            fleeting: row(&lingers)?,
            all: vec![[C::ALL; 4]; resources.div_ceil(4)],
            none: vec![[C::NONE; 4]; resources.div_ceil(4)],
        };
        loads.read(state);
        Some(loads)
    }

    /// Takes note of all loads of another state of the same problem.
    pub(crate) fn read(&mut self, state: &State) {
        self.left.fill([C::NONE; 4]);
        self.excess = 0;
        (0..self.checked.bins() as u32).for_each(|bin| self.refresh(state, bin));
    }

    /// Takes note of the present load of a bin.
    pub(crate) fn refresh(&mut self, state: &State, bin: u32) {
        let rows = state.room().left(bin).iter().zip(state.load(bin)).zip(self.checked.safe(bin));
        for (resource, ((&left, &load), &safe)) in rows.enumerate() {
            let (at, lane) = (bin as usize * self.width + resource / 4, resource % 4);
            self.excess += (-left).max(0) - (-self.left[at][lane].value()).max(0);
            self.left[at][lane] = C::new(left);
            self.over[at][lane] = C::new(load as i64 - safe as i64);
        }
        self.recount(bin);
    }

    /// Sets what each unit above capacity costs, per resource; less where all fines of a bin
    /// together could overflow.
    pub(crate) fn set_fines(&mut self, fine: impl Fn(usize) -> i64) {
        let resources = self.checked.problem().resources;
        for resource in 0..resources {
            let (quad, lane) = (resource / 4, resource % 4);
            let excess = self.slack[quad][lane].max(self.least[quad][lane]).value();
            let most = (1 << 58) / (excess + 1) / resources as i64;
            self.fines[quad][lane] = C::new(fine(resource).min(most).min(C::LIMIT));
        }
        (0..self.checked.bins() as u32).for_each(|bin| self.recount(bin));
    }

    /// Units above capacity, of all bins and resources.
    pub(crate) fn excess(&self) -> i64 {
        self.excess
    }

    /// What all loads cost, fines included, in thousandths of a point.
    pub(crate) fn cost(&self) -> i64 {
        self.costs.iter().fold(0, |sum, &cost| sum.saturating_add(cost))
    }

    /// Whether an item fits on a bin.
    #[inline]
    pub(crate) fn fits(&self, bin: u32, into: Guest) -> bool {
        self.has_room(bin, self.row(into), (&self.none, &self.none))
    }

    /// Whether an item fits on a bin in the place of another.
    #[inline]
    pub(crate) fn fits_for(&self, bin: u32, into: Guest, out: Guest) -> bool {
        self.has_room(bin, self.row(into), self.row(out))
    }

    /// What the load of a bin costs more when an item comes and another goes.
    #[inline]
    pub(crate) fn exchange(&self, bin: u32, into: Guest, out: Guest) -> i64 {
        self.cost_with(bin, self.row(into), self.row(out)) - self.costs[bin as usize]
    }

    /// What it costs more when an item comes.
    #[inline]
    pub(crate) fn arrival(&self, bin: u32, item: Guest) -> i64 {
        self.cost_with(bin, self.row(item), (&self.none, &self.none)) - self.costs[bin as usize]
    }

    /// What it costs more when an item goes.
    #[inline]
    pub(crate) fn departure(&self, bin: u32, item: Guest) -> i64 {
        self.cost_with(bin, (&self.none, &self.none), self.row(item)) - self.costs[bin as usize]
    }

    fn recount(&mut self, bin: u32) {
        let none = (&self.none[..], &self.none[..]);
        self.costs[bin as usize] = self.cost_with(bin, none, none);
    }

    /// The demand of an item, and the mask of what it brings that is not there already.
    #[inline]
    fn row(&self, (item, is_home): Guest) -> (&[Quad<C>], &[Quad<C>]) {
        let mask = if is_home { &self.fleeting } else { &self.all };
        (&self.demand[item as usize * self.width..][..self.width], mask)
    }

    /// Whether a bin has room for one row in the place of another.
    #[inline]
    fn has_room(&self, bin: u32, (into, keeps): Masked<C>, (out, frees): Masked<C>) -> bool {
        let left = &self.left[bin as usize * self.width..][..self.width];
        let guests = into.iter().zip(keeps).zip(out.iter().zip(frees));
        let mut is_short = false;
        for ((left, slack), ((into, keeps), (out, frees))) in
            left.iter().zip(&self.slack).zip(guests)
        {
            for lane in 0..4 {
                let need = into[lane] & keeps[lane];
                let room = left[lane] + slack[lane] + (out[lane] & frees[lane]);
                // What an item has no demand for may be short.
                is_short |= need > room && into[lane] != C::NONE;
            }
        }
        !is_short
    }

    /// What a bin would cost with one row more and another less.
    #[inline]
    fn cost_with(&self, bin: u32, (into, keeps): Masked<C>, (out, frees): Masked<C>) -> i64 {
        let left = &self.left[bin as usize * self.width..][..self.width];
        let over = &self.over[bin as usize * self.width..][..self.width];
        let guests = into.iter().zip(keeps).zip(out.iter().zip(frees));
        let rates = self.prices.iter().zip(self.fines.iter().zip(&self.least));
        let mut cost = 0;
        for (((left, over), ((into, keeps), (out, frees))), (price, (fine, least))) in
            left.iter().zip(over).zip(guests).zip(rates)
        {
            for lane in 0..4 {
                let above = over[lane] + into[lane] - out[lane];
                let missing = (into[lane] & keeps[lane]) - (out[lane] & frees[lane]) - left[lane];
                cost += above.max(C::NONE).times(price[lane]);
                // No branch, so that four go at a time.
                let is_fined = if missing > C::NONE { C::ALL } else { C::NONE };
                cost += (missing.max(least[lane]) & is_fined).times(fine[lane]);
            }
        }
        let load = |at: usize| {
            let (quad, lane) = (at / 4, at % 4);
            let above = over[quad][lane] + into[quad][lane] - out[quad][lane];
            (above.value() + self.checked.safe(bin)[at] as i64) as u64
        };
        cost + self.checked.terms.disproportion(self.checked.capacity(bin), load)
    }
}

type Masked<'a, C> = (&'a [Quad<C>], &'a [Quad<C>]);

/// Values in rows of quads, the rest of each row filled with nothing; none where one is too large.
fn rows<C: Cell>(
    count: usize,
    resources: usize,
    value: impl Fn(u32, usize) -> i64,
) -> Option<Vec<Quad<C>>> {
    let width = resources.div_ceil(4);
    let mut rows = vec![[C::NONE; 4]; count * width];
    for row in 0..count {
        for resource in 0..resources {
            let value = value(row as u32, resource);
            let fits = (-C::LIMIT..=C::LIMIT).contains(&value);
            rows[row * width + resource / 4][resource % 4] = C::new(fits.then_some(value)?);
        }
    }
    Some(rows)
}
