//! The rack file that a command is about.

use crate::answer::Failure;
use crate::finding;
use crate::look::Look;
use rackberry::plan::{Finding, Location, Position, Rack, Resolved, Source};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A rack, and the text that it was read from.
#[derive(Debug)]
pub(crate) struct Input {
    /// The file's name, as it was given.
    pub name: String,
    /// The rack as it is written.
    pub rack: Rack,
    /// The text, for places and snippets.
    pub source: Source,
}

/// No more is read than this; a rack file is refused long before.
const LONGEST: u64 = 1 << 30;

impl Input {
    /// Reads the rack file at `path`, or from the standard input where that is `-`.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let (name, bytes) = bytes(path)?;
        let read = Source::read(&name, &bytes).map_err(|it| Failure::Unread(Box::new(it)));
        read.map(|(rack, source)| Self { name, rack, source })
    }

    /// The rack with everything worked out; its errors in full, where that cannot be.
    pub(crate) fn resolve(&self, look: &Look) -> Result<Resolved, Failure> {
        self.rack.resolve().map_err(|it| self.refused(&it, look))
    }

    /// The failure that `findings` are, in full.
    pub(crate) fn refused(&self, findings: &[Finding], look: &Look) -> Failure {
        Failure::Rack(finding::all(findings, self, &look.aside()))
    }

    /// The line and column of `at`; none where it is the whole file.
    pub(crate) fn position(&self, at: &Location) -> Option<Position> {
        if at.0.is_empty() { None } else { self.source.locate(at) }
    }

    /// Where `at` is, as editors understand it: `rack.yaml:12:3`.
    pub(crate) fn place(&self, at: &Location) -> String {
        match self.position(at) {
            Some(Position { line, column }) => format!("{}:{line}:{column}", self.name),
            None => self.name.clone(),
        }
    }
}

fn bytes(path: &Path) -> Result<(String, Vec<u8>), Failure> {
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    let read = match name.as_str() {
        "-" => io::stdin().lock().take(LONGEST).read_to_end(&mut bytes),
        _ => File::open(path).and_then(|it| it.take(LONGEST).read_to_end(&mut bytes)),
    };
    match read {
        Ok(_) if name == "-" => Ok(("stdin".into(), bytes)),
        Ok(_) => Ok((name, bytes)),
        Err(error) => Err(Failure::File(format!("failed to read {name}: {error}"))),
    }
}
