use super::complaint::{At, Complaint};
use super::error::{COLUMNS, visible};
use super::mark::{Kind, Mark, Marks};
use super::mask::is_secret;
use super::snippet::Snippet;
use super::text::Text;
use super::{ReadError, Source};
use crate::nearest::nearest;
use crate::rack::SECRET_IN_THE_OPEN;
use std::ops::Range;

/// The most characters of a value that are quoted.
const QUOTED: usize = 40;

/// The most characters of a reason or a hint.
const SAID: usize = 600;

/// The place in a text where something is wrong, looked at closely to say what.
pub(super) struct Scene<'a> {
    source: &'a Source,
    at: Option<At>,
    /// What begins or ends exactly there.
    mark: Option<&'a Mark>,
    /// It is the key that does, not the value.
    on_key: bool,
}

/// What is wrong, and what would be right.
type Words = (String, Option<String>);

impl<'a> Scene<'a> {
    pub(super) fn new(source: &'a Source, at: Option<At>) -> Self {
        let mark = match at {
            Some(At::Start(byte)) => source.marks().at(byte),
            Some(At::End(byte)) => source.marks().ending(byte),
            None => None,
        };
        let on_key = mark.and_then(|it| it.key.clone()).is_some_and(|key| match at {
            Some(At::Start(byte)) => key.start == byte,
            Some(At::End(byte)) => key.end == byte,
            None => false,
        });
        Self { source, at, mark, on_key }
    }

    /// The complaint in words, with its line.
    pub(super) fn error(&self, complaint: Complaint) -> ReadError {
        let bytes = self.bytes(&complaint);
        let (reason, hint) = self.words(&complaint);
        ReadError {
            file: self.source.name.clone(),
            position: bytes.as_ref().map(|it| self.text().position(it.start)),
            reason: short(&reason, SAID),
            hint: hint.map(|it| short(&it, SAID)),
            snippet: bytes.map(|it| self.snippet(it, &complaint)),
        }
    }

    fn snippet(&self, at: Range<usize>, complaint: &Complaint) -> String {
        let secret = self.secret(complaint);
        Snippet { text: self.text(), marks: self.marks(), at, secret, columns: COLUMNS }.to_string()
    }

