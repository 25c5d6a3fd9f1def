//! Why things are where they are, and why not elsewhere.

use rackberry_core::Points;
use rackberry_plan::{Explanation, Resolved, Source, place};

/// Three machines `a`, `b` and `c` of 1000Mi and two cores for workloads, of which 900Mi may be in use.
fn rack(nodes: [&str; 3], workloads: &str) -> Resolved {
    let node = |(name, more): (&str, &str)| {
        format!(
            "  {name}: {{ board: vm, memory: 2000Mi, usable: 1000Mi, cores: 2, cluster: home, role: control-plane{more} }}\n"
        )
    };
    let nodes: String = ["a", "b", "c"].into_iter().zip(nodes).map(node).collect();
    let yaml = format!(
        "rack: desk
catalogue:
  systems: {{ other: {{ uses: {{ memory: 0Mi, cpu: 0m }}, control-plane: {{ memory: 0Mi, cpu: 0m }} }} }}
nodes:
{nodes}
clusters: {{ home: {{ kubernetes: {{}}, workloads-on-control-plane: true }} }}
workloads:
{workloads}
"
    );
    let (rack, _) = Source::read("desk.yaml", yaml.as_bytes()).unwrap_or_else(|it| panic!("{it}"));
    rack.resolve().unwrap()
}

fn explained(rack: &Resolved, workload: &str) -> Vec<Explanation> {
    let at = rack.workload_named(workload).unwrap();
    place(rack).unwrap().explain(rack, at).unwrap()
}

/// Why a workload is where it is, and why on no other node, a line each.
fn told(nodes: [&str; 3], workloads: &str) -> Vec<String> {
    let rack = rack(nodes, workloads);
    let all = explained(&rack, "app");
    all.iter()
        .flat_map(|it| {
            let others = it.others.iter().map(|it| format!("{}: {}", it.node, it.why_not));
            std::iter::once(it.why_here.clone()).chain(others)
        })
        .collect()
}

const NONE: [&str; 3] = [""; 3];

/// A workload that is looked at, and what is on `b` and on `c` and stays there.
fn beside(app: &str, b: &str, c: &str) -> String {
    format!(
        "  app: {{ {app} }}\n  two: {{ on: b, pin: b, {b} }}\n  three: {{ on: c, pin: c, {c} }}"
    )
}

fn memory(mebi: u64) -> String {
    format!("uses: {{ memory: {mebi}Mi }}")
}

#[test]
fn a_place_is_compared_with_the_next_best_one() {
    // A node that is used to so many thousandths costs the square of that, in hundredths of a point.
    let starts = [
        "starts on a: b, the next best, would be 1200 points worse",
        "b: it would fit, and would be 1200 points worse",
        "c: it would fit, and would be 3000 points worse",
    ];
    assert_eq!(told(NONE, &beside(&memory(300), &memory(200), &memory(500))), starts);
    let back = [
        "starts on a: c, the next best, would be 1200 points worse",
        "b: it would fit, and would be 3000 points worse",
        "c: it would fit, and would be 1200 points worse",
    ];
    assert_eq!(told(NONE, &beside(&memory(300), &memory(500), &memory(200))), back);
    let stays = [
        "stays on a: b, the next best, would be 5 points worse",
        "b: it would fit, and would be 5 points worse",
        "c: it would fit, and would be 5 points worse",
    ];
    assert_eq!(
        told(NONE, "  app: { on: a, uses: { memory: 300Mi } }"),
        stays,
        "the price of a move"
    );
    let full = "  app: { on: a, uses: { memory: 300Mi } }
  one: { on: a, pin: a, uses: { memory: 700Mi } }
  two: { on: c, pin: c, uses: { memory: 500Mi } }";
    let moves = [
        "moves to b: c, the next best, would be 3000 points worse",
        "a: its memory limit is 100Mi short",
        "c: it would fit, and would be 3000 points worse",
    ];
    assert_eq!(told(NONE, full), moves);
}

