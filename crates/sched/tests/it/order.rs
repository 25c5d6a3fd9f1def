use crate::generate::{At, Size, places, problem};
use proptest::collection::vec;
use proptest::prelude::*;
use rackberry_sched::{
    Bits, Checked, Class, Handover, Held, Hop, HopKind, Misstep, Order, Problem, Why, cost_of,
    order, place, rebalance, verify_order,
};

const SIZE: Size = Size { bins: 5, items: 10 };

fn handovers() -> impl Strategy<Value = (Vec<Handover>, Vec<u32>)> {
    let group = prop_oneof![1 => Just(None), 2 => (0..3u32).prop_map(Some)];
    let one = (any::<bool>(), 0..5u64, group).prop_map(|(may_stop, copy, group)| Handover {
        may_stop,
        copy,
        group,
    });
    (vec(one, 10), vec(0..3u32, 2))
}

/// One resource, bins of the given sizes, and items of the given demands.
fn plain(capacity: &[u64], demand: &[u64]) -> Problem {
    let (capacity, demand) = (capacity.to_vec(), demand.to_vec());
    Problem { resources: 1, capacity, demand, ..Problem::default() }
}

fn on(bins: &[u32]) -> At {
    bins.iter().copied().map(Some).collect()
}

fn kinds(order: &Order) -> Vec<Vec<HopKind>> {
    order.waves.iter().map(|wave| wave.iter().map(|hop| hop.kind).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn an_order_between_any_two_assignments_replays_without_a_misstep(
        (problem, from) in problem(SIZE),
        to in places(5, 10),
        (handover, minimum) in handovers(),
    ) {
        let checked = problem.check().unwrap();
        let order = order(&checked, &from, &to, &handover, &minimum);
        let to: At = to.into_iter().map(|it| it.filter(|&b| (b as usize) < checked.bins())).collect();
        prop_assert_eq!(verify_order(&checked, &from, &to, &order, &handover, &minimum), Ok(()));
    }

    #[test]
    fn no_item_that_runs_is_left_stopped(
        (problem, from) in problem(SIZE),
        to in places(5, 10),
        (handover, minimum) in handovers(),
    ) {
        let checked = problem.check().unwrap();
        let to: At = from.iter().zip(&to).map(|(from, to)| to.filter(|&b| (b as usize) < checked.bins()).or(*from)).collect();
        let order = order(&checked, &from, &to, &handover, &minimum);
        for (from, end) in from.iter().zip(&order.end) {
            prop_assert!(from.is_none() || end.is_some());
        }
    }

    #[test]
    fn the_way_to_a_rebalanced_assignment_breaks_nothing_more_than_the_start(
        (problem, from) in problem(SIZE),
        (handover, minimum) in handovers(),
    ) {
        // What lingers counts against homes, which these are not.
        let checked = Problem { lingers: vec![], ..problem }.check().unwrap();
        let start = place(&checked, &from).at;
        let to = rebalance(&checked, &start, rackberry_sched::Effort { seed: 3, rounds: 5 }).at;
        let order = order(&checked, &from, &to, &handover, &minimum);
        prop_assert_eq!(verify_order(&checked, &from, &to, &order, &handover, &minimum), Ok(()));
        let (before, after) = (cost_of(&checked, &from), cost_of(&checked, &order.end));
        prop_assert!(after.overload <= before.overload);
    }

    #[test]
    fn with_room_to_spare_nothing_is_held_back_and_one_wave_is_enough(
        moves in vec((0..6u32, 0..6u32, 1..9u64), 1..12),
    ) {
        let demand: Vec<u64> = moves.iter().map(|it| it.2).collect();
        let checked = plain(&[200; 6], &demand).check().unwrap();
        let (from, to): (Vec<u32>, Vec<u32>) = moves.iter().map(|it| (it.0, it.1)).unzip();
        let order = order(&checked, &on(&from), &on(&to), &[], &[]);
        prop_assert!(order.held.is_empty() && order.waves.len() <= 1);
        prop_assert_eq!(order.end, on(&to));
    }
}

#[test]
fn a_chain_goes_from_its_end() {
    let checked = plain(&[1, 1, 1, 1], &[1, 1, 1]).check().unwrap();
    let order = order(&checked, &on(&[0, 1, 2]), &on(&[1, 2, 3]), &[], &[]);
    let items: Vec<u32> = order.waves.iter().flatten().map(|hop| hop.item).collect();
    assert_eq!(items, [2, 1, 0]);
}

#[test]
fn a_swap_takes_a_detour_of_the_item_that_is_cheaper_to_copy() {
    let checked = plain(&[1, 1, 1], &[1, 1]).check().unwrap();
    let copy = |copy| Handover { copy, ..Handover::default() };
    let order = order(&checked, &on(&[0, 1]), &on(&[1, 0]), &[copy(9), copy(2)], &[]);
    assert_eq!(kinds(&order), [[HopKind::ToTemporary], [HopKind::Move], [HopKind::FromTemporary]]);
    assert_eq!(order.waves[0][0].item, 1);
    assert_eq!(order.end, on(&[1, 0]));
}

#[test]
fn the_large_change_places_over_a_bin_that_many_others_clear() {
    // Only three bins could hold one of the two large items, and the third is full of small ones.
    let capacity = [[20; 3].as_slice(), &[2; 8]].concat();
    let demand = [[18; 2].as_slice(), &[2; 10]].concat();
    let checked = plain(&capacity, &demand).check().unwrap();
    let (from, to) =
        (on(&[&[0, 1], [2; 10].as_slice()].concat()), on(&[&[1, 0], [2; 10].as_slice()].concat()));
    let order = order(&checked, &from, &to, &[], &[]);
    assert_eq!(verify_order(&checked, &from, &to, &order, &[], &[]), Ok(()));
    assert_eq!(order.held, []);
}

#[test]
fn a_swap_without_a_third_bin_stops_an_item_that_may_stop() {
    let checked = plain(&[1, 1], &[1, 1]).check().unwrap();
    let may_stop = Handover { may_stop: true, ..Handover::default() };
    let order = order(&checked, &on(&[0, 1]), &on(&[1, 0]), &[Handover::default(), may_stop], &[]);
    assert_eq!(kinds(&order), [[HopKind::Stop], [HopKind::Move], [HopKind::Resume]]);
    assert_eq!(order.waves[0][0].item, 1);
}

#[test]
fn a_swap_of_items_that_must_run_is_held_back() {
    let checked = plain(&[1, 1], &[1, 1]).check().unwrap();
    let order = order(&checked, &on(&[0, 1]), &on(&[1, 0]), &[], &[]);
    assert!(order.waves.is_empty());
    assert_eq!(order.held.len(), 2);
    assert_eq!(order.end, on(&[0, 1]));
}

#[test]
fn the_last_of_a_group_does_not_stop() {
    let checked = plain(&[1, 1], &[1, 1]).check().unwrap();
    let last = Handover { may_stop: true, copy: 0, group: Some(0) };
    let one = order(&checked, &on(&[0, 1]), &on(&[1, 0]), &[last, last], &[1]);
    assert_eq!(one.end, on(&[1, 0]));
    let two = order(&checked, &on(&[0, 1]), &on(&[1, 0]), &[last, last], &[2]);
    assert_eq!(two.end, on(&[0, 1]));
}

#[test]
fn an_overloaded_bin_takes_nothing_until_it_is_relieved() {
    let checked = plain(&[5, 9], &[4, 4, 1]).check().unwrap();
    let order = order(&checked, &on(&[0, 0, 1]), &on(&[0, 1, 0]), &[], &[]);
    let items: Vec<u32> = order.waves.iter().flatten().map(|hop| hop.item).collect();
    assert_eq!(items, [1, 2]);
}

#[test]
fn what_never_fits_is_held_with_the_reason() {
    let checked = plain(&[5, 5], &[4, 4]).check().unwrap();
    let order = order(&checked, &on(&[0, 1]), &on(&[1, 1]), &[], &[]);
    assert_eq!(order.held[0].why, Why::NoRoom { resource: 0 });
}

fn hop(item: u32, from: impl Into<Option<u32>>, to: impl Into<Option<u32>>, kind: HopKind) -> Hop {
    Hop { item, from: from.into(), to: to.into(), kind }
}

/// An order with these waves, which says that its hops are all there is.
fn told(from: &[Option<u32>], waves: &[&[Hop]]) -> Order {
    let mut end = from.to_vec();
    for hop in waves.iter().copied().flatten() {
        end.get_mut(hop.item as usize).into_iter().for_each(|end| *end = hop.to);
    }
    Order { waves: waves.iter().map(|wave| wave.to_vec()).collect(), held: vec![], end }
}

/// What goes wrong in these waves between bins where everything runs.
fn missteps(checked: &Checked, from: &[u32], to: &[u32], waves: &[&[Hop]]) -> Vec<Misstep> {
    let (from, to) = (on(from), on(to));
    verify_order(checked, &from, &to, &told(&from, waves), &[], &[]).err().unwrap_or_default()
}

/// Three items, on a bin each, of which the last refuses what the first holds.
fn yard() -> Problem {
    let class = |bins: u32| Class { eligible: Bits::below(bins as usize), penalty: vec![] };
    Problem {
        resources: 2,
        capacity: vec![9, 2, 9, 2, 9, 2],
        demand: vec![1, 1, 1, 2, 1, 1],
        class: vec![0, 1, 0],
        classes: vec![class(3), class(2)],
        keys: vec![0],
        holds: [vec![0]].into_iter().collect(),
        refuses: [vec![], vec![], vec![0]].into_iter().collect(),
        ..Problem::default()
    }
}

#[test]
fn a_hop_that_cannot_be_is_a_misstep() {
    use HopKind::{FromTemporary, Move, Resume, Start, Stop, ToTemporary};
    let checked = plain(&[9; 3], &[1, 1]).check().unwrap();
    let wrong = [
        hop(2, 0, 1, Move),
        hop(0, 2, 1, Move),
        hop(0, None, 1, Start),
        hop(0, 0, 1, Start),
        hop(0, 0, 2, Move),
        hop(0, 0, 2, FromTemporary),
        hop(0, 0, 1, ToTemporary),
        hop(0, 0, 3, ToTemporary),
        hop(0, 0, 1, Stop),
        hop(0, 0, 1, Resume),
        hop(0, 0, None, ToTemporary),
        hop(1, 1, 1, Move),
    ];
    for hop in wrong {
        let found = missteps(&checked, &[0, 1], &[1, 1], &[&[hop]]);
        assert_eq!(found[0], Misstep::Hop { wave: 0, item: hop.item }, "{hop:?}");
    }
    let (there, on) = (hop(0, 0, 2, ToTemporary), hop(0, 2, 1, FromTemporary));
    assert_eq!(missteps(&checked, &[0, 1], &[1, 1], &[&[there], &[on]]), []);
    let twice = missteps(&checked, &[0, 1], &[1, 1], &[&[there, on]]);
    assert_eq!(twice[0], Misstep::Hop { wave: 0, item: 0 });
}

#[test]
fn a_hop_to_where_an_item_may_not_be_is_a_misstep() {
    let (checked, go) = (yard().check().unwrap(), |item, to| hop(item, item, to, HopKind::Move));
    let full = |bin| Misstep::NoRoom { wave: 0, bin, resource: 1 };
    let refused = |item| Misstep::Refused { wave: 0, item, key: 0 };
    let found = |to: &[u32], wave: &[Hop]| missteps(&checked, &[0, 1, 2], to, &[wave]);
    assert_eq!(found(&[1, 1, 2], &[go(0, 1)]), [full(1)]);
    assert_eq!(found(&[1, 0, 2], &[go(0, 1), go(1, 0)]), [full(0), full(1)]);
    assert_eq!(found(&[0, 2, 2], &[go(1, 2)]), [Misstep::Ineligible { wave: 0, item: 1 }, full(2)]);
    assert_eq!(found(&[2, 1, 2], &[go(0, 2)]), [refused(0)]);
    assert_eq!(found(&[0, 1, 0], &[go(2, 0)]), [refused(2)]);
    let in_turn = missteps(&checked, &[0, 1, 2], &[2, 0, 0], &[&[go(0, 2)], &[go(2, 0)]]);
    assert_eq!(in_turn, [refused(0), Misstep::End { item: 1 }]);
}

#[test]
fn a_stop_of_what_must_run_is_a_misstep() {
    let checked = plain(&[1, 1], &[1, 1]).check().unwrap();
    let (from, to) = (on(&[0, 1]), on(&[1, 0]));
    let (stop, go) = (hop(0, 0, None, HopKind::Stop), hop(1, 1, 0, HopKind::Move));
    let order = told(&from, &[&[stop], &[go], &[hop(0, None, 1, HopKind::Resume)]]);
    let found = |may_stop, minimum| {
        let handover = [Handover { may_stop, copy: 0, group: Some(0) }; 2];
        verify_order(&checked, &from, &to, &order, &handover, &[minimum]).err()
    };
    assert_eq!(found(true, 1), None);
    assert_eq!(found(true, 2), Some(vec![Misstep::Minimum { wave: 0, group: 0 }]));
    assert_eq!(found(false, 1), Some(vec![Misstep::MayNotStop { wave: 0, item: 0 }]));
}

#[test]
fn an_end_that_is_neither_reached_nor_told_is_a_misstep() {
    let checked = plain(&[9; 2], &[1]).check().unwrap();
    let (from, to) = (on(&[0]), on(&[1]));
    let handover = [Handover { may_stop: true, ..Handover::default() }];
    let found = |order: &Order| verify_order(&checked, &from, &to, order, &handover, &[]).err();
    let end = Some(vec![Misstep::End { item: 0 }]);
    let held = vec![Held { item: 0, why: Why::Cycle }];
    let nothing = told(&from, &[]);
    assert_eq!(found(&nothing), end);
    assert_eq!(found(&Order { held: held.clone(), ..nothing.clone() }), None);
    assert_eq!(found(&Order { held: held.clone(), end: to.clone(), ..nothing }), end);
    let stopped = told(&from, &[&[hop(0, 0, None, HopKind::Stop)]]);
    assert_eq!(found(&Order { held, ..stopped }), end);
}
