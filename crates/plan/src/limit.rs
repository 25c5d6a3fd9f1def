//! What the steps that are in hand may take together.

use crate::Plan;
use rackberry_core::{ClusterId, Milliwatts, SwitchId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What may be taken at one moment. A step takes its part from when it begins until it is proved; one that was sent and
/// is not proved keeps it, since nobody knows whether it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Limit {
    /// One voter of a cluster at a time comes, goes or reboots.
    Voters {
        /// The cluster.
        cluster: ClusterId,
        /// The steps that touch one of its voters.
        steps: BTreeSet<usize>,
    },
    /// What the machines that boot may draw beyond what they draw once they run.
    Inrush {
        /// The switch that feeds them.
        switch: SwitchId,
        /// What its budget leaves for that.
        at_most: Milliwatts,
        /// The steps that switch one of them on, and what it draws beyond.
        steps: BTreeMap<usize, Milliwatts>,
    },
}

impl Limit {
    /// What a step takes of it, in a unit of its own.
    fn takes(&self, step: usize) -> u64 {
        match self {
            Self::Voters { steps, .. } => u64::from(steps.contains(&step)),
            Self::Inrush { steps, .. } => steps.get(&step).map_or(0, |it| it.0),
        }
    }

    /// What there is of it.
    fn all(&self) -> u64 {
        match self {
            Self::Voters { .. } => 1,
            Self::Inrush { at_most, .. } => at_most.0,
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Voters { cluster, .. } => write!(f, "one voter of cluster {cluster} at a time"),
            Self::Inrush { switch, at_most, .. } => {
                write!(f, "{at_most} for what boots at one time on switch {switch}")
            }
        }
    }
}

/// What the limits of a plan leave for steps that have not begun.
#[derive(Clone, Debug)]
pub struct Headroom<'a> {
    limits: &'a [Limit],
    free: Vec<u64>,
}

impl<'a> Headroom<'a> {
    /// All of it: nothing is in hand.
    pub fn new(plan: &'a Plan) -> Self {
        Self { limits: &plan.limits, free: plan.limits.iter().map(Limit::all).collect() }
    }

    /// Whether a step may begin now.
    pub fn admits(&self, step: usize) -> bool {
        self.limits.iter().zip(&self.free).all(|(limit, free)| limit.takes(step) <= *free)
    }

    /// Takes what a step takes. What is taken beyond what is left counts as all of it.
    pub fn begin(&mut self, step: usize) {
        for (limit, free) in self.limits.iter().zip(&mut self.free) {
            *free = free.saturating_sub(limit.takes(step));
        }
    }

    /// Gives back what a step took.
    pub fn end(&mut self, step: usize) {
        for (limit, free) in self.limits.iter().zip(&mut self.free) {
            *free = free.saturating_add(limit.takes(step)).min(limit.all());
        }
    }
}
