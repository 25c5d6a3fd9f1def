use crate::room::{TICKET, config, id, manifest, text};
use rackberry_core::{Cluster, ClusterId, ClusterState, ErrorKind, ReplicaRef, Stage, WorkloadId};
use rackberry_testkit::{Blueprint, ClusterPlan, Fault, MachinePlan, World};

const ALL: [Fault; 5] =
    [Fault::LostOrder, Fault::LostAnswer, Fault::Refused, Fault::Garbage, Fault::Slow];

fn home() -> ClusterId {
    ClusterId::new("home")
}

fn web() -> ReplicaRef {
    ReplicaRef { workload: WorkloadId::new("web"), ordinal: 0 }
}

fn room() -> World {
    let cluster = ClusterPlan { id: home(), ticket: TICKET.into(), begun: None };
    let machines = vec![MachinePlan::new("n", None)];
    World::new(Blueprint { machines, clusters: vec![cluster], ..Blueprint::default() })
        .with_latency(2)
}

/// Brings the room to where a pod runs and the machine was rebooted once: looks, and orders what is next.
async fn story(world: &World) {
    let (os, cluster) = (world.os(&id("n")), world.cluster(&home()));
    let mut first = None;
    for _ in 0..200 {
        let Ok(seen) = os.observe().await else { continue };
        if seen.stage == Stage::Maintenance {
            let _ = os.configure(&config(&text("home", "control-plane"))).await;
            continue;
        }
        let Ok(state) = cluster.observe().await else { continue };
        if !began(&*cluster, &state).await {
            continue;
        }
        let boot = first.get_or_insert(seen.boot.clone());
        match *boot == seen.boot {
            true => drop(os.reboot(boot).await),
            false if runs(&state) => return,
            false => drop(cluster.start(&web(), &id("n")).await),
        }
    }
    panic!("the story does not end");
}

/// Begins the cluster and declares the workload, one order at a time; says whether both are done.
async fn began(cluster: &dyn Cluster, state: &ClusterState) -> bool {
    if state.uid.is_none() {
        let _ = cluster.bootstrap(&id("n")).await;
        return false;
    }
    if state.workloads.is_empty() {
        let _ = cluster.apply(&manifest("web", "{}")).await;
        return false;
    }
    true
}

fn runs(state: &ClusterState) -> bool {
    state.members.get(&id("n")).is_some_and(|it| it.pods.iter().any(|it| it.ready))
}

#[tokio::test]
async fn every_single_fault_is_outlived_by_looking_and_ordering_again() {
    let calm = room();
    story(&calm).await;
    for call in 1..=calm.calls() {
        for fault in ALL {
            let world = room().with_fault(call, fault);
            story(&world).await;
            assert_eq!(world.bootstraps(&home()), 1, "{fault:?} at call {call}");
            assert_eq!(world.reboots(&id("n")), 1, "{fault:?} at call {call}");
        }
    }
}

#[tokio::test]
async fn each_fault_answers_and_obeys_as_it_says() {
    let expected = [
        (Fault::LostOrder, ErrorKind::Unreachable, 0),
        (Fault::LostAnswer, ErrorKind::Unreachable, 1),
        (Fault::Refused, ErrorKind::Refused, 0),
        (Fault::Garbage, ErrorKind::Protocol, 0),
        (Fault::Slow, ErrorKind::Unreachable, 1),
    ];
    for (fault, kind, reboots) in expected {
        let world = room().with_fault(2, fault);
        let os = world.os(&id("n"));
        let boot = os.observe().await.unwrap().boot;
        assert_eq!(os.reboot(&boot).await.unwrap_err().kind(), kind, "{fault:?}");
        assert_eq!(world.calls(), 2);
        world.tick(2);
        assert_eq!(world.reboots(&id("n")), usize::from(fault == Fault::LostAnswer), "{fault:?}");
        world.tick(20);
        assert_eq!(world.reboots(&id("n")), reboots, "{fault:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_tells_nothing_of_a_refusal() {
    let world = room().with_fault(1, Fault::LostAnswer);
    let answer = world.os(&id("n")).configure(&config("not a configuration")).await;
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::Unreachable);
}

#[tokio::test]
async fn a_room_keeps_its_tickets_to_itself() {
    let world = room();
    let handles = format!("{world:?} {:?} {:?}", world.os(&id("n")), world.cluster(&home()));
    assert!(!handles.contains(TICKET), "{handles}");
    assert!(handles.starts_with("World "), "{handles}");
}

#[tokio::test]
async fn the_same_calls_give_the_same_answers() {
    let tell = async || {
        let world = room();
        story(&world).await;
        let state = world.cluster(&home()).observe().await.unwrap();
        (world.calls(), state)
    };
    assert_eq!(tell().await, tell().await);
}
