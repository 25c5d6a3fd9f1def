use crate::{desk, examples, hostile, read};
use rackberry_plan::{measure, place};
use rackberry_show::{Theme, svg};
use roxmltree::Document;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The only elements a picture is made of.
const ELEMENTS: [&str; 9] =
    ["svg", "title", "desc", "style", "g", "rect", "path", "circle", "text"];

fn check(picture: &str) {
    let document = Document::parse(picture).unwrap_or_else(|it| panic!("{it}"));
    for node in document.descendants().filter(|it| it.is_element()) {
        let name = node.tag_name().name();
        assert!(ELEMENTS.contains(&name), "<{name}>");
        for attribute in node.attributes() {
            assert!(
                !attribute.name().starts_with("on") && attribute.name() != "href",
                "{attribute:?}"
            );
            let figures =
                ["x", "y", "width", "height", "d", "cx", "cy", "r"].contains(&attribute.name());
            let unsound = attribute.value().contains("NaN") || attribute.value().contains("inf");
            assert!(!(figures && unsound), "{attribute:?}");
        }
    }
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let labels = root.attribute("aria-labelledby").unwrap();
    let ids: BTreeSet<_> = root.children().filter_map(|it| it.attribute("id")).collect();
    assert_eq!(ids, labels.split(' ').collect());
}

#[test]
fn every_colour_that_is_used_is_in_the_style_sheet() {
    for (name, rack) in examples() {
        for theme in [Theme::Light, Theme::Dark] {
            let picture = svg(&rack, &place(&rack).unwrap(), theme);
            let document = Document::parse(&picture).unwrap();
            let classes = document.descendants().filter_map(|it| it.attribute("class"));
            for class in classes.flat_map(|it| it.split(' ')).filter(|it| !it.is_empty()) {
                assert!(picture.contains(&format!(".{class}{{")), "{name}: {class}");
            }
        }
    }
}

#[test]
fn a_small_rack_is_drawn_as_it_was_before() {
    let (rack, placement) = desk();
    let drawn = svg(&rack, &placement, Theme::Auto);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/desk.svg");
    if std::env::var_os("RACKBERRY_BLESS").is_some() {
        std::fs::write(file, &drawn).unwrap();
    }
    let known = std::fs::read_to_string(file).unwrap();
    assert!(
        drawn == known,
        "the picture has changed: look at it, and run again with RACKBERRY_BLESS=1 if it is right"
    );
}

#[test]
fn every_example_is_well_formed_in_every_theme() {
    for (name, rack) in examples() {
        let placement = place(&rack).unwrap();
        for theme in [Theme::Auto, Theme::Light, Theme::Dark] {
            let picture = svg(&rack, &placement, theme);
            check(&picture);
            assert!(picture.len() < 200_000, "{name}: {}", picture.len());
        }
    }
}

#[test]
fn the_same_rack_gives_the_same_bytes() {
    let draw = || {
        let (rack, placement) = desk();
        svg(&rack, &placement, Theme::Auto)
    };
    assert_eq!(draw(), draw());
}

#[test]
fn only_auto_asks_what_the_reader_prefers() {
    let (rack, placement) = desk();
    let asks = |theme| svg(&rack, &placement, theme).contains("prefers-color-scheme");
    assert_eq!([Theme::Auto, Theme::Light, Theme::Dark].map(asks), [true, false, false]);
}

#[test]
fn names_cannot_become_markup() {
    let rack = hostile();
    let node = rack.nodes.iter().position(|it| it.id.as_str() == "pi-2");
    for at in [vec![node; rack.replicas.len()], vec![None; rack.replicas.len()]] {
        let picture = svg(&rack, &measure(&rack, at).unwrap(), Theme::Auto);
        check(&picture);
        assert!(picture.contains("&lt;/text&gt;"), "the name is nowhere to be seen");
    }
}

#[test]
fn what_does_not_fit_can_still_be_read_in_full() {
    let long = "x".repeat(60);
    let rack = read(&format!(
        "rack: r\nnodes: {{ {long}: {{ board: pi4-4g, port: s/1 }} }}\nswitches: {{ s: {{ model: GS305EP }} }}\n"
    ));
    let picture = svg(&rack, &place(&rack).unwrap(), Theme::Light);
    let document = Document::parse(&picture).unwrap();
    let titles = document.descendants().filter(|it| it.has_tag_name("title"));
    assert!(
        titles
            .filter_map(|it| it.text())
            .any(|it| it == long || it.contains(&format!("to {long}")))
    );
    assert!(
        document
            .descendants()
            .any(|it| it.has_tag_name("text") && it.text().is_some_and(|it| it.contains('…')))
    );
}

