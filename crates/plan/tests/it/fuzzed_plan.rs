//! What is done with any bytes as a plan, by a fuzzer and by the tests that keep what it found.

use rackberry_plan::{Plan, Resolved, Source, verify};
use std::sync::LazyLock;

static DESK: LazyLock<Option<Resolved>> = LazyLock::new(|| {
    let (rack, _) = Source::read("desk.yaml", include_bytes!("../desk.yaml")).ok()?;
    rack.resolve().ok()
});

/// Reads bytes as a plan. What is accepted is written, and read again as the same; it is judged and told in words, and
/// what is found good ends where its moves say.
pub(crate) fn plan_json(bytes: &[u8]) {
    let Ok(plan) = Plan::from_json(bytes) else { return };
    assert_eq!(Plan::from_json(plan.to_json().as_bytes()).as_ref(), Ok(&plan));
    assert!(plan.runbook().to_string().starts_with("# Runbook"));
    let Some(rack) = &*DESK else { panic!("the desk does not read") };
    let Ok(end) = verify(&plan, rack) else { return };
    for it in plan.waves.iter().flat_map(|it| &it.moves) {
        let nodes = end.running.get(&it.replica).map_or(0, |it| it.len());
        assert_eq!(nodes, 1, "{}", it.replica);
    }
}
