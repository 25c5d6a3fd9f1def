use super::rig::Rig;
use crate::device::rack::{sw, vlan};
use rackberry_core::{PortNo, Tagging, VlanTable};
use serde_json::{Value, json};

const VLANS: &str = "/interface/bridge/vlan";

async fn table(rig: &Rig) -> VlanTable {
    rig.0.world.switch(&sw()).observe().await.unwrap().vlans.unwrap()
}

fn written(rows: &Value) -> Vec<&Value> {
    rows.as_array().unwrap().iter().filter(|it| it["dynamic"] == "false").collect()
}

#[tokio::test]
async fn a_fresh_bridge_has_one_row_that_follows_from_pvids() {
    let rig = Rig::new().await;
    let rows = rig.get(VLANS).await;
    assert_eq!(rows.as_array().unwrap().len(), 1);
    let row = &rows[0];
    assert_eq!(
        (&row["dynamic"], &row["vlan-ids"], &row["comment"]),
        (&json!("true"), &json!("1"), &json!("added by pvid"))
    );
    // Of the ports, those with a link: three machines, and the controller.
    assert_eq!(row["current-untagged"], "bridge,ether1,ether2,ether3,sfp-sfpplus4");
}

#[tokio::test]
async fn rows_are_added_set_and_removed() {
    let rig = Rig::new().await;
    let body =
        r#"{"bridge":"bridge","vlan-ids":20,"tagged":"bridge,sfp-sfpplus4","untagged":"ether1"}"#;
    let (status, row) = rig.ask("PUT", VLANS, body).await;
    assert_eq!((status, &row["current-tagged"]), (201, &json!("bridge,sfp-sfpplus4")));
    assert_eq!(table(&rig).await.member(PortNo(28), vlan(20)), Some(Tagging::Tagged));
    let twice = rig.ask("PUT", VLANS, body).await;
    assert_eq!((twice.0, &twice.1["detail"]), (400, &json!("failure: vlan already added")));
    let path = format!("{VLANS}/{}", row[".id"].as_str().unwrap());
    let (_, set) = rig.ask("PATCH", &path, r#"{"untagged":"ether1,ether2"}"#).await;
    assert_eq!((&set["untagged"], &set["tagged"]), (&json!("ether1,ether2"), &row["tagged"]));
    assert_eq!(rig.ask("DELETE", &path, "").await, (204, Value::Null));
    assert_eq!(rig.ask("DELETE", &path, "").await.0, 404);
    assert_eq!(table(&rig).await, VlanTable::factory((1..=28).map(PortNo)));
}

#[tokio::test]
async fn rows_that_make_no_sense_are_refused() {
    let rig = Rig::new().await;
    for body in [
        r#"{"bridge":"bridge"}"#,
        r#"{"vlan-ids":"20"}"#,
        r#"{"bridge":"other","vlan-ids":"20"}"#,
        r#"{"bridge":"bridge","vlan-ids":"4095"}"#,
        r#"{"bridge":"bridge","vlan-ids":"20","tagged":"ether99"}"#,
        r#"{"bridge":"bridge","vlan-ids":"20","tagged":"ether1","untagged":"ether1"}"#,
        r#"{"bridge":"bridge","vlan-ids":"20","members":"ether1"}"#,
    ] {
        assert_eq!(rig.ask("PUT", VLANS, body).await.0, 400, "{body}");
    }
    let dynamic = rig.get(VLANS).await[0][".id"].as_str().unwrap().to_owned();
    assert_eq!(rig.ask("PATCH", &format!("{VLANS}/{dynamic}"), "{}").await.0, 400);
    assert_eq!(rig.ask("DELETE", &format!("{VLANS}/{dynamic}"), "").await.0, 400);
    assert_eq!(table(&rig).await, VlanTable::factory((1..=28).map(PortNo)));
}

#[tokio::test]
async fn a_pvid_makes_its_port_a_member_and_a_port_for_tags_has_none() {
    let rig = Rig::new().await;
    let path = "/interface/bridge/port/*101";
    assert_eq!(rig.ask("PATCH", path, r#"{"pvid":"30"}"#).await.1["pvid"], "30");
    let now = table(&rig).await;
    assert_eq!(
        (now.member(PortNo(1), vlan(30)), now.member(PortNo(1), vlan(1))),
        (Some(Tagging::Untagged), None)
    );
    rig.ask("PATCH", path, r#"{"frame-types":"admit-only-vlan-tagged"}"#).await;
    let now = table(&rig).await;
    assert_eq!((now.pvids.get(&PortNo(1)), now.vlans.get(&vlan(30))), (None, None));
    for wrong in [r#"{"pvid":"0"}"#, r#"{"frame-types":"none"}"#, r#"{"pvd":"1"}"#] {
        assert_eq!(rig.ask("PATCH", path, wrong).await.0, 400);
    }
}

#[tokio::test]
async fn what_others_change_at_the_switch_behind_is_shown() {
    let rig = Rig::new().await;
    let mut other = VlanTable::factory((1..=28).map(PortNo));
    other.vlans.insert(vlan(40), [(PortNo(2), Tagging::Tagged)].into());
    rig.0.world.switch(&sw()).set_vlans(&other).await.unwrap();
    let rows = rig.get(VLANS).await;
    let row = written(&rows)[0];
    assert_eq!((&row["vlan-ids"], &row["tagged"]), (&json!("40"), &json!("ether2")));
}

#[tokio::test]
async fn whoever_takes_the_vlan_of_the_controller_hears_nothing_more() {
    let rig = Rig::new().await;
    let path = "/rest/interface/bridge/port/*11C";
    let body = r#"{"pvid":"30"}"#;
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nHost: x\r\n{}Content-Length: {}\r\n\r\n{body}",
        super::rig::KNOWN,
        body.len()
    );
    assert_eq!(rig.raw(head.as_bytes()).await, "");
    let again = format!("GET {path} HTTP/1.1\r\nHost: x\r\n{}\r\n", super::rig::KNOWN);
    assert_eq!(rig.raw(again.as_bytes()).await, "");
}
