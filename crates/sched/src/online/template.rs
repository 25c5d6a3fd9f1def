use super::counter::Where;
use super::names::Name;
use super::node::{Label, Toleration};
use super::pod::{NodeTerm, Pod, Port};

/// Pods that ask for the same. It is valid for the cluster that gave it, until that forgets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TemplateId {
    pub(crate) slot: u32,
    pub(crate) turn: u32,
}

/// What is known of all pods that ask for the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Template {
    pub(crate) pod: Pod,
    /// Whether the caller did not say what its requests count for in scores.
    pub(crate) assumed: bool,
    /// What it asks of the room on a node; the same but for pods that must not be there, if that
    /// is all that it asks of pods there; what it asks of the kind of a node.
    pub(crate) shape: u32,
    pub(crate) loose: Option<u32>,
    pub(crate) wish: u32,
    /// What it asks of the places that a node is in.
    pub(crate) terms: Terms,
    /// The counters that count it, each as often as it does.
    pub(crate) counted: Vec<u32>,
    /// The counters of what it holds against others or for them.
    pub(crate) holds: Vec<u32>,
    /// How many pods of it there are.
    pub(crate) pods: u32,
    /// Whether it is there, and how many were before it under the same number.
    pub(crate) is_known: bool,
    pub(crate) turn: u32,
}

/// Where a term looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    /// At the node.
    Node,
    /// At its domain in one of the topologies of the shape.
    Domain(usize),
}

/// A count that decides or scores.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Term {
    pub(crate) counter: u32,
    pub(crate) at: At,
}

/// A spread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Even {
    pub(crate) term: Term,
    pub(crate) skew: u32,
    pub(crate) min_domains: u32,
    /// Whether the pod counts itself.
    pub(crate) own: bool,
}

/// What a template asks of the places that a node is in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    pub(crate) hard: Vec<Even>,
    pub(crate) soft: Vec<Even>,
    pub(crate) lenient: bool,
    pub(crate) near: Vec<Term>,
    /// Whether it satisfies its own `near`, where nobody else does.
    pub(crate) first: bool,
    pub(crate) apart: Vec<Term>,
    pub(crate) pulls: Vec<(Term, i64)>,
}

/// What a template asks of the kind of a node: its labels, its taints, where it is. It is the same
/// for all nodes of a class, whatever runs on them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Wish {
    pub(crate) selector: Vec<Label>,
    pub(crate) affinity: Vec<NodeTerm>,
    pub(crate) preferred: Vec<(u32, NodeTerm)>,
    pub(crate) tolerations: Vec<Toleration>,
    pub(crate) volumes: Vec<Vec<NodeTerm>>,
    /// Topologies that terms look at.
    pub(crate) topologies: Vec<u32>,
}

/// What a template asks of the room on a node: all that decides its score there by itself.
/// Templates that differ only in their labels or in the kinds of nodes that they want share one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Shape {
    pub(crate) requests: Vec<u64>,
    pub(crate) weighed: Vec<u64>,
    pub(crate) ports: Vec<Port>,
    pub(crate) images: Vec<Name>,
    /// Counters that terms look at on the node itself.
    pub(crate) hard: Option<u32>,
    pub(crate) soft: Option<u32>,
    pub(crate) near: Vec<u32>,
    pub(crate) apart: Vec<u32>,
    pub(crate) pulls: Vec<(u32, i64)>,
    /// The template, where scores of the caller may look at all of it.
    pub(crate) template: Option<u32>,
}

impl Wish {
    /// The wish of a template, of which `find` tells where a counter counts. Every term is told
    /// where to look.
    pub(crate) fn new(pod: &Pod, terms: &mut Terms, find: impl Fn(u32) -> Where) -> Wish {
        Wish {
            selector: pod.selector.clone(),
            affinity: pod.affinity.clone(),
            preferred: pod.preferred.clone(),
            tolerations: pod.tolerations.clone(),
            volumes: pod.volumes.clone(),
            topologies: terms.look(find),
        }
    }
}

impl Shape {
    /// The shape of a template whose terms know where to look.
    pub(crate) fn new(pod: &Pod, terms: &Terms) -> Shape {
        let mut shape = Shape {
            requests: pod.requests.clone(),
            weighed: pod.weighed.clone(),
            ports: pod.ports.clone(),
            images: pod.images.clone(),
            ..Shape::default()
        };
        shape.stay(terms);
        shape
    }

    /// The same without the pods that must not be there, if that is all that it counts.
    pub(crate) fn loose(&self) -> Option<Shape> {
        let loose = Shape { apart: Vec::new(), ..self.clone() };
        (!self.apart.is_empty() && !loose.counts()).then_some(loose)
    }

    /// Takes over the terms that look at the node itself.
    fn stay(&mut self, terms: &Terms) {
        let here = |term: &&Term| term.at == At::Node;
        let one = |all: &[Even]| all.iter().map(|it| &it.term).find(here).map(|it| it.counter);
        let all = |all: &[Term]| all.iter().filter(here).map(|it| it.counter).collect();
        (self.hard, self.soft) = (one(&terms.hard), one(&terms.soft));
        (self.near, self.apart) = (all(&terms.near), all(&terms.apart));
        let pulls = terms.pulls.iter().filter(|(term, _)| term.at == At::Node);
        self.pulls = pulls.map(|&(term, weight)| (term.counter, weight)).collect();
    }

    /// Whether it looks at any count on the node itself.
    #[inline]
    pub(crate) fn counts(&self) -> bool {
        self.hard.is_some()
            || self.soft.is_some()
            || !(self.near.is_empty() && self.apart.is_empty() && self.pulls.is_empty())
    }
}

impl Terms {
    /// Has every term look where its counter counts, and tells the topologies among these.
    fn look(&mut self, find: impl Fn(u32) -> Where) -> Vec<u32> {
        let mut topologies: Vec<u32> = Vec::new();
        self.each(|term| {
            if let Where::Topology(it) = find(term.counter) {
                topologies.push(it);
            }
        });
        topologies.sort_unstable();
        topologies.dedup();
        self.each(|term| {
            term.at = match find(term.counter) {
                Where::Node => At::Node,
                Where::Topology(it) => At::Domain(topologies.binary_search(&it).unwrap_or(0)),
            }
        });
        topologies
    }

    /// Visits all terms.
    pub(crate) fn each(&mut self, mut visit: impl FnMut(&mut Term)) {
        self.hard.iter_mut().chain(&mut self.soft).for_each(|it| visit(&mut it.term));
        self.near.iter_mut().chain(&mut self.apart).for_each(&mut visit);
        self.pulls.iter_mut().for_each(|(term, _)| visit(term));
    }
}
