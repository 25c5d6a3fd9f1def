use crate::room::{blueprint, config, house, id, world};
use rackberry_core::{
    Bytes, DiskId, ErrorKind, GuestSpec, PoolId, Power, Stage, Version, VirtualDisk, VlanId,
};
use rackberry_testkit::{Hypervisor, World};

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

/// What a guest says of itself that was made like this, on a host whose installer is a later one; none where it
/// does not answer.
async fn made(spec: &GuestSpec) -> Option<rackberry_core::NodeState> {
    let mut room = blueprint();
    let host = room.machines.iter_mut().find(|it| it.id == id("h1")).unwrap();
    host.hypervisor = Some(Hypervisor { installer: Version::new("1.1") });
    let world = World::new(room);
    world.os(&id("h1")).guests().unwrap().create(spec).await.unwrap();
    world.power(&spec.guest).unwrap().set_power(Power::On).await.unwrap();
    world.tick(2);
    world.os(&spec.guest).observe().await.ok()
}

#[tokio::test]
async fn a_guest_has_the_disks_and_the_installer_and_is_in_the_vlan_that_it_was_made_with() {
    let spec = house().spec;
    let seen = made(&spec).await.unwrap();
    assert_eq!(seen.disks, [(DiskId::new("root"), Bytes(8 << 30))].into());
    assert_eq!((seen.version, seen.memory), (Version::new("1.1"), spec.memory));
    let away = GuestSpec { vlan: Some(VlanId::try_from(77).unwrap()), ..spec };
    assert_eq!(made(&away).await, None, "nobody routes its VLAN");
}

/// Makes one guest after the other with such disks on the first host, and says how that was answered.
async fn fill(sizes: [u64; 3], pool: Option<PoolId>) -> [Option<ErrorKind>; 3] {
    let world = world();
    let host = world.os(&id("h1"));
    let mut answers = [None; 3];
    for (number, size) in sizes.into_iter().enumerate() {
        let disk = VirtualDisk { size: Bytes(size), pool: pool.clone() };
        let guest = id(&format!("law-{number}"));
        let disks = [(DiskId::new("root"), disk)].into();
        let spec = GuestSpec { guest, disks, memory: Bytes(1 << 30), ..house().spec };
        answers[number] = host.guests().unwrap().create(&spec).await.err().map(|it| it.kind());
    }
    answers
}

#[tokio::test]
async fn guests_fill_a_pool_and_the_disks_of_their_host_up_to_the_last_byte() {
    let refused = Some(ErrorKind::Refused);
    let pool = fill([40 << 30, 24 << 30, 1], Some(PoolId::new("tank"))).await;
    assert_eq!(pool, [None, None, refused]);
    let own = fill([200 << 30, 120 << 30, 1], None).await;
    assert_eq!(own, [None, None, refused]);
}
