use super::{guest, storage};
use crate::room::{self, id};
use rackberry_core::{DatasetId, PoolId};
use rackberry_testkit::each_law;
use rackberry_testkit::laws::{Hosts, Keeper, Pools, Tenant};
use std::sync::Arc;

fn pools(law: &'static str) -> Pools {
    let world = room::with_a_small_pool();
    let here = Arc::new(storage::Broken::new(world.storage(&PoolId::new("tank")), law));
    Pools { here, ..room::pools(&world) }
}

fn hosts(law: &'static str) -> Hosts {
    let world = room::world();
    Hosts { here: Arc::new(guest::Broken::new(world.os(&id("h1")), law)), ..room::hosts(&world) }
}

fn tenant(law: &'static str) -> Tenant {
    let world = room::world();
    let host = Arc::new(guest::Broken::new(world.os(&id("h1")), law));
    Tenant { host, ..room::tenant(&world) }
}

fn keeper(law: &'static str) -> Keeper {
    let world = room::world();
    // What else is in the pool is not taken for the guest's.
    assert!(world.write(&PoolId::new("tank"), &DatasetId::new("tank"), 1 << 20));
    let pool = Arc::new(storage::Broken::new(world.storage(&PoolId::new("tank")), law));
    Keeper { node: Arc::new(guest::Broken::new(world.os(&id("h1")), law)), pool }
}

each_law!(pools => [caught] pools, room::tank());
each_law!(hosts => [caught] hosts, room::house());
each_law!(tenant => [caught] tenant, room::machine());
each_law!(keeper => [caught] keeper, (room::machine(), room::house()));
