use crate::generate::{Size, places, problem};
use proptest::collection::vec;
use proptest::prelude::*;
use rackberry_sched::{State, cost_of, verify};

const SIZE: Size = Size { bins: 4, items: 7 };

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
