//! The replay of moves between machines: what `order` finds it lets pass, and nothing that is wrong.

use rackberry::sched::orderable;
use rackberry_benches::challenge::{
    Machine, Model, Move, Process, Resource, Service, assignment, moves, problem, read_moves,
    replay, waves_at_least, write_moves,
};

/// Numbers that look random.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % limit
    }
}

/// Machines of 20 with processes of up to 9, of which every fourth one is of one service.
fn model(dice: &mut Dice) -> Model {
    let machines = 3 + dice.below(4);
    let machine = |_| Machine {
        neighbourhood: 0,
        location: 0,
        capacity: vec![20, 20],
        safety: vec![10, 10],
        ways: vec![1; machines as usize],
    };
    let processes = 3 * machines + dice.below(machines);
    let process = |number: u64| Process {
        service: if number.is_multiple_of(4) { 0 } else { number as u32 },
        demand: vec![1 + dice.below(9) as u32, dice.below(9) as u32],
        move_cost: 1,
    };
    Model {
        resources: vec![Resource { is_transient: false, weight: 1 }; 2],
        machines: (0..machines).map(machine).collect(),
        services: (0..processes).map(|_| Service { spread: 0, needs: vec![] }).collect(),
        processes: (0..processes).map(process).collect(),
        ..Model::default()
    }
}

/// An assignment that breaks no rule, if one is found.
fn drawn(model: &Model, dice: &mut Dice) -> Option<Vec<u32>> {
    let mut at: Vec<u32> = Vec::new();
    for _ in &model.processes {
        let mut draw = (0..100).map(|_| dice.below(model.machines.len() as u64) as u32);
        let place = draw.find(|&machine| fits(model, &at, machine))?;
        at.push(place);
    }
    Some(at)
}

/// Whether the next process fits on a machine.
fn fits(model: &Model, at: &[u32], machine: u32) -> bool {
    let here = || (0..at.len()).filter(|&it| at[it] == machine).chain([at.len()]);
    let shared = here().filter(|&it| model.processes[it].service == 0).count();
    let sum = |resource: usize| here().map(|it| model.processes[it].demand[resource]).sum::<u32>();
    shared < 2 && sum(0) <= 20 && sum(1) <= 20
}

/// Two assignments, and the moves from the one to the other or near it.
struct Case {
    model: Model,
    from: Vec<u32>,
    end: Vec<u32>,
    moves: Vec<Move>,
}

impl Case {
    fn draw(seed: u64) -> Option<Case> {
        let mut dice = Dice(seed);
        let model = model(&mut dice);
        let (from, to) = (drawn(&model, &mut dice)?, drawn(&model, &mut dice)?);
        let checked = problem(&model, &from).ok()?.check().ok()?;
        let at = |it: &[u32]| it.iter().map(|&it| Some(it)).collect::<Vec<_>>();
        let found = orderable(&checked, &at(&from), &at(&to), &[], &[]);
        let (end, moves) = (assignment(&found.solution.at), moves(&found.order));
        Some(Case { model, from, end, moves })
    }
}

#[test]
fn the_moves_of_every_order_lead_to_its_end() {
    let mut moved = 0;
    for seed in 0..300 {
        let Some(Case { model, from, end, moves }) = Case::draw(seed) else { continue };
        let written = read_moves(&write_moves(&moves)).expect("what was written");
        assert_eq!(written, moves);
        assert_eq!(replay(&model, &from, &moves), Ok(end.clone()), "seed {seed}");
        moved += moves.len();
    }
    assert!(moved > 1000, "{moved}");
}

#[test]
fn moves_that_have_to_wait_are_refused_all_at_once() {
    let (mut orders, mut refused) = (0, 0);
    for seed in 0..100 {
        let Some(Case { model, from, end, moves }) = Case::draw(seed) else { continue };
        if waves_at_least(&model, &from, &end) < 2 {
            continue;
        }
        let at_once: Vec<Move> = moves.iter().map(|it| Move { wave: 0, ..*it }).collect();
        orders += 1;
        refused += u32::from(replay(&model, &from, &at_once).is_err());
    }
    assert!(orders > 20 && refused == orders, "{refused} of {orders}");
}

#[test]
fn a_move_that_cannot_be_is_refused() {
    let mut dice = Dice(1);
    let mut model = model(&mut dice);
    model.processes.truncate(3);
    for process in &mut model.processes {
        (process.service, process.demand) = (0, vec![11, 0]);
    }
    model.processes[1].service = 1;
    let from = [0, 1, 1];
    model.machines[1].capacity = vec![30, 30];
    model.machines[2].capacity = vec![20, 20];
    let one = |wave, process, from, to| Move { wave, process, from, to };
    let refused = |moves: &[Move]| replay(&model, &from, moves).err().unwrap_or_default();
    assert_eq!(refused(&[one(0, 1, 1, 2)]), "");
    assert!(refused(&[one(0, 1, 1, 0)]).contains("too full"));
    assert!(refused(&[one(0, 2, 1, 0)]).contains("another of its service"));
    assert!(refused(&[one(0, 1, 0, 2)]).contains("cannot be"));
    assert!(refused(&[one(0, 3, 0, 2)]).contains("cannot be"));
    assert!(refused(&[one(0, 1, 1, 9)]).contains("cannot be"));
    assert!(refused(&[one(0, 1, 1, 2), one(0, 1, 2, 1)]).contains("cannot be"));
    assert!(refused(&[one(1, 1, 1, 2), one(0, 1, 2, 1)]).contains("comes after"));
    assert_eq!(
        read_moves("0 1 1 2 3").err().as_deref(),
        Some("line 1: expected `wave process from to`")
    );
}
