use super::rack::{CONTROLLER, Rack, blueprint, config, knobs, vlan};
use rackberry_core::{PoePower, PortNo, PowerCtl, Switch};
use rackberry_routeros::fake::{Fake, Fault, Knobs};
use rackberry_routeros::{Config, RouterOs, Trust};
use rackberry_testkit::laws::{Outlet, Patience, Ports};
use rackberry_testkit::{World, conform};
use std::sync::Arc;

fn ports() -> Ports {
    Ports { spare: PortNo(2), absent: PortNo(6), vlan: vlan(77), patience: Patience::default() }
}

async fn with(knobs: Knobs) -> Arc<dyn Switch> {
    Arc::new(Rack::with(World::new(blueprint()), knobs).await.into_switch())
}

async fn switch() -> Arc<dyn Switch> {
    with(knobs()).await
}

async fn slow_switch() -> Arc<dyn Switch> {
    Arc::new(Rack::with(World::new(blueprint()).with_latency(9), knobs()).await.into_switch())
}

async fn https_switch() -> Arc<dyn Switch> {
    let world = World::new(blueprint());
    let served = Fake::serve(world.switch(&super::rack::sw()), Knobs::default()).await.unwrap();
    let trust = Trust::Authority(served.authority().into());
    let config = Config { trust, ..config(&served) };
    std::mem::forget(served);
    Arc::new(RouterOs::new(config))
}

/// Its bridge does not filter VLANs.
async fn flat_switch() -> Arc<dyn Switch> {
    with(Knobs { filters: false, ..knobs() }).await
}

/// The controller's own port is off.
async fn silent_switch() -> Arc<dyn Switch> {
    let mut room = blueprint();
    let ports = &mut room.switches[0].ports;
    ports.get_mut(&CONTROLLER).unwrap().enabled = false;
    Arc::new(Rack::with(World::new(room), knobs()).await.into_switch())
}

async fn garbled_switch() -> Arc<dyn Switch> {
    with(Knobs { fault: Some(Fault::Stranger), ..knobs() }).await
}

async fn locked_switch() -> Arc<dyn Switch> {
    with(Knobs { password: "another".into(), ..knobs() }).await
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

// RouterOS limits no port by watts.
conform!(switch: switch, ports(), skips: ["limit"]);
conform!(silent_switch: silent_switch, ports(), skips: []);
conform!(garbled_switch: garbled_switch, ports(), skips: []);
conform!(locked_switch: locked_switch, ports(), skips: []);
conform!(power: outlet, Outlet::default(), skips: []);
conform!(silent_power: silent_outlet, Outlet::default(), skips: []);
conform!(absent_power: absent_outlet, Outlet::default(), skips: []);

mod slow {
    use super::*;
    conform!(switch: slow_switch, ports(), skips: ["limit"]);
}

mod https {
    use super::*;
    conform!(switch: https_switch, ports(), skips: ["limit"]);
}

mod flat {
    use super::*;
    conform!(switch: flat_switch, ports(), skips: ["limit", "vlans"]);
}
