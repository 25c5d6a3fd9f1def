//! What parsers say, in words of the rack file.

use super::complaint::Complaint;
use serde_saphyr::granit_parser::ErrorKind;

/// What serde and our own types say, as text.
pub(super) fn custom(message: &str) -> Complaint {
    let quoted = |start: &str| message.strip_prefix(start)?.split('`').next().map(str::to_owned);
    if message.starts_with("duplicate field") {
        return Complaint::KeyTwice;
    }
    if let Some(key) = quoted("unknown field `") {
        return Complaint::UnknownKey { key, known: known(message) };
    }
    if let Some(word) = quoted("unknown variant `") {
        return Complaint::UnknownWord { word, known: known(message) };
    }
    if let Some(key) = quoted("missing field `") {
        return Complaint::MissingKey(key);
    }
    if message == "invalid IP address syntax" {
        return Complaint::NotAnAddress;
    }
    if let Some((_, expected)) = expectation(message) {
        return unlike(expected);
    }
    match message.strip_prefix("expected ") {
        Some(expected) => Complaint::NotThe(expected.into()),
        None => Complaint::said(message),
    }
}

/// The words that `message` lists as expected, in backquotes.
fn known(message: &str) -> Vec<String> {
    let (_, list) = message.split_once("`, expected ").unwrap_or_default();
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What was found and what was expected, if `message` says so.
fn expectation(message: &str) -> Option<(&str, &str)> {
    let starts = ["invalid type: ", "invalid value: ", "invalid length "];
    let rest = starts.iter().find_map(|it| message.strip_prefix(it))?;
    rest.rsplit_once(", expected ")
}

/// What serde calls what it expected.
fn unlike(expected: &str) -> Complaint {
    match expected {
        "u8" | "u16" | "u32" | "u64" => number(expected),
        "a boolean" => Complaint::NotABoolean,
        "a string" | "string or map" | "variant identifier" => Complaint::NotThe("a text".into()),
        "a sequence" => Complaint::NotThe("a list".into()),
        "a map" => Complaint::NotThe("keys and values".into()),
        it if it.starts_with("struct ") => Complaint::NotThe("keys and values".into()),
        it => Complaint::NotThe(it.into()),
    }
}

/// Something else was found where a value of this type belongs.
pub(super) fn number(ty: &str) -> Complaint {
    match ty {
        "u8" => Complaint::NotANumber(u8::MAX.into()),
        "u16" => Complaint::NotANumber(u16::MAX.into()),
        "u32" => Complaint::NotANumber(u32::MAX.into()),
        "u64" => Complaint::NotANumber(u64::MAX),
        "boolean" => Complaint::NotABoolean,
        _ => Complaint::NotThe("a single value".into()),
    }
}

pub(super) fn too_deep() -> Complaint {
    Complaint::said("lists and keys are nested too deeply here")
        .hint("a rack needs no more than 10 levels")
}

pub(super) fn too_many_aliases() -> Complaint {
    Complaint::said("the aliases (`*name`) of this file stand for too much")
        .hint("write the values out, or use fewer aliases")
}

pub(super) fn unreadable() -> Complaint {
    Complaint::said("this cannot be read").hint("see the example racks for how it is written")
}

/// What the parser of YAML says.
#[expect(clippy::wildcard_enum_match_arm, reason = "most of these have one answer")]
pub(super) fn yaml(kind: &ErrorKind) -> Complaint {
    match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => Complaint::said("a tab stands where only blanks may")
            .hint("indent with blanks, two for each level"),
        ErrorKind::UnknownAnchor => Complaint::said("this alias stands for nothing")
            .hint("mark a value above with `&name` before it is used as `*name`"),
        ErrorKind::RecursionLimitExceeded => too_deep(),
        ErrorKind::UnexpectedCharacter { character } => character_complaint(*character),
        ErrorKind::BomInsideDocument => {
            Complaint::said("a byte-order mark stands inside the text").hint("remove it")
        }
        ErrorKind::MultipleDocumentsUnsupported | ErrorKind::InvalidDocumentEnd => {
            Complaint::said("a file holds one rack").hint("remove the lines `---` and `...`")
        }
        other => bracket(other).or_else(|| quote(other)).unwrap_or_else(|| layout(other)),
    }
}

