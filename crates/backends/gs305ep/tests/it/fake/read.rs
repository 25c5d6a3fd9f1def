//! The pages, read by the strict readers of this crate, which share no code with them.

use super::rig::Rig;
use rackberry_gs305ep::Model;
use rackberry_gs305ep::fake::{Feeding, Knobs};
use rackberry_gs305ep::wire;

#[tokio::test]
async fn every_page_of_every_model_is_readable() {
    for model in Model::ALL {
        for longer in [true, false] {
            let feeding = Feeding { longer, ..Feeding::default() };
            let rig = Rig::with(Knobs { model, feeding, ..Knobs::default() }).await;
            let client = rig.client();
            wire::read_door(client.get("/login.cgi").await.as_bytes()).unwrap();
            let client = rig.guest().await;
            client.post("/port_status.cgi", "port1=checked&DESCRIPTION=a%26b+%C3%A4").await;
            wire::read_dashboard(client.get("/dashboard.cgi").await.as_bytes()).unwrap();
            wire::read_statistics(client.get("/portStatistics.cgi").await.as_bytes()).unwrap();
            wire::read_poe_config(client.get("/PoEPortConfig.cgi").await.as_bytes()).unwrap();
            wire::read_poe_status(client.get("/getPoePortStatus.cgi").await.as_bytes()).unwrap();
            wire::read_vlans(client.get("/vlan.cgi").await.as_bytes()).unwrap();
            wire::read_address(client.get("/ip_dhcp.cgi").await.as_bytes()).unwrap();
        }
    }
}
