//! The parts of the checker that count who is away from home, and which keys are held together.

use crate::checked::POINT;
use crate::verify::{Violation, domain};
use crate::{Checked, Problem};
use std::collections::{BTreeMap, BTreeSet};

/// What lingers on each bin, row-major: what those take at home who are not there.
pub(crate) fn lingering(checked: &Checked, seats: &[(u32, u32)]) -> Vec<u64> {
    let problem = checked.problem();
    let mut stuck = vec![0; problem.capacity.len()];
    let seats: BTreeMap<u32, u32> = seats.iter().copied().collect();
    for (item, home) in (0u32..).zip(&problem.home) {
        let Some(home) = home.filter(|home| seats.get(&item) != Some(home)) else { continue };
        for resource in (0..problem.resources).filter(|&it| problem.lingers[it]) {
            let demand = problem.demand[item as usize * problem.resources + resource];
            stuck[home as usize * problem.resources + resource] += demand;
        }
    }
    stuck
}

/// What the loads cost above what is safe, and where they keep no ratio.
pub(crate) fn strain(problem: &Problem, loads: &[u64]) -> i64 {
    let points = loads.iter().zip(&problem.safe).enumerate().map(|(cell, (&load, &safe))| {
        i128::from(load.saturating_sub(safe)) * i128::from(problem.strain[cell % problem.resources])
    });
    let bins = loads.chunks_exact(problem.resources);
    let bins = bins.zip(problem.capacity.chunks_exact(problem.resources));
    let ratios = bins.map(|(load, capacity)| {
        let left = |at: u32| i128::from(capacity[at as usize]) - i128::from(load[at as usize]);
        let points = problem.ratios.iter().map(|it| {
            let missing = i128::from(it.target) * left(it.one) - left(it.other);
            missing.max(0) * i128::from(it.points)
        });
        points.sum::<i128>()
    });
    ((points.sum::<i128>() + ratios.sum::<i128>()) * i128::from(POINT)) as i64
}

/// What those pay who are away from home.
pub(crate) fn moves(checked: &Checked, seats: &[(u32, u32)]) -> i64 {
    let problem = checked.problem();
    let mut groups = BTreeMap::<u32, u64>::new();
    let mut sum = 0;
    for &(item, bin) in seats {
        let Some(home) = problem.home[item as usize].filter(|&home| home != bin) else { continue };
        let way = home as usize * checked.bins() + bin as usize;
        sum += problem.move_cost[item as usize]
            + problem.travel.get(way).map_or(0, |&points| u64::from(points));
        if let Some(&group) = problem.group.get(item as usize) {
            *groups.entry(group).or_default() += 1;
        }
    }
    let most = groups.into_values().max().unwrap_or(0);
    (sum + most * problem.group_cost) as i64 * POINT
}

/// Scattered keys with too few domains, and keys without the one that they need.
pub(crate) fn bonds(checked: &Checked, seats: &[(u32, u32)], found: &mut Vec<Violation>) {
    let problem = checked.problem();
    let mut domains = vec![BTreeSet::new(); problem.keys.len()];
    let mut holders = vec![0; problem.keys.len()];
    for &(item, bin) in seats {
        let keys: BTreeSet<u32> = problem.holds.row(item as usize).iter().copied().collect();
        for key in keys {
            domains[key as usize].insert(domain(checked, problem.keys[key as usize], bin));
            holders[key as usize] += 1;
        }
    }
    for key in 0..problem.keys.len() as u32 {
        let asked = problem.scatters.iter().filter(|it| it.key == key).map(|it| it.least);
        let least = asked.max().unwrap_or(0).min(holders[key as usize]);
        let missing = least.saturating_sub(domains[key as usize].len() as u32);
        if missing > 0 {
            found.push(Violation::Scatter { key, missing });
        }
    }
    let follows: BTreeSet<(u32, u32)> =
        problem.follows.iter().map(|it| (it.key, it.needs)).collect();
    for (key, needs) in follows {
        for &domain in domains[key as usize].difference(&domains[needs as usize]) {
            found.push(Violation::Unfollowed { key, needs, domain });
        }
    }
}
