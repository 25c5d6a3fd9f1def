use super::names::Name;
use super::node::{Label, Toleration};

/// A pod that runs, or that was placed to run.
///
/// It stays valid until the pod is removed, and means no other pod afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PodId {
    pub(crate) slot: u32,
    pub(crate) turn: u32,
}

/// What a pod asks for. Pods that ask for the same are of one template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pod {
    /// Where its name is from; selectors look there unless they say otherwise.
    pub namespace: Name,
    /// What selectors find it by, one value per key.
    pub labels: Vec<Label>,
    /// What it requests, per resource of the profile and in its units.
    pub requests: Vec<u64>,
    /// What its requests count for in scores, where that is not what the profile assumes: the
    /// assumption is for a pod of one container. Empty, or as long as `requests`.
    pub weighed: Vec<u64>,
    /// Labels that a node must have.
    pub selector: Vec<Label>,
    /// A node must match one of these, if there are any.
    pub affinity: Vec<NodeTerm>,
    /// Nodes that it would rather be on.
    pub preferred: Vec<(u32, NodeTerm)>,
    /// Taints that do not keep it away.
    pub tolerations: Vec<Toleration>,
    /// Ports of the node that it takes.
    pub ports: Vec<Port>,
    /// Per volume, the nodes that it can be reached from: one term of each has to match.
    pub volumes: Vec<Vec<NodeTerm>>,
    /// The image of each container, at most 64.
    pub images: Vec<Name>,
    /// How evenly it and its like are spread.
    pub spread: Vec<Spread>,
    /// Whether nodes that lack a topology of `spread` are scored all the same, as for the
    /// constraints that kube-scheduler itself adds.
    pub lenient: bool,
    /// Must run where all of these have a pod.
    pub near: Vec<PodTerm>,
    /// Must not run where one of these has a pod, nor may such pods come to it.
    pub apart: Vec<PodTerm>,
    /// Would rather run where these have pods.
    pub prefer_near: Vec<(u32, PodTerm)>,
    /// Would rather not run where these have pods.
    pub prefer_apart: Vec<(u32, PodTerm)>,
    /// Pods of lower priority may have to go for it.
    pub priority: i32,
    /// Waits instead of driving others away (`preemptionPolicy: Never`).
    pub patient: bool,
}

/// Requirements that a node meets all of. Without any it matches no node.
pub type NodeTerm = Vec<Requirement>;

/// What the labels of a node or a pod must be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Requirement {
    /// The key has one of the values.
    In(Name, Vec<Name>),
    /// The key has none of the values, or is not there.
    NotIn(Name, Vec<Name>),
    /// The key is there.
    Has(Name),
    /// The key is not there.
    Lacks(Name),
    /// The value is a number above this one. Only nodes have numbers.
    Above(Name, i64),
    /// The value is a number below this one. Only nodes have numbers.
    Below(Name, i64),
}

/// A port of the node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Port {
    /// Its number.
    pub number: u16,
    /// Such as TCP.
    pub protocol: Name,
    /// The address that it is taken on; all if there is none.
    pub address: Option<Name>,
}

impl Port {
    /// Whether only one pod of a node can have the two.
    pub fn clashes(&self, other: &Port) -> bool {
        let meet = |ours: Name| other.address.is_none_or(|theirs| theirs == ours);
        (self.number, self.protocol) == (other.number, other.protocol)
            && self.address.is_none_or(meet)
    }
}

/// What counts as one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topology {
    /// The node itself (`kubernetes.io/hostname`).
    #[default]
    Node,
    /// All nodes with the same value of a label; nodes without it are in no place.
    Label(Name),
}

/// Pods in the same place as others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PodTerm {
    /// What counts as the same place.
    pub topology: Topology,
    /// The others.
    pub pods: PodSelector,
}

/// Finds pods by their labels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PodSelector {
    /// Where to look; in the namespace of the pod that selects if there are none.
    pub namespaces: Vec<Name>,
    /// Looks in all namespaces.
    pub everywhere: bool,
    /// What their labels must be: all of it.
    pub all: Vec<Requirement>,
}

/// How evenly a pod and those that it counts are spread over places.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Spread {
    /// The places.
    pub topology: Topology,
    /// By how many pods a place may be ahead of the emptiest, from 1.
    pub skew: u32,
    /// What is counted, in the namespace of the pod: all of it must hold.
    pub all: Vec<Requirement>,
    /// Whether a node that breaks it is out of the question (`DoNotSchedule`), or only worse.
    pub hard: bool,
    /// Where there are fewer places than this, the emptiest counts as empty. For hard ones.
    pub min_domains: u32,
    /// Counts only nodes that the pod's own selector and affinity admit.
    pub honours_affinity: bool,
    /// Counts only nodes whose taints the pod tolerates.
    pub honours_taints: bool,
}

impl Default for Spread {
    fn default() -> Self {
        Spread {
            topology: Topology::Node,
            skew: 1,
            all: Vec::new(),
            hard: true,
            min_domains: 1,
            honours_affinity: true,
            honours_taints: false,
        }
    }
}

impl Spread {
    /// What kube-scheduler adds to a pod of a service, a replica set or the like that has no
    /// spread of its own: over nodes with skew 3, over zones with skew 5, both soft. Such a pod is
    /// [`lenient`](Pod::lenient).
    pub fn defaults(zone: Name, all: &[Requirement]) -> [Spread; 2] {
        let soft = |topology, skew| Spread {
            topology,
            skew,
            all: all.to_vec(),
            hard: false,
            ..Spread::default()
        };
        [soft(Topology::Node, 3), soft(Topology::Label(zone), 5)]
    }
}
