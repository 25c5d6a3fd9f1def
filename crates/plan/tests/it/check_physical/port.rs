//! What is plugged in where.

use super::*;

fn switch(model: &str, more: &str, nodes: &str) -> Vec<String> {
    check(&format!(
        "switches: {{ sw: {{ model: {model}{more} }} }}\nservices: {{ nas: {{}} }}\nnodes:\n{nodes}"
    ))
}

#[test]
fn two_cables_do_not_fit_one_port() {
    let two = |other: &str| {
        switch(
            "generic-8",
            "",
            &format!("  a: {{ board: pi4-4g, port: sw/1 }}\n  b: {{ board: pi4-4g{other} }}\n"),
        )
    };
    assert_eq!(two(", port: sw/2"), [""; 0]);
    assert_eq!(two(", port: sw/1"), ["error port-shared nodes.b.port"]);
    assert_eq!(
        two(", links: [{ port: sw/3 }, { port: sw/1 }]"),
        ["error port-shared nodes.b.links.1.port"]
    );
    assert_eq!(
        two(", links: [{ port: sw/3 }, { port: sw/3 }]"),
        [""; 0],
        "two networks on one cable"
    );
    let node = "  a: { board: pi4-4g, port: sw/1 }\n";
    assert_eq!(
        switch("generic-8", ", ports: { 1: { to: nas } }", node),
        ["error port-shared switches.sw.ports.1.to"]
    );
    assert_eq!(switch("generic-8", ", ports: { 1: { to: a } }", node), [""; 0]);
    assert_eq!(switch("generic-8", ", ports: { 2: { to: nas } }", node), [""; 0]);
}

#[test]
fn a_guest_in_its_hosts_port_is_on_its_hosts_cable() {
    let guest = |port: &str| {
        switch(
            "generic-8",
            "",
            &format!(
                "  a: {{ board: pi4-4g, port: sw/1 }}
  b: {{ board: pi4-4g, port: sw/2 }}
  x: {{ board: vm, memory: 1Gi, host: a, port: {port} }}
"
            ),
        )
    };
    assert_eq!(guest("sw/1"), [""; 0]);
    assert_eq!(guest("sw/2"), ["error port-shared nodes.x.port"], "a card of its own");
    assert_eq!(guest("sw/3"), [""; 0]);
}

#[test]
fn a_shared_port_is_told_with_a_free_one() {
    let yaml = "switches: { sw: { model: generic-8, uplink: 2 } }
nodes: { a: { board: pi4-4g, port: sw/1 }, b: { board: pi4-4g, port: sw/1 } }
";
    assert_eq!(
        words(yaml),
        "a and b are in port sw/1, which takes one cable; move one of them, for instance to sw/3, which is free"
    );
}

#[test]
fn the_uplink_is_for_what_leads_out() {
    let node = "  a: { board: pi4-4g, port: sw/8 }\n";
    assert_eq!(switch("generic-8", ", uplink: 8", node), ["error uplink-taken nodes.a.port"]);
    assert_eq!(switch("generic-8", ", uplink: 7", node), [""; 0]);
    assert_eq!(switch("generic-8", ", uplink: 8, ports: { 8: { to: a } }", node), [""; 0]);
}

#[test]
fn a_cage_needs_a_module_and_only_a_cage() {
    let node = "  a: { board: x86, memory: 8Gi, port: sw/25 }\n";
    let crs = |ports: &str| switch("CRS328-24P-4S+RM", ports, node);
    assert_eq!(crs(""), ["warning sfp-module nodes.a.port"]);
    assert_eq!(crs(", ports: { 25: { module: sfp-rj45 } }"), [""; 0]);
    assert_eq!(
        crs(", ports: { 25: { module: sfp-rj45 }, 1: { module: sfp-rj45 } }"),
        ["warning sfp-module switches.sw.ports.1.module"]
    );
}

#[test]
fn a_board_without_ethernet_is_in_no_port() {
    assert_eq!(
        switch("generic-8", "", "  a: { board: pi3a-plus, port: sw/1 }\n"),
        ["error nic-absent nodes.a.port"]
    );
    assert_eq!(switch("generic-8", "", "  a: { board: pi3b, port: sw/1 }\n"), [""; 0]);
    assert_eq!(
        switch("generic-8", "", "  a: { board: pi3a-plus, links: [{ port: sw/1 }] }\n"),
        [""; 0]
    );
}

