//! What goes down with what.

use super::{check_rack, expect, sound};
use crate::{arbitrary, racks};
use proptest::prelude::*;
use rackberry_core::NodeId;
use rackberry_plan::{Rack, Resolved, Source, check, radius};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn dns_on_one_node_is_a_single_point_and_on_two_is_none() {
    let rack = |pi_hole: &str, planes: &str| {
        let yaml = sound(&format!(
            "workloads:\n  app: {{ on: b, uses: {{ memory: 1Mi }} }}\n  third: {{ on: c, uses: {{ memory: 1Mi }} }}\n  pi-hole: {{ {pi_hole}, uses: {{ memory: 1Mi }}, serves: dns }}\n"
        ));
        let mut found = check_rack(&yaml.replacen("role: control-plane", planes, 1));
        found.retain(|it| it.contains("single-point"));
        found
    };
    let plane = "role: control-plane";
    assert_eq!(rack("on: a", plane), ["note single-point workloads.pi-hole.serves"]);
    assert_eq!(rack("on: a, pin: a", plane), ["warning single-point workloads.pi-hole.serves"]);
    assert_eq!(
        rack("on: a, volumes: [{ local-path: 1Gi }]", plane),
        ["warning single-point workloads.pi-hole.serves"]
    );
    assert_eq!(rack("on: [a, b], replicas: 2", plane), [""; 0]);
}

/// What is said of the only finding of a rule, and what to do about it.
pub(super) fn told(yaml: &str, rule: &str) -> [String; 2] {
    let mut all = super::findings(yaml);
    all.retain(|it| it.rule == rule);
    let [only] = all.as_slice() else { panic!("{all:#?}") };
    [only.reason.clone(), only.remedy.clone()]
}

#[test]
fn replicas_that_do_not_run_are_named_with_the_single_point_that_they_could_mend() {
    let rack = |replicas: &str| {
        let yaml = format!(
            "workloads:\n  pi-hole: {{ {replicas}, uses: {{ memory: 1Mi }}, serves: dns }}\n"
        );
        told(&sound(&yaml), "single-point")
    };
    assert_eq!(
        rack("on: a, pin: a"),
        ["dns is served by pi-hole and is lost with a", "serve dns from a second machine"]
    );
    assert_eq!(
        rack("replicas: 2, on: a, pin: a"),
        [
            "dns is served by pi-hole (its other replica does not run) and is lost with a",
            "start the other replica on another machine"
        ]
    );
    assert_eq!(
        rack("replicas: 3, on: a, pin: a"),
        [
            "dns is served by pi-hole (its other 2 replicas do not run) and is lost with a",
            "start the other 2 replicas on other machines"
        ]
    );
    assert_eq!(
        rack("on: a"),
        [
            "dns is served by pi-hole and is gone with a until it starts elsewhere",
            "run a second replica, so that dns outlives a node"
        ]
    );
    assert_eq!(
        rack("replicas: 2, on: a"),
        [
            "dns is served by pi-hole (its other replica does not run) and is gone with a until it starts elsewhere",
            "start the other replica on another machine"
        ]
    );
}

#[test]
fn replicas_that_are_all_needed_make_each_of_their_machines_a_single_point() {
    let rack = |more: &str| {
        let yaml = format!(
            "workloads:\n  pi-hole: {{ replicas: 2, on: [a, b], {more}, uses: {{ memory: 1Mi }}, serves: dns }}\n"
        );
        let mut found = super::findings(&sound(&yaml));
        found.retain(|it| it.rule == "single-point");
        found.into_iter().map(|it| [it.reason, it.remedy]).collect::<Vec<_>>()
    };
    let remedy = "let pi-hole do with fewer replicas (`min-available`), or run one more";
    let gone =
        "dns is served by pi-hole and is gone with any one of a and b until it starts elsewhere";
    assert_eq!(rack("min-available: 2"), [[gone, remedy]]);
    let lost = "dns is served by pi-hole and is lost with any one of a and b";
    assert_eq!(rack("min-available: 2, pin: [a, b], apart: node"), [[lost, remedy]]);
    assert_eq!(rack("min-available: 1"), [[""; 2]; 0]);
}

