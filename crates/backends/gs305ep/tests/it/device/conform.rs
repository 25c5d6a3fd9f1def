use super::rack::{CONTROLLER, Rack, blueprint, config, knobs};
use rackberry_core::{PoePower, PortNo, PowerCtl, Switch, VlanId};
use rackberry_gs305ep::Gs305ep;
use rackberry_testkit::laws::{Outlet, Patience, Ports};
use rackberry_testkit::{World, conform};
use std::sync::Arc;

fn ports() -> Ports {
    let vlan = VlanId::try_from(77).unwrap();
    Ports { spare: PortNo(2), absent: PortNo(6), vlan, patience: Patience::default() }
}

async fn switch() -> Arc<dyn Switch> {
    Arc::new(Rack::new().await.into_switch())
}

async fn slow_switch() -> Arc<dyn Switch> {
    Arc::new(Rack::with(World::new(blueprint()).with_latency(9), knobs()).await.into_switch())
}

/// The controller's own port is off.
async fn silent_switch() -> Arc<dyn Switch> {
    let mut room = blueprint();
    let ports = &mut room.switches[0].ports;
    ports.get_mut(&CONTROLLER).unwrap().enabled = false;
    Arc::new(Rack::with(World::new(room), knobs()).await.into_switch())
}

async fn outlet() -> Arc<dyn PowerCtl> {
    Arc::new(PoePower { switch: switch().await, port: PortNo(2) })
}

async fn silent_outlet() -> Arc<dyn PowerCtl> {
    Arc::new(PoePower { switch: silent_switch().await, port: PortNo(2) })
}

async fn absent_outlet() -> Arc<dyn PowerCtl> {
    Arc::new(PoePower { switch: switch().await, port: PortNo(6) })
}

/// Another client has the only session, and keeps it.
async fn busy_switch() -> Arc<dyn Switch> {
    let rack = Rack::new().await;
    rack.switch.observe().await.unwrap();
    let other = Gs305ep::new(config(&rack.served));
    std::mem::forget(rack);
    Arc::new(other)
}

conform!(switch: switch, ports(), skips: []);
conform!(silent_switch: silent_switch, ports(), skips: []);
conform!(busy_switch: busy_switch, ports(), skips: []);
conform!(power: outlet, Outlet::default(), skips: []);
conform!(silent_power: silent_outlet, Outlet::default(), skips: []);
conform!(absent_power: absent_outlet, Outlet::default(), skips: []);

mod slow {
    use super::*;
    conform!(switch: slow_switch, ports(), skips: []);
}
