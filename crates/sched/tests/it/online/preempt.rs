//! Who has to go so that a pod has a place.

use super::generate::APP;
use super::{Story, asks, plain};
use proptest::prelude::*;
use rackberry_sched::online::{
    Budget, Label, Name, NodeId, Pod, PodId, PodSelector, Requirement, Scene, assess,
};
use std::cmp::Reverse;

/// Whether a node takes a pod once some others are gone, by the checker.
fn takes(story: &Story, node: NodeId, pod: &Pod, gone: &[PodId]) -> bool {
    let pods = story.pods.iter().filter(|it| !gone.contains(&it.0));
    let pods: Vec<_> = pods.map(|it| (it.1, it.2.clone())).collect();
    let (nodes, images) = (&story.nodes[..], &story.images[..]);
    let scene = Scene { profile: story.cluster.profile(), nodes, pods: &pods, images };
    assess(scene, pod).into_iter().any(|it| it.0 == node && it.1.is_ok())
}

/// The victims of a node, the most important first, and whether a budget forbids each.
fn victims(story: &Story, node: NodeId, pod: &Pod, budget: (Name, u32)) -> Vec<(usize, bool)> {
    let priority = |at: &usize| story.pods[*at].2.priority;
    let here = (0..story.pods.len()).filter(|&at| story.pods[at].1 == node);
    let mut all: Vec<usize> = here.filter(|at| priority(at) < pod.priority).collect();
    all.sort_by_key(|at| (Reverse(priority(at)), *at));
    let is_found = |at: usize| story.pods[at].2.labels.iter().any(|it| it.value == budget.0);
    let mut left = budget.1;
    let mut marked = Vec::new();
    for at in all {
        marked.push((at, is_found(at) && left == 0));
        left = left.saturating_sub(u32::from(is_found(at)));
    }
    let gone =
        |all: &[(usize, bool)]| -> Vec<PodId> { all.iter().map(|it| story.pods[it.0].0).collect() };
    if !takes(story, node, pod, &gone(&marked)) {
        return Vec::new();
    }
    let mut order = marked.clone();
    order.sort_by_key(|it| !it.1);
    for stays in order {
        let fewer: Vec<_> = marked.iter().copied().filter(|it| *it != stays).collect();
        if takes(story, node, pod, &gone(&fewer)) {
            marked = fewer;
        }
    }
    marked
}

/// The best node and its victims, by asking all nodes for everything.
fn walk(story: &Story, pod: &Pod, budget: (Name, u32)) -> Option<(NodeId, Vec<PodId>)> {
    let priority = |at: usize| i64::from(story.pods[at].2.priority);
    let all = story.nodes.iter().map(|it| (it.0, victims(story, it.0, pod, budget)));
    let best = all.filter(|it| !it.1.is_empty()).min_by_key(|(node, all)| {
        let violations = all.iter().filter(|it| it.1).count();
        let highest = priority(all[0].0);
        let sum: i64 = all.iter().map(|it| priority(it.0) + (1 << 31)).sum();
        let longest = all.iter().filter(|it| priority(it.0) == highest).map(|it| it.0).min();
        (violations, highest, sum, all.len(), Reverse(longest), *node)
    });
    best.map(|(node, all)| (node, all.iter().map(|it| story.pods[it.0].0).collect()))
}

#[test]
fn only_those_go_without_whom_the_pod_has_no_place() {
    let mut cluster = plain(&[(10, 9)]).unwrap();
    let mut put = |pod: Pod| cluster.place(&pod).unwrap().pod;
    let (small, large, high) = (put(asks(2, 0)), put(asks(5, 0)), put(asks(3, 5)));
    let wanted = cluster.template(&asks(4, 3)).unwrap();
    let found = cluster.preempt(wanted, &[]).unwrap().unwrap();
    assert_eq!((found.node, &found.victims), (NodeId(0), &vec![large]));
    let _ = (small, high);
    let too_much = cluster.template(&asks(8, 3)).unwrap();
    assert_eq!(cluster.preempt(too_much, &[]), Ok(None));
    let patient = Pod { patient: true, ..asks(4, 3) };
    let patient = cluster.template(&patient).unwrap();
    assert_eq!(cluster.preempt(patient, &[]), Ok(None));
}

#[test]
fn budgets_count_more_than_priorities_and_priorities_more_than_numbers() {
    let mut cluster = plain(&[(4, 9), (4, 9), (4, 9)]).unwrap();
    let kinds = [
        Pod { labels: vec![Label { key: APP, value: Name(1) }], ..asks(4, 1) },
        asks(4, 2),
        asks(2, 2),
    ];
    let templates = kinds.map(|pod| cluster.template(&pod).unwrap());
    for (node, kind) in [(0, 0), (1, 1), (2, 2), (2, 2)] {
        cluster.bind(templates[kind], NodeId(node)).unwrap();
    }
    let wanted = cluster.template(&asks(3, 7)).unwrap();
    assert_eq!(cluster.preempt(wanted, &[]).unwrap().unwrap().node, NodeId(0));
    let pods = PodSelector {
        everywhere: true,
        all: vec![Requirement::Has(APP)],
        ..PodSelector::default()
    };
    let found = cluster.preempt(wanted, &[Budget { pods, allowed: 0 }]).unwrap().unwrap();
    assert_eq!((found.node, found.violations, found.victims.len()), (NodeId(1), 0, 1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn those_go_whom_a_walk_over_all_nodes_finds(seed: u64, allowed in 0u32..3) {
        let mut story = Story::new(seed).unwrap();
        for turn in 0..60 {
            story.step().unwrap();
            if turn % 10 < 8 {
                continue;
            }
            let pod = Pod { priority: turn % 4, ..story.kind() };
            let budget = (Name(0), allowed);
            let all = vec![Requirement::In(APP, vec![budget.0])];
            let pods = PodSelector { everywhere: true, all, ..PodSelector::default() };
            let template = story.cluster.template(&pod).unwrap();
            let found = story.cluster.preempt(template, &[Budget { pods, allowed }]).unwrap();
            let found = found.map(|it| (it.node, it.victims));
            prop_assert_eq!(found, walk(&story, &pod, budget));
        }
    }
}