#[test]
fn the_slower_end_of_a_cable_decides() {
    let node = |speed: &str| {
        switch(
            "generic-8",
            &format!(", ports: {{ 1: {{ speed: {speed} }} }}"),
            "  a: { board: pi4-4g, port: sw/1 }\n",
        )
    };
    assert_eq!(node("1Gbps"), [""; 0]);
    assert_eq!(node("100Mbps"), ["note port-speed nodes.a.port"]);
    assert_eq!(node("2.5Gbps"), ["error port-speed switches.sw.ports.1.speed"]);
    let link = |speed: &str| {
        switch(
            "generic-8",
            "",
            &format!("  a: {{ board: pi4-4g, links: [{{ port: sw/1, speed: {speed} }}] }}\n"),
        )
    };
    assert_eq!(link("1Gbps"), [""; 0]);
    assert_eq!(link("10Gbps"), ["note port-speed nodes.a.links.0.port"]);
}

#[test]
fn a_switch_without_a_free_port_is_worth_knowing() {
    let nodes = |count: u32| -> String {
        (1..=count).map(|it| format!("  n{it}: {{ board: pi4-4g, port: sw/{it} }}\n")).collect()
    };
    assert_eq!(switch("generic-5", ", uplink: 5", &nodes(3)), [""; 0]);
    assert_eq!(
        switch("generic-5", ", uplink: 5", &nodes(4)),
        ["note ports-full switches.sw.model"]
    );
}

const TWO: &str = "switches:
  a: { model: generic-8, uplink: 8, ports: { 8: { to: b/1 }MORE } }
  b: { model: generic-8, ports: { 1: { to: BACK }OTHER } }
";

#[test]
fn both_ends_of_a_cable_name_each_other() {
    let found =
        |back: &str| check(&TWO.replace("MORE", "").replace("BACK", back).replace("OTHER", ""));
    assert_eq!(found("a/8"), [""; 0]);
    assert_eq!(found("a/7"), ["error link-sides switches.a.ports.8.to"]);
    assert_eq!(
        found("b/1"),
        ["error link-sides switches.a.ports.8.to", "error link-sides switches.b.ports.1.to"]
    );
}

#[test]
fn a_second_way_between_switches_is_a_loop() {
    let found = |more: &str, other: &str| {
        check(&TWO.replace("MORE", more).replace("BACK", "a/8").replace("OTHER", other))
    };
    assert_eq!(found(", 7: { to: b/2 }", ""), ["warning switch-loop switches.a.ports.8.to"]);
    assert_eq!(found("", ", 3: { to: b/4 }"), ["warning switch-loop switches.b.ports.3.to"]);
    let ring = |last: &str| {
        check(&format!(
            "switches:
  a: {{ model: generic-8, ports: {{ 1: {{ to: b/1 }} }} }}
  b: {{ model: generic-8, ports: {{ 2: {{ to: c/1 }} }} }}
  c: {{ model: generic-8{last} }}
"
        ))
    };
    assert_eq!(ring(""), [""; 0]);
    assert_eq!(ring(", ports: { 2: { to: a/2 } }").len(), 1);
}

#[test]
fn three_cards_are_not_joined_by_cables_alone() {
    let nodes = |names: &[(&str, &str)]| -> String {
        let node = |(name, links): &(&str, &str)| {
            format!("  {name}: {{ board: pi4-4g, links: [{links}] }}\n")
        };
        format!(
            "networks: {{ x: {{ vlan: 9 }} }}\nswitches: {{ sw: {{ model: generic-5 }} }}\nnodes:\n{}",
            names.iter().map(node).collect::<String>()
        )
    };
    let (one, two) = ("{ network: x }", "{ network: x }, { network: x }");
    assert_eq!(check(&nodes(&[("a", one), ("b", one)])), [""; 0]);
    assert_eq!(
        check(&nodes(&[("a", one), ("b", one), ("c", one)])),
        ["warning direct-cable nodes.a.links"]
    );
    assert_eq!(check(&nodes(&[("a", one), ("b", two), ("c", one)])), [""; 0]);
    let four = [("a", one), ("b", one), ("c", one), ("d", one)];
    assert_eq!(check(&nodes(&four)), ["warning direct-cable nodes.a.links"]);
    let five = [("a", one), ("b", two), ("c", two), ("d", one), ("e", one)];
    assert_eq!(
        check(&nodes(&five)),
        ["warning direct-cable nodes.a.links"],
        "seven cards for four cables"
    );
    assert_eq!(check(&nodes(&[("a", one), ("b", two), ("c", two), ("d", one)])), [""; 0]);
}

fn pis(count: usize, more: &str) -> String {
    (1..=count)
        .map(|it| format!("  n{it:02}: {{ board: pi4-4g, port: sw/{it}{more} }}\n"))
        .collect()
}

#[test]
fn an_uplink_is_told_of_when_more_than_twenty_share_it() {
    assert_eq!(switch("generic-24", ", uplink: 24", &pis(20, "")), [""; 0]);
    assert_eq!(
        switch("generic-24", ", uplink: 24", &pis(21, "")),
        ["note uplink-oversubscribed switches.sw.uplink"]
    );
}

