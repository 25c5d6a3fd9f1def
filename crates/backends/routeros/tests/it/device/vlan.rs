use super::rack::{CONTROLLER, Rack, knobs, sw, vlan};
use super::record::Recorder;
use crate::device::rack::blueprint;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::Index;
use rackberry_core::{ErrorKind, PortNo, Switch, Tagging, VlanId, VlanTable};
use rackberry_routeros::fake::{Fault, Knobs};
use rackberry_testkit::World;
use std::collections::BTreeMap;

type Members = Vec<Option<Tagging>>;

fn members() -> impl Strategy<Value = Members> {
    let tagging = [None, Some(Tagging::Untagged), Some(Tagging::Tagged)];
    vec(prop::sample::select(tagging.to_vec()), 5)
}

/// A table in which the controller keeps its way, and each PVID is of a VLAN that its port is in; some ports have none.
fn table() -> impl Strategy<Value = VlanTable> {
    let pick = prop::option::weighted(0.8, any::<Index>());
    let drawn = (btree_map(1..6_u16, members(), 0..5), vec(pick, 5));
    drawn.prop_map(|(vlans, picks)| sound(vlans, &picks))
}

fn sound(vlans: BTreeMap<u16, Members>, picks: &[Option<Index>]) -> VlanTable {
    let port = |at: usize| PortNo(at as u16 + 1);
    let mut table = VlanTable::default();
    for (number, members) in vlans {
        let members = members.into_iter().enumerate();
        let members = members.filter_map(|(at, it)| Some((port(at), it?))).collect();
        table.vlans.insert(vlan(number), members);
    }
    let first = VlanId::default();
    table.vlans.entry(first).or_default().insert(CONTROLLER, Tagging::Untagged);
    for (at, pick) in picks.iter().enumerate() {
        let mut own: Vec<VlanId> = table.vlans.keys().copied().collect();
        own.retain(|vlan| table.member(port(at), *vlan).is_some());
        if let Some(pick) = pick.filter(|_| !own.is_empty()) {
            table.pvids.insert(port(at), own[pick.index(own.len())]);
        }
    }
    table.pvids.insert(CONTROLLER, first);
    table
}

/// Whoever is a member in both tables is one on the way from one to the other, and so is every port of its PVID.
fn keeps(a: &VlanTable, b: &VlanTable, seen: &VlanTable) -> Tested {
    for (vlan, members) in &a.vlans {
        for port in members.keys().filter(|it| b.member(**it, *vlan).is_some()) {
            prop_assert!(seen.member(*port, *vlan).is_some(), "{} of {} in {}", port, vlan, seen);
        }
    }
    for (port, vlan) in &seen.pvids {
        prop_assert!(seen.member(*port, *vlan).is_some(), "PVID of {} in {}", port, seen);
    }
    Ok(())
}

type Tested = Result<(), TestCaseError>;

fn wait(future: impl Future<Output = Tested>) -> Tested {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn from_any_table_to_any_other_the_controller_keeps_its_way(a in table(), b in table()) {
        wait(async {
            let rack = Rack::new().await;
            for wish in [&a, &b] {
                rack.switch.set_vlans(wish).await.unwrap();
                let seen = rack.switch.observe().await.unwrap().vlans;
                prop_assert_eq!(seen.as_ref(), Some(wish));
                let orders = rack.written().len();
                rack.switch.set_vlans(wish).await.unwrap();
                prop_assert_eq!(rack.written().len(), orders, "what is so already was sent");
            }
            Ok(())
        })?;
    }

    /// Every table that there is on the way is one that it may be broken off at.
    #[test]
    fn no_order_takes_a_membership_that_is_to_stay(chain in vec(table(), 2..6)) {
        wait(async {
            let (recorder, rack) = Recorder::rack().await;
            let mut now = VlanTable::factory((1..=5).map(PortNo));
            for wish in chain {
                rack.switch.set_vlans(&wish).await.unwrap();
                for seen in recorder.take() {
                    keeps(&now, &wish, &seen)?;
                }
                now = wish;
            }
            Ok(())
        })?;
    }

    #[test]
    fn broken_off_anywhere_there_is_too_much_membership_and_never_too_little(
        a in table(), b in table(), at in 0..60_u64,
    ) {
        wait(async {
            let rack = Rack::new().await;
            rack.switch.set_vlans(&a).await.unwrap();
            let next = rack.served.requests() + 1 + at;
            (next..next + 100).for_each(|it| rack.served.fault(it, Fault::ResetBefore));
            let _ = rack.switch.set_vlans(&b).await;
            let seen = rack.world.switch(&sw()).observe().await.unwrap().vlans.unwrap();
            keeps(&a, &b, &seen)?;
            Ok(())
        })?;
    }
}

fn own(number: u16) -> Knobs {
    Knobs { own: [vlan(number)].into(), ..knobs() }
}

/// A room whose switch has VLAN 20, with port 1 and the controller in it.
fn room() -> World {
    let mut room = blueprint();
    let table = room.switches[0].vlans.as_mut().unwrap();
    let both = [(PortNo(1), Tagging::Tagged), (CONTROLLER, Tagging::Tagged)];
    table.vlans.insert(vlan(20), both.into());
    World::new(room)
}

#[tokio::test]
async fn the_switch_itself_stays_a_member_of_its_vlans() {
    let rack = Rack::with(room(), own(20)).await;
    let mut wish = rack.switch.observe().await.unwrap().vlans.unwrap();
    wish.vlans.get_mut(&vlan(20)).unwrap().remove(&PortNo(1));
    rack.switch.set_vlans(&wish).await.unwrap();
    let orders = rack.written();
    assert_eq!(orders.len(), 1, "{orders:?}");
    assert!(orders[0].contains(r#""tagged":"bridge,ether5""#), "{orders:?}");
}

#[tokio::test]
async fn a_vlan_that_the_switch_itself_is_in_is_not_removed() {
    let rack = Rack::with(room(), own(20)).await;
    let wish = VlanTable::factory((1..=5).map(PortNo));
    let why = rack.switch.set_vlans(&wish).await.unwrap_err();
    assert_eq!((why.kind(), rack.written()), (ErrorKind::Invalid, Vec::new()));
    let rack = Rack::with(room(), knobs()).await;
    rack.switch.set_vlans(&wish).await.unwrap();
    assert_eq!(rack.written().len(), 1);
}

#[tokio::test]
async fn a_pvid_of_a_vlan_that_the_port_is_not_in_is_refused_and_nothing_is_sent() {
    let rack = Rack::new().await;
    let mut wish = VlanTable::factory((1..=5).map(PortNo));
    wish.vlans.insert(vlan(20), [(PortNo(2), Tagging::Tagged)].into());
    wish.pvids.insert(PortNo(1), vlan(20));
    let why = rack.switch.set_vlans(&wish).await.unwrap_err();
    assert_eq!((why.kind(), rack.written()), (ErrorKind::Invalid, Vec::new()));
}
