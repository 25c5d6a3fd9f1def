//! Three checkers that share no code say the same of random instances and random assignments: the
//! one beside the data, in Python; the one of the files; and the kernel's.

use rackberry::sched::{bound, cost_of, verify};
use rackberry_benches::Dice;
use rackberry_benches::challenge::{
    Balance, Machine, Model, Parts, Process, Resource, Service, faults, parts, problem,
    read_assignment, read_model,
};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

const CASES: usize = 300;

/// Asks the checker in a folder of every case in another: its verdict and the parts of the cost.
const ASK: &str = "
import sys
sys.path.insert(0, sys.argv[1])
import check
for at in range(int(sys.argv[3])):
    name = f'{sys.argv[2]}/{at}'
    model = check.read_instance(name + '.model')
    start, end = (check.read_assignment(name + it, model.P, model.M) for it in ('.from', '.to'))
    _, parts, faults, _ = check.evaluate(model, start, end)
    print(int(not faults), *(parts[it] for it in ('load', 'balance', 'process', 'service', 'machine')))
";

/// Some 32 bits below a limit.
fn below(dice: &mut Dice, limit: u32) -> u32 {
    (dice.roll() % u64::from(limit.max(1))) as u32
}

/// So many numbers below a limit.
fn row(dice: &mut Dice, len: u32, limit: u32) -> Vec<u32> {
    (0..len).map(|_| below(dice, limit)).collect()
}

fn places(dice: &mut Dice, model: &Model) -> Vec<u32> {
    row(dice, model.processes.len() as u32, model.machines.len() as u32)
}

/// What the values of a model are below. The roomier it is, the more assignments are sound.
struct Scale {
    demand: u32,
    capacity: u32,
    weight: u32,
}

/// Small values, and those at the end of the format.
fn scale(dice: &mut Dice) -> Scale {
    let weights = [10, 1000, 100_000, u32::MAX];
    let weight = weights[below(dice, 4) as usize];
    match below(dice, 4) {
        0 => Scale { demand: 10, capacity: 60, weight },
        1 => Scale { demand: 10, capacity: 20, weight },
        2 => Scale { demand: u32::MAX / 4, capacity: u32::MAX, weight },
        _ => Scale { demand: u32::MAX, capacity: u32::MAX, weight },
    }
}

/// A model with everything in it: transient resources, spreads, dependencies and balances.
fn model(dice: &mut Dice) -> Model {
    let Scale { demand, capacity, weight } = scale(dice);
    let (width, machines) = (1 + below(dice, 3), 1 + below(dice, 5));
    let (services, processes) = (1 + below(dice, 4), below(dice, 8));
    let machine = |_| Machine {
        neighbourhood: below(dice, 3),
        location: below(dice, 3),
        capacity: row(dice, width, capacity).iter().map(|it| capacity - it / 4).collect(),
        safety: row(dice, width, capacity),
        ways: row(dice, machines, weight),
    };
    let machines: Vec<Machine> = (0..machines).map(machine).collect();
    let service = |_| {
        let needs = below(dice, 2) * below(dice, 3);
        Service { spread: below(dice, 2) * below(dice, 3), needs: row(dice, needs, services) }
    };
    let services: Vec<Service> = (0..services).map(service).collect();
    let process = |_| Process {
        service: below(dice, services.len() as u32),
        demand: row(dice, width, demand),
        move_cost: below(dice, weight),
    };
    let processes = (0..processes).map(process).collect();
    let count = below(dice, 3);
    let balance = |_| Balance {
        one: below(dice, width),
        other: below(dice, width),
        target: below(dice, weight),
        weight: below(dice, weight),
    };
    let balances = (0..count).map(balance).collect();
    let resource = |_| Resource { is_transient: below(dice, 3) == 0, weight: below(dice, weight) };
    let resources = (0..width).map(resource).collect();
    let [process_move, service_move, machine_move] = [0; 3].map(|_| below(dice, weight));
    let model = Model { resources, machines, services, processes, ..Model::default() };
    Model { balances, process_move, service_move, machine_move, ..model }
}

/// The file of a model.
fn written(model: &Model) -> String {
    let mut text = String::new();
    let mut line = |numbers: &[&[u32]]| {
        let numbers: Vec<String> = numbers.concat().iter().map(u32::to_string).collect();
        let _ = writeln!(text, "{}", numbers.join(" "));
    };
    line(&[&[model.resources.len() as u32]]);
    model.resources.iter().for_each(|it| line(&[&[u32::from(it.is_transient), it.weight]]));
    line(&[&[model.machines.len() as u32]]);
    for it in &model.machines {
        line(&[&[it.neighbourhood, it.location], &it.capacity, &it.safety, &it.ways]);
    }
    line(&[&[model.services.len() as u32]]);
    model.services.iter().for_each(|it| line(&[&[it.spread, it.needs.len() as u32], &it.needs]));
    line(&[&[model.processes.len() as u32]]);
    model.processes.iter().for_each(|it| line(&[&[it.service], &it.demand, &[it.move_cost]]));
    line(&[&[model.balances.len() as u32]]);
    model.balances.iter().for_each(|it| line(&[&[it.one, it.other, it.target, it.weight]]));
    line(&[&[model.process_move, model.service_move, model.machine_move]]);
    text
}

