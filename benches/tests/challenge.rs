//! The challenge's files: read, counted, solved, and refused where they are broken.

use rackberry::sched::{Checked, Patience, Problem, anneal, bound, cost_of, verify};
use rackberry_benches::challenge::{
    self, Fault, Model, Unreadable, assignment, faults, parts, problem, read_assignment, read_model,
};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Two resources, the first transient; three machines in two neighbourhoods and three locations;
/// service 0 is spread over two locations, service 1 needs it.
const MODEL: &str = "2
1 100
0 10
3
0 0 30 400 16 80 0 1 4
0 1 10 240 8 160 1 0 4
1 2 15 100 12 80 4 3 0
2
2 0
1 1 0
3
0 12 10 1000
0 10 20 100
1 6 200 1
1
0 1 20
10
1 10 100
";

const START: &str = "0 2 0";

fn open(model: &Model, from: &[u32]) -> Result<Checked, String> {
    let said = problem(model, from).map_err(|why| why.to_string())?;
    said.check().map_err(|why| why.to_string())
}

fn small() -> Result<(Model, Vec<u32>), Unreadable> {
    let model = read_model(MODEL.as_bytes())?;
    let at = read_assignment(START.as_bytes(), &model)?;
    Ok((model, at))
}

/// Every assignment of three processes to three machines.
fn all() -> impl Iterator<Item = Vec<u32>> {
    (0..27_u32).map(|number| vec![number % 3, number / 3 % 3, number / 9])
}

#[test]
fn the_kernel_counts_every_assignment_as_the_files_do() {
    let (model, from) = small().unwrap();
    let checked = open(&model, &from).unwrap();
    for to in all() {
        let at: Vec<_> = to.iter().map(|&it| Some(it)).collect();
        let is_sound = faults(&model, &from, &to).is_empty();
        assert_eq!(verify(&checked, &at).is_ok(), is_sound, "{to:?}");
        let cost = cost_of(&checked, &at);
        assert_eq!(i128::from(cost.soft()), parts(&model, &from, &to).total() * 1000, "{to:?}");
    }
}

#[test]
fn the_best_of_all_assignments_is_found() {
    let (model, from) = small().unwrap();
    let checked = open(&model, &from).unwrap();
    let sound = all().filter(|to| faults(&model, &from, to).is_empty());
    let best = sound.map(|to| parts(&model, &from, &to).total()).min();
    let start: Vec<_> = from.iter().map(|&it| Some(it)).collect();
    let patience = Patience { tries: Some(100_000), ..Patience::default() };
    let found = anneal(&checked, &start, patience, &mut |_| {});
    let to = assignment(&found.at);
    assert_eq!(Some(parts(&model, &from, &to).total()), best);
    assert!(bound(&checked) <= found.cost.soft());
}

#[test]
fn each_rule_that_is_broken_is_named() {
    let (model, from) = small().unwrap();
    let of = |to: [u32; 3]| faults(&model, &from, &to);
    assert_eq!(of([0, 2, 0]), []);
    assert!(of([0, 0, 0]).contains(&Fault::Conflict { service: 0 }));
    assert!(of([0, 0, 0]).contains(&Fault::Spread { service: 0 }));
    assert!(of([0, 1, 2]).contains(&Fault::Dependency { service: 1, needs: 0 }));
    assert!(of([1, 2, 0]).contains(&Fault::Capacity { machine: 1, resource: 0 }));
}

#[test]
fn a_broken_file_is_answered_with_line_and_column() {
    let cases = [
        ("", "line 1, column 1: the file ends before the number of resources"),
        ("1\n2 5", "line 2, column 1: 2 is not 0 or 1 for `transient`: there are 2"),
        ("1\n0 5\n1\n0 x", "line 4, column 3: expected a location"),
        ("1\n0 -5", "line 2, column 3: expected a load cost"),
        ("1\n0 5\n99999999", "line 3, column 1: the file is too short for 99999999 machines"),
        ("1\n0 4294967296", "line 2, column 3: 4294967296 is too large for a load cost"),
        ("99999999999999999999", "line 1, column 1: expected the number of resources"),
    ];
    for (text, answer) in cases {
        let found = read_model(text.as_bytes()).expect_err(text).to_string();
        assert_eq!(found, answer);
    }
    let model = small().unwrap().0;
    let assignments = [
        ("0 2", "line 1, column 4: the file ends before a machine"),
        ("0 2 3", "line 1, column 5: 3 is not a machine: there are 3"),
        ("0 2 0 1", "line 1, column 7: expected the end of the file"),
    ];
    for (text, answer) in assignments {
        let found = read_assignment(text.as_bytes(), &model).expect_err(text).to_string();
        assert_eq!(found, answer);
    }
}

