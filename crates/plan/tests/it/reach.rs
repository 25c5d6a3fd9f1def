//! VLANs that change on several switches at once: nobody is cut off on the way, whatever runs side by side.

mod air;

use crate::arbitrary::Dice;
use air::{Air, Tables, Who, vlans};
use rackberry_core::{PortNo, VlanTable};
use rackberry_plan::verify::{DeviceFault, Fault};
use rackberry_plan::{
    Action, Observed, Plan, Resolved, Source, Step, Wave, plan_from, verify_from,
};
use std::collections::BTreeSet;

const NETWORKS: [&str; 4] = ["a", "b", "c", "d"];

/// The first port of every switch leads up, the next four down, and machines are in the others.
const MACHINES: std::ops::RangeInclusive<u16> = 6..=8;

/// What each switch hangs on, and by which of its ports; the first one on the station.
type Tree = Vec<(usize, u16)>;

fn tree(dice: &mut Dice) -> Tree {
    let mut down = vec![2];
    let mut tree = vec![(0, 0)];
    for at in 1..2 + dice.below(3) as usize {
        let above = dice.below(at as u64) as usize;
        tree.push((above, down[above]));
        down[above] += 1;
        down.push(2);
    }
    tree
}

/// What a port carries: one network without a tag, and others with.
fn carried(dice: &mut Dice) -> String {
    let own = dice.pick(&NETWORKS);
    let tagged = NETWORKS.into_iter().filter(|it| *it != own && dice.bool());
    format!("network: {own}, tagged: [{}]", tagged.collect::<Vec<_>>().join(", "))
}

/// A rack file of switches in a tree: its trunks carry the same at both ends, as a rule.
fn written(tree: &Tree, dice: &mut Dice) -> Resolved {
    let mut numbers: Vec<u16> = (1..=6).collect();
    let mut text = String::from("rack: tree\nnetworks:\n");
    for name in NETWORKS {
        let vlan = numbers.remove(dice.below(numbers.len() as u64) as usize);
        text += &format!("  {name}: {{ vlan: {vlan} }}\n");
    }
    let trunks: Vec<String> = tree.iter().map(|_| carried(dice)).collect();
    text += "catalogue:\n  switches:\n    big: { ports: [{ count: 8, speed: 1Gbps }], managed: true }\n";
    text += "switches:\n";
    for (at, trunk) in trunks.iter().enumerate() {
        text += &format!("  s{at}:\n    model: big\n    uplink: 1\n    ports:\n");
        let up = match at {
            0 => String::new(),
            _ => format!("to: s{}/{}, ", tree[at].0, tree[at].1),
        };
        text += &format!("      1: {{ {up}{trunk} }}\n");
        let below = tree.iter().enumerate().skip(1).filter(|it| it.1.0 == at);
        for (below, (_, port)) in below {
            let trunk = if dice.below(40) == 0 { carried(dice) } else { trunks[below].clone() };
            text += &format!("      {port}: {{ to: s{below}/1, {trunk} }}\n");
        }
        for port in MACHINES {
            text += &format!("      {port}: {{ {} }}\n", carried(dice));
        }
    }
    Source::read("tree", text.as_bytes()).unwrap().0.resolve().unwrap()
}

fn air(tree: &Tree) -> Air {
    let mut air = Air { station: Some((0, PortNo(1))), ..Air::default() };
    for (at, (above, port)) in tree.iter().enumerate().skip(1) {
        air.cables.insert((at, PortNo(1)), (*above, PortNo(*port)));
        air.cables.insert((*above, PortNo(*port)), (at, PortNo(1)));
    }
    air
}

fn everybody(switches: usize) -> Vec<Who> {
    let of = |at: usize| {
        let machines = MACHINES.flat_map(move |port| {
            let tags = vlans().map(Some).chain([None]);
            tags.map(move |tag| Who::At((at, PortNo(port)), tag))
        });
        machines.chain(vlans().map(move |it| Who::Desk(at, it)))
    };
    (0..switches).flat_map(of).collect()
}

fn tables(rack: &Resolved) -> Tables {
    (0..rack.switches.len()).map(|it| rack.vlan_table(it).unwrap()).collect()
}