/// A model, and two assignments.
type Case = (Model, Vec<u32>, Vec<u32>);

fn cases() -> Vec<Case> {
    let mut dice = Dice(1);
    let case = |_| {
        let model = model(&mut dice);
        let from = places(&mut dice, &model);
        // Half of them move a few processes only, so that some are sound.
        let mut to = places(&mut dice, &model);
        if below(&mut dice, 2) == 0 {
            let stays: Vec<bool> = from.iter().map(|_| below(&mut dice, 3) > 0).collect();
            (0..from.len()).filter(|&it| stays[it]).for_each(|it| to[it] = from[it]);
        }
        (model, from, to)
    };
    (0..CASES).map(case).collect()
}

/// Writes the files of all cases to a folder.
fn write(cases: &[Case]) -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("checkers");
    fs::create_dir_all(&folder)?;
    let row = |at: &[u32]| at.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
    for (number, (model, from, to)) in cases.iter().enumerate() {
        let files = [("model", written(model)), ("from", row(from)), ("to", row(to))];
        for (ending, text) in files {
            fs::write(folder.join(format!("{number}.{ending}")), text)?;
        }
    }
    Ok(folder)
}

/// What the files' own rules say: whether it is sound, and what it costs.
fn by_file((model, from, to): &Case) -> (bool, Parts) {
    (faults(model, from, to).is_empty(), parts(model, from, to))
}

#[test]
fn the_checker_beside_the_data_says_the_same_of_every_random_case() {
    let data = env::var("RACKBERRY_DATA").unwrap_or_else(|_| "../../shared/data".into());
    let data = Path::new(&data).join("reassignment");
    if !data.join("check.py").exists() {
        println!("skipped: no check.py in {}", data.display());
        return;
    }
    let cases = cases();
    let folder = write(&cases).expect("the files of all cases");
    let mut python = Command::new("python3");
    // Nothing is written beside the data.
    python.args(["-B", "-c", ASK]).args([&data, &folder]).arg(CASES.to_string());
    let Ok(asked) = python.output() else {
        assert_ne!(env::var("RACKBERRY_LIVE").as_deref(), Ok("required"), "no python3");
        println!("skipped: no python3");
        return;
    };
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    let answers = String::from_utf8_lossy(&asked.stdout);
    assert_eq!(answers.lines().count(), CASES);
    for ((number, case), answer) in cases.iter().enumerate().zip(answers.lines()) {
        let (is_sound, Parts { load, balance, process, service, machine }) = by_file(case);
        let ours = [i128::from(is_sound), load, balance, process, service, machine];
        let theirs: Vec<i128> = answer.split(' ').map(|it| it.parse().unwrap()).collect();
        assert_eq!(ours[..], theirs, "case {number} in {}", folder.display());
    }
}

#[test]
fn what_is_written_is_read_again() {
    for (model, from, _) in cases() {
        assert_eq!(read_model(written(&model).as_bytes()).as_ref(), Ok(&model));
        let row: Vec<String> = from.iter().map(u32::to_string).collect();
        assert_eq!(read_assignment(row.join(" ").as_bytes(), &model), Ok(from));
    }
}

#[test]
fn the_kernel_says_the_same_of_every_random_case_that_it_takes() {
    let (mut taken, mut sound, mut large) = (0, 0, 0);
    for (number, case) in cases().iter().enumerate() {
        let (model, from, to) = case;
        let Ok(checked) =
            problem(model, from).map_err(drop).and_then(|it| it.check().map_err(drop))
        else {
            continue;
        };
        let at: Vec<_> = to.iter().map(|&it| Some(it)).collect();
        let (is_sound, parts) = by_file(case);
        assert_eq!(verify(&checked, &at).is_ok(), is_sound, "case {number}");
        assert_eq!(i128::from(cost_of(&checked, &at).soft()), parts.total() * 1000, "{number}");
        assert!(i128::from(bound(&checked)) <= parts.total() * 1000, "case {number}");
        taken += 1;
        sound += u32::from(is_sound);
        large += u32::from(parts.total() > i128::from(u32::MAX));
    }
    println!("{taken} taken, {sound} sound, {large} large");
    assert!(taken > CASES / 3 && sound > 20 && large > 20, "{taken} {sound} {large}");
}