#[test]
fn a_machine_that_most_workloads_stay_down_with_is_told_with_the_reason_that_most_of_them_share() {
    let app = |name: &str, more: &str| format!("  {name}: {{ {more}, uses: {{ memory: 1Mi }} }}\n");
    let (pin, data) = ("on: a, pin: a", "on: a, volumes: [{ local-path: 1Gi }]");
    let rack = |all: &[&str]| {
        let all: String =
            all.iter().enumerate().map(|it| app(&format!("w{}", it.0), it.1)).collect();
        sound(&format!("workloads:\n{all}"))
    };
    let reason = |all: &[&str]| told(&rack(all), "half-lost")[0].clone();
    let (other, none) =
        ("on: b, pin: b", "losing a stops 2 of 3 workloads, and none comes back by itself");
    assert_eq!(reason(&[pin, pin, other]), format!("{none}, because it may run nowhere else"));
    assert_eq!(reason(&[data, data, other]), format!("{none}, because its local volume is on a"));
    assert_eq!(reason(&[pin, data, other]), none, "no reason is that of most");
    assert_eq!(
        reason(&[pin, pin, pin, "on: a"]),
        "losing a stops 4 of 4 workloads, of which 1 comes back by itself"
    );
    expect(&rack(&[pin, pin, other, other]), &[]);
    expect(&rack(&[pin, "on: a", "on: a"]), &[]);
    expect(&rack(&[pin, pin]), &[]);
}

#[test]
fn a_switch_that_takes_most_machines_and_what_runs_there_is_told_with_both() {
    let rack = |ports: [&str; 4], workloads: &str| {
        let node = |(at, port): (usize, &str)| {
            format!(
                "  n{at}: {{ board: pi4-4g, os: talos, cluster: c, role: control-plane, port: {port} }}\n"
            )
        };
        let nodes: String = ports.into_iter().enumerate().map(node).collect();
        format!(
            "rack: test
switches: {{ s: {{ model: generic-8 }}, t: {{ model: generic-8 }} }}
clusters: {{ c: {{ talos: {{}}, workloads-on-control-plane: true }} }}
workloads: {{ {workloads} }}
nodes:\n{nodes}"
        )
    };
    let lost = |ports, workloads: &str| told(&rack(ports, workloads), "half-lost")[0].clone();
    let (most, half) = (["s/1", "s/2", "s/3", "t/1"], ["s/1", "s/2", "t/1", "t/2"]);
    assert_eq!(lost(most, ""), "losing switch s takes 3 of 4 nodes");
    let app = "app: { on: n0, uses: { memory: 1Mi } }";
    assert_eq!(
        lost(most, app),
        "losing switch s takes 3 of 4 nodes and stops 1 of 1 workload, and none comes back by itself"
    );
    let mut found = check_rack(&rack(half, ""));
    found.retain(|it| it.contains("half-lost"));
    assert_eq!(found, [""; 0], "half is not more than half");
}

#[test]
fn one_thing_that_takes_half_of_the_rack_is_told_once() {
    let rack = |ports: [&str; 4]| {
        let node = |(at, port): (usize, &str)| format!("  n{at}: {{ board: pi4-4g{port} }}\n");
        let nodes: String = ports.into_iter().enumerate().map(node).collect();
        format!(
            "rack: test\noutlets: {{ strip: {{}} }}\nswitches:\n  s: {{ model: generic-8, outlet: strip }}\n  t: {{ model: generic-8 }}\nnodes:\n{nodes}"
        )
    };
    expect(&rack([", port: s/1", ", port: s/2", ", port: t/1", ", port: t/2"]), &[]);
    expect(
        &rack([", port: s/1", ", port: s/2", ", port: s/3", ", port: t/2"]),
        &["note half-lost outlets.strip"],
    );
}

#[test]
fn what_all_depend_on_is_a_warning_and_what_they_pass_is_a_note() {
    let rack = |needs: &str| {
        let nodes: String = (0..4)
            .map(|it| format!("  n{it}: {{ board: pi4-4g, port: s/{}{needs} }}\n", it + 1))
            .collect();
        format!(
            "rack: test\nswitches: {{ s: {{ model: generic-8, uplink: 8, ports: {{ 8: {{ to: repeater }} }} }} }}\nnodes:\n{nodes}  nas: {{ board: pi4-4g }}\nservices: {{ boot: {{ on: nas }}, repeater: {{}} }}\n"
        )
    };
    let quiet = ["note half-cut-off services.repeater", "note half-lost switches.s"];
    expect(&rack(""), &quiet);
    expect(&rack(", needs: [boot]"), &["warning half-lost nodes.nas", quiet[0], quiet[1]]);
}

