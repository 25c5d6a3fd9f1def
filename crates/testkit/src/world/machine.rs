//! Machines: power, boots, and what they run.

use super::due::Due;
use super::guest::GuestRoom;
use super::install::{Config, System};
use super::room::Room;
use crate::{Boots, MachinePlan};
use rackberry_core::{BootId, Error, ErrorKind, NodeId, Result, Version};
use serde::{Deserialize, Serialize};

/// How far a machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Phase {
    /// It has no power.
    Off,
    /// It has power, and does not answer yet.
    Booting,
    /// It has power, and nothing to boot.
    Dark,
    /// An installer answers.
    Maintenance,
    /// An installer is at work.
    Installing,
    /// Its system runs.
    Running,
}

/// A machine as it is.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Machine {
    pub(super) plan: MachinePlan,
    pub(super) phase: Phase,
    pub(super) boots: u64,
    pub(super) reboots: usize,
    /// How often a system was installed: what a cluster tells two lives of a machine apart by.
    pub(super) installs: u64,
    pub(super) installer: Option<Version>,
    pub(super) system: Option<System>,
    /// What the installer is at work on.
    pub(super) installing: Option<System>,
    pub(super) guest: GuestRoom,
    /// Whether its plug was pulled: it never has power again.
    pub(super) unplugged: bool,
}

impl Machine {
    pub(super) fn new(plan: MachinePlan) -> Self {
        let (installer, system) = match &plan.boots {
            Boots::Nothing => (None, None),
            Boots::Installer(version) => (Some(version.clone()), None),
            Boots::System { version, config } => {
                (Some(version.clone()), System::read(version, config))
            }
        };
        let guest = GuestRoom::default();
        Self {
            plan,
            phase: Phase::Off,
            boots: 0,
            reboots: 0,
            installs: 0,
            installer,
            system,
            installing: None,
            guest,
            unplugged: false,
        }
    }

    pub(super) fn boot_id(&self) -> BootId {
        BootId::new(format!("{}-boot-{}", self.plan.id, self.boots))
    }

    /// The configuration in force, of a machine that runs.
    pub(super) fn config(&self) -> Option<&Config> {
        self.system.as_ref().filter(|_| self.phase == Phase::Running).map(|it| &it.config)
    }
}

impl Room {
    pub(super) fn phase(&self, node: &NodeId) -> Phase {
        self.machines.get(node).map_or(Phase::Off, |it| it.phase)
    }

    /// Whether a machine answers the controller.
    pub(super) fn answers(&self, node: &NodeId) -> bool {
        let up = match self.phase(node) {
            Phase::Off | Phase::Booting | Phase::Dark => false,
            Phase::Maintenance | Phase::Installing | Phase::Running => true,
        };
        up && self.wires.reached.contains(node)
    }

    /// A machine that answers.
    pub(super) fn reach(&mut self, node: &NodeId) -> Result<&mut Machine> {
        let answers = self.answers(node);
        let silent = || Error::new(ErrorKind::Unreachable, format!("reach {node}"));
        self.machines.get_mut(node).filter(|_| answers).ok_or_else(silent)
    }

    pub(super) fn unplug(&mut self, node: &NodeId) {
        if let Some(it) = self.machines.get_mut(node) {
            it.unplugged = true;
            self.cut(node);
            self.settle();
        }
    }

    pub(super) fn replug(&mut self, node: &NodeId) {
        if let Some(it) = self.machines.get_mut(node) {
            it.unplugged = false;
            self.changed(node);
            self.power.walls = true;
            self.settle();
        }
    }

    pub(super) fn cut(&mut self, node: &NodeId) {
        if let Some(it) = self.machines.get_mut(node) {
            it.phase = Phase::Off;
            self.changed(node);
        }
    }

    /// Begins a boot, which ends whatever ran.
    pub(super) fn boot(&mut self, node: &NodeId) {
        let Some(it) = self.machines.get_mut(node).filter(|it| !it.unplugged) else { return };
        it.boots += 1;
        it.phase = Phase::Booting;
        it.installing = None;
        let boots = it.boots;
        self.changed(node);
        self.later(Due::ComeUp { node: node.clone(), boots });
    }

    pub(super) fn come_up(&mut self, node: &NodeId, boots: u64) {
        let Some(it) = self.machines.get_mut(node) else { return };
        if it.boots != boots || it.phase != Phase::Booting {
            return;
        }
        it.phase = match (&mut it.system, &it.installer) {
            (Some(system), _) => {
                system.version = system.next.clone();
                Phase::Running
            }
            (None, Some(_)) => Phase::Maintenance,
            (None, None) => Phase::Dark,
        };
        self.changed(node);
    }
}
