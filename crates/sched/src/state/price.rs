use super::State;
use crate::Cost;

impl State<'_> {
    /// What moving in costs in points, as if the item came from nowhere.
    #[inline]
    pub(crate) fn arrival(&self, item: u32, bin: u32) -> Cost {
        let here = self.at(item);
        let links = self.checked.links(item).iter().filter(|link| link.is_priced).map(|link| {
            let others = self.occupancy.others(link, bin, here);
            others.with(link).unmet() - others.unmet()
        });
        Cost {
            balance: self.balance_of(item, bin, here == Some(bin)),
            strain: self.strain_of(item, bin, here == Some(bin)),
            penalty: self.checked.penalty(item, bin),
            wants: links.sum(),
            moves: self.move_cost(item, bin),
            ..Cost::default()
        }
    }

    /// What being on a bin costs an item in points, strain apart.
    pub(crate) fn place_price(&self, item: u32, bin: u32) -> i64 {
        let cost = self.arrival(item, bin);
        cost.soft() - cost.strain
    }

    /// What moving out changes in points.
    #[inline]
    pub(crate) fn departure(&self, item: u32) -> Cost {
        match self.at(item) {
            None => Cost::default(),
            Some(here) => Cost::default() - self.arrival(item, here),
        }
    }

    /// What a move changes in violations and unplaced items.
    pub(crate) fn breakage(&self, item: u32, to: Option<u32>) -> Cost {
        let from = self.at(item);
        let ineligible = |bin| i64::from(!self.checked.is_eligible(item, bin));
        let off = from.map_or(0, |bin| self.conflicts(item, bin, from) + ineligible(bin));
        let on = to.map_or(0, |bin| self.conflicts(item, bin, from) + ineligible(bin));
        let bonds = self.bonds.change(&self.occupancy, item, from, to);
        Cost {
            overload: to.map_or(0, |bin| self.overload_of(item, bin, false))
                - from.map_or(0, |bin| self.overload_of(item, bin, true)),
            conflicts: on - off + bonds.unfollowed,
            skew: self.excess_of(item, to) + bonds.missing,
            unplaced: i64::from(to.is_none()) - i64::from(from.is_none()),
            ..Cost::default()
        }
    }

    /// What the load of a bin costs in the balance.
    pub(super) fn balance(&self, bin: u32) -> i64 {
        let loads = self.occupancy.load(bin).iter().enumerate();
        loads.map(|(it, &load)| self.checked.balance.cost(bin as usize, it, load)).sum()
    }

    /// What the load of a bin costs above what is safe.
    pub(super) fn strain(&self, bin: u32) -> i64 {
        let load = self.occupancy.load(bin);
        self.checked.strain(bin, |resource| load[resource])
    }

    /// What the load of a bin costs.
    pub(crate) fn burden(&self, bin: u32) -> i64 {
        self.balance(bin) + self.strain(bin)
    }

    /// Pairs that refuse each other because the item is on this bin.
    fn conflicts(&self, item: u32, bin: u32, here: Option<u32>) -> i64 {
        let links = self.checked.links(item).iter();
        links.map(|link| self.occupancy.others(link, bin, here).conflicts(link)).sum()
    }

    /// What the item adds to the overload of a bin that it is on, or comes to.
    fn overload_of(&self, item: u32, bin: u32, is_here: bool) -> i64 {
        let resources = 0..self.checked.problem().resources;
        let resources = resources.map(|resource| {
            let demand = self.room.need(item, bin, resource);
            let taken = self.taken(bin, resource);
            let low = if is_here { taken - demand } else { taken };
            let overload = |load| self.checked.overload(bin, resource, load);
            overload(low + demand) - overload(low)
        });
        resources.sum()
    }

    /// What the item adds above what is safe on a bin that it is on, or comes to.
    #[inline]
    fn strain_of(&self, item: u32, bin: u32, is_here: bool) -> i64 {
        let (load, demand) = (self.occupancy.load(bin), self.checked.demand(item));
        let strain = |with: bool| {
            let own = |resource: usize| if with == is_here { 0 } else { demand[resource] };
            self.checked.strain(bin, |resource| match is_here {
                true => load[resource] - own(resource),
                false => load[resource] + own(resource),
            })
        };
        strain(true) - strain(false)
    }

    /// What the item adds to the balance of a bin that it is on, or comes to.
    #[inline]
    fn balance_of(&self, item: u32, bin: u32, is_here: bool) -> i64 {
        let rows = self.occupancy.load(bin).iter().zip(self.checked.demand(item)).enumerate();
        let resources = rows.map(|(resource, (&load, &demand))| {
            let low = if is_here { load - demand } else { load };
            let cost = |load| self.checked.balance.cost(bin as usize, resource, load);
            cost(low + demand) - cost(low)
        });
        resources.sum()
    }
}