#[test]
fn a_difference_is_told_in_whole_points() {
    let start = |weight: &str| {
        let policy = format!("\npolicy: {{ weights: {{ balance: 0, prefer: {weight} }} }}");
        let labels = [", labels: { disk: ssd }", "", ""];
        told(
            labels,
            &format!("  app: {{ prefer: {{ disk: ssd }}, uses: {{ memory: 1Mi }} }}{policy}"),
        )[0]
        .clone()
    };
    assert_eq!(start("0"), "starts on a: b, the next best, would be just as good");
    assert_eq!(start("0.499"), "starts on a: b, the next best, would be just as good");
    assert_eq!(start("0.5"), "starts on a: b, the next best, would be 1 point worse");
    assert_eq!(start("1.499"), "starts on a: b, the next best, would be 1 point worse");
    assert_eq!(start("1.5"), "starts on a: b, the next best, would be 2 points worse");
    assert_eq!(start("20.4"), "starts on a: b, the next best, would be 20 points worse");
}

#[test]
fn a_difference_is_given_in_figures_where_a_replica_may_run() {
    let rack = rack(NONE, &beside(&memory(300), &memory(200), &memory(650)));
    let [only] = explained(&rack, "app").try_into().unwrap();
    assert_eq!(only.replica.to_string(), "app/0");
    assert_eq!(only.node, Some("a".parse().unwrap()));
    let worse: Vec<_> = only.others.iter().map(|it| it.worse_by).collect();
    assert_eq!(worse, [Some(Points(1_200_000)), None], "c has no room");
}

#[test]
fn what_a_node_is_short_of_is_told_and_the_nearest_is_named() {
    let short = |nodes: [&str; 3], app: &str, b: &str, c: &str, what: [&str; 2]| {
        let [b_, c_] = what;
        let here = format!("stays on a: no other node can take it; not c: its {c_} short");
        let expected = [here, format!("b: its {b_} short"), format!("c: its {c_} short")];
        assert_eq!(told(nodes, &beside(&format!("on: a, {app}"), b, c)), expected);
    };
    let all = ["memory limit is 100Mi", "memory limit is 50Mi"];
    short(NONE, &memory(300), &memory(700), &memory(650), all);
    let asks = |mebi: u64| format!("{}, requests: {{ memory: {mebi}Mi }}", memory(1));
    let all = ["memory for requests is 100Mi", "memory for requests is 20Mi"];
    short(NONE, &asks(300), &asks(800), &asks(720), all);
    let cpu = |milli: u64| format!("uses: {{ memory: 1Mi, cpu: {milli}m }}");
    short(NONE, &cpu(500), &cpu(1800), &cpu(1700), ["CPU limit is 300m", "CPU limit is 200m"]);
    let asks = |milli: u64| format!("{}, requests: {{ cpu: {milli}m }}", cpu(1));
    let all = ["CPU for requests is 300m", "CPU for requests is 200m"];
    short(NONE, &asks(500), &asks(1800), &asks(1700), all);
    let disks = [
        "",
        ", disks: { d: { kind: disk, size: 10Gi } }",
        ", disks: { d: { kind: disk, size: 15Gi } }",
    ];
    let volume = format!("{}, volumes: [{{ local-path: 20Gi }}]", memory(1));
    short(disks, &volume, &memory(1), &memory(1), ["disk is 10Gi", "disk is 5Gi"]);
}

#[test]
fn what_keeps_a_replica_off_a_node_is_told() {
    let pinned = "the workload is pinned to a";
    assert_eq!(
        told(NONE, "  app: { on: a, pin: a, uses: { memory: 1Mi } }"),
        [
            "stays on a: it may run on no other node".to_owned(),
            format!("b: {pinned}"),
            format!("c: {pinned}")
        ]
    );
    let foe = "is to be kept apart from it (`apart-from`)";
    let apart = format!("on: a, apart-from: [two, three], {}", memory(1));
    assert_eq!(
        told(NONE, &beside(&apart, &memory(1), &memory(1))),
        [
            format!("stays on a: no other node can take it; not b: two/0 {foe}"),
            format!("b: two/0 {foe}"),
            format!("c: three/0 {foe}")
        ]
    );
    let uneven = "app would be spread too unevenly";
    let spread = "  app: { replicas: 2, on: [a, b], pin: [a, b], spread: { over: node }, uses: { memory: 1Mi } }";
    assert_eq!(
        told(NONE, spread)[..2],
        [format!("stays on a: no other node can take it; not b: {uneven}"), format!("b: {uneven}")]
    );
}

