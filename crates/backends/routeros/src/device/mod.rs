//! The switch, by way of its REST API.

mod desk;
mod http;
mod observe;
mod ports;
mod set;
mod table;
mod tls;
mod vlan;

use crate::Config;
use async_trait::async_trait;
use desk::Desk;
use rackberry_core::{
    Milliwatts, Poe, PoePriority, PortNo, Power, Result, Switch, SwitchState, VlanTable,
};
use tokio::sync::Mutex;

/// A switch with RouterOS 7.
///
/// Its ports are numbered as they stand on its front: first those for cables, then those for modules. It is asked one
/// thing after the other over one connection. What is so already is not sent, and every order is followed by a
/// reading of what came of it.
///
/// | here | RouterOS |
/// |---|---|
/// | the VLAN table | that of the one bridge that filters VLANs; the switch itself and whatever else is a member there stays one |
/// | a port without a PVID | `frame-types=admit-only-vlan-tagged` |
/// | power on, off | `poe-out=auto-on`, `off`; `forced-on` is on as well, and left so |
/// | critical, high, low | `poe-priority` 0 to 4, 5 to 9, 10 to 99; 0, 5 and 10 are sent |
/// | a limit | none: RouterOS has no such setting |
/// | the name of a port | its comment; where there is none, its name if it is not the maker's |
#[derive(Debug)]
pub struct RouterOs(Mutex<Talk>);

/// A talk with the switch.
#[derive(Debug)]
struct Talk {
    desk: Desk,
    bridge: Option<String>,
    budget: Option<Milliwatts>,
}

impl RouterOs {
    /// A switch that is reached so. Nothing is asked yet.
    pub fn new(config: Config) -> Self {
        let (bridge, budget) = (config.bridge.clone(), config.budget);
        Self(Mutex::new(Talk { desk: Desk::new(config), bridge, budget }))
    }

    /// Ends the connection. The next order begins another.
    pub async fn close(&self) {
        self.0.lock().await.desk.close();
    }
}

#[async_trait]
impl Switch for RouterOs {
    async fn observe(&self) -> Result<SwitchState> {
        self.0.lock().await.observe().await
    }

    async fn set_port(&self, port: PortNo, enabled: bool) -> Result<()> {
        self.0.lock().await.set_port(port, enabled).await
    }

    async fn set_vlans(&self, table: &VlanTable) -> Result<()> {
        self.0.lock().await.set_vlans(table).await
    }

    fn poe(&self) -> Option<&dyn Poe> {
        Some(self)
    }
}

#[async_trait]
impl Poe for RouterOs {
    async fn set_poe(&self, port: PortNo, power: Power) -> Result<()> {
        self.0.lock().await.set_poe(port, power).await
    }

    async fn set_priority(&self, port: PortNo, priority: PoePriority) -> Result<()> {
        self.0.lock().await.set_priority(port, priority).await
    }

    /// None is how it always is. RouterOS has no limit to set: anything else is `Unsupported`.
    async fn set_limit(&self, port: PortNo, limit: Option<Milliwatts>) -> Result<()> {
        self.0.lock().await.set_limit(port, limit).await
    }
}
