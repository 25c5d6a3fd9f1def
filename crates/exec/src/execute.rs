use crate::converge::unwritten;
use crate::patience::Wait;
use crate::{Entry, Event, Events, Fleet, Journal, Patience, Stop};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use rackberry_core::{Error, ErrorKind, VlanTable};
use rackberry_plan::{Fact, Headroom, Plan, Step};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use tokio::time::sleep;

/// No more steps than this are in hand at one time.
const IN_HAND: usize = 64;

/// What a run has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// The steps whose proof was seen, by position.
    pub proved: BTreeSet<usize>,
    /// The steps that were begun and not proved.
    pub unproved: Vec<Unproved>,
}

impl Outcome {
    /// What the journal's medium said, where it could not be written.
    pub(crate) fn unwritten(&self) -> Option<&str> {
        self.unproved.iter().find_map(|it| match &it.why {
            Why::Unwritten(why) => Some(why.as_str()),
            Why::Stale(_) | Why::Declined(_) | Why::Late(_) => None,
        })
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Every step is proved.
    Done,
    /// Some are not: observe, and plan again.
    Short,
    /// It was asked to stop, and begun nothing more.
    Stopped,
    /// The journal could not be written; nothing more was sent.
    Unwritten,
}

/// A step that was begun and not proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unproved {
    /// The step.
    pub step: usize,
    /// Why.
    pub why: Why,
}

/// Why a step is not proved.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// The world is not what the plan expected; nothing was sent.
    Stale(
        /// The fact that does not hold.
        Fact,
    ),
    /// The device declined the order, and changed nothing.
    Declined(
        /// Its answer, with all its causes.
        String,
    ),
    /// The order was sent, and is not proved in time.
    Late(
        /// The first fact still missing.
        Fact,
    ),
    /// The journal could not be written; nothing was sent.
    Unwritten(
        /// What the medium says.
        String,
    ),
}

impl Why {
    /// Whether the order may be at work: then the step keeps what it takes of the limits.
    fn leaves_doubt(&self) -> bool {
        match self {
            Self::Late(_) | Self::Unwritten(_) => true,
            Self::Stale(_) | Self::Declined(_) => false,
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale(fact) => write!(f, "it is not so that {fact}: plan again"),
            Self::Declined(why) => f.write_str(why),
            Self::Late(fact) => write!(f, "it was sent, and in time it was not seen that {fact}"),
            Self::Unwritten(why) => write!(f, "the journal cannot be written: {why}"),
        }
    }
}

/// Runs `plan` to its end, or as far as it can be proved.
///
/// Steps run side by side where the plan lets them, and one that is not proved keeps back only what needs it: the
/// wave goes on without, and no further wave is begun. After any end but [`End::Done`], and after a crash,
/// observe and plan again.
pub async fn execute(
    plan: &Plan,
    fleet: &Fleet,
    journal: &mut dyn Journal,
    patience: Patience,
    stop: &Stop,
    events: &Events,
) -> Outcome {
    let pen = Mutex::new(Pen { journal, dry: None });
    let run = Run { plan, fleet, pen, patience, stop, events };
    let mut outcome = Outcome { end: End::Done, proved: BTreeSet::new(), unproved: Vec::new() };
    let mut headroom = Headroom::new(plan);
    for wave in 0..plan.waves.len() {
        run.wave(wave, &mut headroom, &mut outcome).await;
        if outcome.proved.len() < plan.steps_of(wave).end {
            break;
        }
    }
    outcome.end = run.end(&outcome);
    outcome.unproved.sort_by_key(|it| it.step);
    outcome
}

/// What writes the journal.
struct Pen<'j> {
    journal: &'j mut (dyn Journal + 'j),
    /// Why it does not write any more.
    dry: Option<String>,
}

impl Pen<'_> {
    /// Once a record could not be written none is tried again: a step beside it would be sent, if its record were
    /// the one that still fits.
    fn write(&mut self, entry: &Entry) -> Result<(), String> {
        if self.dry.is_none() {
            self.dry = self.journal.append(entry).err().map(|it| unwritten(&it));
        }
        self.dry.clone().map_or(Ok(()), Err)
    }
}

/// All that a step needs to run.
struct Run<'a, 'j> {
    plan: &'a Plan,
    fleet: &'a Fleet,
    pen: Mutex<Pen<'j>>,
    patience: Patience,
    stop: &'a Stop,
    events: &'a Events,
}

impl Run<'_, '_> {
    /// Runs the steps of a wave, each once those that it needs are proved and the limits of the plan let it begin.
    async fn wave(&self, wave: usize, headroom: &mut Headroom<'_>, outcome: &mut Outcome) {
        let mut turns = Turns::new(self.plan, wave);
        let mut running = FuturesUnordered::new();
        loop {
            while running.len() < IN_HAND && !self.is_over(outcome) {
                let Some(step) = turns.next(headroom) else { break };
                running.push(async move { (step, self.step(step).await) });
            }
            let Some((step, ended)) = running.next().await else { return };
            match ended {
                Ok(already) => {
                    headroom.end(step);
                    outcome.proved.insert(step);
                    turns.proved(step);
                    self.events.tell(Event::Proved { step, already });
                }
                Err(why) => {
                    if !why.leaves_doubt() {
                        headroom.end(step);
                    }
                    self.events.tell(Event::Ended { step, why: why.clone() });
                    outcome.unproved.push(Unproved { step, why });
                }
            }
        }
    }

