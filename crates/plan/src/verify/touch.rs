//! What a wave does to each replica that it is about.

use crate::action::to_device;
use crate::{Action, Observed, Plan, ReplicaRef, Resolved, Step};
use rackberry_core::{Bytes, NodeId};
use std::collections::{BTreeMap, BTreeSet};

/// What a wave does to one replica. Nodes are positions.
#[derive(Debug, Default)]
pub(super) struct Touch {
    /// Where it runs before the wave.
    pub(super) before: Option<usize>,
    /// Where it runs after it.
    pub(super) after: Option<usize>,
    /// Where it is started.
    pub(super) started: Vec<usize>,
    /// Where it is stopped.
    pub(super) stopped: Vec<usize>,
    /// Whether it runs nowhere for a while, having run before.
    pub(super) interrupted: bool,
    /// Whether it is started where it was stopped.
    pub(super) restarted: bool,
    /// Whether it runs on more than one node after the wave.
    pub(super) twice: bool,
    /// What its volumes hold that are bound to another node.
    pub(super) bytes: Bytes,
}

impl Touch {
    /// Notes a start. Where it was stopped in the same wave, it takes what it had.
    fn start(&mut self, node: Option<usize>) {
        let Some(node) = node else { return };
        match self.stopped.iter().position(|it| *it == node) {
            Some(at) => {
                self.stopped.remove(at);
                self.restarted = true;
            }
            None => self.started.push(node),
        }
    }
}

/// The replicas that a wave is about, by position.
#[derive(Debug, Default)]
pub(super) struct Touches(BTreeMap<usize, Touch>);

impl Touches {
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Touch)> {
        self.0.iter().map(|(replica, touch)| (*replica, touch))
    }

    /// Notes what `action` is about to do.
    pub(super) fn step(
        &mut self,
        rack: &Resolved,
        seen: &Observed,
        replica: usize,
        action: &Action,
    ) {
        let touch = self
            .0
            .entry(replica)
            .or_insert_with(|| Touch { before: home(rack, seen, replica), ..Touch::default() });
        match action {
            Action::Start { node, .. } => touch.start(rack.node(node)),
            // One that runs twice takes its room where it is taken to be.
            Action::Stop { node, .. } => touch.stopped.extend(
                rack.node(node)
                    .filter(|it| touch.before == Some(*it) || touch.started.contains(it)),
            ),
            Action::Bind { volume, to } if seen.bound.get(volume) != Some(to) => {
                let volumes = rack.local_volumes(replica);
                let bound = volumes.iter().find(|it| it.name == volume.name);
                touch.bytes = touch.bytes.plus(bound.map(|it| it.bytes).unwrap_or_default());
            }
            Action::Bind { .. } => {}
            Action::CopyHot { .. } | Action::CopyCold { .. } | Action::Compare { .. } => {}
            to_device!() => {}
        }
    }

    /// Whether a replica was started again where it was stopped.
    pub(super) fn restarted(&self, replica: usize) -> bool {
        self.0.get(&replica).is_some_and(|it| it.restarted)
    }

    /// Notes what is seen once a step about `replica` is done.
    pub(super) fn applied(&mut self, rack: &Resolved, seen: &Observed, replica: &ReplicaRef) {
        let at = rack.replica(replica);
        let Some(touch) = at.and_then(|it| self.0.get_mut(&it)) else { return };
        let mut nodes = nodes_of(seen, replica);
        touch.after = nodes.next().and_then(|it| rack.node(it));
        touch.twice = nodes.next().is_some();
        touch.interrupted |= touch.before.is_some() && touch.after.is_none();
    }
}

/// Where a replica is taken to be: of several nodes, where it was at first, if it is there still.
fn home(rack: &Resolved, seen: &Observed, replica: usize) -> Option<usize> {
    let nodes: Vec<usize> =
        nodes_of(seen, &rack.replica_ref(replica)).filter_map(|it| rack.node(it)).collect();
    rack.replicas[replica].on.filter(|it| nodes.contains(it)).or(nodes.first().copied())
}

/// Takes a replica that runs on several nodes to be where the plan stops it last, or never.
pub(super) fn settle(rack: &mut Resolved, plan: &Plan, seen: &Observed) {
    for replica in 0..rack.replicas.len() {
        let name = rack.replica_ref(replica);
        let nodes: Vec<_> = nodes_of(seen, &name).filter(|it| rack.node(it).is_some()).collect();
        if nodes.len() < 2 || !rack.local_volumes(replica).is_empty() {
            continue;
        }
        let stopped = |node: &NodeId| {
            let stops = |it: &Step| matches!(&it.action, Action::Stop { replica, node: at } if *replica == name && at == node);
            plan.steps.iter().position(stops).unwrap_or(usize::MAX)
        };
        let home = nodes.into_iter().max_by_key(|it| stopped(it)).and_then(|it| rack.node(it));
        (rack.replicas[replica].on, rack.replicas[replica].bound) = (home, home);
    }
}

/// Where a replica runs.
pub(super) fn nodes_of<'a>(
    seen: &'a Observed,
    replica: &ReplicaRef,
) -> impl Iterator<Item = &'a NodeId> + use<'a> {
    seen.running.get(replica).into_iter().flat_map(BTreeSet::iter)
}
