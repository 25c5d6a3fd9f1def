//! A placement of one's own beside the one that was found.

use super::headline::OPEN;
use super::{View, kin, node};
use crate::answer::Failure;
use crate::input::Input;
use crate::look::{Ink, Look};
use crate::table::{Cell, Table, left, right};
use crate::{number, outcome};
use rackberry::core::{NodeId, Permille, figure};
use rackberry::plan::{self, NodeUse, Placement, ReplicaRef, Resolved};
use serde::Serialize;
use std::path::Path;

/// No more replicas than this are printed.
const SHOWN: usize = 50;

/// A placement that someone else made of the same rack.
#[derive(Debug, Serialize)]
pub(super) struct Rival {
    /// The file that it is in.
    file: String,
    /// What it would cost, and come to.
    placement: Placement,
    /// The replicas that the file does not place: they are taken to stay where they are.
    unsaid: Vec<ReplicaRef>,
}

/// Reads the placement of `rack` that is in another file.
pub(super) fn rival(file: &Path, rack: &Resolved, look: &Look) -> Result<Rival, Failure> {
    let input = Input::read(file)?;
    let other = input.resolve(look)?;
    if let Some(why) = kin::stranger(&input.name, rack, &other) {
        return Err(Failure::Missing(why));
    }
    let (at, unsaid) = targets(rack, &other).map_err(|node| {
        let name = &input.name;
        Failure::Missing(format!("{name} places replicas on {node}, which the rack does not have"))
    })?;
    let placement = plan::measure(rack, at).map_err(|it| input.refused(&[it], look))?;
    let unsaid = unsaid.into_iter().map(|it| rack.replica_ref(it)).collect();
    Ok(Rival { file: input.name, placement, unsaid })
}

/// The node of each replica by the other file, and the replicas that it says nothing of.
type Targets = (Vec<Option<usize>>, Vec<usize>);

fn targets(rack: &Resolved, other: &Resolved) -> Result<Targets, NodeId> {
    let mut at: Vec<_> = rack.replicas.iter().map(|it| it.on).collect();
    let mut unsaid = Vec::new();
    for workload in &rack.workloads {
        let said = other.workload(&workload.id).map(|it| other.workloads[it].replicas.clone());
        let said = said.unwrap_or_default().filter_map(|it| other.replicas[it].on);
        let mut nodes = Vec::new();
        for node in said {
            let id = &other.nodes[node].id;
            nodes.push(rack.node(id).ok_or_else(|| id.clone())?);
        }
        let replicas: Vec<usize> = workload.replicas.clone().collect();
        unsaid.extend(settle(&replicas, nodes, &mut at));
    }
    Ok((at, unsaid))
}

/// Gives `nodes` to `replicas`, which are alike: who is on one of them stays there, so that no move is
/// counted that need not be. Returns the replicas that there was no node for.
fn settle(replicas: &[usize], mut nodes: Vec<usize>, at: &mut [Option<usize>]) -> Vec<usize> {
    let mut rest = Vec::new();
    for replica in replicas {
        match nodes.iter().position(|it| Some(*it) == at[*replica]) {
            Some(found) => drop(nodes.remove(found)),
            None => rest.push(*replica),
        }
    }
    let mut nodes = nodes.into_iter();
    rest.retain(|replica| match nodes.next() {
        Some(node) => {
            at[*replica] = Some(node);
            false
        }
        None => true,
    });
    rest
}

/// Both side by side, and where they differ.
pub(super) fn text(view: &View<'_>, rival: &Rival) -> String {
    let sections =
        [figures(view, rival), nodes(view, rival), replicas(view, rival), remarks(view, rival)];
    let some = sections.into_iter().filter(|it| !it.is_empty());
    some.collect::<Vec<_>>().join("\n")
}

fn figures(view: &View<'_>, rival: &Rival) -> String {
    let mut table =
        Table::new([left("", 0), right("now", 1), right("rackberry", 0), right("yours", 0)]);
    let (ours, theirs) = (view.placement, &rival.placement);
    for (name, [now, ours, theirs]) in costs(ours, theirs).into_iter().chain(scores(ours, theirs)) {
        let now = Cell::inked(now, Ink::Faint);
        table.row([name.into(), now, Cell::inked(ours, Ink::Heading), theirs.into()]);
    }
    let head = format!("{} beside {}", view.rack.rack.rack, rival.file);
    let figures = view.heading(&head) + &table.render(view.look);
    match view.all_open() {
        true => figures,
        false => figures + &view.remark(&format!("fullest node and spread: {OPEN}")),
    }
}

