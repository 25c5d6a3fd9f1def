use crate::room::{TICKET, config, fed, id, manifest, sw, system, text};
use rackberry_core::{
    ClusterId, CopyState, ErrorKind, Marks, Milliwatts, PortNo, Power, ReplicaRef, Tagging, VlanId,
    VlanTable, VolumeRef, WorkloadId,
};
use rackberry_testkit::{Blueprint, ClusterPlan, Jack, MachinePlan, SwitchPlan, Uplink, World};
use secrecy::ExposeSecret;
use std::collections::BTreeMap;

fn home() -> ClusterId {
    ClusterId::new("home")
}

fn room(machines: Vec<MachinePlan>, begun: Option<&str>) -> World {
    let cluster = ClusterPlan { id: home(), ticket: TICKET.into(), begun: begun.map(id) };
    World::new(Blueprint {
        switches: vec![SwitchPlan::new("sw", 8).with_poe(Milliwatts(63_000))],
        machines,
        clusters: vec![cluster],
        ..Blueprint::default()
    })
}

/// Three voters and a worker, on the ports 1 to 4.
fn formed() -> World {
    let member = |name, port, role| fed(name, port, system(&text("home", role)));
    let machines = vec![
        member("v1", 1, "control-plane"),
        member("v2", 2, "control-plane"),
        member("v3", 3, "control-plane"),
        member("w", 4, "worker"),
    ];
    room(machines, Some("v1"))
}

async fn feed(world: &World, port: u16, power: Power) {
    let switch = world.switch(&sw());
    switch.poe().unwrap().set_poe(PortNo(port), power).await.unwrap();
}

#[tokio::test]
async fn a_cluster_outlives_one_of_three_voters_and_not_two() {
    let world = formed();
    let cluster = world.cluster(&home());
    feed(&world, 2, Power::Off).await;
    let state = cluster.observe().await.unwrap();
    assert!(!state.members[&id("v2")].ready && state.members[&id("v3")].ready);
    assert_eq!((world.lowest_voters(&home()), world.outages(&home())), (Some(2), 0));
    feed(&world, 3, Power::Off).await;
    assert_eq!(cluster.observe().await.unwrap_err().kind(), ErrorKind::Unreachable);
    assert_eq!((world.lowest_voters(&home()), world.outages(&home())), (Some(1), 1));
    feed(&world, 3, Power::On).await;
    world.tick(3);
    assert!(cluster.observe().await.unwrap().members[&id("v3")].ready);
}

#[tokio::test]
async fn a_fresh_machine_installs_itself_and_the_first_one_begins_the_cluster() {
    let fresh = |name: &str, port| MachinePlan {
        feed: rackberry_testkit::Feed::Poe(crate::room::LOAD),
        ..MachinePlan::new(name, Some(rackberry_testkit::Jack::new("sw", port)))
    };
    let world = room(vec![fresh("v1", 1), fresh("w", 2)], None).with_latency(4);
    let (cluster, v1, w) = (world.cluster(&home()), world.os(&id("v1")), world.os(&id("w")));
    assert_eq!(cluster.observe().await.unwrap_err().kind(), ErrorKind::Unreachable);
    let first = r#"{"cluster": "home", "role": "control-plane", "version": "1.2"}"#;
    v1.configure(&config(first)).await.unwrap();
    assert_eq!(cluster.bootstrap(&id("v1")).await.unwrap_err().kind(), ErrorKind::Refused);
    world.tick(9);
    assert_eq!(v1.observe().await.unwrap().version.as_str(), "1.2");
    cluster.bootstrap(&id("v1")).await.unwrap();
    cluster.bootstrap(&id("v1")).await.unwrap();
    assert_eq!(world.bootstraps(&home()), 1);
    let ticket = cluster.ticket().await.unwrap();
    let second = text("home", "worker");
    assert!(second.contains(ticket.0.expose_secret()));
    w.configure(&config(&second)).await.unwrap();
    world.tick(9);
    let state = cluster.observe().await.unwrap();
    assert!(state.members[&id("w")].ready && !state.members[&id("w")].voter);
}

