use crate::room::{blueprint, disks, id, world};
use rackberry_core::{DatasetId, DiskId, ErrorKind, Health, PoolId, Snapshot, Storage};
use rackberry_testkit::World;

fn tank() -> PoolId {
    PoolId::new("tank")
}

fn data() -> DatasetId {
    DatasetId::new("tank/data")
}

#[tokio::test]
async fn a_dataset_that_is_rolled_back_holds_what_it_held() {
    let world = world();
    let pool = world.storage(&tank());
    pool.create(&data()).await.unwrap();
    assert!(world.write(&tank(), &data(), 100));
    pool.snapshot(&data(), "first").await.unwrap();
    world.write(&tank(), &data(), 7);
    pool.snapshot(&data(), "first").await.unwrap();
    let taken = pool.observe().await.unwrap().datasets[&data()].snapshots[0].clone();
    pool.roll_back(&data(), &taken).await.unwrap();
    assert_eq!(world.content(&tank(), &data()), Some(100));
}

#[tokio::test]
async fn a_snapshot_that_is_sent_arrives_once_with_what_it_held() {
    let world = world();
    let (pool, copy) = (world.storage(&tank()), world.storage(&PoolId::new("copy")));
    pool.create(&data()).await.unwrap();
    world.write(&tank(), &data(), 100);
    pool.snapshot(&data(), "first").await.unwrap();
    let taken = pool.observe().await.unwrap().datasets[&data()].snapshots[0].clone();
    for _ in 0..3 {
        pool.replicate().unwrap().send(&data(), &taken, "copy").await.unwrap();
        world.tick(2);
    }
    let there = DatasetId::new("copy/data");
    assert_eq!(copy.observe().await.unwrap().datasets[&there].snapshots, [taken]);
    assert_eq!(world.content(&PoolId::new("copy"), &there), Some(100));
}

#[tokio::test]
async fn what_does_not_fit_is_not_sent() {
    let world = world();
    let pool = world.storage(&tank());
    pool.create(&data()).await.unwrap();
    world.write(&tank(), &data(), 1 << 50);
    pool.snapshot(&data(), "first").await.unwrap();
    let taken = pool.observe().await.unwrap().datasets[&data()].snapshots[0].clone();
    let answer = pool.replicate().unwrap().send(&data(), &taken, "copy").await;
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::Refused);
}

#[tokio::test]
async fn a_mirror_lives_on_one_disk_and_rebuilds_the_other() {
    let world = world().with_latency(4);
    let pool = world.storage(&tank());
    let health = async || pool.observe().await.unwrap().pool.unwrap().health;
    world.break_disk(&id("h1"), &DiskId::new("a"));
    assert_eq!(health().await, Health::Degraded);
    world.replace_disk(&id("h1"), &DiskId::new("a"));
    assert_eq!(pool.scrub().await.unwrap_err().kind(), ErrorKind::Refused);
    world.tick(4);
    assert_eq!(health().await, Health::Online);
    world.break_disk(&id("h1"), &DiskId::new("a"));
    world.break_disk(&id("h1"), &DiskId::new("b"));
    assert_eq!(health().await, Health::Faulted);
    assert_eq!(pool.create(&data()).await.unwrap_err().kind(), ErrorKind::Refused);
}

#[tokio::test]
async fn a_pool_is_made_once_and_goes_silent_with_its_machine() {
    let world = world();
    let pool = world.storage(&PoolId::new("new"));
    for _ in 0..2 {
        pool.create_pool(&disks().spec).await.unwrap();
    }
    assert_eq!(world.pools_made(&PoolId::new("new")), 1);
    let host = world.os(&id("h1"));
    host.reboot(&host.observe().await.unwrap().boot).await.unwrap();
    assert_eq!(pool.observe().await.unwrap_err().kind(), ErrorKind::Unreachable);
}

#[tokio::test]
async fn a_dataset_is_created_below_its_pool_and_has_a_name_there() {
    let world = world();
    let pool = world.storage(&tank());
    for name in ["tankard", "tank/", "copy/data", "data"] {
        let answer = pool.create(&DatasetId::new(name)).await;
        assert_eq!(answer.unwrap_err().kind(), ErrorKind::Invalid, "{name}");
    }
    pool.create(&DatasetId::new("tank/d")).await.unwrap();
}

#[tokio::test]
async fn disks_of_the_same_names_in_another_machine_are_not_taken() {
    let mut room = blueprint();
    let copy = room.pools.iter_mut().find(|it| it.id == PoolId::new("copy")).unwrap();
    copy.made = Some(disks().spec);
    let world = World::new(room);
    world.storage(&PoolId::new("new")).create_pool(&disks().spec).await.unwrap();
    assert_eq!(world.pools_made(&PoolId::new("new")), 1);
    assert_eq!(world.pools_made(&PoolId::new("gone")), 0);
}

async fn taken(world: &World, pool: &dyn Storage, dataset: &str, bytes: u64) -> Snapshot {
    let dataset = DatasetId::new(dataset);
    pool.create(&dataset).await.unwrap();
    assert!(world.write(&tank(), &dataset, bytes));
    pool.snapshot(&dataset, "first").await.unwrap();
    pool.observe().await.unwrap().datasets[&dataset].snapshots[0].clone()
}

#[tokio::test]
async fn datasets_that_arrive_have_identities_of_their_own() {
    let world = world();
    let (pool, copy) = (world.storage(&tank()), world.storage(&PoolId::new("copy")));
    for name in ["a", "b"] {
        let dataset = format!("tank/{name}");
        let snapshot = taken(&world, &*pool, &dataset, 1).await;
        pool.replicate().unwrap().send(&DatasetId::new(dataset), &snapshot, "copy").await.unwrap();
    }
    world.tick(2);
    let there = copy.observe().await.unwrap().datasets;
    let guid = |name| there[&DatasetId::new(name)].guid;
    assert_ne!(guid("copy/a"), guid("copy/b"));
    copy.destroy(&DatasetId::new("copy/a"), guid("copy/b")).await.unwrap();
    assert_eq!(copy.observe().await.unwrap().datasets, there, "it was another one's");
}

#[tokio::test]
async fn a_snapshot_that_fills_the_other_pool_to_the_last_byte_is_sent() {
    let world = world();
    let (pool, copy) = (world.storage(&tank()), world.storage(&PoolId::new("copy")));
    let there = copy.observe().await.unwrap().pool.unwrap();
    let free = there.capacity.minus(there.used).0;
    for (dataset, size, sent) in [("tank/more", free + 1, false), ("tank/all", free, true)] {
        let snapshot = taken(&world, &*pool, dataset, size).await;
        let dataset = DatasetId::new(dataset);
        let answer = pool.replicate().unwrap().send(&dataset, &snapshot, "copy").await;
        assert_eq!(answer.is_ok(), sent, "{dataset}");
    }
}

#[tokio::test]
async fn a_scrub_takes_twice_as_long_as_an_order() {
    let world = world().with_latency(5);
    let pool = world.storage(&tank());
    let scrubs = async || pool.observe().await.unwrap().pool.unwrap().scrubs;
    pool.scrub().await.unwrap();
    world.tick(8);
    assert!(scrubs().await);
    assert!(!scrubs().await);
}
