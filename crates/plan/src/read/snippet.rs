use super::error::{gutter, visible};
use super::mark::Marks;
use super::mask::{MASK, hidden, masked};
use super::text::Text;
use std::fmt;
use std::ops::Range;

/// How far around the underlined part a line is looked at, in bytes.
const AROUND: usize = 4096;

/// The fewest columns that a line is cropped to.
const NARROWEST: usize = 40;

/// One line of a text, with a part of it underlined.
pub(super) struct Snippet<'a> {
    pub text: &'a Text,
    pub marks: &'a Marks,
    /// The bytes that are underlined; at least one character is.
    pub at: Range<usize>,
    /// Bytes that are not to be shown, besides those that are known as secrets.
    pub secret: Option<Range<usize>>,
    /// How wide it may be.
    pub columns: usize,
}

/// A character, and the byte that it stands at.
type Shown = (usize, char);

impl fmt::Display for Snippet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let position = self.text.position(self.at.start);
        let gutter = gutter(position);
        let (line, caret) = self.cropped(position.line, self.columns.max(NARROWEST) - gutter - 3);
        let bar = format!("{:gutter$} |", "");
        let underline = format!("{:indent$}{}", "", "^".repeat(caret.len()), indent = caret.start);
        let line = format!("{} | {line}", position.line);
        write!(f, "{bar}\n{}\n{bar} {underline}", line.trim_end())
    }
}

impl Snippet<'_> {
    /// The part of the line around the caret that fits `columns`, and the columns to underline.
    fn cropped(&self, line: usize, columns: usize) -> (String, Range<usize>) {
        let piece = self.text.around(self.at.start, AROUND);
        let cut = self.text.line(line).len() > piece.len();
        let shown = self.shown(line, &piece);
        let caret = shown.iter().take_while(|it| it.0 < self.at.start).count();
        let end = shown.iter().take_while(|it| it.0 < self.at.end).count();
        let fits = !cut && shown.len() < columns;
        let most = shown.len().saturating_sub(columns - 1);
        let first = if fits { 0 } else { caret.saturating_sub(columns / 2).min(most) };
        let last = shown.len().min(first + columns - 1);
        let text = shown[first..last].iter().map(|it| it.1).collect();
        let end = end.min(last).max(caret + 1);
        (ellipsis(text, first > 0, last < shown.len()), caret - first..end - first)
    }

    /// What is said of the line in the words of the file, without its secrets.
    pub(super) fn without_secrets(&self, said: String) -> String {
        let line = self.text.position(self.at.start).line;
        let secrets = self.secrets(line, &self.text.around(self.at.start, AROUND));
        let text = self.text.as_str();
        let secrets = secrets.into_iter().filter_map(|it| text.get(it));
        let secrets = secrets.map(|it| it.trim_matches(|it: char| !it.is_alphanumeric()));
        let said = secrets.filter(|it| it.len() > 2).fold(said, |said, it| said.replace(it, MASK));
        said.split('`').map(hidden).collect::<Vec<_>>().join("`")
    }

    fn secrets(&self, line: usize, piece: &Range<usize>) -> Vec<Range<usize>> {
        let mut secrets = masked(self.text, self.marks, line, piece);
        secrets.extend(self.secret.clone());
        secrets
    }

    /// A piece of a line as it is shown: secrets masked, nothing that moves the cursor.
    fn shown(&self, line: usize, piece: &Range<usize>) -> Vec<Shown> {
        let secrets = self.secrets(line, piece);
        let mut shown: Vec<Shown> = Vec::new();
        let mut hiding = false;
        for (at, it) in self.text.as_str()[piece.clone()].char_indices() {
            let at = piece.start + at;
            let hidden = secrets.iter().any(|it| it.contains(&at));
            match (hidden, hiding) {
                (false, _) => shown.push((at, visible(it))),
                (true, false) => shown.extend(MASK.chars().map(|it| (at, it))),
                (true, true) => {}
            }
            hiding = hidden;
        }
        shown
    }
}

/// The text with what was cut off marked.
fn ellipsis(mut text: Vec<char>, before: bool, after: bool) -> String {
    if let (true, Some(it)) = (before, text.first_mut()) {
        *it = '…';
    }
    text.extend(after.then_some('…'));
    text.into_iter().collect()
}
