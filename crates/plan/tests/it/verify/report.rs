use super::check;
use super::desk::{
    big_stops, db_moves, db_moves_twice, fresh_starts, kept, memory, moves, node, web_moves,
};
use rackberry_core::Bytes;
use rackberry_plan::{MoveKind, Plan};

#[test]
fn wrong_figures_are_refused() {
    let right = "the memory of pi-2 is 1100Mi used, 1600Mi at the peak, 7200Mi at the limit and 8000Mi usable, and it says otherwise";
    let expected = [format!("wave 1: {right}")];
    let expected = [expected[0].as_str()];
    for wrong in [memory(1101, 1600), memory(1100, 1601)] {
        check(web_moves(), |it| _ = it.waves[0].memory.insert(node("pi-2"), wrong), &expected);
    }
    let limit = |it: &mut Plan| it.waves[0].memory.get_mut("pi-2").unwrap().limit = Bytes(1);
    check(web_moves(), limit, &expected);
    let usable = |it: &mut Plan| it.waves[0].memory.get_mut("pi-2").unwrap().usable = Bytes(1);
    check(web_moves(), usable, &expected);
    let right = "the memory of pi-3 is 4100Mi used, 4100Mi at the peak, 7200Mi at the limit and 8000Mi usable, and it says otherwise";
    let expected = format!("the memory before the first step: {right}");
    let before = |it: &mut Plan| _ = it.memory.insert(node("pi-3"), memory(4000, 4100));
    check(web_moves(), before, &[&expected]);
}

#[test]
fn figures_are_there_for_every_node_that_changes_and_no_other() {
    let expected = ["wave 1: it does not say what memory pi-2 uses"];
    check(web_moves(), |it| _ = it.waves[0].memory.remove("pi-2"), &expected);
    let expected = ["wave 1: it has figures for pi-3, where nothing changes"];
    let change = |it: &mut Plan| _ = it.waves[0].memory.insert(node("pi-3"), memory(4100, 4100));
    check(web_moves(), change, &expected);
    let expected = ["the memory before the first step: it does not say what memory pi-1 uses"];
    check(web_moves(), |it| _ = it.memory.remove("pi-1"), &expected);
}

#[test]
fn every_move_is_listed_once() {
    let expected = ["wave 1: web/1 changes place, and is not listed exactly once"];
    check(web_moves(), |it| it.waves[0].moves.clear(), &expected);
    check(
        web_moves(),
        |it| it.waves[0].moves.extend(web_moves().waves[0].moves.clone()),
        &expected,
    );
    let imagined = moves("big/0", Some("pi-3"), Some("pi-1"), MoveKind::Move, 0);
    let expected = ["wave 1: the steps take big/0 from nowhere to nowhere, and it says otherwise"];
    check(web_moves(), |it| it.waves[0].moves.push(imagined), &expected);
}

#[test]
fn a_move_is_listed_with_the_nodes_that_its_steps_name() {
    let expected = ["wave 1: the steps take web/1 from pi-2 to pi-4, and it says otherwise"];
    check(web_moves(), |it| it.waves[0].moves[0].to = Some(node("pi-3")), &expected);
    check(web_moves(), |it| it.waves[0].moves[0].from = None, &expected);
}

#[test]
fn a_move_is_listed_with_what_it_copies() {
    let expected = ["wave 1: 4Gi of db/0 are copied, and it says otherwise"];
    check(db_moves(), |it| it.waves[0].moves[0].bytes = Bytes(3 << 30), &expected);
}

#[test]
fn a_move_is_listed_as_what_it_is() {
    let wrong = |plan: Plan, wave: usize, kind: MoveKind, text: &str| {
        let expected = format!("wave {}: {text}, which it is not", wave + 1);
        check(plan, |it| it.waves[wave].moves[0].kind = kind, &[&expected]);
    };
    wrong(web_moves(), 0, MoveKind::Stop, "web/1 is listed as a stop");
    wrong(web_moves(), 0, MoveKind::Start, "web/1 is listed as a first start");
    wrong(
        web_moves(),
        0,
        MoveKind::FromTemporary,
        "web/1 is listed as a move from a temporary place",
    );
    wrong(web_moves(), 0, MoveKind::ToTemporary, "web/1 is listed as a move to a temporary place");
    wrong(db_moves_twice(), 1, MoveKind::Move, "db/0 is listed as a move for good");
    wrong(fresh_starts(), 0, MoveKind::Resume, "fresh/0 is listed as a start after a stop");
    wrong(big_stops(), 1, MoveKind::Start, "big/0 is listed as a first start");
}

#[test]
fn kept_copies_are_listed_exactly() {
    let expected =
        ["the kept copies: the copy of db/0:data on pi-4 is left behind, and is not listed"];
    check(db_moves_twice(), |it| drop(it.kept.pop()), &expected);
    let wrong = |on: &str| {
        format!(
            "the kept copies: the copy of db/0:data on {on} is not left behind, or not with this size, or listed twice"
        )
    };
    check(db_moves(), |it| it.kept.push(kept("pi-1")), &[&wrong("pi-1")]);
    check(db_moves(), |it| it.kept.push(kept("pi-4")), &[&wrong("pi-4")]);
    check(db_moves(), |it| it.kept[0].bytes = Bytes(1), &[&wrong("pi-1")]);
}
