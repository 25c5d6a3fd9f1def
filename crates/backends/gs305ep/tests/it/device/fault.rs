use super::rack::{Rack, config, sw};
use rackberry_core::{PortNo, Power, Result, Switch, Tagging, VlanId, VlanTable};
use rackberry_gs305ep::Gs305ep;
use rackberry_gs305ep::fake::Fault;
use std::time::Duration;

const FAULTS: [Fault; 8] = [
    Fault::ResetBefore,
    Fault::ResetAfter,
    Fault::Truncated,
    Fault::Empty,
    Fault::StaleHash,
    Fault::Stolen,
    Fault::Reboot,
    Fault::Stub,
];

/// What the orders lead to.
fn wish() -> VlanTable {
    let mut table = VlanTable::factory((1..=5).map(PortNo));
    let vlan = VlanId::try_from(20).unwrap();
    table.vlans.insert(vlan, [(PortNo(1), Tagging::Untagged), (PortNo(5), Tagging::Tagged)].into());
    table.vlans.get_mut(&VlanId::default()).unwrap().remove(&PortNo(1));
    table.pvids.insert(PortNo(1), vlan);
    table
}

async fn order(switch: &Gs305ep) -> Result<()> {
    switch.poe().unwrap().set_poe(PortNo(2), Power::Off).await?;
    switch.set_port(PortNo(3), false).await?;
    switch.set_vlans(&wish()).await
}

/// Whatever goes wrong with any one request, orders that say that they were carried out were, and the same orders
/// once more, by a client that knows nothing of those before, end in the wished state.
#[tokio::test]
async fn after_any_fault_of_any_request_the_same_orders_lead_to_the_same_state() {
    let rack = Rack::new().await;
    order(&rack.switch).await.unwrap();
    let requests = rack.served.requests();
    assert!(requests > 15, "{requests}");
    for fault in FAULTS {
        for request in 1..=requests {
            once(fault, request).await;
        }
    }
}

async fn once(fault: Fault, request: u64) {
    let context = format!("{fault:?} of request {request}");
    let rack = Rack::new().await;
    rack.served.fault(request, fault);
    let first = order(&rack.switch).await;
    // A switch that restarts does not hear of it.
    let _ = rack.switch.close().await;
    // Whoever has taken the session has lost it by then, and the switch has started.
    rack.served.clock().advance(Duration::from_secs(1200));
    let other = Gs305ep::new(config(&rack.served));
    if first.is_err() {
        order(&other).await.unwrap_or_else(|why| panic!("{context}: {why:?} after {first:?}"));
    }
    let seen = rack.world.switch(&sw()).observe().await.unwrap();
    assert_eq!(seen.vlans, Some(wish()), "{context}");
    assert!(!seen.ports[&PortNo(3)].enabled, "{context}");
    assert_eq!(seen.ports[&PortNo(2)].poe.as_ref().unwrap().power, Power::Off, "{context}");
    other.close().await.unwrap();
}
