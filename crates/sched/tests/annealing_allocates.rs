//! What a try of the search costs in allocations: nothing. Allocations of all threads are counted,
//! so this is the only test here.

use rackberry_sched::{Patience, Problem, anneal};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Items of 1 to 13 on twenty bins, all on the first ten.
fn problem() -> (Problem, Vec<Option<u32>>) {
    let items = 200;
    let problem = Problem {
        resources: 1,
        capacity: vec![200; 20],
        safe: vec![60; 20],
        strain: vec![10],
        demand: (0..items).map(|it| 1 + it * 7 % 13).collect(),
        ..Problem::default()
    };
    (problem, (0..items).map(|it| Some(it as u32 % 10)).collect())
}

/// Allocations, and better solutions that were told.
fn allocations(tries: u64) -> Option<(usize, usize)> {
    let (problem, start) = problem();
    let checked = problem.check().ok()?;
    let mut told = 0;
    let region = Region::new(ALLOCATOR);
    let patience = Patience { tries: Some(tries), ..Patience::default() };
    anneal(&checked, &start, patience, &mut |_| told += 1);
    let change = region.change();
    Some((change.allocations + change.reallocations, told))
}

#[test]
fn ten_times_the_tries_allocate_for_better_solutions_only() {
    let (few, many) = (allocations(100_000).unwrap(), allocations(1_000_000).unwrap());
    // A better solution is told in one piece; some tables grow to their full size late.
    let told = many.1.saturating_sub(few.1);
    assert!(many.0 <= few.0 + told + 50, "{few:?} {many:?}");
}
