//! Line charts as SVG.

use std::fmt::Write;

/// A line of a chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// What it is called.
    pub name: String,
    /// How far across, and how far up.
    pub points: Vec<(f64, f64)>,
}

/// An axis by powers of ten. What lies beyond one of its ends is drawn there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis<'a> {
    /// What it counts.
    pub name: &'a str,
    /// The power of ten that it begins with.
    pub least: i32,
    /// The power of ten that it ends with, above the first.
    pub most: i32,
}

impl Axis<'_> {
    /// The powers of ten around all values from 1.
    pub fn around(name: &str, values: impl Iterator<Item = f64>) -> Axis<'_> {
        let span = values.map(|it| it.max(1.0).log10()).fold(None, |span, it| {
            let (least, most) = span.unwrap_or((it, it));
            Some((f64::min(least, it), f64::max(most, it)))
        });
        let (least, most) = span.unwrap_or_default();
        let least = least.floor() as i32;
        Axis { name, least, most: (most.ceil() as i32).max(least + 1) }
    }

    /// Where a value is between two ends.
    fn place(&self, value: f64, from: f64, to: f64) -> f64 {
        let power = value.max(f64::MIN_POSITIVE).log10() - f64::from(self.least);
        from + (power / f64::from(self.most - self.least)).clamp(0.0, 1.0) * (to - from)
    }
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 400.0;
/// Left, right, top and bottom of the axes.
const AXES: [f64; 4] = [80.0, 510.0, 30.0, 350.0];
/// Colours that people tell apart who tell few (Okabe and Ito).
const COLOURS: [&str; 5] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000"];

/// Ways to tell lines of one colour apart.
const DASHES: [&str; 4] = ["", "6 3", "2 3", "8 3 2 3"];

/// A chart with both axes by powers of ten, as SVG. The name of the axis up is its title.
pub fn chart(across: Axis, up: Axis, lines: &[Line]) -> String {
    let title = escaped(up.name);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"12\" role=\"img\" aria-label=\"{title}\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
         <text x=\"{}\" y=\"18\" font-size=\"14\">{title}</text>\n",
        AXES[0]
    );
    grid(&mut svg, across, up);
    for (at, line) in lines.iter().enumerate() {
        draw(&mut svg, line, across, up, at);
    }
    svg.push_str("</svg>\n");
    svg
}

fn grid(svg: &mut String, across: Axis, up: Axis) {
    let [left, right, top, bottom] = AXES;
    for power in across.least..=across.most {
        let x = across.place(10f64.powi(power), left, right);
        let _ = writeln!(
            svg,
            "<path d=\"M{x:.1} {top}V{bottom}\" stroke=\"#ddd\"/>\
             <text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            bottom + 18.0,
            grouped(power)
        );
    }
    for power in up.least..=up.most {
        let y = up.place(10f64.powi(power), bottom, top);
        let _ = writeln!(
            svg,
            "<path d=\"M{left} {y:.1}H{right}\" stroke=\"#ddd\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            left - 6.0,
            y + 4.0,
            grouped(power)
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{right}\" y=\"{}\" text-anchor=\"end\">{}</text>",
        bottom + 36.0,
        escaped(across.name)
    );
}

/// A power of ten as people write it.
fn grouped(power: i32) -> String {
    if power < 0 {
        return format!("{:.*}", power.unsigned_abs() as usize, 10f64.powi(power));
    }
    let digits = 10u64.saturating_pow(power.unsigned_abs()).to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn draw(svg: &mut String, line: &Line, across: Axis, up: Axis, at: usize) {
    let [left, right, top, bottom] = AXES;
    let place = |&(x, y): &(f64, f64)| {
        format!("{:.1},{:.1}", across.place(x, left, right), up.place(y, bottom, top))
    };
    let points: Vec<String> = line.points.iter().map(place).collect();
    let (colour, y) = (COLOURS[at % COLOURS.len()], top + 14.0 + 18.0 * at as f64);
    let dashes = match DASHES[at / COLOURS.len() % DASHES.len()] {
        "" => String::new(),
        dashes => format!(" stroke-dasharray=\"{dashes}\""),
    };
    let _ = writeln!(
        svg,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dashes}/>\
         <path d=\"M{} {}h16\" stroke=\"{colour}\" stroke-width=\"2\"{dashes}/>\
         <text x=\"{}\" y=\"{y}\">{}</text>",
        points.join(" "),
        right + 8.0,
        y - 4.0,
        right + 28.0,
        escaped(&line.name)
    );
}

/// Text as it may stand in SVG.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACROSS: Axis = Axis { name: "seconds", least: -1, most: 1 };
    const UP: Axis = Axis { name: "a < b", least: 0, most: 2 };

    #[test]
    fn values_lie_between_the_powers_of_ten_around_them() {
        let of = |values: &[f64]| Axis::around("", values.iter().copied());
        assert_eq!(of(&[20.0, 3000.0]), Axis { name: "", least: 1, most: 4 });
        assert_eq!(of(&[0.0]), Axis { name: "", least: 0, most: 1 });
        assert_eq!(of(&[]), Axis { name: "", least: 0, most: 1 });
        assert_eq!([0.1, 1.0, 10.0].map(|it| ACROSS.place(it, 0.0, 8.0)), [0.0, 4.0, 8.0]);
        assert_eq!([-3.0, 0.0, 1e9].map(|it| ACROSS.place(it, 0.0, 8.0)), [0.0, 0.0, 8.0]);
    }

    #[test]
    fn every_line_is_drawn_and_named_and_no_two_of_18_look_alike() {
        let line = |at: usize| Line { name: format!("<{at}>"), points: vec![(1.0, at as f64)] };
        let lines: Vec<Line> = (0..18).map(line).collect();
        let svg = chart(ACROSS, UP, &lines);
        let mut looks: Vec<&str> = svg
            .lines()
            .filter_map(|it| Some(it.strip_prefix("<polyline")?.split_once("fill=")?.1))
            .map(|it| it.split_once("/>").map_or(it, |it| it.0))
            .collect();
        looks.sort_unstable();
        looks.dedup();
        assert_eq!(looks.len(), 18);
        assert!(svg.contains(">&lt;17>") && svg.contains("a &lt; b</text>"), "{svg}");
        assert!(svg.contains(">0.1</text>") && svg.contains(">seconds</text>"));
    }
}
