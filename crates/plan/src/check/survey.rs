//! What several rules ask of a rack, worked out once.

use super::depend;
use super::graph::Graph;
use crate::rack::{Arch, Node, Toleration, Topology, Workload};
use crate::{Load, Resolved};
use rackberry_core::{ClusterId, NodeId};
use std::collections::BTreeMap;

/// A rack, and what several rules ask of it.
pub(super) struct Survey<'a> {
    /// The rack.
    pub rack: &'a Resolved,
    /// The workloads as they were written, by position.
    written: Vec<&'a Workload>,
    /// The nodes as they were written, by position.
    machines: Vec<&'a Node>,
    /// Which nodes each workload may run on.
    pub eligible: Eligible,
    /// The members of each cluster.
    pub members: BTreeMap<&'a ClusterId, Vec<usize>>,
    /// The workloads of each cluster.
    pub workloads: BTreeMap<&'a ClusterId, Vec<usize>>,
    /// The guests of each node that has some.
    pub guests: BTreeMap<usize, Vec<usize>>,
    /// What each node holds now.
    pub nodes: Vec<Holding>,
    /// Who needs whom.
    pub graph: Graph<'a>,
    /// What waits for itself when everything starts from nothing.
    pub circles: Vec<Vec<u32>>,
}

/// What a node holds now.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Holding {
    /// What the replicas on it use.
    pub uses: Load,
    /// What they request.
    pub request: Load,
    /// What those of them use that run on every node.
    pub every: Load,
    /// Whether any replica that is counted runs there.
    pub busy: bool,
}

/// Which nodes each workload may run on; kept once for all that ask for the same.
pub(super) struct Eligible {
    class: Vec<usize>,
    nodes: Vec<Vec<usize>>,
}

/// All that decides where a workload may run.
type Asks<'a> = (
    Option<&'a ClusterId>,
    &'a [NodeId],
    &'a [Arch],
    &'a BTreeMap<String, String>,
    &'a [Toleration],
    [Option<&'a Topology>; 2],
);

impl<'a> Survey<'a> {
    pub(super) fn new(rack: &'a Resolved) -> Self {
        let mut members: BTreeMap<_, Vec<usize>> =
            rack.rack.clusters.keys().map(|it| (it, Vec::new())).collect();
        let (mut workloads, mut guests) = (members.clone(), BTreeMap::new());
        for (at, node) in rack.nodes.iter().enumerate() {
            if let Some(cluster) = &node.cluster {
                members.entry(cluster).or_default().push(at);
            }
            if let Some(host) = node.host {
                guests.entry(host).or_insert_with(Vec::new).push(at);
            }
        }
        for (at, workload) in rack.workloads.iter().enumerate() {
            let Some(cluster) = &workload.cluster else { continue };
            workloads.entry(cluster).or_default().push(at);
        }
        let written: Vec<&Workload> = rack.rack.workloads.values().collect();
        let machines = rack.rack.nodes.values().collect();
        let eligible = Eligible::new(rack, &written, &members);
        let graph = Graph::new(rack, &members, &eligible);
        let (nodes, circles) = (holdings(rack), depend::circles(&graph));
        Self {
            rack,
            written,
            machines,
            eligible,
            members,
            workloads,
            guests,
            nodes,
            graph,
            circles,
        }
    }

    /// The memory and CPU in use on a node, its own system included.
    pub(super) fn in_use(&self, node: usize) -> Load {
        self.rack.nodes[node].own.plus(self.nodes[node].uses)
    }

    /// The workload as it was written, and its name.
    pub(super) fn written(&self, workload: usize) -> (&'a str, &'a Workload) {
        (self.rack.workloads[workload].id.as_str(), self.written[workload])
    }

    /// A node as it was written.
    pub(super) fn machine(&self, node: usize) -> &'a Node {
        self.machines[node]
    }

    /// The name of a replica: that of its workload, where it is the only one.
    pub(super) fn replica(&self, replica: usize) -> String {
        let workload = &self.rack.workloads[self.rack.replicas[replica].workload];
        match workload.replicas.len() {
            1 => workload.id.to_string(),
            _ => self.rack.replica_ref(replica).to_string(),
        }
    }

    /// The name of a node.
    pub(super) fn node(&self, node: usize) -> &'a str {
        self.rack.nodes[node].id.as_str()
    }

    /// Where replicas of a workload run now, each node as often as it has one.
    pub(super) fn places(&self, workload: usize) -> impl Iterator<Item = usize> + '_ {
        let it = &self.rack.workloads[workload];
        let counted = self.rack.replicas[it.replicas.clone()].iter().filter_map(|it| it.on);
        counted.chain(it.every.iter().copied())
    }
}

impl Eligible {
    fn new(
        rack: &Resolved,
        written: &[&Workload],
        members: &BTreeMap<&ClusterId, Vec<usize>>,
    ) -> Self {
        let mut known: BTreeMap<Asks, usize> = BTreeMap::new();
        let mut all = Self { class: Vec::with_capacity(rack.workloads.len()), nodes: Vec::new() };
        for (at, workload) in rack.workloads.iter().enumerate() {
            let it = written[at];
            let cluster = workload.cluster.as_ref();
            let parts = [it.apart.as_ref(), it.spread.as_ref().map(|it| &it.over)];
            let asks = (cluster, &*it.pin.0, &*it.arch.0, &it.selector, &*it.tolerations, parts);
            let class = *known.entry(asks).or_insert_with(|| {
                let mut candidates: Vec<usize> = match it.pin.as_ref() {
                    [] => cluster.and_then(|it| members.get(it)).cloned().unwrap_or_default(),
                    pins => pins.iter().filter_map(|it| rack.node(it)).collect(),
                };
                candidates.retain(|node| rack.barrier(at, *node).is_none());
                candidates.sort_unstable();
                candidates.dedup();
                all.nodes.push(candidates);
                all.nodes.len() - 1
            });
            all.class.push(class);
        }
        all
    }

    /// The nodes that a workload may run on, ascending.
    pub(super) fn of(&self, workload: usize) -> &[usize] {
        &self.nodes[self.class[workload]]
    }

    /// The set of nodes that a workload may run on, by its number in [`sets`](Self::sets).
    pub(super) fn set_of(&self, workload: usize) -> usize {
        self.class[workload]
    }

    /// All sets of nodes that some workload may run on.
    pub(super) fn sets(&self) -> &[Vec<usize>] {
        &self.nodes
    }
}

fn holdings(rack: &Resolved) -> Vec<Holding> {
    let mut all = vec![Holding::default(); rack.nodes.len()];
    for replica in &rack.replicas {
        let Some(node) = replica.on else { continue };
        let (it, workload) = (&mut all[node], &rack.workloads[replica.workload]);
        it.uses = it.uses.plus(workload.need);
        it.request = it.request.plus(workload.request);
        it.busy = true;
    }
    for workload in &rack.workloads {
        for node in &workload.every {
            let it = &mut all[*node];
            it.uses = it.uses.plus(workload.need);
            it.every = it.every.plus(workload.need);
            it.request = it.request.plus(workload.request);
        }
    }
    all
}
