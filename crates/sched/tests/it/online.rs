//! The online scheduler: the index and the full scan say what the checker says, whatever comes
//! and goes.

mod generate;
mod preempt;
mod scores;

use generate::{APP, Dice, node, pod, profile};
use proptest::prelude::*;
use rackberry_sched::online::{
    Best, By, Cluster, Filter, Fit, Invalid, Label, Name, Node, NodeId, NodeView, Pod, PodId,
    PodSelector, PodTerm, Points, Profile, Reach, Refused, Requirement, Resource, Scene, Score,
    Spread, Ties, Unplaced, assess,
};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Nothing that the cluster does not understand comes up in a story.
type Done = Result<(), Unplaced>;

/// A cluster, and what is known of it without asking it.
struct Story {
    dice: Dice,
    cluster: Cluster,
    nodes: Vec<(NodeId, Node)>,
    pods: Vec<(PodId, NodeId, Pod)>,
    images: Vec<(Name, u64)>,
    kinds: Vec<Pod>,
}

impl Story {
    fn new(seed: u64) -> Result<Story, Unplaced> {
        let mut dice = Dice(seed);
        let mut cluster = Cluster::new(profile(&mut dice));
        let images = vec![(Name(60), 90 << 20), (Name(61), 800 << 20), (Name(62), 3 << 30)];
        images.iter().for_each(|&(image, bytes)| cluster.set_image(image, bytes));
        let kinds = (0..2 + dice.below(5)).map(|_| pod(&mut dice)).collect();
        let mut story = Story { dice, cluster, nodes: Vec::new(), pods: Vec::new(), images, kinds };
        for _ in 0..3 + story.dice.below(9) {
            story.add_node()?;
        }
        Ok(story)
    }

    fn add_node(&mut self) -> Done {
        let node = node(&mut self.dice);
        let number = self.cluster.add_node(&node)?;
        self.nodes.push((number, node));
        Ok(())
    }

    fn step(&mut self) -> Done {
        match self.dice.below(12) {
            0 => self.change_node(),
            1 if self.dice.one_in(3) => self.add_node(),
            2 if self.dice.one_in(3) => self.remove_node(),
            3 | 4 => self.remove_pod(),
            5 => {
                let pod = pod(&mut self.dice);
                self.kinds.push(pod);
                Ok(())
            }
            6 => self.bind(),
            _ => self.place(),
        }
    }

    fn some_node(&mut self) -> Option<usize> {
        let nodes = self.nodes.len() as u32;
        (nodes > 0).then(|| self.dice.below(nodes) as usize)
    }

    fn change_node(&mut self) -> Done {
        let Some(at) = self.some_node() else { return Ok(()) };
        let node = node(&mut self.dice);
        self.cluster.change_node(self.nodes[at].0, &node)?;
        self.nodes[at].1 = node;
        Ok(())
    }

    fn remove_node(&mut self) -> Done {
        let Some(at) = self.some_node() else { return Ok(()) };
        let (number, _) = self.nodes.swap_remove(at);
        let mut gone = self.cluster.remove_node(number)?;
        let mut known: Vec<PodId> =
            self.pods.iter().filter(|it| it.1 == number).map(|it| it.0).collect();
        gone.sort_unstable();
        known.sort_unstable();
        assert_eq!(gone, known);
        self.pods.retain(|it| it.1 != number);
        Ok(())
    }

    fn remove_pod(&mut self) -> Done {
        if self.pods.is_empty() {
            return Ok(());
        }
        let at = self.dice.below(self.pods.len() as u32) as usize;
        // In the order of arrival, which counts where somebody has to go.
        let (pod, node, _) = self.pods.remove(at);
        assert_eq!(self.cluster.remove(pod), Ok(node));
        assert!(self.cluster.remove(pod).is_err());
        Ok(())
    }

    fn kind(&mut self) -> Pod {
        self.kinds[self.dice.below(self.kinds.len() as u32) as usize].clone()
    }

    fn bind(&mut self) -> Done {
        let (Some(at), pod) = (self.some_node(), self.kind()) else { return Ok(()) };
        let node = self.nodes[at].0;
        let template = self.cluster.template(&pod)?;
        let id = self.cluster.bind(template, node)?;
        self.pods.push((id, node, pod));
        Ok(())
    }

