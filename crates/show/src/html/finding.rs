//! What the check found, the worst first.

use super::doc::Doc;
use super::{MOST_ROWS, Report};
use crate::figure::count;
use rackberry_plan::{Finding, Position, Severity};

const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

/// How many there are of each severity, in words.
pub(super) fn tally(report: &Report<'_>) -> String {
    let some = SEVERITIES.map(|it| (it, of(report, it).count()));
    let some = some.into_iter().filter(|it| it.1 > 0);
    let parts: Vec<_> = some.map(|(severity, number)| words(severity, number)).collect();
    if parts.is_empty() { "all is well".into() } else { parts.join(", ") }
}

pub(super) fn write(doc: &mut Doc, report: &Report<'_>) {
    if report.findings.is_empty() {
        doc.raw("<p>Nothing is wrong with this rack.</p>\n");
        return;
    }
    for severity in SEVERITIES {
        let all: Vec<_> = of(report, severity).collect();
        if all.is_empty() {
            continue;
        }
        doc.raw("<h3>").text(words(severity, all.len())).raw("</h3>\n<ol class=\"findings\">\n");
        all.iter().take(MOST_ROWS).for_each(|it| one(doc, it));
        doc.raw("</ol>\n").left_out(all.len(), MOST_ROWS);
    }
}

fn of<'a>(
    report: &Report<'a>,
    severity: Severity,
) -> impl Iterator<Item = &'a (Finding, Option<Position>)> {
    report.findings.iter().filter(move |it| it.0.severity == severity)
}

fn words(severity: Severity, number: usize) -> String {
    match severity {
        Severity::Error => count(number, "error", "errors"),
        Severity::Warning => count(number, "warning", "warnings"),
        Severity::Note => count(number, "note", "notes"),
    }
}

fn one(doc: &mut Doc, (finding, position): &(Finding, Option<Position>)) {
    doc.raw(match finding.severity {
        Severity::Error => "<li class=\"error\">",
        Severity::Warning => "<li class=\"warning\">",
        Severity::Note => "<li class=\"note\">",
    });
    doc.raw("<p>").prose(&finding.reason).raw("</p><p class=\"remedy\">").prose(&finding.remedy);
    doc.raw("</p><p class=\"where\">");
    if let Some(position) = position {
        doc.raw("line ").text(position.line).raw(", column ").text(position.column).raw(" · ");
    }
    doc.raw("<code>").text(&finding.at).raw("</code> · <code>").text(&finding.rule);
    doc.raw("</code></p></li>\n");
}
