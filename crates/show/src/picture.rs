//! The picture as a whole: what stands where.

use crate::bundle::{Bundle, bundles};
use crate::cards::{Cards, MOST_ARROWS};
use crate::figure::count;
use crate::front::{Front, fronts, vlans};
use crate::machine::Part;
use crate::pen::{Area, Label, Pen, Px};
use crate::text::{escaped, tooltip};
use crate::theme::{Paint, Style, Theme, sheet};
use crate::{headline, heat, outside, panel};
use rackberry_plan::{Placement, Resolved};

const WIDTH: f64 = 1200.0;
const MARGIN: f64 = 32.0;
const ROOM: f64 = WIDTH - 2.0 * MARGIN;
/// Between two sections.
const APART: f64 = 34.0;
/// More nodes than this are drawn as a heat map.
const MOST_CARDS: usize = 48;
/// More switches than this are counted, not drawn.
const MOST_PANELS: usize = 6;
/// More replicas than this that fit nowhere are counted, not named.
const MOST_UNPLACED: usize = 5;

/// Draws a rack, and where a placement moves what runs on it: a picture of 1200 px width, in SVG, that
/// needs nothing else.
///
/// It has a title and a description for those who do not see it, and says what is left out when it is
/// pointed at. The same rack gives the same bytes. However large the rack, the picture stays below 2 MB.
pub fn svg(rack: &Resolved, placement: &Placement, theme: Theme) -> String {
    let mut pen = Pen::default();
    let top = Area::new(MARGIN, MARGIN, ROOM, headline::HEIGHT);
    headline::draw(&mut pen, rack, placement, top);
    let mut y = top.bottom();
    y = unplaced(&mut pen, placement, y);
    let bundles = bundles(rack, placement);
    if rack.nodes.len() > MOST_CARDS {
        y = heat_map(&mut pen, rack, placement, &bundles, y);
    }
    y = switches(&mut pen, rack, y);
    if (1..=MOST_CARDS).contains(&rack.nodes.len()) {
        y = cards(&mut pen, rack, placement, &bundles, y);
    }
    y = services(&mut pen, rack, y);
    whole(rack, placement, theme, y + MARGIN, &pen.finish())
}

fn whole(rack: &Resolved, placement: &Placement, theme: Theme, height: f64, body: &str) -> String {
    let (title, height) = (tooltip(&rack.rack.rack), Px(height));
    let description = escaped(&headline::description(rack, placement));
    let sheet = sheet(theme);
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="{height}" viewBox="0 0 1200 {height}" role="img" aria-labelledby="rack-title rack-description"><title id="rack-title">{title}</title><desc id="rack-description">{description}</desc><style>{sheet}</style><rect class="f-page" width="1200" height="{height}"/>{body}</svg>
"#
    )
}

/// What fits nowhere is said first.
fn unplaced(pen: &mut Pen, placement: &Placement, y: f64) -> f64 {
    let all = &placement.unplaced;
    if all.is_empty() {
        return y;
    }
    let shown = all.len().min(MOST_UNPLACED);
    let area = Area::new(MARGIN, y + 18.0, ROOM, 32.0 + 18.0 * shown as f64);
    pen.rect("f-card s-bad", area, 10.0);
    let (x, room) = (area.x + 16.0, area.w - 32.0);
    let text = format!("! {} nowhere", count(all.len(), "replica fits", "replicas fit"));
    pen.text(Label::new(Style::Percent, x, area.y + 21.0, room).ink(Paint::Bad), &text);
    for (line, it) in all.iter().take(shown).enumerate() {
        let text = format!("{}: {}", it.replica, it.reason);
        let y = area.y + 40.0 + 18.0 * line as f64;
        pen.text(Label::new(Style::Body, x, y, room), &text);
    }
    area.bottom()
}

fn switches(pen: &mut Pen, rack: &Resolved, y: f64) -> f64 {
    let all = fronts(rack, MOST_PANELS);
    if all.is_empty() {
        return y;
    }
    let base = y + APART;
    let rest = rack.switches.len() - all.len();
    let name = if rest == 0 { "SWITCHES".to_owned() } else { format!("SWITCHES, and {rest} more") };
    headline::section(pen, &name, MARGIN, base, 300.0);
    panel::legend(pen, rack, WIDTH - MARGIN, base, ROOM - 320.0);
    let (vlans, limit) = (vlans(rack), rack.rack.policy.poe_limit);
    let mut top = base + 12.0;
    for pair in pairs(&all) {
        let w = if pair.len() == 2 { (ROOM - 20.0) / 2.0 } else { ROOM };
        let h = pair.iter().map(|it| panel::height(it, w)).fold(0.0, f64::max);
        for (at, front) in pair.iter().enumerate() {
            let area = Area::new(MARGIN + (w + 20.0) * at as f64, top, w, h);
            panel::draw(pen, front, &vlans, limit, area);
        }
        top += h + 16.0;
    }
    top - 16.0
}

