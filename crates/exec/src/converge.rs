use crate::{
    Device, End, Entry, Event, Events, Fleet, Journal, Outcome, Patience, Sight, Stop, Why, execute,
};
use rackberry_core::{Error, NodeId};
use rackberry_plan::{
    Action, Finding, Observed, Plan, Resolved, Violation, plan_from, verify_from,
};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::Arc;
use tokio::time::sleep;

/// Verifies a plan against what is seen.
pub type Verify<'a> = dyn Fn(&Plan, &Resolved, &Observed) -> Result<(), Vec<Violation>> + Sync + 'a;

/// How a rack is brought to what its file says.
#[derive(Clone)]
pub struct How<'a> {
    /// How long a step is waited for, and how long nothing at all is waited for.
    pub patience: Patience,
    /// Ends it from outside.
    pub stop: Stop,
    /// What the journal is told of who asks for it, and for what.
    pub asked: String,
    /// Where it is told what happens.
    pub events: Events,
    /// How often at the most it is planned and carried out.
    pub rounds: usize,
    /// How many rounds on end may prove nothing.
    pub idle: usize,
    /// Makes the plan of a round from what is seen: [`plan_from`] where nobody else does.
    pub plan: &'a (dyn Fn(&Resolved, &Observed) -> Result<Plan, Finding> + Sync),
    /// Verifies each plan before anything of it is sent: [`verify_from`] where nobody else does.
    pub verify: &'a Verify<'a>,
    /// Looks at each plan that has steps before anything of it is sent. A no ends it.
    pub agree: &'a (dyn Fn(usize, &Plan) -> bool + Sync),
}

impl Default for How<'_> {
    fn default() -> Self {
        Self {
            patience: Patience::default(),
            stop: Stop::default(),
            asked: String::new(),
            events: Events::default(),
            rounds: 200,
            idle: 12,
            plan: &|rack, seen| plan_from(rack, seen).map(|it| it.1),
            verify: &|plan, rack, seen| verify_from(plan, rack, seen).map(drop),
            agree: &|_, _| true,
        }
    }
}

impl fmt::Debug for How<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { patience, stop, asked, events, rounds, idle, .. } = self;
        f.debug_struct("How")
            .field("patience", patience)
            .field("stop", stop)
            .field("asked", asked)
            .field("events", events)
            .field("rounds", rounds)
            .field("idle", idle)
            .finish_non_exhaustive()
    }
}

/// How far it has come.
#[derive(Debug)]
#[must_use]
pub struct Reached {
    /// Why it went no further.
    pub finish: Finish,
    /// How many plans were carried out, or begun.
    pub rounds: usize,
    /// The last plan that passed its verification.
    pub plan: Option<Arc<Plan>>,
    /// What has become of it; none where nothing of it was sent.
    pub outcome: Option<Outcome>,
    /// What did not answer in the last look at everything, and why.
    pub missed: Vec<(Device, Error)>,
}

/// Why a rack is brought no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finish {
    /// All was seen, and nothing is left to do. What cannot be placed is in the plan.
    Described,
    /// Nobody agreed to the plan; nothing of it was sent.
    Declined,
    /// It was asked to stop.
    Stopped,
    /// Round after round proved nothing.
    Stuck,
    /// There is always something left to do.
    Endless,
    /// The journal could not be written; nothing more was sent.
    Unwritten(
        /// What the medium says, and what would help.
        String,
    ),
    /// Nothing can be planned for this rack.
    Unplanned(
        /// Why.
        Finding,
    ),
    /// The plan was refused by its own verification, a defect of the planner; nothing of it was sent.
    Refused(
        /// What it objects to.
        Vec<Violation>,
    ),
}

impl fmt::Display for Finish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Described => f.write_str("nothing is left to do"),
            Self::Declined => f.write_str("nobody agreed to the plan, and nothing of it was sent"),
            Self::Stopped => f.write_str("it was asked to stop"),
            Self::Stuck => f.write_str("round after round proved nothing"),
            Self::Endless => f.write_str("it has had all the rounds that it was given"),
            Self::Unwritten(why) => write!(f, "the journal could not be written: {why}"),
            Self::Unplanned(why) => write!(f, "nothing can be planned: {}", why.reason),
            Self::Refused(why) => {
                let why: Vec<String> = why.iter().map(ToString::to_string).collect();
                write!(f, "the plan was refused: {}", why.join("; "))
            }
        }
    }
}

/// Looks, plans, verifies and carries out, until nothing is left to do or there is no use in going on.
///
/// Every plan is made from a new look at everything, so that it makes no difference where an earlier run has ended.
pub async fn converge(
    rack: &Resolved,
    fleet: &Fleet,
    journal: &mut dyn Journal,
    how: &How<'_>,
) -> Reached {
    let reached =
        Reached { finish: Finish::Endless, rounds: 0, plan: None, outcome: None, missed: vec![] };
    let mut way = Way { rack, fleet, journal, how, reached, idle: 0, waited: BTreeMap::new() };
    way.reached.finish = way.run().await.unwrap_or_else(|unwritten| unwritten);
    way.reached
}

/// A rack on its way.
struct Way<'a, 'j> {
    rack: &'a Resolved,
    fleet: &'a Fleet,
    journal: &'j mut dyn Journal,
    how: &'a How<'a>,
    reached: Reached,
    /// The rounds on end that proved nothing.
    idle: usize,
    /// How often on end each machine was waited for in vain.
    waited: BTreeMap<NodeId, usize>,
}

/// A machine that was waited for so often in vain is left alone, as long as something else can be done.
const OFTEN: usize = 3;

