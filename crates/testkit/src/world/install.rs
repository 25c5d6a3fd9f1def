//! What is installed on machines: configurations, versions, and the orders that change them.

use super::due::Due;
use super::machine::{Machine, Phase};
use super::room::{Room, fail};
use rackberry_core::{
    BootId, ClusterId, Digest, ErrorKind, NodeConfig, NodeId, NodeState, Result, Stage, Version,
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

/// What a configuration says, in the form that the machines of this room read. It has no `Debug`, nor has what holds
/// it: the ticket is not to be shown.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Config {
    pub(super) cluster: Option<ClusterId>,
    pub(super) role: Role,
    pub(super) ticket: Option<String>,
    version: Option<Version>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Role {
    ControlPlane,
    Worker,
}

/// An installed system.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct System {
    pub(super) version: Version,
    pub(super) next: Version,
    pub(super) config: Config,
    pub(super) digest: Digest,
}

impl System {
    /// A system that was installed before the story begins; none where its configuration makes no sense.
    pub(super) fn read(version: &Version, text: &str) -> Option<Self> {
        let config = serde_json::from_str(text).ok()?;
        let (version, next) = (version.clone(), version.clone());
        Some(Self { version, next, config, digest: Digest(text.into()) })
    }
}

impl Room {
    /// What a machine says of itself.
    pub(super) fn node_state(&mut self, node: &NodeId) -> Result<NodeState> {
        let it = self.reach(node)?;
        let stage = match it.phase {
            Phase::Running => Stage::Running,
            Phase::Installing => Stage::Installing,
            Phase::Off | Phase::Booting | Phase::Dark | Phase::Maintenance => Stage::Maintenance,
        };
        let system = it.system.as_ref();
        let installer = it.installer.clone().unwrap_or_else(|| Version::new("none"));
        Ok(NodeState {
            stage,
            version: system.map_or(installer.clone(), |it| it.version.clone()),
            next: system.map_or(installer, |it| it.next.clone()),
            boot: it.boot_id(),
            config: system.map(|it| it.digest.clone()),
            serial: it.plan.serial.clone(),
            memory: it.plan.memory,
            disks: it.plan.disks.clone(),
            addresses: it.plan.address.into_iter().collect(),
        })
    }

    pub(super) fn configure(&mut self, node: &NodeId, config: &NodeConfig) -> Result<()> {
        let it = self.reach(node)?;
        if it.system.as_ref().is_some_and(|it| it.digest == config.digest) {
            return Ok(());
        }
        let (phase, boots) = (it.phase, it.boots);
        let digest = config.digest.clone();
        let config = self.read_config(config)?;
        if phase != Phase::Running {
            return self.install(node, boots, config, digest);
        }
        let Some(system) = self.reach(node)?.system.as_mut() else { return Ok(()) };
        (system.config, system.digest) = (config, digest);
        self.changed(node);
        Ok(())
    }

    fn read_config(&self, config: &NodeConfig) -> Result<Config> {
        let invalid = || fail(ErrorKind::Invalid, "use the configuration");
        let Ok(read) = serde_json::from_str::<Config>(config.text.expose_secret()) else {
            // The cause would show the text, which may hold secrets.
            return invalid();
        };
        let cluster = read.cluster.as_ref().is_none_or(|it| self.clusters.contains_key(it));
        let version = read.version.as_ref().is_none_or(|it| self.is_version(it));
        if cluster && version { Ok(read) } else { invalid() }
    }

    fn install(&mut self, node: &NodeId, boots: u64, config: Config, digest: Digest) -> Result<()> {
        let it = self.reach(node)?;
        let installer = it.installer.clone().unwrap_or_else(|| Version::new("none"));
        let version = config.version.clone().unwrap_or(installer);
        let system = System { version: version.clone(), next: version, config, digest };
        match it.installing.as_ref() {
            Some(under_way) if under_way.digest == system.digest => return Ok(()),
            Some(_) => return fail(ErrorKind::Refused, "configure while another one is installed"),
            None => it.installing = Some(system),
        }
        it.phase = Phase::Installing;
        self.changed(node);
        self.later(Due::Install { node: node.clone(), boots });
        Ok(())
    }

    pub(super) fn finish_install(&mut self, node: &NodeId, boots: u64) {
        let Some(it) = self.machines.get_mut(node) else { return };
        if it.boots != boots || it.phase != Phase::Installing {
            return;
        }
        it.system = it.installing.take();
        it.installs += 1;
        self.boot(node);
    }

    pub(super) fn upgrade(&mut self, node: &NodeId, version: &Version) -> Result<()> {
        let known = self.is_version(version);
        let it = self.reach(node)?;
        let Some(system) = it.system.as_mut().filter(|_| it.phase == Phase::Running) else {
            return fail(ErrorKind::Refused, "upgrade a machine that has no system yet");
        };
        if *version == system.version || *version == system.next {
            return Ok(());
        }
        if !known {
            return fail(ErrorKind::Invalid, format!("upgrade to {version}"));
        }
        system.next = version.clone();
        Ok(())
    }

    pub(super) fn reboot(&mut self, node: &NodeId, boot: &BootId) -> Result<()> {
        self.reach(node)?;
        self.later(Due::Reboot { node: node.clone(), boot: boot.clone() });
        Ok(())
    }

    pub(super) fn finish_reboot(&mut self, node: &NodeId, boot: &BootId) {
        if let Some(it) = self.in_boot(node, boot) {
            it.reboots += 1;
            self.boot(node);
        }
    }

    pub(super) fn reset(&mut self, node: &NodeId, boot: &BootId) -> Result<()> {
        if self.reach(node)?.boot_id() != *boot {
            return Ok(());
        }
        if self.clusters.values().any(|it| it.needs(node)) {
            return fail(ErrorKind::Refused, "reset a machine whose vote is needed");
        }
        self.later(Due::Reset { node: node.clone(), boot: boot.clone() });
        Ok(())
    }

    pub(super) fn finish_reset(&mut self, node: &NodeId, boot: &BootId) {
        if let Some(it) = self.in_boot(node, boot) {
            it.system = None;
            self.boot(node);
        }
    }

    /// The machine, if it has power and is in this boot.
    fn in_boot(&mut self, node: &NodeId, boot: &BootId) -> Option<&mut Machine> {
        let it = self.machines.get_mut(node)?;
        (it.boot_id() == *boot && it.phase != Phase::Off).then_some(it)
    }
}
