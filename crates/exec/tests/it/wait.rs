//! Who is waited for, and how long.

use crate::room::{at_once, lifeboat, room};
use rackberry_core::mock::MockNodeOs;
use rackberry_core::{Error, ErrorKind, NodeId};
use rackberry_exec::{Entry, Finish, Fleet, How, Memory, Patience, converge};
use rackberry_plan::{Observed, Resolved, plan_from};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

/// A machine that has power and never says a word.
fn silence(fleet: &mut Fleet, id: &NodeId) {
    let mut dead = MockNodeOs::new();
    dead.expect_observe().returning(|| Err(Error::new(ErrorKind::Unreachable, "look at it")));
    dead.expect_guests().return_const(None);
    fleet.nodes.get_mut(id).unwrap().os = Arc::new(dead);
}

/// How many steps were proved in each round.
fn proved(journal: &Memory) -> Vec<usize> {
    let of = |it: &Entry| if let Entry::Ended { proved, .. } = it { Some(*proved) } else { None };
    journal.entries.iter().filter_map(of).collect()
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_was_waited_for_three_times_is_left_alone_until_nothing_is_left_but_to_wait()
{
    let rack = lifeboat();
    let (_world, mut fleet) = room(&rack);
    let id = rack.nodes[0].id.clone();
    silence(&mut fleet, &id);
    let told = Mutex::new(Vec::new());
    let plan = |rack: &Resolved, seen: &Observed| {
        told.lock().unwrap().push(seen.silent.contains_key(&id));
        plan_from(rack, seen).map(|it| it.1)
    };
    let how = How { idle: 7, plan: &plan, ..at_once() };
    let mut journal = Memory::default();
    let reached = converge(&rack, &fleet, &mut journal, &how).await;
    assert_eq!(reached.finish, Finish::Stuck);
    let rounds = [vec![false; 3], vec![true; 7], vec![false; 2]].concat();
    assert_eq!(told.into_inner().unwrap(), rounds, "whether it is left alone, round by round");
    assert_eq!(proved(&journal)[1..4], [0, 0, 1], "what waited for it is done without it");
}

#[tokio::test(start_paused = true)]
async fn the_longer_nothing_is_proved_the_longer_is_the_rest_up_to_the_longest() {
    let rack = lifeboat();
    let (_world, mut fleet) = room(&rack);
    silence(&mut fleet, &rack.nodes[0].id);
    let [pause, longest] = [1, 3].map(Duration::from_secs);
    let patience = Patience { pause, longest, ..Patience::NONE };
    let how = How { patience, idle: 5, ..at_once() };
    let mut journal = Memory::default();
    let begin = Instant::now();
    let reached = converge(&rack, &fleet, &mut journal, &how).await;
    assert_eq!(reached.finish, Finish::Stuck);
    let (mut idle, mut rests) = (0u64, 0);
    for proved in proved(&journal) {
        idle = if proved == 0 { idle + 1 } else { 0 };
        rests += if idle > 5 { 0 } else { idle.min(3) };
    }
    assert!(rests >= 12, "{rests}");
    assert_eq!(begin.elapsed().as_secs(), rests);
}