/// A figure by its name: now, by rackberry, and by the other file.
type Row = (&'static str, [String; 3]);

/// What they come to, and what it takes to get there.
fn costs(ours: &Placement, theirs: &Placement) -> Vec<Row> {
    let (a, b) = (&ours.summary, &theirs.summary);
    let share = |it: [Permille; 3]| it.map(number::share);
    let beside = |ours: String, theirs: String| [String::from("-"), ours, theirs];
    let moves = |it: &Placement| it.moves.iter().filter(|it| it.from.is_some()).count();
    let starts = |it: &Placement| it.moves.len() - moves(it);
    let count = |it: usize| number::grouped(it as u64);
    let mut rows = vec![
        ("fullest node", share([a.highest_before, a.highest, b.highest])),
        ("spread of memory", share([a.spread_before, a.spread, b.spread])),
        ("to copy", beside(figure::size(a.moved), figure::size(b.moved))),
        ("downtime in all", beside(figure::time(a.downtime), figure::time(b.downtime))),
        ("moves", beside(count(moves(ours)), count(moves(theirs)))),
    ];
    if starts(ours) + starts(theirs) > 0 {
        rows.push(("starts", beside(count(starts(ours)), count(starts(theirs)))));
    }
    rows
}

/// The scores, and the rules that are broken where there are any.
fn scores(ours: &Placement, theirs: &Placement) -> Vec<Row> {
    let all = [ours.before, ours.after, theirs.after];
    let rules = all.map(|it| outcome::rules(&it));
    let mut rows = vec![("score", all.map(|it| number::points(it.total())))];
    if rules != [0; 3] {
        rows.push(("rules broken", rules.map(number::grouped)));
    }
    rows
}

/// The share of each node's memory that is in use, by each placement.
fn nodes(view: &View<'_>, rival: &Rival) -> String {
    let pairs = view.placement.nodes.iter().zip(&rival.placement.nodes);
    let used = |it: &NodeUse| figure::share(it.after.memory_used.0, it.memory.0);
    let mut rows: Vec<_> = pairs
        .map(|(ours, theirs)| {
            let now = figure::share(ours.before.memory_used.0, ours.memory.0);
            (ours, [now, used(ours), used(theirs)])
        })
        .collect();
    let all = rows.len();
    if all > node::SHOWN {
        rows.sort_by_key(|it| std::cmp::Reverse(it.1.into_iter().max()));
        rows.truncate(node::SHOWN);
    }
    let mut table =
        Table::new([left("node", 0), right("now", 1), right("rackberry", 0), right("yours", 0)]);
    let limit = view.rack.rack.policy.memory_limit;
    for (it, shares) in &rows {
        let over = |share: &Permille| match *share > limit {
            true => Cell::inked(number::share(*share), Ink::Error),
            false => number::share(*share).into(),
        };
        let cells = shares.iter().map(over);
        table.row(std::iter::once(it.node.as_str().into()).chain(cells));
    }
    let head = view.heading(&format!("Memory in use; the limit is {limit}"));
    head + &table.render(view.look) + &node::left_out(view, all - rows.len())
}

/// The replicas that the two placements put on different nodes.
fn replicas(view: &View<'_>, rival: &Rival) -> String {
    let (ours, theirs) = (&view.placement.at, &rival.placement.at);
    let differ: Vec<usize> = (0..ours.len()).filter(|it| ours[*it] != theirs[*it]).collect();
    if differ.is_empty() {
        return String::new();
    }
    let name = |node: Option<usize>| node.map_or("-", |it| view.rack.nodes[it].id.as_str());
    let mut table =
        Table::new([left("replica", 0), left("now", 1), left("rackberry", 0), left("yours", 0)]);
    for it in differ.iter().take(SHOWN) {
        let now = Cell::inked(name(view.rack.replicas[*it].on), Ink::Faint);
        let replica = view.rack.replica_ref(*it).to_string();
        table.row([replica.into(), now, name(ours[*it]).into(), name(theirs[*it]).into()]);
    }
    let mut text = view.heading("Where they differ") + &table.render(view.look);
    if differ.len() > SHOWN {
        let left = number::count(differ.len() - SHOWN, "more replica");
        text += &view.remark(&format!("... and {left}: --json has them all."));
    }
    text
}

/// What the file leaves out, and what it places against the rules.
fn remarks(view: &View<'_>, rival: &Rival) -> String {
    let mut text = String::new();
    if !rival.unsaid.is_empty() {
        let left = number::count(rival.unsaid.len(), "replica");
        let line = format!("{} says nothing of {left}: taken to stay where they are.", rival.file);
        text += &view.remark(&line);
    }
    text
}
