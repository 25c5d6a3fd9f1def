//! `rackberry check`: what is wrong or risky about a rack.

use crate::answer::{Answer, Failure};
use crate::args::CheckArgs;
use crate::finding;
use crate::input::Input;
use crate::look::{Ink, Look};
use rackberry::plan::{self, Finding, Location, Position, Severity};
use serde::Serialize;

/// What `check` answers. The status is 1 where there are errors.
pub(crate) fn run(args: &CheckArgs, look: &Look) -> Result<Answer, Failure> {
    let input = Input::read(&args.file)?;
    if args.resolved {
        return Ok(Answer::new(input.resolve(look)?.spelled_out().write()));
    }
    let findings = match input.rack.resolve() {
        Ok(rack) => plan::check(&rack),
        Err(findings) => findings,
    };
    let text = if args.json { json(&findings, &input)? } else { text(&findings, &input, look) };
    let status = u8::from(findings.iter().any(|it| it.severity == Severity::Error));
    Ok(Answer { text, status, ..Answer::default() })
}

fn text(findings: &[Finding], input: &Input, look: &Look) -> String {
    match findings.first() {
        Some(worst) => first(worst, input, look) + "\n" + &finding::all(findings, input, look),
        None => format!("{}: nothing wrong\n", input.name),
    }
}

/// The one thing to do first.
fn first(worst: &Finding, input: &Input, look: &Look) -> String {
    let head = match worst.severity {
        Severity::Error => "Do this first:",
        Severity::Warning => "Nothing is broken. Do this first:",
        Severity::Note => "Nothing is wrong. Worth a thought:",
    };
    let remedy = format!("{} ({})", worst.remedy, input.place(&worst.at));
    let remedy = look.wrap(&remedy, head.len() + 1, 2);
    format!("{} {remedy}\n", look.paint(Ink::Heading, head))
}

/// What `check --json` prints.
#[derive(Serialize)]
struct Report<'a> {
    rack: &'a str,
    file: &'a str,
    errors: usize,
    warnings: usize,
    notes: usize,
    findings: Vec<Placed<'a>>,
}

/// A finding, and where it is in the text.
#[derive(Serialize)]
struct Placed<'a> {
    severity: Severity,
    rule: &'a str,
    at: &'a Location,
    line: Option<u64>,
    column: Option<u64>,
    reason: &'a str,
    remedy: &'a str,
}

fn json(findings: &[Finding], input: &Input) -> Result<String, Failure> {
    let count = |severity| findings.iter().filter(|it| it.severity == severity).count();
    crate::schema::json(&Report {
        rack: &input.rack.rack,
        file: &input.name,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
        findings: findings.iter().map(|it| placed(it, input.position(&it.at))).collect(),
    })
}

fn placed(finding: &Finding, position: Option<Position>) -> Placed<'_> {
    Placed {
        severity: finding.severity,
        rule: &finding.rule,
        at: &finding.at,
        line: position.map(|it| it.line as u64),
        column: position.map(|it| it.column as u64),
        reason: &finding.reason,
        remedy: &finding.remedy,
    }
}
