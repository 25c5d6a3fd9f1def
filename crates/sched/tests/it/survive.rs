use crate::generate::{Size, places, problem, sound};
use proptest::collection::vec;
use proptest::prelude::*;
use rackberry_sched::{
    Absorb, Absorber, Needs, Problem, Spread, State, Survivor, absorb, cost_of, lost, verify,
};
use std::collections::BTreeSet;

const SIZE: Size = Size { bins: 5, items: 9 };

type Group = (u32, usize, Vec<u32>);

fn groups(things: u32) -> impl Strategy<Value = Vec<Group>> {
    vec((0..things, 0..4usize, vec(0..things, 0..5)), 0..20)
}

/// Needs built from the groups that can be met, which are returned with their distinct providers.
fn needs(things: u32, groups: &[Group]) -> (Needs, Vec<(u32, usize, BTreeSet<u32>)>) {
    let (mut needs, mut kept) = (Needs::new(things), Vec::new());
    for (thing, minimum, providers) in groups {
        let distinct: BTreeSet<u32> = providers.iter().copied().collect();
        let added = needs.add(*thing, *minimum as u32, providers);
        assert_eq!(added.is_ok(), distinct.len() >= *minimum);
        if added.is_ok() {
            kept.push((*thing, *minimum, distinct));
        }
    }
    (needs, kept)
}