    /// Places a pod after the index, the scan and the checker agreed on where.
    fn place(&mut self) -> Done {
        let pod = self.kind();
        let pods: Vec<(NodeId, Pod)> = self.pods.iter().map(|it| (it.1, it.2.clone())).collect();
        let (nodes, images) = (&self.nodes[..], &self.images[..]);
        let template = self.cluster.template(&pod)?;
        let scene = Scene { profile: self.cluster.profile(), nodes, pods: &pods, images };
        let verdicts = assess(scene, &pod);
        let index = self.cluster.best(template, By::Index);
        assert_eq!(index, self.cluster.best(template, By::Scan), "{pod:?}");
        let passed: Vec<(NodeId, Points)> =
            verdicts.iter().filter_map(|it| Some((it.0, it.1.ok()?))).collect();
        for &(node, verdict) in &verdicts {
            assert_eq!(self.cluster.judge(template, node), Ok(verdict), "{pod:?} {node:?}");
        }
        let Some(most) = passed.iter().map(|it| it.1).max() else {
            self.assert_refused(index, &verdicts);
            return Ok(());
        };
        let mut best: Vec<NodeId> =
            passed.iter().filter(|it| it.1 == most).map(|it| it.0).collect();
        best.sort_unstable();
        let index = index?;
        assert_eq!((&index.nodes, index.points), (&best, most), "{pod:?}");
        self.choose(&pod, &best, most)
    }

    fn assert_refused(
        &self,
        answer: Result<Best, Unplaced>,
        verdicts: &[(NodeId, Result<Points, Filter>)],
    ) {
        let Err(Unplaced::Refused(refused)) = answer else {
            return assert_eq!(answer.map(|it| it.nodes), Ok(vec![]));
        };
        let by = |filter| verdicts.iter().filter(|it| it.1 == Err(filter)).count() as u32;
        let told = |refused: Refused| Filter::ALL.map(|filter| refused.by(filter));
        assert_eq!(told(refused), Filter::ALL.map(by));
        assert_eq!(refused.nodes(), verdicts.len() as u32);
    }

    fn choose(&mut self, pod: &Pod, best: &[NodeId], points: Points) -> Done {
        let template = self.cluster.template(pod)?;
        let scanned = self.cluster.place_one(template, By::Scan)?;
        self.cluster.remove(scanned.pod)?;
        let choice = self.cluster.place(pod)?;
        assert_eq!((choice.node, choice.points), (scanned.node, points));
        assert!(best.contains(&choice.node));
        if self.cluster.profile().ties == Ties::Lowest {
            assert_eq!(choice.node, best[0]);
        }
        self.pods.push((choice.pod, choice.node, pod.clone()));
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn index_scan_and_checker_agree_whatever_comes_and_goes(seed: u64, steps in 1usize..120) {
        let mut story = Story::new(seed).unwrap();
        (0..steps).for_each(|_| story.step().unwrap());
    }
}

/// A score that looks at more than the node.
struct Mood(AtomicU32);

impl Score for Mood {
    fn points(&self, node: &NodeView<'_>, _: &Pod) -> u32 {
        100 * u32::from(node.node.0 == self.0.load(Ordering::Relaxed))
    }

