use super::rig::{Client, Rig, between};
use rackberry_core::{Milliwatts, PoePriority, Power};
use rackberry_gs305ep::fake::{Feeding, Knobs};

/// All fields of a port, as a browser sends them.
pub(super) const ON: &str = "ACTION=Apply&ADMIN_MODE=1&PORT_PRIO=0&POW_MOD=3&POW_LIMT_TYP=2&POW_LIMT=30.0&\
     DETEC_TYP=2&DISCONNECT_TYP=2";

/// What a page says of one of its ports.
pub(super) async fn part(client: &Client, path: &str, port: u16) -> String {
    let page = client.get(path).await;
    let start = format!("<div name='isShowPot{port}'");
    between(&page, &start, "</li>").unwrap().to_string()
}

pub(super) async fn status(client: &Client, port: u16) -> String {
    let part = part(client, "/getPoePortStatus.cgi", port).await;
    between(&part, "poe-power-mode\">\n<span>", "<").unwrap().to_string()
}

fn setting<'a>(part: &'a str, class: &str) -> &'a str {
    let (_, rest) = part.split_once(&format!("class=\"{class}\"")).unwrap();
    between(rest, "value=\"", "\"").unwrap()
}

#[tokio::test]
async fn a_port_that_is_switched_off_takes_the_power_of_its_machine() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    assert!(rig.boot(1).await.is_some());
    let form = ON.replace("ADMIN_MODE=1", "ADMIN_MODE=0") + "&portID=0";
    assert_eq!(client.post("/PoEPortConfig.cgi", &form).await, "SUCCESS");
    assert_eq!(rig.poe(1).await.power, Power::Off);
    assert_eq!(rig.boot(1).await, None);
    assert_eq!(status(&client, 1).await, "Disabled");
    assert_eq!(setting(&part(&client, "/PoEPortConfig.cgi", 1).await, "hidPortPwr"), "0");
    assert!(rig.boot(2).await.is_some());
}

#[tokio::test]
async fn a_port_that_is_switched_on_searches_before_it_delivers() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    client.post("/PoEPortConfig.cgi", &(ON.replace("MODE=1", "MODE=0") + "&portID=0")).await;
    client.post("/PoEPortConfig.cgi", &format!("{ON}&portID=0")).await;
    assert_eq!(setting(&part(&client, "/PoEPortConfig.cgi", 1).await, "hidPortPwr"), "1");
    assert_eq!(status(&client, 1).await, "Searching");
    assert!(!rig.poe(1).await.delivers);
    rig.seconds(1).await;
    assert!(rig.poe(1).await.delivers);
    assert_eq!(status(&client, 1).await, "Delivering Power");
}

#[tokio::test]
async fn what_an_order_does_not_say_is_reset() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let all = "ACTION=Apply&portID=1&ADMIN_MODE=1&PORT_PRIO=3&POW_MOD=3&POW_LIMT_TYP=2&POW_LIMT=15.4&\
               DETEC_TYP=3&DISCONNECT_TYP=3";
    client.post("/PoEPortConfig.cgi", all).await;
    let page = part(&client, "/PoEPortConfig.cgi", 2).await;
    let said = ["portPrio", "pwrMode", "pwrLimitType", "pwrLimit", "detecType", "longerDetect"];
    assert_eq!(said.map(|it| setting(&page, it)), ["3", "3", "2", "15.4", "3", "3"]);
    assert_eq!(rig.poe(2).await.priority, PoePriority::Critical);
    assert_eq!(rig.poe(2).await.limit, Some(Milliwatts(15_400)));
    client.post("/PoEPortConfig.cgi", "ACTION=Apply&portID=1&ADMIN_MODE=1").await;
    let page = part(&client, "/PoEPortConfig.cgi", 2).await;
    assert_eq!(said.map(|it| setting(&page, it)), ["0", "0", "0", "16.2", "0", "0"]);
    assert!(page.contains("Get Value Fault"), "{page}");
    assert_eq!(rig.poe(2).await.priority, PoePriority::Low);
    assert_eq!(rig.poe(2).await.limit, Some(Milliwatts(16_200)));
}

#[tokio::test]
async fn a_limit_by_class_is_the_class_of_the_machine() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let page = part(&client, "/PoEPortConfig.cgi", 1).await;
    assert_eq!((setting(&page, "pwrLimitType"), setting(&page, "pwrLimit")), ("2", "30.0"));
    let form = format!("{}&portID=0", ON.replace("LIMT_TYP=2", "LIMT_TYP=1"));
    client.post("/PoEPortConfig.cgi", &form).await;
    assert_eq!(rig.poe(1).await.limit, None);
    assert_eq!(setting(&part(&client, "/PoEPortConfig.cgi", 1).await, "pwrLimitType"), "1");
}

#[tokio::test]
async fn a_port_of_802_3af_delivers_no_more_than_its_mode_allows() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let form =
        |limit| format!("{}&portID=0", ON.replace("POW_MOD=3", "POW_MOD=0").replace("30.0", limit));
    client.post("/PoEPortConfig.cgi", &form("30.0")).await;
    assert_eq!(rig.poe(1).await.limit, Some(Milliwatts(16_200)));
    assert_eq!(setting(&part(&client, "/PoEPortConfig.cgi", 1).await, "pwrLimit"), "30.0");
    client.post("/PoEPortConfig.cgi", &form("7.0")).await;
    assert_eq!(rig.poe(1).await.limit, Some(Milliwatts(7_000)));
}

