use super::class::{Class, Classes, NOWHERE};
use super::matching::{admits, enters, selects};
use super::node::{Label, Toleration};
use super::pod::{NodeTerm, Pod, PodSelector, PodTerm};
use super::quick::QuickMap;

/// What a pod that runs holds against others or for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Bond {
    /// It must not be with them.
    Apart,
    /// It would rather be with them, by this much; or rather not, where negative.
    Pull(i64),
}

/// Which pods a counter counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Whom {
    /// Those that all of these find.
    Found(Vec<PodSelector>),
    /// Those that hold a bond to whatever the term finds, as often as they hold it.
    Holding(Bond, PodTerm),
}

/// Where a counter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Where {
    /// On each node.
    Node,
    /// In each domain of a topology.
    Topology(u32),
}

/// The nodes that a counter looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Admission {
    pub(crate) selector: Vec<Label>,
    pub(crate) affinity: Vec<NodeTerm>,
    /// Whose taints have to be tolerated, if anybody's.
    pub(crate) tolerations: Option<Vec<Toleration>>,
    /// Topologies that a node has to be in.
    pub(crate) within: Vec<u32>,
}

impl Admission {
    fn admits(&self, class: &Class) -> bool {
        let node = &class.traits;
        admits(node, &self.selector, &self.affinity)
            && self.tolerations.as_ref().is_none_or(|it| enters(node, it))
            && self.within.iter().all(|&it| class.domains[it as usize] != NOWHERE)
    }
}

/// What a counter is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Count {
    pub(crate) whom: Whom,
    pub(crate) place: Where,
    pub(crate) admission: Admission,
}

/// One place.
#[derive(Clone, Copy, Debug, Default)]
struct Domain {
    nodes: u32,
    pods: u32,
}

/// Counts pods per place.
#[derive(Clone, Debug)]
pub(crate) struct Counter {
    pub(crate) count: Count,
    /// Whether the nodes of a class are looked at.
    admitted: Vec<bool>,
    /// Per domain of the topology, if it is one.
    domains: Vec<Domain>,
    /// How many nodes have how many pods, if places are nodes.
    nodes: Vec<u32>,
    /// All pods that are counted.
    pub(crate) total: u64,
    /// Whether anybody asks for it.
    pub(crate) is_live: bool,
}

/// All counters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counters {
    pub(crate) all: Vec<Counter>,
    numbers: QuickMap<Count, u32>,
    /// Pods per counter and node, where places are nodes and there are any.
    on: QuickMap<u64, u32>,
    /// Numbers of counters that nobody asks for any more.
    free: Vec<u32>,
}

impl Counters {
    /// The number of a counter, and whether it is new and so has counted nothing.
    pub(crate) fn number(&mut self, count: Count, classes: &Classes) -> (u32, bool) {
        if let Some(&number) = self.numbers.get(&count) {
            return (number, false);
        }
        let counter = Counter::new(count.clone(), classes);
        let number = self.free.pop().unwrap_or(self.all.len() as u32);
        self.numbers.insert(count, number);
        match self.all.get_mut(number as usize) {
            Some(it) => *it = counter,
            None => self.all.push(counter),
        }
        (number, true)
    }

    /// Those that somebody asks for.
    pub(crate) fn live(&self) -> impl Iterator<Item = (u32, &Counter)> {
        (0u32..).zip(&self.all).filter(|(_, it)| it.is_live)
    }

    /// Forgets all that are not marked, and what they have counted.
    pub(crate) fn keep(&mut self, marked: &[bool]) {
        let mut any = false;
        for (number, it) in (0u32..).zip(&mut self.all) {
            if it.is_live && !marked.get(number as usize).copied().unwrap_or(false) {
                self.numbers.remove(&it.count);
                self.free.push(number);
                (it.is_live, it.total, any) = (false, 0, true);
                (it.admitted, it.domains, it.nodes) = (Vec::new(), Vec::new(), Vec::new());
            }
        }
        if any {
            let all = &self.all;
            self.on.retain(|key, _| all[(key >> 32) as usize].is_live);
        }
    }

    /// How many there are.
    pub(crate) fn held(&self) -> usize {
        self.numbers.len()
    }

    /// Takes note of a new class, which has no nodes yet.
    pub(crate) fn learn(&mut self, class: &Class) {
        for counter in self.all.iter_mut().filter(|it| it.is_live) {
            counter.admitted.push(counter.count.admission.admits(class));
        }
    }

