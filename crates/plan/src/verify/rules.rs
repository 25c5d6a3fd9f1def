//! The rules of the rack file: where replicas may run, and how many of them have to.

use super::touch::Touches;
use super::{Place, Replay, Violation};
use crate::action::to_device;
use crate::rack::{HostPort, Topology};
use crate::{Action, Barrier, ReplicaRef, VolumeRef};
use rackberry_core::{NodeId, WorkloadId};
use std::collections::BTreeMap;
use std::fmt;

/// A rule of the rack file that is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleFault {
    /// A volume is moved although the policy says that none may be.
    StayingVolume {
        /// The volume.
        volume: VolumeRef,
    },
    /// A replica is started on a node that it may not run on.
    Barred {
        /// The replica.
        replica: ReplicaRef,
        /// The node.
        node: NodeId,
        /// What keeps it off.
        barrier: Barrier,
    },
    /// A port of the node is taken.
    Port {
        /// The replica.
        replica: ReplicaRef,
        /// The node.
        node: NodeId,
        /// The port.
        port: HostPort,
        /// Who has it.
        other: WorkloadId,
    },
    /// Two replicas that have to be apart would share a part of the rack.
    Apart {
        /// The replica that is started.
        replica: ReplicaRef,
        /// Where.
        node: NodeId,
        /// What they would share.
        topology: Topology,
    },
    /// Two workloads that have to be apart would share a node.
    ApartFrom {
        /// The replica that is started.
        replica: ReplicaRef,
        /// Where.
        node: NodeId,
        /// The workload that is there.
        other: WorkloadId,
    },
    /// A replica does not end beside the one that it has to be with.
    With {
        /// The replica.
        replica: ReplicaRef,
        /// What it has to share a node with.
        other: WorkloadId,
    },
    /// Replicas are spread less evenly than before the wave, and than they may be.
    Spread {
        /// The workload.
        workload: WorkloadId,
        /// How many more replicas one part has than another.
        skew: u32,
        /// How many it may have.
        allowed: u32,
    },
    /// Too few replicas run while the wave goes on.
    MinAvailable {
        /// The workload.
        workload: WorkloadId,
        /// How many run all the time.
        running: u32,
        /// How many have to.
        wanted: u32,
    },
    /// A replica is stopped to make room, and the policy does not say that it may be.
    MayNotStop {
        /// The replica.
        replica: ReplicaRef,
    },
    /// A replica runs on two nodes when the wave is over.
    StillTwice {
        /// The replica.
        replica: ReplicaRef,
    },
    /// A replica that ran does not run any more.
    Lost {
        /// The replica.
        replica: ReplicaRef,
    },
    /// A replica that did not run is neither started nor blocked.
    Forgotten {
        /// The replica.
        replica: ReplicaRef,
    },
}

impl fmt::Display for RuleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StayingVolume { volume } => {
                write!(f, "the policy does not let {volume} be moved")
            }
            Self::Barred { replica, node, barrier } => {
                write!(f, "{replica} may not run on {node}: {barrier}")
            }
            Self::Port { replica, node, port, other } => {
                write!(f, "{replica} takes port {port} of {node}, which {other} has")
            }
            Self::Apart { replica, node, topology } => {
                write!(f, "on {node}, {replica} would share its {topology} with another replica")
            }
            Self::ApartFrom { replica, node, other } => {
                write!(f, "on {node}, {replica} would meet {other}, which it has to be apart from")
            }
            Self::With { replica, other } => {
                write!(f, "{replica} is not beside {other}, which it has to be with")
            }
            Self::Spread { workload, skew, allowed } => write!(
                f,
                "one part has {skew} more replicas of {workload} than another, and may have {allowed}"
            ),
            Self::MinAvailable { workload, running, wanted } => {
                write!(f, "only {running} of {workload} would run all the time, not {wanted}")
            }
            Self::MayNotStop { replica } => {
                write!(f, "it leaves {replica} stopped, which the policy does not allow")
            }
            Self::StillTwice { replica } => write!(f, "it leaves {replica} running twice"),
            Self::Lost { replica } => write!(f, "{replica} ran before, and does not run"),
            Self::Forgotten { replica } => {
                write!(f, "{replica} is not started, and nothing says why")
            }
        }
    }
}

