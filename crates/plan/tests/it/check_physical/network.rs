//! Networks, VLANs and what carries them.

use super::*;

#[test]
fn subnets_do_not_share_addresses() {
    let two = |other: &str| {
        check(&format!("networks: {{ a: {{ vlan: 1, subnet: 10.0.0.0/16 }}, b: {{ vlan: 2, subnet: {other} }} }}
nodes: {{ x: {{ board: pi4-4g, network: a }}, y: {{ board: pi4-4g, network: b }} }}
"))
    };
    assert_eq!(two("10.1.0.0/16"), [""; 0]);
    assert_eq!(two("10.0.255.0/24"), ["error subnet-overlap networks.b.subnet"]);
    assert_eq!(two("10.0.0.0/8"), ["error subnet-overlap networks.b.subnet"]);
    assert_eq!(two("fd00::/64"), [""; 0]);
}

#[test]
fn a_gateway_is_a_machine_within_its_subnet() {
    let one = |subnet: &str, gateway: &str| {
        check(&format!(
            "networks: {{ a: {{ subnet: {subnet}, gateway: {gateway} }} }}\nnodes: {{ x: {{ board: pi4-4g, network: a }} }}\n"
        ))
    };
    assert_eq!(one("10.0.2.0/24", "10.0.2.254"), [""; 0]);
    assert_eq!(one("10.0.2.0/24", "10.0.3.1"), ["error gateway-outside networks.a.gateway"]);
    assert_eq!(one("10.0.2.0/24", "10.0.2.255"), ["error gateway-outside networks.a.gateway"]);
    assert_eq!(one("10.0.2.0/31", "10.0.2.0"), [""; 0]);
    assert_eq!(one("10.0.2.1/24", "10.0.2.254"), ["note subnet-form networks.a.subnet"]);
}

const LAN: &str = "networks: { lan: { subnet: 10.0.2.0/24, gateway: 10.0.2.1 }, other: { vlan: 3, subnet: 10.0.3.0/24 } }\n";

#[test]
fn addresses_are_within_the_network_they_are_on() {
    let node = |it: &str| {
        check(&format!(
            "{LAN}nodes: {{ x: {{ board: pi4-4g, {it} }}, y: {{ board: pi4-4g, network: other }} }}\n"
        ))
    };
    assert_eq!(node("network: lan, address: 10.0.2.9"), [""; 0]);
    assert_eq!(node("network: lan, address: 10.0.3.9"), ["error address-outside nodes.x.address"]);
    assert_eq!(node("network: lan, address: 10.0.2.0"), ["error address-reserved nodes.x.address"]);
    assert_eq!(
        node("network: lan, address: 10.0.2.255"),
        ["error address-reserved nodes.x.address"]
    );
    assert_eq!(node("network: lan, address: fd00::5"), [""; 0]);
    assert_eq!(node("address: 10.0.2.9"), ["note address-unplaced nodes.x.address"]);
    assert_eq!(
        node("network: lan, links: [{ network: other, address: 10.0.2.8 }]"),
        ["error address-outside nodes.x.links.0.address"]
    );
    assert_eq!(check("nodes: { x: { board: pi4-4g, address: 10.0.2.9 } }\n"), [""; 0]);
}

#[test]
fn many_addresses_outside_are_one_finding() {
    let nodes: String = (1..=30)
        .map(|it| format!("  n{it:02}: {{ board: pi4-4g, network: lan, address: 10.0.9.{it} }}\n"))
        .collect();
    let yaml = format!("networks: {{ lan: {{ subnet: 10.0.2.0/24 }} }}\nnodes:\n{nodes}");
    assert_eq!(check(&yaml), ["error address-outside nodes.n01.address"]);
    assert!(words(&yaml).contains("n03 (10.0.9.3) and 27 more"), "{}", words(&yaml));
}

#[test]
fn a_network_that_nothing_is_on_is_told() {
    let yaml = format!("{LAN}services: {{ s: {{ address: 10.0.3.7 }} }}\n");
    assert_eq!(check(&yaml), ["note network-unused networks.lan"]);
}

#[test]
fn a_gateway_needs_a_way_off_a_direct_cable() {
    let rack = |gateway: &str, port: &str| {
        check(&format!(
            "networks: {{ x: {{ vlan: 9, subnet: 10.9.0.0/24{gateway} }} }}
switches: {{ sw: {{ model: GS305EP }} }}
nodes:
  a: {{ board: pi4-4g, links: [{{ network: x, address: 10.9.0.2{port} }}] }}
  b: {{ board: pi4-4g, links: [{{ network: x, address: 10.9.0.3 }}] }}
"
        ))
    };
    assert_eq!(rack(", gateway: 10.9.0.1", ""), ["warning gateway-unplugged networks.x.gateway"]);
    assert_eq!(rack("", ""), [""; 0]);
    assert_eq!(rack(", gateway: 10.9.0.1", ", port: sw/1"), [""; 0]);
}

#[test]
fn private_dns_servers_are_in_a_network_or_a_service() {
    let rack = |dns: &str| {
        check(&format!(
            "networks: {{ lan: {{ subnet: 10.0.2.0/24, dns: [{dns}] }} }}
services: {{ s: {{ address: 172.16.0.9 }} }}
nodes: {{ x: {{ board: pi4-4g, network: lan, dns: [1.1.1.1] }} }}
"
        ))
    };
    assert_eq!(rack("10.0.2.5"), [""; 0]);
    assert_eq!(rack("8.8.8.8"), [""; 0]);
    assert_eq!(rack("172.16.0.9"), [""; 0]);
    assert_eq!(rack("10.0.2.5, 192.168.7.7"), ["note dns-unknown networks.lan.dns.1"]);
    for own in ["169.254.7.7", "\"fd00::7\"", "\"fe80::7\""] {
        assert_eq!(rack(own), ["note dns-unknown networks.lan.dns.0"], "{own}");
    }
    assert_eq!(rack("\"2620:fe::fe\""), [""; 0]);
}

/// Networks `lan` (VLAN 1), `infra` (VLAN 2) and `iot` (VLAN 3), each with its gateway elsewhere.
fn vlans(rest: &str) -> Vec<String> {
    let all = check(&format!(
        "networks:
  lan: {{ vlan: 1, subnet: 10.0.1.0/24, gateway: 10.0.1.1 }}
  infra: {{ vlan: 2, subnet: 10.0.2.0/24, gateway: 10.0.2.1 }}
  iot: {{ vlan: 3, subnet: 10.0.3.0/24, gateway: 10.0.3.1 }}
{rest}"
    ));
    all.into_iter().filter(|it| !it.contains("network-unused")).collect()
}

#[test]
fn one_vlan_is_one_network_on_switches_that_are_joined() {
    let rack = |vlan: u16, port: &str, to: &str| {
        check(&format!(
            "networks: {{ a: {{ vlan: 2 }}, b: {{ vlan: {vlan} }} }}
switches: {{ s: {{ model: GS308EP, ports: {{ 8: {{ to: {to} }} }} }}, t: {{ model: GS308EP }} }}
services: {{ out: {{}} }}
nodes: {{ x: {{ board: pi4-4g, network: a, port: s/1 }}, y: {{ board: pi4-4g, network: b{port} }} }}
"
        ))
    };
    assert_eq!(rack(3, ", port: s/2", "out"), [""; 0]);
    assert_eq!(rack(2, ", port: s/2", "out"), ["error vlan-duplicate networks.b.vlan"]);
    assert_eq!(rack(2, ", port: t/2", "out"), [""; 0]);
    assert_eq!(rack(2, ", port: t/2", "t/1"), ["error vlan-duplicate networks.b.vlan"]);
    assert_eq!(
        check(
            "networks: { a: {}, b: {} }\nnodes: { x: { board: pi4-4g, network: a }, y: { board: pi4-4g, network: b } }\n"
        ),
        [""; 0]
    );
    assert_eq!(
        check(
            "networks: { a: { vlan: 7 }, b: { vlan: 7 } }\nnodes: { x: { board: pi4-4g, network: a }, y: { board: pi4-4g, network: b } }\n"
        ),
        ["warning vlan-duplicate networks.b.vlan"]
    );
}

#[test]
fn a_switch_that_knows_no_vlans_joins_them() {
    let rack = |model: &str, other: &str| {
        vlans(&format!("switches: {{ sw: {{ model: {model} }} }}
nodes: {{ x: {{ board: pi4-4g, network: infra, port: sw/1 }}, y: {{ board: pi4-4g, network: {other}, port: sw/2 }} }}
"))
    };
    assert_eq!(rack("generic-8", "infra"), [""; 0]);
    assert_eq!(rack("GS308EP", "iot"), [""; 0]);
    assert_eq!(rack("generic-8", "iot"), ["error vlan-unmanaged switches.sw.model"]);
}

#[test]
fn a_nodes_port_is_untagged_on_its_network_or_carries_it_tagged() {
    let rack = |port: &str| {
        vlans(&format!(
            "switches: {{ sw: {{ model: GS308EP, ports: {{ 1: {{ {port} }} }} }} }}
nodes: {{ x: {{ board: pi4-4g, network: infra, port: sw/1 }} }}
"
        ))
    };
    assert_eq!(rack(""), [""; 0]);
    assert_eq!(rack("network: infra"), [""; 0]);
    assert_eq!(rack("network: lan"), ["error pvid-mismatch switches.sw.ports.1.network"]);
    assert_eq!(rack("network: lan, tagged: infra"), [""; 0]);
}

#[test]
fn a_guest_is_on_a_network_that_its_hosts_port_carries() {
    let rack = |port: &str, guest: &str| {
        vlans(&format!("switches: {{ sw: {{ model: GS308EP, ports: {{ 1: {{ {port} }} }} }} }}
nodes: {{ h: {{ board: pi5-8g, network: lan, port: sw/1 }}, v: {{ board: vm, memory: 1Gi, host: h, network: {guest} }} }}
"))
    };
    assert_eq!(rack("", "lan"), [""; 0]);
    assert_eq!(rack("", "infra"), ["error guest-cut nodes.v.network"]);
    assert_eq!(rack("tagged: infra", "infra"), [""; 0]);
    assert_eq!(rack("tagged: infra", "iot"), ["error guest-cut nodes.v.network"]);
}

#[test]
fn guests_may_have_a_network_among_themselves() {
    let rack = |other: &str| {
        check(&format!(
            "networks: {{ lan: {{ vlan: 1 }}, inner: {{ vlan: 5 }} }}
switches: {{ sw: {{ model: GS308EP }} }}
nodes:
  g: {{ board: pi5-8g, network: lan, port: sw/1 }}
  h: {{ board: pi5-8g, network: lan, port: sw/2 }}
  v: {{ board: vm, memory: 1Gi, host: h, network: inner }}
  w: {{ board: vm, memory: 1Gi, host: {other}, network: inner }}
"
        ))
    };
    assert_eq!(rack("h"), [""; 0]);
    assert_eq!(rack("g"), ["error guest-cut nodes.v.network", "error guest-cut nodes.w.network"]);
}

#[test]
fn what_has_a_gateway_leaves_by_an_uplink_that_carries_it() {
    let rack = |uplink: &str, more: &str| {
        vlans(&format!(
            "switches: {{ sw: {{ model: GS308EP, uplink: 8, ports: {{ 8: {{ {uplink} }} }} }} }}
nodes:
  x: {{ board: pi4-4g, network: infra, port: sw/1 }}
{more}"
        ))
    };
    assert_eq!(rack("", ""), [""; 0]);
    assert_eq!(rack("network: lan, tagged: [infra, iot]", ""), [""; 0]);
    assert_eq!(
        rack("network: lan, tagged: iot", ""),
        ["error vlan-not-carried switches.sw.ports.8.tagged"]
    );
    let router =
        "  r: { board: pi4-4g, os: vyos, network: infra, address: 10.0.2.1, port: sw/2 }\n";
    assert_eq!(rack("network: lan, tagged: iot", router), [""; 0]);
    assert_eq!(
        rack("tagged: infra", "  y: { board: pi4-4g, network: lan, port: sw/2 }\n"),
        [""; 0],
        "untagged is VLAN 1"
    );
}

#[test]
fn what_switches_below_need_must_pass_the_switches_above() {
    let rack = |above: &str| {
        vlans(&format!(
            "switches:
  low: {{ model: GS308EP, uplink: 8, ports: {{ 8: {{ to: top/1, network: lan, tagged: infra }} }} }}
  top: {{ model: GS308EP, uplink: 8, ports: {{ 8: {{ network: lan{above} }} }} }}
nodes: {{ x: {{ board: pi4-4g, network: infra, port: low/1 }} }}
"
        ))
    };
    assert_eq!(rack(", tagged: infra"), [""; 0]);
    assert_eq!(rack(""), ["error vlan-not-carried switches.top.ports.8.tagged"]);
}

#[test]
fn both_ends_of_a_cable_treat_networks_alike() {
    let rack = |one: &str, other: &str| {
        vlans(&format!(
            "switches:
  a: {{ model: GS308EP, ports: {{ 1: {{ to: b/1, {one} }} }} }}
  b: {{ model: GS308EP, ports: {{ 1: {{ {other} }} }} }}
"
        ))
    };
    assert_eq!(rack("network: lan, tagged: infra", "network: lan, tagged: infra"), [""; 0]);
    assert_eq!(rack("network: lan, tagged: infra", ""), [""; 0]);
    assert_eq!(
        rack("network: lan, tagged: infra", "network: lan"),
        ["error trunk-mismatch switches.a.ports.1.tagged"]
    );
    assert_eq!(
        rack("network: lan, tagged: infra", "network: infra, tagged: lan"),
        ["error trunk-mismatch switches.a.ports.1.network"]
    );
}

#[test]
fn a_switch_stays_on_a_network_that_one_of_its_ports_carries() {
    let rack = |own: &str, uplink: &str, node: &str| {
        vlans(&format!("switches: {{ sw: {{ model: GS305EP, {own}, uplink: 5, ports: {{ 5: {{ {uplink} }} }} }} }}
nodes: {{ x: {{ board: pi4-4g, network: {node}, port: sw/1 }} }}
"))
    };
    let trunk = "network: lan, tagged: infra";
    assert_eq!(rack("network: lan", trunk, "infra"), [""; 0]);
    assert_eq!(rack("network: infra", trunk, "infra"), [""; 0], "a laptop can take port 1");
    assert_eq!(
        rack("network: infra", trunk, "lan"),
        ["note management-tagged switches.sw.network"]
    );
    assert_eq!(rack("network: iot", trunk, "lan"), ["error management-cut switches.sw.network"]);
    assert_eq!(
        rack("network: iot, allow-lockout: true", trunk, "lan"),
        ["warning management-cut switches.sw.network"],
        "the file allows it"
    );
    assert_eq!(
        rack("address: 10.0.3.5", trunk, "lan"),
        ["error management-cut switches.sw.address"]
    );
    assert_eq!(rack("network: iot", "", "lan"), [""; 0]);
}
