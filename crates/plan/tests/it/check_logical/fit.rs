//! Workloads that cannot run as the file says.

use super::{expect, expect_workloads, findings, sound};

#[test]
fn a_workload_that_may_run_nowhere_is_told_with_the_nearest_miss() {
    let app =
        |key: &str| sound(&format!("workloads:\n  app: {{ uses: {{ memory: 1Mi }}, {key} }}\n"));
    expect(&app("selector: { disk: ssd }"), &["error no-node-allowed workloads.app.selector"]);
    expect(&app("arch: amd64"), &["error no-node-allowed workloads.app.arch"]);
    expect(&app("arch: [amd64, arm64]"), &[]);
    let reason = &findings(&app("arch: amd64"))[0].reason;
    assert_eq!(
        reason,
        "app may run on none of 3 nodes; a comes nearest: the workload has no image for arm64"
    );
    let closed = app("replicas: 1").replace("{}, workloads-on-control-plane: true", "{}");
    expect(&closed, &["error no-node-allowed workloads.app.tolerations"]);
    expect(&app("replicas: 0, arch: amd64"), &[]);
}

#[test]
fn a_workload_too_large_for_every_node_is_told_with_the_roomiest() {
    expect_workloads("  app: { uses: { memory: 2300Mi } }", &[]);
    let yaml = sound("workloads:\n  app: { uses: { memory: 2395Mi } }\n");
    let found = findings(&yaml);
    let fits = found.iter().find(|it| it.rule == "no-node-fits").unwrap();
    let expected =
        "app needs 2395Mi, and c, the roomiest node it may run on, has 2394Mi for workloads";
    assert_eq!(fits.reason, expected);
}

#[test]
fn memory_on_one_node_and_cores_on_another_are_no_room() {
    let app = |memory: &str, cpu: &str| {
        let yaml = format!(
            "rack: test
nodes:
  a: {{ board: vm, memory: 8Gi, cores: 1, cluster: home, role: control-plane }}
  b: {{ board: vm, memory: 2Gi, cores: 8, cluster: home }}
clusters: {{ home: {{ k3s: {{}} }} }}
workloads:
  app: {{ uses: {{ memory: {memory}, cpu: {cpu} }} }}
"
        );
        let found = findings(&yaml).into_iter().filter(|it| it.rule == "no-node-fits");
        found.map(|it| it.reason).collect::<Vec<_>>()
    };
    assert_eq!(app("4Gi", "500m"), [""; 0]);
    assert_eq!(app("500Mi", "4"), [""; 0]);
    let both = "app needs 4Gi and 4 cores, and no node it may run on has both";
    assert_eq!(app("4Gi", "4"), [both]);
}

#[test]
fn the_nearest_miss_is_the_node_that_meets_most_conditions() {
    let reason = |b: &str, c: &str| {
        let yaml = sound(
            "workloads:\n  app: { uses: { memory: 1Mi }, selector: { disk: ssd }, arch: arm64 }\n",
        );
        let yaml = yaml.replace("  b: { board: pi4-4g,", &format!("  b: {{ board: pi4-4g, {b},"));
        let yaml = yaml.replace("  c: { board: pi4-4g,", &format!("  c: {{ board: pi4-4g, {c},"));
        let found = findings(&yaml).into_iter().find(|it| it.rule == "no-node-allowed").unwrap();
        found.reason.split("; ").nth(1).unwrap().to_owned()
    };
    let (ssd, tainted) = ("labels: { disk: ssd }", "taints: [\"x:NoExecute\"]");
    let closed = "cordoned: true";
    let taint = "b comes nearest: its taint x:NoExecute is not tolerated";
    assert_eq!(reason(&format!("{ssd}, {tainted}"), closed), taint);
    assert_eq!(
        reason(&format!("{ssd}, {tainted}"), &format!("{ssd}, {closed}")),
        "c comes nearest: it is cordoned"
    );
    assert_eq!(
        reason("labels: { disk: hdd }", "arch: arm"),
        "a comes nearest: it has no label disk, and the workload selects disk=ssd"
    );
}

