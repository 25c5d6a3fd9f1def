use crate::room::{id, system, text};
use rackberry_core::{Counters, ErrorKind, PortNo, SwitchId, Tagging, VlanId, VlanTable};
use rackberry_testkit::{Blueprint, Jack, MachinePlan, SwitchPlan, Uplink, World};
use std::collections::BTreeMap;

fn vlan(number: u16) -> VlanId {
    VlanId::try_from(number).unwrap()
}

/// Port 1 of each switch is the way to the controller: `near` at the router, `far` at `near`. The machine
/// `m` is on port 2 of `far`, in VLAN 20, and the switches answer in VLAN 1.
fn room() -> World {
    let mut near = SwitchPlan::new("near", 4);
    let mut far = SwitchPlan::new("far", 4);
    near.vlans = Some(table(&[(1, Tagging::Tagged), (3, Tagging::Tagged)], &[]));
    far.vlans = Some(table(&[(1, Tagging::Tagged), (2, Tagging::Untagged)], &[(2, 20)]));
    near.cables.insert(PortNo(3), Jack::new("far", 1));
    let boots = system(&text("home", "worker"));
    let machine =
        MachinePlan { boots, vlan: vlan(20), ..MachinePlan::new("m", Some(Jack::new("far", 2))) };
    let vlans = [(vlan(1), Tagging::Untagged), (vlan(20), Tagging::Tagged)].into();
    World::new(Blueprint {
        switches: vec![near, far],
        machines: vec![machine],
        uplink: Some(Uplink { jack: Jack::new("near", 1), vlans }),
        ..Blueprint::default()
    })
}

/// The factory's table, with these members of VLAN 20 and these PVIDs.
fn table(members: &[(u16, Tagging)], pvids: &[(u16, u16)]) -> VlanTable {
    let mut table = VlanTable::factory((1..=4).map(PortNo));
    let members: BTreeMap<_, _> = members.iter().map(|it| (PortNo(it.0), it.1)).collect();
    table.vlans.insert(vlan(20), members);
    table.pvids.extend(pvids.iter().map(|it| (PortNo(it.0), vlan(it.1))));
    table
}

async fn answers(world: &World) -> [bool; 3] {
    let near = world.switch(&SwitchId::new("near")).observe().await;
    let far = world.switch(&SwitchId::new("far")).observe().await;
    [near.is_ok(), far.is_ok(), world.os(&id("m")).observe().await.is_ok()]
}

async fn set(world: &World, switch: &str, table: VlanTable) {
    world.switch(&SwitchId::new(switch)).set_vlans(&table).await.unwrap();
}

#[tokio::test]
async fn a_machine_answers_through_two_switches_in_its_vlan() {
    assert_eq!(answers(&room()).await, [true, true, true]);
}

#[tokio::test]
async fn a_machine_in_the_wrong_vlan_does_not_answer() {
    let world = room();
    // Its frames come in by VLAN 1, in which its address is none.
    set(&world, "far", table(&[(1, Tagging::Tagged), (2, Tagging::Untagged)], &[])).await;
    assert_eq!(answers(&world).await, [true, true, false]);
}

#[tokio::test]
async fn one_way_is_not_enough() {
    let world = room();
    // What it sends arrives, and what is sent to it leaves with a tag that it does not know.
    set(&world, "far", table(&[(1, Tagging::Tagged), (2, Tagging::Tagged)], &[(2, 20)])).await;
    assert_eq!(answers(&world).await, [true, true, false]);
}

#[tokio::test]
async fn a_wrong_table_on_the_way_locks_the_controller_out_for_good() {
    let world = room();
    let mut wrong = table(&[(1, Tagging::Tagged), (3, Tagging::Tagged)], &[]);
    wrong.vlans.insert(VlanId::default(), [(PortNo(1), Tagging::Tagged)].into());
    set(&world, "near", wrong).await;
    assert_eq!(answers(&world).await, [false, false, true]);
    let right = table(&[(1, Tagging::Tagged), (3, Tagging::Tagged)], &[]);
    let answer = world.switch(&SwitchId::new("near")).set_vlans(&right).await;
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::Unreachable);
}

