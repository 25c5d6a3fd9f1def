//! `rackberry check`.

use crate::program::{RACK, RACKS, golden, keys, run, run_with, text};

#[test]
fn a_rack_is_judged_and_the_status_says_whether_it_has_errors() {
    for rack in RACKS {
        let report = run(&["check", rack, "--json"]).json();
        let errors = report["errors"].as_u64().unwrap();
        run(&["check", rack]).ended(i32::from(errors > 0));
        run(&["check", rack, "--json"]).ended(i32::from(errors > 0));
    }
}

#[test]
fn the_findings_of_a_rack_read_so() {
    golden("k3s-expansion.check.txt", &run(&["check", RACK]).out);
}

#[test]
fn the_first_line_says_what_to_do_and_the_last_how_much_there_is() {
    for rack in RACKS {
        let report = run(&["check", rack, "--json"]).json();
        let out = run(&["check", rack]).out;
        let (first, last) = (out.lines().next().unwrap(), out.lines().last().unwrap());
        let Some(worst) = report["findings"].get(0) else {
            assert_eq!(out, format!("{rack}: nothing wrong\n"));
            continue;
        };
        let remedy: String =
            worst["remedy"].as_str().unwrap().split(' ').take(3).collect::<Vec<_>>().join(" ");
        assert!(first.contains(&remedy), "{first}");
        assert!(last.ends_with(rack), "{last}");
        for (kind, count) in [("error", &report["errors"]), ("note", &report["notes"])] {
            let count = count.as_u64().unwrap();
            assert_eq!(last.contains(&format!("{count} {kind}")), count > 0, "{last}");
        }
    }
}

#[test]
fn json_has_the_same_keys_every_time_and_says_where() {
    let report = run(&["check", RACK, "--json"]).json();
    assert_eq!(keys(&report), ["errors", "file", "findings", "notes", "rack", "warnings"]);
    let finding = &report["findings"][0];
    assert_eq!(keys(finding), ["at", "column", "line", "reason", "remedy", "rule", "severity"]);
    assert_eq!(report["file"], RACK);
    assert_eq!(report["rack"], "k3s-expansion");
}

#[test]
fn a_finding_leads_to_the_line_that_it_is_about() {
    let rack = text(RACK).replace("on: pi3-worker-2, uses: { memory: 60Mi }", "on: pi3-worker-9");
    let report = run_with(&rack, &["check", "-", "--json"]).ended(1).json();
    let finding = &report["findings"][0];
    let line = finding["line"].as_u64().unwrap() as usize;
    assert_eq!(finding["rule"], "unknown-name");
    assert_eq!(finding["at"], serde_json::json!(["workloads", "alertmanager", "on", "0"]));
    assert!(rack.lines().nth(line - 1).unwrap().contains("pi3-worker-9"), "{finding}");
    let shown = run_with(&rack, &["check", "-"]).ended(1).out;
    assert!(shown.contains(&format!("stdin:{line}:")), "{shown}");
    assert!(shown.contains("alertmanager:"), "{shown}");
    assert!(shown.contains("did you mean"), "{shown}");
}

#[test]
fn an_orderly_rack_is_answered_in_one_line() {
    let ran = run_with("rack: empty\n", &["check", "-"]).ended(0);
    assert_eq!(ran.out, "stdin: nothing wrong\n");
}

#[test]
fn a_rack_with_every_default_spelled_out_is_a_rack_file_and_needs_no_more_of_it() {
    for rack in RACKS {
        let once = run(&["check", rack, "--resolved"]).ended(0).out;
        let twice = run_with(&once, &["check", "-", "--resolved"]).ended(0).out;
        assert_eq!(once, twice, "{rack}");
    }
    let spelled = run(&["check", RACK, "--resolved"]).out;
    assert!(!text(RACK).contains("8062Mi\n") && spelled.contains("usable: 8062Mi"), "{spelled}");
}
