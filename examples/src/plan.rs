//! `rackberry plan`: the way to where everything should run, verified, as a runbook.

use crate::answer::{Answer, Failure};
use crate::args::PlanArgs;
use crate::input::Input;
use crate::look::{Ink, Look};
use crate::{file, finding};
use rackberry::plan::{self, Finding, Placement, Plan, Resolved, Severity};
use std::path::Path;

/// What `plan` answers: a plan that passed its verification.
pub(crate) fn run(args: &PlanArgs, look: &Look) -> Result<Answer, Failure> {
    let input = Input::read(&args.file)?;
    let rack = input.resolve(look)?;
    let (_, plan) = verified(&rack, &input, look)?;
    let text = if args.json { plan.to_json() } else { plan.runbook().to_string() };
    let aside = errors(&plan::check(&rack), &input, &args.file, look);
    match args.output.as_deref().filter(|it| *it != Path::new("-")) {
        Some(path) => {
            let aside = aside + &file::write(path, &text)?;
            Ok(Answer { aside, ..Answer::default() })
        }
        None if args.json => Ok(Answer { text, aside, status: 0 }),
        None => Ok(Answer { text: tinted(&text, look), aside, status: 0 }),
    }
}

/// The plan and the placement it reaches, unless its independent checker refuses it.
pub(crate) fn verified(
    rack: &Resolved,
    input: &Input,
    look: &Look,
) -> Result<(Placement, Plan), Failure> {
    let planned = plan::plan(rack).map_err(|it| input.refused(&[it], look))?;
    match plan::verify(&planned.1, rack) {
        Ok(_) => Ok(planned),
        Err(why) => Err(Failure::Defect(why.iter().map(ToString::to_string).collect())),
    }
}

/// The errors of the rack in one line each: the plan is made all the same, where it can be.
fn errors(findings: &[Finding], input: &Input, file: &Path, look: &Look) -> String {
    let look = look.aside();
    let errors = findings.iter().filter(|it| it.severity == Severity::Error);
    let lines: String = errors.map(|it| finding::line(it, input, &look)).collect();
    if lines.is_empty() {
        return lines;
    }
    let advice = format!("`rackberry check {}` says what to do about it.", file.display());
    lines + &look.paint(Ink::Faint, &advice) + "\n"
}

/// Markdown with its headings in bold, where there are colours.
fn tinted(text: &str, look: &Look) -> String {
    if !look.color {
        return text.into();
    }
    let heading = |line: &str| line.starts_with('#') || line.starts_with("**");
    let ink = |line: &str| if heading(line) { look.paint(Ink::Heading, line) } else { line.into() };
    text.lines().map(|line| ink(line) + "\n").collect()
}
