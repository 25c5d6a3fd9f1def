//! A node as a card: its name, port and facts, its memory before and after, and what runs there.

use crate::figure::{fraction, percent, share, size};
use crate::machine::{Chip, Fate, Machine, Memory};
use crate::panel::Plug;
use crate::pen::{Area, Label, Pen, flow};
use crate::theme::{Paint, Style};

const FACT: f64 = 17.0;
const BAR: f64 = 21.0;
const CHIP: f64 = 24.0;
const CHIP_GAP: f64 = 6.0;
/// The room it takes to say how many chips are left out.
const MORE: f64 = 68.0;
/// Bars in less room than this do without their names: the upper one is before, the lower one after.
pub(crate) const NARROW: f64 = 190.0;
/// Between the edge of a card and what is in it.
pub(crate) const PAD: f64 = 14.0;

/// What all cards of a picture have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    /// How many lines the facts get.
    pub fact_lines: usize,
    /// How many lines the chips get at most.
    pub chip_lines: usize,
    /// Whether there is anything to compare.
    pub both_bars: bool,
    /// Whether the port has a line of its own, because names leave it no room.
    pub plug_below: bool,
}

/// How many lines the facts of a card of width `w` take, at most `most`.
pub(crate) fn fact_lines(machine: &Machine, w: f64, most: usize) -> usize {
    flow(&machine.facts, Style::Body, w - 2.0 * PAD, most).len()
}

/// How high the card is at this width, without guests in it.
pub(crate) fn height(machine: &Machine, w: f64, form: Form) -> f64 {
    let rows = chip_rows(&machine.chips, w - 2.0 * PAD, form.chip_lines).rows.len();
    let chips = if rows == 0 { 0.0 } else { 6.0 + CHIP * rows as f64 };
    bars_at(form) + BAR * bars(form) + chips + PAD - 4.0
}

/// Where the bars begin.
fn bars_at(form: Form) -> f64 {
    41.0 + plug_line(form) + FACT * form.fact_lines as f64
}

fn plug_line(form: Form) -> f64 {
    if form.plug_below { 25.0 } else { 0.0 }
}

/// Whether the name of a card leaves room for its port.
pub(crate) fn plug_fits(machine: &Machine, plug: &Plug, w: f64) -> bool {
    Style::Name.width(machine.id) + plug.width() + 8.0 <= w - 2.0 * PAD
}

fn bars(form: Form) -> f64 {
    if form.both_bars { 2.0 } else { 1.0 }
}

/// Draws the card.
pub(crate) fn draw(
    pen: &mut Pen,
    machine: &Machine,
    plug: Option<&Plug>,
    area: Area,
    form: Form,
    nested: bool,
) {
    let (ground, radius) = if nested { (Paint::Nest, 8.0) } else { (Paint::Card, 12.0) };
    pen.rect(&format!("f-{} s-line", ground.class()), area, radius);
    head(pen, machine, plug, area, form);
    let (x, room) = (area.x + PAD, area.w - 2.0 * PAD);
    let y = area.y + bars_at(form);
    let limit = fraction(machine.limit.0, machine.after.whole.0);
    match form.both_bars {
        true => {
            bar(pen, "before", &machine.before, limit, Area::new(x, y, room, BAR), machine);
            bar(pen, "after", &machine.after, limit, Area::new(x, y + BAR, room, BAR), machine);
        }
        false => bar(pen, "memory", &machine.after, limit, Area::new(x, y, room, BAR), machine),
    }
    let y = y + BAR * bars(form) + 6.0;
    chips(pen, &machine.chips, Area::new(x, y, room, 0.0), form.chip_lines);
}

/// The name, the port and the facts.
fn head(pen: &mut Pen, machine: &Machine, plug: Option<&Plug>, area: Area, form: Form) {
    let (x, room) = (area.x + PAD, area.w - 2.0 * PAD);
    let taken = match (plug, form.plug_below) {
        (Some(plug), false) => plug.draw(pen, area.right() - PAD, area.y + 13.0, room * 0.6) + 8.0,
        (Some(plug), true) => {
            plug.draw(pen, x + plug.width().min(room), area.y + 37.0, room);
            0.0
        }
        (None, _) => 0.0,
    };
    pen.text(Label::new(Style::Name, x, area.y + 28.0, room - taken), machine.id);
    let facts = flow(&machine.facts, Style::Body, room, form.fact_lines);
    for (line, text) in facts.iter().enumerate() {
        let y = area.y + 47.0 + plug_line(form) + FACT * line as f64;
        pen.text(Label::new(Style::Body, x, y, room).mute(), text);
    }
}

