//! Colours, light and dark, and the styles of text.

use crate::text::Face;
use rackberry_plan::rack::VlanId;
use std::fmt::Write;

/// Whether a picture or a page is dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As whoever looks at it prefers.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// What a colour is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    /// Behind everything.
    Page,
    /// Behind a node or a service.
    Card,
    /// Behind a guest, within the card of its host.
    Nest,
    /// Around them.
    Line,
    /// Text.
    Ink,
    /// Text of less weight.
    Mute,
    /// Text that warns.
    Bad,
    /// Moves.
    Move,
    /// The free part of a bar.
    Track,
    /// Memory of the system itself.
    System,
    /// Memory given to guests.
    Guest,
    /// Memory of what runs on every node.
    Every,
    /// Memory of workloads that stay.
    Stay,
    /// Memory of workloads that leave.
    Leave,
    /// Memory of workloads that arrive.
    Arrive,
    /// The front of a switch.
    Panel,
    /// Text on it.
    PanelInk,
    /// Text of less weight on it.
    PanelMute,
    /// The free part of a bar on it.
    PanelTrack,
    /// Power on an ordinary day.
    Watt,
    /// Power at the most.
    Peak,
    /// A port without a network.
    Dark,
}

/// Every colour: what it is for, its class, in light, in dark.
///
/// Those that stand beside each other in a bar are of the Okabe-Ito set, which the colour-blind can tell
/// apart; nowhere is colour all that tells two things apart.
const PALETTE: [(Paint, &str, &str, &str); 22] = [
    (Paint::Page, "page", "#f6f8fa", "#0d1117"),
    (Paint::Card, "card", "#ffffff", "#161b22"),
    (Paint::Nest, "nest", "#f3f5f8", "#1d232c"),
    (Paint::Line, "line", "#d5dbe2", "#313943"),
    (Paint::Ink, "ink", "#1a212b", "#e6edf3"),
    (Paint::Mute, "mute", "#586273", "#9aa6b4"),
    (Paint::Bad, "bad", "#b3261e", "#ff8a80"),
    (Paint::Move, "move", "#5b4bc4", "#ab9df7"),
    (Paint::Track, "track", "#e8ecf1", "#2b323c"),
    (Paint::System, "system", "#77818e", "#7d8896"),
    (Paint::Guest, "guest", "#a9b1bb", "#525d69"),
    (Paint::Every, "every", "#56b4e9", "#8fd0f5"),
    (Paint::Stay, "stay", "#0072b2", "#3a8fd0"),
    (Paint::Leave, "leave", "#e69f00", "#e6a517"),
    (Paint::Arrive, "arrive", "#009e73", "#2bb88e"),
    (Paint::Panel, "panel", "#27303b", "#1b222b"),
    (Paint::PanelInk, "panel-ink", "#eef2f6", "#e6edf3"),
    (Paint::PanelMute, "panel-mute", "#aeb9c5", "#9aa6b4"),
    (Paint::PanelTrack, "panel-track", "#3f4a57", "#343e49"),
    (Paint::Watt, "watt", "#f0c542", "#f0c542"),
    (Paint::Peak, "peak", "#9c8543", "#8a763d"),
    (Paint::Dark, "dark", "#151b22", "#0b0f14"),
];

impl Paint {
    /// Its class, for `f-` (filled), `s-` (drawn).
    pub(crate) fn class(self) -> &'static str {
        PALETTE.iter().find(|it| it.0 == self).map_or("", |it| it.1)
    }
}

/// A style of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// The name of the rack.
    Title,
    /// The name of a section.
    Section,
    /// A headline figure.
    Figure,
    /// The name of a node.
    Name,
    /// What is said of it.
    Body,
    /// Labels of little things.
    Small,
    /// Figures and addresses.
    Mono,
    /// Figures at a port.
    Tiny,
    /// A percentage.
    Percent,
}

/// Every style: its class, its size in px, its face.
const STYLES: [(Style, &str, f64, Face); 9] = [
    (Style::Title, "t-title", 28.0, Face::Bold),
    (Style::Section, "t-section", 12.0, Face::Bold),
    (Style::Figure, "t-figure", 22.0, Face::Bold),
    (Style::Name, "t-name", 15.0, Face::Bold),
    (Style::Body, "t-body", 12.0, Face::Sans),
    (Style::Small, "t-small", 11.0, Face::Sans),
    (Style::Mono, "t-mono", 11.0, Face::Mono),
    (Style::Tiny, "t-tiny", 10.0, Face::Mono),
    (Style::Percent, "t-percent", 12.0, Face::Bold),
];

