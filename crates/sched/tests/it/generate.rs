//! Small random problems with everything in them.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::SizeRange;
use rackberry_sched::{Bits, Class, Follow, Problem, Ratio, Rows, Scatter, Spread, Want};

pub(crate) type At = Vec<Option<u32>>;

/// How large a problem may become.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) bins: u32,
    pub(crate) items: usize,
}

/// A problem, and an assignment that may break every rule.
pub(crate) fn problem(size: Size) -> impl Strategy<Value = (Problem, At)> {
    (1..=2usize, 1..=size.bins, 0..=size.items).prop_flat_map(|(resources, bins, items)| {
        let keys = tables(resources, bins as usize, items);
        let terms = terms(resources, bins as usize, items);
        (keys, ties(bins, items), homes(bins, items), places(bins, items), terms).prop_map(
            |(problem, ties, (home, move_cost), start, terms)| {
                let problem = Problem { home, move_cost, ..problem };
                (with_terms(with_ties(problem, ties), terms), start)
            },
        )
    })
}

/// The fields that only some problems have; each is missing as often as not.
fn terms(resources: usize, bins: usize, items: usize) -> impl Strategy<Value = Problem> {
    let resource = move || 0..resources as u32;
    let ratio = (resource(), resource(), 0..4u64, 0..30u64)
        .prop_map(|(one, other, target, points)| Ratio { one, other, target, points });
    let scatter = (0..3u32, 0..4u32).prop_map(|(key, least)| Scatter { key, least });
    let follow = (0..3u32, 0..3u32).prop_map(|(key, needs)| Follow { key, needs });
    let loads = (
        some(vec(0..20u64, bins * resources)),
        some(vec(0..50u64, resources)),
        some(vec(any::<bool>(), resources)),
        vec(ratio, 0..2),
    );
    let away = (some(vec(0..900u32, bins * bins)), some(vec(0..3u32, items)), 0..500u64);
    (loads, away, vec(scatter, 0..2), vec(follow, 0..3)).prop_map(
        |((safe, strain, lingers, ratios), (travel, group, group_cost), scatters, follows)| {
            let mut problem = Problem { safe, strain, lingers, ratios, ..Problem::default() };
            (problem.travel, problem.group, problem.group_cost) = (travel, group, group_cost);
            Problem { scatters, follows, ..problem }
        },
    )
}

fn some<T: Clone + std::fmt::Debug>(
    values: impl Strategy<Value = Vec<T>>,
) -> impl Strategy<Value = Vec<T>> {
    (any::<bool>(), values).prop_map(|(is, values)| if is { values } else { Vec::new() })
}

fn with_terms(problem: Problem, terms: Problem) -> Problem {
    let level = |key: u32| problem.keys[key as usize];
    let follows = terms.follows.into_iter().filter(|it| level(it.key) == level(it.needs));
    let items = problem.items() as u32;
    Problem {
        follows: follows.collect(),
        group: terms.group.into_iter().map(|group| group.min(items.saturating_sub(1))).collect(),
        group_cost: terms.group_cost,
        lingers: terms.lingers,
        ratios: terms.ratios,
        safe: terms.safe,
        scatters: terms.scatters,
        strain: terms.strain,
        travel: terms.travel,
        ..problem
    }
}

/// The same, with a start that breaks no rule: what a placement made of it.
pub(crate) fn sound(size: Size) -> impl Strategy<Value = (Problem, At)> {
    problem(size).prop_filter_map("every problem is consistent", |(problem, _)| {
        let checked = problem.clone().check().ok()?;
        let at = rackberry_sched::place(&checked, &[]).at;
        Some((problem, at))
    })
}

/// A bin for each item, or none.
pub(crate) fn places(bins: u32, items: usize) -> impl Strategy<Value = At> {
    vec(prop_oneof![1 => Just(None), 4 => (0..bins).prop_map(Some)], items)
}

fn tables(resources: usize, bins: usize, items: usize) -> impl Strategy<Value = Problem> {
    let rows = move |count: usize, most: u64| vec(0..=most, count * resources);
    (rows(bins, 20), rows(bins, 4), rows(bins, 25), rows(items, 9), vec(0..=3u64, resources))
        .prop_map(move |(capacity, base, full, demand, balance)| {
            let capacity = capacity.into_iter().map(|it| it + 5).collect();
            Problem { resources, capacity, base, full, demand, balance, ..Problem::default() }
        })
}

fn homes(bins: u32, items: usize) -> impl Strategy<Value = (At, Vec<u64>)> {
    (places(bins, items), vec(prop_oneof![Just(0), 0..3000u64], items))
}

#[derive(Clone, Debug)]
struct Ties {
    class: Vec<u32>,
    classes: Vec<Class>,
    zones: Vec<u32>,
    keys: Vec<u32>,
    holds: Rows<u32>,
    refuses: Rows<u32>,
    wants: Rows<Want>,
    spreads: Vec<Spread>,
    members: Rows<u32>,
}

fn with_ties(problem: Problem, ties: Ties) -> Problem {
    Problem {
        class: ties.class,
        classes: ties.classes,
        topologies: vec![ties.zones],
        keys: ties.keys,
        holds: ties.holds,
        refuses: ties.refuses,
        wants: ties.wants,
        spreads: ties.spreads,
        members: ties.members,
        ..problem
    }
}

fn ties(bins: u32, items: usize) -> impl Strategy<Value = Ties> {
    let key = || 0..3u32;
    let want = (key(), 0..4000u64).prop_map(|(key, points)| Want { key, points });
    let spread = (0..2u32, 1..3u32).prop_map(|(topology, skew)| Spread { topology, skew });
    let zones = vec(0..bins, bins as usize);
    (
        (vec(0..3u32, items), vec(class(bins), 3)),
        (zones, vec(0..2u32, 3), vec(spread, 2)),
        (rows(key(), 0..2, items), rows(key(), 0..2, items), rows(want, 0..2, items)),
        rows(0..2u32, 0..2, items),
    )
        .prop_map(
            |((class, classes), (zones, keys, spreads), (holds, refuses, wants), members)| Ties {
                class,
                classes,
                zones,
                keys,
                holds,
                refuses,
                wants,
                spreads,
                members,
            },
        )
}

fn class(bins: u32) -> impl Strategy<Value = Class> {
    let some = vec(any::<bool>(), bins as usize).prop_map(|is_in| {
        let bins = (0u32..).zip(is_in).filter(|&(_, is_in)| is_in);
        bins.map(|(bin, _)| bin).collect::<Bits>()
    });
    let eligible = prop_oneof![2 => Just(Bits::below(bins as usize)), 1 => some];
    let penalty = prop_oneof![Just(Vec::new()), vec(0..2000u64, bins as usize)];
    (eligible, penalty).prop_map(|(eligible, penalty)| Class { eligible, penalty })
}

fn rows<T: Clone + std::fmt::Debug>(
    value: impl Strategy<Value = T>,
    len: impl Into<SizeRange>,
    items: usize,
) -> impl Strategy<Value = Rows<T>> {
    vec(vec(value, len), items).prop_map(|rows| rows.into_iter().collect())
}
