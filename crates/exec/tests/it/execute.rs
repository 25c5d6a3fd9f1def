//! One plan, carried out.

use crate::room::{lifeboat, room};
use rackberry::testkit::Fault;
use rackberry::world::{fleet, simulate};
use rackberry_core::mock::MockPowerCtl;
use rackberry_core::{Error, ErrorKind, Milliwatts, NodeId, Power, Stage};
use rackberry_exec::{
    Device, End, Entry, Event, Events, Journal, Memory, Outcome, Outlet, Patience, Stop, Why,
    execute,
};
use rackberry_plan::{Action, Fact, Limit, Observed, Plan, Resolved, Step, Wave, plan_from};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::unbounded_channel;

async fn done(rack: &Resolved, plan: &Plan) -> (Outcome, Vec<Event>) {
    let (_world, fleet) = room(rack);
    let (sender, mut events) = unbounded_channel();
    let to = Events::to(sender);
    let mut journal = Memory::default();
    let outcome =
        execute(plan, &fleet, &mut journal, Patience::default(), &Stop::default(), &to).await;
    let told = std::iter::from_fn(|| events.try_recv().ok()).collect();
    (outcome, told)
}

fn bare(rack: &Resolved) -> Plan {
    plan_from(rack, &Observed::bare(rack)).unwrap().1
}

/// How many steps were in hand at the most.
fn most_in_hand(events: &[Event], is: impl Fn(usize) -> bool) -> usize {
    let (mut now, mut most) = (BTreeSet::new(), 0);
    for event in events {
        match event {
            Event::Began { step } if is(*step) => drop(now.insert(*step)),
            Event::Proved { step, .. } | Event::Ended { step, .. } => drop(now.remove(step)),
            Event::Planned { .. } | Event::Began { .. } | Event::Sending { .. } | _ => {}
        }
        most = most.max(now.len());
    }
    most
}

#[tokio::test(start_paused = true)]
async fn a_plan_of_several_waves_is_carried_out_to_its_end() {
    let rack = lifeboat();
    let plan = bare(&rack);
    assert!(plan.waves.len() > 1);
    let (outcome, _) = done(&rack, &plan).await;
    assert_eq!((outcome.end, outcome.proved.len()), (End::Done, plan.steps.len()));
}

/// Many steps that are so already.
fn many(count: usize) -> Plan {
    let node = NodeId::new("pi-2");
    let step = Step {
        before: Vec::new(),
        action: Action::SetPower { node: node.clone(), power: Power::On },
        after: vec![Fact::Power { node, power: Power::On }],
        needs: Vec::new(),
        takes: Default::default(),
    };
    Plan { steps: vec![step; count], waves: vec![Wave::default()], ..Plan::default() }
}

#[tokio::test(start_paused = true)]
async fn steps_run_side_by_side_and_no_more_than_64_of_them() {
    let (outcome, events) = done(&lifeboat(), &many(200)).await;
    assert_eq!(outcome.end, End::Done);
    assert_eq!(most_in_hand(&events, |_| true), 64);
}

