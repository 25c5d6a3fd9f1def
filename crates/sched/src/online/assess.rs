//! The checker: says anew what every node is worth to a pod, without the code that decides, by
//! going through all nodes and all pods for every question. Shares of pods per place are the one
//! thing that it counts in floating point, as kube-scheduler does.

use super::{
    Cluster, Effect, Filter, Label, Name, Node, NodeId, NodeTerm, Pod, PodSelector, PodTerm,
    Points, Profile, Requirement, Spread, Topology,
};
use std::collections::BTreeMap;

mod points;

/// What there is, as the caller knows it.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// How nodes are compared.
    pub profile: &'a Profile,
    /// All nodes.
    pub nodes: &'a [(NodeId, Node)],
    /// All pods, and where they run.
    pub pods: &'a [(NodeId, Pod)],
    /// Images and their sizes in bytes.
    pub images: &'a [(Name, u64)],
}

/// What a node is worth to a pod, or the filter that turns it away.
pub type Verdict = Result<Points, Filter>;

/// What every node is worth to a pod, in the order of the nodes.
///
/// This is a check on what a [`Cluster`](super::Cluster) answers, and shares no code with it. It
/// takes time in proportion to nodes times pods.
pub fn assess(scene: Scene<'_>, pod: &Pod) -> Vec<(NodeId, Verdict)> {
    let question = Question::new(scene, pod);
    let passed: Vec<Result<(), Filter>> =
        scene.nodes.iter().map(|it| question.filter(it)).collect();
    let feasible: Vec<&(NodeId, Node)> =
        scene.nodes.iter().zip(&passed).filter(|it| it.1.is_ok()).map(|it| it.0).collect();
    let points = question.points(&feasible);
    let verdict = |(it, passed): (&(NodeId, Node), &Result<(), Filter>)| {
        (it.0, passed.map(|()| Points(points.get(&it.0).copied().unwrap_or(0) as i64)))
    };
    scene.nodes.iter().zip(&passed).map(verdict).collect()
}

type Numbered = (NodeId, Node);

struct Question<'a> {
    scene: Scene<'a>,
    pod: &'a Pod,
    nodes: BTreeMap<NodeId, &'a Numbered>,
    pods: BTreeMap<NodeId, Vec<&'a Pod>>,
    /// Per spread of the pod, pods per place.
    tallies: Vec<BTreeMap<u64, u32>>,
}

fn get(labels: &[Label], key: Name) -> Option<Name> {
    labels.iter().filter(|it| it.key == key).map(|it| it.value).min()
}

fn satisfied(labels: &[Label], numbers: &[(Name, i64)], it: &Requirement) -> bool {
    let find = |key: &Name| numbers.iter().find(|it| it.0 == *key);
    match it {
        Requirement::In(key, any) => any.iter().any(|it| get(labels, *key) == Some(*it)),
        Requirement::NotIn(key, none) => none.iter().all(|it| get(labels, *key) != Some(*it)),
        Requirement::Has(key) => labels.iter().any(|it| it.key == *key),
        Requirement::Lacks(key) => labels.iter().all(|it| it.key != *key),
        Requirement::Above(key, than) => matches!(find(key), Some((_, it)) if it > than),
        Requirement::Below(key, than) => matches!(find(key), Some((_, it)) if it < than),
    }
}

/// An amount of a row; no row and no amount is more than a cluster would take.
fn amount(row: &[u64], at: usize) -> i128 {
    row.get(at).copied().unwrap_or(0).min(Cluster::LIMIT).into()
}

fn in_term(node: &Node, term: &NodeTerm) -> bool {
    let all = term.iter().all(|it| satisfied(&node.labels, &node.numbers, it));
    all && !term.is_empty()
}

fn found(selector: &PodSelector, of: Name, pod: &Pod) -> bool {
    let own = selector.namespaces.is_empty() && of == pod.namespace;
    let there = selector.everywhere || own || selector.namespaces.contains(&pod.namespace);
    there && selector.all.iter().all(|it| satisfied(&pod.labels, &[], it))
}

