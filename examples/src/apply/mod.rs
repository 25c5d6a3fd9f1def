//! `rackberry apply`: carries out the plan, on a simulated rack, and says what was proved.

mod tell;

use crate::answer::{Answer, Failure};
use crate::args::ApplyArgs;
use crate::file;
use crate::input::Input;
use crate::look::Look;
use crate::plan::verified_from;
use rackberry::exec::{
    Disk, End, Entry, Events, Fleet, Journal, Opened, Outcome, Patience, Stop, execute,
};
use rackberry::plan::{Plan, Resolved};
use rackberry::testkit::World;
use rackberry::world;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;
use tell::Teller;
use tokio::sync::mpsc::unbounded_channel;

/// How often at the most it is looked, planned and carried out.
const ROUNDS: usize = 200;

/// The rounds that may pass with nothing proved.
const PATIENT: usize = 12;

/// What a simulated rack is waited for: its time passes when it is looked at.
const SIMULATED: Patience = Patience {
    least: Duration::from_millis(200),
    factor: 0,
    pause: Duration::from_micros(200),
    longest: Duration::from_millis(2),
};

/// What `apply` answers: what is so in the end.
pub(crate) fn run(args: &ApplyArgs, look: &Look) -> Result<Answer, Failure> {
    let input = Input::read(&args.file)?;
    let rack = input.resolve(look)?;
    if !args.world {
        let text = "no device of this rack can be driven yet: --world carries the plan out on a simulated one";
        return Err(Failure::Missing(text.into()));
    }
    let path = args.journal.clone().unwrap_or_else(|| journal_of(&rack));
    let opened = Disk::open(&path).map_err(|it| file::failure("open the journal", &path, &it))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|it| Failure::File(format!("cannot begin: {it}")))?;
    runtime.block_on(apply(args, look, (&input, &rack), opened))
}

/// The journal of a rack, in the folder at hand.
fn journal_of(rack: &Resolved) -> PathBuf {
    PathBuf::from(format!("{}.journal", rack.rack.rack))
}

/// A run that looks, plans and carries out until nothing is left to do.
struct Run<'a> {
    rack: &'a Resolved,
    input: &'a Input,
    fleet: Fleet,
    journal: Disk,
    stop: Stop,
    teller: Teller<'a>,
    idle: usize,
}

async fn apply(
    args: &ApplyArgs,
    look: &Look,
    (input, rack): (&Input, &Resolved),
    opened: Opened,
) -> Result<Answer, Failure> {
    let teller = Teller { look, json: args.json };
    teller.before(&opened);
    let fleet = world::fleet(&room(args, rack), rack);
    let stop = Stop::default();
    let ctrl_c = stop.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            ctrl_c.set();
        }
    });
    let mut run = Run { rack, input, fleet, journal: opened.journal, stop, teller, idle: 0 };
    for round in 0..ROUNDS {
        let plan = run.plan().await?;
        if plan.steps.is_empty() && plan.unreached.is_empty() {
            return Ok(run.teller.done(rack, round, plan.blocked.len()));
        }
        if round == 0 && !agreed(args, &plan)? {
            return Ok(Answer::new("nothing was done\n".into()));
        }
        let outcome = run.carry_out(&plan).await?;
        if let Some(answer) = run.over(&plan, &outcome) {
            return Ok(answer);
        }
    }
    Ok(Answer { status: 1, ..run.teller.given_up() })
}

/// The simulated rack, with all that is to go wrong on it.
fn room(args: &ApplyArgs, rack: &Resolved) -> World {
    let world = world::simulate(rack).with_latency(args.latency);
    args.fault.iter().fold(world, |world, it| world.with_fault(it.call, it.fault))
}

/// Shows how much there is to do, and asks, where there is somebody to ask.
fn agreed(args: &ApplyArgs, plan: &Plan) -> Result<bool, Failure> {
    if args.yes || !io::stdin().is_terminal() {
        return Ok(true);
    }
    let failed = |it: io::Error| Failure::File(format!("cannot ask: {it}"));
    let mut out = io::stderr();
    let text = plan.runbook().to_string();
    let summary: Vec<&str> = text.lines().skip(2).take_while(|it| !it.is_empty()).collect();
    write!(out, "{}\nGo on? [y/N] ", summary.join("\n")).map_err(failed)?;
    out.flush().map_err(failed)?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(failed)?;
    Ok(matches!(line.trim(), "y" | "Y" | "yes"))
}

impl Run<'_> {
    /// Looks, and plans from what is seen; the plan has passed its verification.
    async fn plan(&self) -> Result<Plan, Failure> {
        let seen = self.fleet.observe().await.seen;
        Ok(verified_from(self.rack, &seen, self.input, self.teller.look)?.1)
    }

    async fn carry_out(&mut self, plan: &Plan) -> Result<Outcome, Failure> {
        let began = Entry::Began { rack: self.rack.rack.rack.clone(), steps: plan.steps.len() };
        self.write(&began)?;
        let outcome = self.watched(plan).await;
        let (proved, unproved) = (outcome.proved.len(), outcome.unproved.len());
        self.write(&Entry::Ended { proved, unproved })?;
        Ok(outcome)
    }

    /// Carries a plan out, and tells what happens.
    async fn watched(&mut self, plan: &Plan) -> Outcome {
        let (sender, mut events) = unbounded_channel();
        let to = Events::to(sender);
        let work = execute(plan, &self.fleet, &mut self.journal, SIMULATED, &self.stop, &to);
        tokio::pin!(work);
        let outcome = loop {
            tokio::select! {
                biased;
                Some(event) = events.recv() => self.teller.event(plan, &event),
                outcome = &mut work => break outcome,
            }
        };
        while let Ok(event) = events.try_recv() {
            self.teller.event(plan, &event);
        }
        outcome
    }

    fn write(&mut self, entry: &Entry) -> Result<(), Failure> {
        let failed = |it: io::Error| Failure::File(format!("cannot write the journal: {it}"));
        self.journal.append(entry).map_err(failed)
    }

    /// The answer, where there is no use in going on.
    fn over(&mut self, plan: &Plan, outcome: &Outcome) -> Option<Answer> {
        self.idle = if outcome.proved.is_empty() { self.idle + 1 } else { 0 };
        match outcome.end {
            End::Stopped => Some(self.teller.stopped(plan, outcome)),
            End::Unwritten => Some(self.teller.short(plan, outcome)),
            End::Done | End::Short if self.idle > PATIENT => Some(self.teller.short(plan, outcome)),
            End::Done | End::Short => None,
        }
    }
}
