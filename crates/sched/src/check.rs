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
        ("lingers", problem.lingers.len(), problem.resources),
        ("safe", problem.safe.len(), per_bin),
        ("strain", problem.strain.len(), problem.resources),
    ];
    let optional =
        [("travel", problem.travel.len(), bins * bins), ("group", problem.group.len(), items)];
    let optional = optional.into_iter().filter(|&(_, len, _)| len > 0);
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
    let mut lengths = exact.into_iter().chain(optional).chain(levels).chain(penalties).chain(rows);
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
    index("group", problem.group.iter().copied(), problem.items())?;
    index("ratios", problem.ratios.iter().map(|it| it.one.max(it.other)), problem.resources)?;
    index("scatters", problem.scatters.iter().map(|scatter| scatter.key), keys)?;
    index("follows", problem.follows.iter().map(|it| it.key.max(it.needs)), keys)?;
    for level in &problem.topologies {
        index("topologies", level.iter().copied(), bins)?;
    }
    for class in &problem.classes {
        index("eligible", class.eligible.iter(), bins)?;
    }
    let level = |key: u32| problem.keys[key as usize];
    if let Some(follow) = problem.follows.iter().position(|it| level(it.key) != level(it.needs)) {
        return Err(Malformed::Level { follow });
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
    let ratios: Vec<u64> = problem.ratios.iter().map(|it| it.target.max(it.points)).collect();
    let group_cost = vec![problem.group_cost];
    let tables = [
        ("capacity", &problem.capacity),
        ("base", &problem.base),
        ("full", &problem.full),
        ("balance", &problem.balance),
        ("demand", &problem.demand),
        ("move_cost", &problem.move_cost),
        ("wants", &points),
        ("safe", &problem.safe),
        ("strain", &problem.strain),
        ("ratios", &ratios),
        ("group_cost", &group_cost),
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
    let farthest = u128::from(problem.travel.iter().copied().max().unwrap_or(0));
    let away = (farthest + u128::from(problem.group_cost)) * problem.items() as u128;
    let mut sum = (penalties + moves + wants + away) * POINT as u128;
    if sum >= 1 << 59 {
        return Err(Malformed::Overflow { field: "points" });
    }
    sum += strain(problem).and_then(|it| it.checked_mul(POINT as u128)).unwrap_or(u128::MAX >> 1);
    if sum >= 1 << 60 {
        return Err(Malformed::Overflow { field: "strain" });
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

/// More points than load above what is safe, and ratios that are not kept, can ever cost. `None`
/// where that cannot be counted.
fn strain(problem: &Problem) -> Option<u128> {
    let column = |table: &[u64], resource: usize| -> u128 {
        table.iter().skip(resource).step_by(problem.resources).map(|&it| u128::from(it)).sum()
    };
    let most = |resource| column(&problem.base, resource) + total_demand(problem, resource);
    let loads = (0..problem.resources).map(|it| most(it).checked_mul(problem.strain[it].into()));
    let ratios = problem.ratios.iter().map(|ratio| {
        let one = ratio.one as usize;
        let wished =
            column(&problem.capacity, one).max(most(one)).checked_mul(ratio.target.into())?;
        (wished + most(ratio.other as usize)).checked_mul(ratio.points.into())
    });
    loads.chain(ratios).try_fold(0_u128, |sum, it| sum.checked_add(it?))
}

fn total_demand(problem: &Problem, resource: usize) -> u128 {
    let demands = problem.demand.iter().skip(resource).step_by(problem.resources);
    demands.map(|&demand| u128::from(demand)).sum()
}