#[tokio::test]
async fn a_port_that_is_off_cuts_everything_behind_it() {
    let world = room();
    world.switch(&SwitchId::new("near")).set_port(PortNo(3), false).await.unwrap();
    assert_eq!(answers(&world).await, [true, false, false]);
}

#[tokio::test]
async fn a_switch_without_vlans_passes_every_frame_on() {
    let mut plain = SwitchPlan::new("plain", 3);
    plain.vlans = None;
    let machine = MachinePlan::new("m", Some(Jack::new("plain", 2)));
    let uplink = |tagging| Uplink {
        jack: Jack::new("plain", 1),
        vlans: [(VlanId::default(), tagging)].into(),
    };
    for (tagging, heard) in [(Tagging::Untagged, true), (Tagging::Tagged, false)] {
        let world = World::new(Blueprint {
            switches: vec![plain.clone()],
            machines: vec![machine.clone()],
            uplink: Some(uplink(tagging)),
            ..Blueprint::default()
        });
        assert_eq!(world.os(&id("m")).observe().await.is_ok(), heard);
    }
}

#[tokio::test]
async fn a_ring_of_cables_ends() {
    let ring = |id: &str, next: &str| {
        let mut switch = SwitchPlan::new(id, 3);
        switch.cables.insert(PortNo(1), Jack::new(next, 2));
        switch
    };
    let world = World::new(Blueprint {
        switches: vec![ring("a", "b"), ring("b", "c"), ring("c", "a")],
        machines: vec![MachinePlan::new("m", Some(Jack::new("b", 3)))],
        uplink: Some(Uplink {
            jack: Jack::new("a", 3),
            vlans: [(VlanId::default(), Tagging::Untagged)].into(),
        }),
        ..Blueprint::default()
    });
    assert!(world.os(&id("m")).observe().await.is_ok());
}

#[tokio::test]
async fn a_switch_that_is_lost_takes_down_what_is_behind_it_and_nothing_else() {
    let world = room();
    world.lose_switch(&SwitchId::new("far"));
    world.tick(10);
    assert_eq!(answers(&world).await, [true, false, false]);
    let near = world.switch(&SwitchId::new("near")).observe().await.unwrap();
    assert_eq!(near.ports[&PortNo(3)].link, None);
    let next = World::load(&world.save()).unwrap();
    assert_eq!(answers(&next).await, [true, false, false]);
    world.lose_switch(&SwitchId::new("near"));
    assert_eq!(answers(&world).await, [false; 3]);
}

#[tokio::test]
async fn a_controller_that_reaches_everything_does_not_reach_what_a_lost_switch_fed() {
    let mut room = crate::room::blueprint();
    room.uplink = None;
    let world = World::new(room);
    assert!(world.os(&id("n1")).observe().await.is_ok());
    world.lose_switch(&crate::room::sw());
    world.tick(10);
    assert!(world.os(&id("n1")).observe().await.is_err(), "it was fed");
    assert!(world.os(&id("h1")).observe().await.is_err(), "it is plugged in there");
}

#[tokio::test]
async fn a_port_counts_what_passes_it_and_the_uplink_the_same_the_other_way() {
    let world = room();
    let switch = |id| world.switch(&SwitchId::new(id));
    let ports = async |id, port| switch(id).observe().await.unwrap().ports[&PortNo(port)].counters;
    assert_eq!(ports("far", 2).await, Some(Counters::default()));
    for _ in 0..3 {
        world.os(&id("m")).observe().await.unwrap();
    }
    let (near, far) = (ports("near", 1).await.unwrap(), ports("far", 2).await.unwrap());
    assert_eq!((near.received, near.sent), (far.sent, far.received));
    assert!(far.sent > 0 && far.sent < far.received, "{far:?}");
    world.unplug(&id("m"));
    world.os(&id("m")).observe().await.unwrap_err();
    assert_eq!(ports("far", 2).await, Some(far), "nobody answers any more");
}
