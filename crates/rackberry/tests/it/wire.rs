//! Whole racks come up from bare boards though their switches are spoken to as real ones are: over HTTP, by clients that
//! know nothing of the simulated rack behind.

use crate::converge::rack;
use crate::judge::judge;
use rackberry::core::Switch;
use rackberry::exec::{Finish, Fleet, How, Memory, Patience, converge};
use rackberry::gs305ep::{self, Gs305ep, Model};
use rackberry::plan::Resolved;
use rackberry::routeros::{self, RouterOs, Trust};
use rackberry::testkit::World;
use rackberry::world::{fleet, simulate};
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

/// What serves a switch, and a client of it; none where nothing here drives its model.
async fn driven(
    rack: &Resolved,
    at: usize,
    world: &World,
) -> Option<(Box<dyn Any>, Arc<dyn Switch>)> {
    let id = &rack.switches[at].id;
    let written = &rack.rack.switches[id];
    let (switch, budget) = (world.switch(id), Some(rack.switches[at].budget));
    if let Some(model) = Model::named(&written.model) {
        let mut knobs = gs305ep::fake::Knobs { model, ..gs305ep::fake::Knobs::default() };
        knobs.feeding.detection = Duration::ZERO;
        let served = gs305ep::fake::Fake::serve(switch, knobs).await.unwrap();
        let config = gs305ep::Config::new(served.address.to_string(), "Password1".into());
        let config = gs305ep::Config { pace: Duration::ZERO, budget, ..config };
        return Some((Box::new(served), Arc::new(Gs305ep::new(config))));
    }
    if !written.model.starts_with("CRS") {
        return None;
    }
    let knobs = routeros::fake::Knobs::default();
    let served = routeros::fake::Fake::serve(switch, knobs).await.unwrap();
    let pin = routeros::Fingerprint::try_from(served.fingerprint().to_string()).unwrap();
    let (address, trust) = (served.address.to_string(), Trust::Fingerprint(pin));
    let config = routeros::Config::new(address, "admin", "Password1".into(), trust);
    let config = routeros::Config { budget, ..config };
    Some((Box::new(served), Arc::new(RouterOs::new(config))))
}

async fn comes_up(name: &str) {
    let rack = rack(name);
    let world = simulate(&rack);
    let mut fleet: Fleet = fleet(&world, &rack);
    let mut served = Vec::new();
    for at in 0..rack.switches.len() {
        let Some((server, switch)) = driven(&rack, at, &world).await else { continue };
        fleet.put_switch(&rack, at, switch, Duration::ZERO);
        served.push(server);
    }
    assert!(!served.is_empty(), "{name} has no switch that is driven");
    let how = How { patience: Patience::NONE, rounds: 400, idle: 50, ..How::default() };
    let reached = converge(&rack, &fleet, &mut Memory::default(), &how).await;
    let unproved = reached.outcome.as_ref().map(|it| &it.unproved);
    assert_eq!(reached.finish, Finish::Described, "{name}: {unproved:?}, {:?}", reached.missed);
    assert_eq!(judge(&rack, &world).await, [] as [String; 0], "{name}");
}

#[tokio::test]
async fn a_rack_comes_up_on_a_switch_that_answers_with_pages() {
    comes_up("lifeboat.yaml").await;
}

#[tokio::test]
async fn a_rack_comes_up_on_a_switch_that_answers_with_json() {
    comes_up("two-dozen.yaml").await;
}