/// A rack that runs as one file says, and another file.
fn case(seed: u64) -> (Tree, Resolved, Observed, Tables) {
    let mut dice = Dice { state: seed, size: 3 };
    let tree = tree(&mut dice);
    let (old, new) = (written(&tree, &mut dice), written(&tree, &mut dice));
    let now = tables(&old);
    let mut seen = Observed::bare(&old);
    for (switch, table) in seen.switches.values_mut().zip(&now) {
        switch.vlans = Some(table.clone());
    }
    (tree, new, seen, now)
}

/// The steps in some order that their needs allow.
fn shuffled(plan: &Plan, dice: &mut Dice) -> Vec<usize> {
    let (mut order, mut done) = (Vec::new(), BTreeSet::new());
    while order.len() < plan.steps.len() {
        let can = |it: &usize| {
            !done.contains(it) && plan.steps[*it].needs.iter().all(|it| done.contains(it))
        };
        let ready: Vec<usize> = (0..plan.steps.len()).filter(can).collect();
        let next = dice.pick(&ready);
        done.insert(next);
        order.push(next);
    }
    order
}

/// Who is cut off at some moment, although the station reaches them before and after.
fn cut(air: &Air, plan: &Plan, order: &[usize], now: &Tables) -> Option<(usize, Who)> {
    let set = |tables: &mut Tables, step: usize| {
        let Action::SetVlans { switch, table } = &plan.steps[step].action else { return false };
        tables[switch.as_str()[1..].parse::<usize>().unwrap()] = table.clone();
        true
    };
    let all = everybody(now.len());
    let mut end = now.clone();
    for step in 0..plan.steps.len() {
        set(&mut end, step);
    }
    let kept: Vec<Who> = air.reached(now, &all).into_iter().collect();
    let kept: Vec<Who> = air.reached(&end, &kept).into_iter().collect();
    let mut tables = now.clone();
    order.iter().find_map(|step| {
        let reached = set(&mut tables, *step).then(|| air.reached(&tables, &kept))?;
        kept.iter().find(|it| !reached.contains(it)).map(|it| (*step, *it))
    })
}

fn changes(plan: &Plan) -> usize {
    plan.steps.iter().filter(|it| matches!(it.action, Action::SetVlans { .. })).count()
}

#[test]
fn whoever_is_reached_before_and_after_is_reached_at_every_moment() {
    let (mut planned, mut refused) = (0, 0);
    for seed in 0..60 {
        let (tree, rack, seen, now) = case(seed);
        let plan = plan_from(&rack, &seen).unwrap().1;
        let why = verify_from(&plan, &rack, &seen).err();
        assert!(why.is_none(), "{seed}: {:?}", why.unwrap().first().map(ToString::to_string));
        match changes(&plan) {
            0 => refused += 1,
            _ => planned += 1,
        }
        let (air, mut dice) = (air(&tree), Dice { state: seed, size: 3 });
        for _ in 0..2 {
            let order = shuffled(&plan, &mut dice);
            assert_eq!(cut(&air, &plan, &order, &now), None, "{seed}: {order:?}");
        }
    }
    assert!(planned > 45, "{planned} planned, {refused} not");
}

#[test]
fn a_plan_that_the_checker_accepts_cuts_nobody_off_whatever_waits_for_less() {
    let (mut accepted, mut refused) = (0, 0);
    for seed in 0..30 {
        let (tree, rack, seen, now) = case(seed);
        let whole = plan_from(&rack, &seen).unwrap().1;
        let (air, mut dice) = (air(&tree), Dice { state: seed, size: 3 });
        for _ in 0..4 {
            let mut plan = whole.clone();
            if plan.steps.is_empty() {
                continue;
            }
            let at = dice.below(plan.steps.len() as u64) as usize;
            plan.steps[at].needs.retain(|_| dice.bool());
            if verify_from(&plan, &rack, &seen).is_err() {
                refused += 1;
                continue;
            }
            accepted += 1;
            for _ in 0..2 {
                let order = shuffled(&plan, &mut dice);
                assert_eq!(cut(&air, &plan, &order, &now), None, "{seed}: {order:?}");
            }
        }
    }
    assert!(accepted > 20 && refused > 20, "{accepted} accepted, {refused} refused");
}

