//! What the file asks of ports: who is fed, how much, and whom first.

use crate::arbitrary::Dice;
use crate::bring::planned;
use proptest::prelude::*;
use rackberry_core::{
    Milliwatts, PoeBudget, PoePriority, PoeState, PortNo, PortSetting, Power, SwitchId,
};
use rackberry_plan::{
    Action, Observed, Plan, Resolved, Source, Step, Unset, plan_switch, verify_switch,
};

/// A switch with three machines and a camera, whose ports are written as given.
fn rack(ports: &str) -> Resolved {
    let text = format!(
        "rack: desk
networks: {{ lan: {{ vlan: 1, subnet: 192.168.2.0/24 }} }}
switches:
  sw: {{ model: GS308EP, network: lan, uplink: 8, ports: {{ {ports} }} }}
nodes:
  pi1: {{ board: pi4-4g, hat: poe-plus, port: sw/1, network: lan, os: raspios, boot: sd }}
  pi2: {{ board: pi4-4g, hat: poe-plus, port: sw/2, network: lan, os: raspios, boot: sd }}
  pi3: {{ board: pi5-8g, hat: poe-plus-pi5, port: sw/3, network: lan, os: raspios, boot: sd }}
"
    );
    Source::read("desk.yaml", text.as_bytes()).unwrap().0.resolve().unwrap()
}

/// As it leaves its maker, but for the ports that feed something of class 4.
fn seen(rack: &Resolved, fed: &[u16]) -> Observed {
    let mut seen = Observed::bare(rack);
    for port in fed {
        poe(&mut seen, *port, |it| {
            *it = PoeState {
                power: Power::On,
                delivers: true,
                class: Some(4),
                draw: Milliwatts(5_000),
                ..it.clone()
            };
        });
    }
    seen
}

fn poe(seen: &mut Observed, port: u16, change: impl Fn(&mut PoeState)) {
    let switch = seen.switches.get_mut("sw").unwrap();
    let port = switch.ports.get_mut(&PortNo(port)).unwrap();
    change(port.poe.as_mut().unwrap());
}

fn alone(rack: &Resolved, seen: &Observed) -> (Plan, Observed) {
    let plan = plan_switch(rack, seen, 0);
    let end = verify_switch(&plan, rack, seen);
    let end = end.unwrap_or_else(|why| panic!("{why:?}: {:?}", plan.steps));
    (plan, end)
}

fn orders(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|it| it.action.to_string()).collect()
}

fn unset(plan: &Plan) -> Vec<String> {
    plan.unset.iter().map(Unset::to_string).collect()
}

#[test]
fn what_goes_makes_room_for_what_comes_and_one_comes_after_the_other() {
    let rack = rack(
        "2: { limit: 12W, priority: critical }, 4: { poe: true, limit: 10W }, 5: { poe: false }",
    );
    let (plan, end) = alone(&rack, &seen(&rack, &[5]));
    assert_eq!(
        orders(&plan),
        [
            "stop feeding port 5 of sw",
            "limit what port 2 of sw delivers to 12W",
            "limit what port 4 of sw delivers to 10W",
            "give port 2 of sw the priority critical for power",
            "feed port 1 of sw",
            "feed port 2 of sw",
            "feed port 3 of sw",
            "feed port 4 of sw",
        ]
    );
    assert_eq!(plan.steps[7].needs, [0, 1, 2, 3, 4, 5, 6]);
    assert!(plan.unset.is_empty());
    let (rest, _) = alone(&rack, &end);
    assert_eq!(orders(&rest), [""; 0]);
}

#[test]
fn in_the_plan_of_the_whole_rack_a_machine_is_fed_once_its_port_is_set() {
    let rack = rack("2: { limit: 12W }, 4: { poe: true, limit: 10W }, 5: { poe: false }");
    let (plan, _) = planned("desk", &rack, &seen(&rack, &[5]));
    let all = orders(&plan);
    let at = |text: &str| all.iter().position(|it| it == text).unwrap();
    let needs = &plan.steps[at("switch pi2 on")].needs;
    for before in ["stop feeding port 5 of sw", "limit what port 2 of sw delivers to 12W"] {
        assert!(needs.contains(&at(before)), "{all:?}");
    }
    assert!(!all.contains(&"feed port 2 of sw".into()), "it is fed when it is switched on");
    assert!(all.contains(&"feed port 4 of sw".into()));
}

