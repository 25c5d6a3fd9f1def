use crate::State;
use crate::loads::Guest;

/// No bin.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// Where all items are, as a search sees them, and who is away from home.
#[derive(Clone, Debug)]
pub(crate) struct Roster {
    spots: Vec<Spot>,
    away: Vec<u32>,
    /// Where each item that is away stands in that list.
    seats: Vec<u32>,
}

/// One item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub(crate) at: u32,
    pub(crate) home: u32,
    /// What it pays to be where it is, its group apart.
    pub(crate) rent: i64,
    /// What its room at home weighs.
    pub(crate) lingering: i64,
}

/// An item that would go from one bin to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leg {
    pub(crate) item: u32,
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) spot: Spot,
}

impl Spot {
    fn is_away(&self) -> bool {
        self.at != self.home && self.at != NOWHERE && self.home != NOWHERE
    }
}

impl Leg {
    /// The item, as the bin that it leaves sees it.
    #[inline]
    pub(crate) fn leaver(&self) -> Guest {
        (self.item, self.spot.home == self.from)
    }

    /// The item, as the bin that it comes to sees it.
    #[inline]
    pub(crate) fn comer(&self) -> Guest {
        (self.item, self.spot.home == self.to)
    }
}

impl Roster {
    pub(crate) fn new(state: &State) -> Roster {
        let items = state.checked().items();
        let seats = vec![0; items];
        let mut roster = Roster { spots: Vec::with_capacity(items), away: Vec::new(), seats };
        roster.read(state);
        roster
    }

    /// Takes note of where all are.
    pub(crate) fn read(&mut self, state: &State) {
        self.spots.clear();
        self.away.clear();
        for item in 0..state.checked().items() as u32 {
            let spot = Spot {
                at: state.at(item).unwrap_or(NOWHERE),
                home: state.home(item).unwrap_or(NOWHERE),
                rent: state.at(item).map_or(0, |bin| state.way_cost(item, bin)),
                lingering: state.checked().lingering_weight(item),
            };
            self.spots.push(spot);
            if spot.is_away() {
                self.leave_home(item);
            }
        }
    }

    pub(crate) fn items(&self) -> usize {
        self.spots.len()
    }

    #[inline]
    pub(crate) fn spot(&self, item: u32) -> Spot {
        self.spots[item as usize]
    }

    /// The items that are away from home, in no particular order.
    pub(crate) fn away(&self) -> &[u32] {
        &self.away
    }

    /// What the room at home of all that are away weighs.
    pub(crate) fn lingering(&self) -> i64 {
        self.away.iter().map(|&item| self.spot(item).lingering).sum()
    }

    /// Takes note of a move.
    #[inline]
    pub(crate) fn shift(&mut self, item: u32, to: u32, rent: i64) {
        let spot = &mut self.spots[item as usize];
        let was_away = spot.is_away();
        (spot.at, spot.rent) = (to, rent);
        match (was_away, spot.is_away()) {
            (false, true) => self.leave_home(item),
            (true, false) => self.come_home(item),
            (true, true) | (false, false) => {}
        }
    }

    fn leave_home(&mut self, item: u32) {
        self.seats[item as usize] = self.away.len() as u32;
        self.away.push(item);
    }

    fn come_home(&mut self, item: u32) {
        let seat = self.seats[item as usize] as usize;
        self.away.swap_remove(seat);
        if let Some(&last) = self.away.get(seat) {
            self.seats[last as usize] = seat as u32;
        }
    }
}
