use crate::checked::POINT;
use crate::verify_terms::{bonds, lingering, moves, strain};
use crate::{Checked, Cost};
use std::collections::{BTreeMap, BTreeSet};

/// A hard rule that an assignment breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// The assignment has another length than there are items.
    Length {
        /// Entries of the assignment.
        found: usize,
    },
    /// An item is on a bin that does not exist.
    Unknown {
        /// The item.
        item: u32,
    },
    /// An item is on a bin that its class may not use.
    Ineligible {
        /// The item.
        item: u32,
        /// The bin.
        bin: u32,
    },
    /// A bin carries more than its capacity.
    Overload {
        /// The bin.
        bin: u32,
        /// The resource.
        resource: usize,
        /// How much is too much.
        above: u64,
    },
    /// An item refuses a key that another item in its domain holds.
    Refused {
        /// The key.
        key: u32,
        /// The item that refuses it.
        item: u32,
        /// How many others hold it there.
        holders: u64,
    },
    /// The holders of a key are in too few domains.
    Scatter {
        /// The key.
        key: u32,
        /// How many domains are missing.
        missing: u32,
    },
    /// A domain has a holder of one key, but none of the key that it needs.
    Unfollowed {
        /// The key that is held.
        key: u32,
        /// The key that is not.
        needs: u32,
        /// The domain, at the level of both keys.
        domain: u32,
    },
    /// A spread is more uneven than it may be.
    Skew {
        /// The spread.
        spread: u32,
        /// How much is too much.
        above: u32,
    },
}

