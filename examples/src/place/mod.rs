//! `rackberry place`: where everything should run, what that costs, and why.

mod against;
mod explain;
mod moves;
mod node;
mod score;
mod why;

use crate::answer::{Answer, Failure};
use crate::args::PlaceArgs;
use crate::input::Input;
use crate::look::{Ink, Look};
use crate::number;
use crate::schema;
use against::Rival;
use rackberry::core::Permille;
use rackberry::plan::{self, Explanation, Placement, Reason, Resolved};
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
    let view = View { rack: &rack, placement: &placement, look };
    let rival = match &args.against {
        Some(file) => Some(against::rival(file, &rack, look)?),
        None => None,
    };
    let explained = match &args.explain {
        Some(name) => Some(explain::named(&view, name, &input)?),
        None => None,
    };
    let reasons = why::reasons(&view, args).map_err(|it| input.refused(&[it], look))?;
    if args.json {
        return json(&view, &reasons.said, explained, rival).map(Answer::new);
    }
    Ok(Answer::new(match (&rival, &explained) {
        (Some(rival), _) => against::text(&view, rival),
        (None, Some(explained)) => explain::text(&view, explained),
        (None, None) => view.text(&reasons, &args.file),
    }))
}

/// A placement, and how to write about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    rack: &'a Resolved,
    placement: &'a Placement,
    look: &'a Look,
}

impl View<'_> {
    /// The whole answer, by its sections.
    fn text(&self, reasons: &Reasons, file: &Path) -> String {
        let sections = [
            self.headline(),
            moves::unplaced(self),
            node::memory(self),
            node::cpu(self),
            moves::table(self),
            score::table(self),
            why::text(self, reasons),
            self.next(file),
        ];
        let some = sections.into_iter().filter(|it| !it.is_empty());
        some.collect::<Vec<_>>().join("\n")
    }

    /// What to do, in a sentence, and what it gains.
    fn headline(&self) -> String {
        let name = self.look.paint(Ink::Heading, &self.rack.rack.rack);
        let settled = match self.placement.unplaced.is_empty() {
            true => "everything is where it should be",
            false => "nothing can be moved to where it would be better",
        };
        match moves::sum(self.placement) {
            Some(sum) => {
                let before = self.rack.rack.rack.chars().count() + 2;
                format!("{name}: {}\n", self.look.wrap(&sum, before, 2)) + &self.gain()
            }
            None => format!("{name}: {settled}\n"),
        }
    }

    /// What it gains: two figures before and after.
    fn gain(&self) -> String {
        let (it, arrow) = (&self.placement.summary, self.look.arrow());
        let line = |what: &str, before: Permille, after: Permille| {
            let ink = if after < before { Ink::Good } else { Ink::Heading };
            let after = self.look.paint(ink, &format!("{:>6}", number::share(after)));
            format!("  {what}  {:>6} {arrow} {after}\n", number::share(before))
        };
        line("memory of the fullest node", it.highest_before, it.highest)
            + &line("spread to the emptiest one", it.spread_before, it.spread)
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
    schema::json(&Report { rack, placement: view.placement, reasons, explanations, against })
}
