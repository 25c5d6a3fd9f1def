//! Who leaves a member, and who stays.

use crate::room::{FAST, id, manifest, members, sw, world};
use rackberry_core::{
    Cluster, ClusterId, Eviction, NodeId, PodRef, PodState, PortNo, ReplicaRef, WorkloadId,
};
use rackberry_testkit::World;
use std::sync::Arc;

fn home(world: &World) -> Arc<dyn Cluster> {
    world.cluster(&ClusterId::new("home"))
}

async fn start(world: &World, workload: &str, ordinal: u32, node: &str) {
    let replica = ReplicaRef { workload: WorkloadId::new(workload), ordinal };
    home(world).start(&replica, &id(node)).await.unwrap();
}

async fn pods(world: &World, node: &str) -> Vec<PodState> {
    home(world).observe().await.unwrap().members[&NodeId::new(node)].pods.clone()
}

/// Two replicas of a workload of which one must always be ready, and one of another beside the first.
async fn busy() -> World {
    let world = world();
    home(&world).apply(&members().kept).await.unwrap();
    home(&world).apply(&manifest("web", "{}")).await.unwrap();
    start(&world, "kept", 0, "n2").await;
    start(&world, "web", 0, "n2").await;
    world.tick(3);
    world
}

#[tokio::test]
async fn a_budget_counts_the_other_replicas_of_its_workload_and_nothing_else() {
    let world = busy().await;
    let kept = pods(&world, "n2").await[0].pod.clone();
    assert_eq!(home(&world).evict(&kept).await.unwrap(), Eviction::Budget);
    start(&world, "kept", 1, "n1").await;
    world.tick(3);
    assert_eq!(home(&world).evict(&kept).await.unwrap(), Eviction::Granted);
    assert!(pods(&world, "n2").await.iter().all(|it| it.pod != kept));
}

#[tokio::test]
async fn an_eviction_that_names_another_pod_makes_nobody_leave() {
    let world = busy().await;
    let before = pods(&world, "n2").await;
    let web = before[1].pod.clone();
    let other = PodRef { name: "default/another".into(), ..web };
    assert_eq!(home(&world).evict(&other).await.unwrap(), Eviction::Granted);
    assert_eq!(pods(&world, "n2").await, before);
}

#[tokio::test]
async fn who_is_forgotten_takes_its_own_pods_along() {
    let world = busy().await;
    start(&world, "kept", 1, "n1").await;
    home(&world).forget(&id("n2")).await.unwrap();
    assert_eq!(pods(&world, "n1").await.len(), 1);
}

#[tokio::test]
async fn pods_of_a_member_that_is_cut_off_are_not_ready_until_it_is_heard_again() {
    let world = busy().await;
    let before = pods(&world, "n2").await;
    assert!(before.iter().all(|it| it.ready));
    let switch = world.switch(&sw());
    switch.set_port(PortNo(2), false).await.unwrap();
    assert!(pods(&world, "n2").await.iter().all(|it| !it.ready));
    switch.set_port(PortNo(2), true).await.unwrap();
    assert_eq!(switch.observe().await.unwrap().ports[&PortNo(2)].link, Some(FAST));
    assert_eq!(pods(&world, "n2").await, before, "they ran on");
}
