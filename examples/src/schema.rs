//! What machines read: schemas, completions, and JSON at large.

use crate::answer::{Answer, Failure};
use crate::args::{Args, CompletionsArgs, SchemaArgs};
use clap::CommandFactory;
use rackberry::plan;
use serde::Serialize;

/// The JSON Schema of the rack file, or of the plan.
pub(crate) fn run(args: &SchemaArgs) -> Result<Answer, Failure> {
    let schema = if args.plan { plan::plan_schema() } else { plan::schema() };
    json(&schema).map(Answer::new)
}

/// The completions for a shell.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<Answer, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "rackberry", &mut script);
    Ok(Answer::new(String::from_utf8_lossy(&script).into_owned()))
}

/// `value` as JSON for people and programs.
pub(crate) fn json(value: &impl Serialize) -> Result<String, Failure> {
    match serde_json::to_string_pretty(value) {
        Ok(text) => Ok(text + "\n"),
        Err(error) => Err(Failure::File(format!("failed to write JSON: {error}"))),
    }
}
