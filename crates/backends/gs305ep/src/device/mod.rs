//! The switch, by way of its web pages.

mod desk;
mod http;
mod observe;
mod set;
mod state;
mod vlan;

use crate::Config;
use crate::wire::PoeConfig;
use async_trait::async_trait;
use desk::Desk;
use rackberry_core::{
    Milliwatts, Poe, PoePriority, PortNo, Power, Result, Switch, SwitchState, VlanTable,
};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// A switch of the family.
///
/// It is asked one thing after the other, in one session that ends with [`close`](Gs305ep::close), or when this is
/// dropped. Nothing is sent to a switch that is not the configured one, and what is there already is not sent again.
/// Every form is followed by a reading of what came of it.
#[derive(Debug)]
pub struct Gs305ep(Mutex<Talk>);

/// A talk with the switch.
#[derive(Debug)]
struct Talk {
    desk: Desk,
    budget: Option<Milliwatts>,
    /// How its ports are fed, and when that was read.
    kept: Option<(PoeConfig, Instant)>,
}

impl Gs305ep {
    /// A switch that is reached so. Nothing is asked yet.
    pub fn new(config: Config) -> Self {
        let budget = config.budget;
        Self(Mutex::new(Talk { desk: Desk::new(config), budget, kept: None }))
    }

    /// Ends the session, so that other clients, a browser for one, can have it. The next order begins another.
    ///
    /// # Errors
    ///
    /// `Unreachable` where the switch does not answer: it ends the session by itself after some minutes.
    pub async fn close(&self) -> Result<()> {
        self.0.lock().await.desk.log_out().await
    }
}

#[async_trait]
impl Switch for Gs305ep {
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
impl Poe for Gs305ep {
    async fn set_poe(&self, port: PortNo, power: Power) -> Result<()> {
        self.0.lock().await.set_poe(port, |it| it.power = power).await
    }

    async fn set_priority(&self, port: PortNo, priority: PoePriority) -> Result<()> {
        self.0.lock().await.set_poe(port, |it| it.priority = priority).await
    }

    async fn set_limit(&self, port: PortNo, limit: Option<Milliwatts>) -> Result<()> {
        self.0.lock().await.set_limit(port, limit).await
    }
}
