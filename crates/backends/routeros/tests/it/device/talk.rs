use super::rack::{Rack, blueprint, config, knobs, sw, vlan};
use rackberry_core::{
    BitsPerSecond, ErrorKind, Milliwatts, PoeGauge, PoePriority, PortNo, Power, Switch, VlanTable,
    Volts,
};
use rackberry_routeros::fake::{Fake, Fault, Knobs, room};
use rackberry_routeros::{Config, RouterOs};
use rackberry_testkit::World;
use std::error::Error as _;

#[tokio::test]
async fn everything_that_the_switch_knows_is_read() {
    let rack = Rack::new().await;
    let mut seen = rack.switch.observe().await.unwrap();
    let gauge = &seen.ports[&PortNo(1)].poe.as_ref().unwrap().gauge;
    assert_eq!((gauge.voltage, gauge.fault.as_deref()), (Some(Volts(53)), None));
    // The room measures nothing but watts.
    for poe in seen.ports.values_mut().filter_map(|it| it.poe.as_mut()) {
        poe.gauge = PoeGauge::default();
    }
    let mut real = rack.world.switch(&sw()).observe().await.unwrap();
    // No menu says the class, or what all ports together may deliver.
    real.budget = None;
    real.ports.values_mut().filter_map(|it| it.poe.as_mut()).for_each(|it| it.class = None);
    assert!(seen.ports[&PortNo(1)].poe.as_ref().unwrap().draw > Milliwatts(0));
    assert_eq!(seen.ports[&PortNo(1)].link, Some(BitsPerSecond(1_000_000_000)));
    assert_eq!(seen, real);
}

#[tokio::test]
async fn a_crs328_has_its_cages_behind_its_sockets_and_450_watts() {
    let world = World::new(room());
    let served = Fake::serve(world.switch(&sw()), knobs()).await.unwrap();
    let switch = RouterOs::new(config(&served));
    let seen = switch.observe().await.unwrap();
    assert_eq!((seen.ports.len(), seen.budget), (28, Some(Milliwatts(450_000))));
    assert_eq!(seen.ports[&PortNo(28)].name, "uplink");
    let fed = seen.ports.iter().filter(|it| it.1.poe.is_some()).map(|it| it.0.0);
    assert!(fed.eq(1..=24));
    switch.set_port(PortNo(26), false).await.unwrap();
    assert!(!world.switch(&sw()).observe().await.unwrap().ports[&PortNo(26)].enabled);
}

#[tokio::test]
async fn what_is_so_already_is_not_sent() {
    let rack = Rack::new().await;
    let seen = rack.switch.observe().await.unwrap();
    let poe = rack.switch.poe().unwrap();
    poe.set_poe(PortNo(1), Power::On).await.unwrap();
    poe.set_priority(PortNo(1), PoePriority::Low).await.unwrap();
    poe.set_limit(PortNo(1), None).await.unwrap();
    rack.switch.set_port(PortNo(1), true).await.unwrap();
    rack.switch.set_vlans(seen.vlans.as_ref().unwrap()).await.unwrap();
    assert_eq!(rack.written(), Vec::<String>::new());
}

#[tokio::test]
async fn an_order_is_one_request_that_changes_one_thing() {
    let rack = Rack::new().await;
    let poe = rack.switch.poe().unwrap();
    poe.set_priority(PortNo(2), PoePriority::High).await.unwrap();
    poe.set_poe(PortNo(2), Power::Off).await.unwrap();
    rack.switch.set_port(PortNo(3), false).await.unwrap();
    let orders = [
        r#"PATCH /rest/interface/ethernet/poe/*2 {"poe-priority":"5"}"#,
        r#"PATCH /rest/interface/ethernet/poe/*2 {"poe-out":"off"}"#,
        r#"PATCH /rest/interface/ethernet/*3 {"disabled":"yes"}"#,
    ];
    assert_eq!(rack.written(), orders);
}

#[tokio::test]
async fn a_limit_is_unsupported_where_the_port_is_fed_and_not_found_elsewhere() {
    let rack = Rack::new().await;
    let poe = rack.switch.poe().unwrap();
    let limit = Some(Milliwatts(5_000));
    let fed = poe.set_limit(PortNo(1), limit).await.unwrap_err();
    assert_eq!(fed.kind(), ErrorKind::Unsupported);
    let unfed = poe.set_limit(PortNo(5), limit).await.unwrap_err();
    assert_eq!(unfed.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn an_order_that_is_answered_and_not_done_is_told_from_one_that_is_done() {
    let rack =
        Rack::with(World::new(blueprint()), Knobs { fault: Some(Fault::Lost), ..knobs() }).await;
    let mut wish = VlanTable::factory((1..=5).map(PortNo));
    wish.vlans.insert(vlan(20), Default::default());
    let poe = rack.switch.poe().unwrap();
    let orders = [
        poe.set_poe(PortNo(1), Power::Off).await,
        poe.set_priority(PortNo(1), PoePriority::Critical).await,
        rack.switch.set_port(PortNo(3), false).await,
        rack.switch.set_vlans(&wish).await,
    ];
    for order in orders {
        assert_eq!(order.unwrap_err().kind(), ErrorKind::Refused);
    }
}

#[tokio::test]
async fn a_bridge_that_does_not_filter_is_said_what_to_do_with() {
    let rack = Rack::with(World::new(blueprint()), Knobs { filters: false, ..knobs() }).await;
    assert_eq!(rack.switch.observe().await.unwrap().vlans, None);
    let table = VlanTable::factory((1..=5).map(PortNo));
    let why = rack.switch.set_vlans(&table).await.unwrap_err();
    assert_eq!(why.kind(), ErrorKind::Unsupported);
    assert!(why.source().unwrap().to_string().contains("vlan-filtering=yes"), "{why:?}");
}

#[tokio::test]
async fn another_bridge_than_the_configured_one_has_no_vlans() {
    let rack = Rack::new().await;
    let with = |name: &str| Config { bridge: Some(name.into()), ..config(&rack.served) };
    assert!(RouterOs::new(with("bridge")).observe().await.unwrap().vlans.is_some());
    assert!(RouterOs::new(with("another")).observe().await.unwrap().vlans.is_none());
}

#[tokio::test]
async fn another_model_or_serial_number_is_never_ordered_anything() {
    let rack = Rack::new().await;
    let model = Some("CRS328-24P-4S+RM".to_owned());
    let serial = Some("not-this-one".to_owned());
    for wrong in
        [Config { model, ..config(&rack.served) }, Config { serial, ..config(&rack.served) }]
    {
        let switch = RouterOs::new(wrong);
        let table = VlanTable::default();
        let orders = [
            switch.poe().unwrap().set_poe(PortNo(1), Power::Off).await,
            switch.set_port(PortNo(1), false).await,
            switch.set_vlans(&table).await,
            switch.observe().await.map(|_| ()),
        ];
        for order in orders {
            assert_eq!(order.unwrap_err().kind(), ErrorKind::Invalid);
        }
    }
    assert_eq!(rack.written(), Vec::<String>::new());
}

#[tokio::test]
async fn a_look_costs_eight_requests_over_one_connection() {
    let rack = Rack::new().await;
    rack.switch.observe().await.unwrap();
    assert_eq!(rack.served.requests(), 8);
    rack.switch.observe().await.unwrap();
    assert_eq!((rack.served.requests(), rack.served.connections()), (16, 1));
}
