//! What the limits of a plan let begin.

use rackberry_core::{ClusterId, Milliwatts, SwitchId};
use rackberry_plan::{Headroom, Limit, Plan};

fn voters(steps: &[usize]) -> Plan {
    let (cluster, steps) = (ClusterId::new("home"), steps.iter().copied().collect());
    Plan { limits: vec![Limit::Voters { cluster, steps }], ..Plan::default() }
}

/// A switch that can feed `watts` of what boots, and what each step draws of it.
fn inrush(watts: u64, steps: &[(usize, u64)]) -> Plan {
    let draw = |it: &(usize, u64)| (it.0, Milliwatts(it.1 * 1000));
    let (at_most, steps) = (Milliwatts(watts * 1000), steps.iter().map(draw).collect());
    let limit = Limit::Inrush { switch: SwitchId::new("poe"), at_most, steps };
    Plan { limits: vec![limit], ..Plan::default() }
}

#[test]
fn the_next_voter_begins_when_the_one_before_it_is_proved() {
    let plan = voters(&[0, 2]);
    let mut headroom = Headroom::new(&plan);
    assert!(headroom.admits(0) && headroom.admits(2));
    headroom.begin(0);
    assert!(!headroom.admits(2), "one at a time");
    assert!(headroom.admits(1), "it touches no voter");
    headroom.end(0);
    assert!(headroom.admits(2));
}

#[test]
fn no_more_boots_at_one_time_than_the_switch_can_feed() {
    let plan = inrush(10, &[(0, 6), (1, 4), (2, 5)]);
    let mut headroom = Headroom::new(&plan);
    headroom.begin(0);
    assert!(headroom.admits(1), "both take all there is");
    assert!(!headroom.admits(2));
    headroom.begin(1);
    assert!(headroom.admits(3), "it boots nothing");
    headroom.end(0);
    assert!(headroom.admits(2), "6 W are free again");
    headroom.begin(2);
    assert!(!headroom.admits(1), "1 W is left");
}

#[test]
fn what_takes_more_than_there_is_gives_back_no_more_than_there_is() {
    let plan = inrush(5, &[(0, 9), (1, 5), (2, 1)]);
    let mut headroom = Headroom::new(&plan);
    assert!(!headroom.admits(0));
    headroom.begin(0);
    assert!(!headroom.admits(2));
    headroom.end(0);
    headroom.begin(1);
    assert!(!headroom.admits(2));
}

#[test]
fn every_limit_has_to_admit_a_step() {
    let mut plan = voters(&[0, 1]);
    plan.limits.extend(inrush(5, &[(1, 1), (2, 5)]).limits);
    let mut headroom = Headroom::new(&plan);
    headroom.begin(2);
    assert!(!headroom.admits(1), "the switch is full");
    headroom.end(2);
    headroom.begin(0);
    assert!(!headroom.admits(1), "a voter is away");
}

#[test]
fn a_limit_says_what_it_limits() {
    let text = |plan: Plan| plan.limits[0].to_string();
    assert_eq!(text(voters(&[0])), "one voter of cluster home at a time");
    assert_eq!(text(inrush(10, &[])), "10W for what boots at one time on switch poe");
}