    fn reach(&self) -> Reach {
        Reach::Anything
    }
}

fn plain(nodes: &[(u64, u32)]) -> Result<Cluster, Unplaced> {
    let resources = vec![Resource { weight: 1, ..Resource::default() }];
    let mut cluster = Cluster::new(Profile { resources, ..Profile::kubernetes() });
    for &(allocatable, pods) in nodes {
        let node = Node { allocatable: vec![allocatable], pods, ..Node::default() };
        cluster.add_node(&node)?;
    }
    Ok(cluster)
}

fn asks(requests: u64, priority: i32) -> Pod {
    Pod { requests: vec![requests], priority, ..Pod::default() }
}

#[test]
fn a_score_that_looks_around_is_asked_each_time() {
    let mood = Arc::new(Mood(1.into()));
    struct Shared(Arc<Mood>);
    impl Score for Shared {
        fn points(&self, node: &NodeView<'_>, pod: &Pod) -> u32 {
            self.0.points(node, pod)
        }
        fn reach(&self) -> Reach {
            self.0.reach()
        }
    }
    let scores: Vec<(u32, Box<dyn Score>)> = vec![(9, Box::new(Shared(mood.clone())))];
    let mut cluster = Cluster::new(Profile { scores, ..Profile::new() });
    for _ in 0..3 {
        cluster.add_node(&Node { pods: 9, ..Node::default() }).unwrap();
    }
    assert_eq!(cluster.place(&Pod::default()).unwrap().node, NodeId(1));
    mood.0.store(2, Ordering::Relaxed);
    assert_eq!(cluster.place(&Pod::default()).unwrap().node, NodeId(2));
}

/// A cluster of a hundred nodes that counts how often a node is asked for its score.
fn counting(index_bytes: u64) -> (Cluster, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let counter = asked.clone();
    let score = move |_: &NodeView<'_>, _: &Pod| {
        counter.fetch_add(1, Ordering::Relaxed);
        0
    };
    let resources = vec![Resource { weight: 1, ..Resource::default() }];
    let scores: Vec<(u32, Box<dyn Score>)> = vec![(1, Box::new(score))];
    let profile = Profile { resources, scores, index_bytes, ..Profile::new() };
    let mut cluster = Cluster::new(profile);
    for _ in 0..100 {
        let node = Node { allocatable: vec![100], pods: 90, ..Node::default() };
        assert!(cluster.add_node(&node).is_ok());
    }
    (cluster, asked)
}

#[test]
fn after_the_first_time_only_nodes_that_changed_are_asked() {
    let (mut cluster, asked) = counting(1 << 20);
    for _ in 0..50 {
        cluster.place(&asks(1, 0)).unwrap();
    }
    assert_eq!(asked.load(Ordering::Relaxed), 100 + 49);
}

#[test]
fn pods_kept_apart_are_placed_as_by_a_scan_also_where_most_nodes_are_taken() {
    let resources = vec![Resource { weight: 1, ..Resource::default() }];
    for fit in [Fit::MostAllocated, Fit::LeastAllocated] {
        let profile = Profile { resources: resources.clone(), fit, ..Profile::kubernetes() };
        let mut cluster = Cluster::new(profile);
        for _ in 0..150 {
            let node = Node { allocatable: vec![100], pods: 9, ..Node::default() };
            cluster.add_node(&node).unwrap();
        }
        let template = cluster.template(&single(0)).unwrap();
        for _ in 0..150 {
            let scanned = cluster.best(template, By::Scan);
            assert_eq!(cluster.best(template, By::Index), scanned);
            let choice = cluster.place_one(template, By::Index).unwrap();
            assert_eq!(choice.node, scanned.unwrap().nodes[0]);
        }
        let refused = cluster.best(template, By::Index);
        assert_eq!(refused, cluster.best(template, By::Scan));
        let Err(Unplaced::Refused(why)) = refused else { panic!("there is no node left") };
        assert_eq!(why.by(Filter::PodAffinity), 150);
    }
}

#[test]
fn shapes_that_come_in_turn_do_not_drive_each_other_out_of_a_small_index() {
    let (mut cluster, asked) = counting(5_000);
    for _ in 0..20 {
        cluster.place(&asks(1, 0)).unwrap();
        cluster.place(&asks(2, 0)).unwrap();
    }
    assert!(cluster.index_bytes() <= 5_000);
    // One of the two is indexed, the other asks every node each time.
    assert_eq!(asked.load(Ordering::Relaxed), 100 + 19 * 2 + 20 * 100);
}

/// A pod that is the only one of its kind: its label, its selectors and its room.
fn single(at: u32) -> Pod {
    let own = vec![Requirement::In(APP, vec![Name(at)])];
    let pods = PodSelector { all: own.clone(), ..PodSelector::default() };
    let apart = PodTerm { pods, ..PodTerm::default() };
    let mut pod = Pod { labels: vec![Label { key: APP, value: Name(at) }], ..asks(1, 0) };
    match at % 4 {
        0 => pod.apart = vec![apart],
        1 => pod.spread = vec![Spread { skew: 2, all: own, ..Spread::default() }],
        2 => pod.prefer_near = vec![(1 + at, apart)],
        _ => pod.requests = vec![1 + u64::from(at) % 1000],
    }
    pod
}

