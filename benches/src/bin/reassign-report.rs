//! Solves every instance of the ROADEF/EURO challenge 2012 that is there, or those that are named,
//! and prints a table:
//! `reassign-report [-t SECONDS] [-s SEED] [--threads N] [--chart OUT.svg] [INSTANCE...]`.
//!
//! An instance that cannot be read or solved has a line that says why, and the others go on. With
//! `--chart`, how the costs fell over the seconds is drawn as well.
//!
//! Instances are `model_NAME.txt` and `assignment_NAME.txt` in `reassignment` under
//! `RACKBERRY_DATA` (`../shared/data` if that is not set). Every answer is counted and checked
//! without the code that found it, and its order is replayed.

use rackberry::sched::{Order, Orderable, Patience, Solution, anneal, bound, orderable};
use rackberry_benches::challenge::{
    Course, Instance, assignment, falls, faults, moves, open, parts, published, replay,
};
use rackberry_benches::cpu;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs};

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
    let names = if asked.only.is_empty() { names(&folder)? } else { asked.only.clone() };
    println!("| instance | cost | to published | to bound | score | moves | stuck | waves | CPU |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    let (mut scores, mut courses) = (Vec::new(), Vec::new());
    for name in &names {
        match solve(&folder, name, &asked) {
            Ok(solved) => {
                println!("{}", solved.line());
                scores.extend(solved.score());
                courses.push(solved.course);
            }
            Err(why) => println!("| {name} | failed: {why} | | | | | | | |"),
        }
    }
    println!("\nSum of {} scores: {:.4}", scores.len(), scores.iter().sum::<f64>());
    if let Some(path) = &asked.chart {
        fs::write(path, falls(&courses)).map_err(|why| format!("cannot write {path}: {why}"))?;
    }
    match names.len() - courses.len() {
        0 => Ok(()),
        failed => Err(format!("{failed} of {} instances failed", names.len())),
    }
}

/// The instances of which a file is in a folder, in order.
fn names(folder: &Path) -> Result<Vec<String>, String> {
    let cannot = |why| format!("cannot read {}: {why}", folder.display());
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let name = entry.map_err(cannot)?.file_name().to_string_lossy().into_owned();
        let name = name.strip_suffix(".txt").and_then(|name| {
            name.strip_prefix("model_").or_else(|| name.strip_prefix("assignment_"))
        });
        names.extend(name.map(str::to_owned));
    }
    match names.is_empty() {
        true => Err(format!("no instance is in {}", folder.display())),
        false => Ok(names.into_iter().collect()),
    }
}

/// What is told of an instance.
struct Solved {
    name: String,
    cost: f64,
    /// What the first assignment costs, and what none can cost less than.
    reference: f64,
    bound: f64,
    order: Order,
    stuck: usize,
    cpu: Duration,
    course: Course,
}

impl Solved {
    /// The challenge's score, where a cost to compare with is published.
    fn score(&self) -> Option<f64> {
        Some(100.0 * (self.cost - published(&self.name)? as f64) / self.reference)
    }

    fn line(&self) -> String {
        let or_none = |cell: Option<String>| cell.unwrap_or_else(|| "-".into());
        let gap = |other: f64| format!("{:+.4} %", 100.0 * (self.cost - other) / other.max(1.0));
        format!(
            "| {} | {:.0} | {} | {} | {} | {} | {} | {} | {:.1} s |",
            self.name,
            self.cost,
            or_none(published(&self.name).map(|cost| gap(cost as f64))),
            gap(self.bound),
            or_none(self.score().map(|score| format!("{score:+.4}"))),
            self.order.waves.iter().map(Vec::len).sum::<usize>(),
            self.stuck,
            self.order.waves.len(),
            self.cpu.as_secs_f64(),
        )
    }
}

/// Solves one instance, orders its moves, and checks both.
fn solve(folder: &Path, name: &str, asked: &Asked) -> Result<Solved, String> {
    let (begin, cpu) = (Instant::now(), cpu::of_process());
    let file = |kind: &str| folder.join(format!("{kind}_{name}.txt"));
    let instance = open(&file("model"), &file("assignment"))?;
    let (found, course) = search(&instance, name, asked, begin);
    let cpu = cpu::of_process() - cpu;
    let Instance { model, from, checked } = &instance;
    let Orderable { solution, order } = orderable(checked, &instance.start(), &found.at, &[], &[]);
    let to = assignment(&solution.at);
    prove(&instance, &to, &order)?;
    let stuck = solution.at.iter().zip(&found.at).filter(|(is, wish)| is != wish).count();
    Ok(Solved {
        name: name.to_owned(),
        cost: parts(model, from, &to).total() as f64,
        reference: parts(model, from, from).total() as f64,
        bound: bound(checked) as f64 / 1000.0,
        order,
        stuck,
        cpu,
        course,
    })
}

/// Searches until the time is up, and takes note of what is found when.
fn search(instance: &Instance, name: &str, asked: &Asked, begin: Instant) -> (Solution, Course) {
    let patience = Patience {
        seed: asked.seed,
        deadline: Some(begin + asked.time.mul_f64(0.99)),
        threads: asked.threads,
        ..Patience::default()
    };
    let reference = parts(&instance.model, &instance.from, &instance.from).total();
    let mut steps = vec![(0.0, reference as f64)];
    let found = anneal(&instance.checked, &instance.start(), patience, &mut |better| {
        steps.push((begin.elapsed().as_secs_f64(), better.cost.soft() as f64 / 1000.0));
    });
    let end = begin.elapsed().as_secs_f64();
    (found, Course { instance: name.to_owned(), steps, end })
}

/// Whether an answer keeps the rules, and its order leads to it.
fn prove(instance: &Instance, to: &[u32], order: &Order) -> Result<(), String> {
    let Instance { model, from, .. } = instance;
    if let Some(fault) = faults(model, from, to).first() {
        return Err(format!("the answer breaks a rule: {fault:?}"));
    }
    match replay(model, from, &moves(order))? == to {
        true => Ok(()),
        false => Err("the moves do not lead to the answer".into()),
    }
}

/// What the command line asks for.
struct Asked {
    time: Duration,
    seed: u64,
    threads: usize,
    chart: Option<String>,
    only: Vec<String>,
}

impl Asked {
    fn read(mut args: impl Iterator<Item = String>) -> Result<Asked, String> {
        let time = Duration::from_secs(300);
        let mut asked = Asked { time, seed: 1, threads: 2, chart: None, only: Vec::new() };
        while let Some(name) = args.next() {
            if !name.starts_with('-') {
                asked.only.push(name);
                continue;
            }
            let value = args.next().ok_or(format!("{name} needs a value"))?;
            let number = || value.parse().map_err(|_| format!("{name} {value}: not a number"));
            match name.as_str() {
                "-t" => asked.time = Duration::from_secs(number()?),
                "-s" => asked.seed = number()?,
                "--threads" => asked.threads = number()? as usize,
                "--chart" => asked.chart = Some(value),
                other => return Err(format!("{other} is not known")),
            }
        }
        Ok(asked)
    }
}
