//! What must run, and what there is for it.

use super::{check_rack, expect, expect_workloads, findings, sound};

/// One machine that is a cluster, with exactly 1000Mi for workloads and a limit of 90% on top.
fn single(node: &str, workloads: &str) -> Vec<String> {
    let yaml = format!(
        "
rack: test
catalogue:
  systems: {{ other: {{ uses: {{ memory: 0Mi, cpu: 0m }}, control-plane: {{ memory: 0Mi, cpu: 0m }} }} }}
nodes:
  a: {{ board: vm, memory: 2000Mi, usable: 1000Mi, cores: 2, cluster: home, role: control-plane{node} }}
clusters:
  home: {{ kubernetes: {{}}, workloads-on-control-plane: true }}
workloads:
{workloads}
"
    );
    check_rack(&yaml).into_iter().filter(|it| !it.contains("single-control-plane")).collect()
}

#[test]
fn memory_is_judged_at_the_limit_and_not_below() {
    let uses =
        |memory: &str| single("", &format!("  app: {{ on: a, uses: {{ memory: {memory} }} }}"));
    assert_eq!(uses("800Mi"), [""; 0]);
    assert_eq!(uses("801Mi"), ["note node-memory nodes.a"]);
    assert_eq!(uses("900Mi"), ["note node-memory nodes.a"]);
    assert_eq!(uses("901Mi"), ["warning node-memory nodes.a"]);
    assert_eq!(uses("1000Mi"), ["warning node-memory nodes.a"]);
    let all = ["error node-memory nodes.a", "error no-node-fits workloads.app"];
    assert_eq!(uses("1001Mi"), all);
}

#[test]
fn many_nodes_alike_are_one_finding() {
    let nodes: String = (0..24)
        .map(|it| format!("  n{it:02}: {{ board: vm, memory: 4Gi, cluster: home, uses: {{ memory: 4000Mi }} }}\n"))
        .collect();
    let yaml = format!("rack: test\nnodes:\n{nodes}clusters:\n  home: {{ kubernetes: {{}} }}\n");
    let found = findings(&yaml);
    let memory: Vec<_> = found.iter().filter(|it| it.rule == "node-memory").collect();
    assert_eq!(memory.len(), 1);
    assert_eq!(memory[0].at.to_string(), "nodes");
    let names =
        "24 nodes are alike (n00, n01, n02 and 21 more): n00 uses 4000Mi of its 4Gi (97.7%)";
    assert!(memory[0].reason.starts_with(names), "{}", memory[0].reason);
}

#[test]
fn cpu_is_judged_by_the_policy_and_requests_by_the_machine() {
    let uses =
        |cpu: &str| single("", &format!("  app: {{ on: a, uses: {{ memory: 1Mi, cpu: {cpu} }} }}"));
    assert_eq!(uses("2"), [""; 0]);
    assert_eq!(uses("2001m"), ["error no-node-fits workloads.app", "warning node-cpu nodes.a"]);
    let asks = |requests: &str| {
        single(
            "",
            &format!("  app: {{ on: a, uses: {{ memory: 300Mi, cpu: 1 }}, requests: {requests} }}"),
        )
    };
    assert_eq!(
        asks("{ memory: 1000Mi, cpu: 2 }"),
        ["note request-over-use workloads.app.requests"; 0]
    );
    assert_eq!(asks("{ memory: 1001Mi }"), ["error node-requests nodes.a"]);
    assert_eq!(asks("{ cpu: 2001m }"), ["error node-requests nodes.a"]);
}

#[test]
fn a_measured_total_below_its_parts_contradicts_them() {
    let total = |memory: &str| {
        single(
            &format!(", uses: {{ memory: {memory} }}"),
            "  app: { on: a, uses: { memory: 700Mi } }",
        )
    };
    assert_eq!(total("700Mi"), [""; 0]);
    assert_eq!(total("699Mi"), ["warning figures-contradict nodes.a.uses"]);
}

