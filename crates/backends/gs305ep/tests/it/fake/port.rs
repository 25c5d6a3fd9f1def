use super::rig::{Client, Rig, between};
use rackberry_core::{NodeId, PortNo, SwitchId};
use rackberry_gs305ep::Model;
use rackberry_gs305ep::fake::{Clock, Knobs, Label};

async fn part(client: &Client, port: u16) -> String {
    super::poe::part(client, "/dashboard.cgi", port).await
}

fn value<'a>(part: &'a str, class: &str) -> &'a str {
    between(part, &format!("class=\"{class}\" value=\""), "\"").unwrap()
}

fn state(part: &str) -> &str {
    let (_, rest) = part.split_once("pull-right\">\n<span").unwrap();
    between(rest, ">", "<").unwrap()
}

#[tokio::test]
async fn a_port_is_up_free_or_disabled() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    assert_eq!(state(&part(&client, 1).await), "UP");
    assert_eq!(value(&part(&client, 1).await, "LinkedSpeed"), "1000M full");
    assert_eq!(state(&part(&client, 4).await), "AVAILABLE");
    assert_eq!(value(&part(&client, 4).await, "LinkedSpeed"), "No Speed");
    assert_eq!(client.post("/port_status.cgi", "port1=checked&SPEED=2").await, "SUCCESS");
    assert!(!rig.port(1).await.enabled);
    assert_eq!(state(&part(&client, 1).await), "DISABLED");
    assert_eq!(value(&part(&client, 1).await, "Speed"), "2");
    assert!(rig.poe(1).await.delivers, "a port without frames still feeds");
    client.post("/port_status.cgi", "port1=checked&SPEED=1").await;
    assert!(rig.port(1).await.enabled);
}

#[tokio::test]
async fn names_rates_and_flow_control_are_kept() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let form = "port2=checked&DESCRIPTION=nas+%3Cb%3E%26%C3%A4&SPEED=6&FLOW_CONTROL=1&IngressRate=3&\
                EgressRate=12&priority=0";
    assert_eq!(client.post("/port_status.cgi", form).await, "SUCCESS");
    let port = part(&client, 2).await;
    assert!(port.contains("2 - nas &lt;b&gt;&amp;ä "), "{port}");
    assert_eq!(value(&port, "LinkedSpeed"), "100M full");
    let seen = ["Speed", "flowCtr", "ingressRate", "egressRate"].map(|it| value(&port, it));
    assert_eq!(seen, ["6", "1", "3", "12"]);
}

#[tokio::test]
async fn a_port_that_is_switched_on_by_other_hands_has_its_old_speed() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    client.post("/port_status.cgi", "port1=checked&SPEED=6").await;
    client.post("/port_status.cgi", "port1=checked&SPEED=2").await;
    let switch = rig.world.switch(&SwitchId::new("sw"));
    switch.set_port(PortNo(1), true).await.unwrap();
    assert_eq!(value(&part(&client, 1).await, "Speed"), "6");
}

#[tokio::test]
async fn several_ports_take_one_order_and_odd_values_none() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let long = "x".repeat(40);
    let form = format!(
        "port1=checked&port3=checked&port9=checked&DESCRIPTION={long}&SPEED=77&IngressRate=0"
    );
    assert_eq!(client.post("/port_status.cgi", &form).await, "SUCCESS");
    for (port, name) in [(1, &long[..16]), (2, ""), (3, &long[..16])] {
        let port = part(&client, port).await;
        let seen = ["portName", "Speed", "ingressRate"].map(|it| value(&port, it).to_string());
        assert_eq!(seen, [name, "1", "1"]);
    }
}

