//! A switch as its front panel: ports in order, coloured by network, and the power they give.

use crate::figure::{bare_watts, count, fraction, watts};
use crate::front::{Front, Jack, vlan, vlans};
use crate::pen::{Area, Label, Pen, Px, flow};
use crate::text::list;
use crate::theme::{NetworkPaint, ON_PALE, Paint, Style, network};
use rackberry_core::{Milliwatts, Permille};
use rackberry_plan::Resolved;
use rackberry_plan::rack::VlanId;

const PAD: f64 = 16.0;
const HEAD: f64 = 40.0;
const SOCKET: f64 = 36.0;
const POWER: f64 = 30.0;
/// Between ports of different kinds.
const GROUP_GAP: f64 = 14.0;
const NARROWEST: f64 = 38.0;
const WIDEST: f64 = 124.0;

/// How the ports of a switch are arranged in a width.
struct Rows {
    per_row: usize,
    cell: f64,
    count: usize,
}

impl Rows {
    fn new(front: &Front, w: f64) -> Self {
        let (jacks, groups) = (front.jacks.len().max(1), groups(front));
        let room = w - 2.0 * PAD - GROUP_GAP * groups as f64;
        let most = ((room / NARROWEST) as usize).max(1);
        let count = jacks.div_ceil(most);
        let per_row = jacks.div_ceil(count);
        Self { per_row, cell: (room / per_row as f64).min(WIDEST), count }
    }
}

/// How many groups of ports there are beyond the first.
fn groups(front: &Front) -> usize {
    front.jacks.last().map_or(0, |it| it.group)
}

/// How high the panel of a switch is at this width.
pub(crate) fn height(front: &Front, w: f64) -> f64 {
    let power = if front.budget.0 > 0 { POWER } else { 0.0 };
    HEAD + row_height(front) * Rows::new(front, w).count as f64 + power + 8.0
}

fn row_height(front: &Front) -> f64 {
    let watts = if front.budget.0 > 0 { 13.0 } else { 0.0 };
    14.0 + SOCKET + 18.0 + watts + 8.0
}

/// Draws the panel.
pub(crate) fn draw(pen: &mut Pen, front: &Front, vlans: &[VlanId], limit: Permille, area: Area) {
    pen.rect("f-panel s-line", area, 10.0);
    for (x, y) in [(area.x + 8.0, area.y + 8.0), (area.right() - 8.0, area.y + 8.0)] {
        pen.circle("f-panel-track", (x, y), 2.5);
    }
    head(pen, front, area);
    let rows = Rows::new(front, area.w);
    // Beside a panel that is higher, the ports stand in the middle.
    let lower = (area.h - height(front, area.w)) / 2.0;
    for (at, jack) in front.jacks.iter().enumerate() {
        let (row, column) = (at / rows.per_row, at % rows.per_row);
        let first = front.jacks.get(row * rows.per_row).map_or(0, |it| it.group);
        let gap = GROUP_GAP * jack.group.saturating_sub(first) as f64;
        let x = area.x + PAD + rows.cell * column as f64 + gap;
        let y = area.y + HEAD + lower + row_height(front) * row as f64;
        let cell = Area::new(x, y, rows.cell, row_height(front));
        pen.tipped(&jack.tip, |pen| draw_jack(pen, jack, vlans, cell));
    }
    if front.budget.0 > 0 {
        let y = area.bottom() - POWER - 4.0;
        power(pen, front, limit, Area::new(area.x + PAD, y, area.w - 2.0 * PAD, POWER));
    }
}

fn head(pen: &mut Pen, front: &Front, area: Area) {
    let (x, y, room) = (area.x + PAD, area.y + 26.0, area.w - 2.0 * PAD);
    let name = Style::Name.width(front.id).min(room * 0.5);
    pen.text(Label::new(Style::Name, x, y, name).ink(Paint::PanelInk), front.id);
    let more = (front.hidden > 0).then(|| format!("{} more ports", front.hidden));
    let ports = count(front.jacks.len(), "port", "ports");
    let kind = if front.budget.0 > 0 { ports } else { format!("{ports}, no power") };
    let facts: Vec<_> = front.facts.iter().cloned().chain([kind]).chain(more).collect();
    for text in flow(&facts, Style::Body, room - name - 12.0, 1) {
        let label = Label::new(Style::Body, x + name + 12.0, y, room - name - 12.0);
        pen.text(label.ink(Paint::PanelMute), &text);
    }
}

