//! Whether a step can be done when its turn comes, and what there is after it.

use super::touch::nodes_of;
use crate::action::to_device;
use crate::{Action, CopyState, Fact, Observed, ReplicaRef, Resolved, Step, VolumeRef};
use rackberry_core::NodeId;
use std::fmt;

/// Why a step cannot be done, or does not lead to what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplayFault {
    /// A fact that it begins with does not hold then.
    Before(
        /// The fact.
        Fact,
    ),
    /// A fact that it ends with does not follow.
    After(
        /// The fact.
        Fact,
    ),
    /// It has to wait for a step of its own wave, and does not need it.
    Unordered(
        /// The position of the step it has to wait for.
        usize,
    ),
    /// It begins with a fact that a step of its own wave brings about, and does not need that step.
    TooEarly(
        /// The fact.
        Fact,
    ),
    /// What it copies, or compares with, is not the copy in use.
    NotThere {
        /// The volume.
        volume: VolumeRef,
        /// The node whose copy is not in use.
        node: NodeId,
    },
    /// It copies a volume onto itself.
    OntoItself {
        /// The volume.
        volume: VolumeRef,
        /// The node.
        node: NodeId,
    },
    /// It takes a better copy than there is.
    WorseCopy {
        /// The volume.
        volume: VolumeRef,
        /// The node.
        node: NodeId,
        /// How good the copy has to be.
        wanted: CopyState,
    },
    /// The volume has to be at rest, and its replica runs.
    InUse {
        /// The volume.
        volume: VolumeRef,
        /// Where its replica runs.
        node: NodeId,
    },
    /// It starts a replica where it runs.
    Runs {
        /// The replica.
        replica: ReplicaRef,
        /// The node.
        node: NodeId,
    },
    /// It stops a replica where it does not run.
    RunsNot {
        /// The replica.
        replica: ReplicaRef,
        /// The node.
        node: NodeId,
    },
    /// It starts a replica that has to be stopped elsewhere first.
    Twice {
        /// The replica.
        replica: ReplicaRef,
        /// The node it still runs on.
        node: NodeId,
    },
    /// It starts a replica on a member that is closed to pods.
    Closed {
        /// The replica.
        replica: ReplicaRef,
        /// The node.
        node: NodeId,
    },
    /// It starts a replica on a node where its volume is not.
    Unbound {
        /// The volume.
        volume: VolumeRef,
        /// The node.
        node: NodeId,
    },
}

impl fmt::Display for ReplayFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Before(fact) => write!(f, "it begins with `{fact}`, which is not so then"),
            Self::After(fact) => write!(f, "it ends with `{fact}`, which does not follow from it"),
            Self::Unordered(other) => {
                let other = other.saturating_add(1);
                write!(f, "it has to wait for step {other} of its wave, and does not need it")
            }
            Self::TooEarly(fact) => {
                write!(
                    f,
                    "it begins with `{fact}`, and does not need the step that brings that about"
                )
            }
            Self::NotThere { volume, node } => {
                write!(f, "the copy of {volume} on {node} is not the one in use")
            }
            Self::OntoItself { volume, node } => {
                write!(f, "it copies {volume} on {node} onto itself")
            }
            Self::WorseCopy { volume, node, wanted } => {
                let wanted = match wanted {
                    CopyState::Hot => "no copy",
                    CopyState::Cold => "no complete copy",
                    CopyState::Compared => "no copy whose checksums were compared",
                };
                write!(f, "{node} has {wanted} of {volume}")
            }
            Self::InUse { volume, node } => {
                write!(f, "{volume} is in use: {} still runs on {node}", volume.replica)
            }
            Self::Runs { replica, node } => write!(f, "{replica} already runs on {node}"),
            Self::RunsNot { replica, node } => write!(f, "{replica} does not run on {node}"),
            Self::Twice { replica, node } => {
                write!(f, "{replica} still runs on {node}, and has to be stopped there first")
            }
            Self::Closed { replica, node } => {
                write!(f, "{node} is closed to pods, and so to {replica}")
            }
            Self::Unbound { volume, node } => write!(f, "{volume} is not bound to {node}"),
        }
    }
}