/// One bar with its label and figures.
fn bar(pen: &mut Pen, name: &str, memory: &Memory, limit: f64, area: Area, machine: &Machine) {
    let over = memory.used > machine.limit;
    let base = area.y + 13.0;
    let label = if area.w >= NARROW { 52.0 } else { 0.0 };
    pen.text(Label::new(Style::Small, area.x, base, label).mute(), name);
    let figures = if area.w >= 400.0 { 174.0 } else { 52.0 };
    let ink = if over { Paint::Bad } else { Paint::Ink };
    let used = share(memory.used, memory.whole);
    let text = format!("{}{}", if over { "! " } else { "" }, percent(used));
    pen.text(Label::new(Style::Percent, area.right(), base, 58.0).ink(ink).end(), &text);
    if figures > 100.0 {
        let text = format!("{} of {}", size(memory.used), size(memory.whole));
        pen.text(
            Label::new(Style::Mono, area.right() - 62.0, base, figures - 62.0).mute().end(),
            &text,
        );
    }
    let track = Area::new(area.x + label, area.y + 3.0, area.w - label - figures - 8.0, 12.0);
    let tip = tip(memory, machine);
    pen.tipped(&tip, |pen| segments(pen, memory, limit, track));
}

fn segments(pen: &mut Pen, memory: &Memory, limit: f64, track: Area) {
    pen.rect("f-track", track, 3.0);
    let mut before = 0;
    for (part, bytes) in &memory.parts {
        let from = fraction(before, memory.whole.0) * track.w;
        before = before.saturating_add(bytes.0);
        let to = fraction(before, memory.whole.0) * track.w;
        // A line of the track is left between two parts, but a small part is not left out for it.
        let w = if to - from > 2.0 { to - from - 1.0 } else { to - from };
        let class = format!("f-{}", part.paint().class());
        pen.rect(&class, Area::new(track.x + from, track.y, w, track.h), 0.0);
    }
    let at = track.x + limit * track.w;
    pen.line("s-ink", (at, track.y - 2.0), (at, track.bottom() + 2.0), r#" stroke-width="1.5""#);
}

fn tip(memory: &Memory, machine: &Machine) -> String {
    let parts =
        memory.parts.iter().map(|(part, bytes)| format!("{} {}", part.name(), size(*bytes)));
    let parts: Vec<_> = parts.collect();
    format!(
        "{}: {} of {} in use ({}); up to {} may be",
        machine.id,
        size(memory.used),
        size(memory.whole),
        parts.join(", "),
        size(machine.limit)
    )
}

/// Chips in rows, each with where it begins and how wide it is; those left out, and where to say so.
struct ChipRows<'a> {
    rows: Vec<Vec<(f64, f64, &'a Chip)>>,
    hidden: &'a [Chip],
}

/// As many rows as there are, at most `lines`; the last leaves room to say how many are left out.
fn chip_rows(chips: &[Chip], room: f64, lines: usize) -> ChipRows<'_> {
    let mut rows: Vec<Vec<(f64, f64, &Chip)>> = Vec::new();
    for (at, chip) in chips.iter().enumerate() {
        let w = (Style::Small.width(&chip.text) + 16.0 + mark(chip.fate)).min(room);
        let is_last = at + 1 == chips.len();
        let end =
            rows.last().and_then(|it| it.last()).map_or(f64::MAX, |it| it.0 + it.1 + CHIP_GAP);
        let more = |rows: usize| if rows < lines || is_last { 0.0 } else { CHIP_GAP + MORE };
        if end + w + more(rows.len()) <= room {
            rows.last_mut().into_iter().for_each(|row| row.push((end, w, chip)));
        } else if rows.len() < lines && w + more(rows.len() + 1) <= room {
            rows.push(vec![(0.0, w, chip)]);
        } else {
            if rows.len() < lines {
                rows.push(Vec::new());
            }
            return ChipRows { rows, hidden: &chips[at..] };
        }
    }
    ChipRows { rows, hidden: &[] }
}

