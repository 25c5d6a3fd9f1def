//! The rack file as text: reading it, saying what is wrong with it and where, and writing it.

mod complaint;
mod error;
mod help;
mod json;
mod mark;
mod mask;
mod scene;
mod slip;
mod snippet;
mod syntax;
mod text;
mod write;
mod yaml;

pub use error::ReadError;
pub use text::Position;

use crate::{Location, Rack};
use mark::Marks;
use scene::Scene;
use snippet::Snippet;
use std::fmt;
use std::sync::OnceLock;
use text::{Format, Text};

/// The text that a rack was read from, to say where in it a finding is.
#[derive(Clone)]
pub struct Source {
    name: String,
    text: Text,
    marks: OnceLock<Marks>,
}

impl Source {
    /// Reads a rack: JSON where `name` ends in `.json`, YAML otherwise. `name` is only shown; no file is opened.
    ///
    /// # Errors
    /// What is wrong with the text, where, and what would be right.
    pub fn read(name: &str, bytes: &[u8]) -> Result<(Rack, Self), ReadError> {
        let format = Format::of(name);
        let (text, fault) = text::decode(format, bytes);
        let source = Self { name: name.to_owned(), text, marks: OnceLock::new() };
        let rack = match (fault, format) {
            (Some(fault), _) => Err(fault),
            (None, Format::Yaml) => yaml::rack(&source),
            (None, Format::Json) => json::rack(&source.text),
        };
        match rack {
            Ok(rack) => Ok((rack, source)),
            Err(fault) => Err(Scene::new(&source, fault.at).error(fault.complaint)),
        }
    }

    /// The name it was read by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where `at` is written: its key, or the item of a list. Where the text does not have it, the nearest part
    /// of the rack that it lies in.
    ///
    /// The first call parses the text once more; texts of more than a million values are marked up to there.
    pub fn locate(&self, at: &Location) -> Option<Position> {
        self.marks().find(at).map(|bytes| self.text.position(bytes.start))
    }

    /// The line at `at`, at most `columns` wide, with what begins there underlined. Secrets are masked; long lines
    /// are cropped. The last line has no line end.
    pub fn snippet(&self, at: Position, columns: usize) -> String {
        let byte = self.text.byte(at);
        let mark = self.marks().at(byte);
        let parts = mark.into_iter().flat_map(|it| [it.place(), it.shown_value()]);
        let bytes = parts.into_iter().find(|it| it.start == byte);
        let bytes = bytes.unwrap_or_else(|| self.text.word(byte));
        Snippet { text: &self.text, marks: self.marks(), at: bytes, secret: None, columns }
            .to_string()
    }

    fn marks(&self) -> &Marks {
        self.marks.get_or_init(|| Marks::new(self.text.as_str()))
    }
}

/// Leaves the text out: it is long, and where a rack was not accepted it may hold a secret.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.text.as_str().len();
        f.debug_struct("Source").field("name", &self.name).field("bytes", &bytes).finish()
    }
}