/// Small switches stand side by side.
fn pairs<'a, 'b>(all: &'b [Front<'a>]) -> Vec<&'b [Front<'a>]> {
    let small = all.iter().all(|it| it.jacks.len() <= 10);
    all.chunks(if small { 2 } else { 1 }).collect()
}

fn cards(pen: &mut Pen, rack: &Resolved, placement: &Placement, bundles: &[Bundle], y: f64) -> f64 {
    let cards = Cards::new(rack, placement, MARGIN, ROOM);
    let base = y + APART;
    let name = match bundles.len().saturating_sub(MOST_ARROWS) {
        0 => "NODES".to_owned(),
        _ => format!("NODES, with {MOST_ARROWS} of {} arrows", bundles.len()),
    };
    headline::section(pen, &name, MARGIN, base, 420.0);
    bar_legend(pen, &cards, base);
    cards.draw(pen, base + 12.0, bundles)
}

/// Says which part of a bar is which; only those that there are.
fn bar_legend(pen: &mut Pen, cards: &Cards, base: f64) {
    let used = |part: Part| {
        let of = |it: &crate::machine::Memory| it.parts.iter().any(|it| it.0 == part);
        cards.machines.iter().any(|it| of(&it.before) || of(&it.after))
    };
    let mut x = WIDTH - MARGIN;
    if cards.is_narrow() {
        let text = "upper bar before, lower bar after";
        let w = Style::Small.width(text);
        pen.text(Label::new(Style::Small, x - w, base, w).mute(), text);
        x -= w + 20.0;
    }
    let w = Style::Small.width("limit");
    pen.text(Label::new(Style::Small, x - w, base, w).mute(), "limit");
    pen.line(
        "s-ink",
        (x - w - 8.0, base - 11.0),
        (x - w - 8.0, base + 2.0),
        r#" stroke-width="1.5""#,
    );
    x -= w + 26.0;
    for part in Part::ALL.into_iter().rev().filter(|it| used(*it)) {
        let w = Style::Small.width(part.name());
        pen.text(Label::new(Style::Small, x - w, base, w).mute(), part.name());
        let class = format!("f-{}", part.paint().class());
        pen.rect(&class, Area::new(x - w - 18.0, base - 10.0, 12.0, 12.0), 2.0);
        x -= w + 32.0;
    }
}

fn heat_map(
    pen: &mut Pen,
    rack: &Resolved,
    placement: &Placement,
    bundles: &[Bundle],
    y: f64,
) -> f64 {
    let base = y + APART;
    headline::section(pen, "NODES, by memory in use", MARGIN, base, 400.0);
    heat::legend(pen, WIDTH - MARGIN, base);
    let bottom = heat::draw(pen, placement, MARGIN, base + 14.0, ROOM);
    if bundles.is_empty() {
        return bottom;
    }
    let base = bottom + 14.0;
    let name = match bundles.len() > heat::MOST_MOVES {
        true => format!("LARGEST MOVES, of {} pairs of nodes", bundles.len()),
        false => "MOVES".to_owned(),
    };
    headline::section(pen, &name, MARGIN, base, ROOM);
    heat::moves(pen, rack, bundles, MARGIN, base + 8.0, ROOM)
}

fn services(pen: &mut Pen, rack: &Resolved, y: f64) -> f64 {
    let all = rack.rack.services.len();
    if all == 0 {
        return y;
    }
    let base = y + APART;
    let name = match all.saturating_sub(outside::MOST) {
        0 => "OUTSIDE THE CLUSTERS".to_owned(),
        rest => format!("OUTSIDE THE CLUSTERS, and {rest} more"),
    };
    headline::section(pen, &name, MARGIN, base, ROOM);
    outside::draw(pen, rack, MARGIN, base + 12.0, ROOM)
}

#[cfg(test)]
mod tests;
