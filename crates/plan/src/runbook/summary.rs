//! What a plan comes to, in a few sentences.

use super::Runbook;
use super::words::{count, inline};
use crate::action::to_device;
use crate::{Action, Move, MoveKind, ReplicaRef};
use rackberry_core::figure::{size, time};
use rackberry_core::{Bytes, Seconds};
use std::collections::{BTreeMap, BTreeSet};

impl Runbook<'_> {
    pub(super) fn summary(&self) -> String {
        let plan = self.plan;
        let moves = || plan.waves.iter().flat_map(|it| &it.moves);
        if plan.steps.is_empty() {
            return match plan.left().len() {
                0 => "There is nothing to do: everything is where it belongs.".into(),
                _ => "There is nothing that can be done.".into(),
            };
        }
        let bytes: Bytes = moves().map(|it| it.bytes).sum();
        let copied = match bytes {
            Bytes(0) => "with nothing to copy".into(),
            bytes => format!("with {} to copy", size(bytes)),
        };
        let takes = (0..plan.waves.len()).map(|wave| plan.takes(wave)).sum();
        let mut text = format!(
            "{}{} in {} {copied}. It takes about {}, if what may run side by side does. {}",
            self.orders(),
            kinds(moves()),
            count(plan.waves.len(), "wave", "waves"),
            time(takes),
            downtime(moves(), &self.evictions())
        );
        text += &self.reboots();
        match plan.kept.len() {
            0 => {}
            1 => text += " One old copy is kept until you remove it.",
            many => text += &format!(" {many} old copies are kept until you remove them."),
        }
        text
    }

    /// How many pods are asked to leave a machine. Where they run again, their cluster or a later wave says.
    fn evictions(&self) -> String {
        match self.count(|it| matches!(it, Action::Evict { .. })) {
            0 => String::new(),
            1 => "One pod has to leave its machine, and is down until it runs elsewhere.".into(),
            many => format!(
                "{many} pods have to leave their machines, and each is down until it runs elsewhere."
            ),
        }
    }

    /// How many machines get another version, which is the one thing that cannot be taken back.
    fn reboots(&self) -> String {
        match self.count(|it| matches!(it, Action::Reboot { .. })) {
            0 => String::new(),
            1 => " One machine reboots into a new version, and cannot go back.".into(),
            many => format!(
                " {many} machines reboot into a new version, one after the other, and cannot go back."
            ),
        }
    }

    fn count(&self, is_one: impl Fn(&Action) -> bool) -> usize {
        self.plan.steps.iter().filter(|it| is_one(&it.action)).count()
    }

    /// How many orders to devices there are, before the moves.
    fn orders(&self) -> String {
        let orders = self.count(|it| matches!(it, to_device!()));
        match (orders, self.plan.waves.iter().all(|it| it.moves.is_empty())) {
            (0, _) => String::new(),
            (_, true) => count(orders, "order to a device", "orders to devices"),
            (_, false) => count(orders, "order to a device, ", "orders to devices, "),
        }
    }
}

/// How many moves, starts and stops there are.
fn kinds<'a>(moves: impl Iterator<Item = &'a Move>) -> String {
    let (mut moved, mut started, mut stopped, mut restarted) = (0, 0, 0, 0);
    moves.for_each(|it| match it.kind {
        MoveKind::Start => started += 1,
        MoveKind::Stop => stopped += 1,
        MoveKind::Move | MoveKind::ToTemporary | MoveKind::FromTemporary => moved += 1,
        MoveKind::Restart => restarted += 1,
        MoveKind::Resume => {}
    });
    let all = [
        (moved, "move", "moves"),
        (started, "start", "starts"),
        (stopped, "stop", "stops"),
        (restarted, "restart", "restarts"),
    ];
    let all = all.into_iter().filter(|it| it.0 > 0);
    let all: Vec<_> = all.map(|(number, one, many)| count(number, one, many)).collect();
    all.join(" and ")
}

fn downtime<'a>(moves: impl Iterator<Item = &'a Move>, evictions: &str) -> String {
    let mut down: BTreeMap<&ReplicaRef, Seconds> = BTreeMap::new();
    let mut dependents = BTreeSet::new();
    for it in moves.filter(|it| it.downtime > Seconds(0)) {
        dependents.extend(it.dependents.iter().map(|it| inline(it.as_str())));
        let sum = down.entry(&it.replica).or_default();
        *sum = sum.plus(it.downtime);
    }
    let total = time(down.values().copied().sum());
    let replicas = match (down.len(), down.values().max()) {
        (0, _) | (_, None) if evictions.is_empty() => "Nothing is down meanwhile.".into(),
        (0, _) | (_, None) => String::new(),
        (1, Some(_)) => format!("One replica is down for {total}."),
        (many, Some(most)) => {
            let most = time(*most);
            format!("{many} replicas are down, each for {most} at the most, together for {total}.")
        }
    };
    let dependents = match dependents.len() {
        0 => String::new(),
        _ => {
            let all = dependents.into_iter().collect::<Vec<_>>().join(", ");
            format!("What needs them is down with them: {all}.")
        }
    };
    let said = [replicas.as_str(), &dependents, evictions];
    said.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}