fn character_complaint(character: char) -> Complaint {
    if character.is_control() {
        let code = u32::from(character);
        return Complaint::said(format!("the character U+{code:04X} cannot be part of the text"))
            .hint("remove it; most editors show it when asked for invisible characters");
    }
    let shown = if character == '`' { "a backquote".into() } else { format!("`{character}`") };
    Complaint::said(format!("a text cannot begin with {shown}")).hint("write the text in quotes")
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the others are not about brackets")]
fn bracket(kind: &ErrorKind) -> Option<Complaint> {
    let complaint = match kind {
        ErrorKind::UnclosedFlowCollection { open } => {
            let close = closing(*open);
            Complaint::said(format!("this `{open}` is never closed"))
                .hint(format!("write `{close}` where it ends; between the entries stand commas"))
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            let right = closing(*open);
            Complaint::said(format!("`{open}` is closed by `{close}`"))
                .hint(format!("write `{right}` instead"))
        }
        ErrorKind::MisplacedFlowCollectionEnd => Complaint::said("this bracket closes nothing")
            .hint("remove it, or write its opening bracket"),
        ErrorKind::UnexpectedEofFlowSequence | ErrorKind::ExpectedFlowSequenceSeparator => {
            Complaint::said("a `,` or the closing `]` is missing here")
                .hint("between the items of `[...]` stand commas")
        }
        ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::ExpectedFlowMappingSeparator => {
            Complaint::said("a `,` or the closing `}` is missing here")
                .hint("between the entries of `{...}` stand commas")
        }
        ErrorKind::BlockEntryInFlowCollection => {
            Complaint::said("a `-` does not begin an item between brackets")
                .hint("write `[a, b]`, or one `- a` on each line and no brackets")
        }
        _ => return None,
    };
    Some(complaint)
}

fn closing(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}

pub(super) fn after_quote() -> Complaint {
    Complaint::said("something follows the closing quote")
        .hint("put all of the text in quotes; a quote inside `'...'` is written `''`")
}

/// Something follows a quote that closes a text of several lines: more likely it was to open one.
pub(super) fn after_far_quote(line: usize) -> Complaint {
    Complaint::said(format!(
        "something follows the closing quote of a text that begins on line {line}"
    ))
    .hint(format!(
        "close the quote that is opened on line {line}, if this one is to open another text"
    ))
}

/// Whether the parser gave up at a `:` that it did not expect.
pub(super) fn is_about_colons(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::MappingValueNotAllowed
            | ErrorKind::InvalidColonPlacement
            | ErrorKind::SimpleKeyExpected
            | ErrorKind::InvalidSimpleKey
    )
}

/// Whether the parser gave up because a quote is not closed.
pub(super) fn is_open_quote(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnclosedQuotedScalar
            | ErrorKind::InvalidQuotedScalarIndent
            | ErrorKind::DocumentIndicatorInQuotedScalar
    )
}

/// Whether the parser gave up because something follows a closing quote.
pub(super) fn is_after_quote(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar
    )
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the others are not about quotes")]
fn quote(kind: &ErrorKind) -> Option<Complaint> {
    let complaint = match kind {
        kind if is_open_quote(kind) => Complaint::said("a quote is opened and not closed")
            .hint("close it on the line it begins on"),
        kind if is_after_quote(kind) => after_quote(),
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => {
            Complaint::said("no character is written with a `\\` like this")
                .hint("write `\\\\` for a backslash, or use single quotes")
        }
        _ => return None,
    };
    Some(complaint)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the rest are about indentation")]
fn layout(kind: &ErrorKind) -> Complaint {
    match kind {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            Complaint::said("a `:` stands where no key can end")
                .hint("check the indentation; a text with `: ` in it is written in quotes")
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            Complaint::said("a key without its `:`").hint("write `key: value`")
        }
        ErrorKind::ExpectedDocumentStart => Complaint::said("the rack does not begin here")
            .hint("remove the lines above that begin with `%`, `---` or `...`"),
        ErrorKind::ExpectedNodeContent => Complaint::said("a value was expected here")
            .hint("write `key: value` on each line, below each other where they belong together"),
        ErrorKind::CommentNotSeparated | ErrorKind::CommentInterceptedScalar => {
            Complaint::said("a comment stands in the middle of a value")
                .hint("write a blank before `#`, or the value in quotes")
        }
        _ => Complaint::said("this does not line up with the lines above")
            .hint("keys that belong together begin in the same column"),
    }
}

pub(super) fn json_comment() -> Complaint {
    Complaint::said("JSON has no comments").hint("remove it, or write the rack as YAML")
}

/// What the parser of JSON says.
pub(super) fn json(message: &str) -> Complaint {
    match message {
        "trailing comma" => {
            Complaint::said("a comma stands before the closing bracket").hint("remove the comma")
        }
        "trailing characters" => Complaint::said("something follows the end of the rack")
            .hint("a file holds one rack: remove the rest"),
        "recursion limit exceeded" => too_deep(),
        "invalid value: expected key to be a number in quotes" => {
            Complaint::NotANumber(u16::MAX.into())
        }
        "key must be a string" => {
            Complaint::said("a key begins here").hint("write it in double quotes")
        }
        "control character (\\u0000-\\u001F) found while parsing a string" => {
            Complaint::said("a text does not go on in the next line")
                .hint("close its quote, or write `\\n` or `\\t`")
        }
        "invalid escape"
        | "lone leading surrogate in hex escape"
        | "unexpected end of hex escape" => {
            Complaint::said("no character is written with a `\\` like this")
                .hint("write `\\\\` for a backslash")
        }
        "number out of range" | "invalid number" => Complaint::said("this number cannot be read"),
        it if it.starts_with("EOF") => {
            Complaint::said("the file ends in the middle").hint("close every `\"`, `[` and `{`")
        }
        it if it.starts_with("expected `") => Complaint::said(format!("{it} here")),
        _ => Complaint::said("this is not JSON").hint(
            "a value is a text in double quotes, a number, `true`, `false`, `[...]` or `{...}`",
        ),
    }
}
