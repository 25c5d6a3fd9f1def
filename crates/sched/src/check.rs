//! What makes a problem consistent.

use crate::balance::Balance;
use crate::checked::POINT;
use crate::{Malformed, Problem};

pub(crate) fn size(problem: &Problem) -> Result<(), Malformed> {
    if !(1..=256).contains(&problem.resources) {
        return Err(Malformed::Resources);
    }
    let lists =
        [&problem.holds, &problem.refuses, &problem.members].map(|rows| rows.values().len());
    let entries = lists.iter().sum::<usize>() + problem.wants.values().len();
    if problem.bins().max(problem.items()) > 1 << 24 || entries > 1 << 28 {
        return Err(Malformed::Size);
    }
    Ok(())
}

/// Whether all tables have the right shape and entries, once they are filled.
pub(crate) fn tables(problem: &Problem) -> Result<(), Malformed> {
    lengths(problem)?;
    indices(problem)?;
    values(problem)?;
    loads(problem)
}

fn lengths(problem: &Problem) -> Result<(), Malformed> {
    let (bins, items) = (problem.bins(), problem.items());
    let (per_bin, per_item) = (bins * problem.resources, items * problem.resources);
    let exact = [
        ("capacity", problem.capacity.len(), per_bin),
        ("base", problem.base.len(), per_bin),
        ("full", problem.full.len(), per_bin),
        ("balance", problem.balance.len(), problem.resources),
        ("demand", problem.demand.len(), per_item),
        ("class", problem.class.len(), items),
        ("home", problem.home.len(), items),
        ("move_cost", problem.move_cost.len(), items),
    ];
    let levels = problem.topologies.iter().map(|level| ("topologies", level.len(), bins));
    let penalties = problem.classes.iter().filter(|class| !class.penalty.is_empty());
    let penalties = penalties.map(|class| ("penalty", class.penalty.len(), bins));
    let rows = [
        ("holds", problem.holds.len()),
        ("refuses", problem.refuses.len()),
        ("wants", problem.wants.len()),
        ("members", problem.members.len()),
    ];
    let rows = rows.into_iter().filter(|&(_, len)| len > items).map(|(f, len)| (f, len, items));
    let mut lengths = exact.into_iter().chain(levels).chain(penalties).chain(rows);
    match lengths.find(|(_, found, expected)| found != expected) {
        Some((field, found, expected)) => Err(Malformed::Length { field, expected, found }),
        None => Ok(()),
    }
}

fn indices(problem: &Problem) -> Result<(), Malformed> {
    let (bins, keys) = (problem.bins(), problem.keys.len());
    let levels = problem.topologies.len() + 1;
    let wanted = problem.wants.values().iter().map(|want| want.key);
    let homes = problem.home.iter().map(|home| home.map_or(0, |bin| u64::from(bin) + 1));
    index("class", problem.class.iter().copied(), problem.classes.len())?;
    index("keys", problem.keys.iter().copied(), levels)?;
    index("holds", problem.holds.values().iter().copied(), keys)?;
    index("refuses", problem.refuses.values().iter().copied(), keys)?;
    index("wants", wanted, keys)?;
    index("spreads", problem.spreads.iter().map(|spread| spread.topology), levels)?;
    index("members", problem.members.values().iter().copied(), problem.spreads.len())?;
    index("home", homes, bins + 1)?;
    for level in &problem.topologies {
        index("topologies", level.iter().copied(), bins)?;
    }
    for class in &problem.classes {
        index("eligible", class.eligible.iter(), bins)?;
    }
    match problem.spreads.iter().position(|spread| spread.skew == 0) {
        Some(spread) => Err(Malformed::Skew { spread }),
        None => Ok(()),
    }
}

fn index(
    field: &'static str,
    mut numbers: impl Iterator<Item = impl Into<u64>>,
    len: usize,
) -> Result<(), Malformed> {
    match numbers.position(|number| number.into() >= len as u64) {
        Some(at) => Err(Malformed::Index { field, at }),
        None => Ok(()),
    }
}

fn values(problem: &Problem) -> Result<(), Malformed> {
    let points: Vec<u64> = problem.wants.values().iter().map(|want| want.points).collect();
    let penalties = problem.classes.iter().map(|class| ("penalty", &class.penalty));
    let tables = [
        ("capacity", &problem.capacity),
        ("base", &problem.base),
        ("full", &problem.full),
        ("balance", &problem.balance),
        ("demand", &problem.demand),
        ("move_cost", &problem.move_cost),
        ("wants", &points),
    ];
    for (field, values) in tables.into_iter().chain(penalties) {
        if let Some(at) = values.iter().position(|&value| value > Problem::LIMIT) {
            return Err(Malformed::Value { field, at });
        }
    }
    Ok(())
}

/// Loads stay below 2^57, even with every item on one bin.
fn loads(problem: &Problem) -> Result<(), Malformed> {
    let most = (0..problem.resources).map(|resource| total_demand(problem, resource)).max();
    if most.unwrap_or(0) > 1 << 56 {
        return Err(Malformed::Overflow { field: "demand" });
    }
    Ok(())
}

/// The soft cost stays below 2^60, wherever the items are.
pub(crate) fn costs(problem: &Problem, balance: &Balance) -> Result<(), Malformed> {
    let worst: Vec<u64> =
        problem.classes.iter().map(|it| it.penalty.iter().copied().max().unwrap_or(0)).collect();
    let penalties: u128 =
        problem.class.iter().map(|&class| u128::from(worst[class as usize])).sum();
    let moves: u128 = problem.move_cost.iter().copied().map(u128::from).sum();
    let wants: u128 = problem.wants.values().iter().map(|want| u128::from(want.points)).sum();
    let mut sum = (penalties + moves + wants) * POINT as u128;
    if sum >= 1 << 59 {
        return Err(Malformed::Overflow { field: "points" });
    }
    for resource in 0..problem.resources {
        let extra = total_demand(problem, resource) as u64;
        let most = balance.most(problem, resource, extra);
        sum += most.ok_or(Malformed::Overflow { field: "balance" })?;
    }
    if sum >= 1 << 60 {
        return Err(Malformed::Overflow { field: "balance" });
    }
    Ok(())
}

fn total_demand(problem: &Problem, resource: usize) -> u128 {
    let demands = problem.demand.iter().skip(resource).step_by(problem.resources);
    demands.map(|&demand| u128::from(demand)).sum()
}
