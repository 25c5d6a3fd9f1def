//! What happens, as a line of JSON for each event; docs/events.md has its keys.

use super::progress::Progress;
use super::tell::Note;
use rackberry::exec::{Event, Finish, Reached};
use rackberry::plan::Plan;
use rackberry::testkit::World;
use serde_json::{Value, json};
use std::path::Path;

/// The line of an event; none for one that is told by the next.
pub(super) fn event(event: &Event, progress: &Progress) -> Option<Value> {
    let step = |step: usize, is: &str, why: String| {
        let (round, order) = (progress.round, progress.order(step));
        Some(json!({ "is": is, "round": round, "step": step, "order": order, "why": why }))
    };
    match event {
        Event::Sending { step: it } => step(*it, "sending", String::new()),
        Event::Proved { step: it, already: true } => step(*it, "so-already", String::new()),
        Event::Proved { step: it, already: false } => step(*it, "proved", String::new()),
        Event::Ended { step: it, why } => step(*it, "not-proved", why.to_string()),
        Event::Planned { round, plan } => begins(*round, plan),
        Event::Began { .. } | _ => None,
    }
}

/// A round that has steps begins.
fn begins(round: usize, plan: &Plan) -> Option<Value> {
    let (steps, waves) = (plan.steps.len(), plan.waves.len());
    let line = json!({ "is": "round-begins", "round": round, "steps": steps, "waves": waves });
    (steps > 0).then_some(line)
}

/// The round at hand ends, if it has steps.
pub(super) fn ends(progress: &Progress) -> Option<Value> {
    let (proved, unproved) = progress.counts();
    let round = progress.round;
    let line =
        json!({ "is": "round-ends", "round": round, "proved": proved, "unproved": unproved });
    (!progress.steps.is_empty()).then_some(line)
}

/// The rack is as the last run left it.
pub(super) fn kept(file: &Path, world: &World) -> Value {
    json!({ "is": "rack-kept", "file": file.display().to_string(), "calls": world.calls() })
}

pub(super) fn note(note: &Note) -> Value {
    match note {
        Note::Lost { node, calls } => json!({ "is": "power-lost", "node": node, "calls": calls }),
        Note::Spared { node, calls } => json!({ "is": "power-kept", "node": node, "calls": calls }),
        Note::Unmet { call, calls } => json!({ "is": "fault-unmet", "call": call, "calls": calls }),
        Note::Stopping => json!({ "is": "stopping" }),
    }
}

/// The last line of a run.
pub(super) fn end(reached: &Reached, proved: usize) -> Value {
    let plan = reached.plan.as_deref().cloned().unwrap_or_default();
    let unproved = reached.outcome.iter().flat_map(|it| &it.unproved).map(|it| {
        let order = plan.steps[it.step].action.to_string();
        json!({ "step": it.step, "order": order, "why": it.why.to_string() })
    });
    let missed = reached
        .missed
        .iter()
        .map(|(device, why)| json!({ "device": device.to_string(), "why": why.to_string() }));
    json!({
        "is": "end",
        "result": result(&reached.finish),
        "why": why(&reached.finish),
        "rounds": reached.rounds,
        "proved": proved,
        "unproved": unproved.collect::<Vec<_>>(),
        "unreached": plan.unreached,
        "unset": plan.unset,
        "blocked": plan.blocked,
        "unnamed": plan.unnamed.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "unseen": missed.collect::<Vec<_>>(),
    })
}

fn result(finish: &Finish) -> &'static str {
    match finish {
        Finish::Described => "as-described",
        Finish::Declined => "declined",
        Finish::Stopped => "stopped",
        Finish::Stuck => "stuck",
        Finish::Endless => "out-of-rounds",
        Finish::Unwritten(_) => "journal-unwritten",
        Finish::Unplanned(_) => "unplanned",
        Finish::Refused(_) => "refused",
    }
}

fn why(finish: &Finish) -> Vec<String> {
    match finish {
        Finish::Unwritten(why) => vec![why.clone()],
        Finish::Unplanned(why) => vec![why.reason.clone()],
        Finish::Refused(all) => all.iter().map(ToString::to_string).collect(),
        Finish::Described
        | Finish::Declined
        | Finish::Stopped
        | Finish::Stuck
        | Finish::Endless => Vec::new(),
    }
}
