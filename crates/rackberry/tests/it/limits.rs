//! The limits of a plan hold at every moment, whatever goes wrong: the simulated rack counts.

use crate::converge::{converge, read};
use crate::judge::judge;
use rackberry::core::Milliwatts;
use rackberry::plan::{Limit, Observed, Resolved, plan_from};
use rackberry::testkit::Fault;
use rackberry::world::{fleet, simulate};

/// A rack whose switch can feed all its machines once they run, and one of them while it boots.
fn tight() -> Resolved {
    let mut rack = read("lifeboat.yaml");
    for node in rack.nodes.values_mut().filter(|it| it.hat.is_some()) {
        node.draw.boot = Some(Milliwatts(30_000));
    }
    rack.resolve().unwrap()
}

#[test]
fn a_switch_that_can_feed_one_boot_at_a_time_has_a_limit_that_lets_through_one() {
    let rack = tight();
    let (_, plan) = plan_from(&rack, &Observed::bare(&rack)).unwrap();
    let inrush = plan.limits.iter().find_map(|it| match it {
        Limit::Inrush { at_most, steps, .. } => Some((*at_most, steps.clone())),
        Limit::Voters { .. } => None,
    });
    let (at_most, steps) = inrush.unwrap();
    let draws: Vec<Milliwatts> = steps.into_values().collect();
    assert_eq!(
        draws.len(),
        6,
        "each machine boots when it is switched on, and when it has installed itself"
    );
    assert!(draws[0] <= at_most && draws[0].plus(draws[1]) > at_most, "{draws:?} of {at_most}");
}

#[tokio::test(start_paused = true)]
async fn no_fault_makes_more_machines_boot_at_one_time_than_can_be_fed() {
    let rack = tight();
    let world = simulate(&rack);
    converge("tight", &rack, &fleet(&world, &rack)).await;
    let calls = world.calls();
    assert_eq!(judge(&rack, &world).await, [] as [String; 0]);
    for fault in [Fault::LostOrder, Fault::LostAnswer, Fault::Refused, Fault::Garbage, Fault::Slow]
    {
        // A sample: all of them take minutes.
        for call in (1..=calls).step_by(4) {
            let world = simulate(&rack).with_latency(7).with_fault(call, fault);
            let name = format!("{fault:?} at call {call}");
            converge(&name, &rack, &fleet(&world, &rack)).await;
            assert_eq!(judge(&rack, &world).await, [] as [String; 0], "{name}");
        }
    }
}
