//! Two machines on a switch of five ports, and the controller behind the fifth.

use rackberry_core::{Milliwatts, PortNo, SwitchId, Tagging, VlanId};
use rackberry_routeros::fake::{Fake, Knobs, Served};
use rackberry_routeros::{Config, RouterOs, Trust};
use rackberry_testkit::{
    Blueprint, Boots, Feed, Jack, Load, MachinePlan, SwitchPlan, Uplink, World,
};

pub(crate) const CONTROLLER: PortNo = PortNo(5);
pub(crate) const PASSWORD: &str = "Password1";

/// A room, the switch in it, and a client of that switch.
pub(crate) struct Rack {
    pub(crate) world: World,
    pub(crate) served: Served,
    pub(crate) switch: RouterOs,
}

pub(crate) fn sw() -> SwitchId {
    SwitchId::new("sw")
}

pub(crate) fn vlan(number: u16) -> VlanId {
    VlanId::try_from(number).unwrap()
}

pub(crate) fn blueprint() -> Blueprint {
    let load = Load { class: 4, idle: Milliwatts(4_400), boot: Milliwatts(7_000) };
    let machine = |id, port| MachinePlan {
        feed: Feed::Poe(load),
        boots: Boots::Nothing,
        ..MachinePlan::new(id, Some(Jack::new("sw", port)))
    };
    let mut switch = SwitchPlan::new("sw", 5).with_poe(Milliwatts(63_000));
    switch.model = "RB960PGS".into();
    switch.serial = Some("HC207".into());
    let vlans = [(VlanId::default(), Tagging::Untagged)].into();
    Blueprint {
        switches: vec![switch],
        machines: vec![machine("pi-1", 1), machine("pi-2", 2)],
        uplink: Some(Uplink { jack: Jack::new("sw", CONTROLLER.0), vlans }),
        ..Blueprint::default()
    }
}

/// HTTP, so that a thousand switches are made quickly.
pub(crate) fn knobs() -> Knobs {
    Knobs { tls: false, ..Knobs::default() }
}

pub(crate) fn config(served: &Served) -> Config {
    Config::new(served.address.to_string(), "admin", PASSWORD.into(), Trust::PlainHttp)
}

impl Rack {
    pub(crate) async fn new() -> Rack {
        Rack::with(World::new(blueprint()), knobs()).await
    }

    pub(crate) async fn with(world: World, knobs: Knobs) -> Rack {
        let served = Fake::serve(world.switch(&sw()), knobs).await.unwrap();
        let switch = RouterOs::new(config(&served));
        Rack { world, served, switch }
    }

    /// A client of a switch that is served until the test ends.
    pub(crate) fn into_switch(self) -> RouterOs {
        std::mem::forget(self.served);
        self.switch
    }

    /// What was ordered: all requests that are no reading.
    pub(crate) fn written(&self) -> Vec<String> {
        let all = self.served.journal().into_iter();
        let orders = all.filter(|it| it.method != "GET" && !it.path.ends_with("/monitor"));
        orders.map(|it| format!("{} {} {}", it.method, it.path, it.body)).collect()
    }
}
