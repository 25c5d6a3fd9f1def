//! `rackberry show`: the rack as a picture, or as a page.

use crate::answer::{Answer, Failure};
use crate::args::{Shade, ShowArgs};
use crate::input::Input;
use crate::look::Look;
use crate::{file, finding, outcome, plan as command};
use rackberry::plan::{self, Finding, Placement, Plan, Position, Resolved};
use rackberry::show::{self, Report, Theme};
use std::path::Path;

/// The replicas that a page says why of; a reason compares all nodes.
const EXPLAINED: usize = 200;

/// Writes what is asked for.
pub(crate) fn run(args: &ShowArgs, look: &Look) -> Result<Answer, Failure> {
    if let (Some(path), true) = (&args.svg, args.svg == args.html) {
        let one = if path == Path::new("-") { "the standard output" } else { "one file" };
        return Err(Failure::File(format!("the picture and the page cannot both go to {one}")));
    }
    let input = Input::read(&args.file)?;
    let rack = input.resolve(look)?;
    let (placement, plan) = command::verified(&rack, &input, look)?;
    let theme = theme(args.theme);
    let findings = plan::check(&rack);
    let aside = finding::hint(&findings, &args.file, look);
    let status = outcome::status(&placement, plan.left().len());
    let mut answer = Answer { text: String::new(), aside, status };
    if let Some(path) = &args.svg {
        write(path, &show::svg(&rack, &placement, theme), &mut answer)?;
    }
    if let Some(path) = &args.html {
        let page = page(&rack, (&placement, &plan), findings, theme, &input);
        let page = page.map_err(|it| input.refused(&[it], look))?;
        write(path, &page, &mut answer)?;
    }
    Ok(answer)
}

fn theme(shade: Shade) -> Theme {
    match shade {
        Shade::Auto => Theme::Auto,
        Shade::Light => Theme::Light,
        Shade::Dark => Theme::Dark,
    }
}

fn write(path: &Path, text: &str, answer: &mut Answer) -> Result<(), Failure> {
    match path == Path::new("-") {
        true => answer.text += text,
        false => answer.aside += &file::write(path, text)?,
    }
    Ok(())
}

/// Everything there is to say of the rack, as one page.
fn page(
    rack: &Resolved,
    (placement, plan): (&Placement, &Plan),
    findings: Vec<Finding>,
    theme: Theme,
    input: &Input,
) -> Result<String, Finding> {
    let changed = (0..rack.replicas.len())
        .filter(|it| placement.at[*it].is_some() && placement.at[*it] != rack.replicas[*it].on);
    let changed: Vec<usize> = changed.take(EXPLAINED).collect();
    let findings: Vec<(Finding, Option<Position>)> = findings
        .into_iter()
        .map(|it| {
            let at = input.position(&it.at);
            (it, at)
        })
        .collect();
    Ok(show::html(&Report {
        rack,
        findings: &findings,
        losses: &plan::radius(rack),
        placement,
        reasons: &placement.reasons(rack, &changed)?,
        plan: Some(plan),
        theme,
    }))
}
