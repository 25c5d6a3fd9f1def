//! What a file names and does not have, and what is likely meant.

use rackberry_plan::{Finding, Source};

/// One of everything that can be named.
const HOME: &str = "rack: desk
catalogue: { switches: { m: { ports: [{ count: 4, speed: 1Gbps }] } } }
outlets: { strip: {} }
networks: { lan: { vlan: 2 } }
switches: { sw: { model: m } }
pools: { tank: { node: a, disks: [d] } }
services: { nas: { serves: photos } }
clusters: { home: { k3s: {} } }
nodes: { a: { board: vm, memory: 1Gi, disks: { d: { kind: disk } } } }
workloads: { app: {} }
";

/// What is refused of a rack with something more, written `section.name: { ... }`.
fn refused(what: &str) -> Vec<Finding> {
    let (place, text) = what.split_once(": ").unwrap();
    let (section, name) = place.split_once('.').unwrap();
    let yaml =
        HOME.replace(&format!("\n{section}: {{ "), &format!("\n{section}: {{ {name}: {text}, "));
    let (rack, _) = Source::read("desk.yaml", yaml.as_bytes()).unwrap_or_else(|it| panic!("{it}"));
    rack.resolve().err().unwrap_or_default()
}

fn at(what: &str) -> Vec<String> {
    refused(what).iter().map(|it| format!("{} {}", it.rule, it.at)).collect()
}

#[test]
fn every_name_that_is_not_there_is_told_where_it_stands() {
    let all = [
        ("outlets.x", "from", "{ from: NAME }", "strip"),
        ("networks.x", "dns.0", "{ dns: NAME }", "nas"),
        ("networks.x", "dns.1", "{ dns: [10.0.0.1, NAME] }", "photos"),
        ("switches.x", "model", "{ model: NAME }", "m"),
        ("switches.x", "network", "{ model: m, network: NAME }", "lan"),
        ("switches.x", "outlet", "{ model: m, outlet: NAME }", "strip"),
        ("switches.x", "ports.1.network", "{ model: m, ports: { 1: { network: NAME } } }", "lan"),
        ("switches.x", "ports.1.tagged.0", "{ model: m, ports: { 1: { tagged: NAME } } }", "lan"),
        ("switches.x", "ports.1.to", "{ model: m, ports: { 1: { to: NAME } } }", "a"),
        ("switches.x", "ports.1.to", "{ model: m, ports: { 1: { to: NAME/1 } } }", "sw"),
        ("pools.x", "node", "{ node: NAME }", "a"),
        ("pools.x", "service", "{ service: NAME }", "nas"),
        ("pools.x", "disks.0", "{ node: a, disks: [NAME] }", "d"),
        ("services.x", "on.0", "{ on: NAME }", "a"),
        ("services.x", "needs.0.0", "{ needs: [NAME] }", "tank"),
        ("nodes.x", "board", "{ memory: 1Gi, board: NAME }", "vm"),
        ("nodes.x", "hat", "{ board: vm, memory: 1Gi, hat: NAME }", "poe"),
        ("nodes.x", "port", "{ board: vm, memory: 1Gi, port: NAME/1 }", "sw"),
        ("nodes.x", "outlet", "{ board: vm, memory: 1Gi, outlet: NAME }", "strip"),
        ("nodes.x", "host", "{ board: vm, memory: 1Gi, host: NAME }", "a"),
        ("nodes.x", "network", "{ board: vm, memory: 1Gi, network: NAME }", "lan"),
        ("nodes.x", "links.0.port", "{ board: vm, memory: 1Gi, links: [{ port: NAME/1 }] }", "sw"),
        (
            "nodes.x",
            "links.0.network",
            "{ board: vm, memory: 1Gi, links: [{ network: NAME }] }",
            "lan",
        ),
        ("nodes.x", "dns.0", "{ board: vm, memory: 1Gi, dns: NAME }", "nas"),
        ("nodes.x", "cluster", "{ board: vm, memory: 1Gi, cluster: NAME }", "home"),
        ("nodes.x", "needs.0.0", "{ board: vm, memory: 1Gi, needs: [NAME] }", "app"),
        ("nodes.x", "rescues.0", "{ board: vm, memory: 1Gi, rescues: NAME }", "a"),
        (
            "nodes.x",
            "disks.e.pool",
            "{ board: vm, memory: 1Gi, disks: { e: { kind: disk, pool: NAME } } }",
            "tank",
        ),
        ("clusters.x", "proxmox.qdevice", "{ proxmox: { qdevice: NAME } }", "nas"),
        ("workloads.x", "cluster", "{ cluster: NAME }", "home"),
        ("workloads.x", "near.0", "{ near: NAME }", "app"),
        ("workloads.x", "apart-from.0", "{ apart-from: NAME }", "app"),
        ("workloads.x", "volumes.0", "{ volumes: [{ nfs: \"NAME:/x\" }] }", "nas"),
    ];
    for (place, key, text, known) in all {
        let what = format!("{place}: {text}");
        let wrong = at(&what.replace("NAME", "nobody"));
        let expected = format!("unknown-name {place}.{key}");
        assert!(wrong.contains(&expected), "{what}: {wrong:?}");
        let found = at(&what.replace("NAME", known));
        assert!(!found.contains(&expected), "{what}: {found:?}");
    }
}

