use crate::room::{config, house, id, world};
use rackberry_core::{ErrorKind, Power, Stage};

#[tokio::test]
async fn a_guest_that_is_made_and_switched_on_waits_for_its_configuration() {
    let world = world();
    let host = world.os(&id("h1"));
    let spec = house().spec;
    let os = world.os(&spec.guest);
    assert_eq!(os.observe().await.unwrap_err().kind(), ErrorKind::Unreachable);
    host.guests().unwrap().create(&spec).await.unwrap();
    world.power(&spec.guest).unwrap().set_power(Power::On).await.unwrap();
    world.tick(2);
    assert_eq!(os.observe().await.unwrap().stage, Stage::Maintenance);
}

#[tokio::test]
async fn a_guest_goes_down_with_its_host_and_comes_back_with_it() {
    let world = world();
    let (host, guest) = (world.os(&id("h1")), world.os(&id("g1")));
    let before = guest.observe().await.unwrap().boot;
    let boot = host.observe().await.unwrap().boot;
    host.reboot(&boot).await.unwrap();
    world.tick(1);
    assert_eq!(guest.observe().await.unwrap_err().kind(), ErrorKind::Unreachable);
    world.tick(4);
    assert_ne!(guest.observe().await.unwrap().boot, before);
}

#[tokio::test]
async fn a_guest_that_is_rolled_back_is_what_it_was() {
    let world = world();
    let (host, guest) = (world.os(&id("h1")), world.os(&id("g1")));
    let guests = host.guests().unwrap();
    guests.snapshot(&id("g1"), "empty").await.unwrap();
    guest.configure(&config(r#"{"cluster": null, "role": "worker"}"#)).await.unwrap();
    world.tick(4);
    assert_eq!(guest.observe().await.unwrap().stage, Stage::Running);
    guests.roll_back(&id("g1"), "empty").await.unwrap();
    world.tick(2);
    assert_eq!(guest.observe().await.unwrap().stage, Stage::Maintenance);
}

#[tokio::test]
async fn a_guest_that_is_moved_goes_on_elsewhere() {
    let world = world();
    let (from, to) = (world.os(&id("h1")), world.os(&id("h2")));
    let before = world.os(&id("g1")).observe().await.unwrap().boot;
    from.guests().unwrap().migrate(&id("g1"), &id("h2")).await.unwrap();
    assert!(to.guests().unwrap().observe().await.unwrap().contains_key(&id("g1")));
    assert_eq!(world.os(&id("g1")).observe().await.unwrap().boot, before);
}
