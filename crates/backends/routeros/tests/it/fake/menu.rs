use super::rig::Rig;
use crate::device::rack::knobs;
use rackberry_core::{PoePriority, Power};
use rackberry_routeros::fake::{Fault, Knobs};
use serde_json::{Value, json};

#[tokio::test]
async fn nobody_is_let_in_without_the_password() {
    let rig = Rig::new().await;
    let wrong = "Authorization: Basic YWRtaW46d3Jvbmc=\r\n";
    for known in [
        "",
        wrong,
        "Authorization: Basic ????\r\n",
        "Authorization: Bearer YWRtaW46UGFzc3dvcmQx\r\n",
    ] {
        let (status, said) = rig.ask_as(known, "GET", "/interface/ethernet", "").await;
        assert_eq!((status, said), (401, json!({ "error": 401, "message": "Unauthorized" })));
        let order =
            rig.ask_as(known, "PATCH", "/interface/ethernet/*1", r#"{"disabled":"yes"}"#).await;
        assert_eq!(order.0, 401);
    }
    assert!(rig.port(1).await.enabled);
}

#[tokio::test]
async fn what_there_is_not_is_answered_as_the_documentation_says() {
    let rig = Rig::new().await;
    for (method, path, body, status) in [
        ("GET", "/interface/wireless", "", 404),
        ("GET", "/interface/ethernet/*FF", "", 404),
        ("GET", "/interface/ethernet/%2A1", "", 400),
        ("PATCH", "/interface/ethernet", "{}", 400),
        ("PATCH", "/interface/ethernet/*1", r#"{"speeed":"1"}"#, 400),
        ("PATCH", "/interface/ethernet/*1", r#"{"disabled":"maybe"}"#, 400),
        ("PATCH", "/interface/ethernet/*1", "[1]", 400),
        ("PATCH", "/interface/ethernet/poe/*1", r#"{"poe-priority":"100"}"#, 400),
        ("PATCH", "/interface/ethernet/poe/*1C", r#"{"poe-out":"off"}"#, 404),
        ("DELETE", "/interface/ethernet/*1", "", 406),
        ("PUT", "/interface/ethernet", "{}", 400),
        ("POST", "/interface/ethernet", "{}", 400),
        ("TRACE", "/interface/ethernet", "", 406),
        ("POST", "/interface/ethernet/monitor", r#"{"numbers":"*1"}"#, 500),
    ] {
        let (found, said) = rig.ask(method, path, body).await;
        assert_eq!(
            (found, said["error"].as_u64()),
            (status, Some(status.into())),
            "{method} {path} {said}"
        );
        assert!(said["message"].is_string());
    }
    assert!(
        rig.raw(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .await
            .starts_with("HTTP/1.1 404")
    );
}

#[tokio::test]
async fn rows_are_filtered_and_narrowed() {
    let rig = Rig::new().await;
    let one = rig.get("/interface/ethernet?default-name=ether2&.proplist=name,disabled").await;
    assert_eq!(one, json!([{ "name": "ether2", "disabled": "false" }]));
    assert_eq!(rig.get("/interface/ethernet/ether2?.proplist=.id").await, json!({ ".id": "*2" }));
    let query = json!({
        ".proplist": ["name"],
        ".query": ["name=ether1", "name=sfp-sfpplus4", "#|", "comment", "#!", "#&"],
    });
    let (status, said) = rig.ask("POST", "/interface/ethernet/print", &query.to_string()).await;
    assert_eq!((status, said), (200, json!([{ "name": "ether1" }])));
    let (status, _) = rig.ask("POST", "/interface/ethernet/print", r##"{".query":["#|"]}"##).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn values_are_texts_but_for_readings_of_power() {
    let rig = Rig::new().await;
    for menu in [
        "/interface/ethernet",
        "/interface/bridge/port",
        "/interface/bridge/vlan",
        "/system/resource",
    ] {
        let answer = rig.get(menu).await;
        let rows = answer.as_array().cloned().unwrap_or_else(|| vec![answer]);
        let all = rows.iter().flat_map(|it| it.as_object().unwrap().values());
        assert!(!rows.is_empty() && all.into_iter().all(Value::is_string), "{menu}");
    }
    let order = r#"{"numbers":"ether1,*18","once":""}"#;
    let (_, said) = rig.ask("POST", "/interface/ethernet/poe/monitor", order).await;
    assert_eq!(said[0]["poe-out-status"], "powered-on");
    assert!(said[0]["poe-out-current"].is_number(), "{said}");
    assert_eq!(
        (&said[1]["name"], &said[1]["poe-out-status"]),
        (&json!("ether24"), &json!("waiting-for-load"))
    );
}

#[tokio::test]
async fn ports_are_switched_named_and_commented() {
    let rig = Rig::new().await;
    let (status, row) = rig
        .ask(
            "PATCH",
            "/interface/ethernet/*1",
            r#"{"disabled":true,"comment":"pi","name":"first"}"#,
        )
        .await;
    assert_eq!((status, &row["disabled"], &row["name"]), (200, &json!("true"), &json!("first")));
    assert!(!rig.port(1).await.enabled);
    let taken = rig.ask("POST", "/interface/ethernet/set", r#"{".id":"*2","name":"first"}"#).await;
    assert_eq!(taken.0, 400);
    assert_eq!(rig.get("/interface/bridge/port/*101").await["interface"], "first");
    let (status, said) =
        rig.ask("POST", "/interface/ethernet/set", r#"{"numbers":"first","disabled":"no"}"#).await;
    assert_eq!((status, said), (200, json!([])));
    assert!(rig.port(1).await.enabled);
}

#[tokio::test]
async fn power_is_forced_ordered_and_cycled() {
    let rig = Rig::new().await;
    let set = async |body: &str| rig.ask("PATCH", "/interface/ethernet/poe/*1", body).await.1;
    assert_eq!(set(r#"{"poe-out":"forced-on","poe-priority":7}"#).await["poe-priority"], "7");
    assert_eq!(rig.port(1).await.poe.unwrap().priority, PoePriority::High);
    assert_eq!(rig.get("/interface/ethernet/poe/*1").await["poe-out"], "forced-on");
    set(r#"{"poe-out":"off"}"#).await;
    assert_eq!(rig.port(1).await.poe.unwrap().power, Power::Off);
    let cycle = r#"{"numbers":"ether1,ether2","duration":"5s"}"#;
    assert_eq!(rig.ask("POST", "/interface/ethernet/poe/power-cycle", cycle).await.0, 200);
    assert_eq!(rig.port(1).await.poe.unwrap().power, Power::Off, "what is off stays off");
    assert_eq!(rig.port(2).await.poe.unwrap().power, Power::On);
}

#[tokio::test]
async fn a_connection_carries_many_requests_and_nonsense_ends_it() {
    let rig = Rig::new().await;
    let one = format!("GET /rest/system/identity HTTP/1.1\r\nHost: x\r\n{}\r\n", super::rig::KNOWN);
    let said = rig.raw(format!("{one}{one}\r\n\u{0}nonsense\r\n\r\n").as_bytes()).await;
    assert_eq!(said.matches("MikroTik").count(), 2, "{said}");
    assert_eq!(rig.raw(&[b'a'; 70_000]).await, "");
    let long = format!("{}Content-Length: 999999999\r\n\r\n", &one[..one.len() - 2]);
    assert_eq!(rig.raw(long.as_bytes()).await, "");
}

#[tokio::test]
async fn the_journal_keeps_orders_and_no_password() {
    let rig = Rig::with(Knobs { fault: Some(Fault::Denied), ..knobs() }).await;
    rig.ask("GET", "/system/identity", "").await;
    let journal = rig.0.served.journal();
    assert_eq!((journal.len(), journal[0].path.as_str()), (1, "/rest/system/identity"));
    let all = format!("{journal:?} {:?}", rig.0.served);
    assert!(!all.contains("YWRtaW46") && !all.contains("Password1"), "{all}");
}