#[test]
fn disks_behind_a_link_make_it_busy_at_more_than_eight() {
    let boot = ", boot: network, needs: [box]";
    let rack = |count, more: &str, serves: &str| {
        check(&format!("switches: {{ sw: {{ model: generic-24, uplink: 24{more} }}, core: {{ model: generic-8, ports: {{ 1: {{ to: sw/24 }}, 2: {{ to: box }} }} }} }}
services: {{ box: {{ serves: {serves} }} }}
nodes:
{}", pis(count, boot)))
    };
    assert_eq!(rack(8, "", "nfs"), [""; 0]);
    let found = rack(9, "", "nfs");
    assert_eq!(
        found,
        [
            "warning storage-oversubscribed switches.core.ports.1.to",
            "warning storage-oversubscribed switches.core.ports.2.to"
        ]
    );
    assert_eq!(rack(9, "", "internet"), [""; 0]);
}

#[test]
fn volumes_elsewhere_count_and_a_fast_port_on_the_same_switch_is_enough() {
    let rack = |speed: &str| {
        let on: Vec<String> = (1..=9).map(|it| format!("n{it:02}")).collect();
        check(&format!("catalogue: {{ switches: {{ m: {{ ports: [{{ count: 23, speed: 1Gbps }}, {{ count: 1, speed: {speed} }}] }} }} }}
switches: {{ sw: {{ model: m, ports: {{ 24: {{ to: nas }} }} }} }}
services: {{ nas: {{}} }}
clusters: {{ k: {{ k3s: {{}} }} }}
nodes:
{}workloads: {{ w: {{ replicas: 9, on: [{}], volumes: [{{ nfs: nas:/x, size: 1Gi }}] }} }}
", pis(9, ", cluster: k"), on.join(", ")))
    };
    assert_eq!(rack("2.5Gbps"), [""; 0]);
    assert_eq!(rack("1Gbps"), ["warning storage-oversubscribed switches.sw.ports.24.to"]);
}

#[test]
fn a_node_boots_only_from_what_its_board_can_and_has() {
    let node =
        |board: &str, more: &str| check(&format!("nodes: {{ a: {{ board: {board}, {more} }} }}\n"));
    assert_eq!(node("pi4-4g", "boot: nvme"), ["error boot-medium nodes.a.boot"]);
    assert_eq!(node("pi5-4g", "boot: nvme"), [""; 0]);
    assert_eq!(node("pi3a-plus", "boot: network"), ["error boot-medium nodes.a.boot"]);
    assert_eq!(
        node("pi5-4g", "boot: nvme, disks: { d: { kind: sd } }"),
        ["warning boot-disk nodes.a.boot"]
    );
    assert_eq!(node("pi5-4g", "boot: sd, disks: { d: { kind: sd } }"), [""; 0]);
    assert_eq!(node("pi5-4g", "boot: network, disks: { d: { kind: sd } }"), [""; 0]);
    assert_eq!(node("pi3b", "boot: network"), ["note slow-nic nodes.a.boot"]);
    assert_eq!(node("pi3b-plus", "boot: network"), [""; 0]);
}

#[test]
fn what_a_pool_lies_on_keeps_disks_for_others() {
    let rack = |more: &str| {
        check(&format!(
            "switches: {{ sw: {{ model: generic-24 }} }}
services: {{ box: {{ on: nas }}, other: {{}} }}
nodes:
  nas: {{ board: pi4-4g, port: sw/24 }}
{}{more}
",
            pis(9, ", boot: network, needs: [box]")
        ))
    };
    let told = ["warning storage-oversubscribed nodes.nas.port"];
    assert_eq!(rack(""), [""; 0]);
    assert_eq!(rack("pools: { tank: { service: box } }"), told);
    assert_eq!(rack("pools: { tank: { service: other } }"), [""; 0]);
    let on_node = |keeper: &str| {
        check(&format!(
            "switches: {{ sw: {{ model: generic-24 }} }}
nodes:
  keeper: {{ board: pi4-4g, port: sw/24 }}
  other: {{ board: pi4-4g }}
{}pools: {{ tank: {{ node: {keeper} }} }}
",
            pis(9, ", boot: network, needs: [keeper]")
        ))
    };
    assert_eq!(on_node("keeper"), ["warning storage-oversubscribed nodes.keeper.port"]);
    assert_eq!(on_node("other"), [""; 0]);
}

#[test]
fn a_switch_of_no_known_ports_is_not_full() {
    let yaml = "catalogue: { switches: { m: {} } }\nswitches: { sw: { model: m } }\n";
    assert_eq!(check(yaml), [""; 0]);
}