    fn text(&self) -> &'a Text {
        &self.source.text
    }

    fn marks(&self) -> &'a Marks {
        self.source.marks()
    }

    /// The bytes that are wrong.
    fn bytes(&self, complaint: &Complaint) -> Option<Range<usize>> {
        if *complaint == Complaint::Nothing {
            return None;
        }
        let Some(mark) = self.mark else {
            return Some(match self.at? {
                At::Start(byte) if self.is_after_tab(byte) => byte - 1..byte,
                At::Start(byte) => self.text().word(byte),
                At::End(byte) => byte.saturating_sub(1)..byte,
            });
        };
        Some(match complaint {
            Complaint::MissingKey(_) => self.container(mark).place(),
            other if self.is_about_the_key(mark, other) => mark.place(),
            Complaint::Nothing
            | Complaint::UnknownKey { .. }
            | Complaint::UnknownWord { .. }
            | Complaint::KeyTwice
            | Complaint::NotThe(_)
            | Complaint::NotANumber(_)
            | Complaint::NotABoolean
            | Complaint::NotAnAddress
            | Complaint::Said { .. } => mark.shown_value(),
        })
    }

    /// Whether a tab stands before; a reader that refuses it is past it already.
    fn is_after_tab(&self, byte: usize) -> bool {
        self.text().as_str().get(..byte).is_some_and(|it| it.ends_with('\t'))
    }

    /// Whether it is the key that is wrong. A reader that does not know where in a value it is names the key;
    /// then the value is meant, if the complaint quotes it.
    fn is_about_the_key(&self, mark: &Mark, complaint: &Complaint) -> bool {
        let quoted = || format!("`{}`", self.value(mark).trim_matches(['"', '\'']));
        self.on_key
            && match complaint {
                Complaint::UnknownKey { .. }
                | Complaint::KeyTwice
                | Complaint::MissingKey(_)
                | Complaint::NotANumber(_) => true,
                Complaint::UnknownWord { word, .. } => *word == *mark.name,
                Complaint::Said { reason, .. } => !reason.contains(&quoted()),
                Complaint::Nothing
                | Complaint::NotThe(_)
                | Complaint::NotABoolean
                | Complaint::NotAnAddress => false,
            }
    }

    /// What a key is missing from: one reader names the last key that it has, the other where it ends.
    fn container(&self, mark: &'a Mark) -> &'a Mark {
        let starts = matches!(self.at, Some(At::Start(_)));
        let parent = self.marks().parent(mark).filter(|_| starts && self.on_key);
        parent.unwrap_or(mark)
    }

    fn words(&self, complaint: &Complaint) -> Words {
        match complaint {
            Complaint::Nothing => ("the file says nothing".into(), begin()),
            Complaint::UnknownKey { key, known } => unknown("key", key, known),
            Complaint::UnknownWord { word, known } => unknown("value", word, known),
            Complaint::MissingKey(key) => self.missing(key),
            Complaint::KeyTwice => self.twice(),
            Complaint::NotThe(expected) => self.not_the(expected),
            Complaint::NotANumber(most) => {
                (self.expected(&format!("a whole number from 0 to {most}")), None)
            }
            Complaint::NotABoolean => self.not_a_boolean(),
            Complaint::NotAnAddress => self.not_an_address(),
            Complaint::Said { reason, hint } => (reason.clone(), hint.clone()),
        }
    }

    fn missing(&self, key: &str) -> Words {
        let from = self.mark.map(|it| self.marks().location(self.container(it)));
        match from.filter(|it| !it.0.is_empty()) {
            Some(from) => (format!("`{key}` is missing from `{from}`"), None),
            None => (format!("`{key}` is missing"), begin()),
        }
    }

    fn twice(&self) -> Words {
        let key = self.mark.map_or("this key", |it| &it.name);
        let first = self.mark.and_then(|it| self.marks().first(it));
        let line = first.map(|it| self.text().position(it.place().start).line);
        let hint = line.map(|it| format!("it stands on line {it} already: keep one of them"));
        (format!("`{key}` is written twice"), hint)
    }

    fn not_the(&self, expected: &str) -> Words {
        let value = self.mark.map_or("", |it| self.value(it));
        let kind = self.mark.map(|it| it.kind);
        let hint = match (expected, kind) {
            ("keys and values", Some(Kind::Single)) if is_nothing(value) => {
                Some("write `{}`, or leave the key out".into())
            }
            ("keys and values", Some(Kind::Single)) => Some("write `key: value`".into()),
            ("a list", Some(Kind::Single)) if is_nothing(value) => {
                Some("write `[]`, or leave the key out".into())
            }
            ("a list", Some(Kind::Single)) if !self.is_secret() => {
                Some(format!("write `[{}]`", short(value, QUOTED)))
            }
            ("a list", Some(Kind::Map)) => Some("write `- ` before its first key".into()),
            _ => None,
        };
        (self.expected(expected), hint)
    }

    fn not_a_boolean(&self) -> Words {
        let value = self.mark.map_or("", |it| self.value(it)).to_ascii_lowercase();
        let hint = match value.as_str() {
            "yes" | "y" | "on" => Some("write `true`".into()),
            "no" | "n" | "off" => Some("write `false`".into()),
            _ => None,
        };
        (self.expected("`true` or `false`"), hint)
    }

    fn not_an_address(&self) -> Words {
        let (what, hint) = match self.mark.is_some_and(|it| *it.name == *"subnet") {
            true => ("a subnet", "write it like `192.168.2.0/24`"),
            false => ("an IP address", "write it like `192.168.2.10`"),
        };
        let found = self.found().unwrap_or_else(|| "this".into());
        (format!("{found} is not {what}"), Some(hint.into()))
    }

    fn expected(&self, expected: &str) -> String {
        match self.found() {
            Some(found) => format!("expected {expected}, found {found}"),
            None => format!("expected {expected} here"),
        }
    }

    /// What stands there, in words.
    fn found(&self) -> Option<String> {
        let mark = self.mark?;
        let value = self.value(mark);
        let quoted = || format!("`{}`", short(value, QUOTED));
        Some(match mark.kind {
            Kind::List => "a list".into(),
            Kind::Map => "keys and values".into(),
            Kind::Alias => "an alias".into(),
            Kind::Single if is_nothing(value) => "nothing".into(),
            Kind::Single if self.is_secret() => "`***`".into(),
            Kind::Single => quoted(),
        })
    }

    fn value(&self, mark: &Mark) -> &'a str {
        self.text().as_str().get(mark.value.clone()).unwrap_or_default()
    }

    /// Whether what stands here is part of a value that may be a secret.
    fn is_secret(&self) -> bool {
        let Some(mark) = self.mark else { return false };
        self.marks().location(mark).0.iter().any(|it| is_secret(it))
    }

    /// The value that is not to be shown, because its key says so, or nearly.
    fn secret(&self, complaint: &Complaint) -> Option<Range<usize>> {
        let hidden = match complaint {
            Complaint::Said { reason, .. } => reason.starts_with(SECRET_IN_THE_OPEN),
            Complaint::UnknownKey { key, known } => {
                nearest(key, known.iter().map(String::as_str)).is_some_and(is_secret)
            }
            Complaint::Nothing
            | Complaint::UnknownWord { .. }
            | Complaint::MissingKey(_)
            | Complaint::KeyTwice
            | Complaint::NotThe(_)
            | Complaint::NotANumber(_)
            | Complaint::NotABoolean
            | Complaint::NotAnAddress => false,
        };
        self.mark.filter(|_| hidden).map(|it| it.value.clone())
    }
}

fn begin() -> Option<String> {
    Some("begin the file with `rack: NAME`".into())
}

/// A word that is not among the known ones.
fn unknown(what: &str, word: &str, known: &[String]) -> Words {
    let reason = format!("unknown {what} `{}`", short(word, QUOTED));
    let quoted: Vec<_> = known.iter().map(|it| format!("`{it}`")).collect();
    let hint = match nearest(word, known.iter().map(String::as_str)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("known are {}", quoted.join(", ")),
    };
    (reason, Some(hint))
}

fn is_nothing(value: &str) -> bool {
    matches!(value, "" | "~" | "null" | "Null" | "NULL")
}

/// The first `most` characters of a text, on one line.
fn short(text: &str, most: usize) -> String {
    let mut short: String = text.chars().take(most).map(visible).collect();
    if text.chars().nth(most).is_some() {
        short.push('…');
    }
    short
}
