//! A client that other people wrote does with the simulated switch what it does with real ones.
//!
//! `RACKBERRY_ROSREST` is a Python that has rosrestpy. Where there is none it is skipped with a line, unless
//! `RACKBERRY_LIVE` is `required`.

use crate::device::rack::{PASSWORD, sw};
use rackberry_core::{PoePriority, PortNo, Power};
use rackberry_routeros::fake::{Fake, Knobs, room};
use rackberry_testkit::World;
use serde_json::{Value, json};
use tokio::process::Command;

fn python() -> Option<String> {
    let there = std::env::var("RACKBERRY_ROSREST").ok().filter(|it| !it.is_empty());
    let needed = std::env::var("RACKBERRY_LIVE").is_ok_and(|it| it == "required");
    assert!(there.is_some() || !needed, "RACKBERRY_ROSREST is required");
    if there.is_none() {
        eprintln!("skipped: RACKBERRY_ROSREST is not set");
    }
    there
}

/// What it says of a switch, and the world that it leaves behind.
async fn steps(python: &str, tls: bool) -> (Value, World) {
    let world = World::new(room());
    let served = Fake::serve(world.switch(&sw()), Knobs { tls, ..Knobs::default() }).await.unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/rosrestpy.py");
    let url = format!("{}://{}", if tls { "https" } else { "http" }, served.address);
    let file = format!("rackberry-routeros-{}-{tls}.pem", std::process::id());
    let authority = std::env::temp_dir().join(file);
    std::fs::write(&authority, served.authority()).unwrap();
    let mut command = Command::new(python);
    command.arg(script).env("URL", url).env("PASSWORD", PASSWORD);
    let output = command.env("REQUESTS_CA_BUNDLE", &authority).output().await.unwrap();
    std::fs::remove_file(&authority).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (serde_json::from_slice(&output.stdout).unwrap(), world)
}

#[tokio::test]
async fn rosrestpy_reads_and_changes_ports_vlans_and_power() {
    let Some(python) = python() else { return };
    for tls in [false, true] {
        let (said, world) = steps(&python, tls).await;
        let board = "CRS328-24P-4S+RM";
        assert_eq!(said["board"], json!([board, "D4220000FA4E", board]));
        assert_eq!(said["names"].as_array().unwrap().len(), 28);
        assert_eq!(
            (&said["names"][24], &said["commented"]),
            (&json!("sfp-sfpplus1"), &json!("nas"))
        );
        assert_eq!(said["ports"][3], json!(["ether4", 1]));
        assert_eq!(said["made"], json!([20, "bridge,sfp-sfpplus4", "ether2"]));
        assert_eq!(said["widened"], "ether2,ether4");
        assert_eq!(said["twice"], json!([400, "Bad Request", "failure: vlan already added"]));
        assert_eq!(said["absent"], 404);
        assert_eq!(said["off"], json!([200, "off"]));
        assert_eq!(said["flow"][0], json!(["ether1", "off", null]));
        assert_eq!(said["flow"][1][1], "powered-on");
        assert_eq!(said["gone"], 204);
        let seen = world.switch(&sw()).observe().await.unwrap();
        let fed = seen.ports[&PortNo(1)].poe.as_ref().unwrap();
        assert_eq!((fed.power, fed.priority), (Power::Off, PoePriority::Critical));
        assert!(!seen.ports[&PortNo(3)].enabled);
        assert_eq!(seen.vlans.unwrap().vlans.len(), 1);
    }
}
