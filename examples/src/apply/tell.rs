//! What is told of a run: a line for each step, and at the end what is proved and what is not.

use crate::answer::Answer;
use crate::look::{Ink, Look};
use crate::number::count;
use rackberry::exec::{Entry, Event, Opened, Reached};
use rackberry::plan::{Plan, Resolved};
use serde_json::json;
use std::io::Write;
use std::sync::Arc;

/// Tells what happens, as it happens.
pub(super) struct Teller<'a> {
    pub(super) look: &'a Look,
    pub(super) json: bool,
    /// The plan that is being carried out.
    pub(super) plan: Arc<Plan>,
}

impl Teller<'_> {
    /// What the run before this one had reached.
    pub(super) fn before(&self, opened: &Opened) {
        if self.json {
            return;
        }
        if opened.torn {
            eprintln!("the last run ended in the middle of a record: it has crashed");
        }
        match opened.records.last().map(|it| &it.entry) {
            None | Some(Entry::Ended { .. }) => {}
            Some(Entry::Sending { step, order }) => {
                eprintln!(
                    "the last run did not come to its end: it was about to {order} (step {})",
                    step + 1
                );
            }
            Some(Entry::Began { .. } | Entry::Declined { .. } | Entry::Proved { .. }) => {
                eprintln!("the last run did not come to its end");
            }
        }
    }

    pub(super) fn event(&mut self, event: Event) {
        match event {
            Event::Planned { plan, .. } => self.plan = plan,
            Event::Sending { step } => self.step(step, "sending", ""),
            Event::Proved { step, already: true } => self.step(step, "so already", ""),
            Event::Proved { step, already: false } => self.step(step, "proved", ""),
            Event::Ended { step, why } => self.step(step, "not proved", &why.to_string()),
            Event::Began { .. } | _ => {}
        }
    }

    fn step(&self, step: usize, word: &str, why: &str) {
        let plan = &self.plan;
        let order = plan.steps.get(step).map(|it| it.action.to_string()).unwrap_or_default();
        if self.json {
            let line = json!({ "step": step, "order": order, "is": word, "why": why });
            return say(&line.to_string());
        }
        let ink = if why.is_empty() { Ink::Faint } else { Ink::Warning };
        let word = self.look.paint(ink, &format!("{word:>10}"));
        let why = if why.is_empty() { String::new() } else { format!(": {why}") };
        say(&format!("{:>4}/{} {word}  {order}{why}", step + 1, plan.steps.len()));
    }

    pub(super) fn done(&self, rack: &Resolved, reached: &Reached) -> Answer {
        let (nodes, clusters) = (rack.nodes.len(), rack.rack.clusters.len());
        let text = format!(
            "{}: as described, after {}: {} and {} are up\n",
            rack.rack.rack,
            count(reached.rounds, "round"),
            count(nodes, "machine"),
            count(clusters, "cluster"),
        );
        let blocked = reached.plan.as_ref().map_or(0, |it| it.blocked.len());
        let aside = match blocked {
            0 => String::new(),
            many => format!(
                "{} cannot be placed or moved: rackberry plan says why\n",
                count(many, "replica")
            ),
        };
        Answer { text: self.last(text), aside, status: u8::from(blocked > 0) }
    }

    /// What is not proved, and why.
    pub(super) fn short(&self, end: &str, reached: &Reached) -> Answer {
        let plan = &self.plan;
        let outcome = reached.outcome.as_ref();
        let steps = outcome.into_iter().flat_map(|it| &it.unproved);
        let steps = steps.map(|it| format!("  {}: {}\n", plan.steps[it.step].action, it.why));
        let stuck = plan.unreached.iter().map(|(node, why)| format!("  {node}: {why}\n"));
        let missed = reached.missed.iter().map(|(it, why)| format!("  {it} was not seen: {why}\n"));
        let aside = steps.chain(stuck).chain(missed).collect::<String>();
        let proved = outcome.map_or(0, |it| it.proved.len());
        let all = count(plan.steps.len(), "step");
        let text =
            format!("{end}: {proved} of {all} are proved; run it again to go on from there\n");
        Answer { text: self.last(text), aside, status: 1 }
    }

    /// The last line is for people.
    fn last(&self, text: String) -> String {
        if self.json { String::new() } else { text }
    }
}

/// Prints a line. Who has read enough (`| head`) does not keep the rack from coming up.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