#[test]
fn where_it_runs_must_agree_with_where_it_may() {
    expect_workloads(
        "  app: { on: a, pin: b, uses: { memory: 1Mi } }",
        &["error misplaced workloads.app.on.0"],
    );
    expect_workloads("  app: { on: b, pin: b, uses: { memory: 1Mi } }", &[]);
    let tainted = |effect: &str| {
        let yaml = sound("workloads:\n  app: { on: a, uses: { memory: 1Mi } }\n");
        yaml.replacen(
            "role: control-plane }",
            &format!("role: control-plane, taints: [\"x:{effect}\"] }}"),
            1,
        )
    };
    expect(&tainted("NoSchedule"), &["note misplaced workloads.app.on.0"]);
    expect(&tainted("NoExecute"), &["error misplaced workloads.app.on.0"]);
    expect(&tainted("PreferNoSchedule"), &[]);
    let cordoned = sound("workloads:\n  app: { on: a, uses: { memory: 1Mi } }\n");
    expect(&cordoned.replacen("control-plane }", "control-plane, cordoned: true }", 1), &[]);
}

#[test]
fn there_are_no_more_places_than_replicas() {
    expect_workloads("  app: { on: [a, b], replicas: 2, uses: { memory: 1Mi } }", &[]);
    expect_workloads(
        "  app: { on: [a, b], uses: { memory: 1Mi } }",
        &["error too-many-places workloads.app.on"],
    );
    expect_workloads(
        "  app: { on: a, replicas: every-node, uses: { memory: 1Mi } }",
        &["note too-many-places workloads.app.on"],
    );
}

#[test]
fn a_port_of_a_node_is_taken_once() {
    let two = |b: &str, port: &str| {
        format!(
            "  one: {{ on: a, uses: {{ memory: 1Mi }}, host-ports: 53/udp }}\n  two: {{ on: {b}, uses: {{ memory: 1Mi }}, host-ports: {port} }}"
        )
    };
    expect_workloads(&two("b", "53/udp"), &[]);
    expect_workloads(&two("a", "53/tcp"), &[]);
    expect_workloads(&two("a", "53/udp"), &["error port-taken workloads.two.host-ports.0"]);
    let every = "  one: { replicas: every-node, uses: { memory: 1Mi }, host-ports: 80 }\n  two: { on: c, uses: { memory: 1Mi }, host-ports: 80 }";
    expect_workloads(every, &["error port-taken workloads.two.host-ports.0"]);
}

#[test]
fn why_replicas_need_places_of_their_own_is_said() {
    let app = |more: &str| {
        let all = findings(&sound(&format!(
            "workloads:\n  app: {{ replicas: 4, uses: {{ memory: 1Mi }}, {more} }}\n"
        )));
        let it = all.iter().find(|it| it.rule == "apart-impossible").unwrap();
        format!("{}; {}", it.reason, it.remedy)
    };
    let rest =
        "node, and it may run in 3 of them only; run 3 replicas, or let it run in more places";
    assert_eq!(app("apart: node"), format!("the 4 replicas of app are kept apart by {rest}"));
    let ports = format!("the 4 replicas of app each take a port of their {rest}");
    assert_eq!(app("host-ports: 80"), ports);
}

#[test]
fn replicas_apart_need_as_many_parts() {
    let app = |more: &str| format!("  app: {{ uses: {{ memory: 1Mi }}, {more} }}");
    expect_workloads(&app("replicas: 3, apart: node"), &[]);
    expect_workloads(
        &app("replicas: 4, apart: node"),
        &["error apart-impossible workloads.app.apart"],
    );
    expect_workloads(
        &app("replicas: 4, host-ports: 80"),
        &["error apart-impossible workloads.app.host-ports"],
    );
    expect_workloads(
        &app("replicas: 2, apart: node, on: [a, a]"),
        &["warning apart-broken workloads.app.on.1"],
    );
    expect_workloads(&app("replicas: 2, apart: node, on: [a, b]"), &[]);
    expect_workloads(
        &app("replicas: 3, apart: node, on: [a, b, b]"),
        &["warning apart-broken workloads.app.on.2"],
    );
}

