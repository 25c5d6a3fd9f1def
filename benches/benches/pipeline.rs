//! The whole way for racks that people run and for synthetic ones, and each part of it.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rackberry::plan::{Source, check, place, plan, verify};
use rackberry_benches::synthetic;
use std::fs;
use std::hint::black_box;
use std::path::Path;

/// The racks of `examples/racks`, with their names.
fn real() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/racks");
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<_> = files
        .map(|it| {
            (it.file_name().to_string_lossy().into_owned(), fs::read(it.path()).unwrap_or_default())
        })
        .collect();
    all.sort();
    all
}

/// From the bytes of the file to a verified plan: at most 50 ms each.
fn racks_that_people_run(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("end to end, limit 50 ms");
    for (name, bytes) in real() {
        group.bench_function(name.clone(), |bencher| {
            bencher.iter(|| {
                let rack = Source::read(&name, &bytes).ok()?.0.resolve().ok()?;
                black_box(check(&rack));
                let (_, plan) = plan(&rack).ok()?;
                verify(&plan, &rack).ok()
            });
        });
    }
    group.finish();
}

/// YAML at 4 MB/s or better, JSON for the large ones.
fn reading(criterion: &mut Criterion) {
    let rack = synthetic(500, 5_000);
    let yaml = rack.write();
    let json = serde_json::to_string(&rack).unwrap_or_default();
    let mut group = criterion.benchmark_group("read, limit 4 MB/s for YAML");
    group.sample_size(10);
    for (name, text) in [("rack.yaml", yaml), ("rack.json", json)] {
        group.throughput(Throughput::BytesDecimal(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| Source::read(name, text.as_bytes()).is_ok())
        });
    }
    group.finish();
}

/// Each part, for 100 and 1,000 nodes with ten workloads each.
fn parts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("synthetic");
    group.sample_size(10);
    for nodes in [100, 1_000] {
        let Ok(rack) = synthetic(nodes, nodes * 10).resolve() else { continue };
        group.throughput(Throughput::Elements(nodes as u64));
        let id = |part| BenchmarkId::new(part, nodes);
        group.bench_function(id("check"), |bencher| bencher.iter(|| check(&rack)));
        group.bench_function(id("place"), |bencher| bencher.iter(|| place(&rack)));
        group.bench_function(id("plan"), |bencher| bencher.iter(|| plan(&rack)));
        let Ok((_, plan)) = plan(&rack) else { continue };
        group.bench_function(id("verify"), |bencher| bencher.iter(|| verify(&plan, &rack)));
    }
    group.finish();
}

criterion_group!(benches, racks_that_people_run, reading, parts);
criterion_main!(benches);
