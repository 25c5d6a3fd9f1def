//! Two faults in one run, and slow racks, on a simulated rack that judges the end.

use crate::converge::{RACKS, converge, rack};
use crate::judge::judge;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use rackberry::plan::Resolved;
use rackberry::testkit::Fault;
use rackberry::world::{fleet, simulate};
use std::sync::LazyLock;
use tokio::runtime::{Builder, Runtime};

const FAULTS: [Fault; 5] =
    [Fault::LostOrder, Fault::LostAnswer, Fault::Refused, Fault::Garbage, Fault::Slow];

/// These racks, and how many calls it takes to bring each up where nothing goes wrong.
static UNDISTURBED: LazyLock<Vec<(Resolved, usize)>> = LazyLock::new(|| {
    let calls = |name: &&str| {
        let rack = rack(name);
        let world = simulate(&rack);
        runtime().block_on(converge(name, &rack, &fleet(&world, &rack)));
        (rack, world.calls())
    };
    RACKS.iter().map(calls).collect()
});

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

async fn survive(rack: &Resolved, latency: u64, faults: &[(usize, Fault)]) {
    let mut world = simulate(rack).with_latency(latency);
    for (call, fault) in faults {
        world = world.with_fault(*call, *fault);
    }
    let name = format!("{} at latency {latency} with {faults:?}", rack.rack.rack);
    converge(&name, rack, &fleet(&world, rack)).await;
    assert_eq!(judge(rack, &world).await, [] as [String; 0], "{name}");
}

/// A rack, a latency, and two calls that go wrong.
fn pairs() -> impl Strategy<Value = (usize, u64, [(usize, Fault); 2])> {
    (0..RACKS.len()).prop_flat_map(|at| {
        let calls = UNDISTURBED[at].1;
        let fault = || (1..=calls, select(&FAULTS[..]));
        (Just(at), 1_u64..=40, [fault(), fault()])
    })
}

/// The same cases at every run, unless the environment asks for more or for others.
fn some_dozen() -> ProptestConfig {
    let asked = |name| std::env::var_os(name).is_some();
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if !asked("PROPTEST_CASES") {
        config.cases = 48;
    }
    if !asked("PROPTEST_RNG_SEED") {
        config.rng_seed = RngSeed::Fixed(1);
    }
    config
}

proptest! {
    #![proptest_config(some_dozen())]

    #[test]
    fn any_two_faults_are_survived((at, latency, faults) in pairs()) {
        runtime().block_on(survive(&UNDISTURBED[at].0, latency, &faults));
    }
}

#[tokio::test(start_paused = true)]
async fn racks_come_up_however_slow_they_are() {
    for name in RACKS {
        let stride = if ["two-dozen.yaml", "k3s-expansion.yaml"].contains(&name) { 8 } else { 3 };
        for latency in (0..=40).step_by(stride) {
            survive(&rack(name), latency, &[]).await;
        }
    }
}
