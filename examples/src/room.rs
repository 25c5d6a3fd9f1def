//! The simulated rack that a command runs on.

use crate::answer::Failure;
use rackberry::core::Error;
use rackberry::exec::{Device, Finish, How, Memory, Patience, Reached, converge};
use rackberry::plan::Resolved;
use rackberry::testkit::{Blueprint, World};
use rackberry::world;
use std::collections::BTreeSet;
use std::time::Duration;

/// What a simulated rack is waited for: its time passes when it is looked at, and no other time counts.
pub(crate) const SIMULATED: Patience = Patience {
    least: Duration::ZERO,
    looks: 100,
    factor: 0,
    first: Duration::ZERO,
    pause: Duration::from_micros(200),
    longest: Duration::from_millis(2),
};

/// What stands in the room of one rack, and what the other has beyond it.
pub(crate) fn together(one: &Resolved, other: &Resolved) -> Blueprint {
    let (mut all, more) = (world::blueprint(one), world::blueprint(other));
    macro_rules! add {
        ($($list:ident)*) => {$(
            let known: BTreeSet<_> = all.$list.iter().map(|it| it.id.clone()).collect();
            all.$list.extend(more.$list.into_iter().filter(|it| !known.contains(&it.id)));
        )*};
    }
    add!(switches machines clusters pools);
    all
}

/// Brings the simulated rack up as `rack` describes it.
pub(crate) async fn raise(world: &World, rack: &Resolved) -> Result<(), Failure> {
    let how = How { patience: SIMULATED, ..How::default() };
    let fleet = world::fleet(world, rack);
    let reached = converge(rack, &fleet, &mut Memory::default(), &how).await;
    if reached.finish == Finish::Described {
        return Ok(());
    }
    let (name, why) = (&rack.rack.rack, open(&reached, &reached.missed));
    Err(Failure::Missing(format!(
        "the simulated rack does not come up as {name} is described\n{why}"
    )))
}

/// A line for each step that was begun and is not proved.
pub(crate) fn unproved(reached: &Reached) -> String {
    let (plan, outcome) = (reached.plan.as_deref(), reached.outcome.as_ref());
    let order =
        |step: usize| plan.and_then(|it| it.steps.get(step)).map(|it| it.action.to_string());
    let steps = outcome.into_iter().flat_map(|it| &it.unproved);
    steps.map(|it| format!("  {}: {}\n", order(it.step).unwrap_or_default(), it.why)).collect()
}

/// A line for each step that is not proved, each machine that is not reached, and whatever did not answer.
pub(crate) fn open(reached: &Reached, missed: &[(Device, Error)]) -> String {
    let steps = unproved(reached);
    let steps = steps.lines().map(|it| format!("{it}\n"));
    let stuck = reached.plan.iter().flat_map(|it| &it.unreached);
    let stuck = stuck.map(|(node, why)| format!("  {node}: {why}\n"));
    let missed = missed.iter().map(|(it, why)| format!("  {it} was not seen: {why}\n"));
    let mut lines: Vec<String> = steps.chain(stuck).chain(missed).collect();
    lines.dedup();
    lines.concat()
}

/// Does the work, on this thread.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.map_err(|it| Failure::File(format!("cannot begin: {it}")))?;
    Ok(runtime.block_on(work))
}
