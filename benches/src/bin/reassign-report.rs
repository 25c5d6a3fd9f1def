//! Solves every instance of the ROADEF/EURO challenge 2012 that is there, and prints a table:
//! `reassign-report [-t SECONDS] [-s SEED] [--threads N] [INSTANCE...]`.
//!
//! Instances are `model_NAME.txt` and `assignment_NAME.txt` in `reassignment` under
//! `RACKBERRY_DATA` (`../shared/data` if that is not set). Every answer is counted and checked
//! without the code that found it, and its order is replayed.

use rackberry::sched::{Order, Orderable, Patience, anneal, bound, orderable};
use rackberry_benches::challenge::{
    Model, assignment, faults, moves, parts, problem, read_assignment, read_model, replay,
};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs};

/// The best cost of each instance that could be found published: the challenge's final results
/// (roadef.org/challenge/2012), the reports of teams S41 and J33, and logs of Gurobi 1 h runs.
const PUBLISHED: [(&str, u64); 18] = [
    ("a1_1", 44_306_501),
    ("a1_2", 777_531_842),
    ("a1_3", 583_005_719),
    ("a1_4", 262_086_758),
    ("a1_5", 727_578_310),
    ("a2_1", 329),
    ("a2_2", 746_097_632),
    ("a2_3", 1_210_644_572),
    ("a2_4", 1_680_615_349),
    ("a2_5", 318_358_949),
    ("b_1", 3_339_186_879),
    ("b_2", 1_015_553_800),
    ("b_3", 156_835_787),
    ("b_4", 4_677_823_040),
    ("b_5", 922_988_809),
    ("b_6", 9_525_857_752),
    ("b_8", 1_214_419_057),
    ("b_9", 15_885_486_698),
];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("reassign-report: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let asked = Asked::read(env::args().skip(1))?;
    let data = env::var("RACKBERRY_DATA").unwrap_or_else(|_| "../shared/data".into());
    let folder = Path::new(&data).join("reassignment");
    println!("| instance | cost | to published | to bound | score | moves | stuck | waves | CPU |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut sum = 0.0;
    for name in names(&folder)?.iter().filter(|name| asked.wants(name)) {
        sum += report(&folder, name, &asked)?;
    }
    println!("\nSum of the scores: {sum:.4}");
    Ok(())
}

/// The instances in a folder, in order.
fn names(folder: &Path) -> Result<Vec<String>, String> {
    let cannot = |why| format!("cannot read {}: {why}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let name = entry.map_err(cannot)?.file_name().to_string_lossy().into_owned();
        let name = name.strip_prefix("model_").and_then(|name| name.strip_suffix(".txt"));
        names.extend(name.map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// Solves one instance, prints its line, and returns its score.
fn report(folder: &Path, name: &str, asked: &Asked) -> Result<f64, String> {
    let (wall, cpu) = (Instant::now(), cpu_time());
    let (model, from) = read(folder, name)?;
    let checked = problem(&model, &from).check().map_err(|why| format!("{name}: {why}"))?;
    let start: Vec<_> = from.iter().map(|&at| Some(at)).collect();
    let patience = Patience {
        seed: asked.seed,
        deadline: Some(wall + asked.time.mul_f64(0.99)),
        threads: asked.threads,
        ..Patience::default()
    };
    let found = anneal(&checked, &start, patience, &mut |_| {});
    let cpu = cpu_time() - cpu;
    let Orderable { solution, order } = orderable(&checked, &start, &found.at, &[], &[]);
    let to = assignment(&solution.at);
    prove(&model, &from, &to, &order).map_err(|why| format!("{name}: {why}"))?;
    let cost = parts(&model, &from, &to).total() as f64;
    let reference = parts(&model, &from, &from).total() as f64;
    let published = PUBLISHED.iter().find(|it| it.0 == name).map_or(cost, |it| it.1 as f64);
    let score = 100.0 * (cost - published) / reference;
    let stuck = solution.at.iter().zip(&found.at).filter(|(is, wish)| is != wish).count();
    let bound = bound(&checked) as f64 / 1000.0;
    println!(
        "| {name} | {cost:.0} | {:+.4} % | {:+.4} % | {score:+.4} | {} | {stuck} | {} | {:.0} s |",
        percent(cost, published),
        percent(cost, bound),
        order.waves.iter().map(Vec::len).sum::<usize>(),
        order.waves.len(),
        cpu.as_secs_f64(),
    );
    Ok(score)
}

fn read(folder: &Path, name: &str) -> Result<(Model, Vec<u32>), String> {
    let file = |kind: &str| -> PathBuf { folder.join(format!("{kind}_{name}.txt")) };
    let bytes = |path: &Path| {
        fs::read(path).map_err(|why| format!("cannot read {}: {why}", path.display()))
    };
    let (model, from) = (file("model"), file("assignment"));
    let told = |path: &Path, why: String| format!("{}: {why}", path.display());
    let read = read_model(&bytes(&model)?).map_err(|why| told(&model, why.to_string()))?;
    let start = read_assignment(&bytes(&from)?, &read);
    let start = start.map_err(|why| told(&from, why.to_string()))?;
    Ok((read, start))
}

/// Whether an answer keeps the rules, and its order leads to it.
fn prove(model: &Model, from: &[u32], to: &[u32], order: &Order) -> Result<(), String> {
    if let Some(fault) = faults(model, from, to).first() {
        return Err(format!("the answer breaks a rule: {fault:?}"));
    }
    match replay(model, from, &moves(order))? == to {
        true => Ok(()),
        false => Err("the moves do not lead to the answer".into()),
    }
}

/// The processor time of all threads so far; Linux counts it in hundredths of a second.
fn cpu_time() -> Duration {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks = fields.skip(11).take(2).filter_map(|it| it.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// How far a cost is above another.
fn percent(cost: f64, other: f64) -> f64 {
    100.0 * (cost - other) / other.max(1.0)
}

/// What the command line asks for.
struct Asked {
    time: Duration,
    seed: u64,
    threads: usize,
    only: Vec<String>,
}

impl Asked {
    fn read(mut args: impl Iterator<Item = String>) -> Result<Asked, String> {
        let time = Duration::from_secs(300);
        let mut asked = Asked { time, seed: 1, threads: 2, only: Vec::new() };
        while let Some(name) = args.next() {
            if !name.starts_with('-') {
                asked.only.push(name);
                continue;
            }
            let value = args.next().ok_or(format!("{name} needs a value"))?;
            let number = value.parse().map_err(|_| format!("{name} {value}: not a number"))?;
            match name.as_str() {
                "-t" => asked.time = Duration::from_secs(number),
                "-s" => asked.seed = number,
                "--threads" => asked.threads = number as usize,
                other => return Err(format!("{other} is not known")),
            }
        }
        Ok(asked)
    }

    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|it| it == name)
    }
}