#[test]
fn a_rack_of_nothing_has_a_picture() {
    let rack = read("rack: empty\n");
    check(&svg(&rack, &place(&rack).unwrap(), Theme::Auto));
}

#[test]
fn what_is_plugged_in_is_not_drawn_like_an_empty_port() {
    let rack = read(concat!(
        "rack: r\nswitches:\n",
        "  a: { model: GS305EP, uplink: 5, ports: { 1: { to: b/2 }, 4: { to: router } } }\n",
        "  b: { model: GS305EP }\n",
        "services: { router: { address: 10.0.0.1 } }\n",
    ));
    let picture = svg(&rack, &place(&rack).unwrap(), Theme::Light);
    let document = Document::parse(&picture).unwrap();
    let port = |name: &str| {
        let title = document.descendants().find(|it| {
            it.has_tag_name("title") && it.text().is_some_and(|it| it.starts_with(name))
        });
        let drawn = title.unwrap().parent().unwrap();
        let dark =
            drawn.descendants().any(|it| it.attribute("class") == Some("f-dark s-panel-track"));
        (!dark, drawn.descendants().any(|it| it.text() == Some("–")))
    };
    assert_eq!(["a/5:", "a/4:", "a/1:", "b/2:"].map(port), [(true, true); 4]);
    assert_eq!(["a/2:", "b/1:"].map(port), [(false, false); 2]);
}

#[test]
fn moves_between_the_same_nodes_are_one_arrow() {
    let rack = read(concat!(
        "rack: r\nnodes: { a: { board: pi5-8g, cluster: c }, b: { board: pi5-8g, cluster: c } }\n",
        "clusters: { c: { k3s: {} } }\n",
        "workloads: { v: { on: a, replicas: 1, uses: { memory: 1Gi } }, w: { on: a, uses: { memory: 2Gi } } }\n",
    ));
    let picture = svg(&rack, &measure(&rack, vec![Some(1); 2]).unwrap(), Theme::Light);
    let document = Document::parse(&picture).unwrap();
    let texts =
        document.descendants().filter(|it| it.has_tag_name("text")).filter_map(|it| it.text());
    let labels: Vec<_> = texts.filter(|it| it.contains("moves")).collect();
    assert_eq!(labels, ["2 moves", "2 moves, 3Gi of memory"]);
}

#[test]
fn figures_say_what_moves_and_starts_and_which_nodes_they_are_of() {
    let texts = |rack: &str| {
        let (_, rack) = examples().into_iter().find(|it| it.0.ends_with(rack)).unwrap();
        svg(&rack, &place(&rack).unwrap(), Theme::Light)
    };
    let all = texts("/k3s-expansion.yaml");
    assert!(all.contains(">10 moves and 3 starts<") && all.contains(">76% → 1%<"));
    assert!(all.contains(">of all nodes<") && !all.contains("of the nodes that take workloads"));
    let some = texts("/two-dozen.yaml");
    assert_eq!(some.matches(">of the nodes that take workloads<").count(), 2);
    assert!(some.contains(">3 starts<") && !some.contains("of all nodes"));
}

#[test]
fn ten_thousand_nodes_are_a_small_picture() {
    let mut text = String::from("rack: many\nclusters: { c: { k3s: {} } }\nswitches:\n");
    for at in 0..400 {
        let _ = writeln!(text, "  switch-{at}: {{ model: CRS328-24P-4S+RM, uplink: 25 }}");
    }
    text.push_str("services:\n");
    for at in 0..1000 {
        let _ = writeln!(text, "  service-{at}: {{ address: 10.0.0.1 }}");
    }
    text.push_str("nodes:\n");
    for at in 0..10_000 {
        let (switch, port) = (at / 25, at % 25 + 1);
        let _ = writeln!(
            text,
            "  node-{at:05}: {{ board: pi4-4g, hat: poe, port: switch-{switch}/{port}, cluster: c }}"
        );
    }
    text.push_str("workloads:\n");
    for at in 0..5000 {
        let _ =
            writeln!(text, "  app-{at}: {{ on: node-{:05}, uses: {{ memory: 700Mi }} }}", at % 700);
    }
    let rack = read(&text);
    let at = (0..rack.replicas.len()).map(|it| Some(it * 7 % 10_000)).collect();
    let picture = svg(&rack, &measure(&rack, at).unwrap(), Theme::Auto);
    check(&picture);
    assert!(picture.len() < 2_000_000, "{}", picture.len());
    assert!(picture.contains("and 394 more"), "the switches left out are not counted");
}