    /// Takes note of a node that comes, or goes.
    pub(crate) fn node(&mut self, class: u32, classes: &Classes, comes: bool) {
        for counter in self.all.iter_mut().filter(|it| it.is_live && it.admitted[class as usize]) {
            counter.node(class, classes, comes, 1);
        }
    }

    /// Counts pods that come to a node.
    pub(crate) fn come(&mut self, counter: u32, node: u32, class: u32, classes: &Classes) {
        let it = &mut self.all[counter as usize];
        if !it.admitted[class as usize] {
            return;
        }
        match it.count.place {
            Where::Topology(topology) => it.pods(classes.domain(class, topology), true),
            Where::Node => {
                let count = self.on.entry(key(counter, node)).or_insert(0);
                *count += 1;
                it.shift(*count as usize - 1, *count as usize);
                it.total += 1;
            }
        }
    }

    /// Counts pods that leave a node.
    pub(crate) fn go(&mut self, counter: u32, node: u32, class: u32, classes: &Classes) {
        let it = &mut self.all[counter as usize];
        if !it.admitted[class as usize] {
            return;
        }
        match it.count.place {
            Where::Topology(topology) => it.pods(classes.domain(class, topology), false),
            Where::Node => {
                let Some(count) = self.on.get_mut(&key(counter, node)) else { return };
                *count -= 1;
                it.shift(*count as usize + 1, *count as usize);
                it.total -= 1;
                if *count == 0 {
                    self.on.remove(&key(counter, node));
                }
            }
        }
    }

    /// How many pods it has counted on a node.
    #[inline]
    pub(crate) fn on(&self, counter: u32, node: u32) -> u32 {
        self.on.get(&key(counter, node)).copied().unwrap_or(0)
    }

    /// How many pods it has counted in a domain.
    #[inline]
    pub(crate) fn within(&self, counter: u32, domain: u32) -> u32 {
        self.all[counter as usize].domains.get(domain as usize).map_or(0, |it| it.pods)
    }
}

impl Counter {
    fn new(count: Count, classes: &Classes) -> Counter {
        let admitted = classes.all.iter().map(|class| count.admission.admits(class)).collect();
        let (domains, nodes) = (Vec::new(), vec![0]);
        let mut it = Counter { count, admitted, domains, nodes, total: 0, is_live: true };
        for (at, class) in (0u32..).zip(&classes.all) {
            if it.admitted[at as usize] && class.nodes > 0 {
                it.node(at, classes, true, class.nodes);
            }
        }
        it
    }

    /// Whether it counts a pod for being found. Who holds a bond knows by itself.
    pub(crate) fn finds(&self, pod: &Pod) -> bool {
        match &self.count.whom {
            Whom::Found(selectors) => selectors.iter().all(|it| selects(it, pod)),
            Whom::Holding(..) => false,
        }
    }

    /// The fewest pods that a place has, and how many places there are.
    pub(crate) fn emptiest(&self) -> (u32, u32) {
        if self.count.place == Where::Node {
            let fewest = self.nodes.iter().position(|&nodes| nodes > 0).unwrap_or(0);
            return (fewest as u32, self.nodes.iter().sum());
        }
        let places = self.domains.iter().filter(|it| it.nodes > 0);
        places.fold((u32::MAX, 0), |(fewest, places), it| (fewest.min(it.pods), places + 1))
    }

    fn node(&mut self, class: u32, classes: &Classes, comes: bool, nodes: u32) {
        let entry = match self.count.place {
            Where::Node => &mut self.nodes[0],
            Where::Topology(topology) => {
                let domain = classes.domain(class, topology);
                if domain == NOWHERE {
                    return;
                }
                &mut self.domain(domain).nodes
            }
        };
        *entry = if comes { *entry + nodes } else { entry.saturating_sub(nodes) };
    }

    fn pods(&mut self, domain: u32, come: bool) {
        if domain == NOWHERE {
            return;
        }
        let entry = self.domain(domain);
        if come {
            entry.pods += 1;
            self.total += 1;
        } else {
            entry.pods -= 1;
            self.total -= 1;
        }
    }

    fn domain(&mut self, domain: u32) -> &mut Domain {
        if domain as usize >= self.domains.len() {
            self.domains.resize(domain as usize + 1, Domain::default());
        }
        &mut self.domains[domain as usize]
    }

    fn shift(&mut self, from: usize, to: usize) {
        if to >= self.nodes.len() {
            self.nodes.resize(to + 1, 0);
        }
        self.nodes[from] -= 1;
        self.nodes[to] += 1;
    }
}

fn key(counter: u32, node: u32) -> u64 {
    u64::from(counter) << 32 | u64::from(node)
}