fn words(what: &str) -> String {
    let [only] = refused(what).try_into().unwrap_or_else(|it| panic!("{it:?}"));
    format!("{}; {}", only.reason, only.remedy)
}

#[test]
fn a_port_that_a_switch_does_not_have_is_told_with_how_many_it_has() {
    let found = words("nodes.x: { board: vm, memory: 1Gi, port: sw/5 }");
    assert_eq!(
        found,
        "sw (m) has no port 5: it has 4 ports; name a port that is printed on its case"
    );
    assert_eq!(at("switches.x: { model: m, uplink: 5 }"), ["unknown-name switches.x.uplink"]);
    assert_eq!(
        at("switches.x: { model: m, ports: { 5: {} } }"),
        ["unknown-name switches.x.ports.5"]
    );
    assert_eq!(at("switches.x: { model: m, uplink: 4, ports: { 4: {} } }"), [""; 0]);
}

#[test]
fn the_name_that_was_likely_meant_is_told_or_all_there_are() {
    let need = |name: &str| words(&format!("services.x: {{ needs: [{name}] }}"));
    let no = |name: &str| {
        format!("there is no service, workload, node, pool or ability called `{name}`")
    };
    assert_eq!(need("photo"), format!("{}; did you mean `photos`?", no("photo")));
    assert_eq!(need("tnak"), format!("{}; did you mean `tank`?", no("tnak")));
    let all = "describe it, or name one of: photos, nas, x, app, a, tank";
    assert_eq!(need("elephant"), format!("{}; {all}", no("elephant")));
    let outlet = "there is no outlet called `elephant`; describe it, or name one of: strip";
    assert_eq!(words("nodes.x: { board: vm, memory: 1Gi, outlet: elephant }"), outlet);
    let many = |count: usize| {
        let more: String =
            (0..count).map(|it| format!("lan{it}: {{ vlan: {} }}, ", it + 3)).collect();
        let yaml = HOME.replace("networks: { ", &format!("networks: {{ {more}"));
        let yaml = yaml
            .replace("nodes: { ", "nodes: { x: { board: vm, memory: 1Gi, network: elephant }, ");
        let (rack, _) = Source::read("desk.yaml", yaml.as_bytes()).unwrap();
        rack.resolve().unwrap_err()[0].remedy.clone()
    };
    assert!(many(11).starts_with("describe it, or name one of: lan, lan0, "), "{}", many(11));
    assert_eq!(many(12), "describe it, or correct the name");
    let none = "rack: desk\nnodes: { a: { board: vm, memory: 1Gi, network: lan } }\n";
    let (rack, _) = Source::read("desk.yaml", none.as_bytes()).unwrap();
    let remedy = &rack.resolve().unwrap_err()[0].remedy;
    assert_eq!(remedy, "describe it: the file has no network at all");
}

#[test]
fn a_machine_says_how_much_memory_it_has_where_its_board_does_not() {
    assert_eq!(
        words("nodes.x: { board: vm }"),
        "nothing says how much memory x has; write it as `memory: 8Gi`"
    );
    assert_eq!(at("nodes.x: { board: pi4-4g }"), [""; 0]);
}
