//! `rackberry apply --plan`: exactly a plan that was made before, or nothing.

use crate::apply::{LIFEBOAT, folder, journal};
use crate::apply_events::{refs, refusals};
use crate::program::{Ran, run, text};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A plan of the lifeboat as it was written, and where.
fn plan(folder: &Path) -> (PathBuf, Value) {
    let path = folder.join("plan.json");
    run(&["plan", LIFEBOAT, "--bare", "--json", "-o", path.to_str().unwrap()]).ended(0);
    let plan = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    (path, plan)
}

/// Applies a plan to a rack.
fn apply(rack: &str, folder: &Path, plan: &Path, more: &[&str]) -> Ran {
    let journal = journal(folder);
    let args = ["apply", rack, "--yes", "--journal", &journal, "--plan", plan.to_str().unwrap()];
    run(&[&args, more].concat())
}

/// The reason why `text` is no plan to carry out; nothing is sent then.
#[track_caller]
fn refused(test: &str, text: &str) -> String {
    let folder = folder(test);
    let path = folder.join("edited.json");
    fs::write(&path, text).unwrap();
    let ran = apply(LIFEBOAT, &folder, &path, &[]).ended(2);
    assert_eq!(ran.out, "");
    // A plan that cannot be read is refused before a journal is begun.
    let log = run(&["log", &journal(&folder)]);
    assert!(!log.out.contains("sending"), "{}", log.out);
    ran.err
}

#[test]
fn a_plan_is_carried_out_as_it_is_and_what_is_left_is_said() {
    let folder = folder("exact");
    let (path, plan) = plan(&folder);
    let steps = plan["steps"].as_array().unwrap().len();
    let ran = apply(LIFEBOAT, &folder, &path, &[]).ended(0);
    let end = format!("{steps} of {steps} steps of the plan are proved; nothing is left to do");
    assert!(ran.out.contains(&end), "{}", ran.out);
    let begun = run(&["log", &journal(&folder)]).out.matches("\n  round ").count();
    assert_eq!(begun, 1, "no plan of its own follows");
}

#[test]
fn what_a_fault_leaves_undone_is_not_planned_again_unasked() {
    let folder = folder("exact-fault");
    let (path, _) = plan(&folder);
    let ran = apply(LIFEBOAT, &folder, &path, &refs(&refusals())).ended(1);
    assert!(ran.out.contains(" left; rackberry apply without --plan plans again\n"), "{}", ran.out);
}

#[test]
fn an_edited_plan_is_refused_with_every_step_that_is_wrong() {
    let (_, mut plan) = plan(&folder("edited"));
    plan["steps"][3]["needs"] = serde_json::json!([9]);
    plan["steps"][4]["after"] = serde_json::json!([]);
    let err = refused("edited-form", &plan.to_string());
    assert!(err.contains("- step 4: it needs step 10, which is not before it"), "{err}");
    assert!(err.contains("- step 5: its `after` does not say that"), "{err}");
    assert!(err.contains("is refused, and nothing was sent:"), "{err}");
}

#[test]
fn a_plan_that_lets_voters_go_together_is_refused() {
    let (_, mut plan) = plan(&folder("unsafe"));
    plan["limits"] = serde_json::json!([]);
    let err = refused("unsafe-limits", &plan.to_string());
    assert!(err.contains("voter") && err.contains("cluster home"), "{err}");
}

#[test]
fn a_plan_for_another_rack_or_of_another_day_is_refused() {
    let (_, mut other) = plan(&folder("other"));
    other["rack"] = "house".into();
    let err = refused("other-rack", &other.to_string());
    assert!(err.contains("- the plan: it is for rack house, and not for lifeboat"), "{err}");
    let folder = folder("changed");
    let (path, _) = plan(&folder);
    let rack = folder.join("rack.yaml");
    fs::write(&rack, text(LIFEBOAT).replace("cores: 8", "cores: 6")).unwrap();
    let err = apply(rack.to_str().unwrap(), &folder, &path, &[]).ended(2).err;
    assert!(err.contains("the rack file has changed since it was made: plan again"), "{err}");
}

#[test]
fn a_plan_from_bare_boards_is_refused_on_a_rack_that_runs() {
    let folder = folder("stale");
    let (path, _) = plan(&folder);
    let err = apply(LIFEBOAT, &folder, &path, &["--from", LIFEBOAT]).ended(2).err;
    assert!(err.contains("- step 1: it begins with `poe has exactly these VLANs"), "{err}");
}

#[test]
fn what_is_no_plan_is_answered_with_line_and_column() {
    let (_, plan) = plan(&folder("torn"));
    let whole = serde_json::to_string_pretty(&plan).unwrap();
    let torn = whole.lines().take(12).collect::<Vec<_>>().join("\n");
    for (name, text, why) in [
        ("torn-half", torn.as_str(), "edited.json is no plan: line 12, column "),
        (
            "torn-empty",
            "",
            "edited.json is no plan: line 1, column 1: the text ends within a value",
        ),
        (
            "torn-yaml",
            "rack: lifeboat\n",
            "edited.json is no plan: line 1, column 1: expected a value",
        ),
        ("torn-key", "{\n  \"formt\": 1 }", "no plan: line 2, column 9: unknown key `formt`"),
    ] {
        let err = refused(name, text);
        assert!(err.contains(why), "{err}");
    }
}

#[test]
fn a_plan_that_does_not_say_what_it_was_made_from_is_refused() {
    let (_, mut plan) = plan(&folder("unbound"));
    plan.as_object_mut().unwrap().remove("made-from");
    let err = refused("unbound-plan", &plan.to_string());
    assert!(err.contains("does not say what it was made from"), "{err}");
}
