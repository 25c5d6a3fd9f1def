//! The steps that bring one replica to another node, in the order that loses nothing.

use crate::handover::{Handover, stops};
use crate::{Action, CopyState, Fact, Kept, LocalVolume, ReplicaRef, Resolved, Step, VolumeRef};
use rackberry_core::{Bytes, NodeId, Seconds};
use std::collections::{BTreeMap, BTreeSet};

/// All steps of a plan so far, and where they have brought every replica.
#[derive(Clone)]
pub(super) struct Chains<'a> {
    rack: &'a Resolved,
    pub(crate) steps: Vec<Step>,
    running: Vec<Option<usize>>,
    /// The node that has the local volumes of each replica.
    bound: Vec<Option<usize>>,
    /// Nodes that keep a copy of them all the same.
    left: BTreeMap<usize, BTreeSet<usize>>,
}

/// What one chain of steps costs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Done {
    pub(super) bytes: Bytes,
    pub(super) downtime: Seconds,
}

/// One replica on its way.
struct Trip {
    replica: ReplicaRef,
    volumes: Vec<VolumeRef>,
    /// Where it runs.
    from: Option<NodeId>,
    /// Where its volumes are, if they must be copied.
    source: Option<NodeId>,
    to: NodeId,
    handover: Handover,
}

impl<'a> Chains<'a> {
    pub(super) fn new(rack: &'a Resolved) -> Self {
        let running = rack.replicas.iter().map(|it| it.on).collect();
        let bound = rack.replicas.iter().map(|it| it.bound).collect();
        Self { rack, steps: Vec::new(), running, bound, left: BTreeMap::new() }
    }

    /// Notes a copy that was left behind before.
    pub(super) fn found(&mut self, replica: usize, node: usize) {
        self.left.entry(replica).or_default().insert(node);
    }

    pub(super) fn running(&self, replica: usize) -> Option<usize> {
        self.running[replica]
    }

    /// Whether a replica runs or has run before.
    pub(super) fn has_run(&self, replica: usize) -> bool {
        self.bound[replica].is_some()
    }

    /// Whether a replica that runs does not answer for a while if it is brought to `to`.
    pub(super) fn is_down_meanwhile(&self, replica: usize, to: Option<usize>) -> bool {
        let from = self.running[replica];
        from.is_some() && from != to && (to.is_none() || stops(self.rack, replica))
    }

    /// What has to be copied when a replica moves.
    pub(super) fn bytes(&self, replica: usize) -> Bytes {
        Handover::new(self.rack, replica, self.bound[replica], None).bytes
    }

    /// Stops a replica where it runs, and leaves its volumes there.
    pub(super) fn stop(&mut self, replica: usize) -> Done {
        let Some(from) = self.running[replica].take() else { return Done::default() };
        let node = self.rack.nodes[from].id.clone();
        let name = self.rack.replica_ref(replica);
        self.push(stop(&name, &node), Seconds(0), false);
        Done::default()
    }

    /// Brings a replica to a node, whether it runs elsewhere or not at all, and starts it there.
    pub(super) fn bring(&mut self, replica: usize, to: usize) -> Done {
        let source = self.bound[replica].filter(|it| *it != to);
        let handover = Handover::new(self.rack, replica, source, Some(to));
        let name = |node: usize| self.rack.nodes[node].id.clone();
        let own = self.rack.replica_ref(replica);
        let named = |it: LocalVolume| VolumeRef { replica: own.clone(), name: it.name };
        let trip = Trip {
            volumes: self.rack.local_volumes(replica).into_iter().map(named).collect(),
            from: self.running[replica].map(name),
            source: source.map(name),
            to: name(to),
            handover,
            replica: own.clone(),
        };
        self.walk(&trip);
        if let Some(source) = source.filter(|_| !trip.volumes.is_empty()) {
            self.left.entry(replica).or_default().insert(source);
        }
        let downtime = trip.from.as_ref().map_or(Seconds(0), |_| handover.downtime());
        self.running[replica] = Some(to);
        self.bound[replica] = Some(to);
        Done { bytes: handover.bytes, downtime }
    }

    /// Chooses the chain: with volumes to copy, with a stop before the start, or with both side by side.
    fn walk(&mut self, trip: &Trip) {
        let copies = trip.source.as_ref().filter(|_| !trip.volumes.is_empty());
        match (copies, &trip.from) {
            (Some(source), Some(from)) => {
                let first = self.copy_hot(trip, source, from);
                self.push(quiesce(trip, from), Seconds(0), first);
                self.copy_cold(trip, source, true);
                self.push(trip.start(), trip.handover.restart, true);
            }
            (Some(source), None) => {
                self.copy_cold(trip, source, false);
                self.push(trip.start(), trip.handover.restart, true);
            }
            (None, Some(from)) if trip.handover.stops => {
                self.push(stop(&trip.replica, from), Seconds(0), false);
                self.push(trip.start(), trip.handover.restart, true);
            }
            (None, Some(from)) => {
                self.push(trip.start(), trip.handover.restart, false);
                let mut last = stop(&trip.replica, from);
                let (replica, node) = (trip.replica.clone(), trip.to.clone());
                last.0.push(Fact::Running { replica, node });
                self.push(last, Seconds(0), true);
            }
            (None, None) => self.push(trip.start(), trip.handover.restart, false),
        }
    }

