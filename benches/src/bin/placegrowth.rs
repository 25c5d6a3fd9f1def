//! How the online scheduler grows: pods per second of processor time on 100 to 100,000 nodes, as a
//! table and, where asked for, as a chart: `placegrowth [OUT.svg]`.
//!
//! The sets are those of `kube-scheduler/` in `../shared/data`, or the folder that `RACKBERRY_DATA`
//! names.

use rackberry::sched::online::By;
use rackberry_benches::chart::{Axis, Line, chart};
use rackberry_benches::online::{Sets, read_sets, run};
use std::process::ExitCode;
use std::{env, fs};

const SIZES: [usize; 6] = [100, 1_000, 5_000, 10_000, 50_000, 100_000];

/// Pods per run.
const PODS: usize = 200_000;

/// Name, file, and whether pods of one label are kept off the same node.
const SETS: [(&str, &str, bool); 4] = [
    ("basic", "basic-1000", false),
    ("pi", "pi-1000", false),
    ("spread", "spread-1000", false),
    ("anti", "basic-1000", true),
];

/// kube-scheduler 1.36, all nodes scored, measured on two cores of the same kind.
const PEER: [(f64, f64); 3] = [(100.0, 3137.0), (1000.0, 463.0), (5000.0, 83.0)];

fn main() -> ExitCode {
    match grow() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("placegrowth: {why}");
            ExitCode::FAILURE
        }
    }
}

fn grow() -> Result<(), String> {
    let mut lines = Vec::new();
    println!("| nodes | {} |", SETS.map(|it| it.0).join(" | "));
    println!("|--:|{}", "--:|".repeat(SETS.len()));
    for (name, file, apart) in SETS {
        let sets = read(file)?;
        let points = SIZES.iter().map(|&nodes| Ok((nodes as f64, speed(&sets, nodes, apart)?)));
        let points = points.collect::<Result<_, String>>()?;
        lines.push(Line { name: name.to_owned(), points });
    }
    for (at, nodes) in SIZES.iter().enumerate() {
        let cells: Vec<String> =
            lines.iter().map(|line| format!("{:.0}", line.points[at].1)).collect();
        println!("| {nodes} | {} |", cells.join(" | "));
    }
    let Some(path) = env::args().nth(1) else { return Ok(()) };
    lines.push(Line { name: "kube-scheduler".to_owned(), points: PEER.to_vec() });
    let points = || lines.iter().flat_map(|line| &line.points);
    let across = Axis::around("nodes", points().map(|it| it.0));
    let up = Axis::around("Pods placed per second of processor time", points().map(|it| it.1));
    let chart = chart(across, up, &lines);
    fs::write(&path, chart).map_err(|why| format!("cannot write {path}: {why}"))
}

fn read(name: &str) -> Result<Sets, String> {
    let folder = env::var("RACKBERRY_DATA").unwrap_or_else(|_| "../shared/data".to_owned());
    let path = format!("{folder}/kube-scheduler/{name}.json");
    let text = fs::read(&path).map_err(|why| format!("cannot read {path}: {why}"))?;
    read_sets(&text).map_err(|why| format!("{path}: {why}"))
}

/// The better of two runs: other programs can only make one slower.
fn speed(sets: &Sets, nodes: usize, apart: bool) -> Result<f64, String> {
    let mut sets = sets.clone();
    sets.scale(nodes);
    if apart {
        sets.keep_apart();
    }
    let mut best = 0.0f64;
    for _ in 0..2 {
        let run = run(&sets, PODS, By::Index, false)?;
        best = best.max(PODS as f64 / run.cpu.as_secs_f64().max(1e-9));
    }
    Ok(best)
}
