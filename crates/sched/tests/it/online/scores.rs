//! Scores are those of kube-scheduler itself.

use super::generate::APP;
use rackberry_sched::online::{
    Cluster, Effect, Label, Name, Node, NodeId, Pod, PodSelector, PodTerm, Profile, Requirement,
    Spread, Taint, Toleration, Topology, Weights,
};

/// What kube-scheduler said, of random nodes and pods; its head tells how to read it.
const SCORES: &str = include_str!("scores.txt");

const KEYS: [Name; 3] = [Name(1), Name(2), Name(3)];
const SIZES: [u64; 4] = [5 << 20, 90 << 20, 800 << 20, 3 << 30];

/// Nodes, pods that run, and the pod in question.
#[derive(Default)]
struct Case {
    nodes: Vec<Node>,
    pods: Vec<(NodeId, Pod)>,
    asked: Pod,
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').filter(|it| *it != "-")
}

fn numbers(text: &str) -> Vec<u32> {
    list(text).map(|it| it.parse().unwrap_or(u32::MAX)).collect()
}

fn triples(text: &str) -> Vec<[u32; 3]> {
    let triple = |it: &str| {
        let mut parts = it.split(':').map(|it| it.parse().unwrap_or(u32::MAX));
        [(); 3].map(|()| parts.next().unwrap_or(u32::MAX))
    };
    list(text).map(triple).collect()
}

fn topology(number: u32) -> Topology {
    match number {
        0 => Topology::Node,
        it => Topology::Label(KEYS[it as usize - 1]),
    }
}

fn like(app: u32) -> Vec<Requirement> {
    vec![Requirement::In(APP, vec![Name(app)])]
}

fn terms(text: &str) -> Vec<(u32, PodTerm)> {
    let pods = |app| PodSelector { all: like(app), ..PodSelector::default() };
    let term =
        |[weight, at, app]: [u32; 3]| (weight, PodTerm { topology: topology(at), pods: pods(app) });
    triples(text).into_iter().map(term).collect()
}

fn labels(app: &str) -> Vec<Label> {
    numbers(app).into_iter().map(|it| Label { key: APP, value: Name(it) }).collect()
}

fn images(text: &str) -> Vec<Name> {
    numbers(text).into_iter().map(Name).collect()
}

fn taint(number: u32) -> Taint {
    let (key, value) = (Name(80 + number), Name(0));
    Taint { key, value, effect: Effect::PreferNoSchedule }
}

fn soft([skew, at, app]: [u32; 3]) -> Spread {
    Spread { topology: topology(at), skew, all: like(app), hard: false, ..Spread::default() }
}

impl Case {
    fn read(&mut self, words: &[&str]) {
        match words {
            ["node", rest @ .., taints, images] => self.node(rest, taints, images),
            ["pod", node, app, near, apart, required] => {
                let near_by = terms(required).into_iter().map(|it| it.1).collect();
                let (prefer_near, prefer_apart) = (terms(near), terms(apart));
                let labels = labels(app);
                let pod =
                    Pod { labels, near: near_by, prefer_near, prefer_apart, ..Pod::default() };
                self.pods.push((NodeId(numbers(node)[0]), pod));
            }
            ["ask", app, near, apart, spread, tolerated, images, preferred] => {
                let (prefer_near, prefer_apart) = (terms(near), terms(apart));
                self.asked =
                    Pod { labels: labels(app), prefer_near, prefer_apart, ..Pod::default() };
                self.ask(spread, tolerated, images, preferred);
            }
            _ => {}
        }
    }

    fn node(&mut self, places: &[&str], taints: &str, there: &str) {
        let value = |it: &str| it.parse().ok().map(Name);
        let label = |(&key, place): (&Name, &&str)| Some(Label { key, value: value(place)? });
        self.nodes.push(Node {
            pods: 110,
            labels: KEYS.iter().zip(places).filter_map(label).collect(),
            taints: numbers(taints).into_iter().map(taint).collect(),
            images: images(there),
            ..Node::default()
        });
    }

    fn ask(&mut self, spread: &str, tolerated: &str, wanted: &str, preferred: &str) {
        let tolerates = |it| Toleration { key: Some(taint(it).key), ..Toleration::default() };
        let prefers = |[weight, key, value]: [u32; 3]| {
            let key = [KEYS[0], KEYS[2]][key as usize];
            (weight, vec![Requirement::In(key, vec![Name(value)])])
        };
        self.asked.spread = triples(spread).into_iter().map(soft).collect();
        self.asked.tolerations = numbers(tolerated).into_iter().map(tolerates).collect();
        self.asked.images = images(wanted);
        self.asked.preferred = triples(preferred).into_iter().map(prefers).collect();
    }

    /// What every node scores, if only this one counts.
    fn scores(&self, of: &str) -> Vec<i64> {
        let weight = |name: &str| u32::from(of == name);
        let weights = Weights {
            fit: 0,
            balance: 0,
            images: weight("images"),
            taints: weight("taints"),
            affinity: weight("affinity"),
            spread: weight("spread"),
            pods: weight("pods"),
        };
        let mut cluster = Cluster::new(Profile { weights, ..Profile::new() });
        (0..).zip(SIZES).for_each(|(image, bytes)| cluster.set_image(Name(image), bytes));
        self.nodes.iter().for_each(|it| assert!(cluster.add_node(it).is_ok()));
        for (node, pod) in &self.pods {
            let bound = cluster.template(pod).and_then(|it| cluster.bind(it, *node));
            assert!(bound.is_ok());
        }
        let template = cluster.template(&self.asked);
        let nodes = (0..self.nodes.len() as u32).map(NodeId);
        let judged = nodes.map(|node| cluster.judge(template?, node).map(|it| it.map(|it| it.0)));
        judged.map(|it| it.ok().and_then(Result::ok).unwrap_or(i64::MIN)).collect()
    }
}

#[test]
fn every_score_is_that_of_kube_scheduler() {
    let (mut case, mut compared) = (Case::default(), 0);
    for (at, line) in (1..).zip(SCORES.lines()) {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["case"] => case = Case::default(),
            ["scores", of, "skip"] => {
                let ours = case.scores(of);
                assert!(ours.iter().all(|it| *it == ours[0]), "line {at}: {ours:?}");
            }
            ["scores", of, theirs @ ..] => {
                let theirs: Vec<i64> = theirs.iter().map(|it| it.parse().unwrap()).collect();
                assert_eq!(case.scores(of), theirs, "line {at}, {of}");
                compared += 1;
            }
            words => case.read(words),
        }
    }
    assert!(compared > 150, "{compared}");
}
