//! Every law, on every device of the simulated rack, quick and slow.

macro_rules! everything {
    ($name:ident, $latency:expr) => {
        mod $name {
            use crate::room;
            use rackberry_core::{
                Cluster, ClusterId, GuestPower, NodeId, NodeOs, PoePower, PoolId, PortNo,
                PowerCtl, Storage, Switch,
            };
            use rackberry_testkit::{Fault, World, conform, laws};
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

            async fn silent_outlet() -> Arc<dyn PowerCtl> {
                Arc::new(PoePower { switch: silent_switch().await, port: PortNo(5) })
            }

            async fn absent_outlet() -> Arc<dyn PowerCtl> {
                Arc::new(PoePower { switch: switch().await, port: PortNo(13) })
            }

            async fn absent_guest() -> Arc<dyn PowerCtl> {
                Arc::new(GuestPower { host: host().await, guest: NodeId::new("absent") })
            }

            async fn garbled_outlet() -> Arc<dyn PowerCtl> {
                room::failing(Fault::Garbage).power(&NodeId::new("s1")).unwrap()
            }

            async fn garbled_node() -> Arc<dyn NodeOs> {
                room::failing(Fault::Garbage).os(&NodeId::new("h1"))
            }

            async fn garbled_switch() -> Arc<dyn Switch> {
                room::failing(Fault::Garbage).switch(&room::sw())
            }

            async fn garbled_cluster() -> Arc<dyn Cluster> {
                room::failing(Fault::Garbage).cluster(&ClusterId::new("home"))
            }

            async fn garbled_storage() -> Arc<dyn Storage> {
                room::failing(Fault::Garbage).storage(&PoolId::new("tank"))
            }

            async fn busy_switch() -> Arc<dyn Switch> {
                room::failing(Fault::Refused).switch(&room::sw())
            }

            async fn plain_switch() -> Arc<dyn Switch> {
                room::plain().switch(&room::sw())
            }

            async fn rebuilding() -> Arc<dyn Storage> {
                room::rebuilding().storage(&PoolId::new("tank"))
            }

            async fn pools() -> Arc<laws::Pools> {
                Arc::new(room::pools(&room::with_a_small_pool().with_latency($latency)))
            }

            async fn hosts() -> Arc<laws::Hosts> {
                Arc::new(room::hosts(&world()))
            }

            async fn tenant() -> Arc<laws::Tenant> {
                Arc::new(room::tenant(&world()))
            }

            async fn keeper() -> Arc<laws::Keeper> {
                Arc::new(room::keeper(&world()))
            }

            mod power_of_a_port {
                use super::*;
                conform!(power: port, room::outlet(), skips: []);
            }

            mod power_of_a_guest {
                use super::*;
                conform!(power: guest, room::outlet(), skips: ["draw"]);
            }

            mod power_of_an_absent_guest {
                use super::*;
                conform!(absent_power: absent_guest, room::outlet(), skips: []);
            }

            mod plain {
                use super::*;
                conform!(switch: plain_switch, room::ports(), skips: ["vlans", "poe"]);
            }

            conform!(silent_power: silent_outlet, room::outlet(), skips: []);
            conform!(garbled_power: garbled_outlet, room::outlet(), skips: []);
            conform!(absent_power: absent_outlet, room::outlet(), skips: []);
            conform!(switch: switch, room::ports(), skips: []);
            conform!(node: node, room::machine(), skips: []);
            conform!(voter: voter, laws::Patience::default(), skips: []);
            conform!(guests: host, room::house(), skips: []);
            conform!(cluster: cluster, room::members(), skips: []);
            conform!(beginning: beginning, room::first(), skips: []);
            conform!(volumes: cluster, room::kept(), skips: []);
            conform!(storage: storage, room::tank(), skips: []);
            conform!(silent_node: silent_node, room::machine(), skips: []);
            conform!(silent_switch: silent_switch, room::ports(), skips: []);
            conform!(silent_cluster: silent_cluster, room::members(), skips: []);
            conform!(silent_storage: silent_storage, room::tank(), skips: []);
            conform!(garbled_node: garbled_node, room::machine(), skips: []);
            conform!(garbled_switch: garbled_switch, room::ports(), skips: []);
            conform!(garbled_cluster: garbled_cluster, room::members(), skips: []);
            conform!(garbled_storage: garbled_storage, room::tank(), skips: []);
            conform!(busy_switch: busy_switch, room::ports(), skips: []);
            conform!(pool: pool, room::disks(), skips: []);
            conform!(rebuilding: rebuilding, room::tank(), skips: []);
            conform!(pools: pools, room::tank(), skips: []);
            conform!(hosts: hosts, room::house(), skips: []);
            conform!(tenant: tenant, room::machine(), skips: []);
            conform!(keeper: keeper, (room::machine(), room::house()), skips: []);
        }
    };
}

everything!(quick, 1);
everything!(slow, 9);
