//! `rackberry plan`: the way to where everything should run, verified, as a runbook.

use crate::answer::{Answer, Failure};
use crate::args::PlanArgs;
use crate::input::Input;
use crate::look::{Ink, Look};
use crate::{file, finding, outcome};
use rackberry::plan::{self, Observed, Placement, Plan, Resolved, Violation};
use std::path::Path;

/// What `plan` answers: a plan that passed its verification.
pub(crate) fn run(args: &PlanArgs, look: &Look) -> Result<Answer, Failure> {
    let input = Input::read(&args.file)?;
    let rack = input.resolve(look)?;
    let (placement, plan) = match args.bare {
        true => verified_from(&rack, &Observed::bare(&rack), &input, look)?,
        false => verified(&rack, &input, look)?,
    };
    let status = outcome::status(&placement, plan.left().len() + plan.unreached.len());
    let text = if args.json { plan.to_json() } else { plan.runbook().to_string() };
    let findings = plan::check(&rack);
    let aside = finding::hint(&findings, &args.file, look)
        + &finding::afterwards(&placement.consequences(&rack, &findings), look);
    match args.output.as_deref().filter(|it| *it != Path::new("-")) {
        Some(path) => {
            let aside = aside + &file::write(path, &text)?;
            Ok(Answer { text: String::new(), aside, status })
        }
        None if args.json => Ok(Answer { text, aside, status }),
        None => Ok(Answer { text: tinted(&text, look), aside, status }),
    }
}

/// The plan and the placement it reaches, unless its independent checker refuses it.
pub(crate) fn verified(
    rack: &Resolved,
    input: &Input,
    look: &Look,
) -> Result<(Placement, Plan), Failure> {
    let planned = plan::plan(rack).map_err(|it| input.refused(&[it], look))?;
    let verdict = plan::verify(&planned.1, rack);
    sound(planned, verdict)
}

/// The same from what is seen.
pub(crate) fn verified_from(
    rack: &Resolved,
    seen: &Observed,
    input: &Input,
    look: &Look,
) -> Result<(Placement, Plan), Failure> {
    let planned = plan::plan_from(rack, seen).map_err(|it| input.refused(&[it], look))?;
    let verdict = plan::verify_from(&planned.1, rack, seen);
    sound(planned, verdict)
}

fn sound(
    planned: (Placement, Plan),
    verdict: Result<Observed, Vec<Violation>>,
) -> Result<(Placement, Plan), Failure> {
    match verdict {
        Ok(_) => Ok(planned),
        Err(why) => Err(Failure::Defect(why.iter().map(ToString::to_string).collect())),
    }
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
