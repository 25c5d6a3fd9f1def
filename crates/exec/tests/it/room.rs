//! The rack that the tests bring up, on a simulated one.

use rackberry::testkit::World;
use rackberry::world::{fleet, simulate};
use rackberry_exec::{Fleet, How, Patience};
use rackberry_plan::{Resolved, Source};
use std::path::Path;

/// One of the racks that people run.
pub(crate) fn rack(name: &str) -> Resolved {
    let racks = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/racks");
    let text = std::fs::read(racks.join(format!("{name}.yaml"))).unwrap();
    Source::read(name, &text).unwrap().0.resolve().unwrap()
}

/// The smallest of them.
pub(crate) fn lifeboat() -> Resolved {
    rack("lifeboat")
}

/// A simulated rack of bare boards, and its handles.
pub(crate) fn room(rack: &Resolved) -> (World, Fleet) {
    let world = simulate(rack);
    let fleet = fleet(&world, rack);
    (world, fleet)
}

/// A simulated rack counts its time in calls, so nothing is waited for.
pub(crate) fn at_once() -> How<'static> {
    How { patience: Patience::NONE, idle: 50, ..How::default() }
}
