//! The JSON Schema of the rack file says what the reader says.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says why")]

mod judge;

use crate::arbitrary::racks;
use judge::Judge;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use rackberry_plan::{Source, schema};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

fn read(path: &Path) -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(path).unwrap().map(|it| it.unwrap().path());
    let files = files.filter(|it| it.extension().is_some_and(|it| it == "yaml"));
    let named = files.map(|it| (it.display().to_string(), std::fs::read(it).unwrap()));
    named.collect()
}

/// The plain value of a text that is YAML and does not use what a rack file may not.
fn as_value(yaml: &[u8]) -> Option<Value> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        merge_keys: serde_saphyr::MergeKeyPolicy::Error,
    };
    serde_saphyr::from_slice_with_options(yaml, options).ok()
}

#[test]
fn the_schema_accepts_every_example_rack() {
    let racks = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/racks"));
    assert!(!racks.is_empty());
    for (name, yaml) in racks {
        let faults = Judge::new().faults(&as_value(&yaml).unwrap());
        assert!(faults.is_empty(), "{name}: {faults:?}");
    }
}

#[test]
fn the_schema_accepts_every_rack_that_is_written() {
    let judge = Judge::new();
    let mut runner = TestRunner::new(Config::with_cases(64));
    let checked = runner.run(&racks(), |rack| {
        let faults = judge.faults(&serde_json::to_value(&rack).unwrap());
        prop_assert!(faults.is_empty(), "{:?}", faults);
        Ok(())
    });
    checked.unwrap();
}

/// What only the reader can know: sums, places in the text, and what looks the same in a schema.
const BEYOND_A_SCHEMA: [&str; 8] = [
    "port-too-large",
    "size-too-large",
    "subnet-with-too-many-bits",
    "system-unknown",
    "volume-holds-too-much",
    "volume-of-no-kind",
    "volume-of-two-kinds",
    "volume-sized-twice",
];

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let judge = Judge::new();
    let mut odd = Vec::new();
    for (name, yaml) in read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad")) {
        let stem = Path::new(&name).file_stem().unwrap().to_str().unwrap().to_owned();
        let Some(value) = as_value(&yaml) else { continue };
        assert!(Source::read(&name, &yaml).is_err(), "{name}");
        let beyond = BEYOND_A_SCHEMA.contains(&stem.as_str());
        if judge.faults(&value).is_empty() != beyond {
            odd.push(stem);
        }
    }
    assert!(odd.is_empty(), "{odd:?}");
}

/// Adds every key under `properties` in `schema`, with whether it is explained.
fn keys(schema: &Value, all: &mut BTreeSet<(String, bool)>) {
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        let explained = |it: &Value| it["description"].is_string();
        let alone = properties.len() == 1 && explained(schema);
        all.extend(properties.iter().map(|(key, it)| (key.clone(), alone || explained(it))));
    }
    match schema {
        Value::Object(map) => map.values().for_each(|it| keys(it, all)),
        Value::Array(items) => items.iter().for_each(|it| keys(it, all)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_schema_explains_every_key() {
    let mut all = BTreeSet::new();
    keys(&schema(), &mut all);
    assert!(all.len() > 100, "{}", all.len());
    let silent: Vec<_> = all.iter().filter(|it| !it.1).collect();
    assert!(silent.is_empty(), "{silent:?}");
    assert!(schema()["title"].is_string() && schema()["description"].is_string());
    assert!(schema().get("$id").is_none());
}

fn written(value: &Value, all: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            all.extend(map.keys().cloned());
            map.values().for_each(|it| written(it, all));
        }
        Value::Array(items) => items.iter().for_each(|it| written(it, all)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn random_racks_have_every_key() {
    let mut all = BTreeSet::new();
    let mut runner = TestRunner::deterministic();
    for _ in 0..200 {
        let rack = racks().new_tree(&mut runner).unwrap().current();
        written(&serde_json::to_value(&rack).unwrap(), &mut all);
    }
    let mut known = BTreeSet::new();
    keys(&schema(), &mut known);
    let missing: Vec<_> = known.iter().filter(|it| !all.contains(&it.0)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
