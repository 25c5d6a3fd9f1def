//! What is said of an order that fails: where it was, what it was, and whether it may have been carried out.

use super::rack::{Rack, blueprint, config, knobs};
use crate::fake::rig::{Client, PASSWORD};
use rackberry_core::{Error, ErrorKind, PortNo, Power, Switch, Tagging, VlanId, VlanTable};
use rackberry_gs305ep::fake::{Access, Fault, Knobs};
use rackberry_gs305ep::{Config, Gs305ep};
use rackberry_testkit::World;
use std::error::Error as _;

fn factory() -> VlanTable {
    VlanTable::factory((1..=5).map(PortNo))
}

/// The first port has left VLAN 1 for VLAN 20.
fn moved() -> VlanTable {
    let mut table = factory();
    let vlan = VlanId::try_from(20).unwrap();
    table.vlans.insert(vlan, [(PortNo(1), Tagging::Untagged)].into());
    table.vlans.get_mut(&VlanId::default()).unwrap().remove(&PortNo(1));
    table.pvids.insert(PortNo(1), vlan);
    table
}

/// What is said where the switch takes one form of the way from a table to another and does nothing.
async fn unheard(from: &VlanTable, to: &VlanTable, form: u64) -> Error {
    let rack = Rack::new().await;
    rack.switch.set_vlans(from).await.unwrap();
    // The dashboard is known: each form is a page that is read, and the form.
    rack.switch.observe().await.unwrap();
    rack.served.fault(rack.served.requests() + 2 * form, Fault::Stub);
    rack.switch.set_vlans(to).await.unwrap_err()
}

#[tokio::test]
async fn a_vlan_form_that_is_taken_and_not_carried_out_is_named() {
    let there = ["make VLAN 20", "make VLAN 20 the PVID of port 1", "set the members of VLAN 1"];
    let back = ["set the members of VLAN 1", "make VLAN 1 the PVID of port 1", "remove VLAN 20"];
    for (from, to, said) in [(factory(), moved(), there), (moved(), factory(), back)] {
        for (form, said) in (1..).zip(said) {
            let why = unheard(&from, &to, form).await;
            assert_eq!(why.kind(), ErrorKind::Refused, "{why:?}");
            assert_eq!(why.to_string(), format!("failed to {said}"));
            assert!(why.source().unwrap().to_string().contains("nothing was changed"), "{why:?}");
        }
    }
}

#[tokio::test]
async fn a_form_that_is_answered_as_no_form_is_leaves_a_doubt_and_is_not_sent_again() {
    let rack = Rack::new().await;
    rack.switch.observe().await.unwrap();
    let before = rack.served.requests();
    rack.served.fault(before + 2, Fault::Stub);
    let why = rack.switch.poe().unwrap().set_poe(PortNo(1), Power::Off).await.unwrap_err();
    assert_eq!(why.kind(), ErrorKind::Protocol);
    assert_eq!(why.to_string(), "failed to set the PoE of port 1");
    assert_eq!(rack.served.requests(), before + 2);
}

#[tokio::test]
async fn a_lost_connection_is_told_with_the_page_and_the_switch() {
    let rack = Rack::new().await;
    let at = rack.served.address;
    let said = ["read /login.cgi", "send a form to /login.cgi", "read /dashboard.cgi"];
    for (request, said) in (1..).zip(said) {
        let (rack, other) = (&rack, Gs305ep::new(config(&rack.served)));
        rack.served.fault(rack.served.requests() + request, Fault::ResetBefore);
        let why = other.observe().await.unwrap_err();
        assert_eq!(why.kind(), ErrorKind::Unreachable);
        assert_eq!(why.to_string(), format!("failed to {said} of the switch at {at}"));
    }
}

#[tokio::test]
async fn a_login_that_fails_is_told_with_the_switch() {
    let rack = Rack::new().await;
    let other = Gs305ep::new(Config { password: "wrong".into(), ..config(&rack.served) });
    let why = other.observe().await.unwrap_err();
    assert_eq!(
        why.to_string(),
        format!("failed to log in (the switch at {})", rack.served.address)
    );
}

#[tokio::test]
async fn a_port_without_a_limit_of_its_own_keeps_its_way_of_limiting_where_none_is_asked() {
    let access = Access { sessions: 2, ..Access::default() };
    let rack = Rack::with(World::new(blueprint()), Knobs { access, ..knobs() }).await;
    let mut browser = Client { address: rack.served.address, sid: None };
    browser.log_in(PASSWORD).await;
    let form = "ACTION=Apply&portID=0&ADMIN_MODE=1&PORT_PRIO=0&POW_MOD=3&DETEC_TYP=2";
    for kind in [0, 1] {
        let form = format!("{form}&DISCONNECT_TYP=2&POW_LIMT_TYP={kind}&POW_LIMT=30.0");
        assert_eq!(browser.post("/PoEPortConfig.cgi", &form).await, "SUCCESS");
        let sent = || rack.served.journal().iter().filter(|it| it.method == "POST").count();
        rack.switch.observe().await.unwrap();
        let before = sent();
        rack.switch.poe().unwrap().set_limit(PortNo(1), None).await.unwrap();
        assert_eq!(sent(), before, "type {kind}");
    }
}
