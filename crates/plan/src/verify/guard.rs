//! Whether an order to a device waits for what it must not come before: a wave is done side by side, so that its place
//! in the list says nothing.

use super::{FormFault, ReplayFault, Violation, subject};
use crate::{Action, Fact, Observed, Plan, Step};
use rackberry_core::{ClusterId, NodeId, Power, SwitchId};
use std::collections::BTreeSet;
use std::iter;
use std::ops::Range;

/// Reports every order of a wave that could be sent too early. `seen` is what there is before the wave.
pub(super) fn check(plan: &Plan, wave: Range<usize>, seen: &Observed, found: &mut Vec<Violation>) {
    for at in wave.clone().filter(|it| subject(&plan.steps[*it].action).is_none()) {
        let step = &plan.steps[at];
        let guard = guard(&step.action).or_else(|| birth(&plan.steps[wave.clone()], &step.action));
        if let Some(what) = guard.filter(|it| !step.before.iter().any(|fact| it.is(fact))) {
            found.push(Violation::at_step(at, FormFault::Unguarded(what.words())));
        }
        for fact in step.before.iter().filter(|it| !it.holds(seen)) {
            if !is_waited_for(plan, at, wave.start, fact) {
                found.push(Violation::at_step(at, ReplayFault::TooEarly(fact.clone())));
            }
        }
    }
}

/// Whether a step that comes before another, by its needs, proves this.
fn is_waited_for(plan: &Plan, step: usize, first: usize, fact: &Fact) -> bool {
    let proves = |it: usize| plan.steps[it].after.iter().any(|it| implies(it, fact));
    waited_for(plan, step, first).any(proves)
}

/// The steps from the `first` on that are proved before one may begin.
pub(super) fn waited_for(plan: &Plan, step: usize, first: usize) -> impl Iterator<Item = usize> {
    let needs =
        move |step: usize| plan.steps[step].needs.iter().copied().filter(move |it| *it >= first);
    let mut known: BTreeSet<usize> = needs(step).collect();
    let mut ahead: Vec<usize> = known.iter().copied().collect();
    iter::from_fn(move || {
        let at = ahead.pop()?;
        ahead.extend(needs(at).filter(|it| known.insert(*it)));
        Some(at)
    })
}

/// Whether one fact says another.
fn implies(proof: &Fact, fact: &Fact) -> bool {
    if proof == fact {
        return true;
    }
    let Fact::Stage { node, stage } = fact else { return false };
    // What runs with its configuration, or is a ready member, runs.
    if let Fact::Configured { node: of, .. } | Fact::Ready(of) = proof {
        return of == node;
    }
    matches!(proof, Fact::Stage { node: of, stage: known } if of == node && known >= stage)
}

/// A fact that an order must not come before.
enum Guard<'a> {
    /// The first machine runs with its configuration.
    Configured(&'a NodeId),
    /// The machine, or any where none is named, is far enough.
    Stage(Option<&'a NodeId>),
    /// The boot to end is the one that runs.
    InBoot(&'a NodeId),
    /// The table that the new one was made for is in force.
    Vlans(&'a SwitchId),
    /// The guest is off.
    GuestOff(&'a NodeId),
    /// The guest is there.
    Guest(&'a NodeId),
    /// The cluster has begun.
    Begun(&'a ClusterId),
    /// The machine is a ready member.
    Ready(&'a NodeId),
}

impl Guard<'_> {
    fn is(&self, fact: &Fact) -> bool {
        match (self, fact) {
            (Self::Configured(of), Fact::Configured { node, .. }) => node == *of,
            (Self::Stage(of), Fact::Stage { node, .. }) => of.is_none_or(|of| of == node),
            (Self::InBoot(of), Fact::InBoot { node, .. }) => node == *of,
            (Self::Vlans(of), Fact::Vlans { switch, .. }) => switch == *of,
            (Self::GuestOff(of), Fact::GuestOff { guest, .. }) => guest == *of,
            (Self::Guest(of), Fact::Guest { guest, .. }) => guest == *of,
            (Self::Begun(of), Fact::Begun(cluster)) => cluster == *of,
            (Self::Ready(of), Fact::Ready(node)) => node == *of,
            _ => false,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Configured(node) => format!("{node} runs with its configuration"),
            Self::Stage(Some(node)) => format!("{node} answers"),
            Self::Stage(None) => "the machine answers".into(),
            Self::InBoot(node) => format!("{node} is in the boot that ends"),
            Self::Vlans(switch) => format!("{switch} has the VLANs that these follow"),
            Self::GuestOff(guest) => format!("the guest {guest} is off"),
            Self::Guest(guest) => format!("the guest {guest} is there"),
            Self::Begun(cluster) => format!("the cluster {cluster} has begun"),
            Self::Ready(node) => format!("{node} is a ready member"),
        }
    }
}

/// A guest that is made in the same wave is there before it is switched on.
fn birth<'a>(wave: &[Step], action: &'a Action) -> Option<Guard<'a>> {
    let Action::SetPower { node, power: Power::On } = action else { return None };
    let makes = |it: &Action| matches!(it, Action::CreateGuest { spec, .. } if spec.guest == *node);
    wave.iter().any(|step| makes(&step.action)).then_some(Guard::Guest(node))
}

fn guard(action: &Action) -> Option<Guard<'_>> {
    Some(match action {
        Action::Bootstrap { node, .. } => Guard::Configured(node),
        Action::Configure { node, .. } | Action::Upgrade { node, .. } => Guard::Stage(Some(node)),
        Action::CreateGuest { host, .. } => Guard::Stage(Some(host)),
        Action::MoveGuest { to, .. } => Guard::Stage(Some(to)),
        Action::CreatePool { .. } => Guard::Stage(None),
        Action::Reboot { node, .. } => Guard::InBoot(node),
        Action::SetVlans { switch, .. } => Guard::Vlans(switch),
        Action::DestroyGuest { guest, .. } => Guard::GuestOff(guest),
        Action::Label { node, .. } => Guard::Ready(node),
        Action::Declare { cluster, .. } => Guard::Begun(cluster),
        Action::SetPort { .. } | Action::SetPower { .. } | Action::StopGuest { .. } => {
            return None;
        }
        Action::SetSchedulable { .. } | Action::Evict { .. } | Action::Forget { .. } => {
            return None;
        }
        Action::Withdraw { .. } => return None,
        Action::CopyHot { .. } | Action::CopyCold { .. } | Action::Compare { .. } => return None,
        Action::Bind { .. } | Action::Start { .. } | Action::Stop { .. } => return None,
    })
}
