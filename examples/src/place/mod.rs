//! `rackberry place`: where everything should run, what that costs, and why.

mod against;
mod explain;
mod headline;
mod kin;
mod moves;
mod node;
mod score;
mod why;

use crate::answer::{Answer, Failure};
use crate::args::PlaceArgs;
use crate::input::Input;
use crate::look::{Ink, Look};
use crate::{finding, outcome, schema};
use against::Rival;
use rackberry::plan::{self, Explanation, Finding, Placement, Reason, Resolved};
use serde::Serialize;
use std::path::Path;
use why::Reasons;

/// What `place` answers.
pub(crate) fn run(args: &PlaceArgs, look: &Look) -> Result<Answer, Failure> {
    if args.against.as_ref() == Some(&args.file) && args.file == Path::new("-") {
        let text = "only one of the two files can be the standard input";
        return Err(Failure::File(text.into()));
    }
    let input = Input::read(&args.file)?;
    let rack = input.resolve(look)?;
    let placement = plan::place(&rack).map_err(|it| input.refused(&[it], look))?;
    let findings = plan::check(&rack);
    let view = View { rack: &rack, placement: &placement, findings: &findings, look };
    let text = told(&view, args, &input)?;
    let aside = finding::hint(&findings, &args.file, look);
    Ok(Answer { text, aside, status: outcome::status(&placement, 0) })
}

/// What is asked about a placement, in the form that is asked for.
fn told(view: &View<'_>, args: &PlaceArgs, input: &Input) -> Result<String, Failure> {
    let rival = match &args.against {
        Some(file) => Some(against::rival(file, view.rack, view.look)?),
        None => None,
    };
    let explained = match &args.explain {
        Some(name) => Some(explain::named(view, name, input)?),
        None => None,
    };
    let reasons = why::reasons(view, args).map_err(|it| input.refused(&[it], view.look))?;
    Ok(match (&rival, &explained) {
        _ if args.json => json(view, &reasons.said, explained, rival)?,
        _ if view.rack.workloads.is_empty() => headline::nothing(view),
        (Some(rival), _) => against::text(view, rival),
        (None, Some(explained)) => explain::text(view, explained),
        (None, None) => view.text(&reasons, &args.file),
    })
}

/// A placement, and how to write about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    rack: &'a Resolved,
    placement: &'a Placement,
    /// What `check` says of the rack now.
    findings: &'a [Finding],
    look: &'a Look,
}

impl View<'_> {
    /// The whole answer, by its sections.
    fn text(&self, reasons: &Reasons, file: &Path) -> String {
        let sections = [
            headline::text(self, file),
            moves::unplaced(self),
            node::memory(self),
            node::cpu(self),
            moves::table(self),
            score::table(self),
            why::text(self, reasons),
            self.consequences(),
            self.next(file),
        ];
        let some = sections.into_iter().filter(|it| !it.is_empty());
        some.collect::<Vec<_>>().join("\n")
    }

    /// Whether every node counts in the figures of the placement.
    fn all_open(&self) -> bool {
        self.placement.nodes.iter().all(|it| it.open)
    }

    /// What `check` will say afterwards, and does not say now.
    fn consequences(&self) -> String {
        let new = self.placement.consequences(self.rack, self.findings);
        if new.is_empty() {
            return String::new();
        }
        let line = |it: &Finding| {
            let line = format!("{}: {} [{}]", it.severity, it.reason, it.rule);
            format!("  {}\n", self.look.wrap(&line, 2, 4))
        };
        self.heading("New then, by rackberry check") + &new.iter().map(line).collect::<String>()
    }

    /// What to ask next.
    fn next(&self, file: &Path) -> String {
        if self.placement.moves.is_empty() {
            return String::new();
        }
        let line = format!("Next, the way there: rackberry plan {}", file.display());
        self.look.paint(Ink::Faint, &line) + "\n"
    }

    /// The heading of a section.
    fn heading(&self, text: &str) -> String {
        self.look.paint(Ink::Heading, text) + "\n"
    }

    /// A remark under a table.
    fn remark(&self, text: &str) -> String {
        format!("  {}\n", self.look.paint(Ink::Faint, text))
    }
}

/// What `place --json` prints.
#[derive(Serialize)]
struct Report<'a> {
    rack: &'a str,
    placement: &'a Placement,
    reasons: &'a [Reason],
    explanations: Vec<Explanation>,
    consequences: Vec<Finding>,
    against: Option<Rival>,
}

fn json(
    view: &View<'_>,
    reasons: &[Reason],
    explained: Option<Vec<Explanation>>,
    against: Option<Rival>,
) -> Result<String, Failure> {
    let rack = &view.rack.rack.rack;
    let explanations = explained.unwrap_or_default();
    let (placement, consequences) =
        (view.placement, view.placement.consequences(view.rack, view.findings));
    schema::json(&Report { rack, placement, reasons, explanations, consequences, against })
}
