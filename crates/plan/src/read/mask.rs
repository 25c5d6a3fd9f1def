//! Which parts of a line may be a secret that somebody wrote in the open.
//!
//! A line is judged twice: by the marks of the text, as far as it could be parsed, and by its own look, for
//! the texts that could not.

use super::mark::Marks;
use super::text::Text;
use std::ops::Range;

/// What a secret is shown as.
pub(super) const MASK: &str = "***";

/// A key that one of these words is part of has a secret as its value.
const SECRET_WORDS: [&str; 6] = ["pass", "paswo", "pwd", "secret", "token", "credential"];

/// The ways to say where a secret is kept, which are none themselves.
pub(super) const REFERENCES: [&str; 3] = ["env", "file", "command"];

/// The bytes of `piece`, which lies on `line`, that are not to be shown.
pub(super) fn masked(
    text: &Text,
    marks: &Marks,
    line: usize,
    piece: &Range<usize>,
) -> Vec<Range<usize>> {
    let look = by_look(&text.as_str()[piece.clone()]);
    let look = look.into_iter().map(|it| piece.start + it.start..piece.start + it.end);
    let blank = indent(&text.as_str()[piece.clone()]);
    let below = below_a_secret(text, line).then(|| piece.start + blank..piece.end);
    let known = marks.secrets().iter().cloned();
    let all = look.chain(below).chain(known);
    all.filter(|it| it.start < piece.end && it.end > piece.start).collect()
}

/// A text without what looks like the value of a secret key in it.
pub(super) fn hidden(text: &str) -> String {
    let first = by_look(text).into_iter().filter(|it| !it.is_empty()).min_by_key(|it| it.start);
    first.map_or(text.into(), |it| format!("{}{MASK}", &text[..it.start]))
}

/// Whether the value of a key of this name is a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_WORDS.iter().any(|it| name.contains(it))
}

/// What looks like the value of a secret key on this line.
fn by_look(line: &str) -> Vec<Range<usize>> {
    let lower = line.to_ascii_lowercase();
    let found = SECRET_WORDS.iter().flat_map(|it| lower.match_indices(it));
    let values = found.filter_map(|(at, _)| value_start(line, at));
    values.map(|at| at..value_end(line, at)).collect()
}

/// Where the value begins of a key that goes on at `at`. A `:` may be missing: that is a mistake as well.
fn value_start(line: &str, at: usize) -> Option<usize> {
    let rest = line[at..].trim_start_matches(|it: char| it.is_alphanumeric() || "-_.".contains(it));
    let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest).trim_start();
    let is_item = rest.starts_with([',', ']', '}']) && !rest[1..].starts_with(':');
    let value = rest.trim_start_matches(|it: char| !it.is_alphanumeric() && !"{['\"".contains(it));
    (!is_item).then_some(line.len() - value.len())
}

/// Where the value that begins at `at` ends; the line's end, where that cannot be told.
fn value_end(line: &str, at: usize) -> usize {
    let value = &line[at..];
    let closing = match value.chars().next() {
        Some('{') if refers(&value[1..]) => return at,
        Some('{' | '[') => closing_bracket(value),
        Some(quote @ ('"' | '\'')) => closing_quote(value, quote),
        _ if line[..at].contains('{') => value.find([',', '}']).and_then(|it| it.checked_sub(1)),
        _ => None,
    };
    let goes_on = |end: &usize| {
        let rest = line[*end..].trim_start();
        rest.is_empty() || rest.starts_with([',', '}', ']', '#'])
    };
    let end = closing.map(|it| at + it + 1).filter(goes_on).unwrap_or(line.len());
    at + line[at..end].trim_end().len()
}

fn closing_bracket(value: &str) -> Option<usize> {
    let mut depth = 0usize;
    let closing = value.char_indices().find(|(_, it)| {
        depth += usize::from(matches!(it, '{' | '['));
        depth -= usize::from(matches!(it, '}' | ']'));
        depth == 0
    });
    closing.map(|it| it.0)
}

fn closing_quote(value: &str, quote: char) -> Option<usize> {
    let escaped = |at: usize| quote == '"' && value[..at].ends_with('\\');
    value.match_indices(quote).skip(1).map(|it| it.0).find(|at| !escaped(*at))
}

/// Whether `text` begins with a way to say where a secret is kept.
fn refers(text: &str) -> bool {
    let text = text.trim_start().trim_start_matches(['"', '\'']);
    REFERENCES.iter().any(|it| {
        let rest = text.strip_prefix(it).unwrap_or_default();
        rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':')
    })
}

/// Whether the line goes on with the value of a secret key on a line above.
fn below_a_secret(text: &Text, number: usize) -> bool {
    let line = text.line(number);
    let above = (1..number).rev().take(LINES_ABOVE).map(|it| text.line(it));
    let mut above = above.filter(|it| !it.trim().is_empty()).peekable();
    if refers(line) {
        return false;
    }
    let torn = |open: &str| open.starts_with(['{', '[', '"', '\'']) || !is_entry(line);
    if above.peek().and_then(|it| open_value(it)).is_some_and(torn) {
        return true;
    }
    let mut inner = line;
    for above in above {
        if indent(above) >= indent(inner) {
            continue;
        }
        if refers(above) || open_value(above).is_some() {
            return !refers(above);
        }
        inner = above;
    }
    false
}

/// The value of a secret key, as far as it stands on this line, if it does not end there.
fn open_value(line: &str) -> Option<&str> {
    let end = line.trim_end().len();
    let open = by_look(line).into_iter().find(|it| it.end >= end)?;
    line.get(open)
}

/// Whether a line begins with a key.
fn is_entry(line: &str) -> bool {
    let line = line.trim_start();
    let rest = line.trim_start_matches(|it: char| it.is_alphanumeric() || "-_.".contains(it));
    rest.len() < line.len() && rest.starts_with(':')
}

/// A secret of more lines than these is none.
const LINES_ABOVE: usize = 200;

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}
