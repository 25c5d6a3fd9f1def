//! Who has power: budgets, classes and priorities; hosts and their guests.

use super::machine::{Machine, Phase};
use super::room::Room;
use crate::{Feed, Jack, Load, PoePlan};
use rackberry_core::{self as core, Milliwatts, NodeId, PoeState, SwitchId, class_power};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Whose power may have to change.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Power {
    /// The switches that an order, or a machine they feed, has changed.
    pub(super) switches: BTreeSet<SwitchId>,
    /// Whether the machines at the wall were not fed yet.
    pub(super) walls: bool,
    /// Whether a guest or a machine has changed.
    pub(super) guests: bool,
}

impl Room {
    /// Gives every machine the power that is there for it, and takes it from the others.
    pub(super) fn feed_all(&mut self) {
        let stale = std::mem::take(&mut self.power.switches);
        let mut turns = BTreeMap::new();
        for id in &stale {
            turns.extend(self.fed_by(id).into_iter().map(|it| (it, false)));
            turns.extend(self.share_out(id).into_iter().map(|it| (it, true)));
        }
        if std::mem::take(&mut self.power.walls) {
            let always = self.machines.values().filter(|it| it.plan.feed == Feed::Always);
            turns.extend(always.map(|it| (it.plan.id.clone(), true)));
        }
        self.switch_power(turns);
        if std::mem::take(&mut self.power.guests) {
            self.switch_power(self.guests_fed());
        }
    }

    fn guests_fed(&self) -> BTreeMap<NodeId, bool> {
        let fed = |it: &Machine| match &it.plan.feed {
            Feed::Guest { host, power: core::Power::On } => {
                Some(self.phase(host) == Phase::Running)
            }
            Feed::Guest { power: core::Power::Off, .. } => Some(false),
            Feed::Always | Feed::Poe(_) => None,
        };
        self.machines.values().filter_map(|it| Some((it.plan.id.clone(), fed(it)?))).collect()
    }

    fn switch_power(&mut self, fed: BTreeMap<NodeId, bool>) {
        for (node, fed) in fed {
            match (fed, self.phase(&node) == Phase::Off) {
                (true, true) => self.boot(&node),
                (false, false) => self.cut(&node),
                (true, false) | (false, true) => {}
            }
        }
    }

    /// The machines that only a switch may feed.
    fn fed_by(&self, id: &SwitchId) -> Vec<NodeId> {
        let ports = self.switches.get(id).into_iter().flat_map(|it| it.plan.ports.keys());
        let jacks = ports.map(|port| Jack { switch: id.clone(), port: *port });
        jacks.filter_map(|it| Some(self.load_at(&it)?.0)).collect()
    }

    /// The machines that a switch feeds, the first ones first; what does not fit any more is left out.
    fn share_out(&mut self, id: &SwitchId) -> Vec<NodeId> {
        let wants = self.wants(id);
        let Some(switch) = self.switches.get_mut(id) else { return Vec::new() };
        let asked = wants.iter().map(|it| it.1).sum();
        switch.peak = switch.peak.max(asked);
        let mut left = switch.plan.budget.unwrap_or_default();
        let mut fed = Vec::new();
        for (node, want) in wants {
            if want <= left {
                left = left.minus(want);
                fed.push(node);
            }
        }
        fed
    }

    /// Who asks a switch for how much, those first that are fed first.
    fn wants(&self, id: &SwitchId) -> Vec<(NodeId, Milliwatts)> {
        let Some(switch) = self.switches.get(id) else { return Vec::new() };
        let mut wants = Vec::new();
        for (port, plan) in &switch.plan.ports {
            let Some(poe) = &plan.poe else { continue };
            let jack = Jack { switch: id.clone(), port: *port };
            let Some((node, load)) = self.load_at(&jack) else { continue };
            let want = self.want(&node, load);
            if takes(poe, load, want) {
                wants.push((Reverse(poe.priority), node, want));
            }
        }
        wants.sort_by_key(|it| it.0);
        wants.into_iter().map(|(_, node, want)| (node, want)).collect()
    }

    fn want(&self, node: &NodeId, load: Load) -> Milliwatts {
        match self.phase(node) {
            Phase::Off | Phase::Booting => load.boot,
            Phase::Dark | Phase::Maintenance | Phase::Installing | Phase::Running => load.idle,
        }
    }

    fn load_at(&self, jack: &Jack) -> Option<(NodeId, Load)> {
        let plugged = |id: &&NodeId| self.machines.get(*id).is_some_and(|it| !it.unplugged);
        let mut there = self.cabling.at(jack).iter().filter(plugged);
        there.find_map(|id| match self.machines.get(id)?.plan.feed {
            Feed::Poe(load) => Some((id.clone(), load)),
            Feed::Always | Feed::Guest { .. } => None,
        })
    }

    /// What a switch says of the power of a port.
    pub(super) fn poe_state(&self, jack: &Jack, poe: &PoePlan) -> PoeState {
        let load = self.load_at(jack).filter(|_| poe.power == core::Power::On);
        let fed = load.as_ref().filter(|it| self.phase(&it.0) != Phase::Off);
        PoeState {
            power: poe.power,
            delivers: fed.is_some(),
            class: load.as_ref().map(|it| it.1.class),
            draw: fed.map(|it| self.want(&it.0, it.1)).unwrap_or_default(),
            priority: poe.priority,
            limit: poe.limit,
            gauge: Default::default(),
        }
    }
}

fn takes(poe: &PoePlan, load: Load, want: Milliwatts) -> bool {
    let limit = poe.limit.or(class_power(load.class)).unwrap_or(Milliwatts(0));
    poe.power == core::Power::On && load.class <= poe.class && want <= limit
}