    /// Adds a step, after the one before it where `chained`.
    fn push(&mut self, (before, action, after): Parts, takes: Seconds, chained: bool) {
        let last = self.steps.len().checked_sub(1).filter(|_| chained);
        self.steps.push(Step { before, action, after, needs: last.into_iter().collect(), takes });
    }

    /// Copies every volume while the replica runs. Says whether there is a step to chain to.
    fn copy_hot(&mut self, trip: &Trip, source: &NodeId, from: &NodeId) -> bool {
        for (position, volume) in trip.volumes.iter().enumerate() {
            let running = Fact::Running { replica: trip.replica.clone(), node: from.clone() };
            let action = Action::CopyHot {
                volume: volume.clone(),
                from: source.clone(),
                to: trip.to.clone(),
            };
            let before = vec![running, Fact::Ready(source.clone()), Fact::Ready(trip.to.clone())];
            let takes = trip.part(trip.handover.hot);
            self.push(
                (before, action, vec![trip.holds(volume, CopyState::Hot)]),
                takes,
                position > 0,
            );
        }
        true
    }

    /// Brings every copy up to date while nobody writes, compares it, and binds it.
    fn copy_cold(&mut self, trip: &Trip, source: &NodeId, hot: bool) {
        let mut chained = hot;
        for volume in &trip.volumes {
            let (from, to) = (source.clone(), trip.to.clone());
            let quiet = Fact::Stopped { replica: trip.replica.clone(), node: source.clone() };
            let mut before = vec![Fact::Ready(source.clone()), quiet.clone()];
            before.extend(hot.then(|| trip.holds(volume, CopyState::Hot)));
            let cold =
                Action::CopyCold { volume: volume.clone(), from: from.clone(), to: to.clone() };
            let takes = if hot { trip.handover.cold } else { trip.handover.hot };
            let done = trip.holds(volume, CopyState::Cold);
            self.push((before, cold, vec![done.clone()]), trip.part(takes), chained);
            chained = true;

            let compare = Action::Compare { volume: volume.clone(), from, to: to.clone() };
            let same = trip.holds(volume, CopyState::Compared);
            let takes = trip.part(trip.handover.compare);
            self.push((vec![quiet, done], compare, vec![same.clone()]), takes, true);

            let bind = Action::Bind { volume: volume.clone(), to: to.clone() };
            let kept =
                Fact::Holds { volume: volume.clone(), node: source.clone(), copy: CopyState::Hot };
            let bound = Fact::Bound { volume: volume.clone(), node: to };
            self.push((vec![same], bind, vec![bound, kept]), Seconds(0), true);
        }
    }

    /// Every copy that is left behind.
    pub(super) fn kept(&self) -> Vec<Kept> {
        let mut kept = Vec::new();
        for (replica, nodes) in &self.left {
            let own = self.rack.replica_ref(*replica);
            for node in nodes.iter().filter(|it| self.bound[*replica] != Some(**it)) {
                for LocalVolume { name, bytes } in self.rack.local_volumes(*replica) {
                    let volume = VolumeRef { replica: own.clone(), name };
                    kept.push(Kept { volume, node: self.rack.nodes[*node].id.clone(), bytes });
                }
            }
        }
        kept.sort();
        kept
    }
}

/// Before, action, after.
type Parts = (Vec<Fact>, Action, Vec<Fact>);

fn stop(replica: &ReplicaRef, node: &NodeId) -> Parts {
    let (replica, node) = (replica.clone(), node.clone());
    let running = Fact::Running { replica: replica.clone(), node: node.clone() };
    let stopped = Fact::Stopped { replica: replica.clone(), node: node.clone() };
    (vec![running], Action::Stop { replica, node }, vec![stopped])
}

/// Stops a replica once the hot copies are there.
fn quiesce(trip: &Trip, from: &NodeId) -> Parts {
    let mut parts = stop(&trip.replica, from);
    parts.0.extend(trip.volumes.iter().map(|it| trip.holds(it, CopyState::Hot)));
    parts
}

impl Trip {
    fn start(&self) -> Parts {
        let (replica, node) = (self.replica.clone(), self.to.clone());
        let bound = |it: &VolumeRef| Fact::Bound { volume: it.clone(), node: self.to.clone() };
        let bound: Vec<Fact> = match (&self.from, &self.source) {
            (None, None) => Vec::new(),
            (_, _) => self.volumes.iter().map(bound).collect(),
        };
        let mut before = vec![Fact::Ready(node.clone())];
        before.extend(bound.iter().cloned());
        if let Some(from) = self.from.as_ref().filter(|_| self.handover.stops) {
            before.push(Fact::Stopped { replica: replica.clone(), node: from.clone() });
        }
        let mut after = vec![Fact::Running { replica: replica.clone(), node: node.clone() }];
        after.extend(bound);
        (before, Action::Start { replica, node }, after)
    }

    fn holds(&self, volume: &VolumeRef, copy: CopyState) -> Fact {
        Fact::Holds { volume: volume.clone(), node: self.to.clone(), copy }
    }

    /// The share of a time that falls to one of the volumes.
    fn part(&self, whole: Seconds) -> Seconds {
        Seconds(whole.0.div_ceil(self.volumes.len().max(1) as u64))
    }
}
