//! The score, by its terms.

use super::View;
use crate::look::Ink;
use crate::table::{Cell, Table, left, right};
use crate::{number, outcome};
use rackberry::core::Points;
use rackberry::plan::Score;

/// The score before and after, without the terms that are nothing; none where nothing moves.
pub(super) fn table(view: &View<'_>) -> String {
    if view.placement.moves.is_empty() {
        return String::new();
    }
    let (before, after) = (view.placement.before, view.placement.after);
    let mut table = Table::new([left("", 0), right("before", 0), right("after", 0), left("", 1)]);
    for (name, term, means) in TERMS {
        let both = (term(&before), term(&after));
        if both != (Points(0), Points(0)) {
            table.row(row(name, both, means));
        }
    }
    table.row(row("total", (before.total(), after.total()), ""));
    let idle = |at: &mut dyn Iterator<Item = Option<usize>>| at.filter(Option::is_none).count();
    let now = idle(&mut view.rack.replicas.iter().map(|it| it.on));
    let then = idle(&mut view.placement.at.iter().copied());
    let counts = [
        ("not running", now as u64, then as u64, "replicas; one weighs more than any points"),
        (
            "broken",
            outcome::rules(&before),
            outcome::rules(&after),
            "rules; one weighs more than any points",
        ),
    ];
    for (name, before, after, means) in counts.into_iter().filter(|it| it.1 + it.2 > 0) {
        let counts = [before, after].map(|it| number::grouped(it).into());
        let [before, after] = counts;
        table.row([name.into(), before, after, Cell::inked(means, Ink::Faint)]);
    }
    view.heading("Score, in points: the lowest wins") + &table.render(view.look)
}

type Term = fn(&Score) -> Points;

const TERMS: [(&str, Term, &str); 4] = [
    ("balance", |it| it.balance, "how unevenly the nodes are used"),
    ("prefer", |it| it.prefer, "replicas on nodes without the labels they prefer"),
    ("near", |it| it.near, "replicas that are not beside what they want to be near"),
    ("moves", |it| it.moves, "the moves themselves: their number, bytes and downtime"),
];

fn row(name: &str, (before, after): (Points, Points), means: &str) -> Vec<Cell> {
    vec![
        name.into(),
        number::points(before).into(),
        number::points(after).into(),
        Cell::inked(means, Ink::Faint),
    ]
}
