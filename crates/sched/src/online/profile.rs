use super::node::{Label, NodeId, Taint};
use super::pod::Pod;
use std::fmt;

/// How nodes are compared: what is scored, and what each score weighs.
pub struct Profile {
    /// The resources that nodes and pods have rows of.
    pub resources: Vec<Resource>,
    /// What the share of a node that is requested is good for.
    pub fit: Fit,
    /// What each score weighs. What weighs nothing is not counted.
    pub weights: Weights,
    /// What a required affinity of a pod that runs weighs for a pod that it matches, beside the
    /// weights of the preferred ones.
    pub required_pull: u32,
    /// The taint that stands for a cordoned node: whoever tolerates it goes there all the same.
    pub cordon: Option<Taint>,
    /// Which of several best nodes is taken.
    pub ties: Ties,
    /// Scores of the caller's own, and what each weighs.
    pub scores: Vec<(u32, Box<dyn Score>)>,
    /// How much memory the index may take, in bytes. Templates that find no room in it are
    /// answered by the full scan.
    pub index_bytes: u64,
    /// How many templates are kept that no pod is of. Beyond that those go that were not asked for
    /// the longest.
    pub idle_templates: usize,
}

/// A resource, and how it is scored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resource {
    /// What it weighs among the others; 0 leaves it out of all scores.
    pub weight: u32,
    /// What a request of nothing counts for in [`Fit`], so that pods that say nothing are spread.
    pub assumed: u64,
    /// Scored only for pods that request it, as extended resources are.
    pub extended: bool,
}

/// What the share of a node that is requested is good for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// The emptier the better: load is spread.
    #[default]
    LeastAllocated,
    /// The fuller the better: nodes stay free.
    MostAllocated,
}

/// What each score weighs; the defaults are kube-scheduler's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// [`Fit`].
    pub fit: u32,
    /// Resources are used up evenly.
    pub balance: u32,
    /// Images are there already.
    pub images: u32,
    /// Few taints say rather not.
    pub taints: u32,
    /// Preferred node affinity.
    pub affinity: u32,
    /// Soft spreads.
    pub spread: u32,
    /// Preferred affinity between pods, both ways.
    pub pods: u32,
}

impl Default for Weights {
    fn default() -> Self {
        Weights { fit: 1, balance: 1, images: 1, taints: 3, affinity: 2, spread: 2, pods: 2 }
    }
}

/// Which of several best nodes is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ties {
    /// The one with the lowest number.
    #[default]
    Lowest,
    /// The first in an order that looks thrown and is the same for the same seed.
    Seeded(u64),
}

/// A score of the caller's own.
pub trait Score: Send + Sync {
    /// How good a node is for a pod, from 0 to 100; more counts as 100.
    fn points(&self, node: &NodeView<'_>, pod: &Pod) -> u32;

    /// What the answer depends on. Who depends on the node alone is indexed; who does not makes
    /// every placement a full scan.
    fn reach(&self) -> Reach;
}

/// What a [`Score`] depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing but what it is given: the answer changes only when the node does.
    Node,
    /// Anything: other nodes, other pods, the outside world.
    Anything,
}

/// A function scores by the node alone. One that looks at more has to be a type of its own.
impl<F: Fn(&NodeView<'_>, &Pod) -> u32 + Send + Sync> Score for F {
    fn points(&self, node: &NodeView<'_>, pod: &Pod) -> u32 {
        self(node, pod)
    }

    fn reach(&self) -> Reach {
        Reach::Node
    }
}

/// What a [`Score`] sees of a node.
#[derive(Clone, Copy, Debug)]
pub struct NodeView<'a> {
    /// Its number.
    pub node: NodeId,
    /// What can be requested, per resource.
    pub allocatable: &'a [u64],
    /// What is requested already, per resource, without the pod in question.
    pub requested: &'a [u64],
    /// How many pods it has, without the pod in question.
    pub pods: u32,
    /// Its labels, sorted.
    pub labels: &'a [Label],
}

impl Profile {
    /// The default profile of kube-scheduler: processors in thousandths and memory in bytes, of
    /// which a pod that requests none counts as a tenth of a processor and 200 MiB.
    pub fn kubernetes() -> Profile {
        let scored = |assumed| Resource { weight: 1, assumed, extended: false };
        Profile { resources: vec![scored(100), scored(200 << 20)], ..Profile::new() }
    }

    /// A profile without resources, to be filled in.
    pub fn new() -> Profile {
        Profile {
            resources: Vec::new(),
            fit: Fit::default(),
            weights: Weights::default(),
            required_pull: 1,
            cordon: None,
            ties: Ties::default(),
            scores: Vec::new(),
            index_bytes: 256 << 20,
            idle_templates: 1024,
        }
    }

    /// Whether a score looks at more than the node, so that nothing can be indexed.
    pub(crate) fn looks_around(&self) -> bool {
        self.scores.iter().any(|(_, score)| score.reach() == Reach::Anything)
    }
}

impl Default for Profile {
    fn default() -> Self {
        Profile::kubernetes()
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own: Vec<u32> = self.scores.iter().map(|(weight, _)| *weight).collect();
        f.debug_struct("Profile")
            .field("resources", &self.resources)
            .field("fit", &self.fit)
            .field("weights", &self.weights)
            .field("ties", &self.ties)
            .field("scores", &own)
            .finish_non_exhaustive()
    }
}
