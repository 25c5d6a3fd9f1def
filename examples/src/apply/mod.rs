//! `rackberry apply`: carries out the plan, on a simulated rack, and says what was proved.

mod before;
mod consent;
mod doomed;
mod exact;
mod interrupt;
mod keeper;
mod kept;
mod line;
mod progress;
mod screen;
mod tell;

use crate::answer::{Answer, Failure};
use crate::args::{ApplyArgs, Pruned};
use crate::file;
use crate::input::Input;
use crate::look::Look;
use crate::room::{self, SIMULATED};
use consent::Consent;
use doomed::Doomed;
use interrupt::Interrupt;
use keeper::{Keeper, Keeping};
use kept::Head;
use rackberry::core::NodeId;
use rackberry::exec::{
    Disk, Event, Events, Finish, Fleet, How, Journal, Opened, Patience, Reached, Stop, converge,
};
use rackberry::plan::{Observed, Plan, Resolved, plan_pruning};
use rackberry::testkit::World;
use rackberry::world;
use std::env;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::time::Duration;
use tell::Teller;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// How often the lines of a terminal are drawn anew.
const FRAME: Duration = Duration::from_millis(80);

/// What is to be carried out, and on what.
struct Job<'a> {
    args: &'a ApplyArgs,
    look: &'a Look,
    input: Input,
    rack: Resolved,
    /// What the simulated rack begins as; bare boards where there is none.
    from: Option<Resolved>,
    /// The plan to carry out, where it is not to be made.
    exact: Option<Plan>,
    journal: PathBuf,
    /// Where the simulated rack is kept, and as what it begins.
    file: PathBuf,
    head: Head,
    /// The rack as the last run left it, if there is one to go on with.
    kept: Option<World>,
}

/// What `apply` answers: what is so in the end.
pub(crate) fn run(args: &ApplyArgs, look: &Look) -> Result<Answer, Failure> {
    let input = Input::read(&args.file)?;
    let rack = input.resolve(look)?;
    can_begin(args, &rack)?;
    let from = args.from.as_deref().map(|it| Input::read(it)?.resolve(look)).transpose()?;
    let exact = args.plan.as_deref().map(exact::read).transpose()?;
    let path = args.journal.clone().unwrap_or_else(|| journal_of(&rack));
    // Whoever holds the journal holds the rack beside it.
    let opened = Disk::open(&path, &rack.rack.rack)
        .map_err(|it| file::failure("open the journal", &path, &it))?;
    let (file, head) = (kept::beside(&path), head(&rack, from.as_ref()));
    let kept = if args.fresh { None } else { kept::read(&file, &head)? };
    // What it began as stays so, also where the rack file does not name all of it any more.
    let (head, kept) = kept.map_or((head, None), |(head, world)| (head, Some(world)));
    let job = Job { args, look, input, rack, from, exact, journal: path, file, head, kept };
    room::block_on(apply(&job, opened))?
}

/// What the simulated rack begins as.
fn head(rack: &Resolved, from: Option<&Resolved>) -> Head {
    let began = match from {
        None => world::blueprint(rack),
        Some(from) => room::together(from, rack),
    };
    Head { rack: rack.rack.rack.clone(), began }
}

/// The journal of a rack, in the folder at hand.
fn journal_of(rack: &Resolved) -> PathBuf {
    PathBuf::from(format!("{}.journal", rack.rack.rack))
}

/// Whether there is somebody to ask, and whether what is to lose its power is there.
fn can_begin(args: &ApplyArgs, rack: &Resolved) -> Result<(), Failure> {
    let mut kills = args.kill_node.iter().map(|it| &it.node);
    if let Some(node) = kills.find(|it| rack.node(it).is_none()) {
        return Err(Failure::Missing(format!("--kill-node: the rack file has no node {node}")));
    }
    if !args.yes && !io::stdin().is_terminal() {
        let text = "nothing was done: apply asks before it begins, and there is no terminal to ask on; \
                    --yes begins without asking";
        return Err(Failure::Missing(text.into()));
    }
    Ok(())
}

async fn apply(job: &Job<'_>, opened: Opened) -> Result<Answer, Failure> {
    let world = simulated(job).await?;
    let (fleet, begin) = (world::fleet(&world, &job.rack), world.calls());
    let (notes_to, notes) = unbounded_channel();
    let interrupt = Interrupt::listen(notes_to.clone());
    let mut teller = Teller::new(job.look, job.args.json, interrupt.clone());
    teller.before(&opened, job);
    let consent = Consent::new(job, interrupt.clone());
    let keeper = Keeper::new(&job.file, &world, &job.head)?;
    let journal = Keeping { journal: opened.journal, keeper: &keeper };
    let mut journal = Doomed::new(journal, &world, kills(job, &world), notes_to);
    journal.strike();
    let work = carried_out(job, &fleet, &mut journal, (&consent, &interrupt.stop));
    let reached = watched(work, notes, &mut teller, &keeper).await;
    journal.spared().iter().chain(&unmet(job, begin, world.calls())).for_each(|it| teller.note(it));
    teller.end(&reached);
    consent.failed()?;
    keeper.end()?;
    let answer = match &job.exact {
        Some(_) => exact::answer(job, &teller, &reached, &fleet).await,
        None => answer(job, (&teller, &world), &reached),
    };
    answer.map(|it| teller.told(it, &job.journal))
}

/// The faults that the run has ended before.
fn unmet(job: &Job<'_>, begin: usize, end: usize) -> Vec<tell::Note> {
    let calls = end - begin;
    let late = job.args.fault.iter().filter(|it| it.call > calls);
    late.map(|it| tell::Note::Unmet { call: it.call, calls }).collect()
}