#[test]
fn companions_can_share_a_node() {
    let two = |one: &str, other: &str| {
        format!(
            "  one: {{ uses: {{ memory: 1Mi }}, with: other, {one} }}\n  other: {{ uses: {{ memory: 1Mi }}, {other} }}"
        )
    };
    let broken = ["error with-impossible workloads.one.with.0"];
    expect_workloads(&two("replicas: 1", "replicas: 1"), &[]);
    expect_workloads(&two("replicas: 2", "replicas: 1"), &broken);
    expect_workloads(&two("pin: a", "pin: [a, b]"), &[]);
    expect_workloads(&two("pin: a", "pin: b"), &broken);
    expect_workloads(&two("apart-from: other", "replicas: 1"), &broken);
}

#[test]
fn a_minimum_leaves_a_replica_free_to_move() {
    let app = |replicas: u32, least: u32| {
        format!(
            "  app: {{ uses: {{ memory: 1Mi }}, replicas: {replicas}, min-available: {least} }}"
        )
    };
    expect_workloads(&app(2, 1), &[]);
    expect_workloads(&app(2, 2), &["warning no-disruption workloads.app.min-available"]);
    expect_workloads(&app(2, 3), &["error no-disruption workloads.app.min-available"]);
}

#[test]
fn a_limit_is_above_what_is_requested_and_used() {
    let app = |limit: &str| {
        format!(
            "  app: {{ on: a, limits: {{ memory: {limit} }}, requests: {{ memory: 90Mi }}, uses: {{ memory: 100Mi }} }}"
        )
    };
    expect_workloads(&app("100Mi"), &[]);
    expect_workloads(&app("99Mi"), &["error limit-below workloads.app.limits"]);
    expect_workloads(&app("89Mi"), &["error limit-below workloads.app.limits"]);
    let only = |limit: &str, request: &str| {
        format!(
            "  app: {{ on: a, uses: {{ memory: 50Mi }}, limits: {{ {limit} }}, requests: {{ {request} }} }}"
        )
    };
    expect_workloads(&only("memory: 90Mi", "memory: 90Mi"), &[]);
    expect_workloads(&only("cpu: 100m", "cpu: 100m"), &[]);
    expect_workloads(&only("cpu: 101m", "cpu: 100m"), &[]);
    expect_workloads(&only("cpu: 99m", "cpu: 100m"), &["error limit-below workloads.app.limits"]);
}

#[test]
fn workloads_that_are_kept_apart_do_not_run_on_one_node() {
    let two = |one: &str, other: &str| {
        format!(
            "  one: {{ uses: {{ memory: 1Mi }}, apart-from: [other], {one} }}\n  other: {{ uses: {{ memory: 1Mi }}, {other} }}"
        )
    };
    expect_workloads(&two("on: a", "on: b"), &[]);
    expect_workloads(&two("on: a", "replicas: 1"), &[]);
    let broken = ["warning apart-from-broken workloads.one.on.1"];
    expect_workloads(&two("replicas: 2, on: [a, b]", "on: b"), &broken);
    expect_workloads(&two("replicas: 2, on: [a, b]", "on: b, apart-from: one"), &broken);
    let every = ["warning apart-from-broken workloads.one.apart-from"];
    expect_workloads(&two("replicas: every-node", "on: b"), &every);
    let found = findings(&sound(&format!("workloads:\n{}\n", two("on: b", "on: b"))));
    assert_eq!(found[0].reason, "one is kept apart from other, and both run on b");
    assert_eq!(found[0].remedy, "move one of them");
    let pinned =
        findings(&sound(&format!("workloads:\n{}\n", two("on: b, pin: b", "on: b, pin: b"))));
    assert_eq!(pinned[0].remedy, "let one of them run elsewhere");
    for (one, other) in [("on: b, pin: b", "on: b"), ("on: b", "on: b, pin: b")] {
        let half = findings(&sound(&format!("workloads:\n{}\n", two(one, other))));
        assert_eq!(half[0].remedy, "move one of them");
    }
}

