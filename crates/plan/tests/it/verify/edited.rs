//! Good plans that were edited by hand, each in one place.

use crate::bring::{planned, written};
use crate::upgrade::{NEW, OLD, at};
use rackberry_core::{Milliwatts, NodeId, Version};
use rackberry_plan::verify::{DeviceFault, Fault, FormFault, LimitFault, ReplayFault};
use rackberry_plan::{Action, Fact, Limit, Observed, Plan, Rack, Resolved, Step, verify_from};
use std::collections::BTreeSet;

/// A plan for a rack, and what it was made from.
struct Good {
    rack: Resolved,
    seen: Observed,
    plan: Plan,
}

fn lifeboat() -> Rack {
    written().into_iter().find(|it| it.0 == "lifeboat").unwrap().1
}

/// The way up from bare boards.
fn up() -> Good {
    let rack = lifeboat().resolve().unwrap();
    let seen = Observed::bare(&rack);
    let plan = planned("lifeboat", &rack, &seen).0;
    Good { rack, seen, plan }
}

/// New versions for a rack that runs.
fn upgrade() -> Good {
    let old = at(lifeboat(), OLD);
    let (_, seen) = planned("lifeboat", &old, &Observed::bare(&old));
    let rack = at(lifeboat(), NEW);
    let plan = planned("lifeboat", &rack, &seen).0;
    Good { rack, seen, plan }
}

impl Good {
    /// Every fault of the plan once it is edited.
    fn edited(&self, edit: impl FnOnce(&mut Plan)) -> Vec<Fault> {
        let mut plan = self.plan.clone();
        edit(&mut plan);
        let found = verify_from(&plan, &self.rack, &self.seen).unwrap_err();
        found.into_iter().map(|it| it.fault).collect()
    }
}

fn position(plan: &Plan, order: &str) -> usize {
    plan.steps.iter().position(|it| it.action.to_string() == order).unwrap()
}

/// Takes a step out, and what needs it waits for what it has waited for.
fn drop_step(plan: &mut Plan, order: &str) {
    let at = position(plan, order);
    let gone = plan.steps.remove(at);
    for step in &mut plan.steps {
        if step.needs.contains(&at) {
            step.needs.extend(gone.needs.clone());
        }
        step.needs.retain(|it| *it != at);
        step.needs.iter_mut().filter(|it| **it > at).for_each(|it| *it -= 1);
    }
    plan.waves.iter_mut().filter(|it| it.first > at).for_each(|it| it.first -= 1);
    plan.limits.clear();
}

macro_rules! assert_found {
    ($found:expr, $fault:pat) => {
        let found = $found;
        assert!(found.iter().any(|it| matches!(it, $fault)), "{found:?}");
    };
}

#[test]
fn a_machine_is_not_rebooted_while_something_runs_on_it() {
    let found = upgrade().edited(|plan| {
        drop_step(plan, "stop nats/0 on pi-2");
        drop_step(plan, "start nats/0 on pi-2");
    });
    assert_found!(found, Fault::Device(DeviceFault::Busy { .. }));
}

#[test]
fn a_host_is_not_rebooted_while_a_guest_is_on() {
    let found = upgrade().edited(|plan| drop_step(plan, "switch talos-1 off"));
    assert_found!(found, Fault::Device(DeviceFault::Busy { .. }));
}

#[test]
fn nothing_is_started_on_a_machine_that_is_closed() {
    let found = upgrade().edited(|plan| drop_step(plan, "open pi-2 to pods"));
    assert_found!(found, Fault::Replay(ReplayFault::Closed { .. }));
}

#[test]
fn no_member_is_ahead_of_a_voter() {
    let good = upgrade();
    let last = |it: &&Step| matches!(&it.action, Action::Reboot { node, .. } if node.as_str() == "talos-3");
    assert!(good.plan.steps.iter().any(|it| last(&it)));
    let found = good.edited(|plan| {
        drop_step(plan, "reboot talos-3");
        drop_step(plan, "configure talos-3");
    });
    assert_found!(found, Fault::Device(DeviceFault::BeforeVoter { .. }));
}