/// Two switches whose trunk carries one network without a tag and one with, and the other way round.
fn turned() -> (Resolved, Observed, Resolved) {
    let file = |own: &str, tagged: &str| {
        let trunk = format!("network: {own}, tagged: {tagged}");
        let text = format!(
            "rack: two\nnetworks: {{ a: {{ vlan: 2 }}, b: {{ vlan: 3 }} }}\n\
             catalogue: {{ switches: {{ big: {{ ports: [{{ count: 8, speed: 1Gbps }}], managed: true }} }} }}\n\
             switches:\n  s0: {{ model: big, uplink: 1, ports: {{ 1: {{ network: a, tagged: b }}, 2: {{ to: s1/1, {trunk} }} }} }}\n  \
             s1: {{ model: big, uplink: 1, ports: {{ 1: {{ to: s0/2, {trunk} }}, 6: {{ network: a }} }} }}\n"
        );
        Source::read("two", text.as_bytes()).unwrap().0.resolve().unwrap()
    };
    let (old, new) = (file("a", "b"), file("b", "a"));
    let mut seen = Observed::bare(&old);
    for (at, switch) in seen.switches.values_mut().enumerate() {
        switch.vlans = old.vlan_table(at);
    }
    (old, seen, new)
}

/// A plan of nothing but these tables, one after the other.
fn by_hand(rack: &Resolved, seen: &Observed, ways: &[(usize, VlanTable)]) -> Plan {
    let (mut now, mut steps) = (seen.clone(), Vec::<Step>::new());
    for (at, table) in ways {
        let switch = rack.switches[*at].id.clone();
        let fact = |table: &VlanTable| rackberry_plan::Fact::Vlans {
            switch: switch.clone(),
            table: table.clone(),
        };
        let before = vec![fact(now.switches[&switch].vlans.as_ref().unwrap())];
        let (action, after) =
            (Action::SetVlans { switch: switch.clone(), table: table.clone() }, vec![fact(table)]);
        now.switches.get_mut(&switch).unwrap().vlans = Some(table.clone());
        let needs = steps.len().checked_sub(1).into_iter().collect();
        steps.push(Step { before, action, after, needs, takes: rackberry_core::Seconds(0) });
    }
    let waves = vec![Wave::default()];
    Plan { format: 1, rack: rack.rack.rack.clone(), steps, waves, ..Plan::default() }
}

#[test]
fn a_trunk_that_is_turned_round_is_never_cut() {
    let (_, seen, rack) = turned();
    let plan = plan_from(&rack, &seen).unwrap().1;
    assert_eq!(changes(&plan), 6, "{:#?}", plan.steps);
    assert!(verify_from(&plan, &rack, &seen).is_ok());
}

#[test]
fn a_plan_that_turns_one_switch_before_the_other_is_refused() {
    let (_, seen, rack) = turned();
    let wish = |at: usize| (at, rack.vlan_table(at).unwrap());
    for ways in [[wish(0), wish(1)], [wish(1), wish(0)]] {
        let found = verify_from(&by_hand(&rack, &seen, &ways), &rack, &seen).unwrap_err();
        let cuts = |it: &Fault| matches!(it, Fault::Device(DeviceFault::CutsOff { .. }));
        assert!(found.iter().any(|it| cuts(&it.fault)), "{found:?}");
        assert!(found[0].to_string().contains("could not be reached until"), "{}", found[0]);
    }
}

#[test]
fn a_plan_whose_switches_do_not_wait_for_each_other_is_refused() {
    let (_, seen, rack) = turned();
    let mut plan = plan_from(&rack, &seen).unwrap().1;
    let of = |plan: &Plan, at: usize| {
        let Action::SetVlans { switch, .. } = &plan.steps[at].action else { return None };
        Some(switch.clone())
    };
    for at in 0..plan.steps.len() {
        let own = of(&plan, at);
        let needs = std::mem::take(&mut plan.steps[at].needs);
        plan.steps[at].needs = needs.into_iter().filter(|it| of(&plan, *it) == own).collect();
    }
    let found = verify_from(&plan, &rack, &seen).unwrap_err();
    let cuts = |it: &Fault| matches!(it, Fault::Device(DeviceFault::CutsOff { .. }));
    assert!(found.iter().any(|it| cuts(&it.fault)), "{found:?}");
}