impl Way<'_, '_> {
    /// All rounds, between what the journal is told of the run. Where it cannot be written, that is the finish.
    async fn run(&mut self) -> Result<Finish, Finish> {
        let (rack, what) = (self.rack.rack.rack.clone(), self.how.asked.clone());
        self.write(&Entry::Asked { rack, what })?;
        let mut finish = Finish::Endless;
        while self.reached.rounds < self.how.rounds {
            if let Err(it) = self.round().await {
                finish = it;
                break;
            }
        }
        if let Finish::Unwritten(_) = finish {
            return Err(finish);
        }
        let left = self.reached.plan.as_ref().map_or(0, |it| it.left().len());
        let how = match (&finish, left) {
            (Finish::Described, 1..) => {
                format!("{finish}; what cannot be as the file says: {left}")
            }
            _ => finish.to_string(),
        };
        let described = finish == Finish::Described && left == 0;
        self.write(&Entry::Finished { described, how })?;
        Ok(finish)
    }

    /// One round; it is the last one where it has a finish.
    async fn round(&mut self) -> Result<(), Finish> {
        if self.how.stop.is_set() {
            return Err(Finish::Stopped);
        }
        let plan = self.plan().await?;
        let round = self.reached.rounds;
        self.how.events.tell(Event::Planned { round, plan: Arc::clone(&plan) });
        if is_done(&plan) && self.reached.missed.is_empty() {
            return Err(Finish::Described);
        }
        if !plan.steps.is_empty() && !(self.how.agree)(round, &plan) {
            return Err(Finish::Declined);
        }
        self.reached.rounds += 1;
        self.carry_out(&plan).await?;
        self.rest().await
    }

    /// Looks at everything, and makes a plan from that which has passed its verification.
    async fn plan(&mut self) -> Result<Arc<Plan>, Finish> {
        let Sight { mut seen, missed } = self.fleet.observe().await;
        let silent = self.waited.iter().filter(|it| *it.1 >= OFTEN);
        let why =
            format!("it was waited for {OFTEN} times in vain: look at it, and run this again");
        seen.silent = silent.map(|it| (it.0.clone(), why.clone())).collect();
        self.reached.missed = missed;
        let plan = (self.how.plan)(self.rack, &seen).map_err(Finish::Unplanned)?;
        (self.how.verify)(&plan, self.rack, &seen).map_err(Finish::Refused)?;
        let plan = Arc::new(plan);
        self.reached.plan = Some(Arc::clone(&plan));
        self.reached.outcome = None;
        Ok(plan)
    }

    async fn carry_out(&mut self, plan: &Plan) -> Result<(), Finish> {
        let How { patience, stop, events, .. } = self.how;
        self.write(&Entry::Began { rack: self.rack.rack.rack.clone(), steps: plan.steps.len() })?;
        let outcome = execute(plan, self.fleet, self.journal, *patience, stop, events).await;
        let (end, unwritten) = (outcome.end, outcome.unwritten().map(str::to_owned));
        let (proved, unproved) = (outcome.proved.len(), outcome.unproved.len());
        self.idle = if proved == 0 { self.idle + 1 } else { 0 };
        self.wait_for(plan, &outcome);
        self.reached.outcome = Some(outcome);
        if let Some(why) = unwritten {
            return Err(Finish::Unwritten(why));
        }
        self.write(&Entry::Ended { proved, unproved })?;
        if end == End::Stopped { Err(Finish::Stopped) } else { Ok(()) }
    }

    /// Counts who was waited for in vain. Where nothing is done any more, everybody gets another
    /// chance now and then.
    fn wait_for(&mut self, plan: &Plan, outcome: &Outcome) {
        let machine = |step: usize| plan.steps.get(step).and_then(|it| awaited(&it.action));
        let late = outcome.unproved.iter().filter(|it| matches!(it.why, Why::Late(_)));
        for node in late.filter_map(|it| machine(it.step)) {
            *self.waited.entry(node.clone()).or_default() += 1;
        }
        for node in outcome.proved.iter().filter_map(|it| machine(*it)) {
            self.waited.remove(node);
        }
        if self.idle > 0 && self.idle.is_multiple_of(2 * OFTEN) {
            self.waited.clear();
        }
    }

    /// Waits where nothing was proved: what is not there yet may come by itself.
    async fn rest(&self) -> Result<(), Finish> {
        if self.idle > self.how.idle {
            return Err(Finish::Stuck);
        }
        if self.idle > 0 {
            let Patience { pause, longest, .. } = self.how.patience;
            let times = u32::try_from(self.idle).unwrap_or(u32::MAX);
            sleep(pause.saturating_mul(times).min(longest)).await;
        }
        Ok(())
    }

    fn write(&mut self, entry: &Entry) -> Result<(), Finish> {
        self.journal.append(entry).map_err(|it| Finish::Unwritten(unwritten(&it)))
    }
}

/// The machine that has to come up for an order to be proved.
fn awaited(action: &Action) -> Option<&NodeId> {
    let (Action::SetPower { node, .. }
    | Action::Configure { node, .. }
    | Action::Upgrade { node, .. }
    | Action::Reboot { node, .. }) = action
    else {
        return None;
    };
    Some(node)
}

/// Whether a plan leaves nothing to do.
fn is_done(plan: &Plan) -> bool {
    plan.steps.is_empty() && plan.unreached.is_empty()
}

/// What the medium of a journal says, and what would help.
pub(crate) fn unwritten(error: &io::Error) -> String {
    let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
    match full.contains(&error.kind()) {
        true => format!("{error}: make room, and run it again to go on from there"),
        false => {
            format!("{error}: see to the journal's disk, and run it again to go on from there")
        }
    }
}
