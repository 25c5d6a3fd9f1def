use crate::generate::{Size, problem};
use proptest::prelude::*;
use rackberry_sched::{
    Bits, Handover, Malformed, Order, Orderable, Placement, Problem, Solution, State, order,
    orderable, place, rebalance,
};
use serde_json::{from_str, to_string};

/// A value after it was written and read.
fn again<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> serde_json::Result<T> {
    from_str(&to_string(value)?)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_written_is_read_as_it_was(
        (problem, at) in problem(Size { bins: 4, items: 8 }),
        may_stop in any::<bool>(),
    ) {
        prop_assert_eq!(&again(&problem)?, &problem);
        let checked = problem.check()?;
        // Filled tables are data as any others.
        prop_assert_eq!(&again(checked.problem())?, checked.problem());
        prop_assert_eq!(again(&State::new(&checked, &at).cost())?, State::new(&checked, &at).cost());
        let placed: Placement = place(&checked, &at);
        prop_assert_eq!(&again(&placed)?, &placed);
        let better: Solution = rebalance(&checked, &at, Default::default());
        prop_assert_eq!(&again(&better)?, &better);
        let handover = vec![Handover { may_stop, ..Handover::default() }; at.len()];
        prop_assert_eq!(&again(&handover)?, &handover);
        let way: Order = order(&checked, &at, &better.at, &handover, &[]);
        prop_assert_eq!(&again(&way)?, &way);
        let end: Orderable = orderable(&checked, &at, &better.at, &handover, &[]);
        let same = again(&end)?;
        prop_assert_eq!((same.solution, same.order), (end.solution, end.order));
    }
}

#[test]
fn a_problem_is_written_by_hand_with_the_fields_that_it_needs() {
    let text = r#"{"resources": 1, "capacity": [4, 4], "demand": [3, 3], "class": [0, 0],
        "classes": [{"eligible": [1]}], "keys": [0], "holds": [[0], []], "home": [null, 1],
        "move-cost": [7, 9]}"#;
    let read: Problem = from_str(text).expect("a problem");
    let expected = Problem {
        resources: 1,
        capacity: vec![4, 4],
        demand: vec![3, 3],
        class: vec![0, 0],
        classes: vec![rackberry_sched::Class {
            eligible: [1].into_iter().collect(),
            penalty: vec![],
        }],
        keys: vec![0],
        holds: [vec![0], vec![]].into_iter().collect(),
        home: vec![None, Some(1)],
        move_cost: vec![7, 9],
        ..Problem::default()
    };
    assert_eq!(read, expected);
    assert!(read.check().is_ok());
}

#[test]
fn what_is_read_is_checked_as_ever() {
    let text = r#"{"resources": 2, "capacity": [4], "demand": []}"#;
    let read: Problem = from_str(text).expect("a table");
    let length = Malformed::Length { field: "capacity", expected: 0, found: 1 };
    assert_eq!(read.check().err(), Some(length));
    let wrong = from_str::<Problem>(r#"{"ressources": 1}"#).expect_err("an unknown field");
    assert!(wrong.to_string().contains("unknown field `ressources`"), "{wrong}");
    let far = from_str::<Bits>("[4294967295]").expect_err("too far").to_string();
    assert!(far.contains("4294967295 is not below 2^24"), "{far}");
}