fn draw_jack(pen: &mut Pen, jack: &Jack, vlans: &[VlanId], cell: Area) {
    jack_number(pen, jack, cell);
    let w = (cell.w - 8.0).min(60.0);
    let area = Area::new(cell.middle() - w / 2.0, cell.y + 14.0, w, SOCKET);
    socket(pen, jack, vlans, area);
    let label = |line: f64, paint: Paint| {
        let y = area.bottom() + 13.0 * line;
        Label::new(Style::Tiny, cell.middle(), y, cell.w - 3.0).middle().ink(paint)
    };
    if !jack.ends.is_empty() {
        let text = list(jack.ends.iter(), 1);
        pen.text(label(1.0, Paint::PanelInk).keep_end(), &text);
    }
    if let Some(typical) = jack.typical {
        pen.text(label(2.0, Paint::Watt), &format!("{}W", bare_watts(typical)));
    }
}

/// The number of a port, and whether it is the uplink.
fn jack_number(pen: &mut Pen, jack: &Jack, cell: Area) {
    let word = if jack.uplink && cell.w >= 70.0 { " uplink" } else { "" };
    let number = format!("{}{word}", jack.number);
    let label = Label::new(Style::Tiny, cell.middle(), cell.y + 10.0, cell.w - 3.0);
    pen.text(label.middle().ink(Paint::PanelMute), &number);
    if jack.uplink {
        let x = cell.middle() - Style::Tiny.width(&number) / 2.0 - 9.0;
        let way = format!("M{} {}l4 -7l4 7z", Px(x), Px(cell.y + 9.5));
        pen.path("f-watt", &way, "");
    }
}

