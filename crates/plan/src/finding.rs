//! What is wrong or risky about a rack, and where in its file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A place in the rack file, as the keys and positions that lead there: `nodes`, `pi-2`, `port`.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Location(pub Vec<String>);

impl Location {
    /// The place that `keys` lead to.
    pub fn new<K: ToString>(keys: impl IntoIterator<Item = K>) -> Self {
        Self(keys.into_iter().map(|it| it.to_string()).collect())
    }

    /// The place of `key` below this one.
    #[must_use]
    pub fn key(&self, key: impl ToString) -> Self {
        Self(self.0.iter().cloned().chain([key.to_string()]).collect())
    }

    /// The place that this one is in.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.split_last().map(|it| it.1.to_vec()).unwrap_or_default())
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.join("."))
    }
}

/// How bad it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It cannot work, or something will break.
    Error,
    /// It works until something else goes wrong.
    Warning,
    /// Worth knowing.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// One thing that is wrong or risky, with its reason and its remedy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The rule that found it, as `poe-budget`: stable, for filters and for searching.
    pub rule: String,
    /// Where in the file.
    pub at: Location,
    /// What is so, and why it matters: one sentence.
    pub reason: String,
    /// What to do about it: one sentence that begins with a verb.
    pub remedy: String,
}

impl Finding {
    /// Something that cannot work.
    pub fn error(rule: &str, at: Location, reason: String, remedy: String) -> Self {
        Self { severity: Severity::Error, rule: rule.into(), at, reason, remedy }
    }

    /// Something that works until something else goes wrong.
    pub fn warning(rule: &str, at: Location, reason: String, remedy: String) -> Self {
        Self { severity: Severity::Warning, rule: rule.into(), at, reason, remedy }
    }

    /// Something worth knowing.
    pub fn note(rule: &str, at: Location, reason: String, remedy: String) -> Self {
        Self { severity: Severity::Note, rule: rule.into(), at, reason, remedy }
    }
}
