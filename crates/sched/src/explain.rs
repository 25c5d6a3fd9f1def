use crate::bonds::Offence;
use crate::checked::Link;
use crate::{Cost, State};

/// Why an item may not go to a bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The item or the bin does not exist.
    Unknown,
    /// The class of the item may not use the bin.
    Ineligible,
    /// The bin has too little left of a resource.
    NoRoom {
        /// The resource.
        resource: usize,
        /// How much is missing.
        short_by: u64,
    },
    /// Another item around the bin does not go together with this one.
    Refused {
        /// The key that one of the two holds and the other refuses.
        key: u32,
        /// The other item, the lowest number if there are several.
        by: u32,
    },
    /// A key would be held where the one that it needs is not, here or where the item comes from.
    Unfollowed {
        /// The key.
        key: u32,
        /// The one that it needs.
        needs: u32,
    },
    /// The holders of a key would be in too few domains.
    Scatter {
        /// The key.
        key: u32,
    },
    /// The bin's domain would have too many members of a spread.
    Skew {
        /// The spread.
        spread: u32,
        /// Members in the domain, without the item.
        members: u32,
        /// Members in the domain with the fewest, without the item.
        fewest: u32,
    },
}

/// Says what sending an item to a bin would change, in cost, against where it is now.
///
/// # Errors
///
/// Returns every [`Obstacle`] that keeps it from there.
pub fn explain(state: &State, item: u32, bin: u32) -> Result<Cost, Vec<Obstacle>> {
    let obstacles = obstacles(state, item, bin);
    if obstacles.is_empty() { Ok(state.delta(item, Some(bin))) } else { Err(obstacles) }
}

/// Every reason why an item may not go to a bin; none exactly where [`State::fits`].
pub fn obstacles(state: &State, item: u32, bin: u32) -> Vec<Obstacle> {
    if !state.checked().has(item, bin) {
        return vec![Obstacle::Unknown];
    }
    let mut found = Vec::new();
    if !state.checked().is_eligible(item, bin) {
        found.push(Obstacle::Ineligible);
    }
    found.extend(shortages(state, item, bin));
    found.extend(refusals(state, item, bin));
    found.extend(skews(state, item, bin));
    found.extend(state.offence(item, bin).map(bond));
    found
}

fn shortages(state: &State, item: u32, bin: u32) -> impl Iterator<Item = Obstacle> {
    let is_here = state.at(item) == Some(bin);
    let rows = state.checked().demand(item).iter().zip(state.room().left(bin)).enumerate();
    rows.filter(|&(_, (&demand, _))| demand > 0).filter_map(move |(resource, (_, &left))| {
        let need = if is_here { 0 } else { state.room().need(item, bin, resource) as i64 };
        let short_by = u64::try_from(need - left).ok().filter(|&above| above > 0)?;
        Some(Obstacle::NoRoom { resource, short_by })
    })
}

fn bond(offence: Offence) -> Obstacle {
    match offence {
        Offence::Unfollowed { key, needs } => Obstacle::Unfollowed { key, needs },
        Offence::Scatter { key } => Obstacle::Scatter { key },
    }
}

fn refusals(state: &State, item: u32, bin: u32) -> impl Iterator<Item = Obstacle> {
    let here = state.at(item);
    let links = state.checked().links(item).iter();
    let refused =
        links.filter(move |link| !state.occupancy().others(link, bin, here).accepts(link));
    refused.filter_map(move |link| {
        let by = rival(state, item, bin, link)?;
        Some(Obstacle::Refused { key: link.key, by })
    })
}

/// The first other item around a bin that does not go together with a link.
fn rival(state: &State, item: u32, bin: u32, own: &Link) -> Option<u32> {
    let checked = state.checked();
    let domain = checked.key_domain(own.key, bin);
    let around =
        |other: u32| state.at(other).is_some_and(|at| checked.key_domain(own.key, at) == domain);
    let mut others = (0..checked.items() as u32).filter(|&other| other != item);
    others.find(|&other| {
        let mut links = checked.links(other).iter().filter(|link| link.key == own.key);
        let clashes = |link: &Link| link.holds && own.refuses || link.refuses && own.holds;
        links.any(clashes) && around(other)
    })
}

fn skews(state: &State, item: u32, bin: u32) -> impl Iterator<Item = Obstacle> {
    let checked = state.checked();
    checked.spreads(item).iter().filter_map(move |&spread| {
        let domain = |bin| checked.spread_domain(spread, bin);
        let (from, to) = (state.at(item).map(domain), domain(bin));
        let counts = state.counts(spread);
        let (members, fewest) = counts.seen_from(from, to);
        let is_allowed = counts.accepts(from, to);
        (!is_allowed).then_some(Obstacle::Skew { spread, members, fewest })
    })
}
