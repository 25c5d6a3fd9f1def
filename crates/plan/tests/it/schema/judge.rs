//! A judge of values by a JSON Schema.

use rackberry_plan::schema;
use regex::Regex;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Checks values by a schema, as far as schemas of racks go. A keyword it does not know fails the test.
pub(super) struct Judge {
    root: Value,
    patterns: BTreeMap<String, Regex>,
}

impl Judge {
    pub(super) fn new() -> Self {
        let mut patterns = BTreeMap::new();
        compile(&schema(), &mut patterns);
        Self { root: schema(), patterns }
    }

    fn matches(&self, pattern: &str, text: &str) -> bool {
        self.patterns[pattern].is_match(text)
    }

    /// The places of `value` that break the schema.
    pub(super) fn faults(&self, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.judge(&self.root, value, "", &mut faults);
        faults
    }

    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let mut faults = Vec::new();
        self.judge(schema, value, "", &mut faults);
        faults.is_empty()
    }

    /// The schema that a key's value must keep.
    fn governing(&self, schema: &Map<String, Value>, key: &str) -> Value {
        let of = |keyword: &str| schema.get(keyword).and_then(Value::as_object);
        let named = of("properties").and_then(|it| it.get(key));
        let mut patterns = of("patternProperties").into_iter().flatten();
        let matching = || patterns.find(|it| self.matches(it.0, key)).map(|it| it.1);
        let other = || schema.get("additionalProperties");
        named.or_else(matching).or_else(other).cloned().unwrap_or(Value::Bool(true))
    }

    fn judge(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        let Value::Object(schema) = schema else {
            assert!(schema.is_boolean(), "{schema}");
            return if *schema == Value::Bool(false) {
                faults.push(at.into())
            };
        };
        for (keyword, rule) in schema {
            if !self.keeps(schema, keyword, rule, value, at, faults) {
                faults.push(format!("{at}: {keyword}"));
            }
        }
    }

    fn keeps(
        &self,
        schema: &Map<String, Value>,
        keyword: &str,
        rule: &Value,
        value: &Value,
        at: &str,
        faults: &mut Vec<String>,
    ) -> bool {
        let number = |it: &Value| it.as_f64().unwrap();
        match keyword {
            "$ref" => {
                let target = rule.as_str().unwrap().trim_start_matches('#');
                self.judge(self.root.pointer(target).unwrap(), value, at, faults);
                true
            }
            "type" => types(rule).any(|it| is_a(it, value)),
            "const" => rule == value,
            "enum" => rule.as_array().unwrap().contains(value),
            "pattern" => value.as_str().is_none_or(|it| self.matches(rule.as_str().unwrap(), it)),
            "minimum" => !value.is_number() || number(value) >= number(rule),
            "maximum" => !value.is_number() || number(value) <= number(rule),
            "anyOf" => rule.as_array().unwrap().iter().any(|it| self.fits(it, value)),
            "oneOf" => {
                rule.as_array().unwrap().iter().filter(|it| self.fits(it, value)).count() == 1
            }
            "required" => {
                value.as_object().is_none_or(|map| types(rule).all(|it| map.contains_key(it)))
            }
            "items" => {
                for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.judge(rule, item, &format!("{at}/{number}"), faults);
                }
                true
            }
            "properties" => {
                for (key, value) in value.as_object().into_iter().flatten() {
                    let rule = self.governing(schema, key);
                    self.judge(&rule, value, &format!("{at}/{key}"), faults);
                }
                true
            }
            "patternProperties" | "additionalProperties" if schema.contains_key("properties") => {
                true
            }
            "patternProperties" => self.keeps(schema, "properties", rule, value, at, faults),
            "additionalProperties" if schema.contains_key("patternProperties") => true,
            "additionalProperties" => self.keeps(schema, "properties", rule, value, at, faults),
            "format" if rule == "ip" => {
                value.as_str().is_none_or(|it| it.parse::<std::net::IpAddr>().is_ok())
            }
            "$schema" | "$defs" | "title" | "description" | "default" | "format" => true,
            other => panic!("`{other}` is a keyword that this test does not know"),
        }
    }
}

/// Compiles every pattern in `schema`.
fn compile(schema: &Value, all: &mut BTreeMap<String, Regex>) {
    let keys = schema["patternProperties"].as_object().into_iter().flat_map(Map::keys);
    for pattern in schema["pattern"].as_str().into_iter().chain(keys.map(String::as_str)) {
        all.insert(pattern.into(), Regex::new(pattern).unwrap());
    }
    match schema {
        Value::Object(map) => map.values().for_each(|it| compile(it, all)),
        Value::Array(items) => items.iter().for_each(|it| compile(it, all)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn types(rule: &Value) -> impl Iterator<Item = &str> {
    let all = rule.as_array().map_or(std::slice::from_ref(rule), Vec::as_slice);
    all.iter().filter_map(Value::as_str)
}

fn is_a(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("`{other}` is no type of JSON"),
    }
}
