//! A plan as a text that a person can follow with a pen: Markdown that also reads well as it is.

mod how;
mod summary;
mod table;
mod words;

use crate::action::to_device;
use crate::{Action, Fact, Move, MoveKind, NodeMemory, Plan, Step, Unnamed, VolumeRef, Wave};
use rackberry_core::figure::{self, percent, size, time};
use rackberry_core::{Bytes, NodeId, Seconds};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Formatter};
use table::Table;
use words::{count, inline, wrapped};

/// More nodes than this are only shown where they change.
const MOST_NODES: usize = 12;

/// A plan to follow by hand. [`Plan::runbook`] makes it, and `Display` writes it, as Markdown.
#[derive(Clone, Copy, Debug)]
pub struct Runbook<'a> {
    plan: &'a Plan,
}

impl Plan {
    /// The plan in words, for a person who does it by hand, step by step.
    pub fn runbook(&self) -> Runbook<'_> {
        Runbook { plan: self }
    }
}

impl fmt::Display for Runbook<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "# Runbook for {}\n", inline(&self.plan.rack))?;
        write!(f, "{}", wrapped(&self.summary()))?;
        self.blocked(f)?;
        if !self.plan.steps.is_empty() {
            self.preparation(f)?;
        }
        let mut said = BTreeSet::new();
        for (position, wave) in self.plan.waves.iter().enumerate() {
            self.wave(f, position, wave, &mut said)?;
        }
        self.memory(f)?;
        if !self.plan.steps.is_empty() {
            how::how(self.plan, f)?;
        }
        self.kept(f)
    }
}

