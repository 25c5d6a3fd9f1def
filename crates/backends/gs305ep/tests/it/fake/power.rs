use super::poe::{ON, part, status};
use super::rig::{Rig, between, blueprint};
use rackberry_core::{Milliwatts, Power};
use rackberry_gs305ep::Model;
use rackberry_gs305ep::fake::{BudgetPolicy, Clock, Feeding, Knobs};

/// A switch whose budget is not enough for everybody.
async fn poor(budget: u64, feeding: Feeding) -> Rig {
    let mut room = blueprint(Model::Gs305ep);
    room.switches[0].budget = Some(Milliwatts(budget));
    let clock = Clock::by_hand();
    let knobs = Knobs { feeding, clock: clock.clone(), ..Knobs::default() };
    Rig::on(room, knobs, clock).await
}

#[tokio::test]
async fn a_port_that_gets_no_power_says_so_in_the_words_of_the_knobs() {
    let rig = poor(10_000, Feeding::default()).await;
    let client = rig.guest().await;
    assert_eq!(status(&client, 1).await, "Delivering Power");
    assert_eq!(status(&client, 3).await, "Fault");
    let port = part(&client, "/getPoePortStatus.cgi", 3).await;
    assert!(port.contains("Power Denied") && port.contains("<span>0.0</span>"), "{port}");
    assert_eq!(status(&client, 4).await, "Searching");
    let words = Feeding {
        denied_status: "Off".into(),
        denied_error: "<none>".into(),
        ..Feeding::default()
    };
    let rig = poor(10_000, words).await;
    let client = rig.guest().await;
    assert_eq!(status(&client, 3).await, "Off");
    assert!(part(&client, "/getPoePortStatus.cgi", 3).await.contains("&lt;none&gt;"));
}

#[tokio::test]
async fn what_is_left_goes_to_the_higher_priority() {
    let rig = poor(10_000, Feeding::default()).await;
    let client = rig.guest().await;
    client.post("/PoEPortConfig.cgi", &(ON.replace("PRIO=0", "PRIO=3") + "&portID=2")).await;
    rig.world.tick(5);
    assert_eq!(status(&client, 3).await, "Delivering Power");
    assert_eq!(status(&client, 2).await, "Fault");
}

#[tokio::test]
async fn by_class_two_machines_of_class_4_fill_63_w_and_the_third_waits() {
    let policy = BudgetPolicy::ClassReserve;
    let rig = poor(63_000, Feeding { policy, ..Feeding::default() }).await;
    let client = rig.guest().await;
    assert_eq!(status(&client, 2).await, "Delivering Power");
    assert_eq!(status(&client, 3).await, "Fault");
    assert_eq!(rig.boot(3).await, None);
    client.post("/PoEPortConfig.cgi", &(ON.replace("MODE=1", "MODE=0") + "&portID=0")).await;
    rig.seconds(1).await;
    assert_eq!(status(&client, 3).await, "Delivering Power");
    assert!(rig.poe(3).await.delivers);
}

#[tokio::test]
async fn by_class_the_higher_priority_comes_first() {
    let policy = BudgetPolicy::ClassReserve;
    let rig = poor(63_000, Feeding { policy, ..Feeding::default() }).await;
    let client = rig.guest().await;
    client.post("/PoEPortConfig.cgi", &(ON.replace("PRIO=0", "PRIO=2") + "&portID=2")).await;
    rig.seconds(1).await;
    let seen = [status(&client, 1).await, status(&client, 2).await, status(&client, 3).await];
    assert_eq!(seen, ["Delivering Power", "Fault", "Delivering Power"]);
}

#[tokio::test]
async fn by_class_a_lower_limit_leaves_room_for_others() {
    let policy = BudgetPolicy::ClassReserve;
    let rig = poor(63_000, Feeding { policy, ..Feeding::default() }).await;
    let client = rig.guest().await;
    assert_eq!(status(&client, 3).await, "Fault");
    for port in 0..3 {
        client
            .post("/PoEPortConfig.cgi", &format!("{}&portID={port}", ON.replace("30.0", "15.0")))
            .await;
    }
    rig.seconds(1).await;
    assert_eq!(status(&client, 3).await, "Delivering Power");
}

#[tokio::test]
async fn a_restart_ends_sessions_and_takes_the_power_for_a_while() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let form = format!("hash={}", client.hash().await);
    assert_eq!(client.send("/device_reboot.cgi", &form).await.unwrap(), "");
    assert_eq!(client.get("/login.cgi").await, "");
    assert_eq!(rig.poe(1).await.power, Power::Off);
    rig.seconds(30).await;
    assert!(client.get("/dashboard.cgi").await.contains("Redirect to Login"));
    let client = rig.guest().await;
    let page = part(&client, "/PoEPortConfig.cgi", 1).await;
    let (_, power) = page.split_once("class=\"hidPortPwr\"").unwrap();
    assert_eq!(between(power, "value=\"", "\""), Some("1"));
    rig.seconds(1).await;
    assert!(rig.poe(1).await.delivers);
}

#[tokio::test]
async fn uninterrupted_power_stays_through_a_restart() {
    let feeding = Feeding { uninterrupted: true, ..Feeding::default() };
    let rig = Rig::with(Knobs { feeding, ..Knobs::default() }).await;
    let client = rig.guest().await;
    let before = rig.boot(1).await;
    client.post("/device_reboot.cgi", "").await;
    rig.seconds(31).await;
    assert_eq!(rig.boot(1).await, before);
    assert!(rig.guest().await.get("/PoEPortConfig.cgi").await.contains("disabled checked"));
}
