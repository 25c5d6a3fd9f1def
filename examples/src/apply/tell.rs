//! What is told of a run: a line for each step, and at the end what is proved and what is not.

use crate::answer::Answer;
use crate::look::{Ink, Look};
use crate::number::count;
use rackberry::exec::{Entry, Event, Opened, Outcome};
use rackberry::plan::{Plan, Resolved};
use serde_json::json;
use std::io::Write;

/// Tells what happens, as it happens.
pub(super) struct Teller<'a> {
    pub(super) look: &'a Look,
    pub(super) json: bool,
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

    pub(super) fn event(&self, plan: &Plan, event: &Event) {
        let (step, word, why) = match event {
            Event::Sending { step } => (*step, "sending", String::new()),
            Event::Proved { step, already: true } => (*step, "so already", String::new()),
            Event::Proved { step, already: false } => (*step, "proved", String::new()),
            Event::Ended { step, why } => (*step, "not proved", why.to_string()),
            Event::Began { .. } | _ => return,
        };
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

    pub(super) fn done(&self, rack: &Resolved, rounds: usize, blocked: usize) -> Answer {
        let (nodes, clusters) = (rack.nodes.len(), rack.rack.clusters.len());
        let text = format!(
            "{}: as described, after {}: {} and {} are up\n",
            rack.rack.rack,
            count(rounds, "round"),
            count(nodes, "machine"),
            count(clusters, "cluster"),
        );
        let aside = match blocked {
            0 => String::new(),
            many => format!(
                "{} cannot be placed or moved: rackberry plan says why\n",
                count(many, "replica")
            ),
        };
        Answer { text: self.last(text), aside, status: u8::from(blocked > 0) }
    }

    pub(super) fn stopped(&self, plan: &Plan, outcome: &Outcome) -> Answer {
        let text = format!("stopped: {}\n", self.proved(plan, outcome));
        Answer { text: self.last(text), aside: String::new(), status: 1 }
    }

    /// What is not proved, and why.
    pub(super) fn short(&self, plan: &Plan, outcome: &Outcome) -> Answer {
        let steps = outcome
            .unproved
            .iter()
            .map(|it| format!("  {}: {}\n", plan.steps[it.step].action, it.why));
        let stuck = plan.unreached.iter().map(|(node, why)| format!("  {node}: {why}\n"));
        let aside = steps.chain(stuck).collect::<String>();
        let text = format!("not as described: {}\n", self.proved(plan, outcome));
        Answer { text: self.last(text), aside, status: 1 }
    }

    pub(super) fn given_up(&self) -> Answer {
        Answer::new(self.last("not as described: it is never done\n".into()))
    }

    fn proved(&self, plan: &Plan, outcome: &Outcome) -> String {
        let steps = count(plan.steps.len(), "step");
        format!("{} of {steps} are proved; run it again to go on from there", outcome.proved.len())
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
