//! What is seen of a rack, and what an order does to it.

use crate::action::to_device;
use crate::predict;
use crate::{Action, CopyState, Feed, ReplicaRef, Resolved, VolumeRef};
use rackberry_core::{
    ClusterId, ClusterState, GuestState, Member, NodeId, NodeState, PoolId, Power, StorageState,
    SwitchId, SwitchState,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What could be seen, at one moment, of everything. What was not seen is absent, never guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Observed {
    /// The nodes that are ready members of their cluster.
    pub ready: BTreeSet<NodeId>,
    /// Where each replica runs; on two nodes while it is handed over.
    pub running: BTreeMap<ReplicaRef, BTreeSet<NodeId>>,
    /// The node whose copy of a local volume is in use.
    pub bound: BTreeMap<VolumeRef, NodeId>,
    /// The nodes that have a copy of a local volume, and how good it is.
    pub copies: BTreeMap<VolumeRef, BTreeMap<NodeId, CopyState>>,
    /// What machines say of themselves.
    pub nodes: BTreeMap<NodeId, NodeState>,
    /// The outlets of machines.
    pub power: BTreeMap<NodeId, Power>,
    /// What hypervisors say of their guests.
    pub guests: BTreeMap<NodeId, BTreeMap<NodeId, GuestState>>,
    /// What clusters say of themselves.
    pub clusters: BTreeMap<ClusterId, ClusterState>,
    /// What switches say of themselves.
    pub switches: BTreeMap<SwitchId, SwitchState>,
    /// What pools say of themselves.
    pub storage: BTreeMap<PoolId, StorageState>,
    /// Machines that were waited for in vain, and how: nothing is ordered of them, so that they hold nobody back.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub silent: BTreeMap<NodeId, String>,
}

impl Observed {
    /// What the file itself says: every node is ready, and replicas run where it says they do.
    pub fn from_file(rack: &Resolved) -> Self {
        let mut seen = Self::default();
        seen.ready.extend(rack.nodes.iter().map(|it| it.id.clone()));
        for (at, replica) in rack.replicas.iter().enumerate() {
            let Some(on) = replica.on else { continue };
            let node = &rack.nodes[on].id;
            let name = rack.replica_ref(at);
            for volume in rack.local_volumes(at) {
                let volume = VolumeRef { replica: name.clone(), name: volume.name };
                seen.bound.insert(volume.clone(), node.clone());
                seen.copies.entry(volume).or_default().insert(node.clone(), CopyState::Compared);
            }
            seen.running.entry(name).or_default().insert(node.clone());
        }
        seen
    }

    /// What is seen of a rack that was only just put together: switches as they leave their maker, machines
    /// without a system of their own. Those that no switch and no host feeds were switched on by hand, and wait
    /// for their configuration.
    pub fn bare(rack: &Resolved) -> Self {
        let mut seen = Self::default();
        for (at, switch) in rack.switches.iter().enumerate() {
            seen.switches.insert(switch.id.clone(), predict::bare_switch(rack, at));
        }
        // A cluster that has not begun reads as empty.
        let clusters = rack.rack.clusters.keys();
        seen.clusters.extend(clusters.map(|it| (it.clone(), ClusterState::default())));
        for node in &rack.nodes {
            match node.feed {
                Feed::Poe { .. } => drop(seen.power.insert(node.id.clone(), Power::Off)),
                Feed::Outlet(_) | Feed::Unknown => {
                    seen.nodes.insert(node.id.clone(), predict::fresh(rack, &node.id));
                }
                Feed::Host(_) => {}
            }
        }
        seen
    }

    /// A machine as its cluster sees it.
    pub fn member(&self, node: &NodeId) -> Option<&Member> {
        self.clusters.values().find_map(|it| it.members.get(node))
    }

    /// Takes in what a cluster says of itself: who is ready, what runs where, and which copies there are.
    pub fn see_cluster(&mut self, id: ClusterId, state: ClusterState) {
        for (node, member) in &state.members {
            if member.ready {
                self.ready.insert(node.clone());
            }
            let ready = member.pods.iter().filter(|it| it.ready);
            for replica in ready.filter_map(|it| it.replica.as_ref()) {
                self.running.entry(replica.clone()).or_default().insert(node.clone());
            }
        }
        for (volume, it) in &state.volumes {
            self.bound.extend(it.bound.iter().map(|node| (volume.clone(), node.clone())));
            self.copies.insert(volume.clone(), it.copies.clone());
        }
        self.clusters.insert(id, state);
    }

    /// Applies what `action` does when it succeeds.
    pub fn predict(&mut self, rack: &Resolved, action: &Action) {
        match action {
            Action::CopyHot { volume, to, .. } => self.improve(volume, to, CopyState::Hot),
            Action::CopyCold { volume, to, .. } => self.improve(volume, to, CopyState::Cold),
            Action::Compare { volume, to, .. } => self.improve(volume, to, CopyState::Compared),
            Action::Bind { volume, to } => {
                self.bound.insert(volume.clone(), to.clone());
            }
            Action::Start { replica, node } => {
                self.running.entry(replica.clone()).or_default().insert(node.clone());
                self.spoil_other_copies(replica, node);
            }
            Action::Stop { replica, node } => {
                if let Some(nodes) = self.running.get_mut(replica) {
                    nodes.remove(node);
                }
            }
            to_device!() => self.predict_device(rack, action),
        }
    }

    /// A running replica writes to the copy it is bound to, so every other copy falls behind.
    fn spoil_other_copies(&mut self, replica: &ReplicaRef, node: &NodeId) {
        let first = VolumeRef { replica: replica.clone(), name: String::new() };
        for (volume, copies) in self.copies.range_mut(first..) {
            if volume.replica != *replica {
                return;
            }
            let behind = copies.iter_mut().filter(|(it, _)| *it != node);
            behind.for_each(|(_, copy)| *copy = CopyState::Hot);
        }
    }

    fn improve(&mut self, volume: &VolumeRef, node: &NodeId, copy: CopyState) {
        let copies = self.copies.entry(volume.clone()).or_default();
        let known = copies.entry(node.clone()).or_insert(copy);
        *known = copy.max(*known);
    }
}
