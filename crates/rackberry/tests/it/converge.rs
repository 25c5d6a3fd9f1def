//! Whole racks from bare boards to the described state, on a simulated rack that judges the end.

use crate::judge::judge;
use rackberry::exec::{End, Events, Fleet, Memory, Patience, Stop, execute};
use rackberry::plan::{Rack, Resolved, Source, plan_from, verify_from};
use rackberry::testkit::Fault;
use rackberry::world::{fleet, simulate};
use std::path::Path;

/// A rack that people run, as its file says.
pub(crate) fn read(name: &str) -> Rack {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/racks").join(name);
    Source::read(name, &std::fs::read(path).unwrap()).unwrap().0
}

fn rack(name: &str) -> Resolved {
    read(name).resolve().unwrap()
}

pub(crate) const RACKS: [&str; 5] = [
    "lifeboat.yaml",
    "two-dozen.yaml",
    "proxmox-talos.yaml",
    "talos-managed.yaml",
    "k3s-expansion.yaml",
];

/// Time is counted in calls, so a step is looked at again at once, as often as it may take.
const CALLS: Patience = Patience::NONE;

/// Observes, plans and executes until nothing is left to do. Returns the rounds that took.
pub(crate) async fn converge(name: &str, rack: &Resolved, fleet: &Fleet) -> usize {
    for round in 0..400 {
        let seen = fleet.observe().await.seen;
        let (_, plan) = plan_from(rack, &seen).unwrap();
        if plan.steps.is_empty() && plan.unreached.is_empty() {
            return round;
        }
        if let Err(why) = verify_from(&plan, rack, &seen) {
            panic!("{name}: {}", why.iter().map(|it| format!("{it}\n")).collect::<String>());
        }
        let mut journal = Memory::default();
        let (stop, events) = (Stop::default(), Events::default());
        let outcome = execute(&plan, fleet, &mut journal, CALLS, &stop, &events).await;
        if round > 390 {
            let left: Vec<_> = outcome
                .unproved
                .iter()
                .map(|it| format!("{}: {}", plan.steps[it.step].action, it.why))
                .collect();
            panic!("{name} does not converge: {left:?}\n{:?}", plan.unreached);
        }
        let _ = outcome.end == End::Done;
    }
    panic!("{name} does not converge");
}

#[tokio::test(start_paused = true)]
async fn every_rack_comes_up_from_bare_boards() {
    for name in RACKS {
        let rack = rack(name);
        let world = simulate(&rack);
        let rounds = converge(name, &rack, &fleet(&world, &rack)).await;
        eprintln!("{name}: {rounds} rounds, {} calls", world.calls());
        assert_eq!(judge(&rack, &world).await, [] as [String; 0], "{name}");
    }
}

/// Every call lost, the order or the answer; and every seventh one wrong in another way. The benchmark `bringup`
/// takes all of them, for every rack.
#[tokio::test(start_paused = true)]
async fn any_single_fault_is_survived() {
    let rack = rack("lifeboat.yaml");
    let world = simulate(&rack);
    converge("lifeboat", &rack, &fleet(&world, &rack)).await;
    let calls = world.calls();
    let often = [(Fault::LostOrder, 1), (Fault::LostAnswer, 1)];
    let seldom = [(Fault::Refused, 7), (Fault::Garbage, 7), (Fault::Slow, 7)];
    for (fault, stride) in often.into_iter().chain(seldom) {
        for call in (1..=calls).step_by(stride) {
            let world = simulate(&rack).with_fault(call, fault);
            let name = format!("{fault:?} at call {call}");
            converge(&name, &rack, &fleet(&world, &rack)).await;
            assert_eq!(judge(&rack, &world).await, [] as [String; 0], "{name}");
        }
    }
}
