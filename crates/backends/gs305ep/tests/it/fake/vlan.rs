use super::rig::{Client, Rig, between};
use rackberry_core::{PortNo, Tagging, VlanId, VlanTable};
use rackberry_gs305ep::Model;
use rackberry_gs305ep::fake::{Clock, Knobs, VlanMode, Vlans};

fn vlan(number: u16) -> VlanId {
    VlanId::try_from(number).unwrap()
}

async fn table(rig: &Rig) -> VlanTable {
    rig.state().await.vlans.unwrap()
}

const ADD: &str =
    "ACTION=Add&VLAN_ID=20&VLAN_NAME=lab&hiddenMem=32132&vlanNum=9&voiceVLANID=0&voiceVlanCos=6";

async fn with_lab(rig: &Rig) -> Client {
    let client = rig.guest().await;
    let page = client.post("/8021qAdvanced.cgi", ADD).await;
    assert!(page.contains("id='vlanMod' value=\"4\""), "the page is the answer: {page}");
    client
}

#[tokio::test]
async fn digits_are_1_for_tagged_2_for_untagged_and_3_for_no_member() {
    let rig = Rig::new().await;
    let client = with_lab(&rig).await;
    let members = [
        (PortNo(2), Tagging::Untagged),
        (PortNo(3), Tagging::Tagged),
        (PortNo(5), Tagging::Untagged),
    ];
    assert_eq!(table(&rig).await.vlans[&vlan(20)], members.into());
    let page = client.get("/vlan.cgi").await;
    assert!(page.contains("hidden-mem type='hidden' value='32132'"), "{page}");
    assert!(page.contains("</i>20</span>") && page.contains(">lab</span><span>2 3 5 <"), "{page}");
    assert!(page.contains("id='vlanNum' value='2'"), "{page}");
}

#[tokio::test]
async fn orders_that_make_no_sense_are_answered_with_the_page_and_change_nothing() {
    let rig = Rig::new().await;
    let client = with_lab(&rig).await;
    let before = table(&rig).await;
    for form in [
        ADD.replace("32132", "22222"),
        ADD.replace("=20", "=0"),
        ADD.replace("=20", "=4095"),
        ADD.replace("=20", "=99999999999"),
        ADD.replace("=20", "=21").replace("32132", "3213"),
        ADD.replace("=20", "=21").replace("32132", "32134"),
        ADD.replace("=20", "=21").replace("32132", "3213ä"),
        "ACTION=Apply&VLAN_ID=30&VLAN_NAME=x&hiddenMem=22222".into(),
        "ACTION=Delete&VLAN_ID=30".into(),
        "ACTION=Delete&VLAN_ID=1".into(),
        "ACTION=Add&VLAN_ID=21".into(),
    ] {
        let page = client.post("/8021qAdvanced.cgi", &form).await;
        assert!(page.contains("id='vlanMod'"), "{form}");
        assert_eq!(table(&rig).await, before, "{form}");
    }
    for form in ["VLAN_ID=20", "ACTION=Explode&VLAN_ID=20"] {
        assert_eq!(client.post("/8021qAdvanced.cgi", form).await.len(), 303);
        assert_eq!(table(&rig).await, before, "{form}");
    }
}

#[tokio::test]
async fn the_pvid_of_a_port_keeps_it_in_its_vlan() {
    let rig = Rig::new().await;
    let client = with_lab(&rig).await;
    client.post("/portPVID.cgi", "PORT=2&PVID=20").await;
    assert_eq!(table(&rig).await.pvids[&PortNo(2)], vlan(20));
    let page = client.get("/vlan.cgi").await;
    assert!(page.contains("<span pvid-str class=\"hid-txt\">1, 20*, </span>"), "{page}");
    let before = table(&rig).await;
    client.post("/8021qAdvanced.cgi", &ADD.replace("Add", "Apply").replace("32132", "33132")).await;
    client.post("/8021qAdvanced.cgi", "ACTION=Delete&VLAN_ID=20").await;
    assert_eq!(table(&rig).await, before);
    assert!(client.get("/vlan.cgi").await.contains(">lab</span>"));
    client.post("/portPVID.cgi", "PORT=2&PVID=1").await;
    client.post("/8021qAdvanced.cgi", &ADD.replace("Add", "Apply").replace("32132", "33132")).await;
    assert_eq!(table(&rig).await.member(PortNo(2), vlan(20)), None);
    client.post("/8021qAdvanced.cgi", "ACTION=Delete&VLAN_ID=20").await;
    assert!(!table(&rig).await.vlans.contains_key(&vlan(20)));
}

#[tokio::test]
async fn the_first_vlan_stays_even_where_it_is_no_pvid() {
    let mut room = super::rig::blueprint(Model::Gs305ep);
    room.uplink = None;
    let rig = Rig::on(room, Knobs::default(), Clock::by_hand()).await;
    let client = rig.guest().await;
    client.post("/8021qAdvanced.cgi", &ADD.replace("32132", "22222")).await;
    for port in 1..=5 {
        client.post("/portPVID.cgi", &format!("PORT={port}&PVID=20")).await;
    }
    client.post("/8021qAdvanced.cgi", "ACTION=Delete&VLAN_ID=1").await;
    let table = table(&rig).await;
    assert!(table.pvids.values().all(|it| *it == vlan(20)));
    assert!(table.vlans.contains_key(&vlan(1)));
}

