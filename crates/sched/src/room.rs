use crate::Checked;

/// What is left on each bin: its capacity less its load and what lingers there.
#[derive(Clone, Debug)]
pub(crate) struct Room<'c> {
    checked: &'c Checked,
    home: &'c [Option<u32>],
    /// Per bin and resource; below zero where there is too much.
    left: Vec<i64>,
}

impl<'c> Room<'c> {
    /// Nobody is anywhere yet, so of everybody lingers at home what does.
    pub(crate) fn new(checked: &'c Checked, home: &'c [Option<u32>]) -> Room<'c> {
        let problem = checked.problem();
        let rows = problem.capacity.iter().zip(&problem.base);
        let left = rows.map(|(&capacity, &base)| capacity as i64 - base as i64).collect();
        let mut room = Room { checked, home, left };
        if checked.terms.has_lingering() {
            for (item, home) in (0..).zip(home) {
                home.iter().for_each(|&home| room.linger(item, home));
            }
        }
        room
    }

    /// What is left on a bin, per resource.
    #[inline]
    pub(crate) fn left(&self, bin: u32) -> &[i64] {
        let resources = self.checked.problem().resources;
        &self.left[bin as usize * resources..][..resources]
    }

    pub(crate) fn enter(&mut self, item: u32, bin: u32) {
        self.change(item, bin, |left, demand| *left -= demand);
    }

    pub(crate) fn leave(&mut self, item: u32, bin: u32) {
        self.change(item, bin, |left, demand| *left += demand);
    }

    /// Whether an item fits beside what is there. What it has no demand for may be short there.
    #[inline]
    pub(crate) fn fits(&self, item: u32, bin: u32) -> bool {
        let rows = self.checked.demand(item).iter().zip(self.left(bin));
        let is_paid_for = self.is_paid_for(item, bin);
        let mut rows = rows.enumerate();
        rows.all(|(at, (&demand, &left))| {
            let need = if is_paid_for { self.need(item, bin, at) } else { demand };
            need as i64 <= left || demand == 0
        })
    }

    /// Whether a bin has not too much of anything that an item on it has a demand for.
    pub(crate) fn is_enough(&self, item: u32, bin: u32) -> bool {
        let mut rows = self.checked.demand(item).iter().zip(self.left(bin));
        rows.all(|(&demand, &left)| left >= 0 || demand == 0)
    }

    /// Whether an item fits in the room that another leaves.
    #[inline]
    pub(crate) fn fits_for(&self, item: u32, out: u32, bin: u32) -> bool {
        let rows = self.checked.demand(item).iter().zip(self.checked.demand(out));
        let rows = rows.zip(self.left(bin));
        let is_paid_for = self.is_paid_for(item, bin) || self.is_paid_for(out, bin);
        let mut rows = rows.enumerate();
        rows.all(|(at, ((&into, &out_demand), &left))| {
            let (need, gain) = match is_paid_for {
                true => (self.need(item, bin, at), self.need(out, bin, at)),
                false => (into, out_demand),
            };
            need as i64 <= left + gain as i64 || into == 0
        })
    }

    /// Whether what lingers of an item is on this bin, wherever the item is.
    #[inline]
    fn is_paid_for(&self, item: u32, bin: u32) -> bool {
        self.checked.terms.has_lingering() && self.home.get(item as usize) == Some(&Some(bin))
    }

    /// What coming to a bin, or leaving it, changes there.
    pub(crate) fn need(&self, item: u32, bin: u32, resource: usize) -> u64 {
        let lingers = self.checked.terms.lingers(resource) && self.is_paid_for(item, bin);
        if lingers { 0 } else { self.checked.demand(item)[resource] }
    }

    fn change(&mut self, item: u32, bin: u32, change: impl Fn(&mut i64, i64)) {
        let is_paid_for = self.is_paid_for(item, bin);
        let demand = self.checked.demand(item);
        let row = &mut self.left[bin as usize * demand.len()..][..demand.len()];
        for (resource, (left, &demand)) in row.iter_mut().zip(demand).enumerate() {
            if !(is_paid_for && self.checked.terms.lingers(resource)) {
                change(left, demand as i64);
            }
        }
    }

    fn linger(&mut self, item: u32, home: u32) {
        let demand = self.checked.demand(item);
        let row = &mut self.left[home as usize * demand.len()..][..demand.len()];
        for (resource, (left, &demand)) in row.iter_mut().zip(demand).enumerate() {
            if self.checked.terms.lingers(resource) {
                *left -= demand as i64;
            }
        }
    }
}
