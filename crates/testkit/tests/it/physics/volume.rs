//! Volumes and their copies: what is in a copy, and when that is known.

use crate::room::{TICKET, fed, id, manifest, system, text};
use rackberry_core::{
    Cluster, ClusterId, CopyState, Milliwatts, NodeId, ReplicaRef, VolumeRef, Volumes, WorkloadId,
};
use rackberry_testkit::{Blueprint, ClusterPlan, SwitchPlan, World};
use std::sync::Arc;

/// A room of three members, and a workload with one volume that has run on the first of them.
struct Desk {
    world: World,
    cluster: Arc<dyn Cluster>,
    data: VolumeRef,
}

impl Desk {
    async fn new(latency: u64) -> Self {
        let home = ClusterId::new("home");
        let member = |name, port| fed(name, port, system(&text("home", "control-plane")));
        let world = World::new(Blueprint {
            switches: vec![SwitchPlan::new("sw", 8).with_poe(Milliwatts(63_000))],
            machines: vec![member("a", 1), member("b", 2), member("c", 3)],
            clusters: vec![ClusterPlan {
                id: home.clone(),
                ticket: TICKET.into(),
                begun: Some(id("a")),
            }],
            ..Blueprint::default()
        })
        .with_latency(latency);
        let cluster = world.cluster(&home);
        let replica = ReplicaRef { workload: WorkloadId::new("db"), ordinal: 0 };
        cluster.apply(&manifest("db", r#"{"volumes": ["data"]}"#)).await.unwrap();
        let desk = Self { world, cluster, data: VolumeRef { replica, name: "data".into() } };
        desk.start().await;
        desk.world.tick(2 * latency);
        desk.stop().await;
        desk
    }

    fn volumes(&self) -> &dyn Volumes {
        self.cluster.volumes().unwrap()
    }

    async fn start(&self) {
        self.cluster.start(&self.data.replica, &id("a")).await.unwrap();
    }

    async fn stop(&self) {
        self.cluster.stop(&self.data.replica, &id("a")).await.unwrap();
    }

    /// Orders a copy and waits until it is there.
    async fn copy(&self, from: &str, to: &str) {
        self.volumes().copy(&self.data, &id(from), &id(to)).await.unwrap();
        self.world.tick(9);
    }

    async fn compare(&self, from: &str, to: &str) {
        self.volumes().compare(&self.data, &id(from), &id(to)).await.unwrap();
        self.world.tick(9);
    }

    async fn copy_on(&self, node: &str) -> CopyState {
        let seen = self.cluster.observe().await.unwrap();
        seen.volumes[&self.data].copies[&NodeId::new(node)]
    }
}

#[tokio::test]
async fn a_copy_of_a_copy_that_is_out_of_date_is_found_out_until_it_is_copied_anew() {
    let desk = Desk::new(1).await;
    desk.start().await;
    desk.world.tick(3);
    desk.copy("a", "b").await;
    desk.stop().await;
    desk.copy("b", "c").await;
    desk.compare("a", "c").await;
    assert_eq!(desk.copy_on("c").await, CopyState::Cold, "it lacks what was written since");
    desk.copy("a", "c").await;
    desk.compare("a", "c").await;
    assert_eq!(desk.copy_on("c").await, CopyState::Compared);
}

#[tokio::test]
async fn a_compared_copy_that_is_copied_again_stays_compared_while_nobody_writes() {
    let desk = Desk::new(1).await;
    desk.copy("a", "b").await;
    desk.compare("a", "b").await;
    desk.copy("a", "b").await;
    assert_eq!(desk.copy_on("b").await, CopyState::Compared);
}

#[tokio::test]
async fn a_hot_copy_that_lacks_nothing_becomes_a_cold_one() {
    let desk = Desk::new(6).await;
    desk.volumes().copy(&desk.data, &id("a"), &id("b")).await.unwrap();
    desk.world.tick(4);
    // It is not ready when the copy is done, and has not written yet.
    desk.start().await;
    desk.world.tick(3);
    assert_eq!(desk.copy_on("b").await, CopyState::Hot);
    desk.stop().await;
    desk.copy("a", "b").await;
    assert_eq!(desk.copy_on("b").await, CopyState::Cold);
}

#[tokio::test]
async fn what_else_runs_beside_a_volume_does_not_write_to_it() {
    let desk = Desk::new(1).await;
    desk.cluster.apply(&manifest("web", "{}")).await.unwrap();
    let web = ReplicaRef { workload: WorkloadId::new("web"), ordinal: 0 };
    desk.cluster.start(&web, &id("a")).await.unwrap();
    desk.world.tick(3);
    desk.copy("a", "b").await;
    assert_eq!(desk.copy_on("b").await, CopyState::Cold);
    desk.compare("a", "b").await;
    assert_eq!(desk.copy_on("b").await, CopyState::Compared);
}

#[tokio::test]
async fn a_comparison_during_which_the_replica_starts_counts_for_nothing() {
    let desk = Desk::new(4).await;
    desk.copy("a", "b").await;
    desk.volumes().compare(&desk.data, &id("a"), &id("b")).await.unwrap();
    desk.start().await;
    for _ in 0..12 {
        assert_ne!(desk.copy_on("b").await, CopyState::Compared);
    }
}
