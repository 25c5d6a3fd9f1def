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
fn errors_of_the_rack_are_said_in_a_line_each_and_the_plan_is_made_all_the_same() {
    for rack in RACKS {
        let errors = run(&["check", rack, "--json"]).json()["errors"].as_u64().unwrap();
        let err = run(&["plan", rack]).ended(0).err;
        let said = err.lines().filter(|it| it.starts_with("error: ")).count() as u64;
        assert_eq!(said, errors, "{err}");
        assert_eq!(err.contains(&format!("rackberry check {rack}")), errors > 0, "{err}");
    }
}

#[test]
fn a_rack_that_names_what_is_not_there_gets_no_plan() {
    let rack = text(RACK).replace("on: pi3-worker-2, uses: { memory: 60Mi }", "on: pi3-wroker-2");
    for command in ["plan", "place"] {
        let ran = run_with(&rack, &[command, "-"]).ended(1);
        assert_eq!(ran.out, "");
        assert!(ran.err.contains("did you mean `pi3-worker-2`?"), "{}", ran.err);
    }
}
