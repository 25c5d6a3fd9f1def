use crate::{desk, examples, hostile};
use rackberry_plan::{Finding, Location, Placement, Plan, Resolved, check, measure, plan, radius};
use rackberry_show::{Report, Theme, html};
use roxmltree::Document;

/// The page of a rack with everything that there is to say of it.
fn page(rack: &Resolved, placement: &Placement, plan: Option<&Plan>) -> String {
    let findings: Vec<_> = check(rack).into_iter().map(|it| (it, None)).collect();
    let losses = radius(rack);
    let all: Vec<usize> = (0..rack.replicas.len()).collect();
    let reasons = placement.reasons(rack, &all).unwrap();
    let report = Report {
        rack,
        findings: &findings,
        losses: &losses,
        placement,
        reasons: &reasons,
        plan,
        theme: Theme::Auto,
    };
    html(&report)
}

/// The body of a page is well-formed as XML, too; and holds nothing that runs or is fetched.
fn body(page: &str) -> Document<'_> {
    let from = page.find("<body>").unwrap();
    let to = page.find("</body>").unwrap() + "</body>".len();
    let document = Document::parse(&page[from..to]).unwrap_or_else(|it| panic!("{it}"));
    for node in document.descendants().filter(|it| it.is_element()) {
        assert!(!["script", "iframe", "img", "link", "object"].contains(&node.tag_name().name()));
        for attribute in node.attributes() {
            assert!(!attribute.name().starts_with("on"), "{attribute:?}");
            assert!(
                attribute.name() != "href" || attribute.value().starts_with('#'),
                "{attribute:?}"
            );
        }
    }
    document
}

/// The text below the heading `name`, as a reader sees it.
fn section(page: &str, anchor: &str) -> String {
    let document = body(page);
    let section = document.descendants().find(|it| it.attribute("id") == Some(anchor)).unwrap();
    section
        .descendants()
        .filter(|it| it.is_text())
        .filter_map(|it| it.text())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn every_example_has_a_page_and_its_contents_lead_somewhere() {
    for (name, rack) in examples() {
        let (placement, plan) = plan(&rack).unwrap();
        let page = page(&rack, &placement, Some(&plan));
        let document = body(&page);
        let links: Vec<_> = document.descendants().filter_map(|it| it.attribute("href")).collect();
        assert!(links.len() >= 4, "{name}");
        for link in links {
            assert!(
                document.descendants().any(|it| it.attribute("id") == Some(&link[1..])),
                "{name}: {link}"
            );
        }
    }
}

#[test]
fn names_cannot_become_markup() {
    let rack = hostile();
    let node = rack.nodes.iter().position(|it| it.id.as_str() == "pi-2");
    for at in [vec![node; rack.replicas.len()], vec![None; rack.replicas.len()]] {
        let page = page(&rack, &measure(&rack, at).unwrap(), None);
        body(&page);
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script"));
    }
}

#[test]
fn findings_are_grouped_with_place_reason_and_remedy() {
    let (rack, placement) = desk();
    let at = Location::new(["nodes", "pi-1", "port"]);
    let note = Finding::note("a-note", at.clone(), "it is `so` & so".into(), "do <this>".into());
    let error = Finding::error("an-error", at, "it breaks".into(), "mend it".into());
    let (_, source) = rackberry_plan::Source::read("desk.yaml", crate::DESK.as_bytes()).unwrap();
    let position = source.locate(&error.at);
    let line = position.unwrap().line;
    let findings = [(note, None), (error, position)];
    let report = Report {
        rack: &rack,
        findings: &findings,
        losses: &[],
        placement: &placement,
        reasons: &[],
        plan: None,
        theme: Theme::Light,
    };
    let page = html(&report);
    let text = section(&page, "findings");
    let (error, note) = (text.find("1 error").unwrap(), text.find("1 note").unwrap());
    assert!(error < note);
    assert!(text[error..note].contains(&format!("line {line}, column")), "{text}");
    assert!(page.contains("it is <code>so</code> &amp; so") && page.contains("do &lt;this&gt;"));
    assert!(!page.contains("id=\"plan\"") && !page.contains("id=\"losses\""), "an empty section");
}

#[test]
fn the_page_says_of_which_state_its_figures_are() {
    let of = |name: &str| {
        let (_, rack) = examples().into_iter().find(|it| it.0.ends_with(name)).unwrap();
        let (placement, plan) = plan(&rack).unwrap();
        page(&rack, &placement, Some(&plan))
    };
    let k3s = of("/k3s-expansion.yaml");
    assert!(
        section(&k3s, "losses").contains("As everything runs now, before anything of the plan")
    );
    assert!(section(&k3s, "placement").contains("10 moves and 3 starts"));
    let head =
        |page: &str| page[page.find("<header>").unwrap()..page.find("<nav").unwrap()].to_owned();
    assert!(head(&k3s).contains("10 moves and 3 starts") && head(&k3s).contains("of all nodes"));
    assert!(head(&of("/two-dozen.yaml")).contains("of the nodes that take workloads"));
}

#[test]
fn a_move_is_listed_with_what_it_costs_and_why() {
    let (rack, placement) = desk();
    let text = section(&page(&rack, &placement, None), "placement");
    let row = &text[text.find("prometheus/0").unwrap()..];
    assert!(row.contains("9Gi") && row.contains("pi-1") && row.contains("moves to pi-2"), "{row}");
}

#[test]
fn every_step_of_a_plan_is_there_with_its_proof() {
    let (_, rack) = examples().into_iter().find(|it| it.0.ends_with("k3s-expansion.yaml")).unwrap();
    let (placement, plan) = plan(&rack).unwrap();
    let text = section(&page(&rack, &placement, Some(&plan)), "plan");
    assert!(!plan.steps.is_empty());
    for step in &plan.steps {
        assert!(text.contains(&step.action.to_string()), "{}", step.action);
        assert!(step.after.iter().all(|it| text.contains(&it.to_string())), "{:?}", step.after);
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let (rack, placement) = desk();
    assert_eq!(page(&rack, &placement, None), page(&rack, &placement, None));
}
