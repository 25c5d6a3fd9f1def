//! What holds of every plan, whatever the rack.

use crate::racks::rack;
use proptest::prelude::*;
use rackberry_plan::{Observed, Placement, Plan, Rack, Resolved, plan, verify};
use std::collections::BTreeMap;
use std::path::Path;

fn planned(rack: &Rack) -> (Resolved, Placement, Plan) {
    let rack = rack.resolve().unwrap_or_else(|why| panic!("{why:?}"));
    let (placement, plan) = plan(&rack).unwrap();
    (rack, placement, plan)
}

/// The same rack with everything running where `end` says. The file cannot name the copies that moves
/// leave behind, so the disks are smaller by them.
fn moved(rack: &Rack, end: &Observed, plan: &Plan) -> Rack {
    let mut rack = rack.clone();
    for kept in &plan.kept {
        let disks = rack.nodes.get_mut(&kept.node).unwrap().disks.values_mut();
        disks.for_each(|it| it.size = it.size.map(|it| it.minus(kept.bytes)));
    }
    let mut on = BTreeMap::new();
    for (replica, nodes) in &end.running {
        on.entry(replica.workload.clone()).or_insert_with(Vec::new).extend(nodes.iter().cloned());
    }
    for (id, workload) in &mut rack.workloads {
        workload.on = on.remove(id).unwrap_or_default().into_iter().collect();
    }
    rack
}

/// A plan, a line for each step.
fn words(plan: &Plan) -> String {
    let starts = |at| plan.waves.iter().any(|it| it.first == at);
    let line = |(at, step): (usize, &rackberry_plan::Step)| {
        format!("{}{at}: {}", if starts(at) { "--\n" } else { "" }, step.action)
    };
    plan.steps.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn judge(rack: &Rack) {
    let (resolved, placement, first) = planned(rack);
    let end = verify(&first, &resolved).unwrap_or_else(|violations| {
        let all: Vec<_> = violations.iter().map(ToString::to_string).collect();
        panic!("refused:\n{}\n{}", all.join("\n"), words(&first))
    });
    for (at, node) in placement.at.iter().enumerate() {
        let runs = end.running.get(&resolved.replica_ref(at)).and_then(|it| it.first());
        assert_eq!(runs, node.map(|it| &resolved.nodes[it].id), "{}", resolved.replica_ref(at));
    }
    let (_, _, again) = planned(rack);
    assert_eq!(serde_json::to_string(&first).unwrap(), serde_json::to_string(&again).unwrap());
    // The file names the nodes of the first replicas; where a later one runs and an earlier one does
    // not, it cannot say so.
    let gaps = placement
        .at
        .windows(2)
        .zip(resolved.replicas.windows(2))
        .any(|(at, of)| of[0].workload == of[1].workload && at[0].is_none() && at[1].is_some());
    if gaps {
        return;
    }
    let (_, _, rest) = planned(&moved(rack, &end, &first));
    assert_eq!(words(&rest), "", "a plan from the end");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_plan_passes_the_checker_repeats_and_ends_where_a_new_one_is_empty(rack in rack()) {
        judge(&rack.0);
    }

    #[test]
    fn no_placement_scores_worse_than_leaving_things_as_they_are(rack in rack()) {
        let rack = rack.0.resolve().unwrap();
        let placement = rackberry_plan::place(&rack).unwrap();
        prop_assert!(placement.after.broken <= placement.before.broken);
        if placement.after.broken == placement.before.broken && placement.unplaced.is_empty()
            && placement.moves.iter().all(|it| it.from.is_some()) {
            prop_assert!(placement.after.total() <= placement.before.total());
        }
    }
}

#[test]
fn the_racks_that_people_run_are_planned_and_checked() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/racks");
    // A crate by itself has no racks beside it.
    let Ok(files) = std::fs::read_dir(folder) else { return };
    for file in files {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let rack: Rack = serde_saphyr::from_str(&text).unwrap();
        let (resolved, _, plan) = planned(&rack);
        assert!(verify(&plan, &resolved).is_ok());
        assert_eq!(plan.blocked, []);
    }
}