#[test]
fn the_radius_says_what_comes_back_and_what_stays_down_and_why() {
    let yaml = sound(
        "services: { nas: {} }
workloads:
  free: { on: a, uses: { memory: 100Mi } }
  pinned: { on: a, pin: a, uses: { memory: 1Mi } }
  data: { on: a, uses: { memory: 1Mi }, volumes: [{ local-path: 1Gi }] }
  needy: { on: b, uses: { memory: 1Mi }, needs: [pinned] }
  waits: { on: b, uses: { memory: 1Mi }, needs: [free] }
  twice: { on: [a, b], replicas: 2, uses: { memory: 1Mi } }
  large: { on: c, uses: { memory: 2300Mi } }
  photos: { on: b, uses: { memory: 1Mi }, volumes: [{ nfs: \"nas:/photos\" }] }
",
    );
    let (rack, _) = Source::read("rack.yaml", yaml.as_bytes()).unwrap();
    let all = radius(&rack.resolve().unwrap());
    let of = |place: &str| all.iter().find(|it| it.of.to_string() == place).unwrap();
    let back = |place: &str| of(place).back.iter().map(ToString::to_string).collect::<Vec<_>>();
    let down = |place: &str| {
        of(place)
            .down
            .iter()
            .map(|it| format!("{}: {}", it.workload, it.because))
            .collect::<Vec<_>>()
    };
    assert_eq!(back("nodes.a"), ["free", "waits"]);
    let expected = [
        "data: its local volume is on a",
        "pinned: it may run nowhere else",
        "needy: it needs pinned",
    ];
    assert_eq!(down("nodes.a"), expected);
    assert_eq!(down("nodes.c"), ["large: no other node has room for it"]);
    assert_eq!(down("services.nas"), ["photos: it needs nas"]);
    assert_eq!(all[0].of.to_string(), "nodes.a", "the worst comes first");
}

#[test]
fn what_needs_something_that_stays_down_stays_down_wherever_it_runs() {
    let workload = |name: &str, more: &str| {
        format!("  {name}: {{ on: a, uses: {{ memory: 1Mi }}, {more} }}\n")
    };
    let all = [
        workload("album", "needs: [postgres]"),
        workload("cache", "replicas: 1"),
        workload("frame", "needs: [album]"),
        workload("gallery", "needs: [door]"),
        workload("postgres", "volumes: [{ local-path: 1Gi }]"),
        workload("shop", "needs: [cache]"),
        workload("spare", "needs: [[postgres, cache]]"),
        workload("wall", "needs: [lock]"),
    ];
    let services = "services:\n  door: { needs: [cache] }\n  lock: { needs: [postgres] }\n";
    let yaml = sound(&format!("{services}workloads:\n{}", all.concat()));
    let (rack, _) = Source::read("rack.yaml", yaml.as_bytes()).unwrap();
    let losses = radius(&rack.resolve().unwrap());
    let loss = losses.iter().find(|it| it.of.to_string() == "nodes.a").unwrap();
    let mut down: Vec<_> =
        loss.down.iter().map(|it| format!("{}: {}", it.workload, it.because)).collect();
    down.sort();
    let expected = [
        "album: it needs postgres",
        "frame: it needs album",
        "postgres: its local volume is on a",
        "wall: it needs lock",
    ];
    assert_eq!(down, expected);
    let mut back: Vec<_> = loss.back.iter().map(ToString::to_string).collect();
    back.sort();
    assert_eq!(back, ["cache", "gallery", "shop", "spare"]);
}

#[test]
fn nothing_comes_back_without_room_or_without_a_control_plane() {
    let yaml = |planes: &str| {
        format!(
            "
rack: test
nodes:
  a: {{ board: pi4-8g, cluster: c, role: control-plane }}
  b: {{ board: pi4-2g, cluster: c{planes} }}
  w: {{ board: pi4-2g, cluster: c{planes} }}
clusters: {{ c: {{ kubernetes: {{}}, workloads-on-control-plane: true }} }}
workloads:
  big: {{ on: a, uses: {{ memory: 3Gi }} }}
"
        )
    };
    let because = |yaml: &str| {
        let (rack, _) = Source::read("rack.yaml", yaml.as_bytes()).unwrap();
        let all = radius(&rack.resolve().unwrap());
        let loss = all.into_iter().find(|it| it.of.to_string() == "nodes.a").unwrap();
        loss.down[0].because.clone()
    };
    assert_eq!(because(&yaml("")), "c has no control plane then");
    assert_eq!(because(&yaml(", role: control-plane")), "no other node has room for it");
}

/// A random rack without what it names and does not have.
fn mended(mut rack: Rack) -> Option<Resolved> {
    for _ in 0..9 {
        let findings = match rack.resolve() {
            Ok(rack) => return Some(rack),
            Err(findings) => findings,
        };
        let mut json = serde_json::to_value(&rack).ok()?;
        findings.iter().rev().for_each(|it| mend(&mut json, &it.at.0));
        rack = serde_json::from_value(json).ok()?;
    }
    None
}

fn mend(json: &mut Value, keys: &[String]) {
    let Some((last, above)) = keys.split_last() else { return };
    match at(json, above) {
        Some(Value::Object(keys)) => match (last.as_str(), above) {
            ("board", _) => drop(keys.insert("board".into(), "pi4-4g".into())),
            ("model", _) => drop(keys.insert("model".into(), "generic-24".into())),
            (id, [clusters]) if clusters == "clusters" => {
                drop(keys.insert(id.into(), json!({ "k3s": {} })));
            }
            (key, _) => drop(keys.remove(key)),
        },
        Some(Value::Array(items)) => {
            let position = last.parse().ok().filter(|it: &usize| *it < items.len());
            position.into_iter().for_each(|it| drop(items.remove(it)));
        }
        // A list of one is written as that one.
        Some(Value::String(_)) => mend(json, above),
        Some(Value::Null | Value::Bool(_) | Value::Number(_)) | None => {}
    }
}

fn at<'v>(json: &'v mut Value, keys: &[String]) -> Option<&'v mut Value> {
    keys.iter().try_fold(json, |at, key| match at {
        Value::Array(items) => key.parse().ok().and_then(|it: usize| items.get_mut(it)),
        Value::Object(keys) => keys.get_mut(key),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_workload_goes_down_with_a_node_that_leaves_too_few_of_it(rack in racks::rack()) {
        let rack = rack.0.resolve().expect("it resolves");
        for loss in radius(&rack) {
            let fell: BTreeSet<_> =
                loss.back.iter().chain(loss.down.iter().map(|it| &it.workload)).collect();
            prop_assert_eq!(fell.len(), loss.workloads(), "none falls twice");
            prop_assert!(loss.cut_off.iter().all(|it| !loss.nodes.contains(it)));
            for (at, workload) in rack.workloads.iter().enumerate() {
                let on = rack.replicas[workload.replicas.clone()].iter().filter_map(|it| it.on);
                let on: BTreeSet<&NodeId> = on.map(|it| &rack.nodes[it].id).collect();
                let left = on.iter().filter(|it| !loss.nodes.contains(it)).count();
                let least = (rack.written(at).min_available.max(1) as usize).min(on.len());
                let alone = rack.written(at).needs.is_empty() && rack.written(at).volumes.is_empty();
                if !on.is_empty() && left < least {
                    prop_assert!(fell.contains(&workload.id), "{} with {}", workload.id, loss.of);
                }
                if !on.is_empty() && left >= least && alone {
                    prop_assert!(!fell.contains(&workload.id), "{} with {}", workload.id, loss.of);
                }
            }
        }
    }

    #[test]
    fn any_rack_is_checked_in_words(rack in prop_oneof![arbitrary::racks(), racks::rack().prop_map(|it| it.0)]) {
        let Some(rack) = mended(rack) else { return Ok(()) };
        let all = check(&rack);
        for finding in &all {
            prop_assert!(!finding.reason.is_empty() && !finding.remedy.is_empty(), "{:?}", finding);
            prop_assert!(!finding.at.0.is_empty(), "{:?}", finding);
        }
        prop_assert!(all.is_sorted_by_key(|it| (it.severity, it.at.clone())));
        prop_assert_eq!(&all, &check(&rack));
        radius(&rack);
    }
}
