//! What must hold for any bytes, in the fuzzers and in the tests.

use rackberry::sched::{cost_of, verify};
use rackberry_benches::challenge::{faults, parts, problem, read_assignment, read_model};
use rackberry_benches::online::read_sets;

/// A model and an assignment, apart by a zero byte.
pub(crate) fn challenge(bytes: &[u8]) {
    let mut files = bytes.splitn(2, |&byte| byte == 0);
    let Ok(model) = read_model(files.next().unwrap_or_default()) else { return };
    let Ok(at) = read_assignment(files.next().unwrap_or_default(), &model) else { return };
    // What no 64 bits hold is refused, and small enough for everything else is what is checked.
    let Ok(checked) = problem(&model, &at).check() else { return };
    let sound: Vec<_> = at.iter().map(|&bin| Some(bin)).collect();
    // The kernel asks no more domains of a key than it has holders.
    let size = |service| model.processes.iter().filter(|it| it.service == service).count();
    let is_hopeless =
        |service: u32| size(service) < model.services[service as usize].spread as usize;
    let faults = faults(&model, &at, &at);
    if !(0..model.services.len() as u32).any(is_hopeless) {
        assert_eq!(verify(&checked, &sound).is_ok(), faults.is_empty(), "{faults:?}");
    }
    let cost = i128::from(cost_of(&checked, &sound).soft());
    assert_eq!(cost, parts(&model, &at, &at).total() * 1000);
}

/// A set of nodes and pods.
pub(crate) fn online(bytes: &[u8]) {
    let _ = read_sets(bytes);
}
