//! Draws SVG, and lets no text be wider than the room it has.

use crate::text::{escape, fit, fit_end, tooltip};
use crate::theme::{Paint, Style};
use std::borrow::Cow;
use std::fmt::{self, Write};

/// A rectangle in px.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Area {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

impl Area {
    pub(crate) fn new(x: f64, y: f64, w: f64, h: f64) -> Self {
        Self { x, y, w, h }
    }

    pub(crate) fn right(&self) -> f64 {
        self.x + self.w
    }

    pub(crate) fn bottom(&self) -> f64 {
        self.y + self.h
    }

    pub(crate) fn middle(&self) -> f64 {
        self.x + self.w / 2.0
    }

    /// What is left inside a border of `by`.
    pub(crate) fn shrunk(&self, by: f64) -> Self {
        Self::new(self.x + by, self.y + by, self.w - 2.0 * by, self.h - 2.0 * by)
    }
}

/// A coordinate, written with one decimal at most.
pub(crate) struct Px(pub f64);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.1}", self.0);
        let short = text.strip_suffix(".0").unwrap_or(&text);
        f.write_str(if short == "-0" { "0" } else { short })
    }
}

/// Which end of a text is fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Align {
    Start,
    Middle,
    End,
}

/// Where and how a text is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Label {
    x: f64,
    /// The line that letters stand on.
    y: f64,
    room: f64,
    style: Style,
    ink: &'static str,
    align: Align,
    keep_end: bool,
}

impl Label {
    /// From `x` to the right, at most `room` wide.
    pub(crate) fn new(style: Style, x: f64, y: f64, room: f64) -> Self {
        Self { x, y, room, style, ink: Paint::Ink.class(), align: Align::Start, keep_end: false }
    }

    pub(crate) fn ink(self, paint: Paint) -> Self {
        Self { ink: paint.class(), ..self }
    }

    pub(crate) fn mute(self) -> Self {
        self.ink(Paint::Mute)
    }

    pub(crate) fn class(self, ink: &'static str) -> Self {
        Self { ink, ..self }
    }

    /// Where it does not fit, its end is kept and not its beginning.
    pub(crate) fn keep_end(self) -> Self {
        Self { keep_end: true, ..self }
    }

    /// To both sides of `x`.
    pub(crate) fn middle(self) -> Self {
        Self { align: Align::Middle, ..self }
    }

    /// From `x` to the left.
    pub(crate) fn end(self) -> Self {
        Self { align: Align::End, ..self }
    }
}

/// Draws, one element after the other.
#[derive(Debug, Default)]
pub(crate) struct Pen {
    out: String,
}

impl Pen {
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Draws a rectangle with round corners.
    pub(crate) fn rect(&mut self, class: &str, area: Area, radius: f64) {
        let Area { x, y, w, h } = area;
        self.put(format_args!(
            r#"<rect class="{class}" x="{}" y="{}" width="{}" height="{}""#,
            Px(x),
            Px(y),
            Px(w.max(0.0)),
            Px(h.max(0.0))
        ));
        match radius > 0.0 {
            true => self.put(format_args!(r#" rx="{}"/>"#, Px(radius))),
            false => self.put(format_args!("/>")),
        }
    }

    /// Draws along `way`, the `d` of a path. `more` are further attributes, as ` fill="none"`.
    pub(crate) fn path(&mut self, class: &str, way: &str, more: &str) {
        self.put(format_args!(r#"<path class="{class}" d="{way}"{more}/>"#));
    }

    /// Draws a straight line. `more` are further attributes.
    pub(crate) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64), more: &str) {
        let way = format!("M{} {}L{} {}", Px(from.0), Px(from.1), Px(to.0), Px(to.1));
        self.path(class, &way, more);
    }

    pub(crate) fn circle(&mut self, class: &str, at: (f64, f64), radius: f64) {
        self.put(format_args!(
            r#"<circle class="{class}" cx="{}" cy="{}" r="{}"/>"#,
            Px(at.0),
            Px(at.1),
            Px(radius)
        ));
    }

    /// Draws what shows `tip` when it is pointed at.
    pub(crate) fn tipped(&mut self, tip: &str, draw: impl FnOnce(&mut Self)) {
        self.put(format_args!("<g><title>{}</title>", tooltip(tip)));
        draw(self);
        self.out.push_str("</g>");
    }

    /// Writes `text`, or as much of it as there is room for; then pointing at it shows all of it.
    pub(crate) fn text(&mut self, label: Label, text: &str) {
        let fitted = match label.keep_end {
            true => fit_end(text, label.style.face(), label.style.size(), label.room),
            false => fit(text, label.style.face(), label.style.size(), label.room),
        };
        match fitted {
            Cow::Borrowed(all) => self.plain(label, all),
            Cow::Owned(part) => self.tipped(text, |pen| pen.plain(label, &part)),
        }
    }

    fn plain(&mut self, label: Label, text: &str) {
        if text.is_empty() {
            return;
        }
        let anchor = match label.align {
            Align::Start => "",
            Align::Middle => r#" text-anchor="middle""#,
            Align::End => r#" text-anchor="end""#,
        };
        let (style, ink, x, y) = (label.style.class(), label.ink, Px(label.x), Px(label.y));
        self.put(format_args!(r#"<text class="{style} f-{ink}" x="{x}" y="{y}"{anchor}>"#));
        escape(text, &mut self.out);
        self.out.push_str("</text>");
    }

    fn put(&mut self, what: fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.out.write_fmt(what);
    }
}

/// As many of `texts` as fit into `room`, joined by a dot; line by line, at most `lines`.
pub(crate) fn flow(texts: &[String], style: Style, room: f64, lines: usize) -> Vec<String> {
    const DOT: &str = " · ";
    let mut out: Vec<String> = Vec::new();
    for text in texts {
        let joined = out.last().map(|it| format!("{it}{DOT}{text}"));
        match joined.filter(|it| style.width(it) <= room || out.len() == lines) {
            Some(joined) => {
                out.pop();
                out.push(joined);
            }
            None => out.push(text.clone()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_written_as_short_as_they_are() {
        let all = [0.0, -0.04, 12.0, 12.34, 12.35, -3.5].map(|it| Px(it).to_string());
        assert_eq!(all, ["0", "0", "12", "12.3", "12.3", "-3.5"]);
    }

    #[test]
    fn facts_flow_over_lines_and_the_last_line_takes_the_rest() {
        let facts = ["pi4-4g", "4Gi", "talos"].map(String::from);
        assert_eq!(flow(&facts, Style::Mono, 200.0, 2), ["pi4-4g · 4Gi · talos"]);
        assert_eq!(flow(&facts, Style::Mono, 90.0, 2), ["pi4-4g · 4Gi", "talos"]);
        assert_eq!(flow(&facts, Style::Mono, 10.0, 2), ["pi4-4g", "4Gi · talos"]);
    }
}