/// Says whether `step` can be done now.
pub(super) fn before(rack: &Resolved, seen: &Observed, step: &Step) -> Result<(), ReplayFault> {
    if let Some(fact) = step.before.iter().find(|it| !it.holds(seen)) {
        return Err(ReplayFault::Before(fact.clone()));
    }
    match &step.action {
        Action::CopyHot { volume, from, to } => source(seen, volume, from, to),
        Action::CopyCold { volume, from, to } => {
            source(seen, volume, from, to)?;
            at_rest(seen, volume)
        }
        Action::Compare { volume, from, to } => {
            source(seen, volume, from, to)?;
            at_rest(seen, volume)?;
            copy(seen, volume, to, CopyState::Cold)
        }
        Action::Bind { volume, to } => {
            at_rest(seen, volume)?;
            copy(seen, volume, to, CopyState::Compared)
        }
        Action::Stop { replica, node } => match nodes_of(seen, replica).any(|it| it == node) {
            true => Ok(()),
            false => Err(ReplayFault::RunsNot { replica: replica.clone(), node: node.clone() }),
        },
        Action::Start { replica, node } => start(rack, seen, replica, node),
        to_device!() => Ok(()),
    }
}

/// Does the step. A volume that is nowhere yet is made where its replica is first started.
pub(super) fn apply(rack: &Resolved, seen: &mut Observed, step: &Step) {
    seen.predict(rack, &step.action);
    let Action::Start { replica, node } = &step.action else { return };
    let Some(at) = rack.replica(replica) else { return };
    for volume in rack.local_volumes(at) {
        let volume = VolumeRef { replica: replica.clone(), name: volume.name };
        if !seen.bound.contains_key(&volume) {
            seen.bound.insert(volume.clone(), node.clone());
            seen.copies.entry(volume).or_default().insert(node.clone(), CopyState::Compared);
        }
    }
}

/// Says whether `step` has led to what it says.
pub(super) fn after(seen: &Observed, step: &Step) -> Result<(), ReplayFault> {
    match step.after.iter().find(|it| !it.holds(seen)) {
        Some(fact) => Err(ReplayFault::After(fact.clone())),
        None => Ok(()),
    }
}

/// What is copied, or compared with, has to be the copy in use, and another one than the target.
fn source(
    seen: &Observed,
    volume: &VolumeRef,
    from: &NodeId,
    to: &NodeId,
) -> Result<(), ReplayFault> {
    if from == to {
        return Err(ReplayFault::OntoItself { volume: volume.clone(), node: to.clone() });
    }
    let ready = Fact::Ready(from.clone());
    if !ready.holds(seen) {
        return Err(ReplayFault::Before(ready));
    }
    match seen.bound.get(volume) == Some(from) {
        true => Ok(()),
        false => Err(ReplayFault::NotThere { volume: volume.clone(), node: from.clone() }),
    }
}

fn at_rest(seen: &Observed, volume: &VolumeRef) -> Result<(), ReplayFault> {
    match nodes_of(seen, &volume.replica).next() {
        Some(node) => Err(ReplayFault::InUse { volume: volume.clone(), node: node.clone() }),
        None => Ok(()),
    }
}

fn copy(
    seen: &Observed,
    volume: &VolumeRef,
    node: &NodeId,
    wanted: CopyState,
) -> Result<(), ReplayFault> {
    let there = Fact::Holds { volume: volume.clone(), node: node.clone(), copy: wanted };
    match there.holds(seen) {
        true => Ok(()),
        false => Err(ReplayFault::WorseCopy { volume: volume.clone(), node: node.clone(), wanted }),
    }
}

fn start(
    rack: &Resolved,
    seen: &Observed,
    replica: &ReplicaRef,
    node: &NodeId,
) -> Result<(), ReplayFault> {
    let Some(at) = rack.replica(replica) else { return Ok(()) };
    if seen.member(node).is_some_and(|it| !it.schedulable) {
        return Err(ReplayFault::Closed { replica: replica.clone(), node: node.clone() });
    }
    let mut others = 0;
    let volumes = &rack.written(rack.replicas[at].workload).volumes;
    let alone = volumes.iter().any(crate::rack::Volume::one_node_at_a_time);
    for other in nodes_of(seen, replica) {
        others += 1;
        if other == node {
            return Err(ReplayFault::Runs { replica: replica.clone(), node: node.clone() });
        }
        if alone || others > 1 {
            return Err(ReplayFault::Twice { replica: replica.clone(), node: other.clone() });
        }
    }
    for volume in rack.local_volumes(at) {
        let volume = VolumeRef { replica: replica.clone(), name: volume.name };
        if seen.bound.get(&volume).is_some_and(|it| it != node) {
            return Err(ReplayFault::Unbound { volume, node: node.clone() });
        }
    }
    Ok(())
}
