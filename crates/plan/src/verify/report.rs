//! Whether the figures, the moves and the kept copies of a plan are what its steps come to.

use super::room::Room;
use super::touch::{Touch, Touches};
use super::{Place, Violation};
use crate::{Move, MoveKind, NodeMemory, Observed, Plan, ReplicaRef, Resolved, VolumeRef};
use rackberry_core::{Bytes, NodeId};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Something that a plan prints and does not do, or does and does not print.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReportFault {
    /// The figures of a node are wrong, or missing, or where none belong.
    Figures {
        /// The node.
        node: NodeId,
        /// What is printed.
        printed: Option<NodeMemory>,
        /// What has to be.
        right: Option<NodeMemory>,
    },
    /// A replica changes place and is not listed, or is listed more than once.
    Unlisted {
        /// The replica.
        replica: ReplicaRef,
    },
    /// A replica is listed with other nodes than it is moved between.
    Ends {
        /// The replica.
        replica: ReplicaRef,
        /// The node that the steps take it from.
        from: Option<NodeId>,
        /// The node that the steps take it to.
        to: Option<NodeId>,
    },
    /// A move is listed as another kind than it is.
    Kind {
        /// The replica.
        replica: ReplicaRef,
        /// What it is listed as.
        kind: MoveKind,
    },
    /// A move is listed with another size than is copied.
    Size {
        /// The replica.
        replica: ReplicaRef,
        /// What is copied.
        bytes: Bytes,
    },
    /// A copy is left behind and not listed.
    KeptUnlisted {
        /// The volume.
        volume: VolumeRef,
        /// The node that still has it.
        node: NodeId,
    },
    /// A copy is listed that is not left behind, or with a wrong size, or twice.
    KeptWrong {
        /// The volume.
        volume: VolumeRef,
        /// The node.
        node: NodeId,
    },
}

impl fmt::Display for ReportFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Figures { node, printed: Some(_), right: Some(right) } => write!(
                f,
                "the memory of {node} is {} used, {} at the peak, {} at the limit and {} usable, and it says otherwise",
                right.used, right.peak, right.limit, right.usable
            ),
            Self::Figures { node, printed: None, .. } => {
                write!(f, "it does not say what memory {node} uses")
            }
            Self::Figures { node, right: None, .. } => {
                write!(f, "it has figures for {node}, where nothing changes")
            }
            Self::Unlisted { replica } => {
                write!(f, "{replica} changes place, and is not listed exactly once")
            }
            Self::Ends { replica, from, to } => {
                let name =
                    |it: &Option<NodeId>| it.as_ref().map_or("nowhere".into(), NodeId::to_string);
                write!(
                    f,
                    "the steps take {replica} from {} to {}, and it says otherwise",
                    name(from),
                    name(to)
                )
            }
            Self::Kind { replica, kind } => {
                write!(f, "{replica} is listed as {}, which it is not", named(*kind))
            }
            Self::Size { replica, bytes } => {
                write!(f, "{bytes} of {replica} are copied, and it says otherwise")
            }
            Self::KeptUnlisted { volume, node } => {
                write!(f, "the copy of {volume} on {node} is left behind, and is not listed")
            }
            Self::KeptWrong { volume, node } => {
                write!(
                    f,
                    "the copy of {volume} on {node} is not left behind, or not with this size, or listed twice"
                )
            }
        }
    }
}

fn named(kind: MoveKind) -> &'static str {
    match kind {
        MoveKind::Start => "a first start",
        MoveKind::Move => "a move for good",
        MoveKind::ToTemporary => "a move to a temporary place",
        MoveKind::FromTemporary => "a move from a temporary place",
        MoveKind::Stop => "a stop",
        MoveKind::Resume => "a start after a stop",
        MoveKind::Restart => "a stop while its machine reboots",
    }
}

/// What was printed so far, as far as what comes later depends on it.
#[derive(Debug)]
pub(super) struct Report<'a> {
    plan: &'a Plan,
    rack: &'a Resolved,
    /// The last move of each replica, and its wave.
    last: BTreeMap<usize, (usize, MoveKind)>,
    /// Replicas that an order to a device has stopped: a pod that left its machine, a workload that was taken back.
    stopped: BTreeSet<ReplicaRef>,
}

impl<'a> Report<'a> {
    pub(super) fn new(plan: &'a Plan, rack: &'a Resolved) -> Self {
        Self { plan, rack, last: BTreeMap::new(), stopped: BTreeSet::new() }
    }

    /// Notes the replicas that an order to a device has stopped.
    pub(super) fn stopped(&mut self, replicas: impl Iterator<Item = ReplicaRef>) {
        self.stopped.extend(replicas);
    }

    /// Compares the figures before the first step.
    pub(super) fn before(&self, room: &Room<'_>, found: &mut Vec<Violation>) {
        let right = (0..self.rack.nodes.len()).map(|node| (node, room.figures(node))).collect();
        self.figures(Place::Memory, &self.plan.memory, &right, found);
    }

    /// Compares the figures and the moves of a wave.
    pub(super) fn wave(
        &mut self,
        wave: usize,
        right: &BTreeMap<usize, NodeMemory>,
        touches: &Touches,
        found: &mut Vec<Violation>,
    ) {
        let place = Place::Wave(wave);
        let printed = &self.plan.waves[wave];
        self.figures(place, &printed.memory, right, found);
        let mut listed: BTreeMap<usize, Vec<&Move>> = BTreeMap::new();
        for it in &printed.moves {
            let Some(replica) = self.rack.replica(&it.replica) else { continue };
            listed.entry(replica).or_default().push(it);
        }
        for (replica, touch) in touches.iter() {
            let listed = listed.remove(&replica).unwrap_or_default();
            let fault = self.listed(replica, touch, &listed);
            found.extend(fault.map(|it| Violation::new(place, it)));
            let moves = listed.first().filter(|it| it.kind != MoveKind::Restart);
            self.last.extend(moves.map(|it| (replica, (wave, it.kind))));
        }
        for replica in listed.into_keys() {
            let replica = self.rack.replica_ref(replica);
            let fault = ReportFault::Ends { replica, from: None, to: None };
            found.push(Violation::new(place, fault));
        }
    }

