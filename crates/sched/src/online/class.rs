use super::names::Name;
use super::node::Node;
use super::quick::QuickMap;

/// No domain: the node lacks the label.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// Nodes that are alike but for what they have room for.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    /// Labels, numbers, taints and whether it is cordoned; all else is left out.
    pub(crate) traits: Node,
    /// How many nodes are of this class.
    pub(crate) nodes: u32,
    /// Per topology that anybody asked about, the domain.
    pub(crate) domains: Vec<u32>,
}

/// All classes, and the topologies that anybody asked about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Classes {
    pub(crate) all: Vec<Class>,
    numbers: QuickMap<Node, u32>,
    topologies: Vec<Places>,
}

/// The places of a topology.
#[derive(Clone, Debug)]
struct Places {
    key: Name,
    domains: QuickMap<Name, u32>,
}

impl Places {
    fn domain(&mut self, node: &Node) -> u32 {
        let Some(value) = node.value(self.key) else { return NOWHERE };
        let next = self.domains.len() as u32;
        *self.domains.entry(value).or_insert(next)
    }
}

impl Classes {
    /// The class of a node, and whether it is new.
    pub(crate) fn class(&mut self, node: &Node) -> (u32, bool) {
        let traits = traits(node);
        if let Some(&class) = self.numbers.get(&traits) {
            return (class, false);
        }
        let number = self.all.len() as u32;
        let domains = self.topologies.iter_mut().map(|places| places.domain(&traits)).collect();
        self.numbers.insert(traits.clone(), number);
        self.all.push(Class { traits, nodes: 0, domains });
        (number, true)
    }

    /// The number of the topology of a label.
    pub(crate) fn topology(&mut self, key: Name) -> u32 {
        if let Some(at) = self.topologies.iter().position(|places| places.key == key) {
            return at as u32;
        }
        let mut places = Places { key, domains: QuickMap::default() };
        for class in &mut self.all {
            class.domains.push(places.domain(&class.traits));
        }
        self.topologies.push(places);
        self.topologies.len() as u32 - 1
    }

    /// The domain of a class in a topology.
    #[inline]
    pub(crate) fn domain(&self, class: u32, topology: u32) -> u32 {
        self.all[class as usize].domains[topology as usize]
    }
}

/// What decides the class of a node.
fn traits(node: &Node) -> Node {
    let mut it = node.clone();
    (it.allocatable, it.images, it.pods) = (Vec::new(), Vec::new(), 0);
    it.labels.sort_unstable();
    it.labels.dedup_by_key(|label| label.key);
    it.numbers.sort_unstable();
    it
}
