use crate::State;
use crate::index::Cell;

/// A search for the cheapest bin of one item.
#[derive(Debug)]
pub(crate) struct Hunt<'a> {
    state: &'a State<'a>,
    item: u32,
    demand: &'a [u64],
    /// The least that the item pays on any bin but its home, load aside: its move, less all that
    /// others might pay for its company.
    away: i64,
    /// The cheapest bin so far, and its price.
    pub(crate) best: Option<(u32, i64)>,
    /// What the next one must be cheaper than.
    limit: i64,
}

impl<'a> Hunt<'a> {
    pub(crate) fn new(state: &'a State<'a>, item: u32, limit: i64) -> Hunt<'a> {
        let checked = state.checked();
        Hunt {
            state,
            item,
            demand: checked.demand(item),
            away: match checked.terms.has_ratios() {
                // More load may then cost less, by what nobody knows beforehand.
                true => i64::MIN / 2,
                false => state.away_cost(item) - checked.company(item),
            },
            best: None,
            limit,
        }
    }

    /// The least that the item can cost on a bin with these cells, or on one of a block with these
    /// at best; none where it does not fit or is not worth a look. Home is not meant.
    #[inline]
    pub(crate) fn least(&self, cells: &[Cell]) -> Option<i64> {
        let balance = &self.state.checked().balance;
        let mut least = self.away;
        for (resource, (&demand, cell)) in self.demand.iter().zip(cells).enumerate() {
            if demand > cell.room {
                return None;
            }
            if cell.slope > 0 {
                least += balance.least_rise(cell.root, cell.slope, resource, demand);
                if !self.is_worth(least) {
                    return None;
                }
            }
        }
        Some(least)
    }

    #[inline]
    pub(crate) fn is_worth(&self, least: i64) -> bool {
        least < self.limit
    }

    /// Takes a bin if the item fits there and nothing cheaper was found.
    #[inline]
    pub(crate) fn look(&mut self, bin: u32) {
        if self.state.at(self.item) == Some(bin) {
            return;
        }
        let price = self.state.arrival(self.item, bin).soft();
        if price < self.limit && self.state.fits(self.item, bin) {
            (self.best, self.limit) = (Some((bin, price)), price);
        }
    }
}
