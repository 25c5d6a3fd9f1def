//! Who has to go so that a pod has a place.

use super::generate::APP;
use super::{Story, asks, plain};
use proptest::prelude::*;
use rackberry_sched::online::{
    Budget, Label, Name, NodeId, Pod, PodId, PodSelector, Requirement, Scene, assess,
};

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
    fn a_pod_has_a_place_where_others_make_room_and_nobody_goes_in_vain(seed: u64) {
        let mut story = Story::new(seed).unwrap();
        (0..60).for_each(|_| story.step().unwrap());
        let pod = Pod { priority: 9, ..story.kind() };
        let template = story.cluster.template(&pod).unwrap();
        let Some(found) = story.cluster.preempt(template, &[]).unwrap() else { return Ok(()) };
        let stays = |without: &[PodId]| {
            let pods = story.pods.iter().filter(|it| !without.contains(&it.0));
            let pods: Vec<_> = pods.map(|it| (it.1, it.2.clone())).collect();
            let (nodes, images) = (&story.nodes[..], &story.images[..]);
            let scene = Scene { profile: story.cluster.profile(), nodes, pods: &pods, images };
            let node = assess(scene, &pod).into_iter().find(|it| it.0 == found.node);
            node.is_some_and(|it| it.1.is_ok())
        };
        prop_assert!(stays(&found.victims));
        let priority = |id: &PodId| story.pods.iter().find(|it| it.0 == *id).map(|it| it.2.priority);
        let all: Vec<Option<i32>> = found.victims.iter().map(priority).collect();
        prop_assert!(all.is_sorted_by(|a, b| a >= b) && all.iter().all(|it| *it < Some(9)));
        prop_assert!(!stays(&[]));
    }
}
