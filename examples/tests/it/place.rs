//! `rackberry place`.

use crate::program::{BY_HAND, RACK, RACKS, arg, folder, golden, keys, run, run_with, text};
use serde_json::Value;

#[test]
fn the_placement_of_a_rack_reads_so() {
    golden("k3s-expansion.place.txt", &run(&["place", RACK]).ended(0).out);
}

#[test]
fn every_rack_is_placed() {
    for rack in RACKS {
        let out = run(&["place", rack]).ended(0).out;
        let report = run(&["place", rack, "--json"]).ended(0).json();
        assert!(out.starts_with(report["rack"].as_str().unwrap()), "{out}");
        let moves = report["placement"]["moves"].as_array().unwrap();
        for it in moves {
            assert!(out.contains(it["replica"].as_str().unwrap()), "{it} is not in\n{out}");
        }
    }
}

#[test]
fn json_has_the_same_keys_every_time() {
    let report = run(&["place", RACK, "--json"]).json();
    let sections = ["against", "consequences", "explanations", "placement", "rack", "reasons"];
    assert_eq!(keys(&report), sections);
    assert_eq!(report["consequences"][0]["rule"], "database-on-sd");
    let figures = ["after", "before", "moves", "nodes", "summary", "unplaced"];
    assert_eq!(keys(&report["placement"]), figures);
    let moves = report["placement"]["moves"].as_array().unwrap().len();
    assert_eq!(report["reasons"].as_array().unwrap().len(), moves);
}

#[test]
fn what_stays_is_explained_where_all_is_asked_for() {
    let report = run(&["place", RACK, "--why-all", "--json"]).json();
    let replicas = report["reasons"].as_array().unwrap();
    assert!(replicas.iter().any(|it| it["replica"] == "prometheus/0"), "{replicas:?}");
}

#[test]
fn one_workload_is_explained_for_every_node() {
    let out = run(&["place", RACK, "--explain", "pi-hole"]).ended(0).out;
    for word in ["pi-hole/0", "pi-hole/1", "pi-k3s", "pi3-worker-1", "pi3-worker-2", "pi5-worker-1"]
    {
        assert!(out.contains(word), "{word} is not in\n{out}");
    }
    let report = run(&["place", RACK, "--explain", "pi-hole", "--json"]).ended(0).json();
    let explanations = report["explanations"].as_array().unwrap();
    assert_eq!(explanations.len(), 2);
    assert_eq!(explanations[0]["others"].as_array().unwrap().len(), 3);
}

#[test]
fn a_workload_that_is_not_there_is_answered_with_the_one_that_was_meant() {
    let ran = run(&["place", RACK, "--explain", "pihole"]).ended(2);
    assert!(ran.err.contains("did you mean `pi-hole`?"), "{}", ran.err);
    assert_eq!(ran.out, "");
    let ran = run(&["place", RACK, "--explain", "node-exporter"]).ended(2);
    assert!(ran.err.contains("every node"), "{}", ran.err);
}

/// The three figures that tell one placement from another.
fn figures(placement: &Value) -> [f64; 3] {
    let summary = &placement["summary"];
    let percent = |key: &str| summary[key].as_str().unwrap().trim_end_matches('%').parse().unwrap();
    let moved: rackberry::core::Bytes = summary["moved"].as_str().unwrap().parse().unwrap();
    [percent("highest"), percent("spread"), moved.0 as f64]
}

#[test]
fn the_placement_of_the_author_is_beaten_in_all_three_figures() {
    let report = run(&["place", RACK, "--against", BY_HAND, "--json"]).ended(0).json();
    let ours = figures(&report["placement"]);
    let theirs = figures(&report["against"]["placement"]);
    assert!(ours.iter().zip(theirs).all(|(ours, theirs)| *ours < theirs), "{ours:?} {theirs:?}");
    let out = run(&["place", RACK, "--against", BY_HAND]).ended(0).out;
    let [highest, ..] = theirs;
    assert!(out.contains("fullest node") && out.contains(&format!("{highest:.1}%")), "{out}");
}

#[test]
fn a_placement_against_itself_moves_nothing() {
    let report = run(&["place", RACK, "--against", RACK, "--json"]).ended(0).json();
    assert_eq!(report["against"]["placement"]["moves"], serde_json::json!([]));
    let unsaid: Vec<_> = report["against"]["unsaid"].as_array().unwrap().iter().collect();
    assert_eq!(unsaid, ["pi-hole/1", "unbound/1", "unbound/2"]);
}

#[test]
fn a_placement_on_a_node_of_another_rack_is_refused() {
    let folder = folder("another-node");
    let other = folder.join("other.yaml");
    std::fs::write(&other, text(RACK).replace("pi3-worker-2", "pi3-worker-7")).unwrap();
    let ran = run(&["place", RACK, "--against", arg(&other)]).ended(2);
    assert!(ran.err.contains("pi3-worker-7"), "{}", ran.err);
}

