use rackberry_core::{Milliwatts, PortNo, Tagging, VlanId};
use rackberry_testkit::{Blueprint, Feed, Jack, Load, MachinePlan, PoePlan, SwitchPlan, Uplink};

/// The ports of a CRS328-24P-4S+RM, and how many of them are fed.
const PORTS: u16 = 28;
const FED: u16 = 24;

/// A room to try a CRS328-24P-4S+RM in, which is called `sw`: machines at its first three ports, and the way to the
/// controller at the last one.
pub fn room() -> Blueprint {
    let mut switch = SwitchPlan::new("sw", PORTS);
    switch.model = "CRS328-24P-4S+RM".into();
    switch.serial = Some("D4220000FA4E".into());
    switch.budget = Some(Milliwatts(450_000));
    for (port, it) in &mut switch.ports {
        it.poe = (port.0 <= FED).then(PoePlan::default);
    }
    if let Some(it) = switch.ports.get_mut(&PortNo(PORTS)) {
        it.name = "uplink".into();
    }
    let vlans = [(VlanId::default(), Tagging::Untagged)].into();
    let uplink = Some(Uplink { jack: Jack::new("sw", PORTS), vlans });
    let machines = (1..=3).map(machine).collect();
    Blueprint { switches: vec![switch], machines, uplink, ..Blueprint::default() }
}

fn machine(port: u16) -> MachinePlan {
    let load = Load { class: 4, idle: Milliwatts(4_400), boot: Milliwatts(7_900) };
    let jack = Jack::new("sw", port);
    MachinePlan { feed: Feed::Poe(load), ..MachinePlan::new(format!("pi{port}"), Some(jack)) }
}
