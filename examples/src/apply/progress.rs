//! How far a run is, by its events.

use rackberry::exec::Event;
use rackberry::plan::{Action, Plan};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How far a step is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Is {
    Waiting,
    Begun,
    Sent,
    Proved,
    Unproved(String),
}

/// How far the plan at hand is.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// The plan, and which it is.
    pub(super) plan: Arc<Plan>,
    pub(super) round: usize,
    pub(super) steps: Vec<Is>,
    /// The steps that this run has sent and seen proved, of all plans so far.
    pub(super) proved: usize,
}

/// A machine, a switch, a cluster or a pool, and how far its steps are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) steps: Vec<usize>,
}

impl Progress {
    pub(super) fn event(&mut self, event: &Event) {
        match event {
            Event::Planned { round, plan } => {
                (self.round, self.plan) = (*round, Arc::clone(plan));
                self.steps = vec![Is::Waiting; plan.steps.len()];
            }
            Event::Began { step } => self.set(*step, Is::Begun),
            Event::Sending { step } => self.set(*step, Is::Sent),
            Event::Proved { step, already } => {
                self.proved += usize::from(!already);
                self.set(*step, Is::Proved);
            }
            Event::Ended { step, why } => self.set(*step, Is::Unproved(why.to_string())),
            _ => {}
        }
    }

    fn set(&mut self, step: usize, is: Is) {
        if let Some(it) = self.steps.get_mut(step) {
            *it = is;
        }
    }

    /// Whether any step of the plan at hand has begun.
    pub(super) fn has_begun(&self) -> bool {
        self.steps.iter().any(|it| *it != Is::Waiting)
    }

    /// What a step orders, in words.
    pub(super) fn order(&self, step: usize) -> String {
        self.plan.steps.get(step).map(|it| it.action.to_string()).unwrap_or_default()
    }

    /// How many steps of the plan at hand are proved, and how many were begun and are not.
    pub(super) fn counts(&self) -> (usize, usize) {
        let proved = self.steps.iter().filter(|it| **it == Is::Proved).count();
        let unproved = self.steps.iter().filter(|it| matches!(it, Is::Unproved(_))).count();
        (proved, unproved)
    }

    /// The wave that the last step in hand is of, from 1.
    pub(super) fn wave(&self) -> usize {
        let last = self.steps.iter().rposition(|it| *it != Is::Waiting).unwrap_or(0);
        let begun = self.plan.waves.iter().filter(|it| it.first <= last).count();
        begun.min(self.plan.waves.len())
    }

    /// Everything that the plan is about, in the order of its first step.
    pub(super) fn rows(&self) -> Vec<Row> {
        let (mut rows, mut known): (Vec<Row>, BTreeMap<String, usize>) = Default::default();
        for (step, it) in self.plan.steps.iter().enumerate() {
            let name = about(&it.action);
            let row = *known.entry(name.clone()).or_insert_with(|| {
                rows.push(Row { name, steps: Vec::new() });
                rows.len() - 1
            });
            rows[row].steps.push(step);
        }
        rows
    }
}

/// What an order is about.
fn about(action: &Action) -> String {
    match action {
        Action::SetVlans { switch, .. } | Action::SetPort { switch, .. } => {
            format!("switch {switch}")
        }
        Action::CreatePool { pool, .. } => format!("pool {pool}"),
        Action::Bootstrap { cluster, .. }
        | Action::Declare { cluster, .. }
        | Action::Withdraw { cluster, .. } => format!("cluster {cluster}"),
        Action::CreateGuest { spec, .. } => spec.guest.to_string(),
        Action::MoveGuest { guest, .. }
        | Action::StopGuest { guest, .. }
        | Action::DestroyGuest { guest, .. } => guest.to_string(),
        Action::SetPower { node, .. }
        | Action::Configure { node, .. }
        | Action::Upgrade { node, .. }
        | Action::Reboot { node, .. }
        | Action::Label { node, .. }
        | Action::SetSchedulable { node, .. }
        | Action::Evict { node, .. }
        | Action::Forget { node, .. }
        | Action::Start { node, .. }
        | Action::Stop { node, .. }
        | Action::CopyHot { to: node, .. }
        | Action::CopyCold { to: node, .. }
        | Action::Compare { to: node, .. }
        | Action::Bind { to: node, .. } => node.to_string(),
    }
}
