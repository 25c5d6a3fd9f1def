//! `rackberry plan`.

use crate::program::{RACK, RACKS, arg, folder, golden, run, run_with, text};
use rackberry::plan::{Plan, Source, verify};
use std::fs;

#[test]
fn the_plan_of_a_rack_reads_so() {
    golden("k3s-expansion.plan.md", &run(&["plan", RACK]).ended(0).out);
}

#[test]
fn every_plan_that_is_printed_is_a_plan_for_its_rack() {
    for rack in RACKS {
        let json = run(&["plan", rack, "--json"]).ended(0).out;
        let plan = Plan::from_json(json.as_bytes()).unwrap();
        let (file, _) = Source::read(rack, text(rack).as_bytes()).unwrap();
        let end = verify(&plan, &file.resolve().unwrap());
        assert!(end.is_ok(), "{rack}: {end:?}");
    }
}

#[test]
fn the_runbook_names_every_move_of_the_plan() {
    for rack in RACKS {
        let json = run(&["plan", rack, "--json"]).ended(0).out;
        let plan = Plan::from_json(json.as_bytes()).unwrap();
        let runbook = run(&["plan", rack]).ended(0).out;
        for it in plan.waves.iter().flat_map(|it| &it.moves) {
            assert!(
                runbook.contains(&it.replica.to_string()),
                "{} is not in\n{runbook}",
                it.replica
            );
        }
    }
}

#[test]
fn a_plan_is_written_where_it_is_asked_for() {
    let out = folder("plan").join("plan.md");
    let ran = run(&["plan", RACK, "-o", arg(&out)]).ended(0);
    assert_eq!(ran.out, "");
    assert!(ran.err.ends_with(&format!("wrote {}\n", out.display())), "{}", ran.err);
    assert_eq!(fs::read_to_string(&out).unwrap(), run(&["plan", RACK]).out);
}

#[test]
fn what_check_finds_is_one_line_beside_the_plan_and_no_alarm() {
    for rack in RACKS {
        let report = run(&["check", rack, "--json"]).json();
        let count = |kind: &str| report[kind].as_u64().unwrap();
        let err = run(&["plan", rack]).ended(0).err;
        let err: String = err.lines().filter(|it| !it.starts_with("and once")).collect();
        let expected = usize::from(count("errors") + count("warnings") > 0);
        assert_eq!(err.lines().count(), expected, "{rack}: {err}");
        assert!(!err.contains("error:"), "{err}");
    }
    let err = run(&["plan", RACK]).err;
    let line = "check finds 1 error and 3 warnings in this rack: rackberry check ";
    let once = "and once this is done: the local volumes of immich-postgresql on pi5-worker-1 lie ";
    assert!(err.starts_with(&format!("{line}{RACK}\n{once}")), "{err}");
    let found = err.lines().next().unwrap().to_owned() + "\n";
    let others = [run(&["place", RACK]).err, run(&["show", RACK, "--svg", "-"]).err];
    assert_eq!(others, [&*found, &*found]);
}

#[test]
fn what_cannot_be_placed_is_in_the_status_of_the_plan_and_of_the_picture() {
    let rack = text(RACK).replace("uses: { memory: 467Mi }", "uses: { memory: 40Gi }");
    run_with(&rack, &["plan", "-"]).ended(1);
    run_with(&rack, &["plan", "-", "--json"]).ended(1);
    run_with(&rack, &["show", "-", "--svg", "-"]).ended(1);
}

#[test]
fn the_status_is_written_down_where_one_looks_for_it() {
    for command in ["check", "place", "plan", "show"] {
        let help = run(&[command, "--help"]).ended(0).out;
        assert!(help.contains("Exit status:\n  0  ") && help.contains("\n  2  "), "{help}");
    }
    let help = run(&["--help"]).ended(0).out;
    assert!(help.contains("1  done, but something stays broken, blocked or unplaced"), "{help}");
}

#[test]
fn a_rack_that_names_what_is_not_there_gets_no_plan() {
    let rack = text(RACK).replace("on: pi3-worker-2, uses: { memory: 60Mi }", "on: pi3-wroker-2");
    for command in ["plan", "place"] {
        let ran = run_with(&rack, &[command, "-"]).ended(2);
        assert_eq!(ran.out, "");
        assert!(ran.err.contains("did you mean `pi3-worker-2`?"), "{}", ran.err);
    }
}

#[test]
fn every_rack_is_planned_from_bare_boards() {
    for rack in RACKS {
        let text = run(&["plan", rack, "--bare"]).ended(0).out;
        assert!(text.contains("orders to devices"), "{rack}: {text}");
        assert!(text.contains("Begin cluster"), "{rack}");
    }
    let text = run(&["plan", "racks/lifeboat.yaml", "--bare"]).out;
    assert!(
        text.contains("Set the VLANs of poe: VLAN 1: 1 4 5 (PVID of 1 4 5); VLAN 2: 2 3 5t"),
        "{text}"
    );
    assert!(text.contains("Switch pi-2 on") && text.contains("Configure pi-2"), "{text}");
}
