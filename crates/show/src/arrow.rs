//! Moves as arrows from card to card.

use crate::bundle::Bundle;
use crate::pen::{Area, Label, Pen, Px};
use crate::route::Track;
use crate::theme::{Paint, Style};
use rackberry_core::Bytes;

/// How round the corners are.
const ROUND: f64 = 12.0;
/// How long the head is.
const HEAD: f64 = 9.0;

/// How wide a label is at most.
const LABEL: f64 = 240.0;
/// The border of a label on both sides, with what rounding costs.
const BORDER: f64 = 18.0;

/// How wide the label of some moves is, with its border.
pub(crate) fn label_width(bundle: &Bundle) -> f64 {
    (Style::Small.width(&words(bundle)) + BORDER).min(LABEL)
}

fn words(bundle: &Bundle) -> String {
    bundle.name(Style::Small, LABEL - BORDER)
}

/// Draws the line of a move, as thick as the memory is large, of the largest.
pub(crate) fn line(pen: &mut Pen, track: &Track, memory: Bytes, largest: Bytes) {
    let thick = thickness(memory, largest);
    let head = HEAD + thick;
    let [.., before, end] = track.points.as_slice() else { return };
    let way = (end.1 - before.1).signum();
    let mut points = track.points.clone();
    if let Some(last) = points.last_mut() {
        last.1 -= way * head * 0.8;
    }
    let more = format!(r#" fill="none" stroke-width="{}" stroke-linejoin="round""#, Px(thick));
    // What lies below ends a little before, so that one sees which arrow goes where two of them cross.
    let halo = format!(r#" fill="none" stroke-width="{}""#, Px(thick + 5.0));
    pen.path("s-page", &round(&points[1..points.len() - 1]), &halo);
    pen.path("s-move", &round(&points), &more);
}

/// Draws where a move begins and where it ends, above all lines.
pub(crate) fn ends(pen: &mut Pen, track: &Track, memory: Bytes, largest: Bytes) {
    let thick = thickness(memory, largest);
    let head = HEAD + thick;
    let [.., before, end] = track.points.as_slice() else { return };
    let way = (end.1 - before.1).signum();
    let half = head * 0.55;
    let tip = format!(
        "M{} {}L{} {}L{} {}z",
        Px(end.0),
        Px(end.1),
        Px(end.0 - half),
        Px(end.1 - way * head),
        Px(end.0 + half),
        Px(end.1 - way * head)
    );
    pen.path("f-move", &tip, "");
    if let Some(start) = track.points.first() {
        pen.circle("f-move", *start, thick / 2.0 + 1.5);
    }
}

fn thickness(memory: Bytes, largest: Bytes) -> f64 {
    1.5 + 3.0 * crate::figure::fraction(memory.0, largest.0).sqrt()
}

/// Draws the label of a move.
pub(crate) fn label(pen: &mut Pen, track: &Track, bundle: &Bundle, tip: &str) {
    let (text, w) = (words(bundle), label_width(bundle));
    let area = Area::new(track.label.0 - w / 2.0, track.label.1 - 9.5, w, 19.0);
    pen.tipped(tip, |pen| {
        pen.path("f-card s-move", &crate::card::pill(area), r#" stroke-width="1""#);
        let label = Label::new(Style::Small, area.middle(), area.y + 13.5, w - 12.0);
        pen.text(label.middle().ink(Paint::Move), &text);
    });
}

/// A way along `points` whose corners are round.
fn round(points: &[(f64, f64)]) -> String {
    let mut way = String::new();
    for (at, point) in points.iter().enumerate() {
        let corner = (at > 0).then(|| points.get(at + 1)).flatten();
        let Some(next) = corner else {
            way += &format!("{}{} {}", if at == 0 { 'M' } else { 'L' }, Px(point.0), Px(point.1));
            continue;
        };
        let before = points[at - 1];
        let r = ROUND.min(distance(before, *point) / 2.0).min(distance(*point, *next) / 2.0);
        let (a, b) = (towards(*point, before, r), towards(*point, *next, r));
        way += &format!(
            "L{} {}Q{} {} {} {}",
            Px(a.0),
            Px(a.1),
            Px(point.0),
            Px(point.1),
            Px(b.0),
            Px(b.1)
        );
    }
    way
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).abs() + (a.1 - b.1).abs()
}

fn towards(from: (f64, f64), to: (f64, f64), by: f64) -> (f64, f64) {
    let part = by / distance(from, to).max(1.0);
    (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part)
}
