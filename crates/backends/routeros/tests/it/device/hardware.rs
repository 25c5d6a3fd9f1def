//! The laws on a real switch: `RACKBERRY_ROUTEROS_URL=HOST`, with `RACKBERRY_ROUTEROS_USER`, `_PASSWORD`, the SHA-256 of its
//! certificate in `_FINGERPRINT` and, in `_SPARE`, a port whose outage harms nothing. They switch that port off and on,
//! and make and remove VLAN 77. Run them one after the other: `-- hardware --test-threads 1`.

use super::rack::{Rack, vlan};
use rackberry_core::{PortNo, Switch};
use rackberry_routeros::{Config, Fingerprint, RouterOs, Trust};
use rackberry_testkit::conform;
use rackberry_testkit::laws::{Patience, Ports};
use std::env;
use std::sync::Arc;
use std::time::Duration;

fn said(name: &str) -> Option<String> {
    env::var(format!("RACKBERRY_ROUTEROS_{name}")).ok().filter(|it| !it.is_empty())
}

fn config() -> Option<Config> {
    let fingerprint = Fingerprint::try_from(said("FINGERPRINT")?).unwrap();
    let (user, password) = (said("USER")?, said("PASSWORD")?.into());
    Some(Config::new(said("URL")?, user, password, Trust::Fingerprint(fingerprint)))
}

/// The real one where there is one, and a simulated one elsewhere.
async fn switch() -> Arc<dyn Switch> {
    match config() {
        Some(config) => Arc::new(RouterOs::new(config)),
        None => {
            println!(
                "skipped: RACKBERRY_ROUTEROS_URL and its like name no switch; a simulated one stands in"
            );
            Arc::new(Rack::new().await.into_switch())
        }
    }
}

fn ports() -> Ports {
    let spare = said("SPARE").and_then(|it| it.parse().ok()).map_or(PortNo(2), PortNo);
    let patience = match said("URL") {
        Some(_) => {
            Patience { looks: 64, pause: || Box::pin(tokio::time::sleep(Duration::from_secs(1))) }
        }
        None => Patience::default(),
    };
    Ports { spare, absent: PortNo(999), vlan: vlan(77), patience }
}

conform!(switch: switch, ports(), skips: ["limit"]);