#[test]
fn no_version_is_left_out() {
    for to in ["v1.14.0", "v1.11.9", "v2.0.0"] {
        let found = upgrade().edited(|plan| {
            let at = position(plan, "install v1.13.1 on talos-1");
            let (node, version) = (NodeId::new("talos-1"), Version::new(to));
            let step = &mut plan.steps[at];
            step.action = Action::Upgrade { node: node.clone(), version: version.clone() };
            step.after = vec![Fact::WillRun { node, version }];
        });
        assert_found!(found, Fault::Device(DeviceFault::Leap { .. }));
    }
}

#[test]
fn voters_go_one_at_a_time_whatever_the_plan_says() {
    let without = |plan: &mut Plan| plan.limits.retain(|it| !matches!(it, Limit::Voters { .. }));
    assert_found!(upgrade().edited(without), Fault::Limit(LimitFault::Voters { .. }));
    let one_less = |plan: &mut Plan| {
        let steps = plan.limits.iter_mut().filter_map(|it| match it {
            Limit::Voters { steps, .. } => Some(steps),
            Limit::Inrush { .. } => None,
        });
        assert_eq!(steps.filter_map(BTreeSet::pop_first).count(), 2);
    };
    assert_found!(up().edited(one_less), Fault::Limit(LimitFault::Voters { .. }));
}

/// A rack whose switch cannot feed all of its machines while they boot.
fn tight() -> Good {
    let mut rack = lifeboat();
    for node in rack.nodes.values_mut().filter(|it| it.hat.is_some()) {
        node.draw.boot = Some(Milliwatts(30_000));
    }
    let rack = rack.resolve().unwrap();
    let seen = Observed::bare(&rack);
    let plan = planned("tight", &rack, &seen).0;
    Good { rack, seen, plan }
}

#[test]
fn no_more_boots_at_one_time_than_the_switch_can_feed() {
    let inrush = |it: &&mut Limit| matches!(it, Limit::Inrush { .. });
    let without = |plan: &mut Plan| plan.limits.retain_mut(|it| !inrush(&it));
    assert_found!(tight().edited(without), Fault::Limit(LimitFault::Inrush { .. }));
    let edit = |change: fn(&mut Milliwatts, &mut Milliwatts)| {
        tight().edited(|plan| {
            let Some(Limit::Inrush { at_most, steps, .. }) = plan.limits.iter_mut().find(inrush)
            else {
                panic!("no limit")
            };
            change(at_most, steps.values_mut().next().unwrap());
        })
    };
    let wider = edit(|at_most, _| at_most.0 += 1);
    assert_found!(wider, Fault::Limit(LimitFault::Inrush { .. }));
    let lighter = edit(|_, draws| draws.0 -= 1);
    assert_found!(lighter, Fault::Limit(LimitFault::Inrush { .. }));
    let never = edit(|at_most, draws| at_most.0 = draws.0 - 1);
    assert_found!(never, Fault::Limit(LimitFault::Never { .. }));
}

#[test]
fn a_plan_is_for_the_file_that_it_was_made_from() {
    let mut good = up();
    let mut rack = lifeboat();
    rack.nodes.get_mut("pi-2").unwrap().draw.typical = Some(Milliwatts(6_999));
    good.rack = rack.resolve().unwrap();
    let found = good.edited(|_| ());
    assert_eq!(found, [Fault::Form(FormFault::Changed)]);
    assert!(found.iter().all(|it| it.to_string().contains("plan again")));
}

#[test]
fn a_cluster_that_runs_does_not_begin_again() {
    let good = up();
    let begun = planned("lifeboat", &good.rack, &good.seen).1;
    let found = Good { seen: begun, ..good }.edited(|_| ());
    assert!(!found.is_empty());
}

