//! `rackberry simulate`: takes something away from a simulated rack that runs, and says what survives.

mod compare;
mod judge;
mod loss;
mod needed;
mod report;
mod tell;

use crate::answer::{Answer, Failure};
use crate::args::SimulateArgs;
use crate::input::Input;
use crate::look::Look;
use crate::{room, schema};
use judge::{Judge, Remedy};
use loss::Lost;
use rackberry::exec::Sight;
use rackberry::plan::{Observed, Resolved, plan_from, verify_from};
use rackberry::testkit::World;
use rackberry::world;
use report::Report;

/// The ticks that pass before anybody looks: what follows from a loss has happened by then.
const TICKS: u64 = 100;

/// What `simulate` answers. The status is 1 where something that is needed does not survive.
pub(crate) fn run(args: &SimulateArgs, look: &Look) -> Result<Answer, Failure> {
    let input = Input::read(&args.file)?;
    let rack = input.resolve(look)?;
    let lost: Result<Vec<Lost>, String> =
        args.lose.iter().map(|it| loss::find(&rack, it)).collect();
    let lost = lost.map_err(Failure::Missing)?;
    let report = room::block_on(lose(&input, &rack, &lost, look))??;
    let text = if args.json { schema::json(&report)? } else { tell::text(&report, look) };
    let status = match report.plan.refused.is_empty() {
        true => u8::from(!report.survives),
        false => 3,
    };
    Ok(Answer { text, aside: String::new(), status })
}

/// Brings the rack up, takes away what is to be lost, and looks.
async fn lose(
    input: &Input,
    rack: &Resolved,
    lost: &[Lost],
    look: &Look,
) -> Result<Report, Failure> {
    let world = world::simulate(rack);
    room::raise(&world, rack).await?;
    let before = world::fleet(&world, rack).observe().await.seen;
    lost.iter().for_each(|it| loss::take(&world, rack, it));
    world.tick(TICKS);
    let after = seen(&world, rack).await;
    let remedy = remedy(input, rack, &after, look)?;
    Ok(Judge { rack, lost, before: &before, after: &after, remedy: &remedy }.report())
}

async fn seen(world: &World, rack: &Resolved) -> Observed {
    let Sight { seen, .. } = world::fleet(world, rack).observe().await;
    seen
}

/// What would be done about it, and what would be seen then.
fn remedy(input: &Input, rack: &Resolved, seen: &Observed, look: &Look) -> Result<Remedy, Failure> {
    let plan = plan_from(rack, seen).map_err(|it| input.refused(&[it], look))?.1;
    let end = verify_from(&plan, rack, seen);
    Ok(Remedy { plan, end })
}
