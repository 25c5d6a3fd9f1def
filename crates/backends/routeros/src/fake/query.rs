//! Which rows are shown, and which of their fields.

use super::desk::Fields;
use super::reply::{Failed, bad};
use serde_json::Value;

/// The rows that have what is asked for, with the fields that are asked for.
pub(super) fn filtered(mut rows: Vec<Fields>, asked: &[(String, String)]) -> Vec<Fields> {
    for (field, value) in asked.iter().filter(|it| it.0 != ".proplist") {
        rows.retain(|row| row.get(field).is_some_and(|it| it == value));
    }
    if let Some((_, list)) = asked.iter().find(|it| it.0 == ".proplist") {
        narrow(&mut rows, &list.split(',').collect::<Vec<_>>());
    }
    rows
}

fn narrow(rows: &mut [Fields], list: &[&str]) {
    rows.iter_mut().for_each(|row| row.retain(|field, _| list.contains(&field.as_str())));
}

/// The rows for `print`: `.query` is a list of words, each of which puts a truth on a stack or joins those on it.
pub(super) fn printed(mut rows: Vec<Fields>, order: &Fields) -> Result<Vec<Fields>, Failed> {
    for field in order.keys() {
        if field != ".query" && field != ".proplist" {
            return bad(format!("unknown parameter {field}"));
        }
    }
    let words = words(order.get(".query"));
    let mut kept = Vec::new();
    for row in rows.drain(..) {
        if holds(&row, &words)? {
            kept.push(row);
        }
    }
    let list = words_of_list(order.get(".proplist"));
    if !list.is_empty() {
        narrow(&mut kept, &list.iter().map(String::as_str).collect::<Vec<_>>());
    }
    Ok(kept)
}

fn words(value: Option<&Value>) -> Vec<String> {
    let all = value.and_then(Value::as_array).into_iter().flatten();
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn words_of_list(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => text.split(',').map(str::to_owned).collect(),
        other => words(other),
    }
}

fn holds(row: &Fields, words: &[String]) -> Result<bool, Failed> {
    let mut stack = Vec::new();
    for word in words {
        match word.strip_prefix('#') {
            Some(joints) => joints.chars().try_for_each(|it| join(&mut stack, it))?,
            None => stack.push(says(row, word)),
        }
    }
    Ok(stack.into_iter().all(|it| it))
}

fn join(stack: &mut Vec<bool>, joint: char) -> Result<(), Failed> {
    let Some(last) = stack.pop() else { return bad("empty query stack") };
    let joined = match (joint, stack.pop()) {
        ('!', before) => {
            stack.extend(before);
            !last
        }
        ('|', Some(before)) => before || last,
        ('&', Some(before)) => before && last,
        _ => return bad("invalid query"),
    };
    stack.push(joined);
    Ok(())
}

/// `name=value`, `name` for a field that is there, `-name` for one that is not.
fn says(row: &Fields, word: &str) -> bool {
    let word = word.strip_prefix('?').unwrap_or(word);
    match (word.strip_prefix('-'), word.trim_start_matches('=').split_once('=')) {
        (Some(absent), None) => !row.contains_key(absent),
        (_, Some((field, value))) => row.get(field).is_some_and(|it| it == value),
        (None, None) => row.contains_key(word),
    }
}
