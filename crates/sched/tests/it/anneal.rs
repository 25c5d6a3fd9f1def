use crate::brute::{assert_no_worse, optimum, rank};
use crate::generate::{Size, problem, sound};
use proptest::prelude::*;
use rackberry_sched::{
    Checked, Follow, Patience, Problem, Ratio, Scatter, Solution, anneal, bound, cost_of, verify,
};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

const SMALL: Size = Size { bins: 3, items: 5 };
const LARGER: Size = Size { bins: 6, items: 14 };

/// Eight items of 1 to 8 on two bins, all on the first.
fn uneven() -> (Problem, Vec<Option<u32>>) {
    let problem = Problem {
        resources: 1,
        capacity: vec![36, 36],
        safe: vec![18, 18],
        strain: vec![10],
        demand: (1..=8).collect(),
        ..Problem::default()
    };
    (problem, vec![Some(0); 8])
}

fn tries(tries: u64) -> Patience<'static> {
    Patience { tries: Some(tries), ..Patience::default() }
}

fn searched(checked: &Checked, start: &[Option<u32>], patience: Patience) -> Solution {
    anneal(checked, start, patience, &mut |_| {})
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn nothing_becomes_worse_and_the_cost_is_that_of_the_answer((problem, start) in problem(LARGER)) {
        let checked = problem.check().unwrap();
        let solution = searched(&checked, &start, tries(40_000));
        assert_no_worse(&checked, &start, &solution)?;
        for (was, is) in start.iter().zip(&solution.at) {
            prop_assert_eq!(was.is_none(), is.is_none());
        }
    }

    #[test]
    fn what_is_sound_stays_sound((problem, start) in sound(LARGER)) {
        let checked = problem.check().unwrap();
        let solution = searched(&checked, &start, tries(40_000));
        prop_assert_eq!(verify(&checked, &solution.at), verify(&checked, &start));
    }

    #[test]
    fn no_answer_is_better_than_the_best_of_all_or_than_the_bound((problem, start) in sound(SMALL)) {
        let checked = problem.check().unwrap();
        let solution = searched(&checked, &start, tries(40_000));
        prop_assert!(rank(&solution.cost) >= optimum(&checked, &start));
        if solution.cost.unplaced == 0 {
            prop_assert!(solution.cost.soft() >= bound(&checked));
        }
    }

    #[test]
    fn the_same_seed_tries_and_threads_give_the_same_answer((problem, start) in problem(LARGER)) {
        let checked = problem.check().unwrap();
        let patience = Patience { threads: 2, ..tries(20_000) };
        let one = searched(&checked, &start, patience);
        prop_assert_eq!(searched(&checked, &start, patience), one);
    }
}

#[test]
fn an_even_split_is_found_and_costs_no_more_than_the_bound() {
    let (problem, start) = uneven();
    let checked = problem.check().unwrap();
    let solution = searched(&checked, &start, tries(200_000));
    assert_eq!((solution.cost.soft(), bound(&checked)), (0, 0));
}

#[test]
fn each_better_answer_is_told_and_the_last_is_the_answer() {
    let (problem, start) = uneven();
    let checked = problem.check().unwrap();
    let mut told = Vec::new();
    let solution = anneal(&checked, &start, tries(200_000), &mut |it| told.push(it.clone()));
    assert!(told.windows(2).all(|pair| pair[1].cost < pair[0].cost));
    assert_eq!(told.last().map(|it| it.cost), Some(solution.cost));
}

#[test]
fn without_tries_or_a_deadline_nothing_is_searched() {
    let (problem, start) = uneven();
    let checked = problem.check().unwrap();
    assert_eq!(searched(&checked, &start, Patience::default()).at, start);
}

#[test]
fn a_deadline_that_is_over_and_a_stop_end_the_search_with_what_there_is() {
    let (problem, start) = uneven();
    let checked = problem.check().unwrap();
    let over = Patience { deadline: Some(Instant::now()), ..Patience::default() };
    assert_eq!(searched(&checked, &start, over).at, start);
    let stop = AtomicBool::new(true);
    let stopped = Patience { stop: Some(&stop), ..tries(u64::MAX) };
    assert_eq!(searched(&checked, &start, stopped).at, start);
}

#[test]
fn a_search_without_an_end_stops_when_it_is_told() {
    let (problem, start) = uneven();
    let checked = problem.check().unwrap();
    let stop = AtomicBool::new(false);
    let patience = Patience { stop: Some(&stop), threads: 2, ..tries(u64::MAX) };
    let solution = anneal(&checked, &start, patience, &mut |_| stop.store(true, Ordering::Relaxed));
    assert!(solution.cost < cost_of(&checked, &start));
}

