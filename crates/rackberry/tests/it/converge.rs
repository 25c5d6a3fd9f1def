//! Whole racks from bare boards to the described state, on a simulated rack that judges the end.

use crate::judge::judge;
use rackberry::core::NodeId;
use rackberry::exec::{Finish, Fleet, How, Memory, Patience, converge as run};
use rackberry::plan::{Rack, Resolved, Source};
use rackberry::testkit::{Fault, World};
use rackberry::world::{blueprint, described, fleet, simulate};
use std::path::Path;

/// A rack that people run, as its file says.
pub(crate) fn read(name: &str) -> Rack {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/racks").join(name);
    Source::read(name, &std::fs::read(path).unwrap()).unwrap().0
}

pub(crate) fn rack(name: &str) -> Resolved {
    read(name).resolve().unwrap()
}

pub(crate) const RACKS: [&str; 5] = [
    "lifeboat.yaml",
    "two-dozen.yaml",
    "proxmox-talos.yaml",
    "talos-managed.yaml",
    "k3s-expansion.yaml",
];

/// Goes on until nothing is left to do. Returns the rounds that took.
///
/// Time is counted in calls, so a step is looked at again at once, as often as it may take.
pub(crate) async fn converge(name: &str, rack: &Resolved, fleet: &Fleet) -> usize {
    let how = How { patience: Patience::NONE, rounds: 400, idle: 50, ..How::default() };
    let reached = run(rack, fleet, &mut Memory::default(), &how).await;
    let unreached = reached.plan.as_ref().map(|it| &it.unreached);
    let unproved = reached.outcome.as_ref().map(|it| &it.unproved);
    assert_eq!(reached.finish, Finish::Described, "{name}: {unreached:?}, {unproved:?}");
    reached.rounds
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

#[tokio::test(start_paused = true)]
async fn a_described_rack_that_was_saved_has_nothing_left_to_do() {
    let rack = rack("lifeboat.yaml");
    let saved = described(&rack).await.unwrap().save();
    let world = World::load(&saved).unwrap();
    assert_eq!(judge(&rack, &world).await, [] as [String; 0]);
    assert_eq!(converge("lifeboat", &rack, &fleet(&world, &rack)).await, 0);
}

/// A process that ends after a few rounds, and another that finds the rack as it was left.
#[tokio::test(start_paused = true)]
async fn a_rack_comes_up_though_it_is_saved_and_loaded_after_every_round() {
    for name in RACKS {
        let rack = rack(name);
        let mut world = simulate(&rack).with_latency(3);
        let how = How { patience: Patience::NONE, rounds: 1, ..How::default() };
        for _ in 0..400 {
            let reached = run(&rack, &fleet(&world, &rack), &mut Memory::default(), &how).await;
            if reached.finish == Finish::Described {
                break;
            }
            world = World::load(&world.save()).unwrap();
        }
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

#[tokio::test(start_paused = true)]
async fn ports_that_were_switched_off_are_switched_on() {
    let rack = rack("lifeboat.yaml");
    let mut room = blueprint(&rack);
    let ports = room.switches.iter_mut().flat_map(|it| it.ports.iter_mut());
    let spare = |port: &u16| !matches!(port, 1..=3);
    ports.filter(|it| !spare(&it.0.0)).for_each(|it| it.1.enabled = false);
    let world = World::new(room);
    converge("lifeboat", &rack, &fleet(&world, &rack)).await;
    assert_eq!(judge(&rack, &world).await, [] as [String; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_guest_that_was_moved_by_hand_is_moved_back_and_goes_on() {
    let rack = rack("lifeboat.yaml");
    let world = described(&rack).await.unwrap();
    let (guest, host) = (NodeId::new("talos-3"), NodeId::new("pve-3"));
    let os = world.os(&host);
    let before = os.guests().unwrap().observe().await.unwrap()[&guest].uid.clone();
    os.guests().unwrap().migrate(&guest, &NodeId::new("pve-1")).await.unwrap();
    world.tick(4);
    converge("lifeboat", &rack, &fleet(&world, &rack)).await;
    assert_eq!(os.guests().unwrap().observe().await.unwrap()[&guest].uid, before);
    assert_eq!(judge(&rack, &world).await, [] as [String; 0]);
}