#[test]
fn two_racks_that_have_nothing_to_do_with_each_other_are_not_compared() {
    let ran =
        run(&["place", "racks/lifeboat.yaml", "--against", "racks/proxmox-talos.yaml"]).ended(2);
    assert!(ran.err.contains("`proxmox-talos`") && ran.err.contains("`lifeboat`"), "{}", ran.err);
    assert_eq!(ran.out, "");
    let rack = "rack: k3s-expansion\nclusters: { home: { k3s: {} } }\n";
    let nodes = format!("{rack}nodes: {{ attic: {{ board: pi4-4g, cluster: home }} }}\n");
    let ran = run_with(&nodes, &["place", RACK, "--against", "-"]).ended(2);
    assert!(ran.err.contains("none of the nodes") && ran.err.contains("attic"), "{}", ran.err);
    let work = format!(
        "{rack}nodes: {{ pi-k3s: {{ board: pi4-4g, cluster: home }} }}\nworkloads: {{ gitea: {{}} }}\n"
    );
    let ran = run_with(&work, &["place", RACK, "--against", "-"]).ended(2);
    assert!(ran.err.contains("none of the workloads") && ran.err.contains("gitea"), "{}", ran.err);
}

#[test]
fn moves_and_starts_are_told_apart_beside_another_placement() {
    let out = run(&["place", RACK, "--against", BY_HAND]).ended(0).out;
    let row = |name: &str| {
        let line = out.lines().find(|it| it.trim_start().starts_with(name)).unwrap();
        line.split_whitespace().nth(2).unwrap().to_owned()
    };
    assert_eq!([row("moves"), row("starts")], ["10", "3"]);
}

#[test]
fn a_figure_that_leaves_nodes_out_says_so() {
    let of = "of the nodes that take workloads";
    let two_dozen = "racks/two-dozen.yaml";
    assert!(run(&["place", two_dozen]).out.contains(of));
    assert!(run(&["place", two_dozen, "--against", two_dozen]).out.contains(of));
    assert!(!run(&["place", RACK]).out.contains(of));
    assert!(!run(&["place", RACK, "--against", BY_HAND]).out.contains(of));
}

/// A rack of one node whose workload must not have two replicas there, and has.
const CROWDED: &str = "rack: desk\nclusters: { c: { k3s: {} } }\nnodes: { a: { board: pi4-4g, cluster: c } }\n\
    workloads: { w: { on: [a, a], replicas: 2, apart: node, uses: { memory: 100Mi } } }\n";

#[test]
fn rules_that_no_move_can_mend_are_counted_and_in_the_status() {
    let ran = run_with(CROWDED, &["place", "-"]).ended(1);
    let line = "desk: nothing can be moved, and 2 rules stay broken: see rackberry check -\n";
    assert!(ran.out.starts_with(line), "{}", ran.out);
    run_with(CROWDED, &["place", "-", "--json"]).ended(1);
    run_with(CROWDED, &["plan", "-"]).ended(1);
}

#[test]
fn part_of_a_broken_rule_reads_as_a_whole_one() {
    let rack = "rack: desk\nclusters: { c: { k3s: {} } }\n\
        nodes: { a: { board: pi4-4g, cluster: c }, b: { board: pi4-4g, cluster: c } }\n\
        workloads: { w: { on: a, uses: { memory: 6Gi } }, v: { on: a, uses: { memory: 200Mi } } }\n";
    let out = run_with(rack, &["place", "-"]).ended(1).out;
    let broken = out.lines().find(|it| it.trim_start().starts_with("broken")).unwrap();
    let counts: Vec<_> = broken.split_whitespace().skip(1).take(2).collect();
    assert_eq!(counts, ["1", "1"], "{out}");
    assert!(out.contains("  1 rule stays broken: see rackberry check -\n"), "{out}");
}

#[test]
fn a_rack_without_workloads_is_answered_in_one_line() {
    let rack = "rack: desk\nnodes: { a: { board: pi4-4g } }\n";
    let ran = run_with(rack, &["place", "-"]).ended(0);
    assert_eq!(ran.out, "desk: nothing to place: the file has no workloads\n");
}

#[test]
fn what_fits_nowhere_is_said_first() {
    let rack = text(RACK).replace(
        "jellyfin:\n    { on: pi-k3s, uses: { memory: 467Mi }",
        "jellyfin:\n    { uses: { memory: 40Gi }",
    );
    let out = run_with(&rack, &["place", "-"]).ended(1).out;
    assert!(out.contains("1 replica fits nowhere:") && out.contains("jellyfin/0: "), "{out}");
}

#[test]
fn a_large_rack_is_printed_in_part_and_says_so() {
    let node =
        |it: u32| format!("  n{it}: {{ board: pi4-4g, usable: {}Mi, cluster: c }}\n", 3000 + it);
    let work = |it: u32| format!("  w{it}: {{ on: n0, uses: {{ memory: 20Mi }} }}\n");
    let nodes: String = (0..60).map(node).collect();
    let work: String = (0..120).map(work).collect();
    let rack = format!(
        "rack: large\nnodes:\n{nodes}clusters: {{ c: {{ k3s: {{}} }} }}\nworkloads:\n{work}"
    );
    let out = run_with(&rack, &["place", "-"]).ended(0).out;
    assert!(out.contains("40 nodes less full are left out"), "{out}");
    assert!(out.contains("more moves: --json has them all"), "{out}");
    assert!(out.lines().count() < 250, "{out}");
    let report = run_with(&rack, &["place", "-", "--json"]).json();
    assert_eq!(report["placement"]["nodes"].as_array().unwrap().len(), 60);
}
