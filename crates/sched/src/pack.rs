use crate::scene::{Scene, Step, Way};
use std::collections::BTreeMap;

/// How often waves are packed from both ends in turn.
const ROUNDS: usize = 4;

/// Packs steps that can be done one after the other into waves, as few and as early as it can.
///
/// What can be done can be undone, so the waves are also packed from their end: what waits for
/// nothing then comes late, and out of the way of others when they are packed from the start again.
pub(crate) fn pack(way: Way, steps: &[Step], end: &[Option<u32>]) -> Vec<Vec<Step>> {
    let mut best = forward(way, way.from, steps);
    for _ in 0..ROUNDS {
        let back = reversed(&best);
        let waves = forward(way, end, &back);
        if waves.iter().map(Vec::len).sum::<usize>() < steps.len() {
            break;
        }
        let again = forward(way, way.from, &reversed(&waves));
        if again.len() > best.len() {
            break;
        }
        best = again;
    }
    best
}

/// The steps that undo what waves do, one after the other.
fn reversed(waves: &[Vec<Step>]) -> Vec<Step> {
    let back = |it: &Step| Step { item: it.item, from: it.to, to: it.from };
    waves.iter().flatten().rev().map(back).collect()
}

/// Packs steps into waves, each as early as it can.
///
/// A step overtakes another to the same bin only where that one keeps the room that it had in the
/// row. So the first of the steps that are left can always be done.
fn forward(way: Way, from: &[Option<u32>], steps: &[Step]) -> Vec<Vec<Step>> {
    let mut packer = Packer::new(way, from, steps);
    let mut waves = Vec::new();
    while !packer.left.is_empty() {
        let wave = packer.wave();
        if wave.is_empty() {
            break;
        }
        waves.push(wave.iter().map(|&at| steps[at as usize]).collect());
    }
    waves
}

/// Where steps pass in the order of the row only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Gate {
    /// Steps of one item.
    Item(u32),
    /// Steps into one domain of a key that some item refuses.
    Key(u32, u32),
    /// Stops in one group.
    Group(u32),
}

#[derive(Debug)]
struct Packer<'a> {
    steps: &'a [Step],
    scene: Scene<'a>,
    /// Steps that are left, in the order of the row.
    left: Vec<u32>,
    gates: Gates,
    /// Per step and resource: what is left on its bin after it, in the row.
    slack: Vec<i64>,
    /// Steps to each bin that others have overtaken or may overtake in this wave.
    waiting: Vec<Vec<u32>>,
}

impl<'a> Packer<'a> {
    fn new(way: Way<'a>, from: &[Option<u32>], steps: &'a [Step]) -> Packer<'a> {
        Packer {
            steps,
            scene: Scene::new(way, from),
            left: (0..steps.len() as u32).collect(),
            gates: Gates::new(way, steps),
            slack: slack(way, from, steps),
            waiting: vec![Vec::new(); way.checked.bins()],
        }
    }

    /// Takes everything that can be done at once out of what is left.
    fn wave(&mut self) -> Vec<u32> {
        self.waiting.iter_mut().for_each(Vec::clear);
        let mut left = std::mem::take(&mut self.left);
        let mut wave = Vec::new();
        left.retain(|&at| {
            let goes = self.can_go(at);
            if goes {
                self.begin(at);
                wave.push(at);
            } else if let Some(bin) = self.steps[at as usize].to {
                self.waiting[bin as usize].push(at);
            }
            !goes
        });
        self.left = left;
        for &at in &wave {
            self.scene.end(self.steps[at as usize]);
            self.gates.leave(at);
        }
        wave
    }

    fn can_go(&self, at: u32) -> bool {
        let step = self.steps[at as usize];
        if !self.gates.are_open(at) || !self.scene.admits(step.item, step.to) {
            return false;
        }
        let demand = self.scene.way.checked.demand(step.item);
        let waiting = step.to.map_or(&[][..], |bin| &self.waiting[bin as usize]);
        let leaves_enough = |&before: &u32| {
            let mut rows = self.row(before).iter().zip(demand);
            rows.all(|(slack, demand)| *slack >= *demand as i64)
        };
        waiting.iter().all(leaves_enough)
    }

    fn begin(&mut self, at: u32) {
        let step = self.steps[at as usize];
        self.scene.begin(step);
        self.gates.enter(at);
        let demand = self.scene.way.checked.demand(step.item);
        let Some(bin) = step.to else { return };
        for &before in &self.waiting[bin as usize] {
            let row = &mut self.slack[before as usize * demand.len()..][..demand.len()];
            row.iter_mut().zip(demand).for_each(|(slack, demand)| *slack -= *demand as i64);
        }
    }

    fn row(&self, at: u32) -> &[i64] {
        let resources = self.scene.way.checked.problem().resources;
        &self.slack[at as usize * resources..][..resources]
    }
}

