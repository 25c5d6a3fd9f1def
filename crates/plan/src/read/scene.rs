use super::complaint::{At, Complaint};
use super::error::{COLUMNS, visible};
use super::help::Help;
use super::mark::{Kind, Mark, Marks};
use super::mask::{MASK, is_secret};
use super::slip;
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
            Some(At::End(byte)) => source.marks().ending(byte).or_else(|| source.marks().at(byte)),
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
    pub(super) fn error(mut self, complaint: Complaint) -> ReadError {
        self.narrow(&complaint);
        let bytes = self.bytes(&complaint);
        let (reason, hint) = self.words(&complaint);
        let hint = slip::hint(self.source, self.mark, &complaint).or(hint);
        let snippet = bytes.clone().map(|it| self.snippet(it, &complaint));
        let reason = match &snippet {
            Some(snippet) if !reason.starts_with(SECRET_IN_THE_OPEN) => {
                snippet.without_secrets(reason)
            }
            Some(_) | None => reason,
        };
        ReadError {
            file: self.source.name.clone(),
            position: bytes.map(|it| self.text().position(it.start)),
            reason: short(&reason, SAID),
            hint: hint.map(|it| short(&it, SAID)),
            snippet: snippet.as_ref().map(Snippet::to_string),
        }
    }

    /// Goes on to the value that the complaint quotes, where a reader only knows what that is in.
    fn narrow(&mut self, complaint: &Complaint) {
        let (Complaint::Said { reason, .. }, Some(mark)) = (complaint, self.mark) else { return };
        let quoted = |it: &&Mark| it.kind == Kind::Single && reason.contains(&self.quoted(it));
        if let (false, Some(child)) = (self.on_key, self.marks().children(mark).find(quoted)) {
            self.mark = Some(child);
        }
    }

    fn snippet(&self, at: Range<usize>, complaint: &Complaint) -> Snippet<'a> {
        let secret = self.secret(complaint);
        Snippet { text: self.text(), marks: self.marks(), at, secret, columns: COLUMNS }
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
        self.on_key
            && match complaint {
                Complaint::UnknownKey { .. }
                | Complaint::KeyTwice
                | Complaint::MissingKey(_)
                | Complaint::NotANumber(_) => true,
                Complaint::UnknownWord { word, .. } => *word == *mark.name,
                Complaint::Said { reason, .. } => !reason.contains(&self.quoted(mark)),
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
            Complaint::NotThe(expected) => {
                (self.expected(expected), self.instead(expected).or_else(|| self.meaning()))
            }
            Complaint::NotANumber(most) => self.not_a_number(*most),
            Complaint::NotABoolean => self.not_a_boolean(),
            Complaint::NotAnAddress => self.not_an_address(),
            Complaint::Said { reason, hint } => {
                (self.hushed(reason), hint.clone().or(self.runs_on()))
            }
        }
    }

    fn missing(&self, key: &str) -> Words {
        let from = self.mark.map(|it| self.marks().location(self.container(it)));
        let Some(from) = from.filter(|it| !it.0.is_empty()) else {
            return (format!("`{key}` is missing"), begin());
        };
        let meaning = Help::of(&from.key(key)).meaning;
        (format!("`{key}` is missing from `{from}`"), meaning.map(|it| format!("`{key}`: {it}")))
    }

    fn twice(&self) -> Words {
        let reason = format!("`{}` is written twice", self.mark.map_or("this key", |it| &it.name));
        let Some(mark) = self.mark else { return (reason, None) };
        let line = |it: &Mark| self.text().position(it.place().start).line;
        let hint = self.marks().first(mark).map(|first| match line(first) == line(mark) {
            true => "it stands on this line already: keep one of them".into(),
            false => format!("it stands on line {} already: keep one of them", line(first)),
        });
        (reason, hint)
    }

    /// What to write instead of a value of another kind.
    fn instead(&self, expected: &str) -> Option<String> {
        let mark = self.mark?;
        let value = self.value(mark);
        match (expected, mark.kind) {
            ("keys and values", Kind::Single) if is_nothing(value) => {
                Some("write `{}`, or leave the key out".into())
            }
            ("keys and values", Kind::Single) if value.contains(':') => {
                Some("write a blank after the `:`".into())
            }
            ("keys and values", Kind::Single | Kind::List) => {
                let key = self.help().key.unwrap_or_else(|| "NAME".into());
                Some(format!("write it like `{key}: ...`"))
            }
            ("a list", Kind::Single) if is_nothing(value) => {
                Some("write `[]`, or leave the key out".into())
            }
            ("a list", Kind::Single) if !self.is_secret() => {
                Some(format!("write `[{}]`", short(value, QUOTED)))
            }
            ("a list", Kind::Map) if value.starts_with('{') => Some(self.in_brackets(mark).into()),
            ("a list", Kind::Map) => Some("write `- ` before its first key".into()),
            _ => None,
        }
    }

    /// How a list is written where keys and values between braces stand.
    fn in_brackets(&self, mark: &Mark) -> &'static str {
        let item = Help::of(&self.marks().location(mark).key(0));
        match item.key {
            Some(_) => "put brackets around it: `[{ ... }]`",
            None => "write it in brackets, as `[a, b]`",
        }
    }

    fn not_a_number(&self, most: u64) -> Words {
        let help = self.help();
        let (least, most) = (help.least.unwrap_or(0), help.most.unwrap_or(most));
        let found = match self.mark {
            Some(mark) if self.on_key => Some(format!("`{}`", short(&mark.name, QUOTED))),
            Some(_) | None => self.found(),
        };
        let found = found.map_or_else(|| " here".into(), |it| format!(", found {it}"));
        (format!("expected a whole number from {least} to {most}{found}"), self.meaning())
    }

    fn not_a_boolean(&self) -> Words {
        let value = self.mark.map_or("", |it| self.value(it)).to_ascii_lowercase();
        let hint = match value.as_str() {
            "yes" | "y" | "on" => Some("write `true`".into()),
            "no" | "n" | "off" => Some("write `false`".into()),
            it if matches!(unquoted(it), "true" | "false") => {
                Some("write it without quotes".into())
            }
            _ => self.meaning(),
        };
        (self.expected("`true` or `false`"), hint)
    }

    fn not_an_address(&self) -> Words {
        let value = self.mark.map_or("this", |it| unquoted(self.value(it)));
        let is_subnet = self.mark.is_some_and(|it| *it.name == *"subnet");
        let (what, hint) = match (is_subnet, value.contains('/')) {
            (true, _) => ("a subnet", "write it like `192.168.2.0/24`"),
            (false, true) => ("an IP address", "leave out the `/` and what follows it"),
            (false, false) => ("an IP address", "write it like `192.168.2.10`"),
        };
        (format!("`{}` is not {what}", self.shown(value)), Some(hint.into()))
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
        Some(match mark.kind {
            Kind::List => "a list".into(),
            Kind::Map => "keys and values".into(),
            Kind::Alias => "an alias".into(),
            Kind::Single if is_nothing(value) => "nothing".into(),
            Kind::Single => format!("`{}`", self.shown(value)),
        })
    }

    /// A value of this place as far as it is quoted.
    fn shown(&self, value: &str) -> String {
        if self.is_secret() { MASK.into() } else { short(value, QUOTED) }
    }

    /// What others said of the value, without as much of it as they quote.
    fn hushed(&self, said: &str) -> String {
        let Some(mark) = self.mark.filter(|_| self.is_secret()) else { return said.into() };
        let value = unquoted(self.value(mark));
        let ends = value.char_indices().take(SAID).map(|(at, it)| at + it.len_utf8());
        let mut begun: Vec<&str> = ends.filter(|it| *it > 2).map(|it| &value[..it]).collect();
        begun.retain(|it| said.contains(*it));
        begun.last().map_or(said.into(), |it| said.replace(it, MASK))
    }

    fn help(&self) -> Help {
        self.mark.map_or_else(Help::default, |it| Help::of(&self.marks().location(it)))
    }

    /// What the key of the value means.
    fn meaning(&self) -> Option<String> {
        let key = self.mark.filter(|it| it.key.is_some())?;
        self.help().meaning.map(|it| format!("`{}`: {it}", key.name))
    }

    /// The remedy for a value that took in the next line.
    fn runs_on(&self) -> Option<String> {
        let value = self.mark.filter(|it| it.kind == Kind::Single).map(|it| self.value(it))?;
        value.trim_end().contains('\n').then(|| {
            "the value goes on in the next line: is a comma or a bracket missing after it?".into()
        })
    }

    /// The value as a message quotes it.
    fn quoted(&self, mark: &Mark) -> String {
        format!("`{}`", unquoted(self.value(mark)))
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
            Complaint::UnknownKey { key, known } => meant(key, known).is_some_and(is_secret),
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
    let hint = match meant(word, known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("known are {}", quoted.join(", ")),
    };
    (reason, Some(hint))
}

/// The known word that was meant: the nearest, or the only one that begins like it.
fn meant<'a>(word: &str, known: &'a [String]) -> Option<&'a str> {
    let mut longer = known.iter().filter(|it| word.len() >= 3 && it.starts_with(word));
    let only = longer.next().filter(|_| longer.next().is_none());
    nearest(word, known.iter().map(String::as_str)).or(only.map(String::as_str))
}

fn unquoted(value: &str) -> &str {
    value.trim_matches(['"', '\''])
}

fn is_nothing(value: &str) -> bool {
    matches!(value, "" | "~" | "null" | "Null" | "NULL")
}

/// The first `most` characters of a text, on one line.
fn short(text: &str, most: usize) -> String {
    let line = text.split('\n').next().unwrap_or_default();
    let mut short: String = line.chars().take(most).map(visible).collect();
    if line.len() < text.len() || text.chars().nth(most).is_some() {
        short.push('…');
    }
    short
}
