use crate::generate::{Size, places, problem};
use proptest::collection::vec;
use proptest::prelude::*;
use rackberry_sched::{
    Class, Obstacle, Problem, Spread, State, Violation, cost_of, obstacles, verify,
};

const SIZE: Size = Size { bins: 4, items: 7 };

/// The mean of what counts as 100 % of a resource, over the bins that count.
fn mean_full(problem: &Problem, resource: usize) -> Option<u64> {
    let full = problem.full.iter().skip(resource).step_by(problem.resources);
    let counted: Vec<u64> = full.copied().filter(|&full| full > 0).collect();
    counted.iter().sum::<u64>().checked_div(counted.len() as u64)
}

/// The balance of one resource on one bin as its definition says, in thousandths of a point.
fn balance(problem: &Problem, cell: usize, load: u64) -> f64 {
    let (resource, full) = (cell % problem.resources, problem.full[cell]);
    match mean_full(problem, resource) {
        Some(mean) if full > 0 => {
            let square = (problem.balance[resource] * load * load) as f64;
            square * 1e7 / (full * mean) as f64
        }
        Some(_) | None => 0.0,
    }
}

/// The overload of one resource on one bin as its definition says.
fn overload(problem: &Problem, cell: usize, load: u64) -> i64 {
    let capacity = problem.capacity.iter().skip(cell % problem.resources);
    let sum: u64 = capacity.step_by(problem.resources).sum();
    let mean = sum / problem.bins() as u64;
    (load.saturating_sub(problem.capacity[cell]) * 1000).div_ceil(mean) as i64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_delta_is_the_difference_of_the_costs_counted_anew(
        (problem, start) in problem(SIZE),
        moves in vec((0..8u32, prop_oneof![Just(None), (0..5u32).prop_map(Some)]), 0..30),
    ) {
        let checked = problem.check().unwrap();
        let mut state = State::new(&checked, &start);
        prop_assert_eq!(state.cost(), cost_of(&checked, &start));
        for (item, to) in moves {
            let (before, delta) = (state.cost(), state.delta(item, to));
            state.shift(item, to);
            prop_assert_eq!(state.cost(), before + delta);
            prop_assert_eq!(state.cost(), cost_of(&checked, state.assignment()));
        }
    }

    #[test]
    fn loads_cost_what_the_definitions_of_balance_and_overload_say(
        (problem, start) in problem(SIZE),
    ) {
        let checked = Problem { lingers: vec![], ..problem }.check().unwrap();
        let (problem, state) = (checked.problem(), State::new(&checked, &start));
        let loads = (0..checked.bins() as u32).flat_map(|bin| state.load(bin).to_vec());
        let cells: Vec<(usize, u64)> = loads.enumerate().collect();
        let exact: f64 = cells.iter().map(|&(cell, load)| balance(problem, cell, load)).sum();
        let is = state.cost().balance as f64;
        prop_assert!((is - exact).abs() <= 2.0 * cells.len() as f64 + exact / 1e6, "{is} {exact}");
        let above: i64 = cells.iter().map(|&(cell, load)| overload(problem, cell, load)).sum();
        prop_assert_eq!(state.cost().overload, above);
    }

    #[test]
    fn a_shift_that_fits_breaks_no_rule_more(
        (problem, start) in problem(SIZE),
        item in 0..7u32,
        bin in 0..4u32,
    ) {
        let checked = problem.check().unwrap();
        let state = State::new(&checked, &start);
        if state.fits(item, bin) {
            let delta = state.delta(item, Some(bin));
            prop_assert!(delta.overload <= 0 && delta.conflicts <= 0 && delta.skew <= 0, "{:?}", delta);
        }
    }

    #[test]
    fn what_keeps_all_rules_fits(
        (problem, start) in problem(SIZE),
        item in 0..7u32,
        bin in 0..4u32,
    ) {
        let checked = problem.check().unwrap();
        let state = State::new(&checked, &start);
        let mut end = start;
        if !checked.is_eligible(item, bin) {
            return Ok(());
        }
        end[item as usize] = Some(bin);
        // From nowhere a spread compares with what is placed already, so only moves are judged.
        if verify(&checked, &end).is_ok() && state.at(item).is_some_and(|at| at != bin) {
            let is_level = checked.problem().members.row(item as usize).is_empty();
            prop_assert!(!is_level || state.fits(item, bin));
        }
    }

    #[test]
    fn the_residents_of_a_bin_are_the_items_that_are_there(
        (problem, start) in problem(SIZE),
        next in places(4, 7),
    ) {
        let checked = problem.check().unwrap();
        let mut state = State::new(&checked, &start);
        (0..).zip(next).for_each(|(item, to)| state.shift(item, to));
        for bin in 0..checked.bins() as u32 {
            let mut there = state.residents(bin).to_vec();
            there.sort_unstable();
            let expected: Vec<u32> =
                (0..checked.items() as u32).filter(|&it| state.at(it) == Some(bin)).collect();
            prop_assert_eq!(there, expected);
        }
    }
}

