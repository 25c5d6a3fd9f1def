//! Racks from bare boards to the described state, on a simulated rack: through every single fault, and as they grow.
//!
//! `cargo run --release -p rackberry-benches --bin bringup` loses every call of each rack that people run in turn (the
//! order, the answer), refuses it, answers it with garbage and late, and counts what the simulated rack has to say of
//! the end. Then it brings up synthetic racks of 10, 100 and 1,000 nodes, and prints the seconds of CPU. `faults` or
//! `scale` behind it does one of both.

use rackberry::exec::{Finish, Fleet, How, Memory, Patience};
use rackberry::plan::{Observed, Resolved, Source, plan_from};
use rackberry::testkit::Fault;
use rackberry::world::{fleet, simulate};
use std::error::Error;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;
use tokio::runtime::Runtime;

#[path = "../../../crates/rackberry/tests/it/judge.rs"]
mod judge;
use judge::judge;

const FAULTS: [Fault; 5] =
    [Fault::LostOrder, Fault::LostAnswer, Fault::Refused, Fault::Garbage, Fault::Slow];

const RACKS: [&str; 5] =
    ["lifeboat", "two-dozen", "proxmox-talos", "talos-managed", "k3s-expansion"];

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let only = std::env::args().nth(1);
    if only.as_deref() != Some("scale") {
        let heads = ["calls", "runs", "rounds", "wrong ends", "seconds"];
        println!("{:>15} {}", "rack", heads.map(|it| format!("{it:>10}")).concat());
        RACKS.iter().try_for_each(|it| faults(it))?;
    }
    if only.as_deref() != Some("faults") {
        let heads = ["steps", "calls", "seconds", "growth"];
        println!("{:>15} {}", "nodes", heads.map(|it| format!("{it:>10}")).concat());
        let mut last = None;
        for nodes in [10, 100, 1000] {
            last = Some(runtime()?.block_on(scale(nodes, last))?);
        }
    }
    Ok(())
}

fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()
}

fn faults(name: &str) -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples/racks")
        .join(format!("{name}.yaml"));
    let (rack, _) = Source::read(name, &std::fs::read(path)?)?;
    let rack = rack.resolve().map_err(|it| it[0].reason.clone())?;
    let world = simulate(&rack);
    runtime()?.block_on(converge(&rack, &fleet(&world, &rack)))?;
    let (calls, start) = (world.calls(), Instant::now());
    let all = FAULTS.into_iter().flat_map(|fault| (1..=calls).map(move |call| (fault, call)));
    let ends = Mutex::new((all, 0, 0));
    let next = || ends.lock().unwrap_or_else(PoisonError::into_inner);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                let Ok(runtime) = runtime() else { return };
                loop {
                    let Some((fault, call)) = next().0.next() else { break };
                    let (rounds, wrong) = runtime.block_on(survive(&rack, call, fault));
                    wrong.iter().for_each(|it| eprintln!("{name}: {fault:?} at call {call}: {it}"));
                    let mut ends = next();
                    ends.1 = rounds.max(ends.1);
                    ends.2 += usize::from(!wrong.is_empty());
                }
            });
        }
    });
    let (runs, took) = (calls * FAULTS.len(), start.elapsed().as_secs_f64());
    let (most, wrong) = {
        let ends = next();
        (ends.1, ends.2)
    };
    println!("{name:>15} {calls:>10}{runs:>10}{most:>10}{wrong:>10}{took:>10.1}");
    Ok(())
}

/// Brings a rack up through one fault. Returns the rounds that took, and what is wrong then.
async fn survive(rack: &Resolved, call: usize, fault: Fault) -> (usize, Vec<String>) {
    let world = simulate(rack).with_fault(call, fault);
    match converge(rack, &fleet(&world, rack)).await {
        Ok(rounds) => (rounds, judge(rack, &world).await),
        Err(why) => (0, vec![why.to_string()]),
    }
}

/// Observes, plans and executes until nothing is left to do. Returns the rounds that took.
async fn converge(rack: &Resolved, fleet: &Fleet) -> Result<usize> {
    let how = How { patience: Patience::NONE, idle: 50, ..How::default() };
    let reached = rackberry::exec::converge(rack, fleet, &mut Memory::default(), &how).await;
    match reached.finish == Finish::Described {
        true => Ok(reached.rounds),
        false => Err(format!("it does not converge: {:?}", reached.finish).into()),
    }
}

async fn scale(nodes: usize, before: Option<f64>) -> Result<f64> {
    let rack = rackberry_benches::synthetic(nodes, nodes);
    let rack = rack.resolve().map_err(|it| it[0].reason.clone())?;
    let steps = plan_from(&rack, &Observed::bare(&rack)).map_err(|it| it.reason)?.1.steps.len();
    let world = simulate(&rack);
    let start = Instant::now();
    converge(&rack, &fleet(&world, &rack)).await?;
    let took = start.elapsed().as_secs_f64();
    let growth = before.map_or("-".into(), |it| format!("{:.1}x", took / it));
    println!("{nodes:>15} {steps:>10}{:>10}{took:>10.2}{growth:>10}", world.calls());
    Ok(took)
}