/// What each step leaves of each resource that it takes; no limit for what it does not.
fn slack(way: Way, from: &[Option<u32>], steps: &[Step]) -> Vec<i64> {
    let mut scene = Scene::new(way, from);
    let mut slack = Vec::with_capacity(steps.len() * way.checked.problem().resources);
    for &step in steps {
        scene.go(step);
        let demand = way.checked.demand(step.item);
        let Some(bin) = step.to else {
            slack.extend(demand.iter().map(|_| i64::MAX));
            continue;
        };
        let rows = scene.occupancy.load(bin).iter().zip(way.checked.capacity(bin)).zip(demand);
        slack.extend(rows.map(|((&load, &limit), &demand)| match demand {
            0 => i64::MAX,
            1.. => limit as i64 - load as i64,
        }));
    }
    slack
}

/// Who has to pass which gates, and who has.
#[derive(Debug)]
struct Gates {
    /// The gates of each step and its number there, flat, and where each step's end. The first is
    /// that of its item.
    tickets: Vec<(u32, u32)>,
    ends: Vec<u32>,
    /// How many have passed each gate.
    passed: Vec<u32>,
}

impl Gates {
    fn new(way: Way, steps: &[Step]) -> Gates {
        let mut known: BTreeMap<Gate, (u32, u32)> = BTreeMap::new();
        let is_refused = is_refused(way);
        let mut gates = Gates { tickets: Vec::new(), ends: Vec::new(), passed: Vec::new() };
        for step in steps {
            for gate in named(way, step, &is_refused) {
                let next = known.len() as u32;
                let (gate, count) = known.entry(gate).or_insert((next, 0));
                gates.tickets.push((*gate, *count));
                *count += 1;
            }
            gates.ends.push(gates.tickets.len() as u32);
        }
        gates.passed = vec![0; known.len()];
        gates
    }

    fn are_open(&self, at: u32) -> bool {
        self.of(at).iter().all(|&(gate, number)| self.passed[gate as usize] == number)
    }

    /// A step has begun: all gates but that of its item are behind it.
    fn enter(&mut self, at: u32) {
        let (start, end) = self.range(at);
        for &(gate, _) in &self.tickets[start + 1..end] {
            self.passed[gate as usize] += 1;
        }
    }

    /// A step has ended.
    fn leave(&mut self, at: u32) {
        let (gate, _) = self.tickets[self.range(at).0];
        self.passed[gate as usize] += 1;
    }

    fn of(&self, at: u32) -> &[(u32, u32)] {
        let (start, end) = self.range(at);
        &self.tickets[start..end]
    }

    fn range(&self, at: u32) -> (usize, usize) {
        let start = (at as usize).checked_sub(1).map_or(0, |before| self.ends[before]);
        (start as usize, self.ends[at as usize] as usize)
    }
}

/// The gates of a step, that of its item first.
fn named(way: Way, step: &Step, is_refused: &[bool]) -> Vec<Gate> {
    let mut gates = vec![Gate::Item(step.item)];
    match (step.to, way.group(step.item)) {
        (Some(bin), _) => {
            let links = way.checked.links(step.item).iter();
            let links = links.filter(|it| is_refused[it.key as usize] && (it.holds || it.refuses));
            gates.extend(links.map(|it| Gate::Key(it.key, way.checked.key_domain(it.key, bin))));
        }
        (None, Some(group)) => gates.push(Gate::Group(group)),
        (None, None) => {}
    }
    gates
}

fn is_refused(way: Way) -> Vec<bool> {
    let mut is_refused = vec![false; way.checked.problem().keys.len()];
    for &key in way.checked.problem().refuses.values() {
        is_refused[key as usize] = true;
    }
    is_refused
}