#[test]
fn a_cluster_must_fit_without_its_largest_node() {
    let yaml = |a: &str, app: &str| {
        format!(
            "
rack: test
catalogue:
  systems: {{ other: {{ uses: {{ memory: 0Mi }}, control-plane: {{ memory: 0Mi }} }} }}
nodes:
  a: {{ board: vm, memory: 8Gi, usable: {a}, cluster: home, role: control-plane }}
  b: {{ board: vm, memory: 8Gi, usable: 1000Mi, cluster: home, role: control-plane }}
  c: {{ board: vm, memory: 8Gi, usable: 1000Mi, cluster: home, role: control-plane }}
clusters:
  home: {{ kubernetes: {{}}, workloads-on-control-plane: true }}
workloads:
  app: {{ replicas: 3, on: [a, b, c], uses: {{ memory: {app} }} }}
"
        )
    };
    expect(&yaml("2000Mi", "600Mi"), &[]);
    expect(&yaml("2000Mi", "601Mi"), &["warning no-spare-node clusters.home"]);
    let full = |app: &str| {
        let mut found = check_rack(&yaml("1000Mi", app));
        found.retain(|it| it.contains("cluster-memory"));
        found
    };
    assert_eq!(full("900Mi"), [""; 0]);
    assert_eq!(full("901Mi"), ["warning cluster-memory clusters.home"]);
    assert_eq!(full("1000Mi"), ["warning cluster-memory clusters.home"]);
    assert_eq!(full("1001Mi"), ["error cluster-memory clusters.home"]);
}

#[test]
fn what_is_not_known_of_memory_is_told_once() {
    expect_workloads("  app: { on: a }", &["note unknown-memory workloads.app"]);
    expect_workloads(
        "  app: {}\n  other: {}\n  third: {}\n  fourth: {}",
        &["note unknown-memory workloads"],
    );
    let assumed = sound("workloads:\n  app: { on: a }\npolicy: { assume: { memory: 50Mi } }\n");
    expect(&assumed, &[]);
}

#[test]
fn use_and_request_may_differ_but_not_by_far() {
    let app = |requests: &str, uses: &str| {
        format!(
            "  app: {{ on: a, requests: {{ memory: {requests} }}, uses: {{ memory: {uses} }} }}"
        )
    };
    expect_workloads(&app("512Mi", "600Mi"), &[]);
    expect_workloads(&app("512Mi", "785Mi"), &["note use-over-request workloads.app.requests"]);
    expect_workloads(&app("10Mi", "70Mi"), &[]);
    expect_workloads(&app("512Mi", "128Mi"), &["note request-over-use workloads.app.requests"]);
    expect_workloads(&app("512Mi", "200Mi"), &[]);
    expect_workloads(&app("512Mi", "768Mi"), &[]);
    expect_workloads(&app("512Mi", "769Mi"), &["note use-over-request workloads.app.requests"]);
    expect_workloads(&app("128Mi", "193Mi"), &["note use-over-request workloads.app.requests"]);
    expect_workloads(&app("100Mi", "163Mi"), &[]);
    expect_workloads(&app("100Mi", "164Mi"), &["note use-over-request workloads.app.requests"]);
}

#[test]
fn what_is_asked_for_too_little_or_too_much_counts_for_each_replica() {
    let told = |workload: &str| {
        let yaml = sound(&format!("workloads:\n  app: {{ {workload} }}\n"));
        let found = findings(&yaml).into_iter().find(|it| it.rule.contains("request"));
        found.unwrap().reason
    };
    let little = "requests: { memory: 100Mi }, uses: { memory: 200Mi }";
    let counts = ["100Mi", "200Mi", "300Mi"];
    for (replicas, sum) in
        ["on: a", "replicas: 2, on: [a, b]", "replicas: every-node"].iter().zip(counts)
    {
        let reason = told(&format!("{replicas}, {little}"));
        assert!(reason.starts_with(&format!("{sum} more in use than requested")), "{reason}");
    }
    let much = "replicas: 2, on: [a, b], requests: { memory: 400Mi }, uses: { memory: 100Mi }";
    let reason = told(much);
    assert!(reason.starts_with("600Mi requested and not used (app 400Mi for 100Mi)"), "{reason}");
}

