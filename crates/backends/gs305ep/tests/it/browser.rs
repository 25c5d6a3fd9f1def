//! The pages of the simulated switch are good for people too: a browser is used as they do.
//!
//! `RACKBERRY_BROWSER` is Chromium, `RACKBERRY_PLAYWRIGHT` a Python that has playwright. Without them it is skipped with
//! a line, unless `RACKBERRY_LIVE` is `required`.

use crate::clients::{live, named, said};
use crate::fake::rig::PASSWORD;
use rackberry_core::{PortNo, Power, Tagging, VlanId};
use rackberry_gs305ep::Model;
use serde_json::Value;
use tokio::process::Command;

#[tokio::test]
async fn a_person_logs_in_cuts_the_power_of_a_port_and_makes_a_vlan() {
    let Some(python) = named("RACKBERRY_PLAYWRIGHT", true) else { return };
    let Some(browser) = named("RACKBERRY_BROWSER", true) else { return };
    let rig = live(Model::Gs305ep).await;
    let mut command = Command::new(python);
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/browser.py"));
    command.env("HOST", rig.served.address.to_string()).env("PASSWORD", PASSWORD);
    let output = command.env("CHROMIUM", browser).output().await.unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(seen["wrong"], "The password is not correct.");
    assert_eq!(seen["off"], "SUCCESS");
    assert_eq!(seen["power"][1], "Disabled");
    assert_eq!(seen["modes"][4], "Advanced 802.1Q VLANs");
    assert_eq!(seen["vlan"][1], "lab & <attic>");
    assert_eq!(seen["pvid"], "Port 4 is no member of VLAN 20.");
    assert_eq!(seen["broken"], serde_json::json!([]));
    assert_eq!((rig.poe(2).await.power, rig.boot(2).await), (Power::Off, None));
    let table = rig.state().await.vlans.unwrap();
    let lab = VlanId::try_from(20).unwrap();
    let members: Vec<_> = table.vlans[&lab].clone().into_iter().collect();
    assert_eq!(members, [(PortNo(3), Tagging::Tagged)]);
    assert_eq!(table.pvids[&PortNo(4)], VlanId::default());
}