impl Style {
    fn row(self) -> (Style, &'static str, f64, Face) {
        let found = STYLES.iter().find(|it| it.0 == self);
        found.copied().unwrap_or((self, "t-body", 12.0, Face::Sans))
    }

    pub(crate) fn class(self) -> &'static str {
        self.row().1
    }

    pub(crate) fn size(self) -> f64 {
        self.row().2
    }

    pub(crate) fn face(self) -> Face {
        self.row().3
    }

    /// How wide `text` is in this style, in px.
    pub(crate) fn width(self, text: &str) -> f64 {
        crate::text::width(text, self.face(), self.size())
    }
}

const SANS: &str = r#"system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif"#;
const MONO: &str = "ui-monospace,Menlo,Consolas,monospace";

/// The style sheet of a picture.
pub(crate) fn sheet(theme: Theme) -> String {
    let mut out = format!("text{{font-family:{SANS}}}");
    for (_, class, size, face) in STYLES {
        let how = match face {
            Face::Sans => String::new(),
            Face::Bold => ";font-weight:bold".into(),
            Face::Mono => format!(";font-family:{MONO}"),
        };
        let _ = write!(out, "text.{class}{{font-size:{size}px{how}}}");
    }
    match theme {
        Theme::Light => out.push_str(&colours(false)),
        Theme::Dark => out.push_str(&colours(true)),
        Theme::Auto => {
            let dark = colours(true);
            let _ = write!(
                out,
                "{}@media screen and (prefers-color-scheme:dark){{{dark}}}",
                colours(false)
            );
        }
    }
    out
}

/// The colours of a page, as variables of its style sheet.
pub(crate) fn variables(theme: Theme) -> String {
    let root = |dark: bool| {
        let one = |it: &(Paint, &str, &str, &str)| {
            format!("--{}:{}", it.1, if dark { it.3 } else { it.2 })
        };
        let all: Vec<_> = PALETTE.iter().map(one).collect();
        format!(":root{{{}}}\n", all.join(";"))
    };
    match theme {
        Theme::Light => root(false),
        Theme::Dark => root(true),
        Theme::Auto => {
            format!(
                "{}@media screen and (prefers-color-scheme:dark){{{}}}\n",
                root(false),
                root(true)
            )
        }
    }
}

fn colours(dark: bool) -> String {
    let mut out = String::new();
    for (_, class, light, night) in PALETTE {
        let colour = if dark { night } else { light };
        let _ = write!(out, ".f-{class}{{fill:{colour}}}.s-{class}{{stroke:{colour}}}");
    }
    for heat in HEATS {
        let (fill, ink) = if dark { heat.dark } else { heat.light };
        let (class, on) = (heat.class, heat.ink);
        let _ = write!(out, ".f-{class}{{fill:{fill}}}.f-{on}{{fill:{ink}}}");
    }
    for (class, ink) in [(ON_DEEP, WHITE), (ON_PALE, BLACK)] {
        let _ = write!(out, ".f-{class}{{fill:{ink}}}");
    }
    out
}

/// How a share of memory is coloured in the heat map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heat {
    /// The class of the cell.
    pub class: &'static str,
    /// The class of text on it.
    pub ink: &'static str,
    light: (&'static str, &'static str),
    dark: (&'static str, &'static str),
}

/// By fifths from empty to full, and last what is above the limit.
pub(crate) const HEATS: [Heat; 6] = [
    heat("heat0", "on-heat0", ("#e3edf7", "#1a212b"), ("#1c2a3a", "#e6edf3")),
    heat("heat1", "on-heat1", ("#b5d3ec", "#1a212b"), ("#1f4264", "#f2f6fa")),
    heat("heat2", "on-heat2", ("#7cb4dd", "#10151c"), ("#245f92", "#ffffff")),
    heat("heat3", "on-heat3", ("#2a6ea8", "#ffffff"), ("#5b9fd6", "#10151c")),
    heat("heat4", "on-heat4", ("#114a80", "#ffffff"), ("#a9d3f5", "#10151c")),
    heat("over", "on-over", ("#e07818", "#10151c"), ("#f08030", "#10151c")),
];

