//! `rackberry apply --prune`: what the file does not name goes only where that is asked for.

use crate::apply::{LIFEBOAT, folder, journal};
use crate::program::{Ran, run, text};
use std::fs;

/// The lifeboat without pi-3 and without nats, applied to a rack that has both.
fn apply(test: &str, more: &[&str]) -> Ran {
    let folder = folder(test);
    let rack = folder.join("less.yaml");
    fs::write(&rack, less()).unwrap();
    let journal = journal(&folder);
    let args =
        ["apply", rack.to_str().unwrap(), "--yes", "--journal", &journal, "--from", LIFEBOAT];
    run(&[&args, more].concat())
}

/// The lifeboat without pi-3 and without nats.
fn less() -> String {
    let whole = text(LIFEBOAT);
    let (head, _) = whole.split_once("  nats:").unwrap();
    let pi_3 = head.find("  pi-3:").unwrap()..head.find("\n  # Assumed: how many hosts").unwrap();
    let mut less = head.to_owned();
    less.replace_range(pi_3, "");
    less
}

#[test]
fn by_default_it_stays_and_is_told() {
    let ran = apply("unpruned", &[]).ended(0);
    assert!(!ran.out.contains("nats") && !ran.out.contains("remove pi-3"), "{}", ran.out);
    let told = "left alone, as the file does not name it; --prune removes it:\n  the workload nats in cluster home\n";
    assert!(ran.err.contains(told), "{}", ran.err);
}

#[test]
fn what_is_to_be_removed_is_shown_before_and_then_removed() {
    let ran = apply("pruned", &["--prune", "all"]).ended(0);
    let shown = "What is removed:\n  take nats back from cluster home\n  \
                 remove pi-3 from cluster home\n";
    assert!(ran.err.contains(shown), "{}", ran.err);
    assert!(!ran.err.contains("left alone"), "{}", ran.err);
    for order in ["take nats back from cluster home", "remove pi-3 from cluster home"] {
        assert!(ran.out.contains(&format!("proved  {order}\n")), "{}", ran.out);
    }
}

#[test]
fn only_what_is_asked_for_goes() {
    let ran = apply("pruned-one", &["--prune", "workloads", "--prune", "guests"]).ended(0);
    assert!(ran.out.contains("proved  take nats back"), "{}", ran.out);
    assert!(!ran.out.contains("remove pi-3 from"), "{}", ran.out);
    assert!(ran.err.contains(
        "left alone, as the file does not name it; --prune removes it:\n  the member pi-3"
    ));
}

#[test]
fn a_plan_that_was_made_before_is_never_pruned_after() {
    let err = run(&["apply", LIFEBOAT, "--yes", "--plan", "p.json", "--prune", "all"]).ended(2).err;
    assert!(err.contains("cannot be used with"), "{err}");
}

#[test]
fn a_machine_that_the_file_names_again_is_still_there() {
    let folder = folder("pruned-again");
    let (rack, journal) = (folder.join("less.yaml"), journal(&folder));
    fs::write(&rack, less()).unwrap();
    for rack in [LIFEBOAT, rack.to_str().unwrap(), LIFEBOAT] {
        let ran = run(&["apply", rack, "--yes", "--journal", &journal]).ended(0);
        assert!(ran.out.contains("lifeboat: as described"), "{}", ran.out);
    }
}
