use super::Model;
use rackberry::sched::{Hop, Order};
use std::collections::BTreeSet;
use std::fmt::Write;

/// One process goes from one machine to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The wave, from 0.
    pub wave: usize,
    /// The process.
    pub process: usize,
    /// The machine that it leaves when the wave ends.
    pub from: u32,
    /// The machine that it takes room on from the beginning of the wave.
    pub to: u32,
}

/// The moves of an order, wave by wave.
pub fn moves(order: &Order) -> Vec<Move> {
    let mut moves = Vec::new();
    for (wave, hops) in order.waves.iter().enumerate() {
        let one = |hop: &Hop| {
            Some(Move { wave, process: hop.item as usize, from: hop.from?, to: hop.to? })
        };
        moves.extend(hops.iter().filter_map(one));
    }
    moves
}

/// The moves as text: a line of `wave process from to` for each.
pub fn write_moves(moves: &[Move]) -> String {
    let mut text = String::new();
    for it in moves {
        let _ = writeln!(text, "{} {} {} {}", it.wave, it.process, it.from, it.to);
    }
    text
}

/// Reads what [`write_moves`] wrote.
///
/// # Errors
///
/// Says which line is not a move.
pub fn read_moves(text: &str) -> Result<Vec<Move>, String> {
    let wrong = |line: usize| format!("line {}: expected `wave process from to`", line + 1);
    let lines = text.lines().enumerate();
    lines.map(|(at, line)| parse(line).ok_or_else(|| wrong(at))).collect()
}

fn parse(line: &str) -> Option<Move> {
    let mut words = line.split_ascii_whitespace();
    let wave = words.next()?.parse().ok()?;
    let process = words.next()?.parse().ok()?;
    let (from, to) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    words.next().is_none().then_some(Move { wave, process, from, to })
}

/// Plays the moves wave by wave: all targets of a wave are taken before any source is released,
/// and no machine may then have too much of anything or two processes of a service.
///
/// Returns where everything is in the end.
///
/// # Errors
///
/// Says what goes wrong first.
pub fn replay(model: &Model, from: &[u32], moves: &[Move]) -> Result<Vec<u32>, String> {
    let mut play = Play::new(model, from);
    if let Some(pair) = moves.windows(2).find(|it| it[1].wave < it[0].wave) {
        return Err(format!("wave {} comes after wave {}", pair[1].wave, pair[0].wave));
    }
    for wave in moves.chunk_by(|one, other| one.wave == other.wave) {
        play.wave(wave)?;
    }
    Ok(play.at)
}

struct Play<'a> {
    model: &'a Model,
    at: Vec<u32>,
    loads: Vec<Vec<i128>>,
    /// Which process of which service is on which machine.
    present: BTreeSet<(u32, u32, usize)>,
}

impl<'a> Play<'a> {
    fn new(model: &'a Model, from: &[u32]) -> Play<'a> {
        let loads = vec![vec![0; model.resources.len()]; model.machines.len()];
        let mut play = Play { model, at: from.to_vec(), loads, present: BTreeSet::new() };
        for (process, &machine) in from.iter().enumerate() {
            play.load(process, machine, 1);
            play.present.insert((model.processes[process].service, machine, process));
        }
        play
    }

    fn wave(&mut self, wave: &[Move]) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        for it in wave {
            let known = it.process < self.at.len() && (it.to as usize) < self.loads.len();
            if !known || !seen.insert(it.process) || self.at[it.process] != it.from {
                return Err(format!("{it:?} cannot be"));
            }
            let service = self.model.processes[it.process].service;
            let there = (service, it.to, 0)..=(service, it.to, usize::MAX);
            if self.present.range(there).next().is_some() {
                return Err(format!("{it:?} meets another of its service"));
            }
            self.present.insert((service, it.to, it.process));
            self.load(it.process, it.to, 1);
        }
        for it in wave {
            let rows = self.loads[it.to as usize].iter();
            let mut rows = rows.zip(&self.model.machines[it.to as usize].capacity);
            if rows.any(|(load, capacity)| *load > i128::from(*capacity)) {
                return Err(format!("{it:?} makes its machine too full"));
            }
        }
        wave.iter().for_each(|it| self.release(it));
        Ok(())
    }

    fn release(&mut self, it: &Move) {
        self.load(it.process, it.from, -1);
        self.present.remove(&(self.model.processes[it.process].service, it.from, it.process));
        self.at[it.process] = it.to;
    }

    fn load(&mut self, process: usize, machine: u32, sign: i128) {
        let demand = self.model.processes[process].demand.iter();
        let cells = self.loads[machine as usize].iter_mut();
        cells.zip(demand).for_each(|(load, demand)| *load += sign * i128::from(*demand));
    }
}
