//! Which nodes a workload may run on, whatever room there is.

use super::Resolved;
use crate::rack::{Arch, Effect, Taint, Topology};
use rackberry_core::{ClusterId, NodeId};
use std::fmt;

/// What keeps a workload off a node for good, whatever room there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Barrier {
    /// The node is not a member of the workload's cluster.
    OtherCluster(Option<ClusterId>),
    /// The workload is pinned elsewhere.
    Pinned(Vec<NodeId>),
    /// Its image is not built for the node's architecture.
    Arch(Arch),
    /// The node lacks a label that the workload selects.
    Label {
        /// The key.
        key: String,
        /// The value it must have.
        wanted: String,
        /// The value it has.
        has: Option<String>,
    },
    /// The node has a taint that the workload does not tolerate.
    Taint(Taint),
    /// The node has no label of this key, over which the workload is spread or kept apart.
    NoPart(String),
    /// The node is closed to new workloads.
    Cordoned,
}

impl Barrier {
    /// Whether a replica that runs there already may stay.
    pub fn lets_stay(&self) -> bool {
        match self {
            Self::Cordoned => true,
            Self::Taint(taint) => taint.effect == Effect::NoSchedule,
            Self::OtherCluster(_) | Self::Pinned(_) | Self::Arch(_) => false,
            Self::Label { .. } | Self::NoPart(_) => false,
        }
    }
}

impl Resolved {
    /// What keeps a workload off a node, both by position; the first there is.
    pub fn barrier(&self, workload: usize, node: usize) -> Option<Barrier> {
        let (want, it) = (self.written(workload), &self.nodes[node]);
        let cluster = &self.workloads[workload].cluster;
        if cluster.is_none() || *cluster != it.cluster {
            return Some(Barrier::OtherCluster(cluster.clone()));
        }
        if !want.pin.is_empty() && !want.pin.contains(&it.id) {
            return Some(Barrier::Pinned(want.pin.0.clone()));
        }
        if !want.arch.is_empty() && !want.arch.contains(&it.arch) {
            return Some(Barrier::Arch(it.arch));
        }
        let missing = want.selector.iter().find(|(key, value)| it.labels.get(*key) != Some(value));
        if let Some((key, wanted)) = missing {
            let has = it.labels.get(key).cloned();
            return Some(Barrier::Label { key: key.clone(), wanted: wanted.clone(), has });
        }
        let keeps_off = |taint: &&Taint| match taint.effect {
            Effect::NoSchedule | Effect::NoExecute => {
                !want.tolerations.iter().any(|it| it.tolerates(taint))
            }
            Effect::PreferNoSchedule => false,
        };
        if let Some(taint) = it.taints.iter().find(keeps_off) {
            return Some(Barrier::Taint(taint.clone()));
        }
        let over = want.spread.iter().map(|it| &it.over).chain(&want.apart);
        let labels = over.filter_map(|it| match it {
            Topology::Label(key) => Some(key),
            Topology::Node | Topology::Switch | Topology::Outlet | Topology::Host => None,
        });
        if let Some(key) = labels.into_iter().find(|key| !it.labels.contains_key(*key)) {
            return Some(Barrier::NoPart(key.clone()));
        }
        it.cordoned.then_some(Barrier::Cordoned)
    }

    /// What bars a workload from a node even where it runs there already.
    pub(crate) fn bars(&self, workload: usize, node: usize) -> Option<Barrier> {
        self.barrier(workload, node).filter(|it| !it.lets_stay())
    }
}

impl fmt::Display for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherCluster(Some(cluster)) => {
                write!(f, "it is not a member of cluster {cluster}")
            }
            Self::OtherCluster(None) => f.write_str("the workload names no cluster"),
            Self::Pinned(nodes) => {
                let names: Vec<_> = nodes.iter().map(NodeId::as_str).collect();
                write!(f, "the workload is pinned to {}", names.join(", "))
            }
            Self::Arch(arch) => write!(f, "the workload has no image for {arch}"),
            Self::Label { key, wanted, has: None } => {
                write!(f, "it has no label {key}, and the workload selects {key}={wanted}")
            }
            Self::Label { key, wanted, has: Some(has) } => {
                write!(f, "its label is {key}={has}, and the workload selects {key}={wanted}")
            }
            Self::Taint(taint) => write!(f, "its taint {taint} is not tolerated"),
            Self::NoPart(key) => {
                write!(f, "it has no label {key}, by which the workload is spread")
            }
            Self::Cordoned => f.write_str("it is cordoned"),
        }
    }
}
