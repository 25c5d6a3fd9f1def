//! No text takes long, much memory, or the stack.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says why")]

use rackberry_plan::{ReadError, Source};

fn error(name: &str, text: &[u8]) -> ReadError {
    let error = Source::read(name, text).map(|it| it.0).unwrap_err();
    assert!(error.to_string().lines().all(|it| it.chars().count() <= 100), "{error}");
    error
}

#[test]
fn a_file_that_is_too_large_is_not_even_looked_at() {
    // Neither is text: whoever looked would complain of that.
    let large = vec![0xff; (512 << 20) + 1];
    assert!(error("rack.yaml", &large[..(64 << 20) + 1]).reason.contains("at most 64"));
    assert!(error("rack.json", &large).reason.contains("at most 512"));
}

#[test]
fn a_million_brackets_do_not_take_the_stack() {
    for start in ["", "rack: a\nworkloads: { a: { replicas: ", "nodes: "] {
        for bracket in ["[", "{a: ", "- ", "? ", "&a [", "!!seq ["] {
            let text = format!("{start}{}", bracket.repeat(1_000_000));
            assert!(error("rack.yaml", text.as_bytes()).position.is_some(), "{start}{bracket}");
        }
    }
    for start in ["", r#"{"rack": "a", "workloads": {"a": {"replicas": "#] {
        for bracket in ["[", r#"{"a":"#] {
            let text = format!("{start}{}", bracket.repeat(1_000_000));
            assert!(error("rack.json", text.as_bytes()).position.is_some(), "{start}{bracket}");
        }
    }
}

#[test]
fn a_million_levels_of_lines_do_not_take_the_stack() {
    let deep: String = (0..2_000).map(|it| format!("{:it$}- \n", "")).collect();
    error("rack.yaml", deep.as_bytes());
    let keys: String = (0..2_000).map(|it| format!("{:it$}a:\n", "")).collect();
    error("rack.yaml", format!("rack: a\nnodes:\n{keys}").as_bytes());
}

#[test]
fn aliases_that_stand_for_a_billion_values_are_refused() {
    let mut text = String::from(
        "rack: a\nworkloads:\n  a:\n    replicas:\n      - &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n",
    );
    for level in 1..30 {
        let below = format!("*a{}, ", level - 1).repeat(9);
        text += &format!("      - &a{level} [{below}]\n");
    }
    assert!(error("rack.yaml", text.as_bytes()).reason.contains("aliases"));
}

#[test]
fn one_long_line_is_read_and_cropped() {
    let long = "x".repeat(2_000_000);
    let yaml = format!("{{ rack: \"{long}\", nodse: {{}} }}");
    let wrong = error("rack.yaml", yaml.as_bytes());
    assert_eq!(wrong.position.map(|it| it.column), Some(2_000_013));
    let json = format!("{{ \"rack\": \"{long}\", \"nodse\": {{}} }}");
    assert_eq!(error("rack.json", json.as_bytes()).position.map(|it| it.column), Some(2_000_015));
    let value = format!("rack: a\npolicy: {{ memory-limit: {long} }}");
    assert!(error("rack.yaml", value.as_bytes()).to_string().len() < 1_000);
}
