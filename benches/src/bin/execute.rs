//! What the executor and its journal cost by themselves, beside what the devices and the disk take.
//!
//! `cargo run --release -p rackberry-benches --bin execute` carries out a plan of 1,000 steps on devices that answer at
//! once, with a journal in memory; and appends to a journal on disk: in memory (/dev/shm), where to sync costs nothing,
//! and in the temporary folder. Each figure is the median of its runs.

use async_trait::async_trait;
use rackberry::core::{Digest, Error, JoinTicket, Manifest, Milliwatts, NodeConfig, Result};
use rackberry::core::{NodeId, Power, PowerCtl, Seconds, WorkloadId};
use rackberry::exec::{
    Device, Disk, End, Entry, Events, Fleet, Journal, Memory, Node, Outlet, Patience, Render, Stop,
    execute,
};
use rackberry::plan::{Action, Fact, Plan, Step, Wave};
use rackberry::testkit::{Blueprint, World};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

const STEPS: usize = 1000;
const RUNS: usize = 31;
const LIMIT: f64 = 100.0;

type Anything<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Anything<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    println!("microseconds");
    for (name, on) in
        [("a step that is sent and proved", false), ("a step that is so already", true)]
    {
        let mut all = Vec::new();
        for _ in 0..RUNS {
            all.push(runtime.block_on(steps(on))?);
        }
        println!("{name:>32} {:>8.2}  limit {LIMIT}", median(all));
    }
    for (name, folder, appends) in [
        ("an append, to /dev/shm", PathBuf::from("/dev/shm"), 10_000),
        ("an append, to the temporary disk", std::env::temp_dir(), 200),
    ] {
        let all: Anything<Vec<f64>> = (0..RUNS).map(|_| append(&folder, appends)).collect();
        println!("{name:>32} {:>8.2}", median(all?));
    }
    Ok(())
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// The microseconds that a step takes on outlets that are off, or on already.
async fn steps(on: bool) -> Anything<f64> {
    let (plan, fleet) = (plan()?, fleet(on)?);
    let (stop, events, mut journal) = (Stop::default(), Events::default(), Memory::default());
    let start = Instant::now();
    let outcome = execute(&plan, &fleet, &mut journal, Patience::NONE, &stop, &events).await;
    let took = start.elapsed();
    if outcome.end != End::Done {
        return Err("not every step was proved".into());
    }
    Ok(took.as_secs_f64() * 1e6 / STEPS as f64)
}

/// The microseconds that a record takes.
fn append(folder: &Path, appends: usize) -> Anything<f64> {
    let path = folder.join(format!("rackberry-bench-{}.journal", std::process::id()));
    let mut journal = Disk::open(&path, "bench")?.journal;
    let entry = Entry::Sending { step: 17, order: "switch compute-17 on".into(), found: None };
    let start = Instant::now();
    (0..appends).try_for_each(|_| journal.append(&entry))?;
    let took = start.elapsed();
    std::fs::remove_file(path.with_extension("journal.holder"))?;
    std::fs::remove_file(path)?;
    Ok(took.as_secs_f64() * 1e6 / appends as f64)
}

fn node(step: usize) -> Anything<NodeId> {
    Ok(format!("compute-{step}").parse()?)
}

fn plan() -> Anything<Plan> {
    let step = |step| {
        let is =
            |power| Ok::<_, Box<dyn std::error::Error>>(Fact::Power { node: node(step)?, power });
        Ok(Step {
            before: vec![is(Power::Off)?],
            action: Action::SetPower { node: node(step)?, power: Power::On },
            after: vec![is(Power::On)?],
            needs: Vec::new(),
            takes: Seconds(0),
        })
    };
    let steps: Anything<Vec<Step>> = (0..STEPS).map(step).collect();
    Ok(Plan { steps: steps?, waves: vec![Wave::default()], ..Plan::default() })
}

fn fleet(on: bool) -> Anything<Fleet> {
    let mut fleet = Fleet::new(Arc::new(Nothing));
    let world = World::new(Blueprint::default());
    for step in 0..STEPS {
        let id = node(step)?;
        let ctl = Arc::new(Button(AtomicBool::new(on)));
        let outlet = Some(Outlet { ctl, on: Device::Node(id.clone()) });
        fleet.nodes.insert(id.clone(), Node { os: world.os(&id), outlet, cluster: None });
    }
    Ok(fleet)
}

/// An outlet that obeys at once.
#[derive(Debug)]
struct Button(AtomicBool);

#[async_trait]
impl PowerCtl for Button {
    async fn power(&self) -> Result<Power> {
        Ok(if self.0.load(Ordering::Relaxed) { Power::On } else { Power::Off })
    }

    async fn set_power(&self, power: Power) -> Result<()> {
        self.0.store(power == Power::On, Ordering::Relaxed);
        Ok(())
    }

    async fn draw(&self) -> Result<Option<Milliwatts>> {
        Ok(None)
    }
}

/// Nothing is configured here.
#[derive(Debug)]
struct Nothing;

#[async_trait]
impl Render for Nothing {
    async fn node(&self, node: &NodeId, _: &Digest, _: Option<&JoinTicket>) -> Result<NodeConfig> {
        Err(Error::not_found(format!("write the configuration of {node}")))
    }

    async fn workload(&self, workload: &WorkloadId, _: &Digest) -> Result<Manifest> {
        Err(Error::not_found(format!("write the manifest of {workload}")))
    }
}