#[tokio::test]
async fn the_ports_of_each_model_are_there_and_no_others() {
    for model in Model::ALL {
        let rig = Rig::with(Knobs { model, ..Knobs::default() }).await;
        let client = rig.guest().await;
        let (page, poe) =
            (client.get("/dashboard.cgi").await, client.get("/PoEPortConfig.cgi").await);
        for port in 1..=9 {
            let port = PortNo(port);
            let item = format!("name='isShowPot{}'", port.0);
            assert_eq!(page.contains(&item), model.has(port), "{model:?} {port}");
            assert_eq!(poe.contains(&item), model.feeds(port), "{model:?} {port}");
        }
        assert!(page.contains(&format!("id=\"prctName\" value=\"{}\"", model.name())));
    }
}

/// The six numbers of a port.
async fn counted(client: &Client, port: u16) -> Vec<u64> {
    let page = client.get("/portStatistics.cgi").await;
    let (_, rest) = page.split_once(&format!("<li><span>{port}</span>")).unwrap();
    let inputs = rest.split("value=\"").skip(1).take(6);
    inputs.map(|it| it.split('"').next().unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn what_has_passed_is_counted_until_it_is_cleared() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    for _ in 0..3 {
        rig.world.os(&NodeId::new("pi1")).observe().await.unwrap();
    }
    let real = rig.port(1).await.counters.unwrap();
    assert!(real.received > 0);
    assert_eq!(counted(&client, 1).await, [0, real.received, 0, real.sent, 0, 0]);
    assert_eq!(client.post("/portStatistics.cgi", "clearCounters=1").await, "SUCCESS");
    assert_eq!(counted(&client, 1).await, [0; 6]);
    rig.world.os(&NodeId::new("pi1")).observe().await.unwrap();
    assert_eq!(counted(&client, 1).await[1], real.received / 3);
    client.post("/device_reboot.cgi", "").await;
    rig.seconds(60).await;
    let client = rig.guest().await;
    assert_eq!(counted(&client, 1).await, [0; 6]);
}

#[tokio::test]
async fn the_switch_keeps_its_name_leds_and_addresses() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    assert_eq!(client.post("/switch_name.cgi", "switch_name=rack+1&SET_LANG=de").await, "SUCCESS");
    assert_eq!(client.post("/port_led.cgi", "portled=2").await, "SUCCESS");
    let page = client.get("/dashboard.cgi").await;
    assert!(page.contains("id=\"switch_name\" untrans>rack 1<"), "{page}");
    assert!(page.contains("id='led_switch'>OFF<") && page.contains("id=\"selLang\" value=\"de\""));
    client.post("/port_led.cgi", "portled=0").await;
    assert!(client.get("/dashboard.cgi").await.contains("id='led_switch'>ON<"));
    let form = "dhcpMode=0&ip_address=10.0.0.2&subnet_mask=255.0.0.0&gateway_address=no";
    client.post("/ip_dhcp.cgi", form).await;
    let page = client.get("/ip_dhcp.cgi").await;
    for (id, value) in
        [("dhcpModFlag", "false"), ("ipStr", "10.0.0.2"), ("gatewayStr", "192.168.0.254")]
    {
        assert!(page.contains(&format!("id='{id}' type=\"hidden\" value=\"{value}\"")), "{page}");
    }
}

#[tokio::test]
async fn the_switch_says_what_is_on_its_label_and_the_serial_number_of_the_one_behind() {
    let label = Label { name: "attic".into(), firmware: "V9.9.9.9".into(), ..Label::default() };
    let (room, clock) = (super::rig::blueprint(Model::Gs305ep), Clock::by_hand());
    let knobs = Knobs { label, ..Knobs::default() };
    let page = Rig::on(room.clone(), knobs.clone(), clock.clone()).await;
    let page = page.guest().await.get("/dashboard.cgi").await;
    for text in [">attic<", ">V9.9.9.9<", ">5VN0000000001<", ">02:00:00:00:03:05<"] {
        assert!(page.contains(text), "{text}");
    }
    let mut room = room;
    room.switches[0].serial = Some("REAL".into());
    let rig = Rig::on(room, knobs, clock).await;
    assert!(rig.guest().await.get("/dashboard.cgi").await.contains(">REAL<"));
}