/// Three bins, and six items of one spread over them.
fn spread(skew: u32) -> Problem {
    Problem {
        resources: 1,
        capacity: vec![9; 3],
        demand: vec![1; 6],
        spreads: vec![Spread { topology: 0, skew }],
        members: vec![vec![0]; 6].into_iter().collect(),
        ..Problem::default()
    }
}

#[test]
fn a_member_may_not_leave_the_fewest_where_that_makes_a_spread_too_uneven() {
    let checked = spread(2).check().unwrap();
    let state = State::new(&checked, &[Some(0), Some(1), Some(1), Some(1), Some(2)]);
    assert!(!state.fits(0, 2) && state.fits(1, 2));
}

#[test]
fn the_obstacle_of_a_spread_counts_the_members_without_the_item() {
    let checked = spread(1).check().unwrap();
    let state = State::new(&checked, &[Some(0), Some(1), Some(1), Some(1), Some(2)]);
    let skew = |members, fewest| [Obstacle::Skew { spread: 0, members, fewest }];
    assert_eq!(obstacles(&state, 5, 1), skew(3, 1));
    assert_eq!(obstacles(&state, 0, 1), skew(3, 0));
    assert_eq!(obstacles(&state, 1, 1), skew(2, 1));
    assert_eq!(obstacles(&state, 1, 2), []);
}

#[test]
fn every_obstacle_is_told_with_its_numbers() {
    let class = |bins: &[u32]| Class { eligible: bins.iter().copied().collect(), penalty: vec![] };
    let problem = Problem {
        resources: 2,
        capacity: vec![9, 4, 9, 4],
        demand: vec![1, 0, 1, 5, 1, 1, 1, 1, 1, 0, 2, 2],
        class: vec![0, 0, 0, 0, 0, 1],
        classes: vec![class(&[0, 1]), class(&[0])],
        keys: vec![0, 0],
        holds: [vec![], vec![0], vec![1], vec![0, 1], vec![1]].into_iter().collect(),
        refuses: [vec![0], vec![], vec![], vec![], vec![], vec![0, 1]].into_iter().collect(),
        ..Problem::default()
    };
    let checked = problem.check().unwrap();
    let state = State::new(&checked, &[1, 1, 1, 1, 0, 0].map(Some));
    let refused = |key, by| Obstacle::Refused { key, by };
    let short = |short_by| Obstacle::NoRoom { resource: 1, short_by };
    assert_eq!(obstacles(&state, 6, 0), [Obstacle::Unknown]);
    assert_eq!(obstacles(&state, 5, 2), [Obstacle::Unknown]);
    let all = [Obstacle::Ineligible, short(5), refused(0, 1), refused(1, 2)];
    assert_eq!(obstacles(&state, 5, 1), all);
    assert_eq!(obstacles(&state, 1, 0), [short(3), refused(0, 5)]);
    assert_eq!(obstacles(&state, 1, 1), [short(3), refused(0, 0)]);
    assert_eq!(obstacles(&state, 2, 0), [refused(1, 5)]);
}

#[test]
fn a_broken_assignment_is_told_rule_by_rule() {
    let class = |bins: &[u32]| Class { eligible: bins.iter().copied().collect(), penalty: vec![] };
    let problem = Problem {
        resources: 2,
        capacity: vec![9, 9, 9, 4, 9, 9],
        base: vec![0, 0, 0, 1, 0, 0],
        demand: vec![1, 2, 1, 2, 1, 1, 1, 2],
        class: vec![0, 1, 0, 0],
        classes: vec![class(&[0, 1, 2]), class(&[0, 2])],
        keys: vec![0],
        holds: [vec![0], vec![0]].into_iter().collect(),
        refuses: [vec![0], vec![], vec![], vec![0]].into_iter().collect(),
        spreads: vec![Spread { topology: 0, skew: 1 }],
        members: vec![vec![0]; 4].into_iter().collect(),
        ..Problem::default()
    };
    let checked = problem.check().unwrap();
    let broken = [
        Violation::Length { found: 5 },
        Violation::Unknown { item: 2 },
        Violation::Ineligible { item: 1, bin: 1 },
        Violation::Overload { bin: 1, resource: 1, above: 3 },
        Violation::Refused { key: 0, item: 0, holders: 1 },
        Violation::Refused { key: 0, item: 3, holders: 2 },
        Violation::Skew { spread: 0, above: 2 },
    ];
    let at = [Some(1), Some(1), Some(3), Some(1), None];
    assert_eq!(verify(&checked, &at), Err(broken.to_vec()));
    assert_eq!(verify(&checked, &[Some(1), Some(2), Some(2), Some(0)]), Ok(()));
}
