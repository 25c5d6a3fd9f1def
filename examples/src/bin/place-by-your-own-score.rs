//! A placement by a rule of one's own that the rack file has no word for, beside the one of rackberry.
//!
//! The rule here: data that is kept on the node itself should stay off SD cards. rackberry makes the first
//! placement; then each replica is tried on every node, [`measure`] says what that would come to, and the
//! best is kept, until nothing is better. Whatever the score is, room and rules are judged as ever.
//!
//! ```console
//! $ cargo run --bin place-by-your-own-score
//! ```

use rackberry::plan::rack::Boot;
use rackberry::plan::{Placement, Resolved, Source, measure, place};
use std::error::Error;
use std::fs;

/// The rack, unless another is named on the command line.
const RACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/racks/k3s-expansion.yaml");

/// What one volume on an SD card costs, in thousandths of the memory of the fullest node.
const VOLUME_ON_SD: u64 = 100;

/// What a move costs, in the same.
const MOVE: u64 = 2;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).unwrap_or_else(|| RACK.into());
    let (rack, _) = Source::read(&file, &fs::read(&file)?)?;
    let rack = rack.resolve().map_err(|it| format!("{it:#?}"))?;
    let theirs = place(&rack).map_err(|it| it.reason)?;
    let ours = improved(&rack, &theirs)?;
    report("rackberry's", &rack, &theirs);
    report("by the rule", &rack, &ours);
    for (replica, at) in ours.at.iter().enumerate().filter(|(it, at)| **at != theirs.at[*it]) {
        let node = at.map_or("nowhere", |it| rack.nodes[it].id.as_str());
        println!("  {} goes to {node} instead", rack.replica_ref(replica));
    }
    Ok(())
}

/// The lowest wins: how full the fullest node is, what lies on SD cards, and how much is moved.
fn score(rack: &Resolved, it: &Placement) -> u64 {
    let on_cards = on_cards(rack, it).count() as u64;
    it.summary.highest.0 + VOLUME_ON_SD * on_cards + MOVE * it.moves.len() as u64
}

/// The replicas with volumes on an SD card, by position.
fn on_cards<'a>(rack: &'a Resolved, it: &'a Placement) -> impl Iterator<Item = usize> + 'a {
    let card = |node: usize| rack.rack.nodes[&rack.nodes[node].id].boot == Some(Boot::Sd);
    let stores = |replica: usize| !rack.local_volumes(replica).is_empty();
    let replicas = it.at.iter().enumerate().filter(move |(_, at)| at.is_some_and(card));
    replicas.map(|it| it.0).filter(move |it| stores(*it))
}

/// Goes downhill from `start`, one replica at a time.
fn improved(rack: &Resolved, start: &Placement) -> Result<Placement, String> {
    let mut best = start.clone();
    while let Some(better) = step(rack, &best)? {
        best = better;
    }
    Ok(best)
}

/// The best placement that is one move away from `now`, if it is better.
fn step(rack: &Resolved, now: &Placement) -> Result<Option<Placement>, String> {
    let (mut best, mut lowest) = (None, score(rack, now));
    let alone = |it: &usize| is_alone(rack, rack.replicas[*it].workload);
    for replica in (0..rack.replicas.len()).filter(alone) {
        let workload = rack.replicas[replica].workload;
        for node in (0..rack.nodes.len()).filter(|it| rack.barrier(workload, *it).is_none()) {
            let mut at = now.at.clone();
            at[replica] = Some(node);
            let tried = measure(rack, at).map_err(|it| it.reason)?;
            // What breaks a rule of the rack, or has no room, is no answer at all.
            if tried.after.broken <= now.after.broken && score(rack, &tried) < lowest {
                lowest = score(rack, &tried);
                best = Some(tried);
            }
        }
    }
    Ok(best)
}

/// Whether a workload may go where it likes: those that must share a node would be torn apart one by one.
fn is_alone(rack: &Resolved, workload: usize) -> bool {
    let id = &rack.workloads[workload].id;
    let shares = rack.rack.workloads.values().any(|it| it.with.contains(id));
    rack.written(workload).with.is_empty() && !shares
}

fn report(name: &str, rack: &Resolved, it: &Placement) {
    let cards: Vec<_> = on_cards(rack, it).map(|it| rack.replica_ref(it).to_string()).collect();
    let cards = if cards.is_empty() { "nothing".into() } else { cards.join(", ") };
    let (moves, highest) = (it.moves.len(), it.summary.highest);
    println!("{name}: {} points", score(rack, it));
    println!("  fullest node {highest}, {moves} moves and starts, {} to copy", it.summary.moved);
    println!("  with data on SD cards: {cards}");
}
