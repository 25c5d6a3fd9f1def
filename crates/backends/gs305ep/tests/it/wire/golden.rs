//! Captured pages against what py-netgear-plus has read from them.

use crate::wire::captured::{FOLDERS, page};
use rackberry_core::{PortNo, Power};
use rackberry_gs305ep::wire::{
    Link, Speed, read_dashboard, read_poe_config, read_poe_status, read_statistics,
};
use serde_json::{Map, Value, json};

/// What no page of ours says: the address that was asked, the time it took, what came of two pages.
const ELSEWHERE: [&str; 4] =
    ["switch_ip", "switch_bootloader", "response_time_s", "sum_port_traffic"];

#[test]
fn every_value_that_another_client_has_read_is_read_the_same() {
    for folder in &FOLDERS[..2] {
        let Some(body) = page(&format!("{folder}/switch_infos.json")) else { return };
        let expected: Map<String, Value> = serde_json::from_slice(&body).unwrap();
        let read = read(folder);
        let mut compared = 0;
        for (key, value) in &expected {
            match read.get(key) {
                Some(ours) => assert_eq!(ours, value, "{folder} {key}"),
                None => assert!(is_elsewhere(key), "{folder}: nothing reads {key}"),
            }
            compared += usize::from(read.contains_key(key));
        }
        // Name, serial number, firmware and lights; eight ports with seven values each; the errors.
        assert_eq!(compared, 4 + 8 * 7 + 2, "{folder}");
    }
}

fn is_elsewhere(key: &str) -> bool {
    let between_two = ["traffic", "speed_rx", "speed_tx", "speed_io"];
    ELSEWHERE.contains(&key) || between_two.iter().any(|it| key.contains(it))
}

/// The pages of a folder in the words of py-netgear-plus.
fn read(folder: &str) -> Map<String, Value> {
    let body = |name: &str| page(&format!("{folder}/{name}")).unwrap();
    let mut all = dashboard(&body("dashboard.cgi"));
    all.extend(statistics(&body("portStatistics.cgi")));
    let on = |is: bool| json!(if is { "on" } else { "off" });
    for (PortNo(port), it) in read_poe_config(&body("PoEPortConfig.cgi")).unwrap().ports {
        all.insert(format!("port_{port}_poe_power_active"), on(it.power == Power::On));
    }
    for (PortNo(port), it) in read_poe_status(&body("getPoePortStatus.cgi")).unwrap().ports {
        all.insert(format!("port_{port}_poe_output_power"), json!(it.power.0 as f64 / 1000.0));
    }
    all
}

fn dashboard(body: &[u8]) -> Map<String, Value> {
    let read = read_dashboard(body).unwrap();
    let mut all = Map::new();
    all.insert("switch_name".into(), json!(read.name));
    all.insert("switch_serial_number".into(), json!(read.serial));
    all.insert("switch_firmware".into(), json!(read.firmware));
    all.insert("led_status".into(), json!(read.lights.map(|it| it.to_string())));
    for (PortNo(port), it) in read.ports {
        let (status, speed) = match it.link {
            Link::Up { speed, .. } => ("on", speed.0 / 1_000_000),
            Link::Down | Link::Off => ("off", 0),
        };
        all.insert(format!("port_{port}_status"), json!(status));
        all.insert(format!("port_{port}_modus_speed"), json!(it.setting.speed == Speed::Auto));
        all.insert(format!("port_{port}_connection_speed"), json!(speed));
    }
    all
}

fn statistics(body: &[u8]) -> Map<String, Value> {
    let mut all = Map::new();
    let mega = |bytes: u64| json!((bytes as f64 / 10_000.0).round() / 100.0);
    let mut errors = 0;
    for (PortNo(port), it) in read_statistics(body).unwrap().ports {
        all.insert(format!("port_{port}_sum_rx_mbytes"), mega(it.received));
        all.insert(format!("port_{port}_sum_tx_mbytes"), mega(it.sent));
        all.insert(format!("port_{port}_crc_errors"), json!(it.errors));
        errors += it.errors;
    }
    all.insert("sum_port_crc_errors".into(), json!(errors));
    all
}
