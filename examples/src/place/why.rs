//! Why everything goes where it goes, in a sentence each.

use super::View;
use crate::args::PlaceArgs;
use crate::number;
use rackberry::plan::{Finding, Reason};

/// No more replicas than this are explained: each is compared with every node.
const EXPLAINED: usize = 50;

/// Why replicas are where they should be, and how many more there are of them.
#[derive(Debug, Default)]
pub(super) struct Reasons {
    /// The first of them.
    pub said: Vec<Reason>,
    left: usize,
}

/// Why for each replica that is asked about: those that move, and with `--why-all` those that stay.
pub(super) fn reasons(view: &View<'_>, args: &PlaceArgs) -> Result<Reasons, Finding> {
    if args.explain.is_some() || args.against.is_some() {
        return Ok(Reasons::default());
    }
    let replicas = view.rack.replicas.iter().zip(&view.placement.at).enumerate();
    let asked = replicas.filter(|(_, (it, at))| args.why_all || (at.is_some() && it.on != **at));
    let mut asked: Vec<usize> = asked.map(|it| it.0).collect();
    let left = asked.len().saturating_sub(EXPLAINED);
    asked.truncate(EXPLAINED);
    Ok(Reasons { said: view.placement.reasons(view.rack, &asked)?, left })
}

/// The reasons, one paragraph each; replicas that go together have theirs in common.
pub(super) fn text(view: &View<'_>, reasons: &Reasons) -> String {
    let mut whys: Vec<(&str, Vec<String>)> = Vec::new();
    for it in &reasons.said {
        match whys.iter_mut().find(|why| why.0 == it.why_here) {
            Some(why) => why.1.push(it.replica.to_string()),
            None => whys.push((&it.why_here, vec![it.replica.to_string()])),
        }
    }
    if whys.is_empty() {
        return String::new();
    }
    let line = |(why, who): &(&str, Vec<String>)| format!("{}: {why}", who.join(", "));
    let lines = whys.iter().map(|it| format!("  {}\n", view.look.wrap(&line(it), 2, 4)));
    let text = view.heading("Why") + &lines.collect::<String>();
    match reasons.left {
        0 => text,
        left => {
            let left = number::count(left, "more replica");
            text + &view.remark(&format!("... and {left}: --explain NAME says it of any workload."))
        }
    }
}
