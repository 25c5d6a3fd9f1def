//! Findings on power, ports, networks, addresses and names.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on says why")]

mod address;
mod network;
mod port;
mod power;

use rackberry_plan::{Finding, Rack, check as check_rack};

/// The rules that are judged here; a rack may break others, too.
const RULES: &str = "hat-fit hat-output hat-unfed poe-passive poe-port poe-class poe-budget-unknown \
    poe-draw poe-by-class poe-inrush poe-nowhere poe-kept outlet-circle outlet-load power-unknown \
    port-shared uplink-taken sfp-module nic-absent port-speed ports-full link-sides switch-loop \
    direct-cable uplink-oversubscribed storage-oversubscribed boot-medium boot-disk slow-nic \
    subnet-overlap subnet-form gateway-outside gateway-unplugged address-outside address-reserved \
    address-unplaced network-unused dns-unknown vlan-duplicate vlan-unmanaged pvid-mismatch guest-cut \
    vlan-not-carried trunk-mismatch management-cut management-tagged \
    address-duplicate address-gateway address-special service-on endpoint-elsewhere mac-duplicate \
    serial-duplicate name-ambiguous name-ability name-dns";

fn findings(yaml: &str) -> Vec<Finding> {
    found(&format!("rack: test\n{yaml}"))
}

fn found(yaml: &str) -> Vec<Finding> {
    let rack: Rack = serde_saphyr::from_str(yaml).expect(yaml);
    let found = check_rack(&rack.resolve().expect(yaml));
    crate::words::check(&found);
    let ours = |it: &Finding| RULES.split_whitespace().any(|rule| rule == it.rule);
    found.into_iter().filter(ours).collect()
}

fn check(yaml: &str) -> Vec<String> {
    told(&findings(yaml))
}

fn told(all: &[Finding]) -> Vec<String> {
    all.iter().map(|it| format!("{} {} {}", it.severity, it.rule, it.at)).collect()
}

/// The reason and the remedy of the only finding.
fn words(yaml: &str) -> String {
    let all = findings(yaml);
    let [only] = all.as_slice() else { panic!("{all:#?}") };
    format!("{}; {}", only.reason, only.remedy)
}

/// A switch `sw` of four PoE+ ports with 30 W each and a fifth without, and a budget of 60 W; boards `b`
/// with HATs `h` that lose nothing. `draw` and `hat` are theirs, `rest` follows.
fn poe(draw: &str, hat: &str, rest: &str) -> String {
    format!(
        "catalogue:
  boards: {{ b: {{ arch: arm64, memory: 1Gi, nic: 1Gbps, draw: {{ {draw} }} }} }}
  hats: {{ h: {{ {hat} }} }}
  switches: {{ m: {{ ports: [{{ count: 4, speed: 1Gbps, poe: at, limit: 30W }}, {{ count: 2, speed: 1Gbps }}],
    budget: 60W, managed: true }} }}
{rest}"
    )
}

const CLASS_0: &str = "class: 0, standard: af";
const CLASS_4: &str = "class: 4, standard: at";
const THREE: &str = "switches: { sw: { model: m } }
nodes:
  n1: { board: b, hat: h, port: sw/1 }
  n2: { board: b, hat: h, port: sw/2 }
  n3: { board: b, hat: h, port: sw/3 }
";

/// What the racks of the examples show.
#[test]
fn the_example_racks_show_what_is_expected_of_them() {
    let racks: [(&str, &[&str]); 6] = [
        (
            "lifeboat",
            &[
                "warning sfp-module nodes.pve-1.port",
                "warning poe-by-class switches.poe.model",
                "note endpoint-elsewhere clusters.home.endpoint",
            ],
        ),
        ("two-dozen", &["note uplink-oversubscribed switches.crs.uplink"]),
        (
            "proxmox-talos",
            &[
                "warning direct-cable nodes.k8sctl-pi5c.links",
                "note endpoint-elsewhere clusters.home.endpoint",
                "note ports-full switches.desk.model",
            ],
        ),
        ("talos-managed", &[]),
        ("k3s-expansion", &[]),
        ("k3s-expansion-by-hand", &[]),
    ];
    for (name, expected) in racks {
        let path = format!("{}/../../examples/racks/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        let yaml = std::fs::read_to_string(path).expect(name);
        assert_eq!(told(&found(&yaml)), expected, "{name}");
    }
}
