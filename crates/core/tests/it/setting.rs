//! What is set of a port: predicted, seen and sent.

use rackberry_core::{Milliwatts, PoePriority, PoeState, PortSetting, PortState, Power};
use std::collections::BTreeSet;
use std::mem::discriminant;

/// Every kind of setting, both ways.
fn all() -> Vec<PortSetting> {
    use PortSetting::*;
    vec![
        Enabled(true),
        Enabled(false),
        Feed(Power::On),
        Feed(Power::Off),
        Limit(Some(Milliwatts(15_000))),
        Limit(None),
        Priority(PoePriority::Critical),
        Priority(PoePriority::Low),
    ]
}

fn fed() -> PortState {
    let poe = PoeState {
        power: Power::On,
        delivers: true,
        class: Some(4),
        draw: Milliwatts(4_000),
        priority: PoePriority::High,
        limit: Some(Milliwatts(30_000)),
        gauge: Default::default(),
    };
    PortState { enabled: true, poe: Some(poe), ..PortState::default() }
}

#[test]
fn what_is_predicted_holds_and_nothing_else_has_changed() {
    for setting in all() {
        let mut port = fed();
        setting.predict(&mut port);
        let held: BTreeSet<_> = all().into_iter().filter(|it| it.holds(&port)).collect();
        // Its limit and its priority are none of the listed ones before.
        let mut expected = vec![PortSetting::Enabled(true), PortSetting::Feed(Power::On)];
        expected.retain(|it| discriminant(it) != discriminant(&setting));
        expected.push(setting);
        assert_eq!(held, expected.into_iter().collect(), "after {setting:?}");
    }
}

#[test]
fn what_is_fed_is_predicted_to_deliver_and_what_is_not_is_not() {
    let mut port = fed();
    for power in [Power::Off, Power::On, Power::Off] {
        PortSetting::Feed(power).predict(&mut port);
        assert_eq!(port.poe.as_ref().unwrap().delivers, power == Power::On);
    }
}

#[test]
fn a_port_that_has_no_poe_is_never_fed_and_gets_none_by_being_told() {
    let bare = PortState { enabled: true, ..PortState::default() };
    let held: Vec<_> = all().into_iter().filter(|it| it.holds(&bare)).collect();
    assert_eq!(held, [PortSetting::Enabled(true), PortSetting::Feed(Power::Off)]);
    for setting in all().into_iter().skip(2) {
        let mut port = bare.clone();
        setting.predict(&mut port);
        assert_eq!(port, bare, "{setting:?}");
    }
}
