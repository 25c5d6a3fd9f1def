//! What the run before has reached, as its journal tells.

use super::Job;
use super::consent::begins;
use crate::number::count;
use rackberry::exec::{Entry, Opened, Record};

/// That the rack is as it was left.
pub(super) fn kept(job: &Job<'_>) -> String {
    let (file, begins) = (job.file.display(), begins(job));
    format!(
        "the simulated rack is as the last run left it, in {file}; --fresh begins with {begins}"
    )
}

/// How far the last run has come; nothing where there was none.
pub(super) fn text(opened: &Opened) -> String {
    let torn = match opened.torn {
        true => "the last run ended in the middle of a record: it has crashed\n",
        false => "",
    };
    torn.to_owned() + &reached(&opened.records)
}

fn reached(records: &[Record]) -> String {
    let Some(last) = records.last() else { return String::new() };
    let end = match &last.entry {
        Entry::Ended { .. } => "the last run came to its end",
        Entry::Began { .. }
        | Entry::Sending { .. }
        | Entry::Declined { .. }
        | Entry::Proved { .. } => "the last run did not come to its end",
    };
    let order = match &last.entry {
        Entry::Sending { step, order } => format!("; it was about to {order} (step {})", step + 1),
        Entry::Began { .. }
        | Entry::Declined { .. }
        | Entry::Proved { .. }
        | Entry::Ended { .. } => String::new(),
    };
    format!("{end}{}{order}\n", proved(records))
}

/// How much of its last plan was proved.
fn proved(records: &[Record]) -> String {
    let plan = records.iter().enumerate().rev().find_map(|(at, it)| match &it.entry {
        Entry::Began { steps, .. } => Some((at, *steps)),
        Entry::Sending { .. }
        | Entry::Declined { .. }
        | Entry::Proved { .. }
        | Entry::Ended { .. } => None,
    });
    let Some((at, steps)) = plan else { return String::new() };
    let is = |it: &&Record| matches!(it.entry, Entry::Proved { .. });
    let proved = records[at..].iter().filter(is).count();
    format!(": {proved} of {} of its last plan proved", count(steps, "step"))
}