#[test]
fn an_order_waits_for_what_it_must_not_come_before() {
    let begin = "begin cluster home on talos-1";
    let hasty = up().edited(|plan| {
        let at = position(plan, begin);
        plan.steps[at].needs.clear();
    });
    assert_found!(hasty, Fault::Replay(ReplayFault::TooEarly(Fact::Configured { .. })));
    let blind = up().edited(|plan| {
        let at = position(plan, begin);
        plan.steps[at].before.clear();
    });
    assert_found!(blind, Fault::Form(FormFault::Unguarded(_)));
    for order in ["configure pi-2", "reboot pi-2", "install v1.13.1 on pi-2"] {
        let good = if order.starts_with("configure") { up() } else { upgrade() };
        let blind = good.edited(|plan| {
            let at = position(plan, order);
            plan.steps[at].before.clear();
        });
        assert_found!(blind, Fault::Form(FormFault::Unguarded(_)));
    }
    for order in ["declare nats in cluster home", "switch talos-1 on"] {
        let blind = up().edited(|plan| {
            let at = position(plan, order);
            plan.steps[at].before.clear();
            plan.steps[at].needs.clear();
        });
        assert_found!(blind, Fault::Form(FormFault::Unguarded(_)));
        let hasty = up().edited(|plan| {
            let at = position(plan, order);
            plan.steps[at].needs.clear();
        });
        assert_found!(hasty, Fault::Replay(ReplayFault::TooEarly(_)));
    }
    let vlans = up().edited(|plan| {
        let first = |it: &&mut Step| matches!(it.action, Action::SetVlans { .. });
        plan.steps.iter_mut().find(first).unwrap().before.clear();
    });
    assert_found!(vlans, Fault::Form(FormFault::Unguarded(_)));
}

#[test]
fn what_is_made_is_what_the_file_says() {
    fn first(plan: &mut Plan, is: fn(&Action) -> bool) -> &mut Step {
        plan.steps.iter_mut().find(|it| is(&it.action)).unwrap()
    }
    let guest = up().edited(|plan| {
        let step = first(plan, |it| matches!(it, Action::CreateGuest { .. }));
        let Action::CreateGuest { spec, .. } = &mut step.action else { return };
        spec.cores += 1;
    });
    assert_found!(guest, Fault::Device(DeviceFault::Unlike { .. }));
    let config = up().edited(|plan| {
        let step = first(plan, |it| matches!(it, Action::Configure { .. }));
        let Action::Configure { node, config } = &mut step.action else { return };
        *config = rackberry_core::Digest("another".into());
        step.after.push(Fact::Configured { node: node.clone(), config: config.clone() });
    });
    assert_found!(config, Fault::Device(DeviceFault::Unlike { .. }));
    let stray = up().edited(|plan| {
        let step = first(plan, |it| matches!(it, Action::SetVlans { .. }));
        let Action::SetVlans { switch, table } = &mut step.action else { return };
        let infra = rackberry_core::VlanId::try_from(2).unwrap();
        let members = table.vlans.entry(infra).or_default();
        members.insert(rackberry_core::PortNo(4), rackberry_core::Tagging::Untagged);
        step.after = vec![Fact::Vlans { switch: switch.clone(), table: table.clone() }];
    });
    assert_found!(stray, Fault::Device(DeviceFault::Unlike { .. }));
    let unmade = up().edited(|plan| drop_step(plan, "make the guest talos-1 on pve-1"));
    assert!(!unmade.is_empty());
}

#[test]
fn nobody_is_left_switched_off() {
    let found = upgrade().edited(|plan| {
        for gone in ["start nats/0 on pi-2", "open talos-1 to pods", "switch talos-1 on"] {
            drop_step(plan, gone);
        }
    });
    assert!(!found.is_empty());
    let off = up().edited(|plan| {
        let node = NodeId::new("lifeboat");
        let after = vec![Fact::Power { node: node.clone(), power: rackberry_core::Power::Off }];
        let action = Action::SetPower { node, power: rackberry_core::Power::Off };
        let (needs, takes) = ((0..plan.steps.len()).collect(), Default::default());
        plan.steps.push(Step { before: Vec::new(), action, after, needs, takes });
    });
    assert_found!(off, Fault::Device(DeviceFault::LeftOff { .. }));
}
