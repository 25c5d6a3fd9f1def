use std::fmt;

/// Why an answer is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unreadable {
    /// It ends in its middle.
    CutOff,
    /// It is no list of rows of texts and numbers.
    NotRows {
        /// What is wrong with it, by line and column.
        why: String,
    },
    /// A row lacks something.
    Missing {
        /// What it lacks.
        field: &'static str,
    },
    /// A value is none that this field can have.
    Odd {
        /// The field.
        field: &'static str,
        /// The value, or its beginning.
        value: String,
    },
}

impl Unreadable {
    pub(super) fn odd(field: &'static str, value: &str) -> Self {
        Self::Odd { field, value: cut(value) }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CutOff => f.write_str("the answer ends in its middle"),
            Self::NotRows { why } => write!(f, "the answer is no list of rows: {why}"),
            Self::Missing { field } => write!(f, "a row has no `{field}`"),
            Self::Odd { field, value } => write!(f, "`{field}` cannot be \"{value}\""),
        }
    }
}

impl std::error::Error for Unreadable {}

/// The beginning of a text of the device, so that it can be printed.
pub(super) fn cut(text: &str) -> String {
    const MOST: usize = 120;
    let plain: String = text.escape_debug().take(MOST + 1).collect();
    match plain.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", &plain[..end]),
        None => plain,
    }
}
