//! `rackberry switch plan`: what would change; nothing is sent.

use super::site::Site;
use super::talk;
use super::way::Way;
use crate::answer::{Answer, Failure};
use crate::args::SwitchPlanArgs;
use crate::look::Look;
use crate::schema;
use rackberry::core::SwitchId;
use rackberry::plan::Plan;
use serde::Serialize;

/// What `switch plan --json` prints.
#[derive(Serialize)]
struct Report<'a> {
    switch: &'a SwitchId,
    plan: &'a Plan,
    refused: &'a [String],
    notes: &'a [String],
}

/// What `switch plan` answers.
pub(super) fn run(args: &SwitchPlanArgs, look: &Look) -> Result<Answer, Failure> {
    let site = Site::new(&args.target, look)?;
    let book = site.book()?;
    let seen = talk(&site, site.observe())?;
    let way = Way::new(&site, book, &seen)?;
    let text = match args.json {
        true => schema::json(&Report {
            switch: &site.id,
            plan: &way.plan,
            refused: &way.refused,
            notes: &way.notes,
        })?,
        false => way.text(&site, look),
    };
    Ok(Answer { text, status: u8::from(!way.refused.is_empty()), ..Answer::default() })
}