#[tokio::test]
async fn a_machine_with_the_wrong_ticket_stays_outside() {
    let boots = system(r#"{"cluster": "home", "role": "worker", "ticket": "guessed"}"#);
    let first = fed("v1", 1, system(&text("home", "control-plane")));
    let world = room(vec![first, fed("w", 2, boots)], Some("v1"));
    world.tick(20);
    let state = world.cluster(&home()).observe().await.unwrap();
    assert_eq!(state.members.into_keys().collect::<Vec<_>>(), [id("v1")]);
}

#[tokio::test]
async fn pods_of_a_machine_that_lost_power_come_back_as_others() {
    let world = formed();
    let cluster = world.cluster(&home());
    let replica = ReplicaRef { workload: WorkloadId::new("web"), ordinal: 0 };
    cluster.apply(&manifest("web", "{}")).await.unwrap();
    cluster.start(&replica, &id("w")).await.unwrap();
    world.tick(3);
    let pod = async || cluster.observe().await.unwrap().members[&id("w")].pods[0].clone();
    let before = pod().await;
    assert!(before.ready);
    feed(&world, 4, Power::Off).await;
    assert!(!pod().await.ready);
    feed(&world, 4, Power::On).await;
    world.tick(6);
    let after = pod().await;
    assert!(after.ready);
    assert_eq!(after.pod.name, before.pod.name);
    assert_ne!(after.pod.uid, before.pod.uid);
}

#[tokio::test]
async fn what_is_written_after_a_copy_makes_it_stale() {
    let world = formed();
    let cluster = world.cluster(&home());
    let volumes = cluster.volumes().unwrap();
    let replica = ReplicaRef { workload: WorkloadId::new("db"), ordinal: 0 };
    let data = VolumeRef { replica: replica.clone(), name: "data".into() };
    cluster.apply(&manifest("db", r#"{"volumes": ["data"]}"#)).await.unwrap();
    cluster.start(&replica, &id("w")).await.unwrap();
    world.tick(3);
    cluster.stop(&replica, &id("w")).await.unwrap();
    volumes.copy(&data, &id("w"), &id("v1")).await.unwrap();
    world.tick(2);
    cluster.start(&replica, &id("w")).await.unwrap();
    world.tick(3);
    let state = cluster.observe().await.unwrap();
    assert_eq!(state.volumes[&data].copies[&id("v1")], CopyState::Hot);
    let elsewhere = cluster.start(&replica, &id("v1")).await;
    assert_eq!(elsewhere.unwrap_err().kind(), ErrorKind::Refused);
}

#[tokio::test]
async fn a_member_that_was_forgotten_returns_only_installed_anew() {
    let world = formed();
    let (cluster, w) = (world.cluster(&home()), world.os(&id("w")));
    cluster.forget(&id("w")).await.unwrap();
    world.tick(9);
    assert!(!cluster.observe().await.unwrap().members.contains_key(&id("w")));
    let boot = w.observe().await.unwrap().boot;
    w.reset(&boot).await.unwrap();
    world.tick(3);
    w.configure(&config(&text("home", "worker"))).await.unwrap();
    world.tick(3);
    assert!(cluster.observe().await.unwrap().members[&id("w")].ready);
}

#[tokio::test]
async fn the_machine_that_a_cluster_began_on_needs_its_ticket_to_return() {
    let world = formed();
    let (cluster, v1) = (world.cluster(&home()), world.os(&id("v1")));
    cluster.forget(&id("v1")).await.unwrap();
    v1.reset(&v1.observe().await.unwrap().boot).await.unwrap();
    world.tick(3);
    v1.configure(&config(r#"{"cluster": "home", "role": "control-plane"}"#)).await.unwrap();
    world.tick(9);
    assert!(!cluster.observe().await.unwrap().members.contains_key(&id("v1")));
}

#[tokio::test]
async fn one_of_two_voters_can_be_spared_and_the_last_one_cannot() {
    let member = |name, port| fed(name, port, system(&text("home", "control-plane")));
    let world = room(vec![member("v1", 1), member("v2", 2)], Some("v1"));
    let cluster = world.cluster(&home());
    cluster.forget(&id("v2")).await.unwrap();
    let answer = cluster.forget(&id("v1")).await;
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::Refused);
}

#[tokio::test]
async fn a_voter_whose_vote_was_taken_away_can_be_reset() {
    let world = formed();
    let v3 = world.os(&id("v3"));
    let boot = v3.observe().await.unwrap().boot;
    assert_eq!(v3.reset(&boot).await.unwrap_err().kind(), ErrorKind::Refused);
    world.cluster(&home()).forget(&id("v3")).await.unwrap();
    v3.reset(&boot).await.unwrap();
    assert_eq!(world.reboots(&id("v3")), 0);
}

#[tokio::test]
async fn a_taint_that_executes_drives_out_what_runs_and_one_that_prefers_does_not() {
    let world = formed();
    let cluster = world.cluster(&home());
    let replica = ReplicaRef { workload: WorkloadId::new("web"), ordinal: 0 };
    cluster.apply(&manifest("web", "{}")).await.unwrap();
    let pods = async || cluster.observe().await.unwrap().members[&id("w")].pods.len();
    for (taint, left) in
        [("busy:PreferNoSchedule", 1), ("busy:NoSchedule", 1), ("busy:NoExecute", 0)]
    {
        let taints = [taint.parse().unwrap()].into();
        cluster.label(&id("w"), &Marks { taints, ..Marks::default() }).await.unwrap();
        // Only the first of them lets it in.
        let _ = cluster.start(&replica, &id("w")).await;
        assert_eq!(pods().await, left, "{taint}");
    }
}

#[tokio::test]
async fn requests_fill_a_machine_up_to_what_is_allocatable() {
    let world = formed();
    let cluster = world.cluster(&home());
    cluster.apply(&manifest("web", r#"{"requests": 3758096384}"#)).await.unwrap();
    let start = async |ordinal| {
        let replica = ReplicaRef { workload: WorkloadId::new("web"), ordinal };
        cluster.start(&replica, &id("w")).await.map_err(|it| it.kind())
    };
    assert_eq!(cluster.observe().await.unwrap().members[&id("w")].allocatable.0, 7 << 30);
    assert_eq!([start(0).await, start(1).await], [Ok(()), Ok(())]);
    assert_eq!(start(2).await, Err(ErrorKind::Refused));
}

/// The machines `m1` to `m3` on their ports, and the controller at port 8, in the factory's VLAN. Others may be added,
/// into which some ports take their frames. Everything stands in one subnet.
fn behind_a_router(
    roles: [&str; 3],
    more: BTreeMap<u16, &[u16]>,
    pvids: &[(u16, u16)],
) -> Blueprint {
    let vlan = |number| VlanId::try_from(number).unwrap();
    let mut switch = SwitchPlan::new("sw", 8).with_poe(Milliwatts(63_000));
    let mut table = VlanTable::factory((1..=8).map(PortNo));
    for (number, ports) in more {
        let members = ports.iter().map(|it| (PortNo(*it), Tagging::Untagged)).collect();
        table.vlans.insert(vlan(number), members);
    }
    table.pvids.extend(pvids.iter().map(|it| (PortNo(it.0), vlan(it.1))));
    switch.vlans = Some(table);
    let member = |(at, role)| fed(&format!("m{at}"), at, system(&text("home", role)));
    let jack = Jack::new("sw", 8);
    Blueprint {
        switches: vec![switch],
        machines: (1..).zip(roles).map(member).collect(),
        clusters: vec![ClusterPlan { id: home(), ticket: TICKET.into(), begun: Some(id("m1")) }],
        uplink: Some(Uplink { jack, vlans: [(VlanId::default(), Tagging::Untagged)].into() }),
        ..Blueprint::default()
    }
}

/// The first machine is heard by the others, and not by the controller.
#[tokio::test]
async fn a_cluster_answers_by_its_voters_only() {
    let roles = ["control-plane", "worker", "worker"];
    let more = [(20, &[1, 2, 3][..])].into();
    let world = World::new(behind_a_router(roles, more, &[(1, 20)]));
    assert!(world.os(&id("m2")).observe().await.is_ok());
    let answer = world.cluster(&home()).observe().await;
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::Unreachable);
    assert_eq!(world.lowest_voters(&home()), Some(1));
}

/// The second machine is heard by both others, which do not hear each other; it comes last.
#[tokio::test]
async fn a_machine_that_hears_nobody_but_a_worker_joins_after_that_one() {
    let roles = ["control-plane", "worker", "worker"];
    let more = [(1, &[1, 2, 8][..]), (20, &[2, 3]), (30, &[1, 2, 3])].into();
    let mut room = behind_a_router(roles, more, &[(2, 30), (3, 20)]);
    let port = room.switches[0].ports.get_mut(&PortNo(2)).unwrap();
    port.poe.as_mut().unwrap().power = Power::Off;
    let world = World::new(room);
    let members = async || {
        let state = world.cluster(&home()).observe().await.unwrap();
        state.members.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(members().await, [id("m1")]);
    feed(&world, 2, Power::On).await;
    world.tick(5);
    assert_eq!(members().await, ["m1", "m2", "m3"].map(id));
}

#[tokio::test]
async fn voters_that_hear_each_other_stay_ready_while_the_controller_is_locked_out() {
    let world = World::new(behind_a_router(["control-plane"; 3], [].into(), &[]));
    world.switch(&sw()).set_port(PortNo(8), false).await.unwrap();
    let answer = world.cluster(&home()).observe().await;
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::Unreachable);
    assert_eq!(world.lowest_voters(&home()), Some(3));
}
