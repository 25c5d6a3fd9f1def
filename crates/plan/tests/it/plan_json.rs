//! A plan as JSON reads back as it was written, whatever stands in it, and what is not a plan is refused.

use crate::fuzzed_plan::plan_json;
use crate::verify::desk;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use rackberry_core::{Bytes, NodeId, Seconds};
use rackberry_plan::{
    Action, Blocked, CopyState, Fact, Kept, Move, MoveKind, NodeMemory, Plan, ReplicaRef, Resolved,
    Step, VolumeRef, Wave, plan_schema, verify,
};
use std::path::Path;
use std::sync::LazyLock;

static RACK: LazyLock<Resolved> = LazyLock::new(|| desk::desk().resolve().unwrap());

fn node() -> impl Strategy<Value = NodeId> + Clone {
    "[a-z0-9][a-zA-Z0-9._-]{0,8}".prop_map(NodeId::new)
}

fn replica() -> impl Strategy<Value = ReplicaRef> + Clone {
    let name = "[a-z0-9][a-zA-Z0-9._-]{0,8}";
    (name, any::<u32>())
        .prop_map(|(workload, ordinal)| ReplicaRef { workload: workload.parse().unwrap(), ordinal })
}

fn volume() -> impl Strategy<Value = VolumeRef> + Clone {
    (replica(), "\\PC{1,8}").prop_map(|(replica, name)| VolumeRef { replica, name })
}

fn action() -> impl Strategy<Value = Action> {
    let moved = || (volume(), node(), node());
    prop_oneof![
        moved().prop_map(|(volume, from, to)| Action::CopyHot { volume, from, to }),
        moved().prop_map(|(volume, from, to)| Action::CopyCold { volume, from, to }),
        moved().prop_map(|(volume, from, to)| Action::Compare { volume, from, to }),
        (volume(), node()).prop_map(|(volume, to)| Action::Bind { volume, to }),
        (replica(), node()).prop_map(|(replica, node)| Action::Start { replica, node }),
        (replica(), node()).prop_map(|(replica, node)| Action::Stop { replica, node }),
    ]
}