#[test]
fn what_fits_nowhere_is_told_with_the_node_that_comes_nearest() {
    let nowhere = |nodes: [&str; 3], all: &str| {
        let rack = rack(nodes, all);
        let why = explained(&rack, "app")[0].why_here.clone();
        let unplaced = place(&rack).unwrap().unplaced;
        let unplaced: Vec<_> =
            unplaced.iter().map(|it| format!("{}: {}", it.replica, it.reason)).collect();
        assert_eq!(unplaced, [format!("app/0: {why}")]);
        let blocked = rackberry_plan::plan(&rack).unwrap().1.blocked;
        let blocked: Vec<_> =
            blocked.iter().map(|it| format!("{}: {}", it.replica, it.reason)).collect();
        assert_eq!(blocked, unplaced, "a plan says the same");
        why
    };
    let three = |a: u64, app: &str| {
        let a = format!("  one: {{ on: a, pin: a, {} }}\n", memory(a));
        a + &beside(app, &memory(620), &memory(650))
    };
    assert_eq!(
        nowhere(NONE, &three(700, &memory(300))),
        "b comes nearest: its memory limit is 20Mi short"
    );
    assert_eq!(
        nowhere(NONE, &three(620, &memory(300))),
        "a comes nearest: its memory limit is 20Mi short",
        "the first of two"
    );
    let foe = format!("apart-from: one, {}", memory(300));
    assert_eq!(
        nowhere(NONE, &three(1, &foe)),
        "b comes nearest: its memory limit is 20Mi short",
        "room is easier made than a rule"
    );
    let foe = format!("apart-from: two, pin: [b, c], arch: amd64, {}", memory(300));
    let nodes = ["", "", ", arch: arm64"];
    assert_eq!(
        nowhere(nodes, &three(1, &foe)),
        "b comes nearest: its memory limit is 20Mi short; two/0 is to be kept apart from it (`apart-from`)"
    );
    assert_eq!(
        nowhere(NONE, "  app: { uses: { memory: 300Mi }, arch: arm64 }"),
        "it may run nowhere; not on a: the workload has no image for amd64"
    );
}

#[test]
fn a_place_without_what_a_replica_must_be_beside_is_no_matter_of_points() {
    let all = beside(
        &format!("on: a, with: [two, four], {}", memory(50)),
        &format!("{}, min-available: 1, volumes: [{{ local-path: 1Gi }}]", memory(880)),
        &memory(100),
    );
    let all = format!("{all}\n  four: {{ on: a, {} }}", memory(50));
    let expected = [
        "stays on a: c, the next best, would be without what it must share a node with (`with`)",
        "b: its memory limit is 30Mi short",
        "c: it would fit, and would be without what it must share a node with (`with`)",
    ];
    assert_eq!(told(NONE, &all), expected);
}

#[test]
fn one_sentence_for_each_replica_is_the_one_of_the_whole_explanation() {
    let rack = rack(NONE, &beside(&memory(300), &memory(200), &memory(500)));
    let placement = place(&rack).unwrap();
    let reasons = placement.reasons(&rack, &[2, 0]).unwrap();
    let short: Vec<_> = reasons.iter().map(|it| (it.replica.to_string(), &it.why_here)).collect();
    let [two] = explained(&rack, "two").try_into().unwrap();
    let [app] = explained(&rack, "app").try_into().unwrap();
    assert_eq!(short, [("two/0".into(), &two.why_here), ("app/0".into(), &app.why_here)]);
    assert_eq!(rack.workload_named("nobody"), None);
}

#[test]
fn the_score_is_the_sum_of_its_terms() {
    let labels = [", labels: { disk: ssd }", "", ""];
    let all = beside(
        &format!("on: a, pin: b, prefer: {{ disk: ssd }}, {}", memory(300)),
        &memory(100),
        &memory(1),
    );
    let placement = place(&rack(labels, &all)).unwrap();
    let (before, after) = (placement.before, placement.after);
    // 300 and 100 thousandths squared, and 1, in hundredths of a point; together on b they are 400.
    assert_eq!((before.balance, after.balance), (Points(1_000_010), Points(1_600_010)));
    assert_eq!((before.prefer, after.prefer), (Points(0), Points(100_000)));
    assert_eq!((before.moves, after.moves), (Points(0), Points(5_000)));
    assert_eq!(after.total(), Points(1_600_010 + 100_000 + 5_000));
}
