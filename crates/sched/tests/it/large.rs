//! Problems that are too large to look at every bin.

use crate::brute::rank;
use crate::generate::At;
use rackberry_sched::{
    Absorber, Bits, Checked, Class, Effort, Problem, Rows, Spread, State, Want, absorb, cost_of,
    order, place, rebalance, verify, verify_order,
};

/// Numbers that are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// 300 bins in zones of 10, and 1500 items, of which a third stay apart from four others.
fn problem(seed: u64, most: u64) -> Problem {
    let (bins, items) = (300, 1500);
    let mut dice = Dice(seed);
    let sizes: Vec<u64> = (0..bins).map(|_| 60 + 60 * dice.below(2)).collect();
    let keys = |item: u32| if item.is_multiple_of(3) { vec![item / 15] } else { vec![] };
    let class = |without: u32| (0..bins).filter(move |bin| bin % 5 != without).collect::<Bits>();
    Problem {
        resources: 2,
        capacity: sizes.iter().flat_map(|&size| [size, 2 * size]).collect(),
        demand: (0..2 * items).map(|at| 1 + dice.below(most * (1 + at % 2))).collect(),
        balance: vec![2, 1],
        class: (0..items).map(|_| dice.below(2) as u32).collect(),
        classes: (0..2).map(|it| Class { eligible: class(it), penalty: vec![] }).collect(),
        topologies: vec![(0..bins).map(|bin| bin / 10).collect()],
        keys: (0..100).map(|key| key % 2).collect(),
        holds: (0..items as u32).map(keys).collect::<Rows<u32>>(),
        refuses: (0..items as u32).map(keys).collect::<Rows<u32>>(),
        move_cost: vec![5; items as usize],
        ..Problem::default()
    }
}

/// A sound start that pays no heed to balance: each item on the first of the bins that it fits on.
fn first_fit(checked: &Checked) -> At {
    let mut state = State::new(checked, &[]);
    for item in 0..checked.items() as u32 {
        let to = (0..checked.bins() as u32).find(|&bin| state.fits(item, bin));
        state.shift(item, to);
    }
    state.assignment().to_vec()
}

#[test]
fn a_large_placement_is_nearly_as_even_as_if_every_bin_had_been_looked_at() {
    for seed in 1..4 {
        let checked = problem(seed, 16).check().unwrap();
        let placement = place(&checked, &[]);
        assert_eq!(verify(&checked, &placement.at), Ok(()));
        assert_eq!(placement.unplaced, [0_u32; 0]);

        let mut items: Vec<u32> = (0..checked.items() as u32).collect();
        items.sort_by_key(|&item| std::cmp::Reverse(checked.problem().demand[item as usize * 2]));
        let mut state = State::new(&checked, &[]);
        for item in items {
            let bins = (0..checked.bins() as u32).filter(|&bin| state.fits(item, bin));
            let best = bins.min_by_key(|&bin| state.delta(item, Some(bin)).soft());
            state.shift(item, best);
        }
        let (found, greedy) = (placement.cost.soft(), state.cost().soft());
        assert!(found <= greedy + greedy / 50, "{found} {greedy}");
    }
}

#[test]
fn an_item_is_left_out_of_a_large_placement_only_if_it_fits_nowhere() {
    let checked = problem(5, 40).check().unwrap();
    let placement = place(&checked, &[]);
    let state = State::new(&checked, &placement.at);
    assert!(!placement.unplaced.is_empty());
    for &item in &placement.unplaced {
        assert!((0..checked.bins() as u32).all(|bin| !state.fits(item, bin)));
    }
}

#[test]
fn a_large_rebalancing_is_sound_cheaper_repeatable_and_a_fixpoint() {
    for (seed, most) in [(1, 16), (2, 26), (3, 36)] {
        let plain = problem(seed, most);
        let home = first_fit(&plain.clone().check().unwrap());
        let checked = Problem { home: home.clone(), ..plain.clone() }.check().unwrap();
        let solution = rebalance(&checked, &home, Effort::default());
        assert_eq!(verify(&checked, &solution.at), Ok(()));
        assert!(rank(&solution.cost) < rank(&State::new(&checked, &home).cost()));
        assert_eq!(rebalance(&checked, &home, Effort::default()), solution);

        let next = Problem { home: solution.at.clone(), ..plain }.check().unwrap();
        assert_eq!(rebalance(&next, &solution.at, Effort::default()).at, solution.at);
    }
}

