//! What is worked out of a problem's tables once, before any kernel runs.

use crate::checked::{Link, POINT};
use crate::{Bits, Class, Problem, Rows, Want};

pub(crate) fn fill(problem: &mut Problem) {
    let (bins, items) = (problem.bins(), problem.items());
    if problem.base.is_empty() {
        problem.base = vec![0; problem.capacity.len()];
    }
    if problem.full.is_empty() {
        problem.full.clone_from(&problem.capacity);
    }
    if problem.balance.is_empty() {
        problem.balance = vec![0; problem.resources];
    }
    if problem.class.is_empty() && problem.classes.is_empty() {
        problem.class = vec![0; items];
        problem.classes = vec![Class { eligible: Bits::below(bins), penalty: Vec::new() }];
    }
    if problem.home.is_empty() {
        problem.home = vec![None; items];
    }
    if problem.move_cost.is_empty() {
        problem.move_cost = vec![0; items];
    }
    if problem.lingers.is_empty() {
        problem.lingers = vec![false; problem.resources];
    }
    if problem.safe.is_empty() {
        problem.safe.clone_from(&problem.capacity);
    }
    if problem.strain.is_empty() {
        problem.strain = vec![0; problem.resources];
    }
}

pub(crate) fn mean(problem: &Problem) -> Vec<u64> {
    let mean = |resource: usize| {
        let cells = problem.capacity.iter().skip(resource).step_by(problem.resources);
        let sum: u128 = cells.map(|&capacity| u128::from(capacity)).sum();
        (sum / problem.bins().max(1) as u128).max(1) as u64
    };
    (0..problem.resources).map(mean).collect()
}

pub(crate) fn typical(problem: &Problem) -> Vec<u64> {
    let mean = |resource: usize| {
        let demands = problem.demand.iter().skip(resource).step_by(problem.resources);
        demands.sum::<u64>() / problem.items().max(1) as u64
    };
    (0..problem.resources).map(mean).collect()
}

pub(crate) fn shares(problem: &Problem) -> Vec<u64> {
    let rooms: Vec<Vec<u128>> =
        problem.classes.iter().map(|class| room(problem, &class.eligible)).collect();
    let share = |item: usize| {
        let demand = &problem.demand[item * problem.resources..][..problem.resources];
        let rows = demand.iter().zip(&rooms[problem.class[item] as usize]);
        let shares = rows.map(|(&demand, &room)| (u128::from(demand) << 63) / room.max(1));
        u64::try_from(shares.max().unwrap_or(0)).unwrap_or(u64::MAX)
    };
    (0..problem.items()).map(share).collect()
}

/// The capacity of some bins together, per resource.
fn room(problem: &Problem, bins: &Bits) -> Vec<u128> {
    let mut room = vec![0; problem.resources];
    for bin in bins.iter() {
        let row = &problem.capacity[bin as usize * problem.resources..][..problem.resources];
        room.iter_mut().zip(row).for_each(|(sum, &capacity)| *sum += u128::from(capacity));
    }
    room
}

pub(crate) fn links(problem: &Problem) -> Rows<Link> {
    let mut is_wanted = vec![false; problem.keys.len()];
    problem.wants.values().iter().for_each(|want| is_wanted[want.key as usize] = true);
    let priced = |link: Link| Link { is_priced: is_wanted[link.key as usize], ..link };
    let row = |item| links_of(problem, item).into_iter().map(priced);
    (0..problem.items()).map(row).collect()
}

/// The keys of one item, each once, in order.
fn links_of(problem: &Problem, item: usize) -> Vec<Link> {
    let link = |key| Link { key, holds: false, refuses: false, wants: 0, is_priced: false };
    let holds = problem.holds.row(item).iter().map(|&key| Link { holds: true, ..link(key) });
    let refuses = problem.refuses.row(item).iter().map(|&key| Link { refuses: true, ..link(key) });
    let wants = problem.wants.row(item).iter();
    let wants =
        wants.map(|&Want { key, points }| Link { wants: points as i64 * POINT, ..link(key) });
    let mut all: Vec<Link> = holds.chain(refuses).chain(wants).collect();
    all.sort_by_key(|link| link.key);
    all.dedup_by(|next, kept| {
        let same = next.key == kept.key;
        if same {
            kept.holds |= next.holds;
            kept.refuses |= next.refuses;
            kept.wants += next.wants;
        }
        same
    });
    all
}

pub(crate) fn company(problem: &Problem, links: &Rows<Link>) -> Vec<i64> {
    let mut wanted = vec![0; problem.keys.len()];
    links.values().iter().for_each(|link| wanted[link.key as usize] += link.wants);
    let held = |link: &&Link| link.holds;
    let company =
        |item| links.row(item).iter().filter(held).map(|link| wanted[link.key as usize]).sum();
    (0..problem.items()).map(company).collect()
}

pub(crate) fn spreads(problem: &Problem) -> Rows<u32> {
    let row = |item| {
        let mut row = problem.members.row(item).to_vec();
        row.sort_unstable();
        row.dedup();
        row
    };
    (0..problem.items()).map(row).collect()
}

pub(crate) fn reach(problem: &Problem, spreads: &Rows<u32>) -> Vec<Bits> {
    let mut users: Vec<(u32, u32)> = (0..problem.items())
        .flat_map(|item| spreads.row(item).iter().map(move |&it| (it, problem.class[item])))
        .collect();
    users.sort_unstable();
    users.dedup();
    let reach = |spread: usize| {
        let first = users.partition_point(|&(it, _)| (it as usize) < spread);
        let classes = users[first..].iter().take_while(|&&(it, _)| it as usize == spread);
        classes.flat_map(|&(_, class)| problem.classes[class as usize].eligible.iter()).collect()
    };
    (0..problem.spreads.len()).map(reach).collect()
}
