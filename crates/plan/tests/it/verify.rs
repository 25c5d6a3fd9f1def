//! Plans made by hand are let through; the same plans, broken in one way each, are refused for that and nothing else.

pub(crate) mod desk;
mod edited;
mod form;
mod replay;
mod report;
mod room;
mod rules;

use desk::{big_stops, db_moves, db_moves_twice, desk, fresh_starts, web_moves};
use rackberry_plan::rack::Rack;
use rackberry_plan::{Fact, Plan, verify};

/// Everything that is wrong with `plan` on `rack`, as it is printed.
fn faults(rack: &Rack, plan: &Plan) -> Vec<String> {
    let rack = rack.resolve().unwrap();
    let found = verify(plan, &rack).err().unwrap_or_default();
    found.iter().map(ToString::to_string).collect()
}

/// Refuses `plan`, once it is changed, for `expected` and nothing else. Without the change it is let through.
#[track_caller]
fn check(mut plan: Plan, change: impl FnOnce(&mut Plan), expected: &[&str]) {
    assert_eq!(faults(&desk(), &plan), [""; 0], "the plan before it is changed");
    change(&mut plan);
    assert_eq!(faults(&desk(), &plan), expected);
}

/// Refuses `plan` on the desk, once the desk is changed, for `expected` and nothing else.
#[track_caller]
fn check_rack(plan: Plan, change: impl FnOnce(&mut Rack), expected: &[&str]) {
    let mut rack = desk();
    assert_eq!(faults(&rack, &plan), [""; 0], "the plan before the rack is changed");
    change(&mut rack);
    assert_eq!(faults(&rack, &plan), expected);
}

#[test]
fn good_plans_are_let_through() {
    let idle = desk::plan(Vec::new(), Vec::new());
    for plan in [idle, web_moves(), db_moves(), fresh_starts(), big_stops(), db_moves_twice()] {
        assert_eq!(faults(&desk(), &plan), [""; 0], "{plan:#?}");
    }
}

#[test]
fn what_will_be_seen_in_the_end_is_answered() {
    let rack = desk().resolve().unwrap();
    let end = verify(&db_moves_twice(), &rack).unwrap();
    let (replica, node) = ("db/0".parse().unwrap(), "pi-2".parse().unwrap());
    assert!(Fact::Running { replica, node }.holds(&end));
    let end = verify(&fresh_starts(), &rack).unwrap();
    let (volume, node) = ("fresh/0:fresh".parse().unwrap(), "pi-2".parse().unwrap());
    assert!(Fact::Bound { volume, node }.holds(&end), "made where it is first started");
}
