//! A rack is looked at, planned and carried out until nothing is left to do: each way that can end.

use crate::room::{at_once, lifeboat, room};
use rackberry_core::mock::MockNodeOs;
use rackberry_core::{Error, ErrorKind, NodeId};
use rackberry_exec::{Device, End, Entry, Event, Events, Finish, How, Journal, Memory, converge};
use rackberry_plan::{Finding, Location, Observed, Plan, Resolved, plan_from};
use std::io;
use std::sync::Arc;
use tokio::sync::mpsc::unbounded_channel;

/// A journal whose medium is full for one record, and has room again for the next.
#[derive(Default)]
struct Full {
    entries: Vec<Entry>,
    tried: usize,
    at: usize,
}

impl Journal for Full {
    fn append(&mut self, entry: &Entry) -> io::Result<()> {
        self.tried += 1;
        if self.tried == self.at {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.entries.push(entry.clone());
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_rack_comes_up_and_its_rounds_are_told_and_written_down() {
    let rack = lifeboat();
    let (_world, fleet) = room(&rack);
    let (sender, mut events) = unbounded_channel();
    let how = How { asked: "to come up".into(), events: Events::to(sender), ..at_once() };
    let mut journal = Memory::default();
    let reached = converge(&rack, &fleet, &mut journal, &how).await;
    assert_eq!(reached.finish, Finish::Described);
    assert!(reached.missed.is_empty() && reached.plan.unwrap().steps.is_empty());
    drop(how);
    let mut plans: Vec<(usize, Arc<Plan>)> = Vec::new();
    while let Some(event) = events.recv().await {
        if let Event::Planned { round, plan } = event {
            plans.push((round, plan));
        } else if let Event::Sending { step } = event {
            assert!(step < plans.last().unwrap().1.steps.len());
        }
    }
    let rounds: Vec<usize> = plans.iter().map(|it| it.0).collect();
    assert_eq!(rounds, (0..=reached.rounds).collect::<Vec<_>>());
    let began = journal.entries.iter().filter_map(|it| {
        let Entry::Began { rack, steps } = it else { return None };
        Some((rack.as_str(), *steps))
    });
    let told = plans[..reached.rounds].iter().map(|it| ("lifeboat", it.1.steps.len()));
    assert!(began.eq(told), "{:?}", journal.entries);
    let [first, .., round, last] = journal.entries.as_slice() else { panic!("a story") };
    assert_eq!(first, &Entry::Asked { rack: "lifeboat".into(), what: "to come up".into() });
    assert!(matches!(round, Entry::Ended { unproved: 0, .. }), "{round:?}");
    let how = "nothing is left to do".into();
    assert_eq!(last, &Entry::Finished { described: true, how });
}

#[tokio::test(start_paused = true)]
async fn a_no_to_the_first_plan_leaves_all_as_it_is() {
    let rack = lifeboat();
    let (world, fleet) = room(&rack);
    let _ = fleet.observe().await;
    let look = world.calls();
    let mut journal = Memory::default();
    let how = How { agree: &|_, plan: &Plan| plan.steps.is_empty(), ..at_once() };
    let reached = converge(&rack, &fleet, &mut journal, &how).await;
    assert_eq!((reached.finish, reached.rounds), (Finish::Declined, 0));
    let quiet = |it: &Entry| matches!(it, Entry::Asked { .. } | Entry::Finished { .. });
    assert_eq!((world.calls(), journal.entries.iter().all(quiet)), (2 * look, true));
    assert!(!reached.plan.unwrap().steps.is_empty(), "it can be shown what was declined");
}

#[tokio::test(start_paused = true)]
async fn a_no_to_a_later_plan_keeps_what_was_reached() {
    let rack = lifeboat();
    let (world, fleet) = room(&rack);
    let how = How { agree: &|round, _| round == 0, ..at_once() };
    let reached = converge(&rack, &fleet, &mut Memory::default(), &how).await;
    assert_eq!((reached.finish, reached.rounds), (Finish::Declined, 1));
    let reached = converge(&rack, &fleet, &mut Memory::default(), &at_once()).await;
    assert_eq!(reached.finish, Finish::Described);
    assert!(rack.rack.clusters.keys().all(|it| world.bootstraps(it) == 1));
}

#[tokio::test(start_paused = true)]
async fn who_asks_it_to_stop_is_obeyed_before_the_first_look_and_before_the_first_order() {
    let rack = lifeboat();
    let (world, fleet) = room(&rack);
    let how = at_once();
    let stop = how.stop.clone();
    let stops = |_: usize, _: &Plan| {
        stop.set();
        true
    };
    let how = How { agree: &stops, ..how };
    let mut journal = Memory::default();
    let reached = converge(&rack, &fleet, &mut journal, &how).await;
    assert_eq!((&reached.finish, reached.outcome.unwrap().end), (&Finish::Stopped, End::Stopped));
    assert!(!journal.entries.iter().any(|it| matches!(it, Entry::Sending { .. })));
    let calls = world.calls();
    let reached = converge(&rack, &fleet, &mut journal, &how).await;
    assert_eq!((reached.finish, world.calls()), (Finish::Stopped, calls));
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_never_answers_is_given_up_and_named() {
    let rack = lifeboat();
    let (_world, mut fleet) = room(&rack);
    let mut dead = MockNodeOs::new();
    dead.expect_observe().returning(|| Err(Error::new(ErrorKind::Unreachable, "look at it")));
    dead.expect_guests().return_const(None);
    let id: NodeId = rack.nodes[0].id.clone();
    fleet.nodes.get_mut(&id).unwrap().os = Arc::new(dead);
    let how = How { idle: 3, ..at_once() };
    let mut journal = Memory::default();
    let reached = converge(&rack, &fleet, &mut journal, &how).await;
    assert_eq!(reached.finish, Finish::Stuck);
    assert_eq!(reached.missed.iter().map(|it| &it.0).collect::<Vec<_>>(), [&Device::Node(id)]);
    let idle = journal.entries.iter().rev();
    let idle = idle.filter(|it| matches!(it, Entry::Ended { .. }));
    assert!(idle.take(4).all(|it| matches!(it, Entry::Ended { proved: 0, .. })));
}

#[test]
fn how_a_rack_is_brought_up_can_be_shown() {
    let shown = format!("{:?}", How { asked: "to come up".into(), ..How::default() });
    assert!(shown.contains("asked: \"to come up\"") && shown.contains("rounds: 200"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn no_more_rounds_are_run_than_were_granted() {
    let rack = lifeboat();
    let (_world, fleet) = room(&rack);
    let how = How { rounds: 1, ..at_once() };
    let reached = converge(&rack, &fleet, &mut Memory::default(), &how).await;
    assert_eq!((reached.finish, reached.rounds), (Finish::Endless, 1));
    assert!(!reached.outcome.unwrap().proved.is_empty());
}

#[tokio::test(start_paused = true)]
async fn whatever_record_does_not_fit_nothing_more_is_written_or_sent_and_the_next_run_goes_on() {
    let rack = lifeboat();
    let mut at = 1;
    loop {
        let (world, fleet) = room(&rack);
        let mut journal = Full { at, ..Full::default() };
        let reached = converge(&rack, &fleet, &mut journal, &at_once()).await;
        if journal.tried < at {
            assert_eq!(reached.finish, Finish::Described);
            return;
        }
        let Finish::Unwritten(why) = reached.finish else { panic!("{at}: {:?}", reached.finish) };
        assert!(why.contains("make room, and run it again"), "{why}");
        assert_eq!(journal.tried, at, "nothing is tried after the record that did not fit");
        let reached = converge(&rack, &fleet, &mut journal, &at_once()).await;
        assert_eq!(reached.finish, Finish::Described, "{at}");
        assert!(rack.rack.clusters.keys().all(|it| world.bootstraps(it) == 1), "{at}");
        at += 1;
    }
}

#[tokio::test(start_paused = true)]
async fn a_rack_that_cannot_be_planned_is_an_answer() {
    let rack = lifeboat();
    let (_world, fleet) = room(&rack);
    let reason = "more than any machine has".into();
    let why = Finding::error("too-much", Location::default(), reason, "Ask for less.".into());
    let none = |_: &Resolved, _: &Observed| Err(why.clone());
    let how = How { plan: &none, ..at_once() };
    let reached = converge(&rack, &fleet, &mut Memory::default(), &how).await;
    assert_eq!(reached.finish, Finish::Unplanned(why.clone()));
    assert!(reached.plan.is_none() && reached.outcome.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_fails_its_verification_is_never_sent() {
    let rack = lifeboat();
    let (world, fleet) = room(&rack);
    let _ = fleet.observe().await;
    let look = world.calls();
    let unproved = |rack: &Resolved, seen: &Observed| {
        let mut plan = plan_from(rack, seen)?.1;
        plan.steps[0].after.clear();
        Ok(plan)
    };
    let how = How { plan: &unproved, ..at_once() };
    let mut journal = Memory::default();
    let reached = converge(&rack, &fleet, &mut journal, &how).await;
    assert!(matches!(&reached.finish, Finish::Refused(why) if !why.is_empty()), "{reached:?}");
    let quiet = |it: &Entry| matches!(it, Entry::Asked { .. } | Entry::Finished { .. });
    assert_eq!((world.calls(), journal.entries.iter().all(quiet)), (2 * look, true));
}