impl Runbook<'_> {
    fn blocked(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.unnamed(f)?;
        let plan = self.plan;
        if plan.blocked.is_empty() && plan.unreached.is_empty() && plan.unset.is_empty() {
            return Ok(());
        }
        writeln!(f, "\n## What is left as it is\n")?;
        for (node, why) in &self.plan.unreached {
            writeln!(f, "- {}: {}", inline(node.as_str()), inline(why))?;
        }
        for it in &self.plan.unset {
            writeln!(f, "- {}", inline(&it.to_string()))?;
        }
        for it in &self.plan.blocked {
            writeln!(f, "- {}: {}", inline(&it.replica.to_string()), inline(&it.reason))?;
        }
        Ok(())
    }

    /// What is there and the file does not name, as far as no step removes it.
    fn unnamed(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let goes = |it: &&Unnamed| self.plan.steps.iter().any(|step| removes(&step.action, it));
        let mut left = self.plan.unnamed.iter().filter(|it| !goes(it)).peekable();
        if left.peek().is_none() {
            return Ok(());
        }
        writeln!(f, "\n## What the file does not name\n")?;
        f.write_str(&wrapped("It is left alone; `--prune` removes it."))?;
        writeln!(f)?;
        left.try_for_each(|it| writeln!(f, "- {}", inline(&it.to_string())))
    }

    fn preparation(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n## Before you start\n")?;
        let nodes = self.nodes();
        let which = match nodes.len() {
            0..=MOST_NODES => {
                nodes.iter().map(|it| inline(it.as_str())).collect::<Vec<_>>().join(", ")
            }
            many => format!("all {many} that the steps name"),
        };
        let begins = |it: &Step| matches!(it.action, Action::Bootstrap { .. });
        if self.plan.steps.iter().any(begins) {
            writeln!(
                f,
                "- [ ] Every machine has something to boot: a fresh image on its card or disk, or the network."
            )?;
            writeln!(
                f,
                "- [ ] What no switch and no host can switch on is switched on by hand.\n"
            )?;
        } else {
            writeln!(f, "- [ ] The nodes are ready, as `kubectl get nodes` shows: {which}.")?;
            writeln!(
                f,
                "- [ ] Every replica still runs where the tables say that it comes from.\n"
            )?;
        }
        if !self.plan.limits.is_empty() {
            let all: Vec<_> = self.plan.limits.iter().map(|it| inline(&it.to_string())).collect();
            f.write_str(&wrapped(&format!("At every moment: {}.", all.join("; "))))?;
            writeln!(f)?;
        }
        f.write_str(&wrapped(
            "A step begins when the steps that it comes after are proved; one that comes after none begins with its \
             wave, and a wave when the one before it is proved. Tick a step when you see its proof. If something that \
             has to hold does not, stop there and plan again from what is so then: no copy has been removed.",
        ))
    }

    /// The nodes that something is done on.
    fn nodes(&self) -> BTreeSet<&NodeId> {
        self.plan.steps.iter().flat_map(|it| ends(&it.action)).collect()
    }

    fn wave(
        &self,
        f: &mut Formatter<'_>,
        position: usize,
        wave: &Wave,
        said: &mut BTreeSet<String>,
    ) -> fmt::Result {
        let (number, all) = (position + 1, self.plan.waves.len());
        writeln!(f, "\n## Wave {number} of {all}, about {}\n", time(self.plan.takes(position)))?;
        if !wave.moves.is_empty() {
            writeln!(f, "{}", moves(wave))?;
        }
        said.extend(wave.moves.iter().filter_map(leaves));
        for at in self.plan.steps_of(position) {
            self.step(f, wave.first, at, &self.plan.steps[at], said)?;
        }
        Ok(())
    }

    fn step(
        &self,
        f: &mut Formatter<'_>,
        first: usize,
        position: usize,
        step: &Step,
        said: &mut BTreeSet<String>,
    ) -> fmt::Result {
        writeln!(
            f,
            "- [ ] {}. {}{}",
            position + 1,
            capital(&inline(&step.action.to_string())),
            notes(first, step)
        )?;
        // What an earlier step has proved, and what is ticked off before the start, is evident.
        let open = step.before.iter().filter(|it| !matches!(it, Fact::Ready(_))).map(sentence);
        for fact in open {
            if said.insert(fact.clone()) {
                writeln!(f, "  - Before: {fact}")?;
            }
        }
        for fact in step.after.iter().map(sentence) {
            writeln!(f, "  - Proof: {fact}")?;
            said.insert(fact);
        }
        Ok(())
    }

    fn memory(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (all, changes) = (&self.plan.memory, self.changes());
        let shown = |node: &NodeId| all.len() <= MOST_NODES || changes.contains_key(node);
        let mut table = Table::new(["Node", "Now", "Peak", "After", "Limit"], 1);
        for (node, now) in all.iter().filter(|it| shown(it.0)) {
            let (peak, after) = changes.get(node).copied().unwrap_or((now.used, now.used));
            let [used, peak, after, limit] =
                [now.used, peak, after, now.limit].map(|it| share(it, now));
            table.row([inline(node.as_str()), used, peak, after, limit]);
        }
        if table.is_empty() {
            return Ok(());
        }
        writeln!(f, "\n## Memory\n\n{table}")?;
        let rest = all.len().saturating_sub(table.len());
        if rest > 0 {
            writeln!(f, "{} not change.\n", count(rest, "other node does", "other nodes do"))?;
        }
        f.write_str(&wrapped(
            "In percent of what the node has. At the peak, whatever is handed over counts on both nodes.",
        ))
    }

    /// The highest peak and the last use of every node that changes.
    fn changes(&self) -> BTreeMap<&NodeId, (Bytes, Bytes)> {
        let mut all: BTreeMap<&NodeId, (Bytes, Bytes)> = BTreeMap::new();
        for (node, memory) in self.plan.waves.iter().flat_map(|it| &it.memory) {
            let known = all.entry(node).or_default();
            *known = (known.0.max(memory.peak), memory.used);
        }
        all
    }

    fn kept(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.plan.kept.is_empty() {
            return Ok(());
        }
        writeln!(f, "\n## When everything works\n")?;
        f.write_str(&wrapped(
            "The copies that were left behind are the way back. Before you remove one, see that its replica shows at \
             its new place what it showed at the old one, that it comes back with it after a restart, and that there \
             is a backup from after the move.",
        ))?;
        writeln!(f)?;
        let bound = self.bound();
        for it in &self.plan.kept {
            let now = bound.get(&it.volume).map(|node| format!("; the one in use is on {node}"));
            let text = format!("{} on {}", it.volume, it.node);
            let now = now.unwrap_or_default();
            writeln!(f, "- [ ] Remove {} ({}{})", inline(&text), size(it.bytes), inline(&now))?;
        }
        Ok(())
    }

    /// The node whose copy each volume that moves uses in the end.
    fn bound(&self) -> BTreeMap<&VolumeRef, &NodeId> {
        self.plan.steps.iter().filter_map(|it| bound_by(&it.action)).collect()
    }
}

