//! The laws on a real switch: `RACKBERRY_GS305EP_URL=HOST`, with its password in `RACKBERRY_GS305EP_PASSWORD` and, in
//! `RACKBERRY_GS305EP_SPARE`, a port whose outage harms nothing. They switch that port off and on, and make and remove
//! VLAN 77. Run them one after the other: `-- hardware --test-threads 1`.

use super::rack::Rack;
use rackberry_core::{PortNo, Switch, VlanId};
use rackberry_gs305ep::{Config, Gs305ep};
use rackberry_testkit::conform;
use rackberry_testkit::laws::{Patience, Ports};
use std::env;
use std::sync::Arc;
use std::time::Duration;

fn said(name: &str) -> Option<String> {
    env::var(format!("RACKBERRY_GS305EP_{name}")).ok().filter(|it| !it.is_empty())
}

/// The real one where there is one, and a simulated one elsewhere.
async fn switch() -> Arc<dyn Switch> {
    let (Some(host), Some(password)) = (said("URL"), said("PASSWORD")) else {
        println!(
            "skipped: RACKBERRY_GS305EP_URL and _PASSWORD name no switch; a simulated one stands in"
        );
        return Arc::new(Rack::new().await.into_switch());
    };
    let host = host.trim_start_matches("http://").trim_end_matches('/').to_owned();
    Arc::new(Gs305ep::new(Config::new(host, password.into())))
}

fn ports() -> Ports {
    let spare = said("SPARE").and_then(|it| it.parse().ok()).map_or(PortNo(2), PortNo);
    let patience = match said("URL") {
        Some(_) => {
            Patience { looks: 64, pause: || Box::pin(tokio::time::sleep(Duration::from_secs(1))) }
        }
        None => Patience::default(),
    };
    Ports { spare, absent: PortNo(99), vlan: VlanId::try_from(77).unwrap(), patience }
}

conform!(switch: switch, ports(), skips: []);