#[test]
fn a_hundred_thousand_kinds_of_pods_leave_nothing_behind() {
    let resources = vec![Resource { weight: 1, ..Resource::default() }];
    let profile = Profile { resources, idle_templates: 200, ..Profile::kubernetes() };
    let mut cluster = Cluster::new(profile);
    for _ in 0..9 {
        let node = Node { allocatable: vec![2_000], pods: 50, ..Node::default() };
        cluster.add_node(&node).unwrap();
    }
    let first = cluster.template(&single(0)).unwrap();
    let (mut running, mut most) = (VecDeque::new(), 0);
    for at in 0..100_000 {
        let pod = single(at);
        if at % 997 == 0 {
            let template = cluster.template(&pod).unwrap();
            assert_eq!(cluster.best(template, By::Index), cluster.best(template, By::Scan));
        }
        running.extend(cluster.place(&pod).map(|it| it.pod));
        if running.len() > 60 {
            cluster.remove(running.pop_front().unwrap()).unwrap();
        }
        most = most.max(cluster.kept());
    }
    // A template, up to two shapes, a wish and up to two counters each, and what is swept late.
    let idle = cluster.profile().idle_templates;
    assert!(most < 6 * (idle + 61), "{most}");
    assert_eq!(cluster.bind(first, NodeId(0)), Err(Invalid::Template));
}

#[test]
fn a_template_is_kept_while_it_is_asked_for_or_a_pod_of_it_runs() {
    let mut cluster = plain(&[(2_000, 50); 2]).unwrap();
    let (asked, runs) = (single(0), single(4));
    let known = [&asked, &runs].map(|pod| cluster.template(pod).unwrap());
    let pod = cluster.bind(known[1], NodeId(0)).unwrap();
    for at in 5..20_000 {
        cluster.template(&single(at)).unwrap();
        assert_eq!(cluster.template(&asked), Ok(known[0]));
    }
    assert_eq!(cluster.template(&runs), Ok(known[1]));
    assert_eq!(cluster.best(known[1], By::Index).unwrap().nodes, [NodeId(1)]);
    assert_eq!(cluster.remove(pod), Ok(NodeId(0)));
}

#[test]
fn what_cannot_be_understood_is_refused_and_what_is_extreme_is_counted() {
    let mut cluster = plain(&[(Cluster::LIMIT, u32::MAX)]).unwrap();
    let mut why = |pod: &Pod| cluster.template(pod).err();
    let pod = |requests| Pod { requests, ..Pod::default() };
    assert_eq!(why(&pod(vec![])), Some(Invalid::Resources { expected: 1, found: 0 }));
    assert_eq!(why(&pod(vec![u64::MAX])), Some(Invalid::Amount));
    assert_eq!(why(&Pod { images: vec![Name(0); 65], ..pod(vec![1]) }), Some(Invalid::Images));
    let spread = |skew| Spread { skew, ..Spread::default() };
    assert_eq!(why(&Pod { spread: vec![spread(0)], ..pod(vec![1]) }), Some(Invalid::Skew));
    let twice = vec![spread(1), spread(2)];
    assert_eq!(why(&Pod { spread: twice, ..pod(vec![1]) }), Some(Invalid::Spread));

    let all = vec![spread(u32::MAX), Spread { hard: false, ..spread(u32::MAX) }];
    let pull = vec![(u32::MAX, PodTerm::default())];
    let prefer_near = pull.clone();
    let most = pod(vec![Cluster::LIMIT]);
    let most = Pod { spread: all, prefer_near, prefer_apart: pull, priority: i32::MAX, ..most };
    let template = cluster.template(&most).unwrap();
    assert!(cluster.place(&most).is_ok() && cluster.place(&most).is_err());
    while cluster.bind(template, NodeId(0)).is_ok_and(|_| cluster.pods().count() < 3_000) {}
    assert_eq!(cluster.best(template, By::Index), cluster.best(template, By::Scan));
    assert_eq!(cluster.bind(template, NodeId(1)), Err(Invalid::Node));
    let nobody = Scene { profile: cluster.profile(), nodes: &[], pods: &[], images: &[] };
    assert_eq!(assess(nobody, &Pod::default()), []);
}