/// The room that the mark of a chip takes.
fn mark(fate: Fate) -> f64 {
    match fate {
        Fate::Leaves | Fate::Arrives | Fate::Starts => 12.0,
        Fate::Stays | Fate::Every => 0.0,
    }
}

fn chips(pen: &mut Pen, all: &[Chip], area: Area, lines: usize) {
    let placed = chip_rows(all, area.w, lines);
    let mut end = (area.x, area.y);
    for (row, chips) in placed.rows.iter().enumerate() {
        let y = area.y + CHIP * row as f64;
        end = (area.x, y);
        for (x, w, it) in chips {
            chip(pen, it, Area::new(area.x + x, y, *w, 19.0));
            end = (area.x + x + w + CHIP_GAP, y);
        }
    }
    if placed.hidden.is_empty() {
        return;
    }
    let names: Vec<_> = placed.hidden.iter().map(|it| it.text.as_str()).collect();
    let text = format!("+ {} more", names.len());
    pen.tipped(&names.join(", "), |pen| {
        pen.text(Label::new(Style::Small, end.0 + 2.0, end.1 + 13.5, MORE - 2.0).mute(), &text);
    });
}

fn chip(pen: &mut Pen, chip: &Chip, area: Area) {
    let solid = r#" fill="none" stroke-width="1.5""#;
    let (class, more) = match chip.fate {
        Fate::Leaves => ("s-leave", r#" fill="none" stroke-width="1.5" stroke-dasharray="4 3""#),
        Fate::Arrives | Fate::Starts => ("s-arrive", solid),
        Fate::Stays => ("f-track", ""),
        Fate::Every => ("s-every", solid),
    };
    pen.path(class, &pill(area.shrunk(0.75)), more);
    let x = area.x + 8.0;
    let (left, middle) = (x - 1.0, area.y + area.h / 2.0);
    match chip.fate {
        Fate::Leaves => arrow_mark(pen, left, middle, "leave", 1.0),
        Fate::Arrives => arrow_mark(pen, left, middle, "arrive", -1.0),
        Fate::Starts => plus_mark(pen, left, middle),
        Fate::Stays | Fate::Every => {}
    }
    let room = area.w - 16.0 - mark(chip.fate);
    pen.text(Label::new(Style::Small, x + mark(chip.fate), area.y + 13.5, room), &chip.text);
}

/// The outline of a rectangle with round corners.
pub(crate) fn pill(area: Area) -> String {
    use crate::pen::Px;
    let r = (area.h / 2.0).min(6.0);
    let (w, h) = (Px(area.w - 2.0 * r), Px(area.h - 2.0 * r));
    let (r, x, y) = (Px(r), Px(area.x + r), Px(area.y));
    format!(
        "M{x} {y}h{w}a{r} {r} 0 0 1 {r} {r}v{h}a{r} {r} 0 0 1 -{r} {r}h-{w}a{r} {r} 0 0 1 -{r} -{r}v-{h}a{r} {r} 0 0 1 {r} -{r}z"
    )
}

/// A small arrow, out of the card (`way` 1) or into it (-1).
fn arrow_mark(pen: &mut Pen, x: f64, y: f64, paint: &str, way: f64) {
    let tip = if way > 0.0 { x + 8.0 } else { x };
    let tail = if way > 0.0 { x } else { x + 8.0 };
    let class = format!("s-{paint}");
    let more = r#" fill="none" stroke-width="2""#;
    pen.line(&class, (tail, y), (tip, y), more);
    let back = tip - 3.5 * way;
    let way = format!(
        "M{} {}L{} {}L{} {}",
        crate::pen::Px(back),
        crate::pen::Px(y - 3.5),
        crate::pen::Px(tip),
        crate::pen::Px(y),
        crate::pen::Px(back),
        crate::pen::Px(y + 3.5)
    );
    pen.path(&class, &way, more);
}

fn plus_mark(pen: &mut Pen, x: f64, y: f64) {
    let more = r#" stroke-width="2""#;
    pen.line("s-arrive", (x, y), (x + 8.0, y), more);
    pen.line("s-arrive", (x + 4.0, y - 4.0), (x + 4.0, y + 4.0), more);
}
