//! Clients that other people wrote do with the simulated switch what they do with real ones.
//!
//! `RACKBERRY_PY_NETGEAR` is a Python that has py-netgear-plus, `RACKBERRY_NTGRRC` the program ntgrrc. What is not
//! there is skipped with a line, unless `RACKBERRY_LIVE` is `required`; ntgrrc is in no registry, so that it is
//! always skipped where nobody has named one.

use crate::fake::rig::{PASSWORD, Rig, blueprint};
use rackberry_core::{NodeId, PortNo, Power, Tagging, VlanId};
use rackberry_gs305ep::Model;
use rackberry_gs305ep::fake::{Clock, Knobs};
use serde_json::Value;
use std::process::Output;
use tokio::process::Command;

/// Where a client is; none, and a line, where it is not to be had.
pub(crate) fn named(variable: &str, required: bool) -> Option<String> {
    let there = std::env::var(variable).ok().filter(|it| !it.is_empty());
    let needed = required && std::env::var("RACKBERRY_LIVE").is_ok_and(|it| it == "required");
    assert!(there.is_some() || !needed, "{variable} is required");
    if there.is_none() {
        eprintln!("skipped: {variable} is not set");
    }
    there
}

/// A switch that lives by the clock of the machine, as clients do.
pub(crate) async fn live(model: Model) -> Rig {
    let clock = Clock::real();
    Rig::on(blueprint(model), Knobs { model, clock: clock.clone(), ..Knobs::default() }, clock)
        .await
}

pub(crate) fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

/// Logs in with py-netgear-plus, takes some steps, and logs out: what each step returned.
async fn steps(python: &str, rig: &Rig, steps: &[&str]) -> Vec<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/netgear_plus.py");
    let mut command = Command::new(python);
    command.arg(script).args(steps).env("PASSWORD", PASSWORD);
    let output = command.env("HOST", rig.served.address.to_string()).output().await.unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let mut answers: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answers.len(), steps.len() + 1, "{answers:?}");
    answers.remove(0);
    answers
}

fn vlan(number: u16) -> VlanId {
    VlanId::try_from(number).unwrap()
}

