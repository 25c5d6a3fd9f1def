//! Clusters: who is a member, who is ready, and whether there are enough voters.

use super::install::{Config, Role};
use super::machine::Machine;
use super::pod::{Declared, Pod};
use super::room::Room;
use super::volume::Volume;
use crate::ClusterPlan;
use rackberry_core::{ClusterId, Marks, NodeId, ReplicaRef, VolumeRef, WorkloadId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A cluster as it is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
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
    /// How often it could not decide any more.
    pub(super) outages: usize,
    decided: bool,
    pub(super) stale: Stale,
    /// The voter whose side of a split the members have to be on.
    leader: Option<NodeId>,
    /// Whether somebody runs its configuration and is not the member that this one says: whoever joins may be what
    /// that one waits for.
    knocks: bool,
}

/// What may have to change in a cluster.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Stale {
    /// Whether nothing is sure any more of who is ready.
    pub(super) all: bool,
    /// The machines that changed.
    pub(super) nodes: BTreeSet<NodeId>,
    /// The machines whose pods may become ready, or not.
    pub(super) pods: BTreeSet<NodeId>,
    /// The replicas that may begin to write to their volumes, or cease to.
    pub(super) writers: BTreeSet<ReplicaRef>,
}

/// A member as it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
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
            outages: 0,
            decided: false,
            stale: Stale { all: true, ..Stale::default() },
            leader: None,
            knocks: false,
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

    fn count_voters(&mut self) {
        let (ready, decides) = (self.voters().1, self.decides());
        self.lowest_voters = Some(self.lowest_voters.map_or(ready, |lowest| lowest.min(ready)));
        self.outages += usize::from(self.decided && !decides);
        self.decided = decides;
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
            self.stale.pods.insert(node.clone());
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
            let Some(cluster) = self.clusters.get_mut(&id) else { continue };
            let all = std::mem::take(&mut cluster.stale.all);
            let nodes = std::mem::take(&mut cluster.stale.nodes);
            if all || self.concerns_others(&id, &nodes) {
                self.form(&id);
            } else {
                self.settle_members(&id, &nodes);
            }
        }
    }

    /// Whether others may be ready, or be let in, because these machines changed.
    fn concerns_others(&self, id: &ClusterId, nodes: &BTreeSet<NodeId>) -> bool {
        let Some(cluster) = self.clusters.get(id) else { return false };
        let votes = |it: &NodeId| {
            let config = self.machines.get(it).and_then(|it| it.config());
            config.is_some_and(|it| it.role == Role::ControlPlane)
                || cluster.members.get(it).is_some_and(|it| it.voter)
        };
        cluster.knocks || nodes.iter().any(votes)
    }

    fn form(&mut self, id: &ClusterId) {
        self.elect(id);
        let mine = |it: &&Machine| it.config().is_some_and(|it| it.cluster.as_ref() == Some(id));
        let candidates = self.machines.values().filter(mine).map(|it| it.plan.id.clone());
        let mut candidates: Vec<_> = candidates.collect();
        let Some(cluster) = self.clusters.get_mut(id) else { return };
        // The first machine goes first, since the others join what it has begun.
        candidates.sort_by_key(|it| cluster.plan.begun.as_ref() != Some(it));
        cluster.knocks = false;
        candidates.iter().for_each(|it| self.let_in(id, it));
        self.elect(id);
        if let Some(it) = self.clusters.get_mut(id) {
            it.count_voters();
        }
    }

    /// The same for a few machines, none of which votes or keeps another one out.
    fn settle_members(&mut self, id: &ClusterId, nodes: &BTreeSet<NodeId>) {
        nodes.iter().for_each(|it| self.find_ready(id, it));
        nodes.iter().for_each(|it| self.let_in(id, it));
        nodes.iter().for_each(|it| self.find_ready(id, it));
    }

    fn let_in(&mut self, id: &ClusterId, node: &NodeId) {
        let Some(cluster) = self.clusters.get_mut(id) else { return };
        let Some(machine) = self.machines.get(node) else { return };
        let Some(config) = machine.config().filter(|it| it.cluster.as_ref() == Some(id)) else {
            return;
        };
        let hears = |it: (&NodeId, &MemberRoom)| it.1.ready && self.wires.joins(it.0, node);
        if cluster.members.is_empty() || cluster.members.iter().any(hears) {
            cluster.admit(machine);
        }
        let is_in = cluster.members.get(node).is_some_and(|it| {
            it.installs == machine.installs && it.voter == (config.role == Role::ControlPlane)
        });
        cluster.knocks |= !is_in;
    }

    /// Finds who hears the largest part of the voters, and with that who is ready.
    fn elect(&mut self, id: &ClusterId) {
        let Some(cluster) = self.clusters.get(id) else { return };
        let voters = cluster.members.iter().filter(|it| it.1.voter).map(|it| it.0);
        let voters: Vec<_> = voters.filter(|it| self.runs_in(id, it)).collect();
        let heard = |by: &NodeId| voters.iter().filter(|it| self.wires.joins(by, it)).count();
        // The earliest of equal parts, so that the same room always has the same leader.
        let leader = voters.iter().rev().max_by_key(|it| heard(it)).map(|it| (*it).clone());
        let members: Vec<_> = cluster.members.keys().cloned().collect();
        let Some(cluster) = self.clusters.get_mut(id) else { return };
        cluster.leader = leader;
        members.iter().for_each(|it| self.find_ready(id, it));
    }

    /// Whether a member runs what it joined with.
    fn runs_in(&self, id: &ClusterId, node: &NodeId) -> bool {
        let member = self.clusters.get(id).and_then(|it| it.members.get(node));
        let machine =
            self.machines.get(node).filter(|it| Some(it.installs) == member.map(|it| it.installs));
        machine.and_then(Machine::config).is_some_and(|it| it.cluster.as_ref() == Some(id))
    }

    /// A member is ready where it runs what it joined with, and hears the leader.
    fn find_ready(&mut self, id: &ClusterId, node: &NodeId) {
        let runs = self.runs_in(id, node);
        let Some(cluster) = self.clusters.get_mut(id) else { return };
        let Some(member) = cluster.members.get_mut(node) else { return };
        let hears = |leader: &NodeId| self.wires.joins(leader, node);
        let ready = runs && cluster.leader.as_ref().is_some_and(hears);
        if ready != std::mem::replace(&mut member.ready, ready) {
            cluster.stale.pods.insert(node.clone());
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
