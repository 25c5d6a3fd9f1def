//! What survives, by what is seen.

use super::compare;
use super::loss::Lost;
use super::needed;
use super::report::{Machines, Members, Planned, PoolIs, Replicas, Report};
use rackberry::core::{ClusterId, Health, NodeId, PoolId};
use rackberry::plan::{Observed, Plan, Resolved, Violation};

/// A rack before and after a loss, and what would be done about it.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    pub(super) rack: &'a Resolved,
    pub(super) lost: &'a [Lost],
    pub(super) before: &'a Observed,
    pub(super) after: &'a Observed,
    pub(super) remedy: &'a Remedy,
}

/// What would be done about it.
#[derive(Debug)]
pub(super) struct Remedy {
    pub(super) plan: Plan,
    /// What would be seen when it is done, or why it must not be.
    pub(super) end: Result<Observed, Vec<Violation>>,
}

impl Judge<'_> {
    pub(super) fn report(&self) -> Report {
        let file = &self.rack.rack;
        let missing = needed::missing(self);
        let (predicted, differences) = compare::with_check(self);
        Report {
            rack: file.rack.clone(),
            lost: self.lost.iter().map(Lost::place).collect(),
            names: self.lost.iter().map(Lost::name).collect(),
            survives: missing.is_empty(),
            missing,
            machines: Machines { all: self.rack.nodes.len(), silent: self.silent() },
            clusters: self.clusters().map(|it| self.members(it)).collect(),
            replicas: self.replicas(),
            pools: self.pools().collect(),
            plan: self.planned(),
            predicted,
            differences,
        }
    }

    /// The machines that answered before and do not now.
    pub(super) fn silent(&self) -> Vec<NodeId> {
        let gone = |it: &&NodeId| !self.after.nodes.contains_key(*it);
        self.before.nodes.keys().filter(gone).cloned().collect()
    }

    /// The clusters that have members in this rack.
    pub(super) fn clusters(&self) -> impl Iterator<Item = &ClusterId> {
        self.rack.rack.clusters.keys().filter(|it| self.rack.members(it).next().is_some())
    }

    /// Whether a cluster decides.
    pub(super) fn decides(&self, cluster: &ClusterId) -> bool {
        self.members(cluster).decides
    }

    fn members(&self, cluster: &ClusterId) -> Members {
        let known = self.after.clusters.get(cluster);
        let members = || known.into_iter().flat_map(|it| &it.members);
        let voters = || members().filter(|it| it.1.voter);
        let ready_voters = voters().filter(|it| it.1.ready).count();
        let counted: Vec<usize> = self.rack.members(cluster).collect();
        let all = counted.iter().filter(|it| self.rack.votes(**it)).count();
        Members {
            cluster: cluster.clone(),
            decides: ready_voters * 2 > voters().count(),
            voters: if known.is_some() { voters().count() } else { all },
            ready_voters,
            not_ready: members().filter(|it| !it.1.ready).map(|it| it.0.clone()).collect(),
        }
    }

    fn replicas(&self) -> Replicas {
        let mut all = Replicas { all: self.rack.replicas.len(), ..Replicas::default() };
        for at in 0..self.rack.replicas.len() {
            let name = self.rack.replica_ref(at);
            let home = &self.rack.workloads[self.rack.replicas[at].workload].cluster;
            let answers = home.as_ref().is_none_or(|it| self.after.clusters.contains_key(it));
            match (self.after.running.contains_key(&name), answers) {
                (true, _) => all.running += 1,
                (false, true) => all.down.push(name.to_string()),
                (false, false) => all.out_of_reach.push(name.to_string()),
            }
        }
        all
    }

    /// How many replicas of a workload run, by what is seen.
    pub(super) fn running(&self, workload: usize, seen: &Observed) -> usize {
        let all = self.rack.workloads[workload].replicas.clone();
        all.filter(|it| seen.running.contains_key(&self.rack.replica_ref(*it))).count()
    }

    /// The fewest replicas of a workload with which it does its work.
    pub(super) fn fewest(&self, workload: usize) -> usize {
        let least = self.rack.written(workload).min_available.max(1);
        let all = self.rack.workloads[workload].replicas.len();
        usize::try_from(least).unwrap_or(usize::MAX).min(all)
    }

    /// The pools of machines of this rack.
    pub(super) fn pools(&self) -> impl Iterator<Item = (PoolId, PoolIs)> + '_ {
        let pools = self.rack.rack.pools.iter().filter(|it| it.1.node.is_some());
        pools.map(|(id, _)| (id.clone(), self.pool(id)))
    }

    fn pool(&self, id: &PoolId) -> PoolIs {
        let state = self.after.storage.get(id).and_then(|it| it.pool.as_ref());
        match state.map(|it| it.health) {
            None => PoolIs::OutOfReach,
            Some(Health::Online) => PoolIs::Whole,
            Some(Health::Degraded) => PoolIs::Degraded,
            Some(Health::Faulted) => PoolIs::Lost,
        }
    }

    fn planned(&self) -> Planned {
        let Remedy { plan, end } = self.remedy;
        let runbook = plan.runbook().to_string();
        let summary: Vec<&str> = runbook.lines().skip(2).take_while(|it| !it.is_empty()).collect();
        let down = |it: &usize| self.running(*it, self.after) < self.fewest(*it);
        let back = (0..self.rack.workloads.len()).filter(|it| down(it) && self.comes_back(*it));
        Planned {
            steps: plan.steps.len(),
            summary: summary.join(" "),
            back: back.map(|it| self.rack.workloads[it].id.clone()).collect(),
            unreached: plan.unreached.clone(),
            unset: plan.unset.clone(),
            blocked: plan.blocked.clone(),
            refused: end.as_ref().err().into_iter().flatten().map(ToString::to_string).collect(),
        }
    }

    /// Whether a workload does its work once the plan is done.
    pub(super) fn comes_back(&self, workload: usize) -> bool {
        let end = self.remedy.end.as_ref();
        end.is_ok_and(|it| self.running(workload, it) >= self.fewest(workload))
    }
}
