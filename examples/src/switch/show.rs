//! `rackberry switch show`: what a switch says of itself.

use super::seen;
use super::site::Site;
use super::talk;
use crate::answer::{Answer, Failure};
use crate::args::SwitchShowArgs;
use crate::look::Look;
use crate::schema;
use rackberry::core::{Milliwatts, PoeBudget, SwitchState};
use serde::Serialize;

/// What `switch show --json` prints.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Report<'a> {
    address: &'a str,
    seen: &'a SwitchState,
    poe: Budget,
}

/// What its ports may deliver together, what flows, and what may flow at the worst.
#[derive(Serialize)]
struct Budget {
    budget: Option<Milliwatts>,
    measured: Milliwatts,
    worst: Milliwatts,
}

/// What `switch show` answers.
pub(super) fn run(args: &SwitchShowArgs, look: &Look) -> Result<Answer, Failure> {
    let site = Site::new(&args.target, look)?;
    let state = talk(&site, site.observe())?;
    if !args.json {
        return Ok(Answer::new(seen::text(&site, &state, look)));
    }
    let PoeBudget { budget, measured, worst } = PoeBudget::of(&state, &site.peaks());
    let poe = Budget { budget, measured, worst };
    schema::json(&Report { address: &site.address, seen: &state, poe }).map(Answer::new)
}