#[test]
fn what_cannot_be_is_named_and_the_rest_is_done() {
    let rack =
        rack("8: { poe: false, limit: 5W }, 4: { poe: false, protected: true }, 5: { poe: false }");
    let (plan, _) = alone(&rack, &seen(&rack, &[1, 2, 3, 4, 5, 8]));
    assert_eq!(
        orders(&plan),
        ["stop feeding port 5 of sw", "limit what port 8 of sw delivers to 5W"]
    );
    assert_eq!(
        unset(&plan),
        [
            "stop feeding port 4 of sw: the file protects it, and it is fed",
            "stop feeding port 8 of sw: it is the uplink, and it is fed",
        ]
    );
}

#[test]
fn a_port_without_power_has_no_limit() {
    let text = "rack: desk\nswitches: { sw: { model: GS305EP, ports: { 5: { limit: 5W, poe: false } } } }\n";
    let rack = Source::read("desk.yaml", text.as_bytes()).unwrap().0.resolve().unwrap();
    let (plan, _) = alone(&rack, &Observed::bare(&rack));
    assert_eq!(unset(&plan), ["limit what port 5 of sw delivers to 5W: it has no PoE"]);
    assert!(plan.steps.is_empty());
}

#[test]
fn what_does_not_fit_beside_the_others_is_not_fed() {
    let rack = rack("4: { poe: true, limit: 15W }, 5: { poe: true }, 6: { poe: true, limit: 4W }");
    let (plan, _) = alone(&rack, &seen(&rack, &[1, 2, 3]));
    assert_eq!(
        orders(&plan),
        [
            "limit what port 4 of sw delivers to 15W",
            "limit what port 6 of sw delivers to 4W",
            "feed port 4 of sw",
            "feed port 6 of sw",
        ]
    );
    let why = "feed port 5 of sw: it may draw 30W, and of the budget of 62W only ";
    assert!(unset(&plan).len() == 1 && unset(&plan)[0].starts_with(why), "{:?}", unset(&plan));
}

#[test]
fn limits_are_lowered_before_others_are_raised_and_raised_only_within_the_budget() {
    let rack = rack("5: { limit: 25W }, 6: { limit: 15W }, 7: { limit: 30W }");
    let mut seen = seen(&rack, &[5, 6, 7]);
    for (port, most) in [(5, 10_000), (6, 30_000), (7, 10_000)] {
        poe(&mut seen, port, |it| it.limit = Some(Milliwatts(most)));
    }
    let (plan, _) = alone(&rack, &seen);
    assert_eq!(
        orders(&plan)[..2],
        ["limit what port 6 of sw delivers to 15W", "limit what port 5 of sw delivers to 25W"]
    );
    assert_eq!(plan.steps[1].needs, [0]);
    assert!(
        unset(&plan)[0].starts_with("limit what port 7 of sw delivers to 30W: it may draw 30W")
    );
    let why = refused(&rack, &seen, set(7, PortSetting::Limit(Some(Milliwatts(30_000)))));
    assert!(why.contains("port 7 of sw: it may draw 30W"), "{why}");
}

fn set(port: u16, to: PortSetting) -> Action {
    Action::SetPort { switch: SwitchId::new("sw"), port: PortNo(port), to }
}