fn fact() -> impl Strategy<Value = Fact> {
    let copy = prop::sample::select(vec![CopyState::Hot, CopyState::Cold, CopyState::Compared]);
    prop_oneof![
        node().prop_map(Fact::Ready),
        (replica(), node()).prop_map(|(replica, node)| Fact::Running { replica, node }),
        (replica(), node()).prop_map(|(replica, node)| Fact::Stopped { replica, node }),
        (volume(), node(), copy).prop_map(|(volume, node, copy)| Fact::Holds {
            volume,
            node,
            copy
        }),
        (volume(), node()).prop_map(|(volume, node)| Fact::Bound { volume, node }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let facts = || vec(fact(), 0..3);
    let needs = vec(any::<usize>(), 0..3);
    (facts(), action(), facts(), needs, any::<u64>()).prop_map(
        |(before, action, after, needs, takes)| Step {
            before,
            action,
            after,
            needs,
            takes: Seconds(takes),
        },
    )
}

fn memory() -> impl Strategy<Value = NodeMemory> {
    any::<[u64; 4]>().prop_map(|it| {
        let [used, peak, limit, usable] = it.map(Bytes);
        NodeMemory { used, peak, limit, usable }
    })
}

fn moved() -> impl Strategy<Value = Move> {
    let kind = prop::sample::select(vec![
        MoveKind::Start,
        MoveKind::Move,
        MoveKind::ToTemporary,
        MoveKind::FromTemporary,
        MoveKind::Stop,
        MoveKind::Resume,
    ]);
    let end = || prop::option::of(node());
    (replica(), end(), end(), kind, any::<u64>(), any::<u64>()).prop_map(
        |(replica, from, to, kind, bytes, downtime)| Move {
            replica,
            from,
            to,
            kind,
            bytes: Bytes(bytes),
            downtime: Seconds(downtime),
            dependents: Vec::new(),
        },
    )
}

fn wave() -> impl Strategy<Value = Wave> {
    (any::<usize>(), vec(moved(), 0..3), btree_map(node(), memory(), 0..3))
        .prop_map(|(first, moves, memory)| Wave { first, moves, memory })
}

fn plan() -> impl Strategy<Value = Plan> {
    let kept = (volume(), node(), any::<u64>()).prop_map(|(volume, node, bytes)| Kept {
        volume,
        node,
        bytes: Bytes(bytes),
    });
    let blocked =
        (replica(), "\\PC{0,12}").prop_map(|(replica, reason)| Blocked { replica, reason });
    (
        (any::<u32>(), "\\PC{0,12}", btree_map(node(), memory(), 0..4)),
        (vec(step(), 0..5), vec(wave(), 0..4), vec(kept, 0..3), vec(blocked, 0..3)),
    )
        .prop_map(|((format, rack, memory), (steps, waves, kept, blocked))| Plan {
            format,
            rack,
            memory,
            steps,
            waves,
            kept,
            blocked,
            unreached: Default::default(),
            made_from: None,
            unset: Vec::new(),
            unnamed: Vec::new(),
            limits: Vec::new(),
        })
}

proptest! {
    #[test]
    fn a_plan_reads_back_as_it_was_written(plan in plan()) {
        let text = plan.to_json();
        prop_assert_eq!(&text[text.len() - 2..], "}\n");
        let back = Plan::from_json(text.as_bytes());
        prop_assert_eq!(back.as_ref(), Ok(&plan));
    }

    #[test]
    fn no_plan_makes_the_checker_or_the_runbook_panic(plan in plan()) {
        let rack = &*RACK;
        prop_assert!(verify(&plan, rack).is_err());
        prop_assert!(plan.runbook().to_string().starts_with("# Runbook"));
    }

    #[test]
    fn a_good_plan_that_is_shuffled_does_not_make_the_checker_panic(
        shuffled in Just(desk::everything().steps).prop_shuffle(),
        firsts in vec(0..20_usize, 3),
        needs in vec((0..20_usize, 0..20_usize), 0..4),
    ) {
        let rack = &*RACK;
        let mut plan = desk::everything();
        plan.steps = shuffled;
        plan.waves.iter_mut().zip(firsts).skip(1).for_each(|(wave, first)| wave.first = first);
        for (step, need) in needs {
            plan.steps.iter_mut().skip(step).take(1).for_each(|it| it.needs.push(need));
        }
        if let Ok(end) = verify(&plan, rack) {
            let right = verify(&desk::everything(), rack).unwrap();
            prop_assert_eq!((end.running, end.bound), (right.running, right.bound));
        }
        prop_assert!(plan.runbook().to_string().contains("## Memory"));
    }
}

/// Every text that made the fuzzer see something new, and the plans that the tests are about.
#[test]
fn what_the_fuzzer_has_found_is_read_written_and_judged_without_a_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/plan_json");
    // A crate by itself has no corpus beside it.
    let Ok(files) = std::fs::read_dir(folder) else { return };
    for file in files {
        plan_json(&std::fs::read(file.unwrap().path()).unwrap());
    }
}

#[test]
fn a_text_that_is_too_large_is_not_read() {
    let large = vec![b' '; (256 << 20) + 1];
    let why = Plan::from_json(&large).unwrap_err().to_string();
    assert_eq!(why, "line 1, column 1: the text is larger than 256 MiB, the most that is read");
}

#[test]
fn the_schema_explains_every_key() {
    let schema = plan_schema();
    let objects = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    let mut keys = 0;
    for (name, key) in objects.filter_map(|it| it["properties"].as_object()).flatten() {
        let words = key["description"].as_str().unwrap_or_default();
        assert!(!words.is_empty(), "{name} is not described");
        keys += 1;
    }
    assert!(keys > 25, "only {keys} keys");
}