const fn heat(
    class: &'static str,
    ink: &'static str,
    light: (&'static str, &'static str),
    dark: (&'static str, &'static str),
) -> Heat {
    Heat { class, ink, light, dark }
}

/// The class of text on a deep colour, and on a pale one.
const ON_DEEP: &str = "on-deep";
pub(crate) const ON_PALE: &str = "on-pale";
const WHITE: &str = "#ffffff";
const BLACK: &str = "#10151c";

/// The colour of a network on a port, and of text on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NetworkPaint {
    pub fill: &'static str,
    text: &'static str,
}

impl NetworkPaint {
    /// The class of text on it.
    pub(crate) fn ink(self) -> &'static str {
        if self.text == WHITE { ON_DEEP } else { ON_PALE }
    }
}

/// Okabe and Ito's colours, which the colour-blind can tell apart; the number is written on them as well.
const NETWORKS: [NetworkPaint; 7] = [
    NetworkPaint { fill: "#56b4e9", text: BLACK },
    NetworkPaint { fill: "#e69f00", text: BLACK },
    NetworkPaint { fill: "#00a87a", text: BLACK },
    NetworkPaint { fill: "#f0e442", text: BLACK },
    NetworkPaint { fill: "#cc79a7", text: BLACK },
    NetworkPaint { fill: "#0067a3", text: WHITE },
    NetworkPaint { fill: "#e8743b", text: BLACK },
];

/// The colour of a VLAN, of all that the rack has, sorted.
pub(crate) fn network(vlan: VlanId, all: &[VlanId]) -> NetworkPaint {
    let at = all.binary_search(&vlan).unwrap_or(0);
    NETWORKS[at % NETWORKS.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contrast of two colours, as WCAG 2 defines it.
    fn contrast(a: &str, b: &str) -> f64 {
        let light = |colour: &str| {
            let part = |at: usize| {
                let it = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
                if it <= 0.03928 { it / 12.92 } else { ((it + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
        };
        let (a, b) = (light(a) + 0.05, light(b) + 0.05);
        a.max(b) / a.min(b)
    }

    fn colours_of(paint: Paint) -> [&'static str; 2] {
        let row = PALETTE.iter().find(|it| it.0 == paint).unwrap();
        [row.2, row.3]
    }

    #[test]
    fn text_can_be_read_on_what_is_behind_it_in_both_themes() {
        let grounds = [Paint::Page, Paint::Card, Paint::Nest, Paint::Track];
        let inks = [Paint::Ink, Paint::Mute, Paint::Bad];
        let on_cards = grounds.iter().flat_map(|ground| inks.map(|ink| (ink, *ground)));
        let on_panels = [Paint::PanelInk, Paint::PanelMute].map(|ink| (ink, Paint::Panel));
        let others = [(Paint::Move, Paint::Card), (Paint::PanelMute, Paint::Dark)];
        for (ink, ground) in on_cards.chain(on_panels).chain(others) {
            for (ink, ground) in colours_of(ink).into_iter().zip(colours_of(ground)) {
                assert!(
                    contrast(ink, ground) >= 4.5,
                    "{ink} on {ground}: {}",
                    contrast(ink, ground)
                );
            }
        }
    }

    #[test]
    fn figures_can_be_read_on_every_cell_of_the_heat_map() {
        for heat in HEATS {
            for (ground, ink) in [heat.light, heat.dark] {
                assert!(
                    contrast(ink, ground) >= 4.5,
                    "{ink} on {ground}: {}",
                    contrast(ink, ground)
                );
            }
        }
    }

    #[test]
    fn the_number_of_a_vlan_can_be_read_on_its_colour() {
        for it in NETWORKS {
            assert!(contrast(it.text, it.fill) >= 4.5, "{it:?}: {}", contrast(it.text, it.fill));
        }
    }

    #[test]
    fn every_paint_and_style_has_a_class_of_its_own() {
        let mut classes: Vec<_> =
            PALETTE.iter().map(|it| it.1).chain(STYLES.map(|it| it.1)).collect();
        classes.sort_unstable();
        classes.dedup();
        assert_eq!(classes.len(), PALETTE.len() + STYLES.len());
    }
}
