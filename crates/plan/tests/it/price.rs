//! What a move costs, and how long it takes, worked out by hand.

use rackberry_core::{
    BitsPerSecond, Bytes, Millicores, PerGi, PerMinute, Permille, Points, Seconds,
};
use rackberry_plan::rack::Weights;
use rackberry_plan::{Placement, Plan, Resolved, Source, Use, place, plan};

/// A workload that has to go from `a` to `b`, whose disks do 256 Mbit/s.
fn moving(workload: &str) -> Resolved {
    let yaml = format!(
        "
rack: desk
nodes:
  a: {{ board: pi4-4g, os: talos, cluster: home, role: control-plane }}
  b: {{ board: pi4-4g, os: talos, cluster: home }}
clusters: {{ home: {{ talos: {{}}, workloads-on-control-plane: true }} }}
workloads:
  app: {{ on: a, pin: b, uses: {{ memory: 50Mi }}{workload} }}
"
    );
    let (mut rack, _) =
        Source::read("desk.yaml", yaml.as_bytes()).unwrap_or_else(|it| panic!("{it}"));
    let policy = &mut rack.policy;
    policy.disk_speed = BitsPerSecond(1 << 28);
    policy.weights = Weights {
        moves: Points(1_000_000),
        moved_bytes: PerGi(100_000),
        downtime: PerMinute(60),
        ..Weights::default()
    };
    rack.resolve().unwrap()
}

fn planned(workload: &str) -> (Placement, Plan) {
    plan(&moving(workload)).unwrap()
}

const VOLUME: &str = ", volumes: [{ local-path: 10Gi, name: data, holds: 2Gi }]";

#[test]
fn a_move_is_paid_for_by_itself_by_what_it_copies_and_by_how_long_it_is_down() {
    let (placement, _) = planned(VOLUME);
    // 2 GiB at 256 Mbit/s take 64 s, and 5 % of them 4 s (rounded up); a restart takes 30 s.
    assert_eq!(placement.moves[0].bytes.0, 2 << 30);
    assert_eq!(placement.moves[0].downtime, Seconds(4 + 64 + 30));
    assert_eq!(placement.before.moves, Points(0));
    assert_eq!(placement.after.moves, Points(1_000_000 + 2 * 100_000 + 98));
}

#[test]
fn what_leaves_nothing_behind_is_paid_for_by_itself_only_and_is_never_down() {
    let (placement, plan) = planned("");
    assert_eq!(placement.after.moves, Points(1_000_000));
    assert_eq!(placement.moves[0].downtime, Seconds(0));
    assert_eq!(plan.waves[0].moves[0].downtime, Seconds(0));
    assert_eq!(plan.takes(0), Seconds(30), "one restart");
}

#[test]
fn a_move_takes_as_long_as_its_steps_one_after_the_other() {
    let (_, plan) = planned(VOLUME);
    let takes: Vec<_> = plan.steps.iter().map(|it| (it.action.to_string(), it.takes.0)).collect();
    let all: Vec<u64> = takes.iter().map(|it| it.1).collect();
    assert_eq!(all, [64, 0, 4, 64, 0, 30], "{takes:?}");
    assert_eq!(plan.takes(0), Seconds(64 + 4 + 64 + 30));
}

/// Two machines of a cluster, and one beside it; the systems themselves use nothing.
const FIGURES: &str = "
rack: desk
catalogue:
  systems: { other: { uses: { memory: 0Mi, cpu: 0m }, control-plane: { memory: 0Mi, cpu: 0m } } }
nodes:
  a: { board: vm, memory: 2000Mi, usable: 1000Mi, cores: 2, cluster: home, role: control-plane }
  b: { board: vm, memory: 2000Mi, usable: 1000Mi, cores: 2, cluster: home }
  c: { board: vm, memory: 2000Mi, usable: 1000Mi, cores: 2 }
clusters:
  home: { kubernetes: {}, workloads-on-control-plane: true }
workloads:
  agent: { replicas: every-node, uses: { memory: 100Mi, cpu: 100m } }
  app: { on: a, pin: b, uses: { memory: 300Mi, cpu: 500m }, requests: { memory: 200Mi, cpu: 250m } }
";

#[test]
fn what_is_in_use_on_every_node_is_told_before_and_after() {
    let (rack, _) = Source::read("desk.yaml", FIGURES.as_bytes()).unwrap();
    let placement = place(&rack.resolve().unwrap()).unwrap();
    let used = |memory: u64, cpu| (Bytes(memory << 20), Millicores(cpu));
    let uses = |it: &Use| (it.memory_used, it.cpu_used);
    let nodes: Vec<_> = placement
        .nodes
        .iter()
        .map(|it| (it.node.as_str(), uses(&it.before), uses(&it.after), it.open))
        .collect();
    let (full, rest) = (used(400, 600), used(100, 100));
    let expected =
        [("a", full, rest, true), ("b", rest, full, true), ("c", used(0, 0), used(0, 0), false)];
    assert_eq!(nodes, expected);
    let asked =
        placement.nodes[1].after.memory_requested.minus(placement.nodes[1].before.memory_requested);
    assert_eq!(asked, Bytes(200 << 20));
    assert_eq!(placement.nodes[0].memory_limit, Bytes(900 << 20), "90 %");
    let summary = placement.summary;
    assert_eq!((summary.highest_before, summary.highest), (Permille(400), Permille(400)));
    assert_eq!((summary.spread_before, summary.spread), (Permille(300), Permille(300)));
}
