use super::Position;
use std::error::Error;
use std::fmt;

/// What is wrong with a rack file, where, and what would be right.
///
/// Printed, it is a message of several lines, at most 100 columns wide. Secrets are never part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The name the file was read by.
    pub file: String,
    /// Where it is wrong; absent where the whole file is.
    pub position: Option<Position>,
    /// What is wrong.
    pub reason: String,
    /// What would be right.
    pub hint: Option<String>,
    /// The line, with what is wrong underlined.
    pub snippet: Option<String>,
}

impl Error for ReadError {}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", wrapped(&self.reason, 7))?;
        let file: String = self.file.chars().map(visible).collect();
        let gutter = self.position.map_or(1, gutter);
        write!(f, "{:gutter$}--> {file}", "")?;
        if let Some(position) = self.position {
            write!(f, ":{position}")?;
        }
        if let Some(snippet) = &self.snippet {
            write!(f, "\n{snippet}")?;
        }
        match &self.hint {
            Some(hint) => write!(f, "\n{:gutter$} = {}", "", wrapped(hint, gutter + 3)),
            None => Ok(()),
        }
    }
}

/// How wide the number of the line is.
pub(super) fn gutter(position: Position) -> usize {
    position.line.to_string().len()
}

/// What is shown of a character: nothing that moves the cursor or turns the line around.
pub(super) fn visible(it: char) -> char {
    let hidden = matches!(it, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}');
    if it.is_control() || hidden { '·' } else { it }
}

/// The most columns of a line.
pub(super) const COLUMNS: usize = 100;

/// `text` in lines of at most [`COLUMNS`], those after the first indented.
fn wrapped(text: &str, indent: usize) -> String {
    let (mut lines, mut column) = (String::new(), indent);
    for word in text.split(' ') {
        let width = word.chars().count();
        if column > indent && column + 1 + width > COLUMNS {
            lines.push('\n');
            lines.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        } else if column > indent {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += width;
    }
    lines
}