/// Checks a step by the rules, and takes for it what it will hold on its node until the wave is over.
pub(super) fn step(
    replay: &mut Replay<'_>,
    step: usize,
    replica: usize,
    restarted: bool,
    found: &mut Vec<Violation>,
) {
    match &replay.plan.steps[step].action {
        // It has its place there, and what it takes.
        Action::Start { .. } if restarted => {}
        Action::Start { replica: name, node } => {
            let Some(at) = replay.rack.node(node) else { return };
            let faults = start(replay, replica, name, at);
            found.extend(faults.into_iter().flatten().map(|it| Violation::at_step(step, it)));
            let workload = replay.rack.replicas[replica].workload;
            replay.room.take(step, workload, at, found);
            replay.spreads.join(workload, at, &replay.tenants);
            replay.tenants.join(replica, at);
        }
        Action::Bind { volume, to } => {
            let moves = replay.seen.bound.get(volume) != Some(to);
            if moves && !replay.rack.rack.policy.move_volumes {
                let fault = RuleFault::StayingVolume { volume: volume.clone() };
                found.push(Violation::at_step(step, fault));
            }
        }
        Action::CopyHot { .. } | Action::CopyCold { .. } => {}
        Action::Compare { .. } | Action::Stop { .. } => {}
        to_device!() => {}
    }
}

fn start(
    replay: &Replay<'_>,
    at: usize,
    replica: &ReplicaRef,
    node: usize,
) -> [Option<RuleFault>; 4] {
    let (rack, tenants) = (replay.rack, &replay.tenants);
    let workload = rack.replicas[at].workload;
    let (name, id) = (|| replica.clone(), || rack.nodes[node].id.clone());
    let other = |workload: usize| rack.workloads[workload].id.clone();
    let ran_here = rack.replicas[at].on == Some(node);
    let barrier = rack.barrier(workload, node).filter(|it| !(ran_here && it.lets_stay()));
    let port = tenants.taken_port(workload, node);
    [
        barrier.map(|barrier| RuleFault::Barred { replica: name(), node: id(), barrier }),
        port.map(|(port, it)| RuleFault::Port {
            replica: name(),
            node: id(),
            port,
            other: other(it),
        }),
        tenants.shared_part(at, node).map(|topology| RuleFault::Apart {
            replica: name(),
            node: id(),
            topology: topology.clone(),
        }),
        tenants.foe(workload, node).map(|it| RuleFault::ApartFrom {
            replica: name(),
            node: id(),
            other: other(it),
        }),
    ]
}

/// Checks what a wave does as a whole: who is interrupted, left stopped, or left running twice.
pub(super) fn wave(
    replay: &Replay<'_>,
    wave: usize,
    touches: &Touches,
    found: &mut Vec<Violation>,
) {
    let rack = replay.rack;
    let mut interrupted: BTreeMap<usize, u32> = BTreeMap::new();
    let mut report = |fault| found.push(Violation::new(Place::Wave(wave), fault));
    for (replica, touch) in touches.iter() {
        let workload = rack.replicas[replica].workload;
        if touch.interrupted {
            *interrupted.entry(workload).or_default() += 1;
        }
        let left_stopped = touch.before.is_some() && touch.after.is_none();
        if left_stopped && !replay.may_stop.contains(&rack.workloads[workload].id) {
            report(RuleFault::MayNotStop { replica: rack.replica_ref(replica) });
        }
        if touch.twice {
            report(RuleFault::StillTwice { replica: rack.replica_ref(replica) });
        }
    }
    for (workload, count) in interrupted {
        let before = replay.running[workload];
        let (running, wanted) =
            (before.saturating_sub(count), rack.written(workload).min_available);
        if running < wanted.min(before) {
            let workload = rack.workloads[workload].id.clone();
            report(RuleFault::MinAvailable { workload, running, wanted });
        }
    }
}
