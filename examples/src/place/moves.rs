//! What goes elsewhere, what starts, and what fits nowhere.

use super::View;
use crate::look::Ink;
use crate::number;
use crate::table::{Cell, Table, left, right};
use rackberry::core::{Bytes, Seconds, figure};
use rackberry::plan::{Change, Placement};

/// No more moves than this are printed.
pub(super) const SHOWN: usize = 50;

/// How many replicas move and start, and what that costs; nothing where none does.
pub(super) fn sum(placement: &Placement) -> Option<String> {
    let started = placement.moves.iter().filter(|it| it.from.is_none()).count();
    let moved = placement.moves.len() - started;
    let does = match (moved, started) {
        (0, 0) => return None,
        (_, 0) => number::count(moved, "move"),
        (0, _) => number::count(started, "start"),
        _ => format!("{} and {}", number::count(moved, "move"), number::count(started, "start")),
    };
    let copy = match placement.summary.moved {
        Bytes(0) => "nothing to copy".into(),
        bytes => format!("{} to copy", figure::size(bytes)),
    };
    let down = match placement.summary.downtime {
        Seconds(0) => "no downtime".into(),
        span => format!("{} of downtime in all", figure::time(span)),
    };
    Some(format!("{does}, {copy}, {down}"))
}

/// What goes elsewhere, and what starts.
pub(super) fn table(view: &View<'_>) -> String {
    let moves = &view.placement.moves;
    if moves.is_empty() {
        return String::new();
    }
    let mut table = Table::new([
        left("replica", 0),
        left("from", 0),
        left("", 0),
        left("to", 0),
        right("memory", 3),
        right("to copy", 1),
        right("downtime", 2),
    ]);
    moves.iter().take(SHOWN).for_each(|it| table.row(row(it, view)));
    if moves.len() > 1 {
        table.row(total(view));
    }
    let mut text = view.heading("Moves") + &table.render(view.look);
    if moves.len() > SHOWN {
        let left = number::count(moves.len() - SHOWN, "more move");
        text += &view.remark(&format!("... and {left}: --json has them all."));
    }
    text
}

fn row(it: &Change, view: &View<'_>) -> Vec<Cell> {
    let from = match &it.from {
        Some(node) => Cell::from(node.as_str()),
        None => Cell::inked("(new)", Ink::Good),
    };
    vec![
        it.replica.to_string().into(),
        from,
        view.look.arrow().into(),
        it.to.as_str().into(),
        figure::memory(it.memory).into(),
        bytes(it.bytes),
        downtime(it.downtime),
    ]
}

fn total(view: &View<'_>) -> Vec<Cell> {
    let moves = &view.placement.moves;
    let memory: Bytes = moves.iter().map(|it| it.memory).sum();
    let summary = &view.placement.summary;
    vec![
        "all".into(),
        Cell::default(),
        Cell::default(),
        Cell::default(),
        figure::memory(memory).into(),
        bytes(summary.moved),
        downtime(summary.downtime),
    ]
}

fn bytes(amount: Bytes) -> Cell {
    if amount.0 == 0 { Cell::inked("-", Ink::Faint) } else { figure::size(amount).into() }
}

fn downtime(span: Seconds) -> Cell {
    if span.0 == 0 { Cell::inked("-", Ink::Faint) } else { figure::time(span).into() }
}

/// What fits nowhere, and why.
pub(super) fn unplaced(view: &View<'_>) -> String {
    let all = &view.placement.unplaced;
    if all.is_empty() {
        return String::new();
    }
    let verb = if all.len() == 1 { "fits" } else { "fit" };
    let head = format!("{} {verb} nowhere:", number::count(all.len(), "replica"));
    let mut text = view.look.paint(Ink::Error, &head) + "\n";
    for it in all.iter().take(SHOWN) {
        let line = format!("{}: {}", it.replica, it.reason);
        text += &format!("  {}\n", view.look.wrap(&line, 2, 4));
    }
    if all.len() > SHOWN {
        text += &view.remark(&format!("... and {} more: --json has them all.", all.len() - SHOWN));
    }
    text
}
