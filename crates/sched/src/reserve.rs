use crate::dice::Dice;
use crate::{Absorber, Checked, Effort, Rows, Solution, rebalance};

/// Items that are tried for each round of effort.
const TRIES: u32 = 20;

/// Moves items until any one of the parts can be lost, each by itself, or nothing more is found;
/// and of the ways to do that, one that costs little.
///
/// Begins with the better of `at` and of what [`rebalance()`] makes of it. No rule is broken that
/// holds at the start, and nothing is left out that was placed. `parts` are the bins that fail
/// together, as from [`domains()`](crate::domains()); [`losses()`](crate::losses()) tells which of
/// them the answer cannot lose. Each round of the effort loses every part some times, so this is
/// for racks, not for halls of them.
pub fn reserve(
    checked: &Checked,
    at: &[Option<u32>],
    parts: &Rows<u32>,
    effort: Effort,
) -> Solution {
    let even = rebalance(checked, at, effort).at;
    let mut first = Reserve::new(checked, at, parts, effort.seed);
    let second = Reserve::new(checked, &even, parts, effort.seed);
    if second.rank < first.rank {
        first = second;
    }
    for _ in 0..effort.rounds.saturating_mul(TRIES) {
        if first.rank.0 == 0 {
            break;
        }
        first.try_one();
    }
    let state = first.absorber.state();
    Solution { at: state.assignment().to_vec(), cost: state.cost() }
}

/// An assignment, and how far it is from bearing the loss of every part.
#[derive(Debug)]
struct Reserve<'a> {
    absorber: Absorber<'a>,
    parts: &'a Rows<u32>,
    dice: Dice,
    /// What stays down in all losses together, by size; then what it costs.
    rank: (u128, i64),
}

impl<'a> Reserve<'a> {
    fn new(
        checked: &'a Checked,
        at: &[Option<u32>],
        parts: &'a Rows<u32>,
        seed: u64,
    ) -> Reserve<'a> {
        let absorber = Absorber::new(checked, at);
        let mut reserve = Reserve { absorber, parts, dice: Dice::new(seed), rank: (0, 0) };
        reserve.rank = reserve.rank();
        reserve
    }

    /// Sends an item elsewhere or exchanges it with another, and takes it back if that is worse.
    fn try_one(&mut self) {
        let items = self.absorber.state().checked().items();
        let bins = self.absorber.state().checked().bins();
        let (item, other) = (self.dice.below(items) as u32, self.dice.below(items) as u32);
        let bin = self.dice.below(bins) as u32;
        let back = [item, other].map(|it| (it, self.absorber.state().at(it)));
        let goes = match self.dice.below(3) {
            0 => self.exchange(item, other),
            _ => self.send(item, Some(bin)),
        };
        if !goes {
            return;
        }
        let rank = self.rank();
        if rank.0 <= self.rank.0 {
            self.rank = rank;
        } else {
            back.iter().for_each(|&(it, _)| self.absorber.shift(it, None));
            back.iter().for_each(|&(it, bin)| self.absorber.shift(it, bin));
        }
    }

    fn send(&mut self, item: u32, bin: Option<u32>) -> bool {
        let state = self.absorber.state();
        let goes = state.at(item).is_some()
            && state.at(item) != bin
            && bin.is_some_and(|bin| state.fits(item, bin));
        if goes {
            self.absorber.shift(item, bin);
        }
        goes
    }

    fn exchange(&mut self, item: u32, other: u32) -> bool {
        let [here, there] = [item, other].map(|it| self.absorber.state().at(it));
        let (Some(here), Some(there)) = (here, there) else { return false };
        self.absorber.shift(other, None);
        let mut goes = here != there && self.send(item, Some(there));
        if goes && !self.absorber.state().fits(other, here) {
            self.absorber.shift(item, Some(here));
            goes = false;
        }
        self.absorber.shift(other, Some(if goes { here } else { there }));
        goes
    }

    fn rank(&mut self) -> (u128, i64) {
        let mut down = 0;
        for part in 0..self.parts.len() {
            let stuck = self.absorber.absorb_all(self.parts.row(part)).stuck;
            let checked = self.absorber.state().checked();
            let sizes = stuck.iter().map(|&item| u128::from(checked.share(item).max(1)));
            down += sizes.sum::<u128>();
        }
        (down, self.absorber.state().cost().soft())
    }
}