/// The nodes that an action is about.
fn ends(action: &Action) -> Vec<&NodeId> {
    match action {
        Action::CopyHot { from, to, .. }
        | Action::CopyCold { from, to, .. }
        | Action::Compare { from, to, .. } => vec![from, to],
        Action::Bind { to, .. } => vec![to],
        Action::Start { node, .. } | Action::Stop { node, .. } => vec![node],
        to_device!() => Vec::new(),
    }
}

/// Whether an order removes something.
fn removes(action: &Action, what: &Unnamed) -> bool {
    match (action, what) {
        (Action::Withdraw { workload, .. }, Unnamed::Workload { workload: it, .. }) => {
            workload == it
        }
        (Action::Forget { node, .. }, Unnamed::Member { node: it, .. }) => node == it,
        (Action::DestroyGuest { guest, .. }, Unnamed::Guest { guest: it, .. }) => guest == it,
        (_, Unnamed::Workload { .. } | Unnamed::Member { .. } | Unnamed::Guest { .. }) => false,
    }
}

fn bound_by(action: &Action) -> Option<(&VolumeRef, &NodeId)> {
    match action {
        Action::Bind { volume, to } => Some((volume, to)),
        Action::CopyHot { .. } | Action::CopyCold { .. } | Action::Compare { .. } => None,
        Action::Start { .. } | Action::Stop { .. } | to_device!() => None,
    }
}

fn moves(wave: &Wave) -> Table<6> {
    let mut table = Table::new(["Replica", "From", "To", "Why", "Copied", "Down"], 4);
    for it in &wave.moves {
        let node =
            |node: &Option<NodeId>| node.as_ref().map_or("-".into(), |it| inline(it.as_str()));
        let why = match it.kind {
            MoveKind::Start => "new here",
            MoveKind::Move => "belongs there",
            MoveKind::ToTemporary => "for the time being",
            MoveKind::FromTemporary => "belongs there",
            MoveKind::Stop => "makes room",
            MoveKind::Resume => "starts again",
            MoveKind::Restart => "its machine reboots",
        };
        let copied = if it.bytes == Bytes(0) { "-".into() } else { size(it.bytes) };
        let down = if it.downtime == Seconds(0) { "-".into() } else { time(it.downtime) };
        let replica = inline(&it.replica.to_string());
        table.row([replica, node(&it.from), node(&it.to), why.into(), copied, down]);
    }
    table
}

/// What a step waits for within its wave, which begins at `first`, and how long it takes.
fn notes(first: usize, step: &Step) -> String {
    let needs = step.needs.iter().filter(|it| **it >= first).map(|it| it.saturating_add(1));
    let needs: Vec<_> = needs.map(|it| it.to_string()).collect();
    let after = (!needs.is_empty()).then(|| format!("after {}", needs.join(", ")));
    let takes = (step.takes > Seconds(0)).then(|| time(step.takes));
    let notes: Vec<_> = after.into_iter().chain(takes).collect();
    if notes.is_empty() { String::new() } else { format!(" ({})", notes.join("; ")) }
}

/// Where a replica runs before it moves, as the table of its wave says.
fn leaves(it: &Move) -> Option<String> {
    let (replica, node) = (it.replica.clone(), it.from.clone()?);
    Some(sentence(&Fact::Running { replica, node }))
}

fn share(part: Bytes, memory: &NodeMemory) -> String {
    let percent = percent(figure::share(part.0, memory.usable.0));
    format!("{} {percent:>4}", size(part))
}

fn sentence(fact: &Fact) -> String {
    inline(&fact.to_string())
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}
