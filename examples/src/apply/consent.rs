//! What is shown before anything is sent, and whether somebody agrees.

use super::Job;
use super::interrupt::Interrupt;
use crate::answer::Failure;
use crate::look::{Ink, Look};
use rackberry::core::ReplicaRef;
use rackberry::plan::{Action, Plan, Resolved, Step, Unnamed};
use std::collections::BTreeSet;
use std::io::{self, BufRead, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// No more things than this are named of each kind; the runbook has them all.
const NAMED: usize = 12;

/// Asks before the first plan, and before each later one that removes what was not shown yet: what else follows the
/// first plan is what is left of it.
pub(super) struct Consent<'a> {
    job: &'a Job<'a>,
    interrupt: Interrupt,
    so_far: Mutex<SoFar>,
}

#[derive(Default)]
struct SoFar {
    agreed: bool,
    removed: BTreeSet<String>,
    failed: Option<io::Error>,
}

impl<'a> Consent<'a> {
    pub(super) fn new(job: &'a Job<'a>, interrupt: Interrupt) -> Self {
        Self { job, interrupt, so_far: Mutex::default() }
    }

    /// Why nobody could be asked.
    pub(super) fn failed(self) -> Result<(), Failure> {
        let so_far = self.so_far.into_inner().unwrap_or_else(PoisonError::into_inner);
        let why = |it: io::Error| Failure::File(format!("cannot ask: {it}"));
        so_far.failed.map_or(Ok(()), |it| Err(why(it)))
    }

    /// Whether the plan of a round may be carried out.
    pub(super) fn agrees(&self, round: usize, plan: &Plan) -> bool {
        let removed: BTreeSet<String> = removals(plan).collect();
        let mut so_far = self.so_far();
        if so_far.agreed && removed.is_subset(&so_far.removed) {
            return true;
        }
        let answer = self.interrupt.asking(|| self.ask(round, plan));
        so_far.agreed = *answer.as_ref().unwrap_or(&false);
        so_far.failed = answer.err();
        so_far.removed.extend(removed);
        so_far.agreed
    }

    fn so_far(&self) -> MutexGuard<'_, SoFar> {
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows the plan, and asks where that is wanted.
    fn ask(&self, round: usize, plan: &Plan) -> io::Result<bool> {
        let (args, look) = (self.job.args, self.job.look.aside());
        let mut out = io::stderr();
        if !(args.json && args.yes) {
            let text = match args.runbook {
                true => plan.runbook().to_string(),
                false => brief(plan, &self.job.rack, &look),
            };
            let head = if round == 0 { beginning(self.job, &look) } else { String::new() };
            write!(out, "{head}{text}")?;
        }
        if args.yes {
            return Ok(true);
        }
        write!(out, "Go on? [y/N] ")?;
        out.flush()?;
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        Ok(matches!(line.trim(), "y" | "Y" | "yes"))
    }
}

/// That nobody's rack is touched.
fn beginning(job: &Job<'_>, look: &Look) -> String {
    let is = match &job.kept {
        None => format!("which begins with {}", begins(job)),
        Some(_) => "as the last run left it".into(),
    };
    let text = format!("This is a simulated rack, {is}: no real device is touched.");
    look.paint_lines(Ink::Note, &look.wrap(&text, 0, 0)) + "\n"
}

/// What a simulated rack begins with.
pub(super) fn begins(job: &Job<'_>) -> String {
    match &job.from {
        None => "bare boards".into(),
        Some(from) => format!("what {} describes", from.rack.rack),
    }
}

/// What a plan comes to: how much is done and is down, what goes, and what stays as it is.
fn brief(plan: &Plan, rack: &Resolved, look: &Look) -> String {
    let runbook = plan.runbook().to_string();
    let summary: Vec<&str> = runbook.lines().skip(2).take_while(|it| !it.is_empty()).collect();
    let mut text = look.wrap(&summary.join(" "), 0, 0) + "\n";
    let stuck = plan.unreached.iter().map(|(node, why)| format!("{node}: {why}"));
    let unset = plan.unset.iter().map(ToString::to_string);
    let blocked = plan.blocked.iter().filter(|it| !is_to_come(plan, rack, &it.replica));
    let blocked = blocked.map(|it| format!("{}: {}", it.replica, it.reason));
    let left = plan.unnamed.iter().filter(|it| !goes(plan, it)).map(ToString::to_string);
    text += &list("What is removed:", removals(plan).collect(), look);
    text += &list("What cannot be done:", stuck.chain(unset).chain(blocked).collect(), look);
    text + &list("What the file does not name, and --prune would remove:", left.collect(), look)
}

/// Whether the cluster of a replica only begins with this plan: it is planned for in the next round.
fn is_to_come(plan: &Plan, rack: &Resolved, replica: &ReplicaRef) -> bool {
    let workload = rack.workload(&replica.workload).map(|at| &rack.workloads[at]);
    let home = workload.and_then(|it| it.cluster.as_ref());
    let begins = |it: &Step| matches!(&it.action, Action::Bootstrap { cluster, .. } if Some(cluster) == home);
    plan.steps.iter().any(begins)
}

fn list(head: &str, lines: Vec<String>, look: &Look) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let shown = lines.iter().take(NAMED).map(|it| format!("  {}\n", look.wrap(it, 2, 4)));
    let rest = match lines.len().saturating_sub(NAMED) {
        0 => String::new(),
        many => format!("  ... and {many} more: --runbook has them all\n"),
    };
    format!("{}\n{}{rest}", look.paint(Ink::Heading, head), shown.collect::<String>())
}

/// The orders that remove something, whatever else the plan says of it.
fn removals(plan: &Plan) -> impl Iterator<Item = String> + '_ {
    let removes = |it: &&Action| {
        matches!(it, Action::Withdraw { .. } | Action::Forget { .. } | Action::DestroyGuest { .. })
    };
    plan.steps.iter().map(|it| &it.action).filter(removes).map(ToString::to_string)
}

/// Whether a plan removes something that the file does not name.
pub(super) fn goes(plan: &Plan, what: &Unnamed) -> bool {
    let order = removal(what.clone());
    plan.steps.iter().any(|it| it.action == order)
}

/// The order that removes something.
fn removal(what: Unnamed) -> Action {
    match what {
        Unnamed::Workload { workload, cluster } => Action::Withdraw { workload, cluster },
        Unnamed::Member { node, cluster } => Action::Forget { cluster, node },
        Unnamed::Guest { guest, host, uid } => Action::DestroyGuest { host, guest, uid },
    }
}
