//! `rackberry apply`: carries out the plan, on a simulated rack, and says what was proved.

mod tell;

use crate::answer::{Answer, Failure};
use crate::args::ApplyArgs;
use crate::file;
use crate::input::Input;
use crate::look::Look;
use rackberry::exec::{
    Disk, Event, Events, Finish, How, Opened, Patience, Reached, Stop, converge,
};
use rackberry::plan::{Plan, Resolved};
use rackberry::testkit::World;
use rackberry::world;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tell::Teller;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

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

async fn apply(
    args: &ApplyArgs,
    look: &Look,
    (input, rack): (&Input, &Resolved),
    opened: Opened,
) -> Result<Answer, Failure> {
    let mut teller = Teller { look, json: args.json, plan: Arc::default() };
    teller.before(&opened);
    let (sender, events) = unbounded_channel();
    let (asked, unasked) = (OnceLock::new(), OnceLock::new());
    // What follows the first plan is what is left of it.
    let agree = |_: usize, plan: &Plan| {
        let before = asked.set(()).is_err();
        before || agreed(args, plan).unwrap_or_else(|it| unasked.set(it).is_err())
    };
    let (stop, events_to) = (stop_on_ctrl_c(), Events::to(sender));
    let how = How { patience: SIMULATED, stop, events: events_to, agree: &agree, ..How::default() };
    let (fleet, mut journal) = (world::fleet(&room(args, rack), rack), opened.journal);
    let reached = watched(converge(rack, &fleet, &mut journal, &how), events, &mut teller).await;
    match unasked.into_inner() {
        Some(why) => Err(Failure::File(format!("cannot ask: {why}"))),
        None => answer(&teller, (input, rack), &reached),
    }
}

fn stop_on_ctrl_c() -> Stop {
    let stop = Stop::default();
    let ctrl_c = stop.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            ctrl_c.set();
        }
    });
    stop
}

/// Does the work, and tells what happens.
async fn watched(
    work: impl Future<Output = Reached>,
    mut events: UnboundedReceiver<Event>,
    teller: &mut Teller<'_>,
) -> Reached {
    tokio::pin!(work);
    let reached = loop {
        tokio::select! {
            biased;
            Some(event) = events.recv() => teller.event(event),
            reached = &mut work => break reached,
        }
    };
    while let Ok(event) = events.try_recv() {
        teller.event(event);
    }
    reached
}

/// What is so in the end.
fn answer(
    teller: &Teller<'_>,
    (input, rack): (&Input, &Resolved),
    reached: &Reached,
) -> Result<Answer, Failure> {
    match &reached.finish {
        Finish::Described => Ok(teller.done(rack, reached)),
        Finish::Declined => Ok(Answer::new("nothing was done\n".into())),
        Finish::Stopped => Ok(teller.short("stopped", reached)),
        Finish::Stuck => Ok(teller.short("not as described", reached)),
        Finish::Endless => Ok(teller.short("not as described, and never done", reached)),
        Finish::Unwritten(why) => {
            Err(Failure::File(format!("cannot write the journal, so nothing more was sent: {why}")))
        }
        Finish::Unplanned(why) => Err(input.refused(std::slice::from_ref(why), teller.look)),
        Finish::Refused(why) => Err(Failure::Defect(why.iter().map(ToString::to_string).collect())),
    }
}

/// The simulated rack, with all that is to go wrong on it.
fn room(args: &ApplyArgs, rack: &Resolved) -> World {
    let world = world::simulate(rack).with_latency(args.latency);
    args.fault.iter().fold(world, |world, it| world.with_fault(it.call, it.fault))
}

/// Shows how much there is to do, and asks, where there is somebody to ask.
fn agreed(args: &ApplyArgs, plan: &Plan) -> io::Result<bool> {
    if args.yes || !io::stdin().is_terminal() {
        return Ok(true);
    }
    let mut out = io::stderr();
    let text = plan.runbook().to_string();
    let summary: Vec<&str> = text.lines().skip(2).take_while(|it| !it.is_empty()).collect();
    write!(out, "{}\nGo on? [y/N] ", summary.join("\n"))?;
    out.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(matches!(line.trim(), "y" | "Y" | "yes"))
}
