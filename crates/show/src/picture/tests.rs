//! No text overflows, and none lies over another: measured in the finished picture.

use super::svg;
use crate::pen::Area;
use crate::text::{Face, width};
use crate::theme::{Style, Theme};
use rackberry_plan::{Resolved, Source, measure, place};
use roxmltree::{Document, Node};
use std::fmt::Write;

const STYLES: [Style; 9] = [
    Style::Title,
    Style::Section,
    Style::Figure,
    Style::Name,
    Style::Body,
    Style::Small,
    Style::Mono,
    Style::Tiny,
    Style::Percent,
];

fn resolve(text: &str) -> Resolved {
    let (rack, _) = Source::read("test.yaml", text.as_bytes()).unwrap_or_else(|it| panic!("{it}"));
    rack.resolve().unwrap()
}

fn number(node: Node, name: &str) -> f64 {
    node.attribute(name).unwrap_or("0").parse().unwrap()
}

/// What a text covers.
fn extent(node: Node) -> (Area, String) {
    let class = node.attribute("class").unwrap();
    let style =
        STYLES.into_iter().find(|it| class.split(' ').any(|one| one == it.class())).unwrap();
    let text = node.text().unwrap_or_default().to_owned();
    let w = width(&text, style.face(), style.size());
    let x = match node.attribute("text-anchor") {
        None => number(node, "x"),
        Some("middle") => number(node, "x") - w / 2.0,
        Some("end") => number(node, "x") - w,
        Some(other) => panic!("{other}"),
    };
    let (y, size) = (number(node, "y"), style.size());
    // From the top of a capital letter to the line it stands on.
    (Area::new(x, y - size * 0.73, w, size * 0.73), text)
}

fn overlap(a: &Area, b: &Area) -> bool {
    a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom()
}

/// Where the picture breaks the rules.
fn faults(picture: &str) -> Vec<String> {
    let document = Document::parse(picture).unwrap();
    let page = document.root_element();
    let height: f64 = number(page, "height");
    let texts: Vec<_> =
        page.descendants().filter(|it| it.has_tag_name("text")).map(extent).collect();
    let boxes = page.descendants().filter(|it| {
        let class = it.attribute("class").unwrap_or_default();
        it.has_tag_name("rect")
            && ["f-card", "f-nest", "f-panel"].iter().any(|c| class.split(' ').any(|it| it == *c))
    });
    let boxes: Vec<_> = boxes
        .map(|it| {
            Area::new(number(it, "x"), number(it, "y"), number(it, "width"), number(it, "height"))
        })
        .collect();
    let mut faults = Vec::new();
    for (at, (area, text)) in texts.iter().enumerate() {
        if area.x < 0.0 || area.right() > 1200.0 || area.y < 0.0 || area.bottom() > height {
            faults.push(format!("`{text}` leaves the page"));
        }
        // A pixel is what rounding to tenths and the optics of letters may cost.
        let cut = |it: &&Area| overlap(&it.shrunk(1.0), area) && !overlap_whole(it, area);
        if let Some(box_) = boxes.iter().find(cut) {
            faults.push(format!("`{text}` {area:?} leaves its box {box_:?}"));
        }
        let over = texts[at + 1..].iter().filter(|it| overlap(&it.0, area));
        faults.extend(over.map(|it| format!("`{text}` {area:?} lies over `{}` {:?}", it.1, it.0)));
    }
    faults
}

/// Whether all of `area` is in `box_`.
fn overlap_whole(box_: &Area, area: &Area) -> bool {
    area.x >= box_.x
        && area.right() <= box_.right()
        && area.y >= box_.y
        && area.bottom() <= box_.bottom()
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides.max(1)
    }

    fn name(&mut self, number: usize) -> String {
        let letter = ["W", "m", "i", "x-", "pi."][self.roll(5)];
        let length = [1, 3, 9, 20, 50][self.roll(5)];
        let name: String = format!("n{number}{}", letter.repeat(length)).chars().take(63).collect();
        name
    }
}

/// Models of switches, and how many ports they have.
const MODELS: [(&str, usize); 4] =
    [("GS305EP", 5), ("generic-8", 8), ("CRS328-24P-4S+RM", 28), ("generic-poe-8", 10)];

