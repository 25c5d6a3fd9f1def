//! Values at the end of what formats hold: everything is counted as 128 bits count it, or refused.

use crate::generate::At;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rackberry_sched::{
    Bytes, BytesPerSecond, Checked, Handover, Links, Malformed, Patience, Problem, Ratio, State,
    anneal, bound, cost_of, order, orderable, pace, rebalance, verify, verify_order,
};

/// The most that 32 bits hold.
const MOST: u64 = u32::MAX as u64;

/// Numbers that look random (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (it ^ (it >> 31)) % limit.max(1)
    }

    fn row(&mut self, len: usize, limit: u64) -> Vec<u64> {
        (0..len).map(|_| self.below(limit)).collect()
    }

    fn places(&mut self, items: usize, bins: usize) -> At {
        (0..items).map(|_| Some(self.below(bins as u64) as u32)).collect()
    }
}

/// The soft cost in thousandths of a point, without the balance, as the fields of a problem define
/// it; in 128 bits, which no sum of these tests fills.
fn priced(problem: &Problem, at: &[Option<u32>]) -> i128 {
    let strain: i128 = (0..problem.bins()).map(|bin| strain(problem, bin, at)).sum();
    let mut moves = 0;
    let mut groups = vec![0_i128; problem.items()];
    for (item, bin) in at.iter().enumerate() {
        let (Some(bin), Some(home)) = (*bin, problem.home.get(item).copied().flatten()) else {
            continue;
        };
        if bin != home {
            let way = home as usize * problem.bins() + bin as usize;
            moves += i128::from(problem.move_cost.get(item).copied().unwrap_or(0));
            moves += i128::from(problem.travel.get(way).copied().unwrap_or(0));
            groups[problem.group.get(item).map_or(item, |&group| group as usize)] += 1;
        }
    }
    let most = groups.into_iter().max().unwrap_or(0);
    (strain + moves + most * i128::from(problem.group_cost)) * 1000
}

/// What the load of a bin costs in points.
fn strain(problem: &Problem, bin: usize, at: &[Option<u32>]) -> i128 {
    let width = problem.resources;
    let mut load: Vec<i128> = (0..width)
        .map(|it| i128::from(problem.base.get(bin * width + it).copied().unwrap_or(0)))
        .collect();
    for item in (0..at.len()).filter(|&item| at[item] == Some(bin as u32)) {
        (0..width).for_each(|it| load[it] += i128::from(problem.demand[item * width + it]));
    }
    let cell = |table: &[u64], it: usize| i128::from(table[bin * width + it]);
    let safe = if problem.safe.is_empty() { &problem.capacity } else { &problem.safe };
    let above = (0..problem.strain.len())
        .map(|it| (load[it] - cell(safe, it)).max(0) * i128::from(problem.strain[it]));
    let ratios = problem.ratios.iter().map(|ratio| {
        let left = |it: u32| cell(&problem.capacity, it as usize) - load[it as usize];
        let missing = i128::from(ratio.target) * left(ratio.one) - left(ratio.other);
        missing.max(0) * i128::from(ratio.points)
    });
    above.sum::<i128>() + ratios.sum::<i128>()
}

/// The cost of an assignment, and of all that one item or an exchange makes of it.
fn counted_alike(checked: &Checked, at: &[Option<u32>], dice: &mut Dice, tries: usize) {
    let problem = checked.problem();
    let mut state = State::new(checked, at);
    assert_eq!(i128::from(state.cost().soft()), priced(problem, at));
    assert_eq!(state.cost(), cost_of(checked, at));
    for _ in 0..tries {
        let (one, other) = (dice.below(at.len() as u64) as u32, dice.below(at.len() as u64) as u32);
        let (a, b) = (state.at(one), state.at(other));
        let before = state.cost();
        let delta = state.delta(one, b);
        state.shift(one, b);
        assert_eq!(state.cost().soft() - before.soft(), delta.soft());
        state.shift(other, a);
    }
    let end = state.assignment().to_vec();
    assert_eq!(i128::from(state.cost().soft()), priced(problem, &end));
    assert_eq!(state.cost(), cost_of(checked, &end));
}

/// As large as the challenge's format allows: 5,000 bins, 50,000 items, and as many resources as
/// are asked for, with demands of up to 32 bits.
fn largest(resources: usize, weight: u64) -> Problem {
    let (bins, items, mut dice) = (5_000, 50_000, Dice(7));
    let safe = dice.row(bins * resources, MOST);
    Problem {
        resources,
        capacity: vec![MOST; bins * resources],
        safe,
        demand: dice.row(items * resources, MOST + 1),
        strain: vec![weight; resources],
        lingers: (0..resources).map(|it| it % 2 == 1).collect(),
        home: dice.places(items, bins),
        move_cost: dice.row(items, MOST),
        group: (0..items as u32).map(|it| it / 10).collect(),
        group_cost: MOST,
        ..Problem::default()
    }
}