#[tokio::test]
async fn a_limit_that_is_none_is_not_taken_and_without_one_the_old_one_stays() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    client.post("/PoEPortConfig.cgi", &format!("{}&portID=0", ON.replace("30.0", "12.3"))).await;
    for odd in ["2.9", "30.1", "1e1", "-3.0", "12.34", "99999999999999999999.0", "", "ten"] {
        client.post("/PoEPortConfig.cgi", &format!("{}&portID=0", ON.replace("30.0", odd))).await;
        assert_eq!(rig.poe(1).await.limit, Some(Milliwatts(12_300)), "{odd}");
    }
    client
        .post("/PoEPortConfig.cgi", &format!("{}&portID=0", ON.replace("&POW_LIMT=30.0", "")))
        .await;
    assert_eq!(rig.poe(1).await.limit, Some(Milliwatts(12_300)));
}

#[tokio::test]
async fn a_limit_that_somebody_else_has_set_is_shown() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let switch = rig.world.switch(&rackberry_core::SwitchId::new("sw"));
    let poe = switch.poe().unwrap();
    poe.set_limit(rackberry_core::PortNo(1), Some(Milliwatts(7_000))).await.unwrap();
    assert_eq!(setting(&part(&client, "/PoEPortConfig.cgi", 1).await, "pwrLimit"), "7.0");
}

#[tokio::test]
async fn orders_for_ports_that_are_not_fed_and_unknown_orders_change_nothing() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let before = rig.state().await;
    for port in ["4", "99", "-1", "65535", "x", ""] {
        let form = format!("{ON}&portID={port}").replace("PRIO=0", "PRIO=3");
        assert_eq!(client.post("/PoEPortConfig.cgi", &form).await, "SUCCESS", "{port}");
    }
    assert_eq!(client.post("/PoEPortConfig.cgi", "ACTION=Explode&portID=0").await.len(), 303);
    assert_eq!(
        rig.state().await.ports[&rackberry_core::PortNo(1)].poe,
        before.ports[&rackberry_core::PortNo(1)].poe
    );
}

#[tokio::test]
async fn a_power_cycle_takes_the_power_of_the_ports_that_are_named_and_gives_it_back() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let before = [rig.boot(1).await, rig.boot(2).await, rig.boot(3).await];
    let form = "ACTION=Reset&port0=checked&port1=checked";
    assert_eq!(client.post("/PoEPortConfig.cgi", form).await, "SUCCESS");
    assert_eq!(setting(&part(&client, "/PoEPortConfig.cgi", 1).await, "hidPortPwr"), "1");
    for seconds in 0..3 {
        assert!(!rig.poe(1).await.delivers, "after {seconds} s");
        assert_eq!(status(&client, 2).await, "Searching");
        rig.seconds(1).await;
    }
    assert_eq!(status(&client, 1).await, "Delivering Power");
    rig.world.tick(5);
    let after = [rig.boot(1).await, rig.boot(2).await, rig.boot(3).await];
    assert!(after.iter().all(Option::is_some));
    assert!(before[0] != after[0] && before[1] != after[1]);
    assert_eq!(before[2], after[2]);
}

#[tokio::test]
async fn a_power_cycle_of_a_port_that_is_off_does_nothing_and_says_success() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    client.post("/PoEPortConfig.cgi", &(ON.replace("MODE=1", "MODE=0") + "&portID=0")).await;
    assert_eq!(client.post("/PoEPortConfig.cgi", "ACTION=Reset&port0=checked").await, "SUCCESS");
    rig.seconds(60).await;
    assert_eq!(rig.poe(1).await.power, Power::Off);
    assert_eq!(status(&client, 1).await, "Disabled");
}

#[tokio::test]
async fn a_port_that_is_switched_off_in_the_middle_of_a_power_cycle_stays_off() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    client.post("/PoEPortConfig.cgi", "ACTION=Reset&port0=checked").await;
    client.post("/PoEPortConfig.cgi", &(ON.replace("MODE=1", "MODE=0") + "&portID=0")).await;
    rig.seconds(60).await;
    assert_eq!(rig.poe(1).await.power, Power::Off);
}

#[tokio::test]
async fn every_order_interrupts_a_port_where_the_knob_says_so() {
    for glitch in [false, true] {
        let feeding = Feeding { glitch, ..Feeding::default() };
        let rig = Rig::with(Knobs { feeding, ..Knobs::default() }).await;
        let client = rig.guest().await;
        client.post("/PoEPortConfig.cgi", &format!("{ON}&portID=0")).await;
        assert_eq!(rig.poe(1).await.delivers, !glitch);
        rig.seconds(3).await;
        assert!(rig.poe(1).await.delivers);
    }
}

#[tokio::test]
async fn old_firmware_knows_no_longer_detection() {
    let feeding = Feeding { longer: false, ..Feeding::default() };
    let rig = Rig::with(Knobs { feeding, ..Knobs::default() }).await;
    let client = rig.guest().await;
    let page = client.get("/PoEPortConfig.cgi").await;
    assert!(!page.contains("longerDetect") && !page.contains("DISCONNECT_TYP"), "{page}");
    let page = Rig::new().await.guest().await.get("/PoEPortConfig.cgi").await;
    assert!(page.contains("longerDetect"), "{page}");
}