/// Everything that is down, by asking all groups again until no answer changes.
fn fixpoint(kept: &[(u32, usize, BTreeSet<u32>)], dead: &[u32]) -> BTreeSet<u32> {
    let mut down: BTreeSet<u32> = dead.iter().copied().collect();
    loop {
        let before = down.len();
        for (thing, minimum, providers) in kept {
            if providers.difference(&down).count() < *minimum {
                down.insert(*thing);
            }
        }
        if down.len() == before {
            return down;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_lost_is_the_least_fixpoint(groups in groups(9), dead in vec(0..9u32, 0..3)) {
        let (needs, kept) = needs(9, &groups);
        let found: Vec<u32> = lost(&needs, &dead).iter().map(|it| it.thing).collect();
        let distinct: BTreeSet<u32> = found.iter().copied().collect();
        prop_assert_eq!(found.len(), distinct.len());
        prop_assert_eq!(distinct, fixpoint(&kept, &dead));
    }

    #[test]
    fn every_cause_had_broken_before_its_thing_fell(
        groups in groups(9),
        dead in vec(0..9u32, 0..3),
    ) {
        let (needs, kept) = needs(9, &groups);
        let mut down = BTreeSet::new();
        for fallen in lost(&needs, &dead) {
            match fallen.cause {
                None => prop_assert!(dead.contains(&fallen.thing)),
                Some(group) => {
                    let (thing, minimum, providers) = &kept[group as usize];
                    prop_assert_eq!(*thing, fallen.thing);
                    prop_assert!(providers.difference(&down).count() < *minimum);
                }
            }
            down.insert(fallen.thing);
        }
    }

    #[test]
    fn a_survivor_answers_each_question_as_if_it_were_the_first(groups in groups(9)) {
        let (needs, _) = needs(9, &groups);
        let mut survivor = Survivor::new(&needs);
        for thing in 0..9 {
            prop_assert_eq!(survivor.lose(&[thing]).to_vec(), lost(&needs, &[thing]));
        }
    }

    #[test]
    fn what_is_absorbed_breaks_no_rule_and_what_is_stuck_fits_nowhere(
        (problem, start) in sound(SIZE),
        dead in 0..5u32,
    ) {
        let checked = problem.check().unwrap();
        let absorbed = absorb(&checked, &start, dead);
        let mut end = start.clone();
        let on_it = (0..).zip(&start).filter(|(_, at)| **at == Some(dead));
        let mut on_it: Vec<u32> = on_it.map(|(item, _)| item).collect();
        on_it.iter().for_each(|&item| end[item as usize] = None);
        for &(item, bin) in &absorbed.moved {
            prop_assert!(bin != dead);
            end[item as usize] = Some(bin);
        }
        let (before, after) = (cost_of(&checked, &start), cost_of(&checked, &end));
        prop_assert!(after.overload <= before.overload);

        let mut named: Vec<u32> = absorbed.moved.iter().map(|&(item, _)| item).collect();
        named.extend(&absorbed.stuck);
        named.sort_unstable();
        on_it.sort_unstable();
        prop_assert_eq!(named, on_it);

        let state = State::new(&checked, &end);
        for &item in &absorbed.stuck {
            let is_spread = !checked.problem().members.row(item as usize).is_empty();
            let mut bins = (0..checked.bins() as u32).filter(|&bin| bin != dead);
            prop_assert!(is_spread || !bins.any(|bin| state.fits(item, bin)));
        }
    }

    #[test]
    fn without_spreads_what_is_absorbed_is_sound((problem, start) in sound(SIZE), dead in 0..5u32) {
        let mut problem = problem;
        problem.members = rackberry_sched::Rows::default();
        let checked = problem.check().unwrap();
        let mut end = start.clone();
        end.iter_mut().filter(|at| **at == Some(dead)).for_each(|at| *at = None);
        let rest = verify(&checked, &end);
        absorb(&checked, &start, dead).moved.iter().for_each(|&(it, to)| end[it as usize] = Some(to));
        prop_assert_eq!(verify(&checked, &end), rest);
    }

    #[test]
    fn an_absorber_answers_each_question_as_if_it_were_the_first(
        (problem, start) in problem(SIZE),
        dead in vec(0..6u32, 0..8),
    ) {
        let checked = problem.check().unwrap();
        let mut absorber = Absorber::new(&checked, &start);
        for bin in dead {
            prop_assert_eq!(absorber.absorb(bin), absorb(&checked, &start, bin));
        }
    }

    #[test]
    fn an_item_fits_exactly_where_nothing_is_in_its_way(
        (problem, start) in problem(SIZE),
        next in places(5, 9),
        item in 0..10u32,
        bin in 0..6u32,
    ) {
        let checked = problem.check().unwrap();
        let mut state = State::new(&checked, &start);
        (0..).zip(next).for_each(|(item, to)| state.shift(item, to));
        let answer = rackberry_sched::explain(&state, item, bin);
        prop_assert_eq!(answer.is_ok(), state.fits(item, bin));
    }
}

/// Three bins in the given zones, for items of one spread over zones.
fn spread(zones: [u32; 3], capacity: [u64; 3], items: usize) -> Problem {
    Problem {
        resources: 1,
        capacity: capacity.to_vec(),
        demand: vec![1; items],
        topologies: vec![zones.to_vec()],
        spreads: vec![Spread { topology: 1, skew: 1 }],
        members: vec![vec![0]; items].into_iter().collect(),
        ..Problem::default()
    }
}

#[test]
fn a_zone_that_is_lost_no_longer_counts_in_a_spread() {
    let checked = spread([0, 1, 2], [9; 3], 3).check().unwrap();
    let absorbed = absorb(&checked, &[Some(0), Some(1), Some(2)], 2);
    assert_eq!(absorbed, Absorb { moved: vec![(2, 0)], stuck: vec![] });
}

#[test]
fn a_zone_that_has_another_bin_still_counts_in_a_spread() {
    let checked = spread([0, 0, 1], [0, 9, 9], 2).check().unwrap();
    let absorbed = absorb(&checked, &[Some(1), Some(2)], 1);
    assert_eq!(absorbed, Absorb { moved: vec![], stuck: vec![0] });
}

#[test]
fn needs_say_what_was_added() {
    let mut needs = Needs::new(4);
    assert_eq!((needs.add(3, 1, &[2, 0, 2, 1]), needs.add(2, 0, &[])), (Ok(0), Ok(1)));
    assert_eq!((needs.things(), needs.groups()), (4, 2));
    assert_eq!([0, 1, 2].map(|group| needs.owner(group)), [Some(3), Some(2), None]);
    assert_eq!([0, 1, 2].map(|group| needs.minimum(group)), [1, 0, 0]);
    assert_eq!([0, 1, 2].map(|group| needs.providers(group)), [&[0, 1, 2][..], &[], &[]]);
}
