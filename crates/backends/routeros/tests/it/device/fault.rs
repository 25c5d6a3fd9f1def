use super::rack::{Rack, config, sw, vlan};
use rackberry_core::{PortNo, Power, Result, Switch, Tagging, VlanId, VlanTable};
use rackberry_routeros::RouterOs;
use rackberry_routeros::fake::Fault;

/// What the orders lead to.
fn wish() -> VlanTable {
    let mut table = VlanTable::factory((1..=5).map(PortNo));
    let vlan = vlan(20);
    table.vlans.insert(vlan, [(PortNo(1), Tagging::Untagged), (PortNo(5), Tagging::Tagged)].into());
    table.vlans.get_mut(&VlanId::default()).unwrap().remove(&PortNo(1));
    table.pvids.insert(PortNo(1), vlan);
    table
}

async fn order(switch: &RouterOs) -> Result<()> {
    switch.poe().unwrap().set_poe(PortNo(2), Power::Off).await?;
    switch.set_port(PortNo(3), false).await?;
    switch.set_vlans(&wish()).await
}

/// Whatever goes wrong with any one request, orders that say that they were carried out were, and the same orders once
/// more, by a client that knows nothing of those before, end in the wished state.
#[tokio::test]
async fn after_any_fault_of_any_request_the_same_orders_lead_to_the_same_state() {
    let rack = Rack::new().await;
    order(&rack.switch).await.unwrap();
    let requests = rack.served.requests();
    assert!(requests > 15, "{requests}");
    for fault in Fault::ALL {
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
    let hurts = rack.served.requests() >= request;
    assert!(hurts, "{context} never came");
    if first.is_err() {
        let other = RouterOs::new(config(&rack.served));
        let second = order(&other).await;
        second.unwrap_or_else(|why| panic!("{context}: {why:?} after {first:?}"));
    }
    let seen = rack.world.switch(&sw()).observe().await.unwrap();
    assert_eq!(seen.vlans, Some(wish()), "{context}");
    assert!(!seen.ports[&PortNo(3)].enabled, "{context}");
    assert_eq!(seen.ports[&PortNo(2)].poe.as_ref().unwrap().power, Power::Off, "{context}");
}

/// A client that was cut off goes on by itself, with another connection.
#[tokio::test]
async fn a_lost_connection_is_begun_again_by_the_next_call() {
    for fault in [Fault::ResetBefore, Fault::ResetAfter, Fault::Truncated, Fault::Empty] {
        let rack = Rack::new().await;
        rack.switch.observe().await.unwrap();
        rack.served.fault(rack.served.requests() + 2, fault);
        let why = rack.switch.observe().await.unwrap_err();
        assert!(why.kind().is_uncertain(), "{fault:?}: {why:?}");
        rack.switch.observe().await.unwrap();
    }
}
