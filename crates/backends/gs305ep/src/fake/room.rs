use crate::Model;
use rackberry_core::{Milliwatts, PortNo, Tagging, VlanId};
use rackberry_testkit::{Blueprint, Feed, Jack, Load, MachinePlan, PoePlan, SwitchPlan, Uplink};

/// A room to try a switch in, which is called `sw`: machines at its first three ports, and the way to the controller at
/// the last one.
pub fn room(model: Model) -> Blueprint {
    let ports: Vec<PortNo> = model.ports().collect();
    let last = ports.last().map_or(1, |it| it.0);
    let mut switch = SwitchPlan::new("sw", last);
    switch.model = model.name().into();
    switch.budget = Some(model.budget());
    for (port, it) in &mut switch.ports {
        it.poe = model.feeds(*port).then(PoePlan::default);
        it.name = match port.0 {
            number @ 1..=3 => format!("pi{number}"),
            number if number == last => "uplink".into(),
            _ => String::new(),
        };
    }
    let vlans = [(VlanId::default(), Tagging::Untagged)].into();
    let uplink = Some(Uplink { jack: Jack::new("sw", last), vlans });
    let machines = (1..=3).map(machine).collect();
    Blueprint { switches: vec![switch], machines, uplink, ..Blueprint::default() }
}

fn machine(port: u16) -> MachinePlan {
    let load = Load { class: 4, idle: Milliwatts(4_400), boot: Milliwatts(7_900) };
    let jack = Jack::new("sw", port);
    MachinePlan { feed: Feed::Poe(load), ..MachinePlan::new(format!("pi{port}"), Some(jack)) }
}
