use super::check;
use super::desk::{db_moves, db_moves_twice, node, running, web_moves};
use rackberry_core::Seconds;
use rackberry_plan::{Action, Fact, Plan};

#[test]
fn another_format_is_refused() {
    check(web_moves(), |it| it.format = 2, &["the plan: its format is 2, and only 1 is known"]);
}

#[test]
fn a_plan_for_another_rack_is_refused() {
    let change = |it: &mut Plan| it.rack = "shelf".into();
    check(web_moves(), change, &["the plan: it is for rack shelf, and not for desk"]);
}

#[test]
fn a_need_that_is_not_earlier_is_refused() {
    let expected = ["step 2: it needs step 2, which is not before it"];
    check(web_moves(), |it| it.steps[1].needs.push(1), &expected);
    let far = usize::MAX;
    let expected = [format!("step 2: it needs step {far}, which is not before it")];
    check(web_moves(), |it| it.steps[1].needs.push(far), &[expected[0].as_str()]);
}

#[test]
fn waves_that_leave_a_step_out_or_overlap_are_refused() {
    let wrong = |wave: usize| {
        format!("wave {wave}: it has no step, or does not begin where the wave before it ends")
    };
    let (first, second, third) = (&*wrong(1), &*wrong(2), &*wrong(3));
    check(db_moves_twice(), |it| it.waves[0].first = 1, &[first]);
    check(db_moves_twice(), |it| it.waves[1].first = 0, &[second]);
    check(db_moves_twice(), |it| it.waves[1].first = 12, &[second]);
    check(db_moves_twice(), |it| it.waves.push(it.waves[1].clone()), &[third]);
    check(db_moves_twice(), |it| it.waves.clear(), &[first]);
}

#[test]
fn a_plan_that_takes_longer_than_anything_can_is_refused() {
    let endless = |place: &str| {
        format!("{place}: it takes longer than a century: somebody has made a mistake")
    };
    let (first, second, wave) = (endless("step 1"), endless("step 2"), endless("wave 1"));
    let most = Seconds(u64::MAX);
    check(web_moves(), |it| it.steps[0].takes = most, &[&first]);
    let both = |it: &mut Plan| it.steps.iter_mut().for_each(|it| it.takes = Seconds(1 << 31));
    check(web_moves(), both, &[&second]);
    check(web_moves(), |it| it.waves[0].moves[0].downtime = most, &[&wave]);
}

#[test]
fn names_that_the_file_does_not_have_are_refused_wherever_they_stand() {
    let elsewhere = || node("pi-9");
    let start = |it: &mut Plan, replica: &str| {
        it.steps[0].action =
            Action::Start { replica: replica.parse().unwrap(), node: node("pi-4") };
        it.steps[0].after.push(running(replica, "pi-4"));
    };
    check(web_moves(), |it| start(it, "wb/1"), &["step 1: the rack file has no replica wb/1"]);
    check(web_moves(), |it| start(it, "web/2"), &["step 1: the rack file has no replica web/2"]);
    check(
        web_moves(),
        |it| start(it, "agent/0"),
        &["step 1: the rack file has no replica agent/0"],
    );
    let no_node = "the rack file has no node pi-9";
    let expected = format!("step 1: {no_node}");
    check(web_moves(), |it| it.steps[0].before.push(Fact::Ready(elsewhere())), &[&expected]);
    let expected = format!("wave 1: {no_node}");
    check(web_moves(), |it| it.waves[0].moves[0].from = Some(elsewhere()), &[&expected]);
    let expected = format!("the kept copies: {no_node}");
    check(db_moves(), |it| it.kept[0].node = elsewhere(), &[&expected]);
    let expected = format!("the memory before the first step: {no_node}");
    let figures = super::desk::memory(1, 1);
    check(web_moves(), |it| _ = it.memory.insert(elsewhere(), figures), &[&expected]);
    let change = |it: &mut Plan| it.kept[0].volume = "db/0:wal".parse().unwrap();
    check(db_moves(), change, &["the kept copies: the rack file has no local volume db/0:wal"]);
    let change = |it: &mut Plan| it.blocked[0].replica = "db/1".parse().unwrap();
    check(web_moves(), change, &["what is blocked: the rack file has no replica db/1"]);
}

#[test]
fn a_step_without_its_proof_is_refused() {
    let expected = ["step 2: its `after` does not say that web/1 does not run on pi-2"];
    check(web_moves(), |it| it.steps[1].after.clear(), &expected);
    check(web_moves(), |it| it.steps[1].after = vec![Fact::Ready(node("pi-2"))], &expected);
}