#[test]
fn workloads_that_belong_together_run_together() {
    let two = |one: &str, other: &str| {
        format!(
            "  one: {{ uses: {{ memory: 1Mi }}, with: [other], {one} }}\n  other: {{ uses: {{ memory: 1Mi }}, {other} }}"
        )
    };
    expect_workloads(&two("on: a", "on: a"), &[]);
    expect_workloads(&two("on: a", "replicas: 1"), &[]);
    expect_workloads(&two("on: c", "replicas: every-node"), &[]);
    let broken = ["warning with-broken workloads.one.on.0"];
    expect_workloads(&two("on: a", "on: b"), &broken);
    expect_workloads(&two("on: a", "on: b, with: one"), &broken);
    expect_workloads(&two("replicas: 2, on: [a, b]", "replicas: 2, on: [a, b]"), &[]);
    let second = ["warning with-broken workloads.one.on.1"];
    expect_workloads(&two("replicas: 2, on: [a, b]", "replicas: 2, on: [a, c]"), &second);
    let told = |one: &str, other: &str| {
        let found = findings(&sound(&format!("workloads:\n{}\n", two(one, other))));
        format!("{}: {}", found[0].reason, found[0].remedy)
    };
    let so = "one must share a node with other, and they run on a and on b";
    assert_eq!(told("on: a", "on: b"), format!("{so}: move one to b"));
    assert_eq!(told("on: a, pin: a", "on: b"), format!("{so}: move other to a"));
    let impossible = ["error with-impossible workloads.one.with.0"];
    expect_workloads(&two("on: a, pin: a", "on: b, pin: b"), &impossible);
    let later = |first: &str, second: &str| {
        format!(
            "  app: {{ uses: {{ memory: 1Mi }}, replicas: 2, {first} }}\n  beside: {{ uses: {{ memory: 1Mi }}, replicas: 2, with: [app], {second} }}"
        )
    };
    expect_workloads(&later("on: [a, b]", "on: [a, b]"), &[]);
    let second = ["warning with-broken workloads.beside.on.1"];
    expect_workloads(&later("on: [a, b]", "on: [a, c]"), &second);
    let both = format!("{so}: move both to a node that may run both");
    assert_eq!(told("on: a, pin: [a, c]", "on: b, pin: [b, c]"), both);
}

#[test]
fn replicas_are_spread_as_evenly_as_the_file_says() {
    let app = |more: &str| format!("  app: {{ uses: {{ memory: 1Mi }}, replicas: 3, {more} }}");
    expect_workloads(&app("spread: { over: node }, on: [a, b, c]"), &[]);
    expect_workloads(&app("spread: { over: node }, on: a"), &[]);
    expect_workloads(&app("spread: { over: node, skew: 3 }, on: [a, a, a]"), &[]);
    expect_workloads(&app("spread: { over: node }, pin: a, on: [a, a, a]"), &[]);
    let broken = ["warning spread-broken workloads.app.on.2"];
    expect_workloads(&app("spread: { over: node }, on: [a, a, a]"), &broken);
    expect_workloads(&app("spread: { over: node }, on: [b, a, a]"), &broken);
    let yaml = app("spread: { over: node }, on: [a, a, a]");
    let found = findings(&sound(&format!("workloads:\n{yaml}\n")));
    assert_eq!(
        found[0].reason,
        "app is spread over each node with a skew of 1, and 3 of its replicas run on a, 0 on b"
    );
    assert_eq!(found[0].remedy, "move one of them to b");
}

#[test]
fn nobody_is_told_to_move_what_is_pinned() {
    let two = |one: &str, other: &str| {
        format!(
            "  one: {{ uses: {{ memory: 1Mi }}, on: a, host-ports: 53, {one} }}\n  other: {{ uses: {{ memory: 1Mi }}, on: a, host-ports: [80, 53], {other} }}"
        )
    };
    let remedy = |one: &str, other: &str| {
        let found = findings(&sound(&format!("workloads:\n{}\n", two(one, other))));
        assert_eq!(found[0].at.to_string(), "workloads.other.host-ports.1");
        found[0].remedy.clone()
    };
    let either = "move one of them to another node, or give it another port";
    assert_eq!(remedy("pin: a", "replicas: 1"), either);
    assert_eq!(remedy("pin: a", "pin: a"), "give one of them another port");
    assert_eq!(remedy("pin: [a, b]", "pin: [a, b]"), either);
}
