//! How long the whole way takes as racks grow, against its limits.
//!
//! `cargo run --release -p rackberry-benches --bin scale` reads, checks, places and plans synthetic
//! racks of 100, 1,000 and 10,000 nodes with ten workloads each, one process per size, and prints
//! the seconds, the peak memory, the growth for ten times the nodes, and the share of the limit.

use rackberry::plan::{Rack, Source};
use rackberry::plan::{check, plan, verify};
use rackberry_benches::synthetic;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, fs};

/// Nodes, and what the whole way may take.
const SIZES: [(usize, Duration); 3] = [
    (100, Duration::from_millis(100)),
    (1_000, Duration::from_secs(1)),
    (10_000, Duration::from_secs(10)),
];

/// What the whole way may occupy.
const MEMORY_MIB: u64 = 2048;

fn main() -> ExitCode {
    match env::args().nth(1).and_then(|it| it.parse().ok()) {
        Some(nodes) => measure(nodes),
        None => table(),
    }
}

/// One row, measured in this process.
fn measure(nodes: usize) -> ExitCode {
    let rack = synthetic(nodes, nodes * 10);
    let json = serde_json::to_vec(&rack).unwrap_or_default();
    drop(rack);
    let start = Instant::now();
    let Ok((rack, _)) = Source::read("synthetic.json", &json) else { return fail("cannot read") };
    let read = start.elapsed();
    let Ok(resolved) = Rack::resolve(&rack) else { return fail("cannot resolve") };
    let findings = check(&resolved).len();
    let checked = start.elapsed();
    let Ok((placement, plan)) = plan(&resolved) else { return fail("cannot plan") };
    let planned = start.elapsed();
    if let Err(violations) = verify(&plan, &resolved) {
        return fail(&format!("{} violations, as {}", violations.len(), violations[0]));
    }
    let whole = start.elapsed();
    let steps = plan.steps.len();
    let seconds = |it: Duration| it.as_secs_f64();
    println!(
        "{nodes} {:.3} {:.3} {:.3} {:.3} {:.3} {} {steps} {findings} {} {}",
        seconds(read),
        seconds(checked - read),
        seconds(planned - checked),
        seconds(whole - planned),
        seconds(whole),
        peak_mib(),
        placement.summary.highest_before,
        placement.summary.highest,
    );
    ExitCode::SUCCESS
}

fn fail(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::FAILURE
}

/// The largest this process has been, as Linux reports it; 0 elsewhere.
fn peak_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|it| it.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn table() -> ExitCode {
    println!(
        "   nodes   read  check  place+plan  verify   total   limit   of it  growth  peak MiB  of it   steps  findings  fullest node"
    );
    let mut last: Option<f64> = None;
    for (nodes, limit) in SIZES {
        let Some(row) = child(nodes) else { return fail("a size could not be measured") };
        let [_, read, check, plan, verify, total, peak, steps, findings, before, after] = &row[..]
        else {
            return fail("a row has another shape");
        };
        let seconds: f64 = total.parse().unwrap_or(f64::NAN);
        let peak: u64 = peak.parse().unwrap_or(0);
        let growth = last.map_or("-".into(), |it| format!("{:.1}x", seconds / it));
        let (share, of) = (100.0 * seconds / limit.as_secs_f64(), 100 * peak / MEMORY_MIB);
        println!(
            "{nodes:8} {read:>6} {check:>6} {plan:>11} {verify:>7} {seconds:>7.3} {:>6.1}s {share:>6.0}% {growth:>7} {peak:>9} {of:>5}% {steps:>7} {findings:>9}  {before} -> {after}",
            limit.as_secs_f64(),
        );
        last = Some(seconds);
    }
    ExitCode::SUCCESS
}

/// Measures one size in a process of its own, so that its peak is its own.
fn child(nodes: usize) -> Option<Vec<String>> {
    let output = Command::new(env::current_exe().ok()?).arg(nodes.to_string()).output().ok()?;
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    Some(text.split_whitespace().map(str::to_owned).collect())
}