/// The work, and what it tells meanwhile.
fn carried_out<'a>(
    job: &'a Job<'_>,
    fleet: &'a Fleet,
    journal: &'a mut dyn Journal,
    (consent, stop): (&'a Consent<'_>, &'a Stop),
) -> (impl Future<Output = Reached> + 'a, UnboundedReceiver<Event>) {
    let (events_to, events) = unbounded_channel();
    let work = async move {
        let prune = Pruned::together(&job.args.prune);
        let plan = |rack: &Resolved, seen: &Observed| match &job.exact {
            Some(plan) => Ok(plan.clone()),
            None => plan_pruning(rack, seen, prune).map(|it| it.1),
        };
        let how = How {
            patience: patience(job.args),
            stop: stop.clone(),
            asked: asked(job),
            events: Events::to(events_to),
            rounds: if job.exact.is_some() { 1 } else { How::default().rounds },
            plan: &plan,
            agree: &|round, plan| consent.agrees(round, plan),
            ..How::default()
        };
        converge(&job.rack, fleet, journal, &how).await
    };
    (work, events)
}

/// What is asked for, as the journal tells it.
fn asked(job: &Job<'_>) -> String {
    let words: Vec<String> = env::args_os().skip(1).map(|it| it.display().to_string()).collect();
    let on = match &job.kept {
        None => format!("that begins with {}", consent::begins(job)),
        Some(_) => "as the last run left it".into(),
    };
    format!("rackberry {}, on a simulated rack {on}", words.join(" "))
}

/// What a simulated rack is waited for, at the pace and for the latency that are asked for: an order that only takes its
/// time is not to be sent again.
fn patience(args: &ApplyArgs) -> Patience {
    let looks =
        u32::try_from(args.latency).unwrap_or(u32::MAX).saturating_mul(4).saturating_add(20);
    let slow = Patience { looks: SIMULATED.looks.max(looks), ..SIMULATED };
    match args.pace {
        None => slow,
        Some(pace) => Patience { first: pace, pause: pace, longest: pace, ..slow },
    }
}

/// The simulated rack, with all that is to go wrong on it.
async fn simulated(job: &Job<'_>) -> Result<World, Failure> {
    let world = match (&job.kept, &job.from) {
        (Some(kept), _) => kept.clone(),
        (None, None) => world::simulate(&job.rack),
        (None, Some(from)) => {
            let world = World::new(job.head.began.clone());
            room::raise(&world, from).await?;
            world
        }
    };
    let (begin, world) = (world.calls(), world.with_latency(job.args.latency));
    let faults = job.args.fault.iter();
    Ok(faults.fold(world, |world, it| world.with_fault(begin.saturating_add(it.call), it.fault)))
}

fn kills(job: &Job<'_>, world: &World) -> Vec<doomed::Kill> {
    let begin = world.calls();
    let guest = |it: &NodeId| job.rack.node(it).is_some_and(|at| job.rack.nodes[at].host.is_some());
    let kill = |it: &crate::args::Kill| {
        let (node, at) = (it.node.clone(), begin.saturating_add(it.after));
        doomed::Kill { guest: guest(&node), node, at }
    };
    job.args.kill_node.iter().map(kill).collect()
}

/// Does the work, and tells what happens.
async fn watched(
    (work, mut events): (impl Future<Output = Reached>, UnboundedReceiver<Event>),
    mut notes: UnboundedReceiver<tell::Note>,
    teller: &mut Teller<'_>,
    keeper: &Keeper<'_>,
) -> Reached {
    tokio::pin!(work);
    let mut frames = tokio::time::interval(FRAME);
    let reached = loop {
        tokio::select! {
            biased;
            Some(event) = events.recv() => teller.event(&event),
            Some(note) = notes.recv() => teller.note(&note),
            _ = frames.tick() => {
                keeper.glance();
                teller.draw();
            }
            reached = &mut work => break reached,
        }
    };
    while let Ok(event) = events.try_recv() {
        teller.event(&event);
    }
    while let Ok(note) = notes.try_recv() {
        teller.note(&note);
    }
    reached
}

/// What is so in the end.
fn answer(
    job: &Job<'_>,
    (teller, world): (&Teller<'_>, &World),
    reached: &Reached,
) -> Result<Answer, Failure> {
    match &reached.finish {
        Finish::Described => Ok(teller.done(&job.rack, reached)),
        Finish::Declined => Ok(teller.declined(reached)),
        Finish::Stopped => Ok(teller.stopped(reached)),
        Finish::Stuck => Ok(teller.short("not as described", &help(job, world), reached)),
        Finish::Endless => {
            let help = "run it again to go on from there";
            Ok(teller.short("not as described, and never done", help, reached))
        }
        Finish::Unwritten(why) => Err(unwritten(why)),
        Finish::Unplanned(why) => Err(job.input.refused(std::slice::from_ref(why), job.look)),
        Finish::Refused(why) => Err(Failure::Defect(why.iter().map(ToString::to_string).collect())),
    }
}

/// What would help where round after round proved nothing: to run it again alone does not.
fn help(job: &Job<'_>, world: &World) -> String {
    let nodes = job.rack.nodes.iter().map(|it| &it.id);
    let dead: Vec<&str> = nodes.filter(|it| world.is_unplugged(it)).map(NodeId::as_str).collect();
    match dead.as_slice() {
        [] => "see to what is said here, and run it again".into(),
        dead => format!(
            "{} lost power for good, and to run it again does not help: --fresh begins with a whole rack",
            dead.join(", ")
        ),
    }
}

fn unwritten(why: &str) -> Failure {
    Failure::File(format!("cannot write the journal, so nothing more was sent: {why}"))
}
