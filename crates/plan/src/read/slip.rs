//! Signs that are left out, and make one value or key of two.

use super::Source;
use super::complaint::Complaint;
use super::mark::{Kind, Mark};
use super::mask::is_secret;

/// What was probably left out at a value that is complained of.
pub(super) fn hint(source: &Source, mark: Option<&Mark>, complaint: &Complaint) -> Option<String> {
    let (text, mark) = (source.text.as_str(), mark?);
    let ours = match complaint {
        Complaint::Said { hint, .. } => hint.is_none(),
        Complaint::UnknownKey { .. } | Complaint::UnknownWord { .. } => true,
        Complaint::NotThe(_) | Complaint::NotANumber(_) | Complaint::NotABoolean => true,
        Complaint::Nothing | Complaint::MissingKey(_) => false,
        Complaint::KeyTwice | Complaint::NotAnAddress => false,
    };
    let location = source.marks().location(mark);
    if !ours || location.0.iter().any(|it| is_secret(it)) {
        return None;
    }
    colon(text, mark).or_else(|| comma(source, mark))
}

/// `grafana { on: a }`: between brackets a key without a value, elsewhere a key with a bracket in it.
fn colon(text: &str, mark: &Mark) -> Option<String> {
    let key = mark.key.clone()?;
    let within = text.get(key.clone())?;
    let opens = ["{", "["];
    let bracket = opens.iter().find(|it| within.contains(&format!(" {it}"))).or_else(|| {
        let rest = text.get(key.end..).filter(|_| mark.value.is_empty())?.trim_start();
        opens.iter().find(|it| rest.starts_with(**it))
    })?;
    let quoted = within.starts_with(['"', '\'']);
    (!quoted).then(|| format!("a `:` is missing before the `{bracket}`"))
}

/// `{ on: a uses: ... }`: a value that takes in the next key.
fn comma(source: &Source, mark: &Mark) -> Option<String> {
    let (text, parent) = (source.text.as_str(), source.marks().parent(mark)?);
    let value = text.get(mark.value.clone()).filter(|_| mark.kind == Kind::Single)?;
    let between_brackets = text.get(parent.value.start..)?.starts_with('{');
    let before_colon = text.get(mark.value.end..)?.trim_start().starts_with(':');
    let (_, next) = value.trim_end().rsplit_once(char::is_whitespace)?;
    let quoted = value.starts_with(['"', '\'']);
    let on_one_line = !value.contains('\n');
    (between_brackets && before_colon && on_one_line && !quoted)
        .then(|| format!("a comma is missing before `{next}`"))
}
