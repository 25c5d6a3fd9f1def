use crate::{Location, schema};
use serde_json::Value;
use std::collections::BTreeMap;

/// What the schema of the rack file says of one place.
#[derive(Debug, Default)]
pub(super) struct Help {
    /// What belongs there: one sentence or more.
    pub meaning: Option<String>,
    /// The smallest number it may be.
    pub least: Option<u64>,
    /// The largest number it may be.
    pub most: Option<u64>,
    /// A key that it must have, or the first that it may have.
    pub key: Option<String>,
}

impl Help {
    /// What is known of the value at `at`.
    pub(super) fn of(at: &Location) -> Self {
        let schema = schema();
        let mut here = vec![&schema];
        for name in &at.0 {
            here = here.into_iter().flat_map(|it| below(&schema, it, name)).collect();
        }
        let meaning = here.iter().find_map(|it| it["description"].as_str());
        let all: Vec<&Value> = here.iter().flat_map(|it| alternatives(&schema, it)).collect();
        let number = |key: &str| all.iter().find_map(|it| it[key].as_u64());
        Self {
            meaning: meaning.map(|it| it.replace('\n', " ")),
            least: number("minimum"),
            most: number("maximum"),
            key: all.iter().find_map(|it| first_key(it)),
        }
    }
}

/// What a value may be, one after the other: references followed, alternatives spread out.
fn alternatives<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let target = schema["$ref"].as_str().and_then(|it| root.pointer(it.trim_start_matches('#')));
    let among = schema["anyOf"].as_array().or(schema["oneOf"].as_array()).into_iter().flatten();
    let further = target.into_iter().chain(among).flat_map(|it| alternatives(root, it));
    std::iter::once(schema).chain(further).collect()
}

/// The schemas of `name` below `schema`.
fn below<'a>(root: &'a Value, schema: &'a Value, name: &str) -> Vec<&'a Value> {
    let all = alternatives(root, schema);
    let next = all.into_iter().filter_map(|it| {
        let patterns = it["patternProperties"].as_object().and_then(|it| it.values().next());
        let others = [patterns, it.get("additionalProperties"), it.get("items")];
        let named = it["properties"].get(name);
        named.or_else(|| others.into_iter().flatten().find(|it| it.is_object()))
    });
    next.collect()
}

fn first_key(schema: &Value) -> Option<String> {
    let required = schema["required"].get(0).and_then(Value::as_str);
    let first = || schema["properties"].as_object().and_then(|it| it.keys().next());
    required.or_else(|| first().map(String::as_str)).map(str::to_owned)
}

/// The keys whose values may be lists, and how many lists within each other.
pub(super) fn lists() -> BTreeMap<String, usize> {
    let schema = schema();
    let mut lists = BTreeMap::new();
    add_lists(&schema, &schema, &mut lists);
    lists
}

fn add_lists(root: &Value, schema: &Value, lists: &mut BTreeMap<String, usize>) {
    for (key, value) in schema["properties"].as_object().into_iter().flatten() {
        let depth = lists.entry(key.clone()).or_default();
        *depth = list_depth(root, value).max(*depth);
    }
    let within = schema.as_object().into_iter().flat_map(|it| it.values());
    let within = within.chain(schema.as_array().into_iter().flatten());
    within.for_each(|it| add_lists(root, it, lists));
}

fn list_depth(root: &Value, schema: &Value) -> usize {
    let all = alternatives(root, schema);
    let items = all.iter().filter_map(|it| it.get("items"));
    items.map(|it| 1 + list_depth(root, it)).max().unwrap_or(0)
}
