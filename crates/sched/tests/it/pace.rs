use crate::generate::At;
use proptest::collection::vec;
use proptest::prelude::*;
use rackberry_sched::{
    Bytes, BytesPerSecond, Detour, Handover, Links, Millis, Order, Problem, order, pace,
};

/// Moves between six bins on two switches that all have room, so that there is one wave.
fn wave(moves: &[(u32, u32, u64)]) -> (Order, Vec<Handover>) {
    let demand = vec![1; moves.len()];
    let capacity = vec![100; 6];
    let problem = Problem { resources: 1, capacity, demand, ..Problem::default() };
    let from: At = moves.iter().map(|it| Some(it.0)).collect();
    let to: At = moves.iter().map(|it| Some(it.1)).collect();
    let copy = |it: &(u32, u32, u64)| Handover { copy: it.2, ..Handover::default() };
    let handover: Vec<Handover> = moves.iter().map(copy).collect();
    let order = problem.check().map(|checked| order(&checked, &from, &to, &handover, &[]));
    (order.unwrap_or_default(), handover)
}

fn speeds(of: &[u64]) -> Vec<BytesPerSecond> {
    of.iter().copied().map(BytesPerSecond).collect()
}

/// Whether every copy can run at its bytes over `millis` without too much on any link.
fn suffices(moves: &[(u32, u32, u64)], nic: &[u64], uplink: &[u64], millis: u64) -> bool {
    let sum = |is: &dyn Fn(u32, u32) -> bool| -> u64 {
        moves.iter().filter(|it| it.0 != it.1 && is(it.0, it.1)).map(|it| it.2 * 1000).sum()
    };
    let bins = (0..6_u32).all(|bin| {
        let most = nic[bin as usize] * millis;
        sum(&|from, _| from == bin) <= most && sum(&|_, to| to == bin) <= most
    });
    let switches = (0..2_u32).all(|switch| {
        let most = uplink[switch as usize] * millis;
        let leaves = sum(&|from, to| from / 3 == switch && to / 3 != switch);
        leaves <= most && sum(&|from, to| from / 3 != switch && to / 3 == switch) <= most
    });
    bins && switches
}

proptest! {
    #[test]
    fn a_wave_takes_the_least_time_in_which_no_link_carries_too_much(
        moves in vec((0..6_u32, 0..6_u32, 0..500_u64), 1..12),
        nic in vec(1..100_u64, 6),
        uplink in vec(1..100_u64, 2),
    ) {
        let (order, handover) = wave(&moves);
        let switches = vec![0, 0, 0, 1, 1, 1];
        let links = Links { bins: speeds(&nic), switches, uplinks: speeds(&uplink) };
        let pace = pace(&order, &handover, &links);
        let time = pace.makespan.0;
        prop_assert!(suffices(&moves, &nic, &uplink, time));
        prop_assert!(time == 0 || !suffices(&moves, &nic, &uplink, time - 1));
        let bytes: u64 = moves.iter().filter(|it| it.0 != it.1).map(|it| it.2).sum();
        prop_assert_eq!(pace.bytes, Bytes(bytes));
        prop_assert_eq!(pace.detours, []);
    }
}

#[test]
fn what_stops_is_down_until_it_runs_again_and_copied_once() {
    let problem =
        Problem { resources: 1, capacity: vec![1, 1], demand: vec![1, 1], ..Problem::default() };
    let (from, to) = ([Some(0), Some(1)], [Some(1), Some(0)]);
    let handover = [
        Handover { copy: 50, ..Handover::default() },
        Handover { copy: 30, may_stop: true, group: None },
    ];
    let order = order(&problem.check().unwrap(), &from, &to, &handover, &[]);
    let links = Links { bins: speeds(&[10, 10]), ..Links::default() };
    let pace = pace(&order, &handover, &links);
    assert_eq!(pace.waves, [Millis(0), Millis(5000), Millis(3000)]);
    assert_eq!(pace.bytes, Bytes(80));
    assert_eq!(pace.detours, [Detour { item: 1, bytes: Bytes(0), downtime: Millis(8000) }]);
}

#[test]
fn a_copy_within_a_switch_leaves_its_uplink_alone() {
    let links = Links {
        bins: speeds(&[100; 6]),
        switches: vec![0, 0, 0, 1, 1, 1],
        uplinks: speeds(&[1, 1]),
    };
    let time = |moves: &[(u32, u32, u64)]| {
        let (order, handover) = wave(moves);
        pace(&order, &handover, &links).makespan
    };
    assert_eq!(time(&[(0, 1, 200)]), Millis(2000));
    assert_eq!(time(&[(0, 3, 200)]), Millis(200_000));
    // Each way has its own room.
    assert_eq!(time(&[(0, 3, 200), (4, 1, 200)]), Millis(200_000));
}

#[test]
fn links_that_are_not_given_do_not_slow_anything_down_and_no_speed_does() {
    let (order, handover) = wave(&[(0, 1, u64::MAX), (0, 2, u64::MAX)]);
    assert_eq!(pace(&order, &handover, &Links::default()).makespan, Millis(0));
    let links = Links { bins: speeds(&[0]), ..Links::default() };
    let slow = pace(&order, &handover, &links);
    assert_eq!((slow.makespan, slow.bytes), (Millis(u64::MAX), Bytes(u64::MAX)));
}
