//! Clusters: one beginning, voters one at a time, then the others, and what the file says of their members.

use super::{BOOT, Bring};
use crate::planner::upgrade;
use crate::{Action, Fact, Step};
use rackberry_core::{ClusterId, Marks, Seconds, Stage};

impl Bring<'_> {
    /// Why a cluster is not begun although nothing is seen of it: it may have begun, and have too few voters left to say so.
    fn may_have_begun(&self, cluster: &ClusterId) -> Option<String> {
        let runs = |it: usize| {
            let state = self.seen.nodes.get(&self.rack.nodes[it].id);
            state.is_some_and(|it| it.stage == Stage::Running && it.config.is_some())
        };
        let unseen = !self.seen.clusters.contains_key(cluster);
        (unseen && self.rack.members(cluster).any(runs)).then(|| {
            format!("cluster {cluster} does not answer, and may have begun: bring its other voters back, it is not begun anew")
        })
    }

    /// Brings a cluster up: its first machine, the beginning, then who votes one at a time, then the others.
    pub(super) fn cluster(&mut self, id: &ClusterId) {
        if !self.clusters.insert(id.clone()) {
            return;
        }
        let (voters, others) = self.members(id);
        let Some((first, rest)) = voters.split_first() else { return };
        let mut last = self.begin(id, *first);
        if !self.joins(*first) {
            let first = &self.rack.nodes[*first].id;
            let why = match self.seen.clusters.contains_key(id) {
                true => format!("cluster {id} cannot begin before {first} answers"),
                false => format!("cluster {id} does not answer, and {first} neither"),
            };
            for node in rest.iter().chain(&others) {
                self.out.stuck.insert(self.rack.nodes[*node].id.clone(), why.clone());
                self.done.insert(*node, None);
            }
            return;
        }
        for node in rest {
            let needs: Vec<usize> = last.into_iter().collect();
            last = self.machine(*node, &needs).or(last);
        }
        let needs: Vec<usize> = last.into_iter().collect();
        for node in &others {
            self.machine(*node, &needs);
        }
        voters.iter().chain(&others).for_each(|node| self.mark(*node));
        self.declare(id, last);
    }

    /// Who votes, and who does not. The first machine of a cluster that has begun is one that is a member.
    fn members(&self, id: &ClusterId) -> (Vec<usize>, Vec<usize>) {
        let (mut voters, others): (Vec<usize>, Vec<usize>) =
            self.rack.members(id).partition(|it| self.rack.votes(*it));
        let ready = |it: &usize| Fact::Ready(self.rack.nodes[*it].id.clone()).holds(self.seen);
        voters.sort_by_key(|it| !ready(it));
        (voters, others)
    }

    fn begin(&mut self, cluster: &ClusterId, first: usize) -> Option<usize> {
        let configured = self.machine(first, &[]);
        let id = self.rack.nodes[first].id.clone();
        if self.out.stuck.contains_key(&id) {
            return configured;
        }
        if let Some(why) = self.may_have_begun(cluster) {
            self.out.stuck.insert(id, why);
            return None;
        }
        let config = self.rack.node_intent(first).digest();
        let before = vec![Fact::Configured { node: id.clone(), config }];
        let after = vec![Fact::Begun(cluster.clone()), Fact::Ready(id.clone())];
        let action = Action::Bootstrap { cluster: cluster.clone(), node: id };
        let needs = configured.into_iter().collect();
        if Fact::Begun(cluster.clone()).holds(self.seen) {
            return configured;
        }
        self.begun.insert(cluster.clone());
        let begun = self.push(Step { before, action, after, needs, takes: BOOT }).or(configured);
        self.joined.insert(first, begun);
        begun
    }

    /// Gives a member its labels, taints and cordon.
    fn mark(&mut self, node: usize) {
        let it = &self.rack.nodes[node];
        let (id, written) = (it.id.clone(), &self.rack.rack.nodes[&it.id]);
        if self.out.stuck.contains_key(&id) {
            return;
        }
        let joined = self.joined.get(&node).or_else(|| self.done.get(&node));
        let needs: Vec<usize> = joined.copied().flatten().into_iter().collect();
        let ready = vec![Fact::Ready(id.clone())];
        let marks =
            Marks { labels: written.labels.clone(), taints: it.taints.iter().cloned().collect() };
        if !marks.labels.is_empty() || !marks.taints.is_empty() {
            let after = vec![Fact::Labelled { node: id.clone(), marks: marks.clone() }];
            let action = Action::Label { node: id.clone(), marks };
            let (before, needs) = (ready.clone(), needs.clone());
            self.push(Step { before, action, after, needs, takes: Seconds(0) });
        }
        let open = self.seen.member(&id).is_none_or(|it| it.schedulable);
        // What is due for another version stays closed until it has that.
        let opens = !open && !upgrade::is_due(self.rack, self.seen, node);
        if it.cordoned || opens {
            let yes = !it.cordoned;
            let after = vec![Fact::Schedulable { node: id.clone(), yes }];
            let action = Action::SetSchedulable { node: id, yes };
            self.push(Step { before: ready, action, after, needs, takes: Seconds(0) });
        }
    }

    /// Declares the workloads of a cluster, once it has begun.
    fn declare(&mut self, id: &ClusterId, begun: Option<usize>) {
        for at in 0..self.rack.workloads.len() {
            if self.rack.workloads[at].cluster.as_ref() != Some(id) {
                continue;
            }
            let (workload, cluster) = (self.rack.workloads[at].id.clone(), id.clone());
            let manifest = self.rack.workload_intent(at).digest();
            let (w, c, m) = (workload.clone(), cluster.clone(), manifest.clone());
            let after = vec![Fact::Declared { workload: w, cluster: c, manifest: m }];
            let action = Action::Declare { workload, cluster: cluster.clone(), manifest };
            let (before, needs) = (vec![Fact::Begun(cluster)], begun.into_iter().collect());
            self.push(Step { before, action, after, needs, takes: Seconds(0) });
        }
    }
}
