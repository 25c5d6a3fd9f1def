use super::Sin;
use crate::room::{self, id};
use async_trait::async_trait;
use rackberry_core::{BootId, Guests, NodeConfig, NodeOs, NodeState, Result, Stage, Version};
use rackberry_testkit::{each_law, laws::Patience};
use std::sync::Arc;

#[derive(Debug)]
struct Broken(Arc<dyn NodeOs>, Sin);

fn broken(law: &'static str) -> Broken {
    Broken(room::world().os(&id("s1")), Sin::new(law))
}

fn voter(law: &'static str) -> Broken {
    Broken(room::world().os(&id("n1")), Sin::new(law))
}

impl Broken {
    async fn reboot_at_once(&self) -> Result<()> {
        self.0.reboot(&self.0.observe().await?.boot).await
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl NodeOs for Broken {
    async fn observe(&self) -> Result<NodeState> {
        let mut state = self.0.observe().await?;
        if self.1.is("node_reads_are_stable") {
            state.serial = Some(self.1.count().to_string());
        }
        if self.1.is("node_upgrade_to_what_runs_keeps_what_is_next") && self.1.many() {
            state.next = state.version.clone();
        }
        Ok(state)
    }

    async fn configure(&self, config: &NodeConfig) -> Result<()> {
        if self.1.is("node_configuration_in_force_changes_nothing") {
            self.reboot_at_once().await?;
        }
        let waits = self.0.observe().await?.stage == Stage::Maintenance;
        let deaf = self.1.is("node_configure_comes_into_force")
            || self.1.is("node_bad_configuration_is_invalid")
            || self.1.is("node_configure_in_maintenance_installs") && waits;
        if deaf { Ok(()) } else { self.0.configure(config).await }
    }

    async fn upgrade(&self, version: &Version) -> Result<()> {
        let answer = self.0.upgrade(version).await;
        let _ = self.1.count();
        let restless = self.1.is("node_upgrade_waits_for_the_next_boot")
            || self.1.is("node_upgrade_to_what_runs_changes_nothing");
        if restless {
            self.reboot_at_once().await?;
        }
        let careless = self.1.is("node_upgrade_to_absent_version_is_invalid")
            || self.1.is("node_upgrade_in_maintenance_is_refused");
        if careless { Ok(()) } else { answer }
    }

    async fn reboot(&self, boot: &BootId) -> Result<()> {
        if self.1.is("node_reboot_makes_a_new_boot") {
            return Ok(());
        }
        match self.1.is("node_reboot_sent_twice_reboots_once") {
            true => self.reboot_at_once().await,
            false => self.0.reboot(boot).await,
        }
    }

    async fn reset(&self, boot: &BootId) -> Result<()> {
        if self.1.is("node_reset_returns_to_maintenance") {
            return self.0.reboot(boot).await;
        }
        if self.1.is("node_reset_of_another_boot_changes_nothing") {
            return self.0.reset(&self.0.observe().await?.boot).await;
        }
        let answer = self.0.reset(boot).await;
        if self.1.is("voter_reset_is_refused") { Ok(()) } else { answer }
    }

    fn guests(&self) -> Option<&dyn Guests> {
        self.0.guests()
    }
}

each_law!(node => [caught] broken, room::machine());
each_law!(voter => [caught] voter, Patience::default());