#[tokio::test]
async fn a_pvid_of_a_vlan_that_the_port_is_no_member_of_gets_a_short_answer() {
    let rig = Rig::new().await;
    let client = with_lab(&rig).await;
    for (port, pvid) in [(1, 20), (3, 77)] {
        let answer = client.post("/portPVID.cgi", &format!("PORT={port}&PVID={pvid}")).await;
        assert!(answer.len() < 30, "{answer}");
        let parts: Vec<_> = answer.split('@').collect();
        assert_eq!(parts[1..3], [port.to_string(), format!("({pvid})")]);
    }
    for odd in ["PORT=9&PVID=20", "PORT=0&PVID=20", "PORT=2&PVID=0", "PORT=2"] {
        assert!(client.post("/portPVID.cgi", odd).await.contains("id='vlanMod'"), "{odd}");
    }
    assert_eq!(table(&rig).await.pvids, VlanTable::factory((1..=5).map(PortNo)).pvids);
}

#[tokio::test]
async fn there_is_one_voice_vlan_and_an_order_without_it_clears_it() {
    let rig = Rig::new().await;
    let client = with_lab(&rig).await;
    let voice =
        |page: &str| between(page, "id='voVid' type='hidden' value='", "'").unwrap().to_string();
    let on = ADD
        .replace("Add", "Apply")
        .replace("voiceVLANID=0", "voiceVLANID=1")
        .replace("Cos=6", "Cos=5");
    let page = client.post("/8021qAdvanced.cgi", &on).await;
    assert_eq!(voice(&page), "20");
    assert!(page.contains("id='cos' class=\"hide\">5<"), "{page}");
    let other = on.replace("Apply", "Add").replace("=20", "=30");
    assert_eq!(voice(&client.post("/8021qAdvanced.cgi", &other).await), "30");
    let off = ADD.replace("Add", "Apply");
    assert_eq!(voice(&client.post("/8021qAdvanced.cgi", &off).await), "30");
    assert_eq!(voice(&client.post("/8021qAdvanced.cgi", &off.replace("=20", "=30")).await), "0");
}

#[tokio::test]
async fn there_are_no_more_vlans_than_the_knob_says() {
    let vlans = Vlans { most: 2, ..Vlans::default() };
    let rig = Rig::with(Knobs { vlans, ..Knobs::default() }).await;
    let client = with_lab(&rig).await;
    client.post("/8021qAdvanced.cgi", &ADD.replace("=20", "=21")).await;
    assert_eq!(table(&rig).await.vlans.len(), 2);
}

#[tokio::test]
async fn a_change_of_the_mode_silences_the_switch_and_forgets_its_vlans() {
    let rig = Rig::new().await;
    let client = with_lab(&rig).await;
    assert!(client.post("/vlanMod.cgi", "VLAN_MOD=0").await.contains("id='vlanMod'"));
    assert_eq!(client.get("/vlan.cgi").await, "");
    rig.seconds(3).await;
    let page = client.get("/vlan.cgi").await;
    assert!(page.contains("id='vlanMod' value=\"0\"") && !page.contains("adv8021Q\">\n"), "{page}");
    client.post("/8021qAdvanced.cgi", ADD).await;
    assert_eq!(table(&rig).await, VlanTable::factory((1..=5).map(PortNo)));
    client.post("/vlanMod.cgi", "VLAN_MOD=4").await;
    rig.seconds(3).await;
    assert_eq!(table(&rig).await, VlanTable::factory((1..=5).map(PortNo)));
}

#[tokio::test]
async fn a_change_of_the_mode_and_back_keeps_vlans_where_the_knob_says_so() {
    let vlans = Vlans { wipes: false, ..Vlans::default() };
    let rig = Rig::with(Knobs { vlans, ..Knobs::default() }).await;
    let client = with_lab(&rig).await;
    let before = table(&rig).await;
    client.post("/vlanMod.cgi", "VLAN_MOD=3").await;
    rig.seconds(3).await;
    assert_ne!(table(&rig).await, before);
    client.post("/vlanMod.cgi", "VLAN_MOD=4").await;
    rig.seconds(3).await;
    assert_eq!(table(&rig).await, before);
    assert!(client.get("/vlan.cgi").await.contains(">lab</span>"));
}

#[tokio::test]
async fn a_switch_may_begin_in_another_mode() {
    let vlans = Vlans { mode: VlanMode::NoVlan, ..Vlans::default() };
    let rig = Rig::with(Knobs { vlans, ..Knobs::default() }).await;
    let client = rig.guest().await;
    client.post("/8021qAdvanced.cgi", ADD).await;
    let page = client.get("/vlan.cgi").await;
    assert!(page.contains("id='vlanMod' value=\"0\"") && !page.contains("hidden-mem"), "{page}");
    assert_eq!(table(&rig).await.vlans.len(), 1);
}

#[tokio::test]
async fn a_controller_that_takes_its_own_port_out_of_the_management_vlan_hears_nothing_more() {
    let rig = Rig::new().await;
    let client = with_lab(&rig).await;
    client.post("/portPVID.cgi", "PORT=5&PVID=20").await;
    assert_eq!(client.get("/login.cgi").await, "");
    assert_eq!(client.whole("/dashboard.cgi").await.unwrap(), "");
}
