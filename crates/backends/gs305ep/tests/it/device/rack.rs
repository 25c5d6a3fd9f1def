//! Two machines on a switch of five ports, and the controller behind the fifth.

use rackberry_core::{Milliwatts, PortNo, SwitchId, Tagging, VlanId};
use rackberry_gs305ep::fake::{Clock, Fake, Knobs, Served};
use rackberry_gs305ep::{Config, Gs305ep, Model};
use rackberry_testkit::{
    Blueprint, Boots, Feed, Jack, Load, MachinePlan, SwitchPlan, Uplink, World,
};
use std::time::Duration;

pub(crate) const CONTROLLER: PortNo = PortNo(5);

/// A room, the switch in it, and a client of that switch.
pub(crate) struct Rack {
    pub(crate) world: World,
    pub(crate) served: Served,
    pub(crate) switch: Gs305ep,
}

pub(crate) fn sw() -> SwitchId {
    SwitchId::new("sw")
}

pub(crate) fn blueprint() -> Blueprint {
    let load = Load { class: 4, idle: Milliwatts(4_400), boot: Milliwatts(7_000) };
    let machine = |id, port| MachinePlan {
        feed: Feed::Poe(load),
        boots: Boots::Nothing,
        ..MachinePlan::new(id, Some(Jack::new("sw", port)))
    };
    let mut switch = SwitchPlan::new("sw", 5).with_poe(Milliwatts(63_000));
    switch.model = "GS305EP".into();
    switch.serial = Some("5WG1".into());
    if let Some(port) = switch.ports.get_mut(&CONTROLLER) {
        port.poe = None;
    }
    let vlans = [(VlanId::default(), Tagging::Untagged)].into();
    Blueprint {
        switches: vec![switch],
        machines: vec![machine("pi-1", 1), machine("pi-2", 2)],
        uplink: Some(Uplink { jack: Jack::new("sw", CONTROLLER.0), vlans }),
        ..Blueprint::default()
    }
}

pub(crate) fn config(served: &Served) -> Config {
    Config {
        model: Some(Model::Gs305ep),
        pace: Duration::ZERO,
        ..Config::new(served.address.to_string(), "Password1".into())
    }
}

impl Rack {
    pub(crate) async fn new() -> Rack {
        Rack::with(World::new(blueprint()), knobs()).await
    }

    pub(crate) async fn with(world: World, knobs: Knobs) -> Rack {
        let served = Fake::serve(world.switch(&sw()), knobs).await.unwrap();
        let switch = Gs305ep::new(config(&served));
        Rack { world, served, switch }
    }

    /// A client of a switch that is served until the test ends.
    pub(crate) fn into_switch(self) -> Gs305ep {
        std::mem::forget(self.served);
        self.switch
    }
}

/// A switch whose time passes when it is told to.
pub(crate) fn knobs() -> Knobs {
    Knobs { clock: Clock::by_hand(), ..Knobs::default() }
}