/// A rack that could exist, of any size and with names of any length.
fn random_rack(dice: &mut Dice) -> String {
    let (rack, network) = (dice.name(0), dice.name(1));
    let nodes: Vec<_> = {
        let count = [1, 2, 3, 4, 5, 7, 10, 16, 25, 48, 60][dice.roll(11)];
        (0..count).map(|it| dice.name(it)).collect()
    };
    let switches: Vec<_> = (0..dice.roll(9)).map(|it| dice.name(it)).collect();
    let (model, ports) = MODELS[dice.roll(4)];
    let mut out = format!("rack: {rack}\nclusters: {{ c: {{ k3s: {{}} }} }}\nnetworks:\n");
    let _ =
        writeln!(out, "  a: {{ vlan: 4094 }}\n  b: {{ vlan: 7 }}\n  {network}: {{ vlan: 300 }}");
    let about = format!("model: {model}, uplink: {ports}, ports: {{ 1: {{ tagged: [a, b] }} }}");
    section(&mut out, "switches", switches.iter().map(|it| format!("{it}: {{ {about} }}")));
    let node = |(at, name): (usize, &String)| {
        let plug = match switches.get(dice.roll(switches.len() + 1)) {
            _ if at > 0 && dice.roll(3) == 0 => format!("host: {}, ", nodes[dice.roll(at)]),
            Some(switch) => format!("hat: poe-plus, port: {switch}/{}, ", dice.roll(ports) + 1),
            None => String::new(),
        };
        let network = ["a", "b"][dice.roll(2)];
        format!(
            "{name}: {{ board: pi4-8g, {plug}network: {network}, address: 10.0.{at}.1, cluster: c, os: talos }}"
        )
    };
    section(&mut out, "nodes", nodes.iter().enumerate().map(node));
    let services = 0..dice.roll(30);
    let service = |at| {
        format!("{}: {{ address: 10.1.1.1, serves: [dns, {}] }}", dice.name(at), dice.name(at + 99))
    };
    section(&mut out, "services", services.map(service));
    let workloads = 0..dice.roll(120);
    section(&mut out, "workloads", workloads.map(|at| random_workload(dice, at, &nodes)));
    out
}

fn random_workload(dice: &mut Dice, at: usize, nodes: &[String]) -> String {
    let place = match dice.roll(10) {
        0 => "replicas: every-node, ".to_owned(),
        1 | 2 => String::new(),
        _ => format!("on: {}, ", nodes[dice.roll(nodes.len())]),
    };
    format!("{}: {{ {place}uses: {{ memory: {}Mi }} }}", dice.name(at), dice.roll(3000))
}

fn section(out: &mut String, name: &str, lines: impl Iterator<Item = String>) {
    let lines: String = lines.map(|it| format!("  {it}\n")).collect();
    let empty = if lines.is_empty() { " {}" } else { "" };
    let _ = write!(out, "{name}:{empty}\n{lines}");
}

#[test]
fn no_text_of_any_rack_overflows_or_lies_over_another() {
    let mut dice = Dice(7);
    for round in 0..60 {
        let rack = resolve(&random_rack(&mut dice));
        let nodes = rack.nodes.len();
        let at = rack.replicas.iter().map(|it| match dice.roll(4) {
            0 => Some(dice.roll(nodes)),
            1 if dice.roll(5) == 0 => None,
            _ => it.on,
        });
        let placement = measure(&rack, at.collect()).unwrap();
        let faults = faults(&svg(&rack, &placement, Theme::Light));
        assert!(faults.is_empty(), "round {round}, {nodes} nodes: {faults:#?}");
    }
}

#[test]
fn no_text_of_the_example_racks_overflows_or_lies_over_another() {
    let racks = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/racks");
    for file in std::fs::read_dir(racks).unwrap() {
        let path = file.unwrap().path();
        let rack = resolve(&std::fs::read_to_string(&path).unwrap());
        let faults = faults(&svg(&rack, &place(&rack).unwrap(), Theme::Light));
        assert!(faults.is_empty(), "{}: {faults:#?}", path.display());
    }
}

#[test]
fn the_test_itself_sees_what_overflows() {
    let text = r#"<text class="t-body" x="1195" y="20">too far</text><text class="t-body" x="1190" y="22">twice</text>"#;
    let picture = format!(
        r#"<svg height="50">{text}<rect class="f-card" x="1192" y="5" width="5" height="20"/></svg>"#
    );
    assert_eq!(faults(&picture).len(), 5, "{:#?}", faults(&picture));
    assert_eq!(width("ab", Face::Mono, 10.0), 12.4);
}