#[test]
fn who_leaves_still_takes_what_lingers_at_home() {
    // The two would change places, if what they leave behind was not as large as they are.
    let problem = Problem {
        resources: 1,
        capacity: vec![9, 9],
        safe: vec![2, 8],
        strain: vec![10],
        demand: vec![8, 2],
        lingers: vec![true],
        home: vec![Some(0), Some(1)],
        ..Problem::default()
    };
    let start = [Some(0), Some(1)];
    let free = Problem { lingers: vec![], ..problem.clone() }.check().unwrap();
    assert_eq!(searched(&free, &start, tries(50_000)).at, [Some(1), Some(0)]);
    let bound = problem.check().unwrap();
    assert_eq!(searched(&bound, &start, tries(50_000)).at, start);
}

#[test]
fn the_longer_way_and_the_group_that_moves_most_are_avoided() {
    let problem = Problem {
        resources: 1,
        capacity: vec![9, 9, 9],
        safe: vec![1, 1, 1],
        strain: vec![100],
        demand: vec![1, 1, 1],
        group: vec![0, 0, 1],
        group_cost: 50,
        travel: vec![0, 9, 1, 0, 0, 0, 0, 0, 0],
        home: vec![Some(0); 3],
        ..Problem::default()
    };
    let solution = searched(&problem.check().unwrap(), &[Some(0); 3], tries(50_000));
    // Two have to go, one of each group: 50 for the group, and 9 and 1 for the ways.
    assert_eq!((solution.cost.moves, solution.cost.strain), (60_000, 0));
    assert_eq!(solution.at.iter().filter(|&&at| at == Some(0)).count(), 1);
    assert_ne!(solution.at[2], Some(0));
}

#[test]
fn keys_stay_scattered_and_follow_each_other() {
    // Item 0 follows item 1 by zone; 2 and 3 must be in two zones. All would rather be on bin 0.
    let problem = Problem {
        resources: 1,
        capacity: vec![9; 4],
        safe: vec![9, 0, 0, 0],
        strain: vec![10],
        demand: vec![1; 4],
        topologies: vec![vec![0, 0, 1, 1]],
        keys: vec![1, 1, 1],
        holds: [vec![0], vec![1], vec![2], vec![2]].into_iter().collect(),
        scatters: vec![Scatter { key: 2, least: 2 }],
        follows: vec![Follow { key: 0, needs: 1 }],
        home: vec![Some(2), Some(2), Some(0), Some(2)],
        move_cost: vec![0, 30, 0, 0],
        ..Problem::default()
    };
    let start = [Some(2), Some(2), Some(0), Some(2)];
    let solution = searched(&problem.check().unwrap(), &start, tries(100_000));
    // It costs more to take item 1 along than item 0 saves; one of the two has to stay behind.
    assert_eq!(solution.cost.soft(), 30_000);
    assert_eq!(solution.at[..2], [Some(2), Some(2)]);
}

#[test]
fn what_is_left_is_kept_in_proportion() {
    let problem = Problem {
        resources: 2,
        capacity: vec![10, 10, 10, 10],
        demand: vec![0, 8, 0, 1, 8, 0],
        ratios: vec![Ratio { one: 0, other: 1, target: 1, points: 5 }],
        ..Problem::default()
    };
    let checked = problem.check().unwrap();
    let start = [Some(0), Some(0), Some(1)];
    assert_eq!(cost_of(&checked, &start).strain, 45_000);
    let solution = searched(&checked, &start, tries(50_000));
    assert_eq!(solution.cost.strain, 5_000);
    assert_eq!(bound(&checked), 5_000);
}

#[test]
fn amounts_of_any_size_are_searched_without_overflow() {
    for size in [1 << 27, 1 << 29, 1 << 38] {
        let problem = Problem {
            resources: 1,
            capacity: vec![size, size, size],
            safe: vec![size / 2, size / 2, size / 2],
            strain: vec![1000],
            demand: vec![size / 3; 5],
            home: vec![Some(0), Some(0), Some(0), Some(1), Some(1)],
            lingers: vec![true],
            ..Problem::default()
        };
        let start = problem.home.clone();
        let checked = problem.check().unwrap();
        let solution = searched(&checked, &start, Patience { threads: 2, ..tries(400_000) });
        assert!(verify(&checked, &solution.at).is_ok());
        assert!(solution.cost < cost_of(&checked, &start));
    }
}
