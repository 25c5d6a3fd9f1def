//! The programs that show how the library is used.

use std::process::Command;

fn printed(program: &str) -> String {
    let output = Command::new(program).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_switches_that_are_too_weak_are_refused_by_the_rule_for_it() {
    let out = printed(env!("CARGO_BIN_EXE_check-in-code"));
    let (weak, strong) = out.split_once("With a CRS328-24P-4S+RM:").unwrap();
    assert_eq!(weak.matches("poe-draw at switches.poe.model").count(), 2, "{out}");
    assert!(!strong.contains("poe-draw") && strong.contains("Buy the CRS328-24P-4S+RM"), "{out}");
}

#[test]
fn a_score_of_ones_own_is_lower_than_before_by_that_score() {
    let out = printed(env!("CARGO_BIN_EXE_place-by-your-own-score"));
    let points =
        |line: &str| line.split_whitespace().rev().nth(1).and_then(|it| it.parse::<u64>().ok());
    let scores: Vec<u64> =
        out.lines().filter(|it| it.ends_with(" points")).filter_map(points).collect();
    assert!(scores.len() == 2 && scores[1] < scores[0], "{out}");
}

#[test]
fn a_tool_is_tested_on_a_simulated_rack() {
    let out = printed(env!("CARGO_BIN_EXE_test-a-tool-of-your-own"));
    assert!(out.contains("two boards are up after "), "{out}");
    assert!(out.contains("whichever of these calls is lost"), "{out}");
}

#[test]
fn a_backend_of_ones_own_tells_an_answer_from_another() {
    let out = printed(env!("CARGO_BIN_EXE_write-a-backend"));
    let lines: Vec<_> = out.lines().collect();
    assert!(lines[0].ends_with("told Ok(()), seen Ok(On)"), "{out}");
    assert!(lines[1].ends_with("told Err(NotFound), seen Err(NotFound)"), "{out}");
    assert!(lines[2].ends_with("told Err(Denied), seen Err(Denied)"), "{out}");
}
