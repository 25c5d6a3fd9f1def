use super::complaint::{At, Complaint, Fault};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

/// The largest YAML text that is read, in bytes.
const MAX_YAML: usize = 64 << 20;

/// The largest JSON text that is read, in bytes.
const MAX_JSON: usize = 512 << 20;

/// A place in a text. Lines and columns are counted from 1, columns in characters.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// How a rack is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Yaml,
    Json,
}

impl Format {
    pub(super) fn of(name: &str) -> Self {
        match name.to_ascii_lowercase().ends_with(".json") {
            true => Self::Json,
            false => Self::Yaml,
        }
    }

    fn limit(self) -> usize {
        match self {
            Self::Yaml => MAX_YAML,
            Self::Json => MAX_JSON,
        }
    }
}

/// Makes text of bytes, and says why it cannot be a rack; the text is then what can be shown of it.
pub(super) fn decode(format: Format, bytes: &[u8]) -> (Text, Option<Fault>) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.len() > format.limit() {
        return (Text::default(), Some(too_large(format, bytes.len())));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let utf16 = Complaint::said("the file is UTF-16").hint("save it as UTF-8");
        return (Text::default(), Some(utf16.nowhere()));
    }
    match str::from_utf8(bytes) {
        Ok(text) => (Text::new(text.into()), unreadable(text)),
        Err(error) => not_utf8(bytes, error.valid_up_to()),
    }
}

fn too_large(format: Format, bytes: usize) -> Fault {
    let (mib, limit) = (bytes.div_ceil(1 << 20), format.limit() >> 20);
    let complaint =
        Complaint::said(format!("the file has {mib} MiB, and at most {limit} are read"));
    match format {
        Format::Yaml => complaint.hint("write a rack this large as JSON").nowhere(),
        Format::Json => complaint.nowhere(),
    }
}

fn not_utf8(bytes: &[u8], at: usize) -> (Text, Option<Fault>) {
    let byte = bytes.get(at).copied().unwrap_or_default();
    let complaint = Complaint::said(format!("the byte 0x{byte:02x} is not UTF-8 text"));
    let fault = complaint.hint("save the file as UTF-8").at(At::Start(at));
    (Text::new(String::from_utf8_lossy(bytes).into_owned()), Some(fault))
}

fn unreadable(text: &str) -> Option<Fault> {
    if let Some(at) = text.find('\0') {
        let nul = Complaint::said("the file has a NUL character, which text never has");
        return Some(nul.hint("save the file as UTF-8 text").at(At::Start(at)));
    }
    text.trim().is_empty().then(|| Complaint::Nothing.nowhere())
}

/// A text with its lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    text: String,
    starts: OnceLock<Vec<usize>>,
}

impl Text {
    pub(super) fn new(text: String) -> Self {
        Self { text, starts: OnceLock::new() }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The place of a byte; of the text's end, where it lies beyond.
    pub(super) fn position(&self, byte: usize) -> Position {
        let byte = self.boundary(byte);
        let line = self.starts().partition_point(|it| *it <= byte);
        let start = self.start(line);
        Position { line, column: self.text[start..byte].chars().count() + 1 }
    }

    /// The start of the character that `byte` is part of.
    fn boundary(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        (0..=byte).rev().find(|it| self.text.is_char_boundary(*it)).unwrap_or_default()
    }

    /// The byte at a place; the line's end, where the line is shorter.
    pub(super) fn byte(&self, at: Position) -> usize {
        let line = self.line(at.line);
        let column = line.char_indices().nth(at.column.saturating_sub(1));
        self.start(at.line) + column.map_or(line.len(), |it| it.0)
    }

    /// A line, counted from 1, without its end. Lines that do not exist are empty.
    pub(super) fn line(&self, number: usize) -> &str {
        let rest = &self.text[self.start(number)..];
        let end = rest.find('\n').unwrap_or(rest.len());
        rest[..end].trim_end_matches('\r')
    }

    /// The bytes of the word that begins at `byte`; of one character, where none does.
    pub(super) fn word(&self, byte: usize) -> Range<usize> {
        let byte = self.boundary(byte);
        let rest = &self.text[byte..];
        let ends = |it: char| it.is_whitespace() || ",:[]{}\"'".contains(it);
        let end = rest.find(ends).unwrap_or(rest.len());
        byte..byte + end.max(rest.chars().next().map_or(0, char::len_utf8))
    }

    /// The bytes of the line at `byte`, without its end, no more than `most` to either side.
    pub(super) fn around(&self, byte: usize, most: usize) -> Range<usize> {
        let line = self.position(byte).line;
        let start = self.start(line);
        let end = start + self.line(line).len();
        let byte = self.boundary(byte).min(end);
        let first = self.boundary(byte.saturating_sub(most).max(start));
        first..self.boundary(byte.saturating_add(most).min(end))
    }

    /// The byte that a line begins at.
    pub(super) fn start(&self, line: usize) -> usize {
        let starts = self.starts();
        starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len())
    }

    fn starts(&self) -> &[usize] {
        self.starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|it| it.1 == b'\n');
            std::iter::once(0).chain(breaks.map(|it| it.0 + 1)).collect()
        })
    }
}
