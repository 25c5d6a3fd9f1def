use crate::{Handover, Hop, Order};

/// An amount of data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub u64);

/// How much a link carries, in each direction at the same time. 0 counts as 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BytesPerSecond(pub u64);

/// A time, in thousandths of a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millis(pub u64);

/// The links that copies share. What is missing has no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// The link of each bin.
    pub bins: Vec<BytesPerSecond>,
    /// The switch that each bin is on. Bins that are missing share switch 0.
    pub switches: Vec<u32>,
    /// The link of each switch to all other switches.
    pub uplinks: Vec<BytesPerSecond>,
}

/// How long an order takes, and what its detours cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// How long each wave takes.
    pub waves: Vec<Millis>,
    /// How long all waves take, one after the other.
    pub makespan: Millis,
    /// What is copied in all.
    pub bytes: Bytes,
    /// Items that do not go straight, ascending, with what that costs.
    pub detours: Vec<Detour>,
}

/// What it costs that an item makes way for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detour {
    /// The item.
    pub item: u32,
    /// What is copied of it beyond what the straight way takes.
    pub bytes: Bytes,
    /// From the beginning of the wave in which it stops to the end of that in which it runs again.
    pub downtime: Millis,
}

/// How long an order takes over the links given.
///
/// All copies of a wave begin together, and share the links in proportion to their bytes, so that
/// all end together. A wave so takes as long as its busiest link needs for what goes over it, and
/// no other way to share ends it earlier. A copy goes over the link of both bins, and over both
/// uplinks if these are on different switches. Where an item only starts, or runs again where it
/// was, nothing is copied.
///
/// `handover` is one entry per item, as for [`order()`](crate::order()).
pub fn pace(order: &Order, handover: &[Handover], links: &Links) -> Pace {
    let mut trips: Vec<Trip> = order.end.iter().map(|_| Trip::default()).collect();
    let mut pace = Pace::default();
    for hops in &order.waves {
        let copies = hops.iter().filter_map(|hop| copy(hop, &mut trips, handover));
        let copies: Vec<Copy> = copies.collect();
        let time = links.time(&copies);
        pace.waves.push(time);
        pace.makespan.0 = pace.makespan.0.saturating_add(time.0);
        copies.iter().for_each(|it| pace.bytes.0 = pace.bytes.0.saturating_add(it.bytes));
        hops.iter().for_each(|hop| clock(hop, &mut trips, pace.makespan, time));
    }
    let detours = (0..).zip(&trips).filter_map(|(item, trip)| trip.detour(item));
    pace.detours = detours.collect();
    pace
}

/// What has become of an item so far.
#[derive(Clone, Copy, Debug, Default)]
struct Trip {
    origin: Option<u32>,
    /// The bin that has its data, and how often these were copied.
    data: Option<u32>,
    copied: Bytes,
    each: u64,
    /// When it stopped, if it does not run.
    stopped: Option<Millis>,
    downtime: Millis,
}

impl Trip {
    fn detour(&self, item: u32) -> Option<Detour> {
        let straight = if self.origin == self.data { 0 } else { self.each };
        let bytes = Bytes(self.copied.0.saturating_sub(straight));
        let is_detour = bytes.0 > 0 || self.downtime.0 > 0;
        is_detour.then_some(Detour { item, bytes, downtime: self.downtime })
    }
}

/// Data that go from bin to bin.
#[derive(Clone, Copy, Debug)]
struct Copy {
    from: u32,
    to: u32,
    bytes: u64,
}

/// What a hop copies.
fn copy(hop: &Hop, trips: &mut [Trip], handover: &[Handover]) -> Option<Copy> {
    let trip = trips.get_mut(hop.item as usize)?;
    trip.data = trip.data.or(hop.from);
    trip.origin = trip.origin.or(hop.from);
    let (from, to) = (trip.data, hop.to?);
    trip.data = Some(to);
    let (from, bytes) = (from?, handover.get(hop.item as usize)?.copy);
    if from == to || bytes == 0 {
        return None;
    }
    (trip.each, trip.copied.0) = (bytes, trip.copied.0.saturating_add(bytes));
    Some(Copy { from, to, bytes })
}

/// Counts how long an item does not run, in a wave that took `time` and has ended `now`.
fn clock(hop: &Hop, trips: &mut [Trip], now: Millis, time: Millis) {
    let Some(trip) = trips.get_mut(hop.item as usize) else { return };
    match (hop.from, hop.to) {
        (Some(_), None) => trip.stopped = Some(Millis(now.0.saturating_sub(time.0))),
        (None, Some(_)) => {
            let down = trip.stopped.take().map_or(0, |since| now.0.saturating_sub(since.0));
            trip.downtime.0 = trip.downtime.0.saturating_add(down);
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
}

impl Links {
    /// How long the busiest link needs for its part of the copies.
    fn time(&self, copies: &[Copy]) -> Millis {
        let bins: &dyn Fn(u32) -> u32 = &|bin| bin;
        let switches: &dyn Fn(u32) -> u32 = &|bin| self.switch(bin);
        let across: Vec<Copy> = copies
            .iter()
            .copied()
            .filter(|it| self.switch(it.from) != self.switch(it.to))
            .collect();
        let levels = [(&self.bins, bins, copies), (&self.uplinks, switches, &across)];
        let times = levels.into_iter().flat_map(|(speeds, link, copies)| {
            let sent = busiest(speeds, copies.iter().map(|it| (link(it.from), it.bytes)));
            let received = busiest(speeds, copies.iter().map(|it| (link(it.to), it.bytes)));
            [sent, received]
        });
        times.max().unwrap_or_default()
    }

    fn switch(&self, bin: u32) -> u32 {
        self.switches.get(bin as usize).copied().unwrap_or(0)
    }
}

/// How long the busiest of some links needs, given what goes over which.
fn busiest(speeds: &[BytesPerSecond], loads: impl Iterator<Item = (u32, u64)>) -> Millis {
    let mut sums = vec![0_u128; speeds.len()];
    for (link, bytes) in loads {
        sums.get_mut(link as usize).into_iter().for_each(|sum| *sum += u128::from(bytes));
    }
    let time = |(sum, speed): (&u128, &BytesPerSecond)| {
        let millis = (sum * 1000).div_ceil(u128::from(speed.0.max(1)));
        u64::try_from(millis).unwrap_or(u64::MAX)
    };
    Millis(sums.iter().zip(speeds).map(time).max().unwrap_or(0))
}
