//! What a pod that comes and goes costs in allocations: nothing, once the cluster knows its kind.
//! Allocations of all threads are counted, so this is the only test here.

use rackberry_sched::online::{
    Cluster, Label, Name, Node, NodeId, Pod, PodId, PodSelector, PodTerm, Port, Profile,
    Requirement, Spread, Topology,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::collections::VecDeque;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ZONE: Name = Name(0);
const APP: Name = Name(1);

fn node(at: u32) -> Node {
    Node {
        allocatable: vec![4000, 4 << (30 + at % 3)],
        pods: 110,
        labels: vec![Label { key: ZONE, value: Name(at % 3) }],
        images: vec![Name(at % 2)],
        ..Node::default()
    }
}

/// Pods that ask for all that is counted, scored or kept per pod.
fn kinds() -> [Pod; 6] {
    let all = vec![Requirement::Has(APP)];
    let plain = Pod {
        labels: vec![Label { key: APP, value: Name(0) }],
        requests: vec![100, 50 << 20],
        ..Pod::default()
    };
    let zones = Spread { topology: Topology::Label(ZONE), all: all.clone(), ..Spread::default() };
    let softly = Spread { skew: 5, hard: false, ..zones.clone() };
    let near = PodTerm { topology: Topology::Label(ZONE), pods: PodSelector::default() };
    let own = vec![Requirement::In(APP, vec![Name(1)])];
    let own = PodSelector { all: own, ..PodSelector::default() };
    let apart = PodTerm { topology: Topology::Node, pods: own };
    let single = vec![Label { key: APP, value: Name(1) }];
    [
        plain.clone(),
        Pod { spread: vec![zones, softly], ..plain.clone() },
        Pod { labels: single, apart: vec![apart], ..plain.clone() },
        Pod { prefer_near: vec![(5, near)], ..plain.clone() },
        Pod { ports: vec![Port { number: 80, ..Port::default() }], ..plain.clone() },
        Pod { images: vec![Name(0), Name(1)], requests: vec![300, 10 << 20], ..plain },
    ]
}

/// Pods of all kinds come, and the oldest goes for each.
fn turns(
    cluster: &mut Cluster,
    running: &mut VecDeque<PodId>,
    kinds: &[Pod],
    turns: usize,
) -> Option<()> {
    for pod in kinds.iter().cycle().take(turns) {
        cluster.remove(running.pop_front()?).ok()?;
        let template = cluster.template(pod).ok()?;
        let choice = cluster.place(pod).ok()?;
        cluster.remove(choice.pod).ok()?;
        running.push_back(cluster.bind(template, choice.node).ok()?);
    }
    Some(())
}

#[test]
fn a_pod_that_comes_and_goes_allocates_nothing() {
    let mut cluster = Cluster::new(Profile::kubernetes());
    (0..60).for_each(|at| assert!(cluster.add_node(&node(at)).is_ok()));
    let kinds = kinds();
    // A node that takes its first port makes room for its list of ports.
    let port = cluster.template(&kinds[4]).unwrap();
    for at in 0..60 {
        let pod = cluster.bind(port, NodeId(at)).unwrap();
        cluster.remove(pod).unwrap();
    }
    let mut running: VecDeque<_> =
        kinds.iter().cycle().take(240).map(|pod| cluster.place(pod).unwrap().pod).collect();
    // Tables grow until each is as large as it ever is.
    assert!(turns(&mut cluster, &mut running, &kinds, 60_000).is_some());
    let region = Region::new(ALLOCATOR);
    let done = turns(&mut cluster, &mut running, &kinds, 60_000);
    let change = region.change();
    assert!(done.is_some());
    assert_eq!((change.allocations, change.reallocations), (0, 0), "{change:?}");
}