#[test]
fn the_way_to_a_large_rebalancing_replays_and_arrives() {
    let plain = problem(4, 16);
    let home = first_fit(&plain.clone().check().unwrap());
    let checked = Problem { home: home.clone(), ..plain }.check().unwrap();
    let to = rebalance(&checked, &home, Effort::default()).at;
    let order = order(&checked, &home, &to, &[], &[]);
    assert_eq!(verify_order(&checked, &home, &to, &order, &[], &[]), Ok(()));
    assert_eq!((order.end, order.held.len()), (to, 0));
}

#[test]
fn a_loss_is_absorbed_the_same_whatever_was_asked_before() {
    let checked = problem(6, 20).check().unwrap();
    let at = place(&checked, &[]).at;
    let mut absorber = Absorber::new(&checked, &at);
    for dead in [7, 150, 7, 299] {
        let absorbed = absorber.absorb(dead);
        assert!(!absorbed.moved.is_empty());
        assert_eq!(absorbed, absorb(&checked, &at, dead));
    }
}

/// Bins with five slots, all taken: by five items of nine in one half of the bins, by five of one
/// in the other. Only exchanges make them more even. Partners in `groups` share a class.
fn heavy_and_light(bins: u32, groups: u32) -> (Problem, At) {
    let on = |item: u32| item / 5;
    let is_heavy = |item: u32| on(item) % 2 == 0;
    let demand = |item: u32| if is_heavy(item) { [9, 1, 1] } else { [1, 9, 1] };
    let group = |bin: u32| bin / 2 % groups;
    let class = |number: u32| Class {
        eligible: (0..bins).filter(|&bin| group(bin) == number).collect::<Bits>(),
        penalty: vec![],
    };
    let problem = Problem {
        resources: 3,
        capacity: [60, 60, 5].repeat(bins as usize),
        demand: (0..5 * bins).flat_map(demand).collect(),
        balance: vec![1, 1, 0],
        class: (0..5 * bins).map(|item| group(on(item))).collect(),
        classes: (0..groups).map(class).collect(),
        ..Problem::default()
    };
    (problem, (0..5 * bins).map(|item| Some(on(item))).collect())
}

#[test]
fn full_bins_of_a_large_problem_are_evened_out_by_exchanges() {
    for (bins, groups) in [(64, 32), (64, 1), (100, 1)] {
        let (problem, start) = heavy_and_light(bins, groups);
        let checked = problem.check().unwrap();
        assert_even(&checked, &rebalance(&checked, &start, Effort::default()).at);
    }
}

/// Whether every bin has two or three items of each kind.
fn assert_even(checked: &Checked, at: &At) {
    let state = State::new(checked, at);
    for bin in 0..checked.bins() as u32 {
        assert!(matches!(state.load(bin), [21 | 29, 21 | 29, 5]), "{:?}", state.load(bin));
    }
}

#[test]
fn exchanges_keep_the_spreads_of_a_large_problem() {
    let (problem, start) = heavy_and_light(64, 32);
    let is_member = |item: &u32| (3..7).contains(&(item % 10));
    let row = |item: u32| Some(item).filter(is_member).map(|it| it / 10).into_iter();
    let problem = Problem {
        spreads: vec![Spread { topology: 0, skew: 1 }; 32],
        members: (0..320).map(row).collect(),
        ..problem
    };
    let checked = problem.check().unwrap();
    let end = rebalance(&checked, &start, Effort::default()).at;
    assert_eq!(verify(&checked, &end), Ok(()));
    assert_even(&checked, &end);
}

#[test]
fn exchanges_that_do_not_pay_for_their_moves_are_not_made() {
    let (problem, start) = heavy_and_light(64, 32);
    let soft = |at: &At| cost_of(&problem.clone().check().unwrap(), at).soft() as u64;
    let mut swapped = start.clone();
    swapped.swap(0, 5);
    // Two moves cost a tenth more than the first exchange saves, in every second pair of bins.
    let dear = (soft(&start) - soft(&swapped)) * 55 / 100_000;
    let is_dear = |item: usize| (item / 10).is_multiple_of(2);
    let move_cost = (0..320).map(|item| if is_dear(item) { dear } else { 0 }).collect();
    let checked = Problem { home: start.clone(), move_cost, ..problem }.check().unwrap();
    let end = rebalance(&checked, &start, Effort::default()).at;
    let moved: Vec<usize> = (0..320).filter(|&item| end[item] != start[item]).collect();
    assert!(moved.len() == 64 && !moved.into_iter().any(is_dear));
}

