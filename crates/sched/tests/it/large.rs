//! Problems that are too large to look at every bin.

use crate::brute::rank;
use crate::generate::At;
use rackberry_sched::{
    Absorber, Bits, Checked, Class, Effort, Problem, Rows, State, absorb, order, place, rebalance,
    verify, verify_order,
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
        assert_eq!(placement.unplaced, []);

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