/// The port delivers again, within some seconds.
async fn delivers(rig: &Rig, port: u16) -> bool {
    for _ in 0..100 {
        if rig.poe(port).await.delivers {
            return true;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    false
}

#[tokio::test]
async fn py_netgear_plus_tells_the_models_apart_and_reads_what_is_there() {
    let Some(python) = named("RACKBERRY_PY_NETGEAR", true) else { return };
    for model in Model::ALL {
        let rig = live(model).await;
        rig.world.os(&NodeId::new("pi1")).observe().await.unwrap();
        let infos = &steps(&python, &rig, &["get_switch_infos"]).await[0];
        let is = |key: &str| infos[key].clone();
        assert_eq!(is("switch_firmware"), "V1.0.1.4");
        assert_eq!(is("port_1_status"), "on");
        assert_eq!(is("port_4_status"), "off");
        assert_eq!(is("port_1_connection_speed"), 1000);
        assert_eq!(is("port_1_poe_class"), 4);
        assert_eq!(is("port_1_poe_output_power"), 4.4);
        assert_eq!(is("port_2_poe_status"), "delivering_power");
        assert_eq!(is("port_4_poe_power_active"), "on");
        let last = model.ports().last().unwrap().0;
        assert_eq!(is(&format!("port_{last}_status")), "on");
        assert_eq!(is(&format!("port_{}_status", last + 1)), Value::Null);
        assert_eq!(infos[format!("port_{last}_poe_status")].is_null(), !model.feeds(PortNo(last)));
    }
}

#[tokio::test]
async fn py_netgear_plus_switches_power_off_and_on_and_cycles_it() {
    let Some(python) = named("RACKBERRY_PY_NETGEAR", true) else { return };
    let rig = live(Model::Gs305ep).await;
    let off = ["get_switch_infos", "turn_off_poe_port 1", "get_poe_port_infos"];
    let answers = steps(&python, &rig, &off).await;
    assert_eq!(answers[1], true);
    assert_eq!(answers[2]["1"]["status"], "disabled");
    assert_eq!((rig.poe(1).await.power, rig.boot(1).await), (Power::Off, None));
    let before = rig.boot(2).await;
    let on = ["get_switch_infos", "turn_on_poe_port 1", "power_cycle_poe_port 2"];
    assert_eq!(steps(&python, &rig, &on).await[1..], [true, true]);
    assert!(delivers(&rig, 1).await && delivers(&rig, 2).await);
    rig.world.tick(5);
    assert!(rig.boot(1).await.is_some());
    assert_ne!(rig.boot(2).await, before);
}

#[tokio::test]
async fn py_netgear_plus_makes_vlans_and_is_told_who_is_no_member() {
    let Some(python) = named("RACKBERRY_PY_NETGEAR", true) else { return };
    let rig = live(Model::Gs305ep).await;
    let steps_taken = [
        "get_switch_infos",
        "add_vlan 20 lab 22133",
        "set_vlan_pvid 2 20",
        "set_vlan_pvid 4 20",
        "vlan_status",
        "remove_vlan 20",
    ];
    let answers = steps(&python, &rig, &steps_taken).await;
    assert_eq!(answers[1..3], [true, true]);
    assert_eq!(answers[3]["raised"], "PortNotVLANMemberError");
    assert_eq!(answers[3]["text"], "Port 4 is not a member of VLAN 20");
    assert_eq!(answers[4]["vlans"]["20"]["name"], "lab");
    assert_eq!(answers[4]["ports"]["2"]["pvid"], 20);
    let table = rig.state().await.vlans.unwrap();
    assert_eq!(table.member(PortNo(3), vlan(20)), Some(Tagging::Tagged));
    assert_eq!(table.member(PortNo(4), vlan(20)), None);
    assert_eq!(table.pvids[&PortNo(2)], vlan(20), "the PVID keeps the VLAN");
    let undo = ["get_switch_infos", "set_vlan_pvid 2 1", "remove_vlan 20"];
    steps(&python, &rig, &undo).await;
    assert!(!rig.state().await.vlans.unwrap().vlans.contains_key(&vlan(20)));
}

#[tokio::test]
async fn py_netgear_plus_names_ports_darkens_the_leds_and_leaves_its_slot() {
    let Some(python) = named("RACKBERRY_PY_NETGEAR", true) else { return };
    let rig = live(Model::Gs305ep).await;
    let taken = ["get_switch_infos", "set_port_name 3 nas", "turn_off_leds", "get_port_settings"];
    let answers = steps(&python, &rig, &taken).await;
    assert_eq!(answers[1..3], [true, true]);
    assert_eq!(answers[3]["3"]["name"], "nas");
    let page = rig.guest().await.get("/dashboard.cgi").await;
    assert!(page.contains("3 - nas ") && page.contains("id='led_switch'>OFF<"), "{page}");
    assert!(rig.served.journal().iter().any(|it| it.path == "/logout.cgi"));
}

/// Runs ntgrrc with a home of its own.
async fn ntgrrc(program: &str, rig: &Rig, arguments: &[&str]) -> String {
    let home = std::env::temp_dir().join(format!("rackberry-ntgrrc-{}", std::process::id()));
    std::fs::create_dir_all(&home).unwrap();
    let mut command = Command::new(program);
    command.args(arguments).args(["--address", &rig.served.address.to_string()]);
    let output = command.env("HOME", &home).env("TMPDIR", &home).output().await.unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    said(&output)
}

#[tokio::test]
async fn ntgrrc_reads_and_sets_ports_and_their_power() {
    let Some(program) = named("RACKBERRY_NTGRRC", false) else { return };
    let rig = live(Model::Gs305ep).await;
    let run = async |arguments: &[&str]| ntgrrc(&program, &rig, arguments).await;
    run(&["login", "--password", PASSWORD]).await;
    assert!(run(&["poe", "status"]).await.contains("Delivering Power"));
    assert!(run(&["poe", "settings"]).await.contains("802.3at"));
    let before = rig.boot(2).await;
    run(&["poe", "set", "--port", "1", "--power", "disable", "--priority", "high"]).await;
    assert_eq!(rig.poe(1).await.power, Power::Off);
    run(&["poe", "cycle", "--port", "2"]).await;
    assert!(delivers(&rig, 2).await);
    rig.world.tick(5);
    assert_ne!(rig.boot(2).await, before);
    run(&["port", "set", "--port", "3", "--name", "nas", "--speed", "Disable"]).await;
    assert!(!rig.port(3).await.enabled);
    assert!(run(&["port", "settings"]).await.contains("nas"));
}

/// A form as ntgrrc sends it: fields by the alphabet, and no `Content-Type`.
async fn as_ntgrrc(rig: &Rig, sid: &str, path: &str, form: &str) -> String {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: {}\r\n\
         Cookie: SID={sid}\r\nAccept-Encoding: gzip\r\n\r\n",
        rig.served.address,
        form.len()
    );
    let whole = rig.client().raw(format!("{head}{form}").as_bytes()).await.unwrap();
    crate::fake::rig::body(&whole).to_string()
}

#[tokio::test]
async fn forms_as_ntgrrc_sends_them_are_followed() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let (sid, hash) = (client.sid.clone().unwrap(), client.hash().await);
    let off = format!(
        "ACTION=Apply&ADMIN_MODE=0&DETEC_TYP=2&PORT_PRIO=2&POW_LIMT=5&POW_LIMT_TYP=2&POW_MOD=3&hash={hash}&portID=0"
    );
    assert_eq!(as_ntgrrc(&rig, &sid, "/PoEPortConfig.cgi", &off).await, "SUCCESS");
    let poe = rig.poe(1).await;
    assert_eq!((poe.power, poe.limit.unwrap().0), (Power::Off, 5_000));
    let cycle = format!("ACTION=Reset&hash={hash}&port1=checked");
    assert_eq!(as_ntgrrc(&rig, &sid, "/PoEPortConfig.cgi", &cycle).await, "SUCCESS");
    assert!(!rig.poe(2).await.delivers);
    let port = format!(
        "DESCRIPTION=nas&EgressRate=1&FLOW_CONTROL=2&IngressRate=1&SPEED=2&hash={hash}&port3=checked&priority=0"
    );
    assert_eq!(as_ntgrrc(&rig, &sid, "/port_status.cgi", &port).await, "SUCCESS");
    assert!(!rig.port(3).await.enabled);
}

#[tokio::test]
async fn pages_have_what_ntgrrc_takes_for_being_in() {
    let rig = Rig::new().await;
    assert!(rig.client().get("/").await.contains("<title>Redirect to Login</title>"));
    let client = rig.guest().await;
    for path in ["/dashboard.cgi", "/PoEPortConfig.cgi", "/getPoePortStatus.cgi"] {
        let page = client.get(path).await;
        assert!(
            page.len() >= 10 && !page.contains("/login.cgi") && !page.contains("/redirect.html")
        );
    }
}
