use crate::brute::{assert_no_worse, optimum, rank};
use crate::generate::{Size, problem, sound};
use proptest::collection::vec;
use proptest::prelude::*;
use rackberry_sched::{Effort, Problem, cost_of, rebalance, verify};

const SMALL: Size = Size { bins: 3, items: 5 };
const LARGER: Size = Size { bins: 6, items: 14 };
const EFFORT: Effort = Effort { seed: 7, rounds: 20 };

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_small_problem_is_solved_to_the_optimum((problem, start) in sound(SMALL)) {
        let checked = problem.check().unwrap();
        let solution = rebalance(&checked, &start, EFFORT);
        prop_assert_eq!(rank(&solution.cost), optimum(&checked, &start));
    }

    #[test]
    fn a_small_problem_is_repaired_as_well_as_can_be((problem, start) in problem(SMALL)) {
        let checked = problem.check().unwrap();
        let solution = rebalance(&checked, &start, EFFORT);
        prop_assert_eq!(rank(&solution.cost), optimum(&checked, &start));
    }

    #[test]
    fn the_answer_is_a_fixpoint((problem, start) in problem(LARGER)) {
        let problem = Problem { lingers: vec![], travel: vec![], group_cost: 0, ..problem };
        let solution = rebalance(&problem.clone().check().unwrap(), &start, EFFORT);
        let next = Problem { home: solution.at.clone(), ..problem };
        let again = rebalance(&next.check().unwrap(), &solution.at, EFFORT);
        prop_assert_eq!(again.at, solution.at);
    }

    #[test]
    fn the_same_seed_gives_the_same_answer((problem, start) in problem(LARGER)) {
        let checked = problem.check().unwrap();
        let one = rebalance(&checked, &start, EFFORT);
        prop_assert_eq!(rebalance(&checked, &start, EFFORT), one);
    }

    #[test]
    fn nothing_becomes_worse((problem, start) in problem(LARGER)) {
        let checked = problem.check().unwrap();
        let solution = rebalance(&checked, &start, EFFORT);
        assert_no_worse(&checked, &start, &solution)?;
        for (was, is) in start.iter().zip(&solution.at) {
            prop_assert!(was.is_none() || is.is_some());
        }
    }

    #[test]
    fn what_is_sound_stays_sound((problem, start) in sound(LARGER)) {
        let checked = problem.check().unwrap();
        let solution = rebalance(&checked, &start, EFFORT);
        let before = verify(&checked, &start);
        prop_assert!(verify(&checked, &solution.at) == before, "{:?}", before);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn an_even_split_of_more_items_than_can_be_tried_out_is_found(
        parts in vec(vec(1..10u64, 3), 3),
    ) {
        // Three bins, each with an own split of the same sum: an assignment that cannot be beaten.
        let last = |part: &[u64]| 30 - part.iter().sum::<u64>();
        let demand = parts.iter().flat_map(|part| [part.as_slice(), &[last(part)]].concat()).collect();
        let problem = Problem {
            resources: 1,
            capacity: vec![50; 3],
            demand,
            balance: vec![1],
            ..Problem::default()
        };
        let checked = problem.check().unwrap();
        let planted: Vec<_> = (0..12).map(|item| Some(item / 4)).collect();
        let solution = rebalance(&checked, &[], Effort { seed: 7, rounds: 60 });
        prop_assert_eq!(solution.cost, cost_of(&checked, &planted));
    }
}
