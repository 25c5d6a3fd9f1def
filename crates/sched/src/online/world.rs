use super::class::Classes;
use super::counter::Counters;
use super::idle::Idle;
use super::invalid::Invalid;
use super::log::Log;
use super::names::Name;
use super::node::Node;
use super::nodes::{NONE, Nodes};
use super::pod::{Pod, PodId};
use super::pods::Pods;
use super::pool::Pool;
use super::quick::QuickMap;
use super::template::{Shape, Template, Wish};

/// The most of a resource that a node may have or a pod may request.
pub(crate) const LIMIT: u64 = 1 << 47;

/// What there is: nodes, the pods on them, and what is counted about them.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) nodes: Nodes,
    pub(crate) classes: Classes,
    pub(crate) counters: Counters,
    pub(crate) templates: Vec<Template>,
    pub(crate) shapes: Pool<Shape>,
    pub(crate) wishes: Pool<Wish>,
    /// Templates that no pod is of, and numbers of templates that were forgotten.
    pub(super) idle: Idle,
    pub(super) free: Vec<u32>,
    pub(crate) pods: Pods,
    pub(crate) log: Log,
    /// Bytes per image.
    pub(crate) images: QuickMap<Name, u64>,
    pub(super) template_numbers: QuickMap<Pod, u32>,
}

impl World {
    pub(crate) fn new(resources: usize) -> World {
        World { nodes: Nodes::new(resources), ..World::default() }
    }

    /// Whether there are more templates without pods than this, or shapes that no template has.
    pub(crate) fn is_crowded(&self, most: usize) -> bool {
        self.idle.len > most || self.shapes.held() > 4 * self.template_numbers.len() + most
    }

    /// How many templates, shapes, wishes and counters there are.
    pub(crate) fn kept(&self) -> usize {
        let kinds = self.shapes.held() + self.wishes.held();
        self.template_numbers.len() + kinds + self.counters.held()
    }

    pub(crate) fn add_node(&mut self, says: &Node) -> u32 {
        let class = self.class(says);
        let node = self.nodes.add();
        self.nodes.set(node, says);
        self.enter(node, class);
        node
    }

    /// Takes over what a node says of itself now; its pods stay.
    pub(crate) fn change_node(&mut self, node: u32, says: &Node) {
        let (was, class) = (self.nodes.class[node as usize], self.class(says));
        if was != class {
            self.count(node, false);
            self.leave(node);
        }
        self.nodes.set(node, says);
        if was != class {
            self.enter(node, class);
            self.count(node, true);
        }
        self.log.note(node);
    }

    /// Removes a node and its pods.
    pub(crate) fn remove_node(&mut self, node: u32) -> Vec<PodId> {
        let first = self.nodes.first[node as usize];
        let pods: Vec<PodId> = self.pods.list(first).map(|(pod, _)| pod).collect();
        for &pod in &pods {
            self.remove(pod);
        }
        self.leave(node);
        self.nodes.remove(node);
        self.log.note(node);
        pods
    }

    /// Puts a pod on a node, whether it fits or not.
    pub(crate) fn bind(&mut self, template: u32, node: u32) -> Result<PodId, Invalid> {
        if !self.nodes.holds(node, &self.templates[template as usize].pod) {
            return Err(Invalid::Overflow);
        }
        let pod = self.pods.add(template, node, &mut self.nodes.first[node as usize]);
        self.come(template, node);
        self.templates[template as usize].pods += 1;
        self.idle.take(template);
        self.log.note(node);
        Ok(pod)
    }

    /// Removes a pod that runs, and tells where it did.
    pub(crate) fn remove(&mut self, pod: PodId) -> Option<u32> {
        let (template, node) = self.pods.get(pod).map(|it| (it.template, it.node))?;
        self.go(template, node);
        self.pods.remove(pod, &mut self.nodes.first[node as usize]);
        self.templates[template as usize].pods -= 1;
        if self.templates[template as usize].pods == 0 {
            self.idle.put(template);
        }
        self.log.note(node);
        Some(node)
    }

    /// Has everything count a pod that comes.
    pub(crate) fn come(&mut self, template: u32, node: u32) {
        let class = self.nodes.class[node as usize];
        let template = &self.templates[template as usize];
        self.nodes.come(node, &template.pod);
        for &counter in &template.counted {
            self.counters.come(counter, node, class, &self.classes);
        }
    }

    /// Has everything forget a pod that goes.
    pub(crate) fn go(&mut self, template: u32, node: u32) {
        let class = self.nodes.class[node as usize];
        let template = &self.templates[template as usize];
        self.nodes.go(node, &template.pod);
        for &counter in &template.counted {
            self.counters.go(counter, node, class, &self.classes);
        }
    }

    fn class(&mut self, says: &Node) -> u32 {
        let (class, is_new) = self.classes.class(says);
        if is_new {
            self.counters.learn(&self.classes.all[class as usize]);
        }
        class
    }

    fn enter(&mut self, node: u32, class: u32) {
        self.nodes.class[node as usize] = class;
        self.classes.all[class as usize].nodes += 1;
        self.counters.node(class, &self.classes, true);
        self.log.note(node);
    }

    fn leave(&mut self, node: u32) {
        let class = std::mem::replace(&mut self.nodes.class[node as usize], NONE);
        self.classes.all[class as usize].nodes -= 1;
        self.counters.node(class, &self.classes, false);
    }

    /// Has all counters count the pods of a node, or forget them.
    fn count(&mut self, node: u32, come: bool) {
        let class = self.nodes.class[node as usize];
        for (_, pod) in self.pods.list(self.nodes.first[node as usize]) {
            for &counter in &self.templates[pod.template as usize].counted {
                if come {
                    self.counters.come(counter, node, class, &self.classes);
                } else {
                    self.counters.go(counter, node, class, &self.classes);
                }
            }
        }
    }
}
