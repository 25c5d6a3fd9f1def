//! Places a pod set on a node set with the online scheduler, and tells how fast and how well:
//! `placebench FILE.json [--placements FILE.csv] [--nodes N] [--pods N] [--scan] [--apart]`.
//!
//! With `--placements` kube-scheduler's choices are followed, and counted where they are among the
//! best; and ours are judged by the checker. `--nodes` repeats the nodes until there are so many,
//! `--apart` keeps pods of one label off the same node, `--scan` asks every node.

use rackberry::sched::online::By;
use rackberry_benches::online::{Judged, Run, ours, read_placements, read_sets, run, theirs};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;
use std::{env, fs, io};

fn main() -> ExitCode {
    match place() {
        Ok(text) => {
            // Who closes the pipe has read what he wanted.
            let _ = io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("placebench: {why}");
            ExitCode::FAILURE
        }
    }
}

fn place() -> Result<String, String> {
    let asked = Asked::read(env::args().skip(1))?;
    let text = fs::read(&asked.file).map_err(|why| format!("cannot read {}: {why}", asked.file))?;
    let mut told = String::new();
    let mut sets = read_sets(&text).map_err(|why| format!("{}: {why}", asked.file))?;
    if let Some(path) = &asked.placements {
        let text = fs::read_to_string(path).map_err(|why| format!("cannot read {path}: {why}"))?;
        let placements = read_placements(&text, &sets).map_err(|why| format!("{path}: {why}"))?;
        tell_agreement(
            &mut told,
            "kube-scheduler's choices among our best",
            theirs(&sets, &placements)?,
        );
        tell_agreement(&mut told, "our choices among the checker's best", ours(&sets)?);
    }
    if let Some(nodes) = asked.nodes {
        sets.scale(nodes);
    }
    if asked.apart {
        sets.keep_apart();
    }
    let by = if asked.scan { By::Scan } else { By::Index };
    let (fast, timed) = (run(&sets, asked.pods, by, false)?, run(&sets, asked.pods, by, true)?);
    tell(&mut told, sets.nodes.len(), &fast, &timed);
    told.push_str(
        "filters: cordon taint affinity ports pods resources volumes spread pod-affinity\n",
    );
    told.push_str("scores: least-allocated balance images taints affinity spread pod-affinity\n");
    Ok(told)
}

fn tell_agreement(told: &mut String, what: &str, judged: Judged) {
    let share = judged.checked as f64 * 100.0 / judged.choices.max(1) as f64;
    let _ = writeln!(
        told,
        "{what}: {} of {} ({share:.2} %; by the cluster's own account {})",
        judged.checked, judged.choices, judged.best
    );
}

fn tell(told: &mut String, nodes: usize, fast: &Run, timed: &Run) {
    let pods = fast.placed + fast.refused;
    let at = |share: f64| {
        let last = timed.latencies.len().saturating_sub(1);
        let it = timed.latencies.get((last as f64 * share) as usize).copied();
        it.unwrap_or_default().as_secs_f64() * 1e6
    };
    let _ =
        writeln!(told, "nodes {nodes} pods {pods} placed {} refused {}", fast.placed, fast.refused);
    let _ =
        writeln!(told, "pods per CPU-second {:.0}", pods as f64 / fast.cpu.as_secs_f64().max(1e-9));
    let _ =
        writeln!(told, "microseconds p50 {:.2} p99 {:.2} max {:.2}", at(0.5), at(0.99), at(1.0));
    let _ = writeln!(told, "the first pods, which make the index {:.3} s", fast.warm.as_secs_f64());
    let _ = writeln!(told, "peak memory {} MiB", peak() >> 10);
}

/// The most memory that was in use, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|it| it.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// What the command line asks for.
struct Asked {
    file: String,
    placements: Option<String>,
    nodes: Option<usize>,
    pods: usize,
    scan: bool,
    apart: bool,
}

impl Asked {
    fn read(mut args: impl Iterator<Item = String>) -> Result<Asked, String> {
        let mut asked = Asked {
            file: String::new(),
            placements: None,
            nodes: None,
            pods: 200_000,
            scan: false,
            apart: false,
        };
        while let Some(name) = args.next() {
            let mut value = || args.next().ok_or(format!("{name} needs a value"));
            let number = |text: String| text.parse().map_err(|_| format!("{text}: not a number"));
            match name.as_str() {
                "--placements" => asked.placements = Some(value()?),
                "--nodes" => asked.nodes = Some(number(value()?)?).filter(|it| *it <= 1_000_000),
                "--pods" => asked.pods = number(value()?)?.min(100_000_000),
                "--scan" => asked.scan = true,
                "--apart" => asked.apart = true,
                _ if asked.file.is_empty() => asked.file = name,
                _ => return Err(format!("{name} is not known")),
            }
        }
        if asked.file.is_empty() { Err("which file?".to_owned()) } else { Ok(asked) }
    }
}