    /// Compares what is listed of one replica with what a wave does to it.
    fn listed(&self, replica: usize, touch: &Touch, listed: &[&Move]) -> Option<ReportFault> {
        let name = self.rack.replica_ref(replica);
        let id = |node: Option<usize>| node.map(|it| self.rack.nodes[it].id.clone());
        let (from, to) = (id(touch.before), id(touch.after));
        let it = match listed {
            _ if touch.twice => return None,
            [] if from == to && !touch.restarted => return None,
            [one] if from != to || touch.restarted => one,
            [_] => return Some(ReportFault::Ends { replica: name, from: None, to: None }),
            [] | [_, ..] => return Some(ReportFault::Unlisted { replica: name }),
        };
        if (&it.from, &it.to) != (&from, &to) {
            return Some(ReportFault::Ends { replica: name, from, to });
        }
        if it.bytes != touch.bytes {
            return Some(ReportFault::Size { replica: name, bytes: touch.bytes });
        }
        let right = self.is(replica, it);
        (!right).then_some(ReportFault::Kind { replica: name, kind: it.kind })
    }

    /// Whether a move is of the kind that it says, by where it leads and by what came before it.
    fn is(&self, replica: usize, it: &Move) -> bool {
        let last = self.last.get(&replica).map(|it| it.1);
        let away = last == Some(MoveKind::ToTemporary);
        let ran = self.rack.replicas[replica].on.is_some()
            || last.is_some()
            || self.stopped.contains(&it.replica);
        match (it.kind, &it.from, &it.to) {
            (MoveKind::Start, None, Some(_)) => !ran,
            (MoveKind::Resume, None, Some(_)) => ran,
            (MoveKind::Stop, Some(_), None) | (MoveKind::ToTemporary, Some(_), Some(_)) => true,
            (MoveKind::Move, Some(_), Some(_)) => !away,
            (MoveKind::FromTemporary, Some(_), Some(_)) => away,
            (MoveKind::Restart, Some(from), Some(to)) => from == to,
            (MoveKind::Restart, _, _) => false,
            (MoveKind::Start | MoveKind::Resume | MoveKind::Stop, _, _) => false,
            (MoveKind::Move | MoveKind::ToTemporary | MoveKind::FromTemporary, _, _) => false,
        }
    }

    fn figures(
        &self,
        place: Place,
        printed: &BTreeMap<NodeId, NodeMemory>,
        right: &BTreeMap<usize, NodeMemory>,
        found: &mut Vec<Violation>,
    ) {
        for (node, right) in right {
            let node = &self.rack.nodes[*node].id;
            let printed = printed.get(node).copied();
            if printed != Some(*right) {
                let (node, right) = (node.clone(), Some(*right));
                found.push(Violation::new(place, ReportFault::Figures { node, printed, right }));
            }
        }
        for (node, figures) in printed {
            if !self.rack.node(node).is_some_and(|it| right.contains_key(&it)) {
                let (node, printed, right) = (node.clone(), Some(*figures), None);
                found.push(Violation::new(place, ReportFault::Figures { node, printed, right }));
            }
        }
    }

    /// Compares the kept copies with what is left behind, and finds those who are left in a temporary place.
    pub(super) fn end(&self, seen: &Observed, found: &mut Vec<Violation>) {
        for (replica, (wave, kind)) in &self.last {
            if *kind == MoveKind::ToTemporary {
                let (replica, kind) = (self.rack.replica_ref(*replica), *kind);
                let fault = ReportFault::Kind { replica, kind };
                found.push(Violation::new(Place::Wave(*wave), fault));
            }
        }
        let mut left = self.left_behind(seen);
        for it in &self.plan.kept {
            if left.remove(&(&it.volume, &it.node)) != Some(it.bytes) {
                let (volume, node) = (it.volume.clone(), it.node.clone());
                let fault = ReportFault::KeptWrong { volume, node };
                found.push(Violation::new(Place::Kept, fault));
            }
        }
        for (volume, node) in left.into_keys() {
            let (volume, node) = (volume.clone(), node.clone());
            let fault = ReportFault::KeptUnlisted { volume, node };
            found.push(Violation::new(Place::Kept, fault));
        }
    }

    /// Every copy but the one in use.
    fn left_behind<'b>(&self, seen: &'b Observed) -> BTreeMap<(&'b VolumeRef, &'b NodeId), Bytes> {
        let mut left = BTreeMap::new();
        // What the file does not name is not counted.
        let named = |it: &VolumeRef| self.rack.replica(&it.replica).is_some();
        for (volume, copies) in seen.copies.iter().filter(|it| named(it.0)) {
            let bound = seen.bound.get(volume);
            let others = copies.keys().filter(|it| Some(*it) != bound);
            for node in others.filter(|it| self.rack.node(it).is_some()) {
                left.insert((volume, node), self.bytes(volume));
            }
        }
        left
    }

    fn bytes(&self, volume: &VolumeRef) -> Bytes {
        let Some(replica) = self.rack.replica(&volume.replica) else { return Bytes(0) };
        let volumes = self.rack.local_volumes(replica);
        volumes.iter().find(|it| it.name == volume.name).map(|it| it.bytes).unwrap_or_default()
    }
}
