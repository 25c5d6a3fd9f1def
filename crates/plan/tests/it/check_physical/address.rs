//! Addresses and names.

use super::*;

fn nodes(text: &str) -> Vec<String> {
    check(&format!("networks: {{ lan: {{ subnet: 10.0.2.0/24, gateway: 10.0.2.1 }} }}\n{text}"))
}

#[test]
fn an_address_is_of_one_machine() {
    let two = |other: &str| {
        nodes(&format!("switches: {{ sw: {{ model: GS305EP, network: lan, address: 10.0.2.4 }} }}
nodes: {{ a: {{ board: pi4-4g, network: lan, address: 10.0.2.9 }}, b: {{ board: pi4-4g, network: lan{other} }} }}
"))
    };
    assert_eq!(two(", address: 10.0.2.8"), [""; 0]);
    assert_eq!(two(", address: 10.0.2.9"), ["error address-duplicate nodes.b.address"]);
    assert_eq!(two(", address: 10.0.2.4"), ["error address-duplicate switches.sw.address"]);
    assert_eq!(
        two(", links: [{ network: lan, address: 10.0.2.9 }]"),
        ["error address-duplicate nodes.b.links.0.address"]
    );
}

#[test]
fn only_a_router_has_the_gateways_address() {
    let one = |more: &str| {
        nodes(&format!(
            "nodes: {{ a: {{ board: pi4-4g, network: lan, address: 10.0.2.1{more} }} }}\n"
        ))
    };
    assert_eq!(one(""), ["error address-gateway nodes.a.address"]);
    assert_eq!(one(", os: vyos"), [""; 0]);
    assert_eq!(one(", serves: internet"), [""; 0]);
    let router = "services: { router: { address: 10.0.2.1, on: a } }\nnodes: { a: { board: pi4-4g, network: lan, address: 10.0.2.1 } }\n";
    assert_eq!(nodes(router), [""; 0]);
}

#[test]
fn an_address_that_no_machine_can_be_reached_at_is_nobodys() {
    for special in ["0.0.0.0", "224.0.0.251", "ff02::1", "::1"] {
        let yaml = format!("nodes: {{ a: {{ board: pi4-4g, address: \"{special}\" }} }}\n");
        assert_eq!(check(&yaml), ["error address-special nodes.a.address"]);
    }
    assert_eq!(
        check("nodes: { a: { board: pi4-4g, address: 127.0.0.1 } }\n"),
        ["error address-special nodes.a.address"]
    );
    assert_eq!(check("nodes: { a: { board: pi4-4g, address: 10.0.0.1 } }\n"), [""; 0]);
}

#[test]
fn a_service_at_a_nodes_address_runs_there() {
    let service = |more: &str| {
        nodes(&format!("services: {{ s: {{ address: 10.0.2.9{more} }}, t: {{ address: 10.0.2.8 }}, u: {{ address: 10.0.2.8 }} }}
nodes: {{ a: {{ board: pi4-4g, network: lan, address: 10.0.2.9 }}, b: {{ board: pi4-4g, network: lan }} }}
"))
    };
    assert_eq!(service(", on: a"), [""; 0]);
    assert_eq!(service(""), ["warning service-on services.s.address"]);
    assert_eq!(service(", on: b"), ["error address-duplicate services.s.address"]);
}

#[test]
fn a_service_of_the_same_name_is_a_switch_and_says_so_of_a_node() {
    let rack = |service: &str| {
        nodes(&format!(
            "switches: {{ sw: {{ model: GS305EP, network: lan, address: 10.0.2.4 }} }}
nodes: {{ a: {{ board: pi4-4g, network: lan, address: 10.0.2.9 }} }}
services: {{ {service} }}
"
        ))
    };
    assert_eq!(rack("sw: { address: 10.0.2.4 }"), [""; 0], "its management");
    assert_eq!(rack("s: { address: 10.0.2.4 }"), ["error address-duplicate services.s.address"]);
    assert_eq!(rack("a: { address: 10.0.2.9 }"), ["warning service-on services.a.address"]);
}

#[test]
fn an_endpoint_is_on_the_control_plane_or_a_known_service() {
    let rack = |endpoint: &str| {
        nodes(&format!(
            "clusters: {{ c: {{ k3s: {{}}, endpoint: \"{endpoint}\" }} }}
services: {{ vip: {{ address: 10.0.2.7 }} }}
nodes:
  a: {{ board: pi4-4g, network: lan, address: 10.0.2.8, cluster: c, role: control-plane }}
  b: {{ board: pi4-4g, network: lan, address: 10.0.2.9, cluster: c }}
"
        ))
    };
    assert_eq!(rack("https://10.0.2.8:6443"), [""; 0]);
    assert_eq!(rack("https://10.0.2.7:6443/"), [""; 0]);
    assert_eq!(rack("https://k8s.home.arpa:6443"), [""; 0]);
    assert_eq!(rack("https://10.0.2.9:6443"), ["error endpoint-elsewhere clusters.c.endpoint"]);
    assert_eq!(rack("https://10.0.2.6:6443"), ["note endpoint-elsewhere clusters.c.endpoint"]);
    assert_eq!(rack("https://[fd00::6]:6443"), ["note endpoint-elsewhere clusters.c.endpoint"]);
}

#[test]
fn an_endpoint_that_a_machine_of_unknown_address_may_have_is_not_told_of() {
    let rack = |address: &str| {
        check(&format!(
            "clusters: {{ c: {{ k3s: {{}}, endpoint: \"https://10.0.2.6:6443\" }} }}
nodes:
  a: {{ board: pi4-4g, address: 10.0.2.8, cluster: c, role: control-plane }}
  b: {{ board: pi4-4g, {address}cluster: c, role: control-plane }}
"
        ))
    };
    assert_eq!(rack(""), [""; 0]);
    assert_eq!(rack("address: 10.0.2.9, "), ["note endpoint-elsewhere clusters.c.endpoint"]);
}

#[test]
fn hardware_addresses_and_serial_numbers_are_told_apart_in_any_spelling() {
    let two = |a: &str, b: &str| {
        check(&format!("nodes: {{ a: {{ board: pi4-4g, {a} }}, b: {{ board: pi4-4g, {b} }} }}\n"))
    };
    assert_eq!(two("mac: dc:a6:32:01:36:c2", "mac: dc:a6:32:01:36:c3"), [""; 0]);
    assert_eq!(
        two("mac: dc:a6:32:01:36:c2", "mac: DC-A6-32-01-36-C2"),
        ["error mac-duplicate nodes.b.mac"]
    );
    assert_eq!(
        two("mac: dc:a6:32:01:36:c2", "links: [{ mac: dc:a6:32:01:36:c2 }]"),
        ["error mac-duplicate nodes.b.links.0.mac"]
    );
    assert_eq!(two("serial: 10000000abcd", "serial: 10000000abce"), [""; 0]);
    assert_eq!(
        two("serial: 10000000abcd", "serial: 10000000ABCD"),
        ["error serial-duplicate nodes.b.serial"]
    );
}

#[test]
fn a_name_of_two_things_is_told_where_something_leans_on_it() {
    let rack = |services: &str, needs: &str| {
        check(&format!("services: {{ {services} }}
nodes: {{ nas: {{ board: pi4-4g }}, a: {{ board: pi4-4g{needs} }}, b: {{ board: pi4-4g, serves: dns }} }}
"))
    };
    assert_eq!(rack("nas: {}", ""), [""; 0]);
    assert_eq!(rack("nas: {}", ", needs: [b, nas]"), ["warning name-ambiguous nodes.a.needs.1.0"]);
    assert_eq!(rack("nas: { on: nas }", ", needs: [nas]"), [""; 0], "the service of that machine");
    assert_eq!(rack("dns: {}", ", dns: dns"), ["warning name-ambiguous nodes.a.dns.0"]);
    assert_eq!(rack("names: {}", ", dns: dns"), [""; 0]);
}

#[test]
fn a_pool_may_bear_the_name_of_the_machine_or_the_service_that_keeps_it() {
    let rack = |more: &str| {
        check(&format!(
            "nodes: {{ nas: {{ board: pi4-4g }}, a: {{ board: pi4-4g, needs: [nas] }} }}\n{more}\n"
        ))
    };
    let ambiguous = ["warning name-ambiguous nodes.a.needs.0.0"];
    assert_eq!(rack("pools: { nas: { node: nas } }"), [""; 0]);
    assert_eq!(rack("pools: { nas: { node: a } }"), ambiguous);
    let service = "services: { nas: { on: nas } }";
    assert_eq!(rack(&format!("{service}\npools: {{ nas: {{ service: nas }} }}")), [""; 0]);
    let other = "services: { nas: { on: nas }, other: {} }";
    assert_eq!(rack(&format!("{other}\npools: {{ nas: {{ service: other }} }}")), ambiguous);
    assert_eq!(rack("clusters: { k: { k3s: {} } }\nworkloads: { nas: {} }"), ambiguous);
}

#[test]
fn members_have_names_that_their_cluster_takes() {
    let node = |name: &str, cluster: &str| {
        check(&format!(
            "clusters: {{ k: {{ k3s: {{}} }}, t: {{ talos: {{}} }}, p: {{ proxmox: {{}} }} }}
nodes: {{ {name}: {{ board: pi4-4g{cluster} }} }}
"
        ))
    };
    let wrong = |name: &str| [format!("error name-dns nodes.{name}")];
    assert_eq!(node("PI_1", ""), [""; 0]);
    assert_eq!(node("PI_1", ", cluster: k"), wrong("PI_1"));
    assert_eq!(node("pi-1", ", cluster: k"), [""; 0]);
    assert_eq!(node("pi-1-", ", cluster: k"), wrong("pi-1-"));
    assert_eq!(
        node("pi.lan", ", cluster: k"),
        [""; 0],
        "a subdomain is a node's name to Kubernetes"
    );
    assert_eq!(node("pi.lan", ", cluster: t"), wrong("pi.lan"));
    assert_eq!(node("PVE", ", cluster: p"), [""; 0]);
    assert_eq!(node("pve_1", ", cluster: p"), wrong("pve_1"));
}

#[test]
fn workloads_have_names_that_kubernetes_takes() {
    let one = |name: &str| {
        check(&format!("clusters: {{ k: {{ k3s: {{}} }} }}\nworkloads: {{ {name}: {{}} }}\n"))
    };
    assert_eq!(one("pi-hole"), [""; 0]);
    assert_eq!(one("Pi_hole"), ["error name-dns workloads.Pi_hole"]);
}

#[test]
fn an_ability_that_is_nearly_one_that_others_ask_for_is_told() {
    let serves = |what: &str| {
        check(&format!(
            "services: {{ s: {{ serves: {what} }}, t: {{ serves: [photos] }}, u: {{ needs: [photos] }} }}\n"
        ))
    };
    assert_eq!(serves("dns"), [""; 0]);
    assert_eq!(serves("[internet, printing]"), [""; 0]);
    assert_eq!(serves("[dns, photos]"), [""; 0]);
    assert_eq!(serves("dsn"), ["note name-ability services.s.serves.0"]);
    assert_eq!(serves("[dns, DHCP]"), ["note name-ability services.s.serves.1"]);
    assert_eq!(serves("fotos"), ["note name-ability services.s.serves.0"]);
    assert_eq!(
        words("services: { s: { serves: dsn } }\n"),
        "s serves dsn, which nothing asks for, and which is nearly dns; write `dns`, if that is meant"
    );
}
