use crate::generate::{Size, problem};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rackberry_sched::{
    Bits, Class, Effort, Malformed, Problem, Rows, Spread, State, Want, absorb, explain, order,
    place, rebalance, verify, verify_order,
};

/// Two bins and three items, with one of everything.
fn sound() -> Problem {
    Problem {
        resources: 1,
        capacity: vec![9, 9],
        demand: vec![1, 2, 3],
        balance: vec![1],
        class: vec![0; 3],
        classes: vec![Class { eligible: Bits::below(2), penalty: vec![0, 1] }],
        topologies: vec![vec![0, 1]],
        keys: vec![1],
        holds: [vec![0]].into_iter().collect(),
        refuses: [vec![0]].into_iter().collect(),
        wants: [vec![Want { key: 0, points: 1 }]].into_iter().collect(),
        spreads: vec![Spread { topology: 1, skew: 1 }],
        members: [vec![0]].into_iter().collect(),
        ..Problem::default()
    }
}

/// Runs everything on a problem that is consistent; it must not panic.
fn run(problem: Problem, at: &[Option<u32>]) {
    let Ok(checked) = problem.check() else { return };
    let start = place(&checked, at).at;
    let end = rebalance(&checked, &start, Effort { seed: 0, rounds: 3 }).at;
    let way = order(&checked, at, &end, &[], &[]);
    assert_eq!(verify_order(&checked, at, &end, &way, &[], &[]), Ok(()));
    let state = State::new(&checked, at);
    for bin in 0..checked.bins() as u32 + 1 {
        absorb(&checked, at, bin);
        (0..checked.items() as u32 + 1).for_each(|item| drop(explain(&state, item, bin)));
    }
    drop(verify(&checked, at));
}

fn refused(change: impl FnOnce(&mut Problem)) -> Option<Malformed> {
    let mut problem = sound();
    change(&mut problem);
    problem.check().err()
}

fn length(field: &'static str, expected: usize, found: usize) -> Option<Malformed> {
    Some(Malformed::Length { field, expected, found })
}

fn index(field: &'static str, at: usize) -> Option<Malformed> {
    Some(Malformed::Index { field, at })
}

#[test]
fn a_problem_with_one_of_everything_is_accepted() {
    assert_eq!(refused(|_| ()), None);
}

#[test]
fn wrong_lengths_are_refused() {
    assert_eq!(refused(|it| it.resources = 0), Some(Malformed::Resources));
    assert_eq!(refused(|it| it.base = vec![0]), length("base", 2, 1));
    assert_eq!(refused(|it| it.full = vec![0; 3]), length("full", 2, 3));
    assert_eq!(refused(|it| it.balance = vec![1, 1]), length("balance", 1, 2));
    assert_eq!(refused(|it| it.class = vec![0]), length("class", 3, 1));
    assert_eq!(refused(|it| it.home = vec![None]), length("home", 3, 1));
    assert_eq!(refused(|it| it.move_cost = vec![1]), length("move_cost", 3, 1));
    assert_eq!(refused(|it| it.topologies = vec![vec![0]]), length("topologies", 2, 1));
    assert_eq!(refused(|it| it.classes[0].penalty = vec![1]), length("penalty", 2, 1));
    let rows = || vec![vec![]; 4].into_iter().collect::<Rows<u32>>();
    assert_eq!(refused(|it| it.holds = rows()), length("holds", 3, 4));
    let uneven = Problem { resources: 2, capacity: vec![1; 3], ..Problem::default() };
    assert_eq!(uneven.check().err(), length("capacity", 2, 3));
}

#[test]
fn indices_that_point_nowhere_are_refused() {
    let row = || [vec![1]].into_iter().collect::<Rows<u32>>();
    assert_eq!(refused(|it| it.class[2] = 1), index("class", 2));
    assert_eq!(refused(|it| it.keys[0] = 2), index("keys", 0));
    assert_eq!(refused(|it| it.holds = row()), index("holds", 0));
    assert_eq!(refused(|it| it.refuses = row()), index("refuses", 0));
    assert_eq!(refused(|it| it.members = row()), index("members", 0));
    assert_eq!(refused(|it| it.spreads[0].topology = 2), index("spreads", 0));
    assert_eq!(refused(|it| it.home = vec![None, Some(2), None]), index("home", 1));
    assert_eq!(refused(|it| it.topologies[0][1] = 2), index("topologies", 1));
    assert_eq!(refused(|it| it.classes[0].eligible.insert(7)), index("eligible", 2));
    assert_eq!(refused(|it| it.spreads[0].skew = 0), Some(Malformed::Skew { spread: 0 }));
}

