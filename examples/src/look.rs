//! How to write for whoever reads: colours, symbols and width.

use crate::args::Color;
use rackberry::plan::{Position, Source};
use std::borrow::Cow;
use std::env;
use std::io::IsTerminal;
use terminal_size::terminal_size_of;

/// How wide a line is where nothing says how wide it may be, and prose at the most, in columns.
const WIDEST: usize = 100;

/// The narrowest that tables are fitted to, in columns.
const NARROWEST: usize = 24;

/// How to write for whoever reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    /// Whether to write colours on the standard output.
    pub color: bool,
    /// Whether to write colours on the standard error.
    pub color_aside: bool,
    /// Whether the locale knows more than ASCII.
    pub unicode: bool,
    /// How many columns there are.
    pub width: usize,
}

/// The signs of a bar that shows what is in use before and after.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bar {
    /// In use before and after.
    pub stays: char,
    /// In use before.
    pub leaves: char,
    /// In use after.
    pub arrives: char,
    /// The limit.
    pub limit: char,
    /// Not in use.
    pub free: char,
}

/// A colour by its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// A heading.
    Heading,
    /// Something that is wrong.
    Error,
    /// Something to look at.
    Warning,
    /// Something to know.
    Note,
    /// Something that is well.
    Good,
    /// Something to leave in the background.
    Faint,
}

impl Look {
    /// What suits the terminal, the environment and `color`.
    pub(crate) fn new(color: Color) -> Self {
        let set = |name| env::var_os(name).is_some_and(|it| !it.is_empty());
        let wanted = |terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                terminal && !set("NO_COLOR") && env::var("TERM").as_deref() != Ok("dumb")
            }
        };
        Self {
            color: wanted(std::io::stdout().is_terminal()),
            color_aside: wanted(std::io::stderr().is_terminal()),
            unicode: unicode(),
            width: columns(env::var("COLUMNS").ok().as_deref(), terminal()),
        }
    }

    /// The same for what is written on the standard error.
    pub(crate) fn aside(self) -> Self {
        Self { color: self.color_aside, ..self }
    }

    /// `text` in the colour of `ink`, and harmless to a terminal.
    pub(crate) fn paint(&self, ink: Ink, text: &str) -> String {
        let text = tame(text);
        match (self.color, text.is_empty()) {
            (true, false) => format!("\x1b[{}m{text}\x1b[0m", code(ink)),
            (true, true) | (false, _) => text.into_owned(),
        }
    }

    /// The same for a text of several lines.
    pub(crate) fn paint_lines(&self, ink: Ink, text: &str) -> String {
        let lines: Vec<String> = text.split('\n').map(|it| self.paint(ink, it)).collect();
        lines.join("\n")
    }

    /// The sign between where something was and where it will be.
    pub(crate) fn arrow(&self) -> &'static str {
        if self.unicode { "→" } else { "->" }
    }

    /// The signs that bars are made of.
    pub(crate) fn bar(&self) -> Bar {
        match self.unicode {
            true => Bar { stays: '█', leaves: '░', arrives: '▓', limit: '|', free: '·' },
            false => Bar { stays: '#', leaves: '-', arrives: '+', limit: '|', free: '.' },
        }
    }

    /// The sign for something left out.
    pub(crate) fn ellipsis(&self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }

    /// The line at `at`, with what begins there underlined.
    pub(crate) fn snippet(&self, source: &Source, at: Position) -> String {
        match self.unicode {
            true => source.snippet(at, self.width),
            // Four columns less: a long line is cropped on both sides.
            false => source.snippet(at, self.width - 4).replace('…', "...").replace('·', "?"),
        }
    }

    /// `text` broken into lines that fit, each but the first indented by `indent` columns; the first
    /// begins after `before` columns.
    pub(crate) fn wrap(&self, text: &str, before: usize, indent: usize) -> String {
        let (room, mut lines, mut column) = (self.width.min(WIDEST), String::new(), before);
        for (position, word) in tame(text).split_whitespace().enumerate() {
            let length = word.chars().count();
            if position > 0 && column + 1 + length > room {
                lines.push('\n');
                lines.push_str(&" ".repeat(indent));
                column = indent;
            } else if position > 0 {
                lines.push(' ');
                column += 1;
            }
            lines.push_str(word);
            column += length;
        }
        lines
    }
}

/// `text` without the characters by which a file could command a terminal.
pub(crate) fn tame(text: &str) -> Cow<'_, str> {
    match text.contains(wild) {
        true => Cow::Owned(text.replace(wild, "?")),
        false => Cow::Borrowed(text),
    }
}

/// Control characters, and those that turn the direction of writing.
fn wild(it: char) -> bool {
    it.is_control()
        || matches!(it, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn code(ink: Ink) -> &'static str {
    match ink {
        Ink::Heading => "1",
        Ink::Error => "1;31",
        Ink::Warning => "1;33",
        Ink::Note => "1;36",
        Ink::Good => "1;32",
        Ink::Faint => "2",
    }
}

/// The first of these that is set decides, as everywhere.
fn unicode() -> bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let locale = names.iter().filter_map(|it| env::var(it).ok()).find(|it| !it.is_empty());
    locale.is_some_and(|it| it.to_ascii_lowercase().replace('-', "").contains("utf8"))
}

/// How many columns there are: what the environment says, or else the terminal that the standard output is.
fn columns(set: Option<&str>, terminal: Option<usize>) -> usize {
    let set = set.and_then(|it| it.parse().ok()).filter(|it| *it > 0);
    set.or(terminal).unwrap_or(WIDEST).max(NARROWEST)
}

fn terminal() -> Option<usize> {
    terminal_size_of(std::io::stdout()).map(|it| usize::from(it.0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_environment_says_goes_before_the_terminal_and_that_before_a_hundred() {
        assert_eq!(columns(Some("72"), Some(60)), 72);
        assert_eq!(
            [None, Some(""), Some("0"), Some("wide")].map(|it| columns(it, Some(60))),
            [60; 4]
        );
        assert_eq!(columns(None, Some(140)), 140);
        assert_eq!(columns(None, None), 100);
        assert_eq!(columns(Some("1"), None), 24);
    }

    #[test]
    fn prose_is_no_wider_than_is_good_to_read() {
        let look = Look { color: false, color_aside: false, unicode: false, width: 200 };
        assert!(look.wrap(&"word ".repeat(90), 0, 2).lines().all(|it| it.len() <= 100));
    }
}
