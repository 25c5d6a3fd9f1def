use super::desk::{fresh_starts, node, web_moves};
use super::{check, check_rack};
use rackberry_core::{Bytes, Millicores};
use rackberry_plan::Plan;
use rackberry_plan::rack::Rack;

/// Gives a workload other needs. What its nodes were seen to use stays, so their own systems use the difference.
fn change(
    rack: &mut Rack,
    workload: &str,
    change: impl FnOnce(&mut rackberry_plan::rack::Workload),
) {
    change(rack.workloads.get_mut(workload).unwrap());
}

fn mebi(it: u64) -> Option<Bytes> {
    Some(Bytes(it << 20))
}

/// The faults but for the printed figures, which do not fit a rack that was changed.
#[track_caller]
fn rooms(plan: &Plan, edit: impl FnOnce(&mut Rack), expected: &[&str]) {
    let mut rack = super::desk::desk();
    edit(&mut rack);
    let mut found = super::faults(&rack, plan);
    found.retain(|it| !it.contains("the memory of"));
    assert_eq!(found, expected);
}

#[test]
fn memory_is_filled_up_to_the_limit_and_not_a_byte_further() {
    let fits = |need: Bytes| {
        move |rack: &mut Rack| change(rack, "fresh", |it| it.uses.memory = Some(need))
    };
    rooms(&fresh_starts(), fits(Bytes(5600 << 20)), &[]);
    let expected = ["step 1: 7549747201B of memory would be in use on pi-2, where 7200Mi may be"];
    rooms(&fresh_starts(), fits(Bytes((5600 << 20) + 1)), &expected);
}

#[test]
fn what_is_handed_over_is_counted_on_both_sides() {
    // web/0 leaves pi-1 in the same wave, but its room there is not free until the wave is done.
    let swap = || {
        let mut plan = web_moves();
        plan.steps.extend([
            super::desk::start("web/0", "pi-2", &[]),
            super::desk::stop("web/0", "pi-1", &[2]),
        ]);
        let moves = super::desk::moves(
            "web/0",
            Some("pi-1"),
            Some("pi-2"),
            rackberry_plan::MoveKind::Move,
            0,
        );
        plan.waves[0].moves.push(moves);
        plan.waves[0].memory = [
            (node("pi-1"), super::desk::memory(2100, 2600)),
            (node("pi-2"), super::desk::memory(1600, 2100)),
            (node("pi-4"), super::desk::memory(1600, 1600)),
        ]
        .into();
        plan
    };
    check(swap(), |_| (), &[]);
    let tight = |rack: &mut Rack| rack.nodes.get_mut("pi-2").unwrap().usable = mebi(2300);
    let expected = ["step 3: 2100Mi of memory would be in use on pi-2, where 2070Mi may be"];
    rooms(&swap(), tight, &expected);
}

#[test]
fn a_node_that_is_over_its_limit_gets_no_more_and_may_lose() {
    let over = |name: &'static str| {
        move |rack: &mut Rack| rack.nodes.get_mut(name).unwrap().usable = mebi(1000)
    };
    rooms(&web_moves(), over("pi-2"), &[]);
    let expected = ["step 1: 1600Mi of memory would be in use on pi-4, where 900Mi may be"];
    rooms(&web_moves(), over("pi-4"), &expected);
}

#[test]
fn requests_may_fill_a_node_and_not_more() {
    let asks = |memory: u64, cpu: u64| {
        move |rack: &mut Rack| {
            change(rack, "fresh", |it| it.requests.memory = mebi(memory));
            change(rack, "fresh", |it| it.requests.cpu = Some(Millicores(cpu)));
        }
    };
    check_rack(fresh_starts(), asks(8000, 4000), &[]);
    let expected = ["step 1: 8001Mi of memory would be requested on pi-2, which has 8000Mi"];
    check_rack(fresh_starts(), asks(8001, 4000), &expected);
    let cpu = |rack: &mut Rack| {
        asks(1, 4001)(rack);
        change(rack, "fresh", |it| it.uses.cpu = Some(Millicores(1)));
    };
    let expected = ["step 1: 4001m of CPU would be requested on pi-2, which has 4"];
    check_rack(fresh_starts(), cpu, &expected);
}

#[test]
fn cpu_in_use_stays_below_its_limit() {
    let uses = |cpu: u64| {
        move |rack: &mut Rack| {
            rack.policy.cpu_limit = rackberry_core::Permille(500);
            change(rack, "fresh", |it| it.uses.cpu = Some(Millicores(cpu)));
        }
    };
    check_rack(fresh_starts(), uses(2000), &[]);
    let expected = ["step 1: 2001m of CPU would be in use on pi-2, where 2 may be"];
    check_rack(fresh_starts(), uses(2001), &expected);
}