/// Pairs of bins with five slots, and five items for each bin, which may go to the other of the
/// pair unless they are pinned.
fn pairs(is_pinned: fn(u32) -> bool) -> Problem {
    let (bins, items) = (64, 320);
    let class = |bins: &[u32]| Class { eligible: bins.iter().copied().collect(), penalty: vec![] };
    let both = (0..bins).map(|bin| class(&[bin & !1, bin | 1]));
    let one = (0..bins).map(|bin| class(&[bin]));
    Problem {
        resources: 1,
        capacity: vec![5; bins as usize],
        demand: vec![1; items as usize],
        class: (0..items).map(|it| it / 5 + if is_pinned(it) { bins } else { 0 }).collect(),
        classes: both.chain(one).collect(),
        ..Problem::default()
    }
}

/// An item on the second bin of each pair must stay there and wants one of the first bin, which
/// wants it as well if that `is_mutual`.
fn divided(is_mutual: bool) -> (Problem, At) {
    let want = |key| vec![Want { key, points: 10 }];
    let wants = |item: u32| match item % 10 {
        5 => want(0),
        0 if is_mutual => want(1),
        _ => vec![],
    };
    let holds = |item: u32| match item % 10 {
        5 => vec![1],
        0 => vec![0],
        _ => vec![],
    };
    let problem = Problem {
        keys: vec![0; 2],
        holds: (0..320).map(holds).collect(),
        wants: (0..320).map(wants).collect(),
        ..pairs(|item| item % 10 == 5)
    };
    (problem, (0..320).map(|item| Some(item / 5)).collect())
}

#[test]
fn items_of_a_large_problem_that_miss_each_other_come_together() {
    for is_mutual in [false, true] {
        let (problem, start) = divided(is_mutual);
        let checked = problem.check().unwrap();
        let solution = rebalance(&checked, &start, Effort::default());
        assert_eq!(solution.cost.soft(), 0);
    }
}

#[test]
fn items_of_a_large_problem_that_are_nowhere_are_placed_where_another_makes_room() {
    let checked = pairs(|item| item % 10 == 0).check().unwrap();
    // Of each pair the first bin is full without the item that must go there.
    let bin = |item: u32| if item % 10 > 5 { item / 5 } else { item / 10 * 2 };
    let start: At = (0..320).map(|item| (item % 10 > 0).then_some(bin(item))).collect();
    let solution = rebalance(&checked, &start, Effort::default());
    assert_eq!((verify(&checked, &solution.at), solution.cost.unplaced), (Ok(()), 0));
    assert_eq!(rebalance(&checked, &[], Effort::default()).cost.unplaced, 0);
}

#[test]
fn an_item_goes_where_it_is_wanted_though_it_costs_more_there_than_on_many_others() {
    let mut base = vec![0; 130];
    base[128..].fill(90);
    let problem = Problem {
        resources: 1,
        capacity: vec![100; 130],
        base,
        demand: vec![20, 10],
        balance: vec![1],
        keys: vec![0],
        holds: [vec![], vec![0]].into_iter().collect(),
        wants: [vec![Want { key: 0, points: 100_000 }]].into_iter().collect(),
        ..Problem::default()
    };
    let checked = problem.check().unwrap();
    assert_eq!(place(&checked, &[Some(77)]).at, [Some(77); 2]);
}

#[test]
fn an_item_finds_the_one_bin_with_room_behind_many_cheaper_ones_without() {
    let mut capacity = [100, 0].repeat(130);
    let mut base = vec![0; 260];
    capacity[256..].copy_from_slice(&[100, 10, 100, 10]);
    base[256..].copy_from_slice(&[20, 0, 50, 0]);
    let problem = Problem {
        resources: 2,
        capacity,
        base,
        demand: [vec![10, 1], vec![0; 2 * 159]].concat(),
        balance: vec![1, 0],
        ..Problem::default()
    };
    let checked = problem.check().unwrap();
    let mut start = vec![Some(0); 160];
    start[0] = Some(129);
    assert_eq!(rebalance(&checked, &start, Effort::default()).at[0], Some(128));
}