    /// Whether nothing more is to begin.
    fn is_over(&self, outcome: &Outcome) -> bool {
        let last = outcome.unproved.last();
        self.stop.is_set() || last.is_some_and(|it| matches!(it.why, Why::Unwritten(_)))
    }

    /// Looks, sends, and looks until it is proved. Says whether it was so already.
    async fn step(&self, at: usize) -> Result<bool, Why> {
        let step = &self.plan.steps[at];
        self.events.tell(Event::Began { step: at });
        let glance = self.fleet.glance(step.before.iter().chain(&step.after)).await;
        let already = glance.missing(&step.after).is_none();
        if !already {
            if let Some(fact) = glance.missing(&step.before) {
                return Err(Why::Stale(fact.clone()));
            }
            let (order, found) = (step.action.to_string(), found(step));
            self.write(&Entry::Sending { step: at, order, found })?;
            self.events.tell(Event::Sending { step: at });
            match self.fleet.send(step).await {
                Ok(()) => {}
                Err(error) if error.kind().is_uncertain() => {}
                Err(error) => {
                    let why = told(&error);
                    self.write(&Entry::Declined { step: at, why: why.clone() })?;
                    return Err(Why::Declined(why));
                }
            }
            self.prove(step).await?;
        }
        self.write(&Entry::Proved { step: at, already })?;
        Ok(already)
    }

    /// Looks until the step is proved, or patience ends.
    async fn prove(&self, step: &Step) -> Result<(), Why> {
        if !self.patience.first.is_zero() {
            sleep(self.patience.first).await;
        }
        let mut wait = Wait::new(self.patience, self.patience.deadline(step.takes));
        loop {
            let glance = self.fleet.glance(step.after.iter()).await;
            let Some(fact) = glance.missing(&step.after) else { return Ok(()) };
            wait.again().await.map_err(|()| Why::Late(fact.clone()))?;
        }
    }

    fn write(&self, entry: &Entry) -> Result<(), Why> {
        let mut pen = self.pen.lock().unwrap_or_else(PoisonError::into_inner);
        pen.write(entry).map_err(Why::Unwritten)
    }

    fn end(&self, outcome: &Outcome) -> End {
        match outcome.proved.len() == self.plan.steps.len() {
            true => End::Done,
            false if outcome.unwritten().is_some() => End::Unwritten,
            false if self.stop.is_set() => End::Stopped,
            false => End::Short,
        }
    }
}

/// Whose turn it is in a wave.
struct Turns {
    /// Steps that may begin.
    ready: BTreeSet<usize>,
    /// How many of the steps that each one needs are not proved yet.
    unmet: BTreeMap<usize, usize>,
    /// The steps that need each one.
    needed_by: BTreeMap<usize, Vec<usize>>,
}

impl Turns {
    fn new(plan: &Plan, wave: usize) -> Self {
        let steps = plan.steps_of(wave);
        let (mut ready, mut unmet) = (BTreeSet::new(), BTreeMap::new());
        let mut needed_by: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for step in steps.clone() {
            // What earlier waves have done is proved by now.
            let needs: BTreeSet<usize> =
                plan.steps[step].needs.iter().copied().filter(|it| *it >= steps.start).collect();
            needs.iter().for_each(|it| needed_by.entry(*it).or_default().push(step));
            match needs.len() {
                0 => {
                    ready.insert(step);
                }
                many => {
                    unmet.insert(step, many);
                }
            }
        }
        Self { ready, unmet, needed_by }
    }

    /// The first step that may begin, which takes its part of the limits.
    fn next(&mut self, headroom: &mut Headroom<'_>) -> Option<usize> {
        let step = self.ready.iter().copied().find(|it| headroom.admits(*it))?;
        self.ready.remove(&step);
        headroom.begin(step);
        Some(step)
    }

    fn proved(&mut self, step: usize) {
        for next in self.needed_by.remove(&step).unwrap_or_default() {
            let Some(unmet) = self.unmet.get_mut(&next) else { continue };
            *unmet -= 1;
            if *unmet == 0 {
                self.unmet.remove(&next);
                self.ready.insert(next);
            }
        }
    }
}

/// The VLANs that a step replaces.
fn found(step: &Step) -> Option<VlanTable> {
    step.before.iter().find_map(|it| {
        let Fact::Vlans { table, .. } = it else { return None };
        Some(table.clone())
    })
}

/// An error with all its causes, in one line, and with what would help.
fn told(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text += &format!(": {next}");
        cause = next.source();
    }
    if error.kind() == ErrorKind::Denied {
        text += "; look at the credentials";
    }
    text
}
