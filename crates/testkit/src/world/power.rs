//! Who has power: budgets, classes and priorities; hosts and their guests.

use super::machine::Phase;
use super::room::Room;
use crate::{Feed, Jack, Load, PoePlan};
use rackberry_core::{Milliwatts, NodeId, PoeState, Power, SwitchId};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// What a port may deliver to a machine of a class (802.3bt).
const CLASSES: [u64; 9] = [15_400, 4_000, 7_000, 15_400, 30_000, 45_000, 60_000, 75_000, 90_000];

fn most(class: u8) -> Milliwatts {
    Milliwatts(CLASSES.get(usize::from(class)).copied().unwrap_or(0))
}

impl Room {
    /// Gives every machine the power that is there for it, and takes it from the others.
    pub(super) fn feed_all(&mut self) {
        let ids: Vec<_> = self.switches.keys().cloned().collect();
        let mut fed: BTreeSet<NodeId> = ids.iter().flat_map(|it| self.share_out(it)).collect();
        let always = self.machines.values().filter(|it| it.plan.feed == Feed::Always);
        fed.extend(always.map(|it| it.plan.id.clone()));
        self.switch_power(&fed, |feed| !matches!(feed, Feed::Guest { .. }));
        let runs = |it: &&super::machine::Machine| match &it.plan.feed {
            Feed::Guest { host, power: Power::On } => self.phase(host) == Phase::Running,
            Feed::Guest { power: Power::Off, .. } | Feed::Always | Feed::Poe(_) => false,
        };
        let fed = self.machines.values().filter(runs).map(|it| it.plan.id.clone()).collect();
        self.switch_power(&fed, |feed| matches!(feed, Feed::Guest { .. }));
    }

    fn switch_power(&mut self, fed: &BTreeSet<NodeId>, mine: impl Fn(&Feed) -> bool) {
        let some = self.machines.values().filter(|it| mine(&it.plan.feed));
        let some: Vec<_> = some.map(|it| (it.plan.id.clone(), it.phase)).collect();
        for (node, phase) in some {
            match (fed.contains(&node), phase == Phase::Off) {
                (true, true) => self.boot(&node),
                (false, false) => self.cut(&node),
                (true, false) | (false, true) => {}
            }
        }
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
        self.machines.values().find_map(|it| match it.plan.feed {
            Feed::Poe(load) if it.plan.jack.as_ref() == Some(jack) => {
                Some((it.plan.id.clone(), load))
            }
            Feed::Poe(_) | Feed::Always | Feed::Guest { .. } => None,
        })
    }

    /// What a switch says of the power of a port.
    pub(super) fn poe_state(&self, jack: &Jack, poe: &PoePlan) -> PoeState {
        let load = self.load_at(jack).filter(|_| poe.power == Power::On);
        let fed = load.as_ref().filter(|it| self.phase(&it.0) != Phase::Off);
        PoeState {
            power: poe.power,
            delivers: fed.is_some(),
            class: load.as_ref().map(|it| it.1.class),
            draw: fed.map(|it| self.want(&it.0, it.1)).unwrap_or_default(),
            priority: poe.priority,
            limit: poe.limit,
        }
    }
}

fn takes(poe: &PoePlan, load: Load, want: Milliwatts) -> bool {
    let limit = poe.limit.unwrap_or(most(load.class));
    poe.power == Power::On && load.class <= poe.class && want <= limit
}
