//! What must hold for any bytes, in the fuzzers and in the tests.

use rackberry::sched::{cost_of, verify};
use rackberry_benches::challenge::{faults, parts, problem, read_assignment, read_model};
use rackberry_benches::online::read_sets;

/// A model and an assignment, apart by a zero byte.
pub(crate) fn challenge(bytes: &[u8]) {
    let mut files = bytes.splitn(2, |&byte| byte == 0);
    let Ok(model) = read_model(files.next().unwrap_or_default()) else { return };
    let Ok(at) = read_assignment(files.next().unwrap_or_default(), &model) else { return };
    let cost = parts(&model, &at, &at).total();
    let faults = faults(&model, &at, &at);
    // What no 64 bits hold is refused, and small enough for everything else is what is checked.
    let Ok(problem) = problem(&model, &at) else { return };
    let Ok(checked) = problem.check() else { return };
    let sound: Vec<_> = at.iter().map(|&bin| Some(bin)).collect();
    assert_eq!(verify(&checked, &sound).is_ok(), faults.is_empty(), "{faults:?}");
    assert_eq!(i128::from(cost_of(&checked, &sound).soft()), cost * 1000);
}

/// A set of nodes and pods.
pub(crate) fn online(bytes: &[u8]) {
    let _ = read_sets(bytes);
}