/// A jack for copper has its latch at the bottom; a cage is flat and has a bail. What is connected is bright,
/// and has a number, or a dash where no network is said.
fn socket(pen: &mut Pen, jack: &Jack, vlans: &[VlanId], area: Area) {
    let paint = jack.vlan.map(|it| network(it, vlans));
    let (class, fill) = match paint {
        Some(NetworkPaint { fill, .. }) => ("s-panel-ink", format!(r#" fill="{fill}""#)),
        None if jack.connected => ("f-panel-mute s-panel-ink", String::new()),
        None => ("f-dark s-panel-track", String::new()),
    };
    outline(pen, jack.sfp, area, class, &fill);
    if paint.is_some() || jack.connected {
        numbers(pen, jack, area, paint.map_or(ON_PALE, NetworkPaint::ink));
    }
}

fn outline(pen: &mut Pen, sfp: bool, area: Area, class: &str, fill: &str) {
    let (x, y, w) = (area.x, area.y, area.w);
    let way = match sfp {
        true => format!("M{} {}h{}v24h-{}z", Px(x), Px(y + 5.0), Px(w), Px(w)),
        false => {
            let (side, tab) = (w * 0.24, w * 0.52);
            format!(
                "M{} {}h{}v30h-{}v6h-{}v-6h-{}z",
                Px(x),
                Px(y),
                Px(w),
                Px(side),
                Px(tab),
                Px(side)
            )
        }
    };
    pen.path(class, &way, &format!(r#"{fill} stroke-width="1" stroke-linejoin="round""#));
    if sfp {
        let bail = format!("M{} {}v5h{}v-5", Px(x + w * 0.2), Px(y + 29.0), Px(w * 0.6));
        pen.path("s-panel-mute", &bail, r#" fill="none" stroke-width="1.5""#);
    }
}

/// The VLAN of untagged frames, and below it those of tagged ones.
fn numbers(pen: &mut Pen, jack: &Jack, area: Area, ink: &'static str) {
    let vlan = jack.vlan.map_or("–".into(), |it| it.number().to_string());
    let lift = if jack.tagged.is_empty() { 0.0 } else { 5.0 };
    let y = area.y + 21.0 - lift;
    let label = Label::new(Style::Percent, area.middle(), y, area.w - 4.0);
    pen.text(label.middle().class(ink), &vlan);
    if !jack.tagged.is_empty() {
        let all: Vec<_> = jack.tagged.iter().map(|it| it.number().to_string()).collect();
        let label = Label::new(Style::Tiny, area.middle(), area.y + 27.0, area.w - 4.0);
        pen.text(label.middle().class(ink), &format!("+{}", all.join(",")));
    }
}

/// What all ports give, of what the switch may give.
fn power(pen: &mut Pen, front: &Front, limit: Permille, area: Area) {
    let over = front.peak > front.budget;
    let whole = front.budget.max(front.peak);
    let text = format!(
        "{}{} of {}, {} at most",
        if over { "! " } else { "" },
        watts(front.typical),
        watts(front.budget),
        watts(front.peak)
    );
    let room = Style::Mono.width(&text).min(area.w * 0.6);
    pen.text(Label::new(Style::Mono, area.x, area.y + 17.0, room).ink(Paint::PanelInk), &text);
    let track = Area::new(area.x + room + 14.0, area.y + 8.0, area.w - room - 14.0, 12.0);
    let part = |it: Milliwatts| Area { w: fraction(it.0, whole.0) * track.w, ..track };
    let may = Milliwatts(front.budget.0.saturating_mul(limit.0) / 1000);
    let tip = format!("{text}; the policy lets {} be drawn", watts(may));
    pen.tipped(&tip, |pen| {
        pen.rect("f-panel-track", track, 3.0);
        pen.rect("f-peak", part(front.peak), 3.0);
        pen.rect("f-watt", part(front.typical), 3.0);
        let at = part(may).right();
        let more = r#" stroke-width="1.5""#;
        pen.line("s-panel-ink", (at, track.y - 3.0), (at, track.bottom() + 3.0), more);
    });
}

/// Says which colour is which network, from the right end of a line; at most as many as there is room for.
pub(crate) fn legend(pen: &mut Pen, rack: &Resolved, right: f64, base: f64, room: f64) {
    let vlans = vlans(rack);
    let mut x = right;
    for (id, network_) in rack.rack.networks.iter().rev() {
        let subnet = network_.subnet.map(|it| format!(" {it}")).unwrap_or_default();
        let text = format!("{id}{subnet}");
        let number = network_.vlan.number().to_string();
        let swatch = (Style::Percent.width(&number) + 8.0).max(20.0);
        let w = Style::Small.width(&text).min(220.0);
        if x - w - swatch - 6.0 < right - room {
            break;
        }
        pen.text(Label::new(Style::Small, x - w, base, w).mute(), &text);
        let area = Area::new(x - w - 6.0 - swatch, base - 12.0, swatch, 16.0);
        let paint = network(network_.vlan, &vlans);
        pen.path("s-line", &crate::card::pill(area), &format!(r#" fill="{}""#, paint.fill));
        let label = Label::new(Style::Percent, area.middle(), base, swatch).middle();
        pen.text(label.class(paint.ink()), &number);
        x = area.x - 16.0;
    }
}

/// Where a node is plugged in, as its card shows it.
#[derive(Debug)]
pub(crate) struct Plug {
    text: String,
    paint: Option<NetworkPaint>,
}

impl Plug {
    /// The port or the host of a node, by position; none where the rack has no ports at all.
    pub(crate) fn new(rack: &Resolved, at: usize, nested: bool, vlans: &[VlanId]) -> Option<Self> {
        let node = &rack.nodes[at];
        let written = rack.rack.nodes.get(&node.id)?;
        let paint = vlan(rack, written.network.as_ref()).map(|it| network(it, vlans));
        let host = node.host.and_then(|it| rack.nodes.get(it));
        match (&written.port, host, &written.outlet) {
            (Some(port), _, _) => Some(Self { text: port.to_string(), paint }),
            (None, Some(_), _) if nested => None,
            (None, Some(host), _) => Some(Self { text: format!("on {}", host.id), paint: None }),
            (None, None, Some(_)) if rack.switches.is_empty() => None,
            (None, None, _) if rack.switches.is_empty() => None,
            (None, None, _) => Some(Self { text: "no port".into(), paint: None }),
        }
    }

    /// How wide it is at most.
    pub(crate) fn width(&self) -> f64 {
        Style::Mono.width(&self.text) + 14.0
    }

    /// Draws it to the left of `right`, and returns how wide it is.
    pub(crate) fn draw(&self, pen: &mut Pen, right: f64, top: f64, room: f64) -> f64 {
        let w = self.width().min(room);
        let area = Area::new(right - w, top, w, 20.0);
        let label = Label::new(Style::Mono, area.middle(), top + 14.0, w - 12.0).middle();
        let (fill, label) = match self.paint {
            Some(paint) => (paint.fill, label.class(paint.ink())),
            None => ("none", label.mute()),
        };
        pen.path("s-line", &crate::card::pill(area), &format!(r#" fill="{fill}""#));
        pen.text(label, &self.text);
        w
    }
}
