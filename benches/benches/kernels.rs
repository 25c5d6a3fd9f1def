//! The scheduling kernels by themselves, over plain integers.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rackberry::sched::{
    Checked, Problem, Rows, State, domains, double_losses, losses, order, place,
};
use rackberry_benches::Dice;
use std::hint::black_box;

/// Bins of 1000 of two resources, with items of which every fourth is one of three replicas that
/// keep apart; `fill` hundredths of all is taken.
fn problem(bins: u64, each: u64, fill: u64) -> Option<Checked> {
    let mut dice = Dice(bins);
    let items = bins * each;
    let demand = (0..items * 2).map(|_| 1 + dice.below(20 * fill / each)).collect();
    let key = |item: u64| item.is_multiple_of(4).then_some((item / 12) as u32);
    let keys: Rows<u32> = (0..items).map(key).collect();
    let problem = Problem {
        resources: 2,
        capacity: vec![1000; bins as usize * 2],
        demand,
        balance: vec![1, 1],
        keys: vec![0; items as usize / 12 + 1],
        holds: keys.clone(),
        refuses: keys,
        ..Problem::default()
    };
    problem.check().ok()
}

/// A placement, and another in which `moved` hundredths of the items were placed anew, the last
/// first.
fn ends(checked: &Checked, moved: u64) -> [Vec<Option<u32>>; 2] {
    let mut dice = Dice(moved);
    let from = place(checked, &[]).at;
    let mut to: Vec<_> = from.iter().map(|&at| at.filter(|_| dice.below(100) >= moved)).collect();
    let mut state = State::new(checked, &to);
    for item in (0..checked.items() as u32).rev().filter(|&it| to[it as usize].is_none()) {
        let first = dice.below(checked.bins() as u64) as u32;
        let mut around = (first..checked.bins() as u32).chain(0..first);
        state.shift(item, around.find(|&bin| state.fits(item, bin)));
    }
    to.copy_from_slice(state.assignment());
    let stays = |(from, to): (&Option<u32>, &mut Option<u32>)| *to = to.or(*from);
    from.iter().zip(&mut to).for_each(stays);
    [from, to]
}

/// 50,000 items in at most 2 s.
fn ordering(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("order, limit 2 s");
    group.sample_size(10);
    for (bins, each, fill) in [(50, 20, 90), (200, 50, 90), (1_000, 50, 85)] {
        let Some(checked) = problem(bins, each, fill) else { continue };
        let [from, to] = ends(&checked, 40);
        let moves = from.iter().zip(&to).filter(|(from, to)| from != to).count();
        group.throughput(Throughput::Elements(moves as u64));
        let id = BenchmarkId::new(format!("{bins} bins"), moves);
        group.bench_function(id, |bencher| {
            bencher.iter(|| black_box(order(&checked, &from, &to, &[], &[])));
        });
    }
    group.finish();
}

/// All pairs of 1,000 nodes in at most 2 s.
fn surviving(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("losses, limit 2 s");
    group.sample_size(10);
    for fill in [50, 80] {
        let Some(checked) = problem(1_000, 10, fill) else { continue };
        let (at, nodes) = (place(&checked, &[]).at, domains(&checked, 0));
        let id = |what| BenchmarkId::new(what, format!("1000 bins, {fill} % full"));
        group.bench_function(id("each"), |bencher| {
            bencher.iter(|| black_box(losses(&checked, &at, &nodes)));
        });
        group.bench_function(id("pairs"), |bencher| {
            bencher.iter(|| black_box(double_losses(&checked, &at, &nodes)));
        });
    }
    group.finish();
}

criterion_group!(benches, ordering, surviving);
criterion_main!(benches);
