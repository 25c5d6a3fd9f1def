//! `rackberry log`: what a journal tells.

use crate::answer::{Answer, Failure};
use crate::args::LogArgs;
use crate::{file, schema};
use rackberry::exec::{Entry, Record, read};
use std::time::{Duration, UNIX_EPOCH};

/// What `log` answers: a line for each record.
pub(crate) fn run(args: &LogArgs) -> Result<Answer, Failure> {
    let records =
        read(&args.file).map_err(|it| file::failure("read the journal", &args.file, &it))?;
    match args.json {
        true => Ok(Answer::new(schema::json(&records)?)),
        false => Ok(Answer::new(records.iter().map(line).collect())),
    }
}

fn line(record: &Record) -> String {
    let at = humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(record.at));
    let text = match &record.entry {
        Entry::Began { rack, steps } => format!("a run on {rack} begins, with {steps} steps"),
        Entry::Sending { step, order } => format!("step {}: sending: {order}", step + 1),
        Entry::Declined { step, why } => format!("step {}: declined: {why}", step + 1),
        Entry::Proved { step, already: true } => format!("step {}: it is so already", step + 1),
        Entry::Proved { step, already: false } => format!("step {}: proved", step + 1),
        Entry::Ended { proved, unproved: 0 } => format!("the run ends: {proved} proved"),
        Entry::Ended { proved, unproved } => {
            format!("the run ends: {proved} proved, {unproved} begun and not proved")
        }
    };
    format!("{at}  {}\n", text.replace(char::is_control, " "))
}
