//! Whether a plan states the limits that its steps need, and no wider ones.

use super::{Place, Violation};
use crate::{Action, Feed, Limit, Observed, Plan, Resolved};
use rackberry_core::{ClusterId, Milliwatts, NodeId, Power, Stage, SwitchId};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A limit that is missing, too wide, or never lets a step begin.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitFault {
    /// Two voters of a cluster could come, go or reboot at one time.
    Voters {
        /// The cluster.
        cluster: ClusterId,
    },
    /// More could boot at one time than a switch can feed.
    Inrush {
        /// The switch.
        switch: SwitchId,
        /// What its budget leaves for that.
        room: Milliwatts,
    },
    /// A step takes more of a limit than there is.
    Never {
        /// The step.
        step: usize,
    },
}

impl fmt::Display for LimitFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Voters { cluster } => {
                write!(f, "it does not say that voters of cluster {cluster} go one at a time")
            }
            Self::Inrush { switch, room } => write!(
                f,
                "it does not say that what boots on {switch} at one time draws no more than {room}"
            ),
            Self::Never { step } => {
                write!(f, "step {} takes more than its limit has", step.saturating_add(1))
            }
        }
    }
}

/// Reports what the limits of `plan` leave open.
pub(super) fn check(plan: &Plan, rack: &Resolved, seen: &Observed, found: &mut Vec<Violation>) {
    let mut report = |fault| found.push(Violation::new(Place::Plan, fault));
    for cluster in rack.rack.clusters.keys() {
        let touched: BTreeSet<usize> = steps(plan, |it| touches_vote(rack, seen, cluster, it));
        let held = |it: &Limit| match it {
            Limit::Voters { cluster: of, steps } => of == cluster && touched.is_subset(steps),
            Limit::Inrush { .. } => false,
        };
        if touched.len() > 1 && !plan.limits.iter().any(held) {
            report(LimitFault::Voters { cluster: cluster.clone() });
        }
    }
    for switch in 0..rack.switches.len() {
        inrush(plan, rack, seen, switch).into_iter().for_each(&mut report);
    }
}

fn steps(plan: &Plan, is: impl Fn(&Action) -> bool) -> BTreeSet<usize> {
    let all = plan.steps.iter().enumerate();
    all.filter(|it| is(&it.1.action)).map(|it| it.0).collect()
}

/// Whether an order makes a voter of `cluster` come, go or reboot.
fn touches_vote(rack: &Resolved, seen: &Observed, cluster: &ClusterId, action: &Action) -> bool {
    let votes_there = |node: &NodeId| {
        let planned = rack
            .node(node)
            .is_some_and(|it| rack.votes(it) && rack.nodes[it].cluster.as_ref() == Some(cluster));
        let member = seen.clusters.get(cluster).and_then(|it| it.members.get(node));
        planned || member.is_some_and(|it| it.voter)
    };
    if let Action::Bootstrap { cluster: of, .. } = action {
        return of == cluster;
    }
    let (Action::Configure { node, .. }
    | Action::Reboot { node, .. }
    | Action::Forget { node, .. }
    | Action::SetPower { node, power: Power::Off }) = action
    else {
        return false;
    };
    let elsewhere = matches!(action, Action::Forget { cluster: of, .. } if of != cluster);
    votes_there(node) && !elsewhere
}

/// What boots on one switch has to fit beside what runs there, whatever begins at one time.
fn inrush(plan: &Plan, rack: &Resolved, seen: &Observed, switch: usize) -> Vec<LimitFault> {
    let (mut room, mut draws) = (rack.switches[switch].budget, BTreeMap::new());
    let mut used = BTreeSet::new();
    for (step, it) in plan.steps.iter().enumerate() {
        let Some(at) = boots(seen, &it.action).and_then(|it| rack.node(it)) else { continue };
        if feeds(rack, switch, at) {
            used.insert(at);
            draws.extend((!at_large(rack, seen, at)).then(|| (step, surge(rack, at))));
        }
    }
    let off = |at: usize| seen.power.get(&rack.nodes[at].id) == Some(&Power::Off);
    used.extend((0..rack.nodes.len()).filter(|at| feeds(rack, switch, *at) && !off(*at)));
    for at in used {
        let more = if at_large(rack, seen, at) { surge(rack, at) } else { Milliwatts(0) };
        room = room.minus(rack.nodes[at].power.typical.plus(more));
    }
    let all = draws.values().copied().fold(Milliwatts(0), Milliwatts::plus);
    let mut faults: Vec<_> =
        never(plan, switch, rack).map(|step| LimitFault::Never { step }).collect();
    let id = &rack.switches[switch].id;
    if all > room && !plan.limits.iter().any(|it| holds(it, id, room, &draws)) {
        faults.push(LimitFault::Inrush { switch: id.clone(), room });
    }
    faults
}

/// The machine that boots when an order is carried out.
fn boots<'a>(seen: &Observed, action: &'a Action) -> Option<&'a NodeId> {
    if let Action::SetPower { node, power: Power::On } | Action::Reboot { node, .. } = action {
        return Some(node);
    }
    let Action::Configure { node, .. } = action else { return None };
    let runs = seen.nodes.get(node).is_some_and(|it| it.stage == Stage::Running);
    (!runs).then_some(node)
}

/// Whether a machine may boot at any time by itself: it is not known to be off, and does not answer or installs itself.
fn at_large(rack: &Resolved, seen: &Observed, at: usize) -> bool {
    let id = &rack.nodes[at].id;
    let off = seen.power.get(id) == Some(&Power::Off);
    !off && seen.nodes.get(id).is_none_or(|it| it.stage == Stage::Installing)
}

fn holds(
    limit: &Limit,
    id: &SwitchId,
    room: Milliwatts,
    draws: &BTreeMap<usize, Milliwatts>,
) -> bool {
    match limit {
        Limit::Inrush { switch, at_most, steps } => {
            let counted = |(step, draws): (&usize, &Milliwatts)| steps.get(step) >= Some(draws);
            switch == id && *at_most <= room && draws.iter().all(counted)
        }
        Limit::Voters { .. } => false,
    }
}

/// The steps that take more of the limits of a switch than there is.
fn never<'a>(
    plan: &'a Plan,
    switch: usize,
    rack: &'a Resolved,
) -> impl Iterator<Item = usize> + 'a {
    let id = &rack.switches[switch].id;
    plan.limits.iter().flat_map(move |it| match it {
        Limit::Inrush { switch, at_most, steps } if switch == id => {
            steps.iter().filter(|it| *it.1 > *at_most).map(|it| *it.0).collect::<Vec<_>>()
        }
        Limit::Inrush { .. } | Limit::Voters { .. } => Vec::new(),
    })
}

fn feeds(rack: &Resolved, switch: usize, at: usize) -> bool {
    let it = &rack.nodes[at];
    it.switch == Some(switch) && matches!(it.feed, Feed::Poe { .. })
}

/// What a machine draws while it boots beyond what it draws later.
fn surge(rack: &Resolved, at: usize) -> Milliwatts {
    rack.nodes[at].power.boot.minus(rack.nodes[at].power.typical)
}
