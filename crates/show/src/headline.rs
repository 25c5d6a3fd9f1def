//! The top of the picture: the rack's name, what it is made of, and three figures.

use crate::figure::{count, moves as moves_and_starts, percent, share, size, time};
use crate::pen::{Area, Label, Pen};
use crate::theme::{Paint, Style};
use rackberry_core::{Bytes, Permille, Seconds};
use rackberry_plan::{Placement, Resolved, Summary};

/// How high the top of the picture is.
pub(crate) const HEIGHT: f64 = 84.0;
const TILE: f64 = 210.0;
const GAP: f64 = 14.0;

/// A figure, what it is, and what there is to say of it.
pub(crate) struct Tile {
    pub name: String,
    pub figure: String,
    pub note: String,
}

/// Draws it in `area`.
pub(crate) fn draw(pen: &mut Pen, rack: &Resolved, placement: &Placement, area: Area) {
    let tiles = tiles(rack, placement);
    let taken = (TILE + GAP) * tiles.len() as f64;
    let room = area.w - taken;
    pen.text(Label::new(Style::Title, area.x, area.y + 38.0, room), &rack.rack.rack);
    pen.text(Label::new(Style::Body, area.x, area.y + 62.0, room).mute(), &made_of(rack));
    for (at, tile) in tiles.iter().enumerate() {
        let x = area.right() - taken + GAP + (TILE + GAP) * at as f64;
        draw_tile(pen, tile, Area::new(x, area.y, TILE, HEIGHT));
    }
}

fn draw_tile(pen: &mut Pen, tile: &Tile, area: Area) {
    pen.rect("f-card s-line", area, 12.0);
    let (x, room) = (area.x + 14.0, area.w - 28.0);
    pen.text(Label::new(Style::Small, x, area.y + 22.0, room).mute(), &tile.name);
    let fits = Style::Figure.width(&tile.figure) <= room;
    let style = if fits { Style::Figure } else { Style::Name };
    pen.text(Label::new(style, x, area.y + 48.0, room), &tile.figure);
    pen.text(Label::new(Style::Small, x, area.y + 69.0, room).mute(), &tile.note);
}

/// What the picture shows, in one sentence for those who do not see it.
pub(crate) fn description(rack: &Resolved, placement: &Placement) -> String {
    let tiles = tiles(rack, placement);
    let figures: Vec<_> =
        tiles.iter().map(|it| format!("{}: {}, {}", it.name, it.figure, it.note)).collect();
    format!("{}. {}.", made_of(rack), figures.join("; "))
}

/// What the rack is made of.
pub(crate) fn made_of(rack: &Resolved) -> String {
    let written = &rack.rack;
    let parts = [
        (rack.nodes.len(), count(rack.nodes.len(), "node", "nodes")),
        (rack.switches.len(), count(rack.switches.len(), "switch", "switches")),
        (written.networks.len(), count(written.networks.len(), "network", "networks")),
        (rack.workloads.len(), count(rack.workloads.len(), "workload", "workloads")),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|it| it.0 > 0).map(|it| it.1).collect();
    parts.join(" · ")
}

/// The figures that the placement is judged by.
pub(crate) fn tiles(rack: &Resolved, placement: &Placement) -> Vec<Tile> {
    if rack.nodes.is_empty() {
        return Vec::new();
    }
    let it = &summary(placement);
    let limit = percent(rack.rack.policy.memory_limit);
    let of = which(placement);
    vec![
        Tile {
            name: format!("Highest memory (limit {limit})"),
            figure: change(it.highest_before, it.highest),
            note: of.into(),
        },
        Tile {
            name: "Spread, fullest less emptiest".into(),
            figure: change(it.spread_before, it.spread),
            note: of.into(),
        },
        to_copy(rack, placement),
    ]
}

/// The nodes that the figures are of.
fn which(placement: &Placement) -> &'static str {
    let open = placement.nodes.iter().filter(|it| it.open).count();
    match open == 0 || open == placement.nodes.len() {
        true => "of all nodes",
        false => "of the nodes that take workloads",
    }
}

/// What it takes to get there.
fn to_copy(rack: &Resolved, placement: &Placement) -> Tile {
    let (copied, down) = (placement.summary.moved, placement.summary.downtime);
    let moves = placement.moves.iter().any(|it| it.from.is_some());
    let name = match down {
        _ if !moves => "To copy".into(),
        Seconds(0) => "To copy; no downtime".into(),
        down => format!("To copy; {} of downtime", time(down)),
    };
    let figure = if copied == Bytes(0) { "nothing".into() } else { size(copied) };
    let note = match moves_and_starts(&placement.moves) {
        Some(note) => note,
        None if rack.workloads.is_empty() => "no workloads".into(),
        None => "nothing moves".into(),
    };
    Tile { name, figure, note }
}

/// The figures of the placement; of all nodes, where it takes none into account because no workload may
/// run on any.
fn summary(placement: &Placement) -> Summary {
    if placement.nodes.iter().any(|it| it.open) {
        return placement.summary;
    }
    let shares = placement.nodes.iter().map(|it| share(it.after.memory_used, it.memory));
    let highest = shares.clone().max().unwrap_or_default();
    let spread = highest.minus(shares.min().unwrap_or_default());
    let (highest_before, spread_before) = (highest, spread);
    Summary { highest_before, highest, spread_before, spread, ..placement.summary }
}

/// Before and after, or one where nothing changes.
fn change(before: Permille, after: Permille) -> String {
    match before == after {
        true => percent(after),
        false => format!("{} → {}", percent(before), percent(after)),
    }
}

/// The paint of a heading.
pub(crate) fn section(pen: &mut Pen, name: &str, x: f64, base: f64, room: f64) {
    pen.text(Label::new(Style::Section, x, base, room).ink(Paint::Mute), name);
}
