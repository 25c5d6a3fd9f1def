//! Findings in words: in full with the line they are about, or in one line each.

use crate::input::Input;
use crate::look::{Ink, Look};
use crate::number;
use rackberry::plan::{Finding, Severity};
use std::fmt::Write;
use std::path::Path;

/// No more findings than this are printed of each severity.
const SHOWN: usize = 50;

/// Every finding in full, the worst first, and at the end how many there are.
pub(crate) fn all(findings: &[Finding], input: &Input, look: &Look) -> String {
    let mut text = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let these: Vec<_> = findings.iter().filter(|it| it.severity == severity).collect();
        these.iter().take(SHOWN).for_each(|it| text += &(block(it, input, look) + "\n"));
        if these.len() > SHOWN {
            let left = these.len() - SHOWN;
            let line = format!("... and {left} more of this kind: --json has them all");
            text += &(look.paint(Ink::Faint, &line) + "\n\n");
        }
    }
    text + &counts(findings, &input.name, look) + "\n"
}

/// One finding: what is so, where, the line itself, and what to do about it. A note does without the line.
fn block(finding: &Finding, input: &Input, look: &Look) -> String {
    let severity = finding.severity.to_string();
    let rule = format!("[{}]", finding.rule);
    let before = severity.len() + 2;
    let reason = look.wrap(&format!("{} {rule}", finding.reason), before, before);
    let (reason, rule) = reason.strip_suffix(&rule).map_or((reason.as_str(), ""), |it| (it, &rule));
    let mut text = look.paint(ink(finding.severity), &format!("{severity}:"));
    let _ = writeln!(text, " {reason}{}", look.paint(Ink::Faint, rule));
    text += &place(finding, input, look);
    let gutter = gutter(finding, input);
    let sign = look.paint(Ink::Faint, &format!("{:gutter$} =", ""));
    let _ = writeln!(text, "{sign} {}", look.wrap(&finding.remedy, gutter + 3, gutter + 3));
    text
}

/// Where a finding is, with the line itself.
fn place(finding: &Finding, input: &Input, look: &Look) -> String {
    let gutter = gutter(finding, input);
    let place = format!("{:gutter$}--> {}", "", input.place(&finding.at));
    let position = input.position(&finding.at).filter(|_| finding.severity != Severity::Note);
    let snippet = position.map(|it| look.snippet(&input.source, it)).unwrap_or_default();
    let lines = std::iter::once(place.as_str()).chain(snippet.lines());
    lines.map(|it| look.paint(Ink::Faint, it) + "\n").collect()
}

/// How wide the numbers of lines are.
fn gutter(finding: &Finding, input: &Input) -> usize {
    input.position(&finding.at).map_or(1, |it| it.line.to_string().len())
}

/// That there is something to look at, in one line; nothing where there is no error and no warning.
pub(crate) fn hint(findings: &[Finding], file: &Path, look: &Look) -> String {
    let count = |severity| findings.iter().filter(|it| it.severity == severity).count();
    let some = [Severity::Error, Severity::Warning].map(|it| (it, count(it)));
    let some = some.into_iter().filter(|it| it.1 > 0);
    let words: Vec<_> = some.map(|(it, many)| number::count(many, &it.to_string())).collect();
    if words.is_empty() {
        return String::new();
    }
    let (words, file) = (words.join(" and "), file.display());
    let line = format!("check finds {words} in this rack: rackberry check {file}");
    look.aside().paint(Ink::Faint, &line) + "\n"
}

/// What `check` will say once a plan is done, in a line each; notes aside.
pub(crate) fn afterwards(new: &[Finding], look: &Look) -> String {
    let look = look.aside();
    let worse = new.iter().filter(|it| it.severity != Severity::Note).take(SHOWN);
    let line = |it: &Finding| {
        let line = format!("and once this is done: {} [{}]", it.reason, it.rule);
        look.paint(Ink::Faint, &line) + "\n"
    };
    worse.map(line).collect()
}

/// How many there are of each, and where.
fn counts(findings: &[Finding], name: &str, look: &Look) -> String {
    let count = |severity| findings.iter().filter(|it| it.severity == severity).count();
    let kinds = [Severity::Error, Severity::Warning, Severity::Note];
    let some = kinds.into_iter().map(|it| (it, count(it))).filter(|it| it.1 > 0);
    let words = some.map(|(severity, count)| {
        let plural = if count == 1 { "" } else { "s" };
        look.paint(ink(severity), &format!("{count} {severity}{plural}"))
    });
    let words: Vec<_> = words.collect();
    format!("{} in {}", words.join(", "), look.paint(Ink::Heading, name))
}

fn ink(severity: Severity) -> Ink {
    match severity {
        Severity::Error => Ink::Error,
        Severity::Warning => Ink::Warning,
        Severity::Note => Ink::Note,
    }
}
