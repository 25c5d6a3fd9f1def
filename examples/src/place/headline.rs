//! What to do, in a sentence; what it gains, and what stays wrong.

use super::{View, moves};
use crate::look::Ink;
use crate::{number, outcome};
use rackberry::core::Permille;
use std::path::Path;

/// What the two figures are about where not every node counts.
pub(super) const OPEN: &str = "of the nodes that take workloads";

/// The first lines.
pub(super) fn text(view: &View<'_>, file: &Path) -> String {
    let rest = outcome::rest(view.placement);
    let check = format!("rackberry check {}", file.display());
    let (sentence, below) = match (moves::sum(view.placement), rest) {
        (Some(sum), Some(rest)) => (sum, gain(view) + &left(view, &rest, &check)),
        (Some(sum), None) => (sum, gain(view)),
        (None, Some(rest)) => {
            (format!("nothing can be moved, and {rest}: see {check}"), String::new())
        }
        (None, None) => ("everything is where it should be".into(), String::new()),
    };
    let name = &view.rack.rack.rack;
    let sentence = view.look.wrap(&sentence, name.chars().count() + 2, 2);
    format!("{}: {sentence}\n{below}", view.look.paint(Ink::Heading, name))
}

/// The one line there is to say of a rack without workloads.
pub(super) fn nothing(view: &View<'_>) -> String {
    let name = view.look.paint(Ink::Heading, &view.rack.rack.rack);
    format!("{name}: nothing to place: the file has no workloads\n")
}

/// What it gains: two figures before and after.
fn gain(view: &View<'_>) -> String {
    let (it, arrow) = (&view.placement.summary, view.look.arrow());
    let line = |what: &str, before: Permille, after: Permille| {
        let ink = if after < before { Ink::Good } else { Ink::Heading };
        let after = view.look.paint(ink, &format!("{:>6}", number::share(after)));
        format!("  {what}  {:>6} {arrow} {after}\n", number::share(before))
    };
    let figures = line("memory of the fullest node", it.highest_before, it.highest)
        + &line("spread to the emptiest one", it.spread_before, it.spread);
    if view.all_open() { figures } else { figures + &view.remark(&format!("({OPEN})")) }
}

fn left(view: &View<'_>, rest: &str, check: &str) -> String {
    let line = view.look.wrap(&format!("{rest}: see {check}"), 2, 2);
    line.lines()
        .map(|it| format!("  {}\n", view.look.paint(Ink::Warning, it.trim_start())))
        .collect()
}
