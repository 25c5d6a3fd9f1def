//! Many nodes at once: two maps of small cells, before and after, coloured by memory in use.

use crate::bundle::Bundle;
use crate::figure::{fraction, percent, share, size};
use crate::pen::{Area, Label, Pen, Px};
use crate::theme::{HEATS, Heat, Paint, Style};
use rackberry_core::{Bytes, Permille};
use rackberry_plan::{NodeUse, Placement, Resolved};
use std::fmt::Write;

/// From this size on, a cell has room for its percentage.
const SPEAKING: f64 = 26.0;
/// Up to so many nodes, each cell says what it is when pointed at.
const MOST_TIPS: usize = 600;
/// More cells than this would not be seen apart; then one stands for several nodes.
const MOST_CELLS: usize = 12_000;
const GAP: f64 = 28.0;
const HIGHEST: f64 = 460.0;
/// How many moves are listed.
pub(crate) const MOST_MOVES: usize = 20;
const ROW: f64 = 26.0;

/// One cell: its share of memory in use, whether that is above the limit, and what it is.
struct Cell {
    share: Permille,
    over: bool,
    tip: String,
}

/// Draws both maps in a width of `w`, and returns where they end.
pub(crate) fn draw(pen: &mut Pen, placement: &Placement, left: f64, top: f64, w: f64) -> f64 {
    let each = placement.nodes.len().div_ceil(MOST_CELLS).max(1);
    let tips = placement.nodes.len() <= MOST_TIPS;
    let room = (w - GAP) / 2.0;
    let cells = placement.nodes.len().div_ceil(each);
    let step = step(cells, room);
    let columns = ((room / step) as usize).max(1);
    for (at, name) in ["before", "after"].into_iter().enumerate() {
        let x = left + (room + GAP) * at as f64;
        pen.text(Label::new(Style::Name, x, top + 14.0, room), name);
        let all = placement.nodes.chunks(each).map(|it| cell(it, at == 1, tips));
        map(pen, &all.collect::<Vec<_>>(), columns, step, (x, top + 26.0));
    }
    let mut bottom = top + 26.0 + step * cells.div_ceil(columns) as f64 + 24.0;
    if each > 1 {
        let text = format!("Each cell stands for {each} nodes, and shows the fullest of them.");
        pen.text(Label::new(Style::Body, left, bottom, w).mute(), &text);
        bottom += 12.0;
    }
    bottom
}

/// The largest step from cell to cell by which all fit.
fn step(cells: usize, w: f64) -> f64 {
    let fits = |step: &f64| {
        let columns = (w / step) as usize;
        columns > 0 && step * cells.div_ceil(columns) as f64 <= HIGHEST
    };
    (3..=34).rev().map(f64::from).find(fits).unwrap_or(3.0)
}

/// The fullest of some nodes.
fn cell(nodes: &[NodeUse], after: bool, tip: bool) -> Cell {
    let used = |it: &NodeUse| if after { it.after.memory_used } else { it.before.memory_used };
    let share_of = |it: &NodeUse| share(used(it), it.memory);
    let fullest = nodes.iter().max_by_key(|it| share_of(it));
    let Some(it) = fullest else {
        return Cell { share: Permille(0), over: false, tip: String::new() };
    };
    let text = || {
        format!(
            "{}: {} of {} ({})",
            it.node,
            size(used(it)),
            size(it.memory),
            percent(share_of(it))
        )
    };
    Cell {
        share: share_of(it),
        over: used(it) > it.memory_limit,
        tip: if tip { text() } else { String::new() },
    }
}

fn heat(cell: &Cell) -> usize {
    match (cell.over, cell.share.0) {
        (true, _) => 5,
        (false, share) => usize::try_from(share / 200).unwrap_or(4).min(4),
    }
}

