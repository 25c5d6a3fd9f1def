//! Solves an instance of the ROADEF/EURO challenge 2012, with the challenge's own command line:
//! `reassign -t SECONDS -p MODEL -i ASSIGNMENT -o OUT -s SEED [--threads N] [--tries N]
//! [--order MOVES]`.
//!
//! Better costs are told on standard error as they are found; at the end the cost, its parts and
//! the lower bound. With `--tries` instead of time the answer is the same on every run.
//!
//! With `--order` the moves are written as well, in waves that never make a machine too full: a
//! line of `wave process from to` for each. The answer is then one that they lead to.

use rackberry::sched::{HopKind, Orderable, Patience, Solution, anneal, bound, orderable};
use rackberry_benches::challenge::{
    Instance, assignment, faults, moves, open, parts, read_moves, replay, waves_at_least,
    write_moves,
};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("reassign: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let begin = Instant::now();
    let asked = Asked::read(env::args().skip(1))?;
    let instance = open(asked.model.as_ref(), asked.assignment.as_ref())?;
    // What is left is for writing the answer.
    let deadline = begin + asked.time.mul_f64(0.99);
    let patience = Patience {
        seed: asked.seed,
        tries: asked.tries,
        deadline: Some(deadline).filter(|_| asked.tries.is_none()),
        threads: asked.threads,
        ..Patience::default()
    };
    let found = anneal(&instance.checked, &instance.start(), patience, &mut |better| {
        eprintln!("{:.1} s: {}", begin.elapsed().as_secs_f64(), better.cost.soft() / 1000);
    });
    let to = match &asked.order {
        Some(path) => ordered(&instance, &found, path)?,
        None => assignment(&found.at),
    };
    let text: Vec<String> = to.iter().map(u32::to_string).collect();
    fs::write(&asked.out, text.join(" "))
        .map_err(|why| format!("cannot write {}: {why}", asked.out))?;
    tell(&instance, &to)
}

/// Writes the way to a solution, or to one near it if there is none, and returns where it ends.
fn ordered(instance: &Instance, found: &Solution, path: &str) -> Result<Vec<u32>, String> {
    let begin = Instant::now();
    let Instance { model, from, checked } = instance;
    let Orderable { solution, order } = orderable(checked, &instance.start(), &found.at, &[], &[]);
    let took = begin.elapsed();
    let to = assignment(&solution.at);
    fs::write(path, write_moves(&moves(&order)))
        .map_err(|why| format!("cannot write {path}: {why}"))?;
    let text = fs::read_to_string(path).map_err(|why| format!("cannot read {path}: {why}"))?;
    let written = read_moves(&text).map_err(|why| format!("{path}: {why}"))?;
    if replay(model, from, &written).map_err(|why| format!("{path}: {why}"))? != to {
        return Err(format!("{path}: the moves do not lead to the answer"));
    }
    let aside = order.waves.iter().flatten().filter(|it| it.kind == HopKind::ToTemporary).count();
    let held = solution.at.iter().zip(&found.at).filter(|(is, wish)| is != wish).count();
    println!("unordered {}", parts(model, from, &assignment(&found.at)).total());
    println!(
        "waves {} at-least {} moves {} temporary {aside} held {held} ordered-in {:.3} s",
        order.waves.len(),
        waves_at_least(model, from, &to),
        written.len(),
        took.as_secs_f64()
    );
    Ok(to)
}

fn tell(instance: &Instance, to: &[u32]) -> Result<(), String> {
    let Instance { model, from, checked } = instance;
    let parts = parts(model, from, to);
    println!("cost {}", parts.total());
    println!(
        "load {} balance {} process {} service {} machine {}",
        parts.load, parts.balance, parts.process, parts.service, parts.machine
    );
    let bound = i128::from(bound(checked) / 1000);
    let gap = (parts.total() - bound) as f64 * 100.0 / bound.max(1) as f64;
    println!("bound {bound} gap {gap:.4} %");
    match faults(model, from, to).first() {
        Some(fault) => Err(format!("the answer breaks a rule: {fault:?}")),
        None => Ok(()),
    }
}

/// What the command line asks for.
#[derive(Default)]
struct Asked {
    time: Duration,
    model: String,
    assignment: String,
    out: String,
    seed: u64,
    threads: usize,
    tries: Option<u64>,
    order: Option<String>,
}

impl Asked {
    fn read(args: impl Iterator<Item = String>) -> Result<Asked, String> {
        let mut asked = Asked { time: Duration::from_secs(300), threads: 1, ..Asked::default() };
        let mut args = args;
        while let Some(name) = args.next() {
            let value = args.next().ok_or(format!("{name} needs a value"))?;
            let number =
                || value.parse::<u64>().map_err(|_| format!("{name} {value}: not a number"));
            match name.as_str() {
                "-t" => asked.time = Duration::from_secs(number()?),
                "-p" => asked.model = value,
                "-i" => asked.assignment = value,
                "-o" => asked.out = value,
                "-s" => asked.seed = number()?,
                "--threads" => asked.threads = number()? as usize,
                "--tries" => asked.tries = Some(number()?),
                "--order" => asked.order = Some(value),
                other => return Err(format!("{other} is not known")),
            }
        }
        let files = [("-p", &asked.model), ("-i", &asked.assignment), ("-o", &asked.out)];
        match files.iter().find(|it| it.1.is_empty()) {
            Some((name, _)) => Err(format!("{name} is missing")),
            None => Ok(asked),
        }
    }
}
