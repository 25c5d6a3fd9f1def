use super::names::Name;
use super::node::Node;
use super::pod::{Pod, Port};
use super::quick::QuickMap;

/// No pod, or no class.
pub(crate) const NONE: u32 = u32::MAX;

/// The state of all nodes, in flat tables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Nodes {
    resources: usize,
    /// Per node its class; `NONE` where there is no node.
    pub(crate) class: Vec<u32>,
    /// Per node how many pods it has and how many it takes.
    pub(crate) pods: Vec<u32>,
    pub(crate) limit: Vec<u32>,
    /// Per node and resource: what there is, what is requested, what that counts for in scores.
    allocatable: Vec<u64>,
    requested: Vec<u64>,
    weighed: Vec<u64>,
    /// Per node the ports taken, the images, and the first of its pods.
    pub(crate) ports: Vec<Vec<Port>>,
    images: Vec<Vec<Name>>,
    pub(crate) first: Vec<u32>,
    /// How many nodes have an image.
    holders: QuickMap<Name, u32>,
    free: Vec<u32>,
    /// How many nodes there are.
    pub(crate) count: u32,
}

impl Nodes {
    pub(crate) fn new(resources: usize) -> Nodes {
        Nodes { resources, ..Nodes::default() }
    }

    /// How many numbers were ever given.
    pub(crate) fn len(&self) -> usize {
        self.class.len()
    }

    /// Whether there is a node of this number.
    pub(crate) fn is(&self, node: u32) -> bool {
        self.class.get(node as usize).is_some_and(|&class| class != NONE)
    }

    #[inline]
    pub(crate) fn allocatable(&self, node: u32) -> &[u64] {
        &self.allocatable[node as usize * self.resources..][..self.resources]
    }

    #[inline]
    pub(crate) fn requested(&self, node: u32) -> &[u64] {
        &self.requested[node as usize * self.resources..][..self.resources]
    }

    #[inline]
    pub(crate) fn weighed(&self, node: u32) -> &[u64] {
        &self.weighed[node as usize * self.resources..][..self.resources]
    }

    pub(crate) fn images(&self, node: u32) -> &[Name] {
        &self.images[node as usize]
    }

    /// How many nodes have an image.
    pub(crate) fn holders(&self, image: Name) -> u32 {
        self.holders.get(&image).copied().unwrap_or(0)
    }

    /// A number for a node without class.
    pub(crate) fn add(&mut self) -> u32 {
        self.count += 1;
        if let Some(node) = self.free.pop() {
            return node;
        }
        let cells = (self.len() + 1) * self.resources;
        self.class.push(NONE);
        [&mut self.pods, &mut self.limit].into_iter().for_each(|it| it.push(0));
        for rows in [&mut self.allocatable, &mut self.requested, &mut self.weighed] {
            rows.resize(cells, 0);
        }
        self.ports.push(Vec::new());
        self.images.push(Vec::new());
        self.first.push(NONE);
        self.len() as u32 - 1
    }

    /// Takes over what a node says of itself, but for its class.
    pub(crate) fn set(&mut self, node: u32, says: &Node) {
        let at = node as usize;
        self.limit[at] = says.pods;
        self.allocatable[at * self.resources..][..self.resources]
            .copy_from_slice(&says.allocatable);
        self.leave(node);
        self.images[at].extend_from_slice(&says.images);
        self.images[at].sort_unstable();
        self.images[at].dedup();
        for &image in &self.images[at] {
            *self.holders.entry(image).or_insert(0) += 1;
        }
    }

    /// Gives the number of a node without pods free.
    pub(crate) fn remove(&mut self, node: u32) {
        self.leave(node);
        self.class[node as usize] = NONE;
        self.free.push(node);
        self.count -= 1;
    }

    /// Forgets which images a node has.
    fn leave(&mut self, node: u32) {
        for image in self.images[node as usize].drain(..) {
            if let Some(holders) = self.holders.get_mut(&image) {
                *holders -= 1;
            }
        }
    }

    /// Whether the sums of a node hold one more pod.
    pub(crate) fn holds(&self, node: u32, pod: &Pod) -> bool {
        let fits = |(sum, add): (&u64, &u64)| sum.checked_add(*add).is_some();
        self.requested(node).iter().zip(&pod.requests).all(fits)
            && self.weighed(node).iter().zip(&pod.weighed).all(fits)
    }

    /// Adds what a pod takes.
    pub(crate) fn come(&mut self, node: u32, pod: &Pod) {
        let (at, start) = (node as usize, node as usize * self.resources);
        let add = |(sum, add): (&mut u64, &u64)| *sum += add;
        self.requested[start..].iter_mut().zip(&pod.requests).for_each(add);
        self.weighed[start..].iter_mut().zip(&pod.weighed).for_each(add);
        self.pods[at] += 1;
        self.ports[at].extend_from_slice(&pod.ports);
    }

    /// Subtracts what a pod takes.
    pub(crate) fn go(&mut self, node: u32, pod: &Pod) {
        let (at, start) = (node as usize, node as usize * self.resources);
        let subtract = |(sum, less): (&mut u64, &u64)| *sum -= less;
        self.requested[start..].iter_mut().zip(&pod.requests).for_each(subtract);
        self.weighed[start..].iter_mut().zip(&pod.weighed).for_each(subtract);
        self.pods[at] -= 1;
        for port in &pod.ports {
            if let Some(place) = self.ports[at].iter().position(|it| it == port) {
                self.ports[at].swap_remove(place);
            }
        }
    }
}