/// Why a plan of one order is refused.
fn refused(rack: &Resolved, seen: &Observed, action: Action) -> String {
    let Action::SetPort { switch, port, to } = action.clone() else { panic!("{action:?}") };
    let after = vec![rackberry_plan::Fact::Port { switch, port, is: to }];
    let step =
        Step { before: vec![], action, after, needs: vec![], takes: rackberry_core::Seconds(5) };
    let (format, rack_name) = (1, "desk".to_owned());
    let waves = vec![rackberry_plan::Wave::default()];
    let plan = Plan { format, rack: rack_name, steps: vec![step], waves, ..Plan::default() };
    let why = verify_switch(&plan, rack, seen).err().unwrap_or_default();
    why.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[test]
fn the_checker_lets_no_port_be_set_otherwise_than_the_file_says() {
    let rack = rack("2: { limit: 12W }, 4: { poe: false, protected: true }, 5: { poe: true }");
    let seen = seen(&rack, &[1, 4]);
    let why = |port, to| refused(&rack, &seen, set(port, to));
    for (port, to) in [
        (1, PortSetting::Feed(Power::Off)),
        (6, PortSetting::Feed(Power::On)),
        (2, PortSetting::Limit(Some(Milliwatts(13_000)))),
        (2, PortSetting::Limit(None)),
        (3, PortSetting::Priority(PoePriority::High)),
        (1, PortSetting::Enabled(false)),
    ] {
        assert!(
            why(port, to).contains("the file says otherwise"),
            "{port} {to:?}: {}",
            why(port, to)
        );
    }
    let dark = why(4, PortSetting::Feed(Power::Off));
    assert!(dark.contains("port 4 of sw is never to be without power"), "{dark}");
    assert_eq!(why(2, PortSetting::Limit(Some(Milliwatts(12_000)))), "");
    assert_eq!(why(1, PortSetting::Feed(Power::On)), "");
}

#[test]
fn the_checker_lets_no_port_be_fed_for_which_too_little_is_left() {
    let rack = rack("4: { poe: true }, 5: { poe: true }, 6: { poe: true }");
    let why = refused(&rack, &seen(&rack, &[5, 6]), set(4, PortSetting::Feed(Power::On)));
    assert!(
        why.contains("port 4 of sw: it may draw 30W, and of the budget of 62W only 2W are left"),
        "{why}"
    );
}

/// What is written of the ports, at random.
fn ports(dice: &mut Dice) -> String {
    let mut all = Vec::new();
    for port in 1..=8 {
        let mut keys = Vec::new();
        keys.extend(dice.maybe(|it| format!("poe: {}", it.bool())));
        keys.extend(dice.maybe(|it| format!("limit: {}W", 4 + it.next() % 26)));
        keys.extend(
            dice.maybe(|it| if it.bool() { "priority: high" } else { "priority: low" }.into()),
        );
        keys.extend(dice.maybe(|_| "protected: true".to_owned()));
        all.push(format!("{port}: {{ {} }}", keys.join(", ")));
    }
    all.join(", ")
}

proptest! {
    #[test]
    fn whatever_is_asked_the_plan_is_sound_keeps_to_the_budget_and_is_not_needed_twice(
        seed: u64,
        fed in proptest::collection::btree_set(1..=8u16, 0..3),
    ) {
        let rack = rack(&ports(&mut Dice { state: seed, size: 1 }));
        let begin = seen(&rack, &fed.into_iter().collect::<Vec<_>>());
        let (plan, end) = alone(&rack, &begin);
        let (before, after) = (&begin.switches["sw"], &end.switches["sw"]);
        let is_on = |it: &rackberry_core::PortState| {
            it.poe.as_ref().is_some_and(|it| it.power == Power::On)
        };
        let fits = |it: &rackberry_core::SwitchState| {
            let mut on = it.ports.iter().filter(|it| is_on(it.1)).map(|it| *it.0);
            on.all(|port| PoeBudget::admits(it, &rack.peaks(0), port).is_ok())
        };
        prop_assert!(fits(after) || !fits(before), "{:?}", orders(&plan));
        for (port, it) in &before.ports {
            let kept = rack.protected_ports(0).contains_key(port);
            prop_assert!(!(kept && is_on(it)) || is_on(&after.ports[port]));
        }
        let (rest, _) = alone(&rack, &end);
        prop_assert_eq!(orders(&rest), Vec::<String>::new());
        let what = |it: &Plan| it.unset.iter().map(|it| it.what.clone()).collect::<Vec<_>>();
        prop_assert_eq!(what(&rest), what(&plan));
    }
}