#[test]
fn a_file_that_is_cut_anywhere_or_has_one_other_byte_is_read_or_refused() {
    for end in 0..MODEL.len() {
        let _ = read_model(&MODEL.as_bytes()[..end]);
        for byte in [b'9', b'-', b' ', 0xff] {
            let mut bytes = MODEL.as_bytes().to_vec();
            bytes[end] = byte;
            if let Ok(model) = read_model(&bytes) {
                let at = vec![0; model.processes.len()];
                let _ = problem(&model, &at).map(Problem::check);
            }
        }
    }
}

#[test]
fn the_largest_values_of_the_format_are_counted_or_refused() {
    let large = MODEL
        .replace("30 400", "4294967295 4294967295")
        .replace("1 100\n0 10", "1 4294967295\n0 4294967295");
    let model = read_model(large.as_bytes()).expect("the model can be read");
    let checked = open(&model, &[0, 2, 0]).unwrap();
    for to in all() {
        let at: Vec<_> = to.iter().map(|&it| Some(it)).collect();
        let cost = cost_of(&checked, &at);
        assert_eq!(i128::from(cost.soft()), parts(&model, &[0, 2, 0], &to).total() * 1000);
    }
}

#[test]
fn what_no_problem_can_say_is_refused_by_name() {
    let (model, from) = small().unwrap();
    let refused = |model: &Model| problem(model, &from).expect_err("too much").to_string();
    let far = Model { machine_move: u32::MAX, ..model.clone() };
    let why =
        "the way from machine 0 to machine 2 costs 17179869180, which is more than 4294967295";
    assert_eq!(refused(&far), why);
    let mut wide = model;
    wide.services[1].spread = 2;
    assert_eq!(refused(&wide), "service 1 has 1 processes for 2 locations");
}

/// A folder of its own for the files of one test.
fn folder(name: &str) -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

#[test]
fn what_is_wrong_with_an_instance_is_told_with_its_file() {
    let folder = folder("open").unwrap();
    let [model, from] = ["model.txt", "assignment.txt"].map(|name| folder.join(name));
    let told = |files: [&str; 2]| {
        fs::write(&model, files[0]).expect("written");
        fs::write(&from, files[1]).expect("written");
        let why = challenge::open(&model, &from).map(|it| it.start());
        why.map_err(|why| why.replace(&*folder.to_string_lossy(), ""))
    };
    assert_eq!(told([MODEL, START]), Ok(vec![Some(0), Some(2), Some(0)]));
    let wrong = |files| told(files).expect_err("a wrong file");
    assert_eq!(
        wrong(["2 x", START]),
        "/model.txt: line 1, column 3: expected 0 or 1 for `transient`"
    );
    let far = "/assignment.txt: line 1, column 5: 3 is not a machine: there are 3";
    assert_eq!(wrong([MODEL, "0 2 3"]), far);
    let dear = MODEL.replace("1 10 100", "1 10 4294967295");
    assert!(wrong([&dear, START]).starts_with("/model.txt: the way from machine 0 to machine 2"));
    let wide = MODEL.replace("2 0\n1 1 0", "3 0\n1 1 0");
    assert_eq!(wrong([&wide, START]), "/model.txt: service 0 has 2 processes for 3 locations");
    fs::remove_file(&from).expect("removed");
    assert!(challenge::open(&model, &from).expect_err("no file").starts_with("cannot read "));
}

/// The public instances, where they are at hand.
#[test]
fn the_public_instances_cost_what_is_published_and_get_better() {
    let data = env::var("RACKBERRY_DATA").unwrap_or_else(|_| "../../shared/data".into());
    let data = Path::new(&data).join("reassignment");
    let read = |name: String| fs::read(data.join(name)).ok();
    for (name, published) in [("a1_1", 49_528_750), ("a1_4", 632_499_600), ("b_1", 7_644_173_180)] {
        let files = read(format!("model_{name}.txt")).zip(read(format!("assignment_{name}.txt")));
        let Some((model, from)) = files else {
            println!("skipped {name}: not in {}", data.display());
            continue;
        };
        let model = read_model(&model).expect(name);
        let from = read_assignment(&from, &model).expect(name);
        assert_eq!(parts(&model, &from, &from).total(), published, "{name}");
        let checked = open(&model, &from).unwrap();
        let start: Vec<_> = from.iter().map(|&it| Some(it)).collect();
        let patience = Patience { tries: Some(200_000), ..Patience::default() };
        let found = anneal(&checked, &start, patience, &mut |_| {});
        let to = assignment(&found.at);
        assert_eq!(faults(&model, &from, &to), [], "{name}");
        assert_eq!(parts(&model, &from, &to).total() * 1000, i128::from(found.cost.soft()));
        assert!(i128::from(found.cost.soft()) < published * 1000, "{name}");
    }
}