/// What is to be done about the memory of `a`, which has 1848Mi for workloads and its own system.
fn relief(workloads: &str) -> String {
    let yaml = format!(
        "
rack: test
nodes:
  a: {{ board: pi4-2g, cluster: home, role: control-plane }}
  b: {{ board: pi4-2g, cluster: home }}
clusters: {{ home: {{ k3s: {{}} }} }}
workloads:
{workloads}
"
    );
    let found = findings(&yaml);
    let full = found.iter().find(|it| it.rule == "node-memory" && it.at.to_string() == "nodes.a");
    full.unwrap_or_else(|| panic!("{found:#?}")).remedy.clone()
}

#[test]
fn only_what_may_move_and_has_somewhere_to_go_is_to_be_moved() {
    let one = "  one: { on: a, uses: { memory: 900Mi }";
    let two = "  two: { on: a, uses: { memory: 800Mi }";
    assert_eq!(
        relief(&format!("{one} }}\n{two} }}")),
        "move one (900Mi), the largest on it, to another node"
    );
    assert_eq!(
        relief(&format!("{one}, pin: a }}\n{two} }}")),
        "move two (800Mi) to another node, where there is room for it"
    );
    assert_eq!(
        relief(&format!("{one}, with: two }}\n{two}, pin: a }}")),
        "give it less to run, or more memory"
    );
    let full = "  full: { on: b, uses: { memory: 1Gi } }";
    assert_eq!(
        relief(&format!("{one} }}\n{two} }}\n{full}")),
        "give it less to run, or more memory"
    );
    let pinned = "  large: { on: a, pin: a, uses: { memory: 3Gi } }";
    let larger = "pin large (3Gi), too large for it even alone, to a larger node";
    assert_eq!(relief(pinned), larger);
    assert_eq!(relief(&format!("{pinned}\n{two} }}")), larger, "moving the other is no help");
}

#[test]
fn nothing_is_to_be_moved_that_its_volume_or_its_own_replica_keeps_off() {
    let one = "  one: { on: a, uses: { memory: 900Mi }";
    let two = "  two: { on: a, uses: { memory: 800Mi } }";
    let first = "move one (900Mi), the largest on it, to another node";
    let second = "move two (800Mi) to another node, where there is room for it";
    let local = format!("{one}, volumes: [{{ local-path: 1Gi }}] }}\n{two}");
    assert_eq!(relief(&local), first);
    assert_eq!(relief(&format!("{local}\npolicy: {{ move-volumes: false }}")), second);
    let other = format!("{one}, volumes: [{{ empty: 1Gi }}] }}\n{two}");
    assert_eq!(relief(&format!("{other}\npolicy: {{ move-volumes: false }}")), first);
    assert_eq!(relief(&format!("{one}, host-ports: 80 }}\n{two}")), first);
    assert_eq!(relief(&format!("{one}, apart: node }}\n{two}")), first);
    let both = |more: &str| {
        let one = "  one: { on: [a, b], replicas: 2, uses: { memory: 600Mi }";
        let rest = "  two: { on: a, uses: { memory: 550Mi } }\n  three: { on: a, uses: { memory: 540Mi } }";
        relief(&format!("{one}{more} }}\n{rest}"))
    };
    assert_eq!(both(""), "move one (600Mi), the largest on it, to another node");
    let second = "move two (550Mi) to another node, where there is room for it";
    assert_eq!(both(", apart: node"), second);
    assert_eq!(both(", host-ports: 80"), second);
}

#[test]
fn what_may_go_elsewhere_is_to_go_and_the_rest_is_to_be_made_smaller() {
    let remedy = |rule: &str, more: &str| {
        let app = |name: &str| format!("  {name}: {{ on: a{more} }}\n");
        let all = findings(&sound(&format!("workloads:\n{}{}", app("one"), app("two"))));
        all.into_iter().find(|it| it.rule == rule).unwrap().remedy
    };
    let cpu = ", uses: { memory: 1Mi, cpu: 2500m }";
    assert_eq!(remedy("node-cpu", cpu), "move some of it to another node");
    let stays = format!("{cpu}, pin: a");
    assert_eq!(remedy("node-cpu", &stays), "give it less to run, or more cores");
    let asks = ", uses: { memory: 1Mi }, requests: { cpu: 2500m }";
    assert_eq!(
        remedy("node-requests", asks),
        "lower the requests to what is used, or move some of them away"
    );
    let stays = format!("{asks}, pin: a");
    assert_eq!(remedy("node-requests", &stays), "lower the requests to what is used");
}