#[tokio::test(start_paused = true)]
async fn an_order_takes_the_pace_that_is_asked_for_even_where_it_is_obeyed_at_once() {
    let (rack, pace) = (lifeboat(), Duration::from_secs(7));
    for first in [Duration::ZERO, pace] {
        let (_world, fleet) = room(&rack);
        // The second look would be a moment later.
        let patience = Patience { first, pause: Duration::from_millis(1), ..Patience::default() };
        let (stop, events) = (Stop::default(), Events::default());
        let begin = tokio::time::Instant::now();
        let mut journal = Memory::default();
        let outcome = execute(&many(1), &fleet, &mut journal, patience, &stop, &events).await;
        assert_eq!(outcome.end, End::Done);
        assert!(journal.entries.iter().any(|it| matches!(it, Entry::Sending { .. })));
        assert_eq!(begin.elapsed() >= pace, first == pace, "{:?}", begin.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_limit_holds_back_waits_for_its_turn() {
    let watts = |steps: std::ops::Range<usize>| steps.map(|it| (it, Milliwatts(10_000))).collect();
    let switch = rackberry_core::SwitchId::new("poe");
    let limit = Limit::Inrush { switch, at_most: Milliwatts(25_000), steps: watts(0..20) };
    let (outcome, events) = done(&lifeboat(), &Plan { limits: vec![limit], ..many(30) }).await;
    assert_eq!(outcome.end, End::Done);
    assert_eq!(most_in_hand(&events, |it| it < 20), 2);
    assert!(most_in_hand(&events, |_| true) > 10, "the others do not wait");
    let cluster = rackberry_core::ClusterId::new("home");
    let limit = Limit::Voters { cluster, steps: (0..5).collect() };
    let (_, events) = done(&lifeboat(), &Plan { limits: vec![limit], ..many(30) }).await;
    assert_eq!(most_in_hand(&events, |it| it < 5), 1);
}

#[tokio::test(start_paused = true)]
async fn a_step_that_takes_more_than_there_is_never_begins_and_the_run_ends() {
    let switch = rackberry_core::SwitchId::new("poe");
    let limit =
        Limit::Inrush { switch, at_most: Milliwatts(5), steps: [(1, Milliwatts(6))].into() };
    let (outcome, _) = done(&lifeboat(), &Plan { limits: vec![limit], ..many(3) }).await;
    assert_eq!((outcome.end, outcome.proved), (End::Short, [0, 2].into()));
}

/// What no machine of the rack comes to.
fn never() -> Fact {
    Fact::Runs { node: NodeId::new("pi-2"), version: rackberry_core::Version::new("9") }
}

/// The first step is sent and never proved; the second takes of the same limit.
#[tokio::test(start_paused = true)]
async fn what_was_sent_and_is_not_proved_keeps_its_part_of_a_limit() {
    let mut plan = many(2);
    plan.steps[0].after = vec![never()];
    plan.steps[0].action = Action::SetPower { node: NodeId::new("pi-2"), power: Power::On };
    let cluster = rackberry_core::ClusterId::new("home");
    plan.limits = vec![Limit::Voters { cluster, steps: [0, 1].into() }];
    let (outcome, _) = done(&lifeboat(), &plan).await;
    assert_eq!((outcome.end, outcome.proved), (End::Short, BTreeSet::new()));
    assert!(matches!(outcome.unproved[0].why, Why::Late(_)), "{:?}", outcome.unproved);
    // One that was declined, or not even sent, gives it back.
    plan.steps[0].before = plan.steps[0].after.clone();
    let (outcome, _) = done(&lifeboat(), &plan).await;
    assert_eq!(outcome.proved, [1].into());
    assert!(matches!(outcome.unproved[0].why, Why::Stale(_)), "{:?}", outcome.unproved);
}

/// Carries out one order on a simulated rack on which something is wrong.
async fn one_order(fault: Option<(usize, Fault)>, latency: u64) -> (Outcome, Memory, usize) {
    let rack = lifeboat();
    let mut world = simulate(&rack).with_latency(latency);
    if let Some((call, fault)) = fault {
        world = world.with_fault(call, fault);
    }
    let mut plan = many(1);
    let (node, stage) = (NodeId::new("pi-2"), Stage::Maintenance);
    plan.steps[0].after.push(Fact::Stage { node, stage });
    let (fleet, mut journal) = (fleet(&world, &rack), Memory::default());
    let (patience, stop) = (Patience::default(), Stop::default());
    // The VLANs of the rack are as they left their maker, where machines are heard in any case.
    let outcome = execute(&plan, &fleet, &mut journal, patience, &stop, &Events::default()).await;
    (outcome, journal, world.calls())
}

/// The outlet and the machine are looked at before the order, which is then the third call.
const ORDER: usize = 3;

#[tokio::test(start_paused = true)]
async fn an_order_that_is_declined_is_written_down_and_not_waited_for() {
    let (outcome, journal, calls) = one_order(Some((ORDER, Fault::Refused)), 1).await;
    assert!(matches!(&outcome.unproved[0].why, Why::Declined(why) if why.contains("feed a port")));
    assert!(matches!(journal.entries.last(), Some(Entry::Declined { step: 0, .. })));
    assert_eq!(calls, ORDER, "nothing is looked at after a no");
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_answer_is_lost_is_looked_for() {
    for fault in [Fault::LostAnswer, Fault::Slow] {
        let (outcome, journal, _) = one_order(Some((ORDER, fault)), 1).await;
        assert_eq!(outcome.end, End::Done, "{fault:?}: {outcome:?}");
        assert!(matches!(journal.entries.last(), Some(Entry::Proved { step: 0, already: false })));
    }
    let (outcome, _, _) = one_order(Some((ORDER, Fault::LostOrder)), 1).await;
    assert!(matches!(outcome.unproved[0].why, Why::Late(_)), "{outcome:?}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_device_is_looked_at_until_it_is_done() {
    let (outcome, _, calls) = one_order(None, 30).await;
    assert_eq!(outcome.end, End::Done, "{outcome:?}");
    assert!(calls > 30);
}

/// A journal on a full disk.
struct NoRoom;

impl Journal for NoRoom {
    fn append(&mut self, _: &Entry) -> std::io::Result<()> {
        Err(std::io::ErrorKind::StorageFull.into())
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_that_cannot_be_written_down() {
    let rack = lifeboat();
    let (world, fleet) = room(&rack);
    let plan = bare(&rack);
    let (patience, stop) = (Patience::default(), Stop::default());
    let outcome = execute(&plan, &fleet, &mut NoRoom, patience, &stop, &Events::default()).await;
    assert_eq!(outcome.end, End::Unwritten);
    assert!(outcome.proved.is_empty());
    assert_eq!(rack.rack.clusters.keys().map(|it| world.bootstraps(it)).sum::<usize>(), 0);
    let fresh = room(&rack).1.observe().await.seen;
    let seen = fleet.observe().await.seen;
    assert_eq!((seen.power, seen.nodes), (fresh.power, fresh.nodes), "the rack is as it was");
    assert_eq!(seen.switches["poe"].vlans, fresh.switches["poe"].vlans);
}

#[tokio::test(start_paused = true)]
async fn a_wave_that_is_not_proved_to_its_end_is_the_last_one() {
    let mut plan = many(4);
    plan.steps[0].before = vec![never()];
    plan.steps[0].after = vec![never()];
    plan.waves = vec![Wave::default(), Wave { first: 2, ..Wave::default() }];
    let (outcome, events) = done(&lifeboat(), &plan).await;
    assert_eq!((outcome.end, outcome.proved), (End::Short, [1].into()));
    assert!(!events.iter().any(|it| matches!(it, Event::Began { step: 2.. })), "{events:?}");
}

#[test]
fn why_a_step_is_not_proved_is_told_in_words() {
    let said = [
        (Why::Stale(never()), "it is not so that pi-2 runs 9: plan again"),
        (Why::Declined("the port is broken".into()), "the port is broken"),
        (Why::Late(never()), "it was sent, and in time it was not seen that pi-2 runs 9"),
        (Why::Unwritten("no room".into()), "the journal cannot be written: no room"),
    ];
    for (why, said) in said {
        assert_eq!(why.to_string(), said);
    }
}

/// What is said of an order that an outlet declines like this.
async fn declined(kind: ErrorKind) -> String {
    let rack = lifeboat();
    let (_world, mut fleet) = room(&rack);
    let mut ctl = MockPowerCtl::new();
    ctl.expect_power().returning(|| Ok(Power::Off));
    let no = move |_| Err(Error::new(kind, "feed a port").because("it said no"));
    ctl.expect_set_power().times(1).returning(no);
    let outlet = Outlet { ctl: Arc::new(ctl), on: Device::Other("strip".into()) };
    fleet.nodes.get_mut("pi-2").unwrap().outlet = Some(outlet);
    let (mut journal, stop) = (Memory::default(), Stop::default());
    let (plan, events) = (many(1), Events::default());
    let patience = Patience::default();
    let mut outcome = execute(&plan, &fleet, &mut journal, patience, &stop, &events).await;
    outcome.unproved.remove(0).why.to_string()
}

#[tokio::test(start_paused = true)]
async fn who_is_not_let_in_is_told_to_look_at_the_credentials_and_nobody_else() {
    let why = declined(ErrorKind::Refused).await;
    assert_eq!(why, "failed to feed a port: it said no");
    let why = declined(ErrorKind::Denied).await;
    assert_eq!(why, "failed to feed a port: it said no; look at the credentials");
}
