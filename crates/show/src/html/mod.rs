//! The report as one page: findings, the picture, what goes down with what, the placement and the plan.

mod doc;
mod finding;
mod loss;
mod place;
mod steps;

use crate::figure::count;
use crate::theme::{Theme, variables};
use crate::{headline, svg};
use doc::Doc;
use rackberry_plan::{Finding, Loss, Placement, Plan, Position, Reason, Resolved};

/// More rows than this no table of the page shows; it says how many there are.
const MOST_ROWS: usize = 1000;

/// What goes into a page. What is empty or absent has no section.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The rack.
    pub rack: &'a Resolved,
    /// What the check found, each with its place in the file where that is known.
    pub findings: &'a [(Finding, Option<Position>)],
    /// What goes down with what as it runs now, the worst first.
    pub losses: &'a [Loss],
    /// Where everything should run.
    pub placement: &'a Placement,
    /// Why replicas are where they are; those that move are said beside their moves.
    pub reasons: &'a [Reason],
    /// The way there.
    pub plan: Option<&'a Plan>,
    /// Whether the page is dark.
    pub theme: Theme,
}

/// A section: its anchor, its name, and how it is written.
type Section = (&'static str, &'static str, fn(&mut Doc, &Report<'_>));

/// Writes a report as one page of HTML that needs nothing else: no scripts, no fonts, no other files.
///
/// It can be read on a phone and printed, light or dark. The same report gives the same bytes.
pub fn html(report: &Report<'_>) -> String {
    let sections = sections(report);
    let mut doc = Doc::default();
    head(&mut doc, report);
    doc.raw("<body>\n<header><h1>").text(&report.rack.rack.rack).raw("</h1><p class=\"mute\">");
    doc.text(headline::made_of(report.rack)).raw("</p>");
    tiles(&mut doc, report);
    doc.raw("</header>\n<nav aria-label=\"Contents\"><ul>");
    for (anchor, name, _) in &sections {
        doc.raw("<li><a href=\"#").raw(anchor).raw("\">").raw(name).raw("</a></li>");
    }
    doc.raw("</ul></nav>\n<main>\n");
    for (anchor, name, write) in &sections {
        doc.raw("<section id=\"").raw(anchor).raw("\"><h2>").raw(name).raw("</h2>\n");
        write(&mut doc, report);
        doc.raw("</section>\n");
    }
    doc.raw("</main>\n</body>\n</html>\n");
    doc.finish()
}

fn sections(report: &Report<'_>) -> Vec<Section> {
    let all: [(bool, Section); 5] = [
        (true, ("findings", "Findings", finding::write)),
        (true, ("picture", "Picture", picture)),
        (!report.losses.is_empty(), ("losses", "What goes down with what", loss::write)),
        (true, ("placement", "Placement", place::write)),
        (report.plan.is_some(), ("plan", "Plan", steps::write)),
    ];
    all.into_iter().filter(|it| it.0).map(|it| it.1).collect()
}

fn head(doc: &mut Doc, report: &Report<'_>) {
    doc.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    doc.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    doc.raw(match report.theme {
        Theme::Auto => "<meta name=\"color-scheme\" content=\"light dark\">\n",
        Theme::Light => "<meta name=\"color-scheme\" content=\"light\">\n",
        Theme::Dark => "<meta name=\"color-scheme\" content=\"dark\">\n",
    });
    doc.raw("<title>").text(&report.rack.rack.rack).raw("</title>\n<style>\n");
    doc.inline(&variables(report.theme)).raw(include_str!("page.css"));
    doc.raw("</style>\n</head>\n");
}

fn tiles(doc: &mut Doc, report: &Report<'_>) {
    doc.raw("<ul class=\"tiles\">");
    for tile in headline::tiles(report.rack, report.placement) {
        doc.raw("<li><span class=\"mute\">").text(&tile.name).raw("</span><strong>");
        doc.text(&tile.figure).raw("</strong><span class=\"mute\">").text(&tile.note);
        doc.raw("</span></li>");
    }
    let findings = count(report.findings.len(), "finding", "findings");
    doc.raw("<li><span class=\"mute\">Check</span><strong>").text(findings);
    doc.raw("</strong><span class=\"mute\">").text(finding::tally(report)).raw("</span></li></ul>");
}

fn picture(doc: &mut Doc, report: &Report<'_>) {
    doc.raw("<figure tabindex=\"0\">");
    doc.inline(&svg(report.rack, report.placement, report.theme)).raw("</figure>\n");
}
