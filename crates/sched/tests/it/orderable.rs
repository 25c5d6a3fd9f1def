use crate::generate::{Size, places, sound};
use proptest::prelude::*;
use rackberry_sched::{Handover, Problem, cost_of, order, orderable, place, verify_order};

const SIZE: Size = Size { bins: 4, items: 8 };

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn an_orderable_assignment_is_reached_and_breaks_nothing_more(
        (problem, from) in sound(SIZE),
        wish in places(4, 8),
        may_stop in any::<bool>(),
    ) {
        let checked = problem.check().unwrap();
        let to = place(&checked, &wish).at;
        let handover = [Handover { may_stop, ..Handover::default() }; 8];
        let found = orderable(&checked, &from, &to, &handover, &[]);
        let at = &found.solution.at;
        prop_assert_eq!(&found.order.end, at);
        prop_assert_eq!(verify_order(&checked, &from, at, &found.order, &handover, &[]), Ok(()));
        prop_assert_eq!(found.solution.cost, cost_of(&checked, at));
        if order(&checked, &from, &to, &handover, &[]).held.is_empty() {
            prop_assert_eq!(at, &to);
        } else {
            let before = cost_of(&checked, &from);
            prop_assert!(found.solution.cost <= before);
            prop_assert!(found.solution.cost.skew <= before.skew);
        }
    }
}

#[test]
fn where_a_swap_is_impossible_the_rest_of_the_gain_is_kept() {
    // Both bins are full, and items of 3 cannot pass each other; the third bin is for the last only.
    let problem = Problem {
        resources: 1,
        capacity: vec![4, 4, 1],
        demand: vec![3, 3, 1],
        balance: vec![9],
        ..Problem::default()
    };
    let checked = problem.check().unwrap();
    let from = [Some(0), Some(1), Some(0)];
    let found = orderable(&checked, &from, &[Some(1), Some(0), Some(2)], &[], &[]);
    assert_eq!(found.solution.at, [Some(0), Some(1), Some(2)]);
    assert!(found.solution.cost < cost_of(&checked, &from));
}