#[test]
fn values_and_sums_that_are_too_large_are_refused() {
    let large = Problem::LIMIT + 1;
    let value = |field| Some(Malformed::Value { field, at: 0 });
    assert_eq!(refused(|it| it.capacity[0] = large), value("capacity"));
    assert_eq!(refused(|it| it.demand[0] = large), value("demand"));
    assert_eq!(refused(|it| it.classes[0].penalty[0] = large), value("penalty"));
    let flat = refused(|it| {
        it.demand = vec![Problem::LIMIT; 3];
        it.balance = vec![Problem::LIMIT];
    });
    assert_eq!(flat, Some(Malformed::Overflow { field: "balance" }));
}

/// Items that cost as much as one can in three ways: where they are, away from home and alone.
fn dear(items: usize) -> Problem {
    let want = Want { key: 0, points: Problem::LIMIT };
    Problem {
        resources: 1,
        capacity: vec![1],
        demand: vec![0; items],
        class: vec![0; items],
        classes: vec![Class { eligible: Bits::below(1), penalty: vec![Problem::LIMIT] }],
        keys: vec![0],
        wants: vec![vec![want]; items].into_iter().collect(),
        move_cost: vec![Problem::LIMIT; items],
        ..Problem::default()
    }
}

#[test]
fn points_are_added_up_and_refused_where_their_sum_is_too_large() {
    assert_eq!(dear(174).check().err(), None);
    assert_eq!(dear(175).check().err(), Some(Malformed::Overflow { field: "points" }));
}

#[test]
fn more_items_or_bins_than_can_be_numbered_are_refused() {
    let items =
        |count| Problem { demand: vec![0; count], home: vec![None], move_cost: vec![0], ..sound() };
    let wrong_length = Some(Malformed::Length { field: "class", expected: 1 << 24, found: 3 });
    assert_eq!(items(1 << 24).check().err(), wrong_length);
    assert_eq!(items((1 << 24) + 1).check().err(), Some(Malformed::Size));
    let bins = Problem { capacity: vec![0; (1 << 24) + 1], ..sound() };
    assert_eq!(bins.check().err(), Some(Malformed::Size));
}

#[test]
fn every_malformation_has_a_sentence() {
    let refusal = refused(|it| it.base = vec![0]).unwrap();
    assert_eq!(refusal.to_string(), "`base` has 1 entries instead of 2");
}

#[test]
fn nothing_to_place_and_nowhere_to_place_it_are_problems_too() {
    run(Problem { resources: 1, ..Problem::default() }, &[]);
    run(Problem { resources: 1, capacity: vec![3], ..Problem::default() }, &[Some(9)]);
    let nowhere = Problem { resources: 1, demand: vec![1, 2], ..Problem::default() };
    run(nowhere.clone(), &[Some(0)]);
    let checked = nowhere.check().unwrap();
    assert_eq!(place(&checked, &[]).unplaced, [1, 0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn extreme_values_are_refused_or_survived(
        (problem, start) in problem(Size { bins: 3, items: 6 }),
        extremes in vec(select(vec![0, 1, 2, 1 << 20, Problem::LIMIT - 1, Problem::LIMIT]), 24),
    ) {
        let mut extremes = extremes.into_iter().cycle();
        let mut fill = |table: &[u64]| -> Vec<u64> {
            table.iter().map(|_| extremes.next().unwrap()).collect()
        };
        let Problem { capacity, base, full, demand, balance, move_cost, .. } = &problem;
        let large = Problem {
            capacity: fill(capacity),
            base: fill(base),
            full: fill(full),
            demand: fill(demand),
            move_cost: fill(move_cost),
            ..problem.clone()
        };
        let steep = Problem { balance: fill(balance), ..large.clone() };
        run(large, &start);
        run(steep, &start);
    }

    #[test]
    fn an_assignment_of_any_length_and_any_bins_is_survived(
        (problem, _) in problem(Size { bins: 3, items: 6 }),
        at in vec(any::<Option<u32>>(), 0..9),
    ) {
        run(problem, &at);
    }
}
