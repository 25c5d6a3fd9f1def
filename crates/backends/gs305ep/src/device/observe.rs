use super::Talk;
use super::state::{Seen, is_outdated};
use crate::wire::{
    Page, PoeConfig, PoeStatus, read_dashboard, read_poe_config, read_poe_status, read_statistics,
    read_vlans,
};
use rackberry_core::{Result, SwitchState};
use std::time::Duration;
use tokio::time::Instant;

/// How long the settings of PoE are taken for what they were. A reading that says otherwise, and every order, ends
/// it.
const KEPT: Duration = Duration::from_secs(60);

impl Talk {
    /// Five pages at first, and four where the settings of PoE are known.
    pub(super) async fn observe(&mut self) -> Result<SwitchState> {
        let dashboard = self.desk.page(Page::Dashboard, read_dashboard).await?;
        let model = self.desk.identify(&dashboard)?;
        let statistics = self.desk.page(Page::Statistics, read_statistics).await?;
        let status = self.desk.page(Page::PoeStatus, read_poe_status).await?;
        let config = self.config(&status).await?;
        let vlans = self.desk.page(Page::Vlan, read_vlans).await?;
        Ok(Seen { dashboard, statistics, config, status, vlans }.state(model, self.budget))
    }

    async fn config(&mut self, status: &PoeStatus) -> Result<PoeConfig> {
        let fresh = |(config, read): &(PoeConfig, Instant)| {
            read.elapsed() < KEPT && !is_outdated(config, status)
        };
        if let Some((config, _)) = self.kept.as_ref().filter(|it| fresh(it)) {
            return Ok(config.clone());
        }
        let config = self.desk.page(Page::PoeConfig, read_poe_config).await?;
        self.kept = Some((config.clone(), Instant::now()));
        Ok(config)
    }
}
