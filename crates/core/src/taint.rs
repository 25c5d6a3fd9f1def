//! What keeps workloads off a node.

use crate::as_text;
use std::fmt;
use std::str::FromStr;

/// A taint, as `key=value:NoSchedule` or `key:NoSchedule`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Taint {
    /// The key.
    pub key: String,
    /// The value; empty where none is written.
    pub value: String,
    /// What it does to workloads that do not tolerate it.
    pub effect: Effect,
}

/// What a taint does to workloads that do not tolerate it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// None is placed there.
    NoSchedule,
    /// Others are preferred.
    PreferNoSchedule,
    /// None is placed there, and those that run there leave.
    NoExecute,
}

impl FromStr for Effect {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "NoSchedule" => Ok(Self::NoSchedule),
            "PreferNoSchedule" => Ok(Self::PreferNoSchedule),
            "NoExecute" => Ok(Self::NoExecute),
            _ => Err(format!(
                "`{text}` is not what a taint does: it is `NoSchedule`, `PreferNoSchedule` or `NoExecute`"
            )),
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::NoSchedule => "NoSchedule",
            Self::PreferNoSchedule => "PreferNoSchedule",
            Self::NoExecute => "NoExecute",
        })
    }
}

impl FromStr for Taint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((label, effect)) = text.rsplit_once(':').filter(|it| !it.0.is_empty()) else {
            return Err(format!("`{text}` is not a taint: write it like `key=value:NoSchedule`"));
        };
        let (key, value) = label.split_once('=').unwrap_or((label, ""));
        Ok(Self { key: key.into(), value: value.into(), effect: effect.parse()? })
    }
}

impl fmt::Display for Taint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let equals = if self.value.is_empty() { "" } else { "=" };
        write!(f, "{}{equals}{}:{}", self.key, self.value, self.effect)
    }
}

as_text! {
    Taint, "^[^:=]+(=[^:]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$", "a taint, as `key=value:NoSchedule`";
}
