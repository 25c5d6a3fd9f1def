use std::fmt::Write;

/// A line of a chart.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// What it is called.
    pub name: String,
    /// Nodes, and pods per second of processor time.
    pub points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 400.0;
/// Left, right, top and bottom of the axes.
const AXES: [f64; 4] = [80.0, 510.0, 30.0, 350.0];
/// Colours that people tell apart who tell few (Okabe and Ito).
const COLOURS: [&str; 5] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000"];

/// A chart of how many pods are placed a second on how many nodes, both axes by powers of ten.
pub fn chart(title: &str, lines: &[Line]) -> String {
    let points = || lines.iter().flat_map(|line| &line.points);
    let across = decades(points().map(|it| it.0));
    let up = decades(points().map(|it| it.1));
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

/// The powers of ten around all values.
fn decades(values: impl Iterator<Item = f64> + Clone) -> (i32, i32) {
    let powers = values.map(|it| it.max(1.0).log10());
    let least = powers.clone().fold(f64::INFINITY, f64::min);
    let most = powers.fold(0.0, f64::max);
    let least = if least.is_finite() { least.floor() as i32 } else { 0 };
    (least, (most.ceil() as i32).max(least + 1))
}

fn scale(value: f64, (least, most): (i32, i32), from: f64, to: f64) -> f64 {
    let share = (value.max(1.0).log10() - f64::from(least)) / f64::from(most - least);
    from + share * (to - from)
}

fn grid(svg: &mut String, across: (i32, i32), up: (i32, i32)) {
    let [left, right, top, bottom] = AXES;
    for power in across.0..=across.1 {
        let x = scale(10f64.powi(power), across, left, right);
        let _ = writeln!(
            svg,
            "<path d=\"M{x:.1} {top}V{bottom}\" stroke=\"#ddd\"/>\
             <text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            bottom + 18.0,
            grouped(power)
        );
    }
    for power in up.0..=up.1 {
        let y = scale(10f64.powi(power), up, bottom, top);
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
        "<text x=\"{right}\" y=\"{}\" text-anchor=\"end\">nodes</text>",
        bottom + 36.0
    );
}

/// A power of ten as people write it.
fn grouped(power: i32) -> String {
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

fn draw(svg: &mut String, line: &Line, across: (i32, i32), up: (i32, i32), at: usize) {
    let [left, right, top, bottom] = AXES;
    let place = |&(x, y): &(f64, f64)| {
        format!("{:.1},{:.1}", scale(x, across, left, right), scale(y, up, bottom, top))
    };
    let points: Vec<String> = line.points.iter().map(place).collect();
    let (colour, y) = (COLOURS[at % COLOURS.len()], top + 14.0 + 18.0 * at as f64);
    let _ = writeln!(
        svg,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\
         <path d=\"M{} {}h16\" stroke=\"{colour}\" stroke-width=\"2\"/>\
         <text x=\"{}\" y=\"{y}\">{}</text>",
        points.join(" "),
        right + 8.0,
        y - 4.0,
        right + 28.0,
        line.name
    );
}
