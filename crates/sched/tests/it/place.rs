use crate::generate::{Size, problem};
use proptest::prelude::*;
use rackberry_sched::{Bits, Class, Problem, State, cost_of, place, verify};

const SIZE: Size = Size { bins: 5, items: 9 };

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_placement_from_nothing_breaks_no_rule_but_those_that_the_base_load_breaks(
        (problem, _) in problem(SIZE),
    ) {
        let checked = problem.check().unwrap();
        let nothing = vec![None; checked.items()];
        let placement = place(&checked, &nothing);
        prop_assert_eq!(verify(&checked, &placement.at), verify(&checked, &nothing));
        prop_assert_eq!(placement.cost, cost_of(&checked, &placement.at));
    }

    #[test]
    fn a_placement_keeps_what_was_placed_and_breaks_nothing_more((problem, start) in problem(SIZE)) {
        let checked = problem.check().unwrap();
        let placement = place(&checked, &start);
        for (was, is) in start.iter().zip(&placement.at) {
            prop_assert!(was.is_none() || was == is);
        }
        let (before, after) = (cost_of(&checked, &start), placement.cost);
        prop_assert!(after.overload <= before.overload && after.conflicts <= before.conflicts);
        prop_assert!(after.skew <= before.skew);
    }

    #[test]
    fn what_is_left_out_fits_nowhere((problem, start) in problem(SIZE)) {
        let spreads = problem.spreads.len();
        let checked = problem.check().unwrap();
        let placement = place(&checked, &start);
        let state = State::new(&checked, &placement.at);
        for &item in &placement.unplaced {
            prop_assert_eq!(placement.at[item as usize], None);
            let is_spread = !checked.problem().members.row(item as usize).is_empty();
            let fits = (0..checked.bins() as u32).any(|bin| state.fits(item, bin));
            // A later item of the same spread may have made room in the skew.
            prop_assert!(!fits || (is_spread && spreads > 0));
        }
    }
}

#[test]
fn the_largest_item_is_the_one_that_takes_most_of_any_resource_of_its_bins() {
    let class = |bins: u32| Class { eligible: (0..bins).collect::<Bits>(), penalty: vec![] };
    let problem = Problem {
        resources: 2,
        capacity: vec![10; 6],
        base: vec![10; 6],
        demand: vec![1, 1, 1, 8, 9, 9, 5, 1],
        class: vec![0, 0, 1, 0],
        classes: vec![class(1), class(3)],
        ..Problem::default()
    };
    assert_eq!(place(&problem.check().unwrap(), &[]).unplaced, [1, 3, 2, 0]);
}