#[test]
fn the_largest_instance_of_the_format_is_counted_as_128_bits_count_it() {
    let problem = largest(4, 1);
    let home = problem.home.clone();
    let checked = problem.check().unwrap();
    let mut dice = Dice(1);
    let at = dice.places(checked.items(), checked.bins());
    let mut state = State::new(&checked, &at);
    assert_eq!(i128::from(state.cost().soft()), large_priced(&checked, &at));
    for _ in 0..1000 {
        let item = dice.below(50_000) as u32;
        state.shift(item, Some(dice.below(5_000) as u32));
    }
    let end = state.assignment().to_vec();
    assert_eq!(i128::from(state.cost().soft()), large_priced(&checked, &end));
    assert_eq!(cost_of(&checked, &end), state.cost());
    let sum = |table: &[u64], it: usize| -> i128 {
        table.iter().skip(it).step_by(4).map(|&it| i128::from(it)).sum()
    };
    let problem = checked.problem();
    let over = (0..4).map(|it| (sum(&problem.demand, it) - sum(&problem.safe, it)).max(0));
    assert_eq!(i128::from(bound(&checked)), over.sum::<i128>() * 1000);
    let patience = Patience { tries: Some(20_000), threads: 2, ..Patience::default() };
    let found = anneal(&checked, &home, patience, &mut |_| {});
    assert_eq!(i128::from(found.cost.soft()), large_priced(&checked, &found.at));
}

/// The same as [`priced`], one pass over the items for all bins.
fn large_priced(checked: &Checked, at: &[Option<u32>]) -> i128 {
    let problem = checked.problem();
    let width = problem.resources;
    let mut loads = vec![0_i128; problem.capacity.len()];
    for (item, bin) in at.iter().enumerate() {
        let cells = &mut loads[bin.map_or(0, |bin| bin as usize) * width..];
        let demand = &problem.demand[item * width..][..width];
        cells.iter_mut().zip(demand).for_each(|(load, &demand)| *load += i128::from(demand));
    }
    let above =
        loads.iter().zip(&problem.safe).map(|(load, &safe)| (load - i128::from(safe)).max(0));
    let unstrained = Problem { strain: Vec::new(), ..problem.clone() };
    let points: i128 =
        above.zip(problem.strain.iter().cycle()).map(|(a, &w)| a * i128::from(w)).sum();
    let unmoved = Problem { capacity: Vec::new(), ..unstrained };
    points * 1000 + priced(&unmoved, at)
}

#[test]
fn what_could_overflow_in_the_largest_instance_is_refused_by_name() {
    let refused = |problem: Problem| problem.check().err().map(|why| why.to_string());
    let strain = Some("`strain` adds up to too much".to_owned());
    assert_eq!(refused(largest(20, 1)), strain);
    assert_eq!(refused(largest(20, MOST)), strain);
    assert_eq!(refused(largest(4, 4)), strain);
    let dear = Problem { group_cost: Problem::LIMIT, ..largest(4, 1) };
    assert_eq!(refused(dear), Some("`points` adds up to too much".to_owned()));
    let steep = Problem { balance: vec![MOST; 4], ..largest(4, 1) };
    assert_eq!(refused(steep), Some("`balance` adds up to too much".to_owned()));
}

/// Values that are likely to be wrong.
fn value() -> impl Strategy<Value = u64> {
    let ends = vec![0, 1, 2, 3, 1000, MOST / 2, MOST - 1, MOST, MOST + 1, Problem::LIMIT];
    prop_oneof![select(ends), 0..=MOST, 0..100_u64]
}

/// A problem of loads, moves and ratios alone, with any values.
fn steep() -> impl Strategy<Value = (Problem, At)> {
    (1..=3_usize, 1..=4_usize, 1..=8_usize).prop_flat_map(|(resources, bins, items)| {
        let row = |len: usize| vec(value(), len);
        let place = move |len| vec((0..bins as u32).prop_map(Some), len);
        let index = 0..resources as u32;
        let ratio = (index.clone(), index, value(), value())
            .prop_map(|(one, other, target, points)| Ratio { one, other, target, points });
        let tables = (row(bins * resources), row(bins * resources), row(items * resources));
        let prices = (row(resources), vec(ratio, 0..3), row(items), value());
        let travel = vec(value().prop_map(|it| u32::try_from(it).unwrap_or(u32::MAX)), bins * bins);
        let terms = (vec(any::<bool>(), resources), vec(0..items as u32, items), travel);
        (tables, prices, terms, place(items), place(items), row(bins * resources)).prop_map(
            move |(tables, prices, (lingers, group, travel), home, at, base)| {
                let (capacity, safe, demand) = tables;
                let (strain, ratios, move_cost, group_cost) = prices;
                let problem = Problem {
                    resources,
                    capacity,
                    base,
                    safe,
                    demand,
                    strain,
                    ratios,
                    move_cost,
                    group_cost,
                    travel,
                    lingers,
                    group,
                    home,
                    ..Problem::default()
                };
                (problem, at)
            },
        )
    })
}