/// Cells of one colour are one path, so that ten thousand take little room.
fn map(pen: &mut Pen, cells: &[Cell], columns: usize, step: f64, from: (f64, f64)) {
    let gap = if step > 8.0 { 2.0 } else { 1.0 };
    let corner = |at: usize| {
        let (row, column) = (at / columns, at % columns);
        (from.0 + step * column as f64, from.1 + step * row as f64)
    };
    let mut ways: [String; 6] = Default::default();
    for (at, cell) in cells.iter().enumerate() {
        let ((x, y), side) = (corner(at), Px(step - gap));
        // Writing to a String cannot fail.
        let _ = write!(ways[heat(cell)], "M{} {}h{side}v{side}h-{side}z", Px(x), Px(y));
    }
    for (Heat { class, .. }, way) in HEATS.iter().zip(&ways).filter(|it| !it.1.is_empty()) {
        pen.path(&format!("f-{class}"), way, "");
    }
    for (at, cell) in cells.iter().enumerate().filter(|it| !it.1.tip.is_empty()) {
        let (x, y) = corner(at);
        pen.tipped(&cell.tip, |pen| {
            pen.path(
                "",
                &format!("M{} {}h{step}v{step}h-{step}z", Px(x), Px(y)),
                r#" fill-opacity="0""#,
            );
            if step >= SPEAKING {
                let base = y + (step - gap) / 2.0 + 4.0;
                let label = Label::new(Style::Tiny, x + (step - gap) / 2.0, base, step - gap);
                pen.text(
                    label.middle().class(HEATS[heat(cell)].ink),
                    &(cell.share.0.saturating_add(5) / 10).to_string(),
                );
            }
        });
    }
}

/// Says which colour is which share, to the left of `right`.
pub(crate) fn legend(pen: &mut Pen, right: f64, base: f64) {
    let names = ["below 20%", "20–40%", "40–60%", "60–80%", "80% or more", "above the limit"];
    let mut x = right;
    for (Heat { class, .. }, name) in HEATS.iter().zip(names).rev() {
        let w = Style::Small.width(name);
        pen.text(Label::new(Style::Small, x - w, base, w).mute(), name);
        pen.rect(&format!("f-{class}"), Area::new(x - w - 18.0, base - 10.0, 12.0, 12.0), 2.0);
        x -= w + 32.0;
    }
}

/// Lists the largest moves in two columns, and returns where they end.
pub(crate) fn moves(
    pen: &mut Pen,
    rack: &Resolved,
    bundles: &[Bundle],
    left: f64,
    top: f64,
    w: f64,
) -> f64 {
    let shown = &bundles[..bundles.len().min(MOST_MOVES)];
    let each = (w - GAP) / 2.0;
    let rows = shown.len().div_ceil(2).max(1);
    let largest = shown.first().map_or(Bytes(1), |it| it.memory);
    for (at, bundle) in shown.iter().enumerate() {
        let (column, row) = (at / rows, at % rows);
        let x = left + (each + GAP) * column as f64;
        let area = Area::new(x, top + ROW * row as f64, each, ROW);
        pen.tipped(&bundle.tip(rack), |pen| one_move(pen, rack, bundle, largest, area));
    }
    top + ROW * rows as f64
}

fn one_move(pen: &mut Pen, rack: &Resolved, bundle: &Bundle, largest: Bytes, area: Area) {
    let base = area.y + 16.0;
    let (from, to) = (rack.nodes[bundle.from].id.as_str(), rack.nodes[bundle.to].id.as_str());
    let third = area.w / 4.0;
    pen.text(Label::new(Style::Percent, area.x, base, third), from);
    pen.text(Label::new(Style::Percent, area.x + third + 30.0, base, third), to);
    let (x, y) = (area.x + third + 4.0, base - 4.0);
    pen.path(
        "s-move",
        &format!("M{} {}h18m-5 -4l5 4l-5 4", Px(x), Px(y)),
        r#" fill="none" stroke-width="2""#,
    );
    let x = area.x + 2.0 * third + 40.0;
    let room = area.right() - x;
    let name = bundle.name(Style::Small, room);
    pen.text(Label::new(Style::Small, x, base, room).ink(Paint::Mute), &name);
    let bar = Area::new(x, base + 4.0, room * fraction(bundle.memory.0, largest.0), 2.5);
    pen.rect("f-move", bar, 1.0);
}
