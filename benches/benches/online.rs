//! The kernels of the online scheduler: one pod comes and goes, by the index and by the full scan;
//! preemption; the checker.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use rackberry::sched::online::{
    By, Cluster, Label, Name, Node, NodeId, Pod, PodSelector, PodTerm, Profile, Requirement,
    Spread, TemplateId, Topology,
};
use std::hint::black_box;

const ZONE: Name = Name(0);
const APP: Name = Name(1);

/// Nodes in three zones.
fn cluster(nodes: u32) -> Option<Cluster> {
    let mut cluster = Cluster::new(Profile::kubernetes());
    for at in 0..nodes {
        let labels = vec![Label { key: ZONE, value: Name(at % 3) }];
        let allocatable = vec![4000, 4u64 << (30 + at % 3)];
        cluster.add_node(&Node { allocatable, pods: 110, labels, ..Node::default() }).ok()?;
    }
    Some(cluster)
}

/// Pods that ask for nothing but room, that are spread, and that are kept apart.
fn kinds() -> [(&'static str, Pod); 3] {
    let all = vec![Requirement::Has(APP)];
    let plain = Pod {
        labels: vec![Label { key: APP, value: Name(0) }],
        requests: vec![100, 500 << 20],
        ..Pod::default()
    };
    let spread = Spread { topology: Topology::Label(ZONE), all: all.clone(), ..Spread::default() };
    let pods = PodSelector { all, ..PodSelector::default() };
    let apart = PodTerm { topology: Topology::Node, pods };
    [
        ("plain", plain.clone()),
        ("spread", Pod { spread: vec![spread], ..plain.clone() }),
        ("apart", Pod { apart: vec![apart], ..plain }),
    ]
}

fn turn(cluster: &mut Cluster, template: TemplateId, by: By) {
    if let Ok(choice) = cluster.place_one(template, by) {
        let _ = black_box(cluster.remove(choice.pod));
    }
}

/// One pod comes and goes.
fn place(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("online, a pod comes and goes");
    for nodes in [100, 1_000, 100_000] {
        for (name, pod) in kinds() {
            let Some(mut cluster) = cluster(nodes) else { continue };
            let Ok(template) = cluster.template(&pod) else { continue };
            group.bench_function(BenchmarkId::new(name, nodes), |bencher| {
                bencher.iter(|| turn(&mut cluster, template, By::Index));
            });
        }
    }
    group.finish();
}

/// The same with every node asked.
fn scan(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("online, every node asked");
    group.sample_size(10);
    for (name, pod) in kinds() {
        let Some(mut cluster) = cluster(1_000) else { continue };
        let Ok(template) = cluster.template(&pod) else { continue };
        group.bench_function(name, |bencher| {
            bencher.iter(|| turn(&mut cluster, template, By::Scan));
        });
    }
    group.finish();
}

/// 5,000 full nodes, pods of low priority on one in so many, and a pod that others have to go for.
fn preempt(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("online, preempt on 5,000 full nodes");
    group.sample_size(10);
    for every in [1, 100, 5_000] {
        let Some((mut cluster, wanted)) = full(every) else { continue };
        group.bench_function(BenchmarkId::new("low on one in", every), |bencher| {
            bencher.iter(|| black_box(cluster.preempt(wanted, &[])).is_ok());
        });
    }
    group.finish();
}

fn full(every: u32) -> Option<(Cluster, TemplateId)> {
    let mut cluster = cluster(5_000)?;
    let pod = |priority| Pod { requests: vec![100, 100 << 20], priority, ..Pod::default() };
    let [low, wanted, high] = [0, 1, 2].map(|it| cluster.template(&pod(it)).ok());
    for at in 0..5_000 {
        let kind = if at % every == 0 { low? } else { high? };
        for _ in 0..40 {
            cluster.bind(kind, NodeId(at)).ok()?;
        }
    }
    Some((cluster, wanted?))
}

criterion_group!(benches, place, scan, preempt);
criterion_main!(benches);
