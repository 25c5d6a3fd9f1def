//! What takes more than half of a rack, and what serves alone.

use super::radius::told;
use super::{check_rack, expect, findings, sound};
use rackberry_plan::{Source, radius};

/// Machines at the ports of two switches, and what else there is.
fn at_ports(ports: &[&str], more: &str) -> String {
    let node = |(at, port): (usize, &&str)| format!("  n{at}: {{ board: pi4-4g, port: {port} }}\n");
    let nodes: String = ports.iter().enumerate().map(node).collect();
    format!(
        "rack: test\nswitches: {{ s: {{ model: generic-8 }}, t: {{ model: generic-8 }} }}\nnodes:\n{nodes}{more}"
    )
}

#[test]
fn half_of_the_machines_is_counted_without_guests_and_among_three_at_least() {
    let lost = ["note half-lost switches.s"];
    expect(&at_ports(&["s/1", "s/2", "s/3", "t/1", "t/2"], ""), &lost);
    expect(&at_ports(&["s/1", "s/2", "t/1", "t/2"], ""), &[]);
    expect(&at_ports(&["s/1", "s/2"], ""), &[]);
    expect(&at_ports(&["s/1", "s/2", "t/1"], ""), &lost);
    let guest =
        |at: u32| format!("  v{at}: {{ board: vm, arch: arm64, memory: 256Mi, host: n2 }}\n");
    let guests: String = (0..4).map(guest).collect();
    expect(&at_ports(&["s/1", "s/2", "t/1"], &guests), &lost);
}

#[test]
fn two_things_that_each_take_half_of_the_rack_are_both_told() {
    let yaml = at_ports(&["s/1", "s/2", "s/3", "t/1"], "outlets: { strip: {} }\n");
    let plugged = |yaml: String, node: &str| {
        yaml.replace(&format!("  {node}: {{"), &format!("  {node}: {{ outlet: strip,"))
    };
    let yaml = ["n0", "n1", "n3"].into_iter().fold(yaml, plugged);
    let mut found = check_rack(&yaml);
    found.retain(|it| it.contains("half-lost"));
    assert_eq!(found, ["note half-lost outlets.strip", "note half-lost switches.s"]);
}

#[test]
fn most_workloads_are_told_of_where_there_is_more_than_one_machine_and_more_than_two_of_them() {
    let app = |at: usize, more: &str| format!("  w{at}: {{ uses: {{ memory: 1Mi }}, {more} }}\n");
    let apps = |all: &[&str]| -> String {
        all.iter().enumerate().map(|(at, more)| app(at, more)).collect()
    };
    let half = |yaml: &str| {
        let mut found = check_rack(yaml);
        found.retain(|it| it.contains("half-lost"));
        found
    };
    let (here, there) = ("on: a, pin: a", "on: b, pin: b");
    let three = |all: &[&str]| half(&sound(&format!("workloads:\n{}", apps(all))));
    let lost = ["warning half-lost nodes.a"];
    assert_eq!(three(&[here, here, here, there, there]), lost);
    assert_eq!(three(&[here, here, there]), lost);
    assert_eq!(three(&[here, here, there, there]), [""; 0]);
    let dns = "on: a, pin: a, serves: dns";
    assert_eq!(three(&[dns, here, there, there]), [""; 0], "half is not most");
    let one = "rack: test\nnodes:\n  a: { board: pi4-4g, cluster: home, role: control-plane }\nclusters: { home: { k3s: {} } }\nworkloads:\n";
    assert_eq!(half(&format!("{one}{}", apps(&[here, here, here]))), [""; 0]);
}

#[test]
fn a_machine_that_serves_alone_is_told_where_others_could() {
    let dns = |nodes: &str| {
        let yaml = format!("rack: test\nnodes:\n{nodes}");
        let mut found = findings(&yaml);
        found.retain(|it| it.rule == "single-point");
        found.into_iter().map(|it| it.reason).collect::<Vec<_>>()
    };
    let (server, other) = ("  a: { board: pi4-4g, serves: dns }\n", "  b: { board: pi4-4g }\n");
    assert_eq!(dns(server), [""; 0], "there is no second one");
    assert_eq!(dns(&format!("{server}{other}")), ["dns is served and is lost with a"]);
    let guest = "board: vm, arch: arm64, memory: 512Mi, host: a";
    let guests =
        format!("  a: {{ board: pi4-4g }}\n  v: {{ {guest}, serves: dns }}\n  w: {{ {guest} }}\n");
    let others = |count: usize| -> String {
        (0..count).map(|it| format!("  n{it}: {{ board: pi4-4g }}\n")).collect()
    };
    let alone = "dns is served and is lost with v";
    assert_eq!(dns(&format!("{guests}{}", others(2))), [alone], "a takes most of it all");
    let both = "dns is served and is lost with any one of a and v";
    assert_eq!(dns(&format!("{guests}{}", others(3))), [both]);
}