/// The place of a node, if it has one.
fn place((number, node): &Numbered, topology: Topology) -> Option<u64> {
    match topology {
        Topology::Node => Some(u64::from(number.0)),
        Topology::Label(key) => get(&node.labels, key).map(|it| u64::from(it.0)),
    }
}

impl<'a> Question<'a> {
    fn new(scene: Scene<'a>, pod: &'a Pod) -> Question<'a> {
        let nodes = scene.nodes.iter().map(|it| (it.0, it)).collect();
        let mut pods: BTreeMap<NodeId, Vec<&Pod>> = BTreeMap::new();
        for (node, pod) in scene.pods {
            pods.entry(*node).or_default().push(pod);
        }
        let mut it = Question { scene, pod, nodes, pods, tallies: Vec::new() };
        it.tallies = pod.spread.iter().map(|spread| it.tally_all(spread)).collect();
        it
    }

    fn node(&self, number: NodeId) -> Option<&'a Numbered> {
        self.nodes.get(&number).copied()
    }

    fn on(&self, node: NodeId) -> impl Iterator<Item = &'a Pod> {
        self.pods.get(&node).into_iter().flatten().copied()
    }

    /// Pods per place, as the filter or the score of the spread counts them.
    fn tally_all(&self, spread: &Spread) -> BTreeMap<u64, u32> {
        let alike = self.pod.spread.iter().filter(|it| it.hard == spread.hard);
        let alike: Vec<&Spread> = alike.collect();
        let within: &[&Spread] = if !spread.hard && self.pod.lenient { &[] } else { &alike };
        if spread.hard || spread.topology != Topology::Node {
            return self.tally(spread, within);
        }
        let all = Spread { honours_affinity: false, honours_taints: false, ..spread.clone() };
        self.tally(&all, &[])
    }

    fn accepts(&self, taint: &super::Taint) -> bool {
        self.pod.tolerations.iter().any(|it| {
            (it.effect.is_none() || it.effect == Some(taint.effect))
                && (it.key.is_none() || it.key == Some(taint.key))
                && (it.value.is_none() || it.value == Some(taint.value))
        })
    }

    fn may_enter(&self, node: &Node) -> bool {
        let mut taints = node.taints.iter();
        taints.all(|it| it.effect == Effect::PreferNoSchedule || self.accepts(it))
    }

    fn is_wanted(&self, node: &Node) -> bool {
        let selected =
            self.pod.selector.iter().all(|it| get(&node.labels, it.key) == Some(it.value));
        selected
            && (self.pod.affinity.is_empty()
                || self.pod.affinity.iter().any(|it| in_term(node, it)))
    }

    fn filter(&self, it: &Numbered) -> Result<(), Filter> {
        let node = &it.1;
        let ask = |passes: bool, filter| if passes { Ok(()) } else { Err(filter) };
        let cordon = self.scene.profile.cordon.is_some_and(|it| self.accepts(&it));
        ask(!node.cordoned || cordon, Filter::Cordon)?;
        ask(self.may_enter(node), Filter::Taint)?;
        ask(self.is_wanted(node), Filter::Affinity)?;
        ask(self.ports_are_free(it.0), Filter::Ports)?;
        ask((self.on(it.0).count() as u64) < u64::from(node.pods), Filter::Pods)?;
        ask(self.has_room(it), Filter::Resources)?;
        let reach = |volume: &Vec<NodeTerm>| volume.iter().any(|term| in_term(node, term));
        ask(self.pod.volumes.iter().all(reach), Filter::Volumes)?;
        let mut hard = self.pod.spread.iter().zip(&self.tallies).filter(|it| it.0.hard);
        ask(hard.all(|(spread, tally)| self.stays_even(it, spread, tally)), Filter::Spread)?;
        ask(self.is_in_company(it) && self.is_unopposed(it), Filter::PodAffinity)
    }

    fn ports_are_free(&self, node: NodeId) -> bool {
        let taken: Vec<_> = self.on(node).flat_map(|it| &it.ports).collect();
        self.pod.ports.iter().all(|port| {
            taken.iter().all(|it| {
                let other = (it.number, it.protocol) != (port.number, port.protocol);
                let apart = matches!((it.address, port.address), (Some(a), Some(b)) if a != b);
                other || apart
            })
        })
    }

    fn has_room(&self, (number, node): &Numbered) -> bool {
        self.pod.requests.iter().enumerate().all(|(at, &more)| {
            let gone: i128 = self.on(*number).map(|it| amount(&it.requests, at)).sum();
            more == 0 || gone + i128::from(more) <= amount(&node.allocatable, at)
        })
    }

    /// Pods per place that a spread counts, for all places there are.
    fn tally(&self, spread: &Spread, with: &[&Spread]) -> BTreeMap<u64, u32> {
        let selector = PodSelector { all: spread.all.clone(), ..PodSelector::default() };
        let mut tally = BTreeMap::new();
        for it in self.scene.nodes {
            let admitted = (!spread.honours_affinity || self.is_wanted(&it.1))
                && (!spread.honours_taints || self.may_enter(&it.1))
                && with.iter().all(|other| place(it, other.topology).is_some());
            if let Some(place) = place(it, spread.topology).filter(|_| admitted) {
                let pods = self.on(it.0).filter(|it| found(&selector, self.pod.namespace, it));
                *tally.entry(place).or_insert(0) += pods.count() as u32;
            }
        }
        tally
    }

    fn stays_even(&self, it: &Numbered, spread: &Spread, tally: &BTreeMap<u64, u32>) -> bool {
        let Some(place) = place(it, spread.topology) else { return false };
        let enough = tally.len() >= spread.min_domains.max(1) as usize;
        let fewest = tally.values().min().copied().filter(|_| enough).unwrap_or(0);
        let own = spread.all.iter().all(|it| satisfied(&self.pod.labels, &[], it));
        let pods = tally.get(&place).copied().unwrap_or(0);
        i64::from(pods) + i64::from(own) - i64::from(fewest) <= i64::from(spread.skew)
    }

    /// Whether two nodes are in the same place.
    fn together(&self, a: &Numbered, b: NodeId, topology: Topology) -> bool {
        let other = self.node(b).and_then(|it| place(it, topology));
        other.is_some() && other == place(a, topology)
    }

    fn is_in_company(&self, it: &Numbered) -> bool {
        let (near, namespace) = (&self.pod.near, self.pod.namespace);
        let all = |pod: &Pod| near.iter().all(|term| found(&term.pods, namespace, pod));
        let placed = near.iter().all(|term| place(it, term.topology).is_some());
        let others: Vec<_> = self.scene.pods.iter().filter(|it| all(&it.1)).collect();
        let has_place = |node: NodeId, term: &PodTerm| {
            self.node(node).is_some_and(|it| place(it, term.topology).is_some())
        };
        let nobody = !others.iter().any(|it| near.iter().any(|term| has_place(it.0, term)));
        let company = |term: &PodTerm| others.iter().any(|o| self.together(it, o.0, term.topology));
        placed && (near.iter().all(company) || nobody && all(self.pod))
    }

    fn is_unopposed(&self, it: &Numbered) -> bool {
        self.scene.pods.iter().all(|(node, pod)| {
            let clash = |term: &PodTerm, of: &Pod, other: &Pod| {
                found(&term.pods, of.namespace, other) && self.together(it, *node, term.topology)
            };
            !self.pod.apart.iter().any(|term| clash(term, self.pod, pod))
                && !pod.apart.iter().any(|term| clash(term, pod, self.pod))
        })
    }
}
