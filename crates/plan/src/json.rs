//! A plan as JSON, for other programs, for a later day, and for a diff.

use crate::Plan;
use serde_json::Value;
use std::fmt;

/// The largest text that is read as a plan, in bytes.
const LARGEST: usize = 256 << 20;

/// A text that is not a plan, and where and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPlan {
    /// The line, from 1.
    pub line: usize,
    /// The byte of the line, from 1.
    pub column: usize,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for BadPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.reason)
    }
}

impl std::error::Error for BadPlan {}

impl Plan {
    /// Writes the plan as JSON, one value a line, always in the same order, with a newline at the end.
    pub fn to_json(&self) -> String {
        // Every key of a plan is text, so there is nothing that JSON could not say.
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        text + "\n"
    }

    /// Reads a plan that was written as JSON. Nothing is known of it then: [`verify`](crate::verify()) it.
    ///
    /// # Errors
    ///
    /// Returns where the text is not a plan, and what would be; or that it is larger than 256 MiB.
    pub fn from_json(text: &[u8]) -> Result<Self, BadPlan> {
        if text.len() > LARGEST {
            let reason =
                format!("the text is larger than {} MiB, the most that is read", LARGEST >> 20);
            return Err(BadPlan { line: 1, column: 1, reason });
        }
        serde_json::from_slice(text).map_err(|error| bad_plan(&error))
    }
}

/// The JSON Schema of a plan, for editors and other programs: every key, and what it means.
pub fn plan_schema() -> Value {
    schemars::schema_for!(Plan).to_value()
}

fn bad_plan(error: &serde_json::Error) -> BadPlan {
    let (line, column) = (error.line().max(1), error.column().max(1));
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    BadPlan { line, column, reason: plain(text.strip_suffix(&place).unwrap_or(&text)) }
}

/// Says it in the words of JSON. What stands between backquotes is from the text, and stays.
fn plain(message: &str) -> String {
    const WORDS: [(&str, &str); 12] = [
        ("EOF while parsing ", "the text ends within "),
        ("expected value", "expected a value"),
        ("unknown field ", "unknown key "),
        ("missing field ", "missing key "),
        ("duplicate field ", "a key that is written twice: "),
        ("unknown variant ", "unknown word "),
        ("invalid type: ", "found "),
        ("invalid value: ", "found "),
        ("a sequence", "a list"),
        ("sequence", "list"),
        ("usize", "a number that is not negative"),
        ("u32", "a number from 0 to 4294967295"),
    ];
    let spoken = |(at, part): (usize, &str)| match at % 2 {
        0 => {
            WORDS.iter().fold(without_type(part), |text, (theirs, ours)| text.replace(theirs, ours))
        }
        _ => part.to_owned(),
    };
    message.split('`').enumerate().map(spoken).collect::<Vec<_>>().join("`")
}

/// A part of a message without the name of a type of ours, which says nothing to a reader.
fn without_type(part: &str) -> String {
    let named = ["expected struct ", "expected enum ", "expected map", "expected a map"];
    let (name, at) = named.iter().find_map(|it| Some((*it, part.find(it)?))).unwrap_or(("", 0));
    match name {
        "" => part.to_owned(),
        "expected enum " => format!("{}expected one of its words", &part[..at]),
        _ => format!("{}expected keys with values", &part[..at]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str) -> String {
        Plan::from_json(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn what_is_not_a_plan_is_answered_with_its_place() {
        assert_eq!(why(""), "line 1, column 1: the text ends within a value");
        assert_eq!(why("[1"), "line 1, column 2: the text ends within a list");
        assert_eq!(why("7"), "line 1, column 1: found integer `7`, expected keys with values");
        let keys = "`format`, `rack`, `made-from`, `memory`, `steps`, `waves`, `limits`, `kept`, `blocked`, `unreached`, `unset`, `unnamed`";
        let unknown = format!("line 2, column 9: unknown key `formt`, expected one of {keys}");
        assert_eq!(why("{\n  \"formt\": 1 }"), unknown);
        assert_eq!(why("{ \"format\": 1 }"), "line 1, column 15: missing key `rack`");
        let number =
            "line 1, column 14: found integer `-1`, expected a number from 0 to 4294967295";
        assert_eq!(why("{ \"format\": -1 }"), number);
        let twice = "line 1, column 23: a key that is written twice: `format`";
        assert_eq!(why("{ \"format\": 1, \"format\": 1 }"), twice);
        let list = "line 1, column 12: found list, expected keys with values";
        assert_eq!(why("{ \"memory\": [] }"), list);
    }

    #[test]
    fn what_is_not_a_step_is_answered_with_what_would_be() {
        let why = |step: &str| why(&format!("{{ \"steps\": [{{ {step} }}] }}"));
        let unknown =
            "line 1, column 33: unknown word `begin`, expected one of `copy-hot`, `stop`,";
        assert!(why("\"action\": { \"begin\": 1 }").starts_with(unknown));
        assert_eq!(why("\"action\": 1"), "line 1, column 25: expected a value");
        let keys = "line 1, column 35: found integer `1`, expected keys with values";
        assert_eq!(why("\"action\": { \"bind\": 1 }"), keys);
        let needs = "line 1, column 26: found integer `-1`, expected a number that is not negative";
        assert_eq!(why("\"needs\": [-1]"), needs);
        let takes =
            "line 1, column 24: `5` has no unit: a time is written like `30s`, `5min` or `2h`";
        assert_eq!(why("\"takes\": 5"), takes);
    }
}
