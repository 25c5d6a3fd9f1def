//! Every law, on every device of the simulated rack, quick and slow.

macro_rules! everything {
    ($name:ident, $latency:expr) => {
        mod $name {
            use crate::room;
            use rackberry_core::{
                Cluster, ClusterId, NodeId, NodeOs, PoolId, PowerCtl, Storage, Switch,
            };
            use rackberry_testkit::{World, conform};
            use std::sync::Arc;

            fn world() -> World {
                room::world().with_latency($latency)
            }

            async fn port() -> Arc<dyn PowerCtl> {
                world().power(&NodeId::new("s1")).unwrap()
            }

            async fn guest() -> Arc<dyn PowerCtl> {
                world().power(&NodeId::new("g1")).unwrap()
            }

            async fn switch() -> Arc<dyn Switch> {
                world().switch(&room::sw())
            }

            async fn node() -> Arc<dyn NodeOs> {
                world().os(&NodeId::new("s1"))
            }

            async fn voter() -> Arc<dyn NodeOs> {
                world().os(&NodeId::new("n1"))
            }

            async fn host() -> Arc<dyn NodeOs> {
                world().os(&NodeId::new("h1"))
            }

            async fn cluster() -> Arc<dyn Cluster> {
                world().cluster(&ClusterId::new("home"))
            }

            async fn beginning() -> Arc<dyn Cluster> {
                world().cluster(&ClusterId::new("fresh"))
            }

            async fn storage() -> Arc<dyn Storage> {
                world().storage(&PoolId::new("tank"))
            }

            async fn pool() -> Arc<dyn Storage> {
                world().storage(&PoolId::new("new"))
            }

            async fn silent_node() -> Arc<dyn NodeOs> {
                world().os(&NodeId::new("x2"))
            }

            async fn silent_switch() -> Arc<dyn Switch> {
                room::cut_off().switch(&room::sw())
            }

            async fn silent_cluster() -> Arc<dyn Cluster> {
                world().cluster(&ClusterId::new("gone"))
            }

            async fn silent_storage() -> Arc<dyn Storage> {
                world().storage(&PoolId::new("gone"))
            }

            mod power_of_a_port {
                use super::*;
                conform!(power: port, room::outlet(), skips: []);
            }

            mod power_of_a_guest {
                use super::*;
                conform!(power: guest, room::outlet(), skips: ["draw"]);
            }

            conform!(switch: switch, room::ports(), skips: []);
            conform!(node: node, room::machine(), skips: []);
            conform!(voter: voter, rackberry_testkit::laws::Patience::default(), skips: []);
            conform!(guests: host, room::house(), skips: []);
            conform!(cluster: cluster, room::members(), skips: []);
            conform!(beginning: beginning, room::first(), skips: []);
            conform!(volumes: cluster, room::kept(), skips: []);
            conform!(storage: storage, room::tank(), skips: []);
            conform!(silent_node: silent_node, room::machine(), skips: []);
            conform!(silent_switch: silent_switch, room::ports(), skips: []);
            conform!(silent_cluster: silent_cluster, room::members(), skips: []);
            conform!(silent_storage: silent_storage, room::tank(), skips: []);
            conform!(pool: pool, room::disks(), skips: []);
        }
    };
}

everything!(quick, 1);
everything!(slow, 9);