/// The most that a problem could cost by the sums that the documents of `check` speak of.
fn could_overflow(problem: &Problem) -> bool {
    let column = |table: &[u64], it: usize| -> i128 {
        table.iter().skip(it).step_by(problem.resources).map(|&it| i128::from(it)).sum()
    };
    let most = |it: usize| column(&problem.demand, it) + column(&problem.base, it);
    let loads: i128 =
        (0..problem.resources).map(|it| most(it) * i128::from(problem.strain[it])).sum();
    let ratios = problem.ratios.iter().map(|ratio| {
        let room = most(ratio.one as usize).max(column(&problem.capacity, ratio.one as usize));
        (room * i128::from(ratio.target) + most(ratio.other as usize)) * i128::from(ratio.points)
    });
    let farthest = i128::from(problem.travel.iter().copied().max().unwrap_or(0));
    let moves = problem.move_cost.iter().map(|&it| i128::from(it)).sum::<i128>()
        + (farthest + i128::from(problem.group_cost)) * problem.items() as i128;
    (loads + ratios.sum::<i128>() + moves) * 1000 >= 1 << 59
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_values_are_counted_as_128_bits_count_them_or_refused(
        (problem, at) in steep(), seed in any::<u64>(),
    ) {
        let could_overflow = could_overflow(&problem);
        match problem.check() {
            Err(why) => {
                prop_assert!(matches!(why, Malformed::Overflow { .. }), "{why}");
                prop_assert!(could_overflow, "{why}");
            }
            Ok(checked) => {
                counted_alike(&checked, &at, &mut Dice(seed), 30);
                prop_assert!(bound(&checked) <= State::new(&checked, &at).cost().soft());
                searched(&checked, &at);
            }
        }
    }
}

/// Whether what is found is counted right, keeps the rules, and can be reached.
fn searched(checked: &Checked, at: &At) {
    let sound = verify(checked, at).is_ok();
    let patience = Patience { tries: Some(300), ..Patience::default() };
    for found in
        [anneal(checked, at, patience, &mut |_| {}), rebalance(checked, at, Default::default())]
    {
        assert_eq!(i128::from(found.cost.soft()), priced(checked.problem(), &found.at));
        assert!(!sound || verify(checked, &found.at).is_ok());
        let way = order(checked, at, &found.at, &[], &[]);
        assert_eq!(verify_order(checked, at, &found.at, &way, &[], &[]), Ok(()));
        let end = orderable(checked, at, &found.at, &[], &[]);
        assert_eq!(
            i128::from(end.solution.cost.soft()),
            priced(checked.problem(), &end.solution.at)
        );
    }
}

#[test]
fn the_balance_of_the_largest_loads_is_what_squares_are() {
    let (bins, items) = (5_000_usize, 50_000_usize);
    let mut dice = Dice(3);
    let problem = Problem {
        resources: 1,
        capacity: vec![MOST; bins],
        demand: dice.row(items, MOST + 1),
        balance: vec![1],
        ..Problem::default()
    };
    let checked = problem.check().unwrap();
    let at = dice.places(items, bins);
    let state = State::new(&checked, &at);
    // 10^7 thousandths of a point for a bin that is full, by the square.
    let exact: u128 = (0..bins as u32)
        .map(|bin| u128::from(state.load(bin)[0]))
        .map(|load| load * load * 10_000_000 / (u128::from(MOST) * u128::from(MOST)))
        .sum();
    let found = state.cost().balance as u128;
    assert!(found.abs_diff(exact) <= exact / 1_000_000 + 2 * bins as u128, "{found} {exact}");
    let on = (0..items).filter(|&it| at[it] == Some(9));
    let load: u64 = on.map(|it| checked.problem().demand[it]).sum();
    assert_eq!(state.load(9), [load]);
}

#[test]
fn copies_of_more_bytes_than_64_bits_hold_take_the_longest_time_there_is() {
    let problem =
        Problem { resources: 1, capacity: vec![4; 3], demand: vec![1; 4], ..Problem::default() };
    let checked = problem.check().unwrap();
    let (from, to) = (vec![Some(0); 4], vec![Some(1), Some(1), Some(1), Some(2)]);
    let timed = |copy: u64, speed: u64| {
        let handover = vec![Handover { copy, ..Handover::default() }; 4];
        let order = order(&checked, &from, &to, &handover, &[]);
        let links = Links { bins: vec![BytesPerSecond(speed); 3], ..Links::default() };
        (pace(&order, &handover, &links), order.waves.len())
    };
    for copy in [1, MOST, 1 << 40, u64::MAX / 4, u64::MAX] {
        for speed in [0, 1, 1000, MOST, u64::MAX] {
            let (pace, waves) = timed(copy, speed);
            assert_eq!(waves, 1);
            let bytes = 4 * u128::from(copy);
            let millis = (bytes * 1000).div_ceil(u128::from(speed.max(1)));
            let clipped = |it: u128| u64::try_from(it).unwrap_or(u64::MAX);
            assert_eq!(pace.makespan.0, clipped(millis), "{copy} at {speed}");
            assert_eq!(pace.bytes, Bytes(clipped(bytes)));
        }
    }
}
