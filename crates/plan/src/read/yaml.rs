use super::complaint::{At, Complaint, Fault};
use super::syntax;
use super::text::{Position, Text};
use crate::{Rack, Source};
use serde_saphyr::granit_parser::ErrorKind;
use serde_saphyr::{Error, ExternalMessageSource, Location, MergeKeyPolicy, Options};

/// How many levels of lists and keys a text may have. A rack needs eight.
const MAX_DEPTH: usize = 64;

/// How many values the aliases of a text may stand for, together.
const MAX_ALIASED: usize = 100_000;

/// Reads a rack from YAML.
pub(super) fn rack(source: &Source) -> Result<Rack, Fault> {
    let rack = serde_saphyr::from_str_with_options(source.text.as_str(), options());
    rack.map_err(|it| fault(source, it.without_snippet()))
}

/// What amount of text is read is limited by its size, so only what a small text can blow up is limited here.
fn options() -> Options {
    serde_saphyr::options! {
        strict_booleans: true,
        merge_keys: MergeKeyPolicy::Error,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
        reject_tagged_field_names: true,
        with_snippet: false,
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: MAX_ALIASED },
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            max_nodes: usize::MAX,
            max_events: usize::MAX,
            max_total_scalar_bytes: usize::MAX,
            enforce_alias_anchor_ratio: false,
        },
    }
}

fn fault(source: &Source, error: &Error) -> Fault {
    if let Error::AliasError { error, locations, .. } = error {
        let complaint = complaint(error.without_snippet());
        return Fault { at: start(&source.text, locations.reference_location), complaint };
    }
    let at = error.location().and_then(|it| start(&source.text, it));
    if let Error::ExternalMessage { source: parser, .. } = error
        && let ExternalMessageSource::Parser(error) = &**parser
    {
        return unparsable(source, error.kind(), at);
    }
    Fault { at, complaint: complaint(error) }
}

/// What keeps a text from being YAML. The parser names the place where it gave up, which may be far below
/// the quote or the bracket that is to blame.
fn unparsable(source: &Source, kind: &ErrorKind, at: Option<At>) -> Fault {
    let (text, marks) = (source.text.as_str(), source.marks());
    let (before, rest) = text.split_at_checked(marks.end()).unwrap_or((text, ""));
    let complaint = syntax::yaml(kind);
    if let (true, Some(quote)) = (syntax::is_open_quote(kind), rest.find(['"', '\''])) {
        return complaint.at(At::Start(before.len() + quote));
    }
    if before.ends_with(['"', '\'']) && !rest.starts_with(char::is_whitespace) {
        return after_quote(source, marks.last(), before.len());
    }
    if let (true, Some(quote)) = (syntax::is_after_quote(kind), rest.find(['"', '\''])) {
        let Some(At::Start(at)) = at else { return Fault { at, complaint } };
        return after_quote(source, before.len() + quote, at);
    }
    let complaint = match open_bracket(source, at).filter(|_| syntax::is_about_colons(kind)) {
        Some((bracket, line)) => complaint
            .hint(format!("close the `{bracket}` on line {line}, which is still open here")),
        None => complaint,
    };
    Fault { at, complaint }
}

/// Something follows a quoted text, which may begin far above.
fn after_quote(source: &Source, opened: usize, at: usize) -> Fault {
    let line = |byte: usize| source.text.position(byte).line;
    let complaint = match line(opened) {
        above if above < line(at) => syntax::after_far_quote(above),
        _here => syntax::after_quote(),
    };
    complaint.at(At::Start(at))
}

/// The bracket that is open at a place, if it was opened on a line above.
fn open_bracket(source: &Source, at: Option<At>) -> Option<(char, usize)> {
    let (Some(At::Start(at)), Some(open)) = (at, source.marks().open()) else { return None };
    let rest = source.text.as_str().get(open.value.start..)?;
    let bracket = rest.chars().next().filter(|it| matches!(it, '[' | '{'))?;
    let line = source.text.position(open.value.start).line;
    (line < source.text.position(at).line).then_some((bracket, line))
}

/// Where something begins. The parser knows the byte of values, and only line and column of its own complaints.
fn start(text: &Text, at: Location) -> Option<At> {
    let byte = at.span().byte_offset().and_then(|it| usize::try_from(it).ok());
    let line = usize::try_from(at.line()).ok().filter(|it| *it > 0)?;
    let column = usize::try_from(at.column()).ok()?;
    Some(At::Start(byte.unwrap_or_else(|| text.byte(Position { line, column }))))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "most of these cannot come from a rack")]
fn complaint(error: &Error) -> Complaint {
    let words = |all: &[&str]| all.iter().map(|it| it.to_string()).collect();
    match error {
        Error::Message { msg, .. } | Error::SerdeVariantId { msg, .. } => syntax::custom(msg),
        Error::Eof { .. } => Complaint::Nothing,
        Error::SerdeUnknownField { field, expected, .. } => {
            Complaint::UnknownKey { key: field.clone(), known: words(expected) }
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            Complaint::UnknownWord { word: variant.clone(), known: words(expected) }
        }
        Error::SerdeMissingField { field, .. } => Complaint::MissingKey((*field).into()),
        Error::DuplicateMappingKey { .. } => Complaint::KeyTwice,
        Error::Unexpected { expected, .. } => Complaint::NotThe(expected_kind(expected).into()),
        Error::SerdeInvalidType { expected, .. }
        | Error::SerdeInvalidValue { expected, .. }
        | Error::SerdeInvalidLength { expected, .. } => Complaint::NotThe(expected.clone()),
        Error::InvalidScalar { ty, .. } => syntax::number(ty),
        Error::InvalidBooleanStrict { .. } => Complaint::NotABoolean,
        Error::NullIntoString { .. } | Error::TaggedScalarCannotDeserializeIntoString { .. } => {
            Complaint::NotThe("a text".into())
        }
        Error::NonFiniteFloat { .. } => Complaint::NotThe("a number of ordinary size".into()),
        beyond_us => beyond(beyond_us),
    }
}

/// What the parser calls a kind, in words of the rack file.
fn expected_kind(expected: &str) -> &'static str {
    match expected {
        "mapping start" => "keys and values",
        "sequence start" => "a list",
        _ => "a single value",
    }
}

/// What YAML allows and a rack file does not.
#[expect(clippy::wildcard_enum_match_arm, reason = "most of these cannot come from a rack")]
fn beyond(error: &Error) -> Complaint {
    match error {
        Error::MultipleDocuments { .. } => {
            Complaint::said("a second document begins here, and a file holds one rack")
                .hint("remove the line `---`, or put the second rack in a file of its own")
        }
        Error::MergeKeyNotAllowed { .. } => Complaint::said("`<<` is not used in a rack file")
            .hint("write the keys out, or give a whole value a name with `&name` and use it as `*name`"),
        Error::UnknownAnchor { .. } => Complaint::said("this alias stands for nothing")
            .hint("mark a value above with `&name` before it is used as `*name`"),
        Error::Budget { breach: serde_saphyr::budget::BudgetBreach::Depth { .. }, .. } => {
            syntax::too_deep()
        }
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. }
        | Error::RecursiveReferencesRequireWeakTypes { .. }
        | Error::Budget { .. } => syntax::too_many_aliases(),
        Error::UnsupportedTag { .. }
        | Error::TaggedStructFieldName { .. }
        | Error::TaggedEnumMismatch { .. } => Complaint::said("tags (`!name`) are not used here")
            .hint("remove the tag; a text that begins with `!` is written in quotes"),
        _ => syntax::unreadable(),
    }
}
