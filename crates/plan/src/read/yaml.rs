use super::complaint::{At, Complaint, Fault};
use super::syntax;
use super::text::{Position, Text};
use crate::{Rack, Source};
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
    Fault { at: open_quote(source, error).or(at), complaint: complaint(error) }
}

/// Where a quote is opened that is never closed. The parser names the place where it gave up, maybe far below.
fn open_quote(source: &Source, error: &Error) -> Option<At> {
    let Error::ExternalMessage { source: parser, .. } = error else { return None };
    let ExternalMessageSource::Parser(error) = &**parser else { return None };
    let end = source.marks().end();
    let quote = source.text.as_str().get(end..)?.find(['"', '\''])?;
    syntax::is_open_quote(error.kind()).then_some(At::Start(end + quote))
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
        Error::ExternalMessage { source, .. } => match &**source {
            ExternalMessageSource::Parser(error) => syntax::yaml(error.kind()),
            _ => syntax::unreadable(),
        },
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
