//! The runbook, as people read it: each is kept beside this as a file. `RACKBERRY_BLESS=1` writes them anew.

use crate::verify::desk;
use rackberry_plan::{NodeMemory, Plan, verify};
use std::path::Path;

/// Compares the runbook of `plan` with the file `name`.
#[track_caller]
fn check(name: &str, plan: &Plan) {
    let text = plan.runbook().to_string();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/runbook").join(name);
    if std::env::var_os("RACKBERRY_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{} differs", path.display());
}

#[test]
fn a_plan_is_told_step_by_step() {
    let plan = desk::everything();
    assert!(verify(&plan, &desk::desk().resolve().unwrap()).is_ok());
    check("everything.md", &plan);
}

#[test]
fn where_nothing_is_to_do_it_says_so() {
    check("nothing.md", &desk::plan(Vec::new(), Vec::new()));
}

#[test]
fn of_many_nodes_only_those_are_shown_that_change() {
    let mut plan = desk::web_moves();
    let idle = |at: u32| (desk::node(&format!("pi-{at}")), desk::memory(1100, 1100));
    plan.memory.extend((5..20).map(idle));
    check("many-nodes.md", &plan);
}

#[test]
fn what_a_plan_names_cannot_break_the_page() {
    let mut plan = desk::web_moves();
    plan.rack = "a\n# heading | <script>".into();
    plan.blocked[0].reason = "*no* `room`\n\n- [x] done | [here](x)".into();
    plan.memory.insert(desk::node("pi-1"), NodeMemory::default());
    check("hostile.md", &plan);
}

#[test]
fn its_lines_fit_a_terminal() {
    for line in desk::everything().runbook().to_string().lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
}
