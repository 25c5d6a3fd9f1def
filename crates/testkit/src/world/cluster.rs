//! Clusters: who is a member, who is ready, and whether there are enough voters.

use super::install::{Config, Role};
use super::machine::Machine;
use super::pod::{Declared, Pod};
use super::room::Room;
use super::volume::Volume;
use crate::ClusterPlan;
use rackberry_core::{ClusterId, Marks, NodeId, VolumeRef, WorkloadId};
use std::collections::BTreeMap;

/// A cluster as it is.
#[derive(Debug)]
pub(super) struct ClusterRoom {
    pub(super) plan: ClusterPlan,
    pub(super) uid: Option<String>,
    pub(super) members: BTreeMap<NodeId, MemberRoom>,
    /// Who was removed, and in which of its lives: only one that was installed anew may come back.
    pub(super) forgotten: BTreeMap<NodeId, u64>,
    pub(super) workloads: BTreeMap<WorkloadId, Declared>,
    pub(super) pods: Vec<Pod>,
    pub(super) volumes: BTreeMap<VolumeRef, Volume>,
    pub(super) bootstraps: usize,
    pub(super) lowest_voters: Option<usize>,
}

/// A member as it is.
#[derive(Clone, Debug)]
pub(super) struct MemberRoom {
    pub(super) voter: bool,
    pub(super) schedulable: bool,
    pub(super) marks: Marks,
    pub(super) ready: bool,
    installs: u64,
}

impl ClusterRoom {
    pub(super) fn new(plan: ClusterPlan) -> Self {
        let begun = plan.begun.is_some();
        let uid = begun.then(|| format!("{}-begun-before", plan.id));
        Self {
            plan,
            uid,
            members: BTreeMap::new(),
            forgotten: BTreeMap::new(),
            workloads: BTreeMap::new(),
            pods: Vec::new(),
            volumes: BTreeMap::new(),
            bootstraps: usize::from(begun),
            lowest_voters: None,
        }
    }

    /// How many members vote, and how many of these are ready.
    pub(super) fn voters(&self) -> (usize, usize) {
        let voters = self.members.values().filter(|it| it.voter);
        (voters.clone().count(), voters.filter(|it| it.ready).count())
    }

    /// Whether a majority of the voters is ready.
    pub(super) fn decides(&self) -> bool {
        let (all, ready) = self.voters();
        ready * 2 > all
    }

    /// Whether the cluster counts on the vote of `node`.
    pub(super) fn needs(&self, node: &NodeId) -> bool {
        self.uid.is_some() && self.members.get(node).is_some_and(|it| it.voter)
    }

    /// Whether a majority would be left without the vote of `node`.
    pub(super) fn can_spare(&self, node: &NodeId) -> bool {
        let Some(it) = self.members.get(node).filter(|it| it.voter) else { return true };
        let (all, ready) = self.voters();
        (ready - usize::from(it.ready)) * 2 > all - 1
    }

    /// Makes a machine a member if it may be one, with the vote that its configuration says.
    fn admit(&mut self, machine: &Machine) {
        let (node, installs) = (&machine.plan.id, machine.installs);
        let Some(config) = machine.config() else { return };
        let voter = config.role == Role::ControlPlane;
        let known = self.members.get_mut(node).filter(|it| it.installs == installs);
        if let Some(it) = known {
            it.voter = voter;
        } else if self.lets_in(node, config, installs) {
            self.members.insert(node.clone(), MemberRoom::new(voter, installs));
        }
    }

    fn lets_in(&self, node: &NodeId, config: &Config, installs: u64) -> bool {
        let first = self.plan.begun.as_ref() == Some(node) && self.members.is_empty();
        let ticket = config.ticket.as_ref() == Some(&self.plan.ticket) && self.decides();
        (first || ticket) && self.forgotten.get(node) != Some(&installs)
    }
}

impl Room {
    /// Lets every machine join that may, and finds who is ready.
    pub(super) fn form_clusters(&mut self) {
        let begun = self.clusters.values().filter(|it| it.uid.is_some());
        for id in begun.map(|it| it.plan.id.clone()).collect::<Vec<_>>() {
            self.find_ready(&id);
            self.let_in(&id);
            self.find_ready(&id);
            let Some(it) = self.clusters.get_mut(&id) else { continue };
            let ready = it.voters().1;
            it.lowest_voters = Some(it.lowest_voters.map_or(ready, |lowest| lowest.min(ready)));
        }
    }

    fn let_in(&mut self, id: &ClusterId) {
        let Some(cluster) = self.clusters.get_mut(id) else { return };
        let mine = |it: &&Machine| it.config().is_some_and(|it| it.cluster.as_ref() == Some(id));
        let mut candidates: Vec<_> = self.machines.values().filter(mine).collect();
        // The first machine goes first, since the others join what it has begun.
        candidates.sort_by_key(|it| cluster.plan.begun.as_ref() != Some(&it.plan.id));
        for machine in candidates {
            let node = &machine.plan.id;
            let hears = |it: (&NodeId, &MemberRoom)| it.1.ready && self.wires.joins(it.0, node);
            if cluster.members.is_empty() || cluster.members.iter().any(hears) {
                cluster.admit(machine);
            }
        }
    }

    /// A member is ready where it runs what it joined with, and hears the largest part of the voters.
    fn find_ready(&mut self, id: &ClusterId) {
        let Some(cluster) = self.clusters.get(id) else { return };
        let up = |(node, it): &(&NodeId, &MemberRoom)| {
            let machine = self.machines.get(*node);
            let config =
                machine.filter(|has| has.installs == it.installs).and_then(|it| it.config());
            config.is_some_and(|it| it.cluster.as_ref() == Some(id))
        };
        let up: Vec<_> = cluster.members.iter().filter(up).map(|it| it.0).collect();
        let voters = || up.iter().filter(|it| cluster.members[**it].voter);
        let heard = |by: &NodeId| voters().filter(|it| self.wires.joins(by, it)).count();
        // The earliest of equal parts, so that the same room always has the same leader.
        let leader = voters().rev().max_by_key(|it| heard(it)).map(|it| (*it).clone());
        let joins =
            |it: &NodeId| leader.as_ref().is_some_and(|leader| self.wires.joins(leader, it));
        let ready: Vec<NodeId> = up.into_iter().filter(|it| joins(it)).cloned().collect();
        let Some(cluster) = self.clusters.get_mut(id) else { return };
        for (node, it) in &mut cluster.members {
            it.ready = ready.contains(node);
        }
    }

    /// Whether the control plane of a cluster answers the controller.
    pub(super) fn cluster_answers(&self, id: &ClusterId) -> bool {
        let Some(cluster) = self.clusters.get(id) else { return false };
        if cluster.uid.is_none() {
            let mine =
                |it: &&Machine| it.config().is_some_and(|it| it.cluster.as_ref() == Some(id));
            return self.machines.values().filter(mine).any(|it| self.answers(&it.plan.id));
        }
        let asked = cluster.members.iter().filter(|it| it.1.voter && it.1.ready);
        cluster.decides() && asked.map(|it| it.0).any(|it| self.answers(it))
    }
}

impl MemberRoom {
    fn new(voter: bool, installs: u64) -> Self {
        Self { voter, schedulable: true, marks: Marks::default(), ready: true, installs }
    }
}
