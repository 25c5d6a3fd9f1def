//! A plan that was made before: read strictly, carried out as it is, and followed by none of ours.

use super::tell::Teller;
use super::{Job, unwritten};
use crate::answer::{Answer, Failure};
use crate::file;
use crate::number::count;
use rackberry::exec::{Finish, Fleet, Reached, Sight};
use rackberry::plan::{Plan, Violation, plan_from};
use std::fs;
use std::path::Path;

/// Reads a plan. Whether it may be carried out is only known when the rack is seen.
pub(super) fn read(path: &Path) -> Result<Plan, Failure> {
    let text = fs::read(path).map_err(|it| file::failure("read", path, &it))?;
    let bad = |why| Failure::Missing(format!("{} is no plan: {why}", path.display()));
    let plan = Plan::from_json(&text).map_err(bad)?;
    match plan.made_from {
        Some(_) => Ok(plan),
        None => Err(Failure::Missing(format!(
            "{} does not say what it was made from (`made-from`): plan again",
            path.display()
        ))),
    }
}

/// What has become of it, and what is left to do.
pub(super) async fn answer(
    job: &Job<'_>,
    teller: &Teller<'_>,
    reached: &Reached,
    fleet: &Fleet,
) -> Result<Answer, Failure> {
    match &reached.finish {
        Finish::Refused(why) => Err(refused(job, why)),
        Finish::Unwritten(why) => Err(unwritten(why)),
        Finish::Unplanned(why) => Err(job.input.refused(std::slice::from_ref(why), job.look)),
        Finish::Declined => Ok(teller.declined(reached)),
        Finish::Described | Finish::Stopped | Finish::Stuck | Finish::Endless => {
            left(job, teller, reached, fleet).await
        }
    }
}

/// Every reason not to carry it out.
fn refused(job: &Job<'_>, why: &[Violation]) -> Failure {
    let name = job.args.plan.as_deref().unwrap_or_else(|| Path::new("-")).display();
    let why: String = why.iter().map(|it| format!("\n  - {it}")).collect();
    let text = format!(
        "{name} is refused, and nothing was sent:{why}\nrackberry apply without --plan plans from what is seen."
    );
    Failure::Missing(text)
}

async fn left(
    job: &Job<'_>,
    teller: &Teller<'_>,
    reached: &Reached,
    fleet: &Fleet,
) -> Result<Answer, Failure> {
    let Sight { seen, missed } = fleet.observe().await;
    let refused = |it| job.input.refused(&[it], job.look);
    let next = plan_from(&job.rack, &seen).map_err(refused)?.1;
    let done = next.steps.is_empty() && next.unreached.is_empty() && missed.is_empty();
    let stopped = if reached.finish == Finish::Stopped { "stopped: " } else { "" };
    let all = count(reached.plan.as_ref().map_or(0, |it| it.steps.len()), "step");
    let proved = teller.proved();
    let left = match (done, next.steps.len()) {
        (true, _) => format!("nothing is left to do: {} is as described", job.rack.rack.rack),
        (false, 0) => "what is left waits for machines that do not answer".into(),
        (false, many) => format!(
            "{} left",
            if many == 1 { "1 step is".into() } else { count(many, "step") + " are" }
        ),
    };
    let again = if done { "" } else { "; rackberry apply without --plan plans again" };
    let text = format!("{stopped}{proved} of {all} of the plan are proved; {left}{again}\n");
    let status = u8::from(!done || !next.left().is_empty());
    Ok(Answer { text: teller.last(text), aside: teller.unproved(reached, &missed), status })
}
