//! `rackberry simulate`: what survives a loss, beside what `check` predicts for it.

use crate::program::{RACK, golden, keys, run, run_with, text};

const LIFEBOAT: &str = "racks/lifeboat.yaml";

fn report(rack: &str, lost: &[&str]) -> serde_json::Value {
    run(&[&["simulate", rack, "--json", "--lose"], lost].concat()).json()
}

#[test]
fn a_host_that_is_lost_is_told_so() {
    let ran = run(&["simulate", LIFEBOAT, "--lose", "pve-1"]).ended(0);
    golden("lifeboat.simulate.txt", &ran.out);
}

#[test]
fn a_host_takes_its_guest_and_a_switch_takes_all_that_is_plugged_into_it() {
    let host = report(LIFEBOAT, &["pve-1"]);
    assert_eq!(host["machines"]["silent"], serde_json::json!(["pve-1", "talos-1"]));
    let switch = report(LIFEBOAT, &["switches.poe"]);
    assert_eq!(switch["machines"]["silent"], serde_json::json!(["lifeboat", "pi-2", "pi-3"]));
    assert_eq!(switch["lost"], serde_json::json!([["switches", "poe"]]));
}

#[test]
fn a_cluster_without_most_of_its_voters_is_needed_and_does_not_survive() {
    let ran = run(&["simulate", LIFEBOAT, "--lose", "pve-1", "pve-2"]).ended(1);
    assert!(ran.out.contains("home decides nothing: "), "{}", ran.out);
    assert!(ran.out.contains("  - cluster home decides nothing\n"), "{}", ran.out);
    assert!(ran.out.contains("`check` says nothing of this loss"), "{}", ran.out);
    let unknown = report(LIFEBOAT, &["pve-1", "pve-2"])["replicas"]["out-of-reach"].clone();
    assert_eq!(unknown, serde_json::json!(["nats/0"]));
}

#[test]
fn a_machine_that_no_port_feeds_can_be_lost_and_what_needs_it_is_named() {
    let ran = run(&["simulate", RACK, "--lose", "pi5-worker-1"]).ended(1);
    assert!(
        ran.out.contains("- uptime-kuma is served by nothing, and needed by autokuma"),
        "{}",
        ran.out
    );
}

#[test]
fn every_single_machine_and_switch_of_a_rack_is_lost_as_check_predicts() {
    let all =
        ["lifeboat", "pi-2", "pi-3", "pve-1", "pve-2", "pve-3", "talos-1", "talos-2", "talos-3"];
    for lost in all.iter().chain(&["poe", "qnap"]) {
        let report = report(LIFEBOAT, &[lost]);
        assert!(report["predicted"].is_object(), "{lost}");
        // Who cannot see whether a machine is off does not start a second time what only one may write to.
        let by_switch = "workloads that come back elsewhere by `check`, and not here: nats";
        let differs = if *lost == "poe" { vec![by_switch] } else { Vec::new() };
        assert_eq!(report["differences"], serde_json::json!(differs), "{lost}");
    }
}

#[test]
fn where_check_says_something_else_that_is_said() {
    // The simulated rack lets machines run on whose disks lie on another one.
    let ran = run(&["simulate", "racks/two-dozen.yaml", "--lose", "nas"]).ended(1);
    let (_, differs) = ran.out.split_once("`check` predicts something else").expect("a difference");
    assert!(
        differs.contains("machines that go down by `check`, and not here: pi-01, "),
        "{differs}"
    );
    assert!(ran.out.contains("- nas is served by nothing, and needed by pi-01, "), "{}", ran.out);
}

#[test]
fn one_disk_of_a_mirror_is_missed_and_both_are_mourned() {
    let pools = |lost: &[&str]| report("racks/proxmox-talos.yaml", lost)["pools"].clone();
    let one = report("racks/proxmox-talos.yaml", &["pools.data-l"]);
    assert_eq!(one["pools"]["data-l"], "lost");
    let (node, _) = disks();
    assert_eq!(pools(&[&node])["data-l"], "degraded");
}

/// The first disk of the pool data-l, as it is written on the command line, and its machine.
fn disks() -> (String, String) {
    let resolved = run(&["check", "racks/proxmox-talos.yaml", "--resolved"]).out;
    let (rack, _) = rackberry::plan::Source::read("it", resolved.as_bytes()).expect("a rack");
    let pool = &rack.pools[&rackberry::core::PoolId::new("data-l")];
    let node = pool.node.clone().expect("a machine").to_string();
    (format!("{node}/{}", pool.disks[0]), node)
}

#[test]
fn what_is_not_there_or_is_no_device_is_refused_and_the_right_name_is_said() {
    for (name, why) in [
        ("pi3", "the file has no node, switch, outlet, pool or disk `pi3`; did you mean `pi-3`?"),
        ("gateway", "the service gateway is no device: take what it runs on"),
    ] {
        let ran = run(&["simulate", LIFEBOAT, "--lose", name]).ended(2);
        assert!(ran.err.contains(why), "{}", ran.err);
        assert_eq!(ran.out, "");
    }
    run(&["simulate", LIFEBOAT]).ended(2);
    let (_, node) = disks();
    let other = format!("{node}/sd");
    let err = run(&["simulate", "racks/proxmox-talos.yaml", "--lose", &other]).ended(2).err;
    assert!(err.contains("is in no pool, and the simulated rack does not know"), "{err}");
}

#[test]
fn a_rack_that_does_not_come_up_is_not_taken_apart() {
    let hungry = text(LIFEBOAT).replacen("typical: 7W", "typical: 70W", 1);
    let ran = run_with(&hungry, &["simulate", "-", "--lose", "pi-2"]).ended(2);
    assert!(ran.err.contains("does not come up as lifeboat is described"), "{}", ran.err);
    assert!(ran.err.contains("\n  switch lifeboat on: it was sent, and in time "), "{}", ran.err);
}

#[test]
fn the_report_has_these_keys() {
    let report = report(LIFEBOAT, &["pi-2"]);
    let wanted = [
        "clusters",
        "differences",
        "lost",
        "machines",
        "missing",
        "plan",
        "pools",
        "predicted",
        "rack",
        "replicas",
        "survives",
    ];
    assert_eq!(keys(&report), wanted);
    assert_eq!(report["plan"]["back"], serde_json::json!(["nats"]));
}