#[test]
fn a_way_out_of_most_machines_is_told_and_that_of_half_of_them_is_not() {
    let rack = |count: usize, behind: usize| {
        let node = |at: usize| {
            let switch = if at < behind { "s" } else { "t" };
            format!("  n{at}: {{ board: pi4-4g, port: {switch}/{} }}\n", at + 1)
        };
        let nodes: String = (0..count).map(node).collect();
        let yaml = format!(
            "rack: test
switches:
  s: {{ model: generic-8, uplink: 8, ports: {{ 8: {{ to: repeater }} }} }}
  t: {{ model: generic-8, uplink: 8, ports: {{ 8: {{ to: modem }} }} }}
services: {{ repeater: {{}}, modem: {{}} }}
nodes:
{nodes}"
        );
        let mut found = findings(&yaml);
        found.retain(|it| it.rule == "half-cut-off");
        found.into_iter().map(|it| it.reason).collect::<Vec<_>>()
    };
    let told = |few: &str| [format!("{few} nodes reach the outside through repeater alone")];
    assert_eq!(rack(5, 3), told("3 of 5"));
    assert_eq!(rack(4, 2), [""; 0]);
    assert_eq!(rack(3, 2), told("2 of 3"));
}

#[test]
fn a_pool_goes_down_with_its_machine_and_takes_along_what_has_its_disk_there() {
    let node = |at: u32| {
        format!(
            "  n{at}: {{ board: pi4-4g, disks: {{ d: {{ kind: disk, size: 10G, pool: tank }} }} }}\n"
        )
    };
    let nodes: String = (0..3).map(node).collect();
    let yaml = format!(
        "rack: test\npools: {{ tank: {{ service: box }} }}\nservices: {{ box: {{ on: nas }} }}\nnodes:\n  nas: {{ board: pi4-4g }}\n{nodes}"
    );
    let (rack, _) = Source::read("rack.yaml", yaml.as_bytes()).unwrap();
    let all = radius(&rack.resolve().unwrap());
    let of = |place: &str| {
        let loss = all.iter().find(|it| it.of.to_string() == place).unwrap();
        let pools = loss.pools.iter().map(ToString::to_string).collect::<Vec<_>>();
        (loss.nodes.len(), pools)
    };
    assert_eq!(of("nodes.nas"), (4, vec!["tank".to_owned()]));
    assert_eq!(of("services.box"), (3, vec!["tank".to_owned()]));
    assert_eq!(of("pools.tank"), (3, vec!["tank".to_owned()]));
    assert_eq!(of("nodes.n0"), (1, Vec::new()));
    let lost = yaml.replace("{ on: nas }", "{}").replace("service: box", "node: n0");
    let lost = told(&lost.replacen("d: { kind: disk, size: 10G, pool: tank }", "", 1), "half-lost");
    assert_eq!(lost[0], "losing n0 takes 3 of 4 nodes");
}

#[test]
fn where_two_busy_machines_go_at_once_nothing_is_said_to_come_back() {
    let yaml = sound(
        "outlets: { strip: {} }
workloads:
  one: { on: a, uses: { memory: 1Mi } }
  two: { on: b, uses: { memory: 1Mi } }
  third: { on: d, uses: { memory: 1Mi } }
",
    );
    let workers =
        ["d", "e"].map(|it| format!("  {it}: {{ board: pi4-4g, os: talos, cluster: home }}\n"));
    let yaml = yaml.replace("clusters:", &format!("{}clusters:", workers.concat()));
    let because = |nodes: &[&str]| {
        let plugged = |yaml: String, node: &&str| {
            yaml.replace(&format!("  {node}: {{"), &format!("  {node}: {{ outlet: strip,"))
        };
        let yaml = nodes.iter().fold(yaml.clone(), plugged);
        let (rack, _) = Source::read("rack.yaml", yaml.as_bytes()).unwrap();
        let all = radius(&rack.resolve().unwrap());
        let loss = all.into_iter().find(|it| it.of.to_string() == "outlets.strip").unwrap();
        let down = loss.down.iter().map(|it| format!("{}: {}", it.workload, it.because));
        (loss.back.len(), down.collect::<Vec<_>>())
    };
    assert_eq!(because(&["a"]), (1, Vec::new()));
    let both = |why: &str| (0, vec![format!("one: {why}"), format!("two: {why}")]);
    assert_eq!(because(&["a", "b"]), both("home has no control plane then"));
    let why = "too much goes down at once to say where it would go";
    assert_eq!(because(&["a", "d"]), (0, vec![format!("one: {why}"), format!("third: {why}")]));
    assert_eq!(because(&["a", "e"]), (1, Vec::new()), "nothing runs on e");
}
