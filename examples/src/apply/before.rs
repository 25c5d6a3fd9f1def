//! What the run before has reached, as its journal tells.

use super::Job;
use super::consent::begins;
use crate::number::count;
use crate::story::{Round, Run, runs};
use rackberry::exec::Opened;

/// No more orders than this are named.
const NAMED: usize = 3;

/// That the rack is as it was left.
pub(super) fn kept(job: &Job<'_>) -> String {
    let (file, begins) = (job.file.display(), begins(job));
    format!(
        "the simulated rack is as the last run left it, in {file}; --fresh begins with {begins}"
    )
}

/// How far the last run has come, and what of its journal is no record; nothing where there was none.
pub(super) fn text(opened: &Opened) -> Vec<String> {
    let aside = opened.aside.as_ref().map(|it| {
        format!("the last record of the journal was damaged: it is kept in {}", it.display())
    });
    let torn =
        "the last record of the journal was not whole, and was cut off: the last run was killed";
    let torn = opened.torn.then(|| torn.to_owned());
    aside.into_iter().chain(torn).chain(runs(&opened.records).last().map(reached)).collect()
}

fn reached(run: &Run<'_>) -> String {
    let proved = count(run.proved(), "step");
    match run.end() {
        Some((true, how)) => format!("the last run came to its end: {how}; {proved} proved"),
        Some((false, how)) => format!("the last run came to no good end: {how}; {proved} proved"),
        None => format!("the last run was killed before it ended: {proved} proved{}", cut(run)),
    }
}

/// What it had in hand.
fn cut(run: &Run<'_>) -> String {
    let rounds = run.rounds();
    let open: Vec<&str> =
        rounds.last().into_iter().flat_map(Round::in_hand).map(|it| it.text).collect();
    let rest = match open.len().saturating_sub(NAMED) {
        0 => String::new(),
        many => format!(", and {many} more"),
    };
    match open.is_empty() {
        true => String::new(),
        false => format!("; in hand was: {}{rest}", open[..open.len().min(NAMED)].join(", ")),
    }
}
