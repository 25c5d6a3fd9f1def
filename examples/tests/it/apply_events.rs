//! `rackberry apply --json`: a line of JSON for each event, as docs/events.md says.

use crate::apply::{LIFEBOAT, folder, journal};
use crate::program::{keys, run};
use serde_json::Value;
use std::collections::BTreeSet;

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect()
}

#[test]
fn rounds_begin_and_end_and_the_last_line_is_the_result() {
    let journal = journal(&folder("json"));
    let ran = run(&["apply", LIFEBOAT, "--yes", "--json", "--journal", &journal]).ended(0);
    let lines = lines(&ran.out);
    assert_eq!((&lines[0]["is"], &lines[0]["round"]), (&"round-begins".into(), &0.into()));
    let counted = |is: &str| lines.iter().filter(|it| it["is"] == is).count();
    assert_eq!(counted("round-begins"), counted("round-ends"));
    let start = |it: &&Value| it["is"] == "proved" && it["order"] == "start nats/0 on pi-2";
    assert_eq!(lines.iter().filter(start).count(), 1);
    let end = lines.last().expect("a last line");
    assert_eq!((&end["is"], &end["result"]), (&"end".into(), &"as-described".into()));
    assert_eq!(end["proved"], counted("proved"));
    assert_eq!(ran.err, "");
}

#[test]
fn every_line_and_every_key_is_in_the_page_about_them() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/events.md"));
    let page = page.expect("read the page");
    let journal = journal(&folder("keys"));
    let kills = ["--kill-node", "pi-3@60", "--kill-node", "pi-2@90000"];
    let faults = ["--fault", "70:refused", "--fault", "90000:slow"];
    let wrong = [kills, faults].concat();
    let args = [&["apply", LIFEBOAT, "--yes", "--json", "--journal", &journal], &wrong[..]];
    let mut told = BTreeSet::new();
    for line in lines(&run(&args.concat()).ended(1).out) {
        told.extend(keys(&line).into_iter().map(String::from));
        told.extend(["is", "result"].iter().filter_map(|it| line[*it].as_str()).map(String::from));
    }
    assert!(
        told.contains("power-lost")
            && told.contains("power-kept")
            && told.contains("fault-unmet")
            && told.contains("stuck")
    );
    for word in told {
        assert!(page.contains(&format!("`{word}`")), "docs/events.md does not have `{word}`");
    }
}

/// Thirty calls in a row that are refused: orders are among them.
pub(crate) fn refusals() -> Vec<String> {
    (31..=60).flat_map(|it| ["--fault".to_owned(), format!("{it}:refused")]).collect()
}

/// Arguments as they are handed on.
pub(crate) fn refs(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

#[test]
fn a_step_that_was_refused_says_why_in_its_line() {
    let journal = journal(&folder("refused"));
    let args = ["apply", LIFEBOAT, "--yes", "--json", "--journal", &journal];
    let lines = lines(&run(&[&args[..], &refs(&refusals())].concat()).ended(0).out);
    let why = |it: &&Value| it["is"] == "not-proved" && it["why"].as_str() != Some("");
    assert!(lines.iter().any(|it| why(&it)), "{lines:?}");
}