/// Checks an assignment against every hard rule, by counting anew and without [`State`](crate::State).
///
/// Unplaced items break no rule.
///
/// # Errors
///
/// Returns everything that is broken.
pub fn verify(checked: &Checked, at: &[Option<u32>]) -> Result<(), Vec<Violation>> {
    let mut found = Vec::new();
    if at.len() != checked.items() {
        found.push(Violation::Length { found: at.len() });
    }
    let seats: Vec<(u32, u32)> = seats(checked, at, &mut found);
    ineligible(checked, &seats, &mut found);
    overloads(checked, &seats, &mut found);
    refusals(checked, &seats, &mut found);
    skews(checked, &seats, &mut found);
    bonds(checked, &seats, &mut found);
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// Adds up what an assignment costs, by counting anew and without [`State`](crate::State).
///
/// Missing entries and bins that do not exist count as unplaced.
pub fn cost_of(checked: &Checked, at: &[Option<u32>]) -> Cost {
    let mut broken = Vec::new();
    let seats = seats(checked, at, &mut Vec::new());
    ineligible(checked, &seats, &mut broken);
    refusals(checked, &seats, &mut broken);
    skews(checked, &seats, &mut broken);
    bonds(checked, &seats, &mut broken);
    let (overload, balance) = by_load(checked, &seats);
    Cost {
        overload,
        conflicts: broken.iter().map(conflicts).sum(),
        skew: broken.iter().map(skew).sum(),
        unplaced: (checked.items() - seats.len()) as i64,
        balance,
        strain: strain(checked.problem(), &loads(checked, &seats)),
        penalty: seats.iter().map(|&(item, bin)| penalty(checked, item, bin)).sum(),
        wants: unmet(checked, &seats),
        moves: moves(checked, &seats),
    }
}

/// The items that are somewhere, and where.
fn seats(checked: &Checked, at: &[Option<u32>], found: &mut Vec<Violation>) -> Vec<(u32, u32)> {
    let mut seats = Vec::new();
    for (item, bin) in (0u32..).zip(at.iter().take(checked.items())) {
        match *bin {
            Some(bin) if (bin as usize) < checked.bins() => seats.push((item, bin)),
            Some(_) => found.push(Violation::Unknown { item }),
            None => {}
        }
    }
    seats
}

fn ineligible(checked: &Checked, seats: &[(u32, u32)], found: &mut Vec<Violation>) {
    let wrong = seats.iter().filter(|&&(item, bin)| !checked.is_eligible(item, bin));
    found.extend(wrong.map(|&(item, bin)| Violation::Ineligible { item, bin }));
}

/// Base, items and what lingers, of each bin, row-major.
fn taken(checked: &Checked, seats: &[(u32, u32)]) -> Vec<u64> {
    let loads = loads(checked, seats).into_iter();
    loads.zip(lingering(checked, seats)).map(|(load, stuck)| load + stuck).collect()
}

/// Base and items of each bin, row-major.
fn loads(checked: &Checked, seats: &[(u32, u32)]) -> Vec<u64> {
    let problem = checked.problem();
    let mut loads = problem.base.clone();
    for &(item, bin) in seats {
        for resource in 0..problem.resources {
            let demand = problem.demand[item as usize * problem.resources + resource];
            loads[bin as usize * problem.resources + resource] += demand;
        }
    }
    loads
}

fn overloads(checked: &Checked, seats: &[(u32, u32)], found: &mut Vec<Violation>) {
    let problem = checked.problem();
    for (cell, (load, limit)) in taken(checked, seats).iter().zip(&problem.capacity).enumerate() {
        if load > limit {
            let (bin, resource) = ((cell / problem.resources) as u32, cell % problem.resources);
            found.push(Violation::Overload { bin, resource, above: load - limit });
        }
    }
}

/// How many items hold each key in each domain.
fn holders(checked: &Checked, seats: &[(u32, u32)]) -> BTreeMap<(u32, u32), u64> {
    let mut holders = BTreeMap::new();
    for &(item, bin) in seats {
        for key in distinct(checked.problem().holds.row(item as usize)) {
            *holders.entry(place(checked, key, bin)).or_default() += 1;
        }
    }
    holders
}

/// How many items other than this one hold a key around a bin.
fn others(
    checked: &Checked,
    holders: &BTreeMap<(u32, u32), u64>,
    (item, bin): (u32, u32),
    key: u32,
) -> u64 {
    let all = holders.get(&place(checked, key, bin)).copied().unwrap_or(0);
    all - u64::from(checked.problem().holds.row(item as usize).contains(&key))
}

fn refusals(checked: &Checked, seats: &[(u32, u32)], found: &mut Vec<Violation>) {
    let holders = holders(checked, seats);
    for &(item, bin) in seats {
        for key in distinct(checked.problem().refuses.row(item as usize)) {
            match others(checked, &holders, (item, bin), key) {
                0 => {}
                holders => found.push(Violation::Refused { key, item, holders }),
            }
        }
    }
}

fn unmet(checked: &Checked, seats: &[(u32, u32)]) -> i64 {
    let holders = holders(checked, seats);
    let mut sum = 0;
    for &(item, bin) in seats {
        for want in checked.problem().wants.row(item as usize) {
            if others(checked, &holders, (item, bin), want.key) == 0 {
                sum += want.points as i64 * POINT;
            }
        }
    }
    sum
}

fn skews(checked: &Checked, seats: &[(u32, u32)], found: &mut Vec<Violation>) {
    let problem = checked.problem();
    let members = |item: u32| distinct(problem.members.row(item as usize));
    let mut counts = domains_that_count(checked);
    for &(item, bin) in seats {
        for spread in members(item) {
            let level = problem.spreads[spread as usize].topology;
            if let Some(count) = counts.get_mut(&(spread, domain(checked, level, bin))) {
                *count += 1;
            }
        }
    }
    for (number, spread) in (0u32..).zip(&problem.spreads) {
        let counts = counts.range((number, 0)..=(number, u32::MAX)).map(|(_, &count)| count);
        let (low, high) = counts.fold((u32::MAX, 0), |(low, high), it| (low.min(it), high.max(it)));
        let above = high.saturating_sub(low).saturating_sub(spread.skew);
        if above > 0 {
            found.push(Violation::Skew { spread: number, above });
        }
    }
}

/// The domains of each spread that have an eligible bin for some member, with no member yet.
fn domains_that_count(checked: &Checked) -> BTreeMap<(u32, u32), u32> {
    let problem = checked.problem();
    let classes: BTreeSet<(u32, u32)> = (0..checked.items())
        .flat_map(|item| problem.members.row(item).iter().map(move |&it| (it, problem.class[item])))
        .collect();
    let mut counts = BTreeMap::new();
    for (spread, class) in classes {
        let level = problem.spreads[spread as usize].topology;
        for bin in problem.classes[class as usize].eligible.iter() {
            counts.insert((spread, domain(checked, level, bin)), 0);
        }
    }
    counts
}

fn by_load(checked: &Checked, seats: &[(u32, u32)]) -> (i64, i64) {
    let resources = checked.problem().resources;
    let (mut overload, mut balance) = (0, 0);
    let loads = loads(checked, seats).into_iter().zip(taken(checked, seats));
    for (cell, (load, taken)) in loads.enumerate() {
        let (bin, resource) = (cell / resources, cell % resources);
        overload += checked.overload(bin as u32, resource, taken);
        balance += checked.balance.cost(bin, resource, load);
    }
    (overload, balance)
}

fn conflicts(violation: &Violation) -> i64 {
    match *violation {
        Violation::Ineligible { .. } | Violation::Unfollowed { .. } => 1,
        Violation::Refused { holders, .. } => holders as i64,
        Violation::Skew { .. }
        | Violation::Scatter { .. }
        | Violation::Length { .. }
        | Violation::Unknown { .. }
        | Violation::Overload { .. } => 0,
    }
}

fn skew(violation: &Violation) -> i64 {
    match *violation {
        Violation::Skew { above, .. } => i64::from(above),
        Violation::Scatter { missing, .. } => i64::from(missing),
        Violation::Ineligible { .. }
        | Violation::Unfollowed { .. }
        | Violation::Refused { .. }
        | Violation::Length { .. }
        | Violation::Unknown { .. }
        | Violation::Overload { .. } => 0,
    }
}

fn penalty(checked: &Checked, item: u32, bin: u32) -> i64 {
    let points = checked.class_of(item).penalty.get(bin as usize).copied().unwrap_or(0);
    points as i64 * POINT
}

/// A key and the domain around a bin in which it counts.
fn place(checked: &Checked, key: u32, bin: u32) -> (u32, u32) {
    (key, domain(checked, checked.problem().keys[key as usize], bin))
}

pub(crate) fn domain(checked: &Checked, level: u32, bin: u32) -> u32 {
    match level.checked_sub(1) {
        None => bin,
        Some(above) => checked.problem().topologies[above as usize][bin as usize],
    }
}

fn distinct(keys: &[u32]) -> Vec<u32> {
    let mut keys = keys.to_vec();
    keys.sort_unstable();
    keys.dedup();
    keys
}
