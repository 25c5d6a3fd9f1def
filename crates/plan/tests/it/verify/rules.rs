use super::desk::{big_stops, db_moves, fresh_starts, start, stop, web_moves};
use super::{check, check_rack};
use rackberry_plan::rack::{Rack, Replicas, Spread, Topology, Workload};
use rackberry_plan::{MoveKind, Plan};

/// Adds to what the file says of a workload, as it would be written there.
fn edit(workload: &'static str, change: impl Fn(&mut Workload)) -> impl Fn(&mut Rack) {
    move |rack| change(rack.workloads.get_mut(workload).unwrap())
}

#[test]
fn a_replica_is_not_started_where_it_may_not_run() {
    let pinned =
        edit("web", |it| it.pin = ["pi-1", "pi-2"].iter().map(|it| it.parse().unwrap()).collect());
    let expected = ["step 1: web/1 may not run on pi-4: the workload is pinned to pi-1, pi-2"];
    check_rack(web_moves(), pinned, &expected);
}

#[test]
fn a_replica_may_come_back_to_a_cordoned_node_and_no_other_may_come() {
    let cordon = |node: &'static str| {
        move |rack: &mut Rack| rack.nodes.get_mut(node).unwrap().cordoned = true
    };
    check_rack(big_stops(), cordon("pi-3"), &[]);
    let expected = ["step 1: web/1 may not run on pi-4: it is cordoned"];
    check_rack(web_moves(), cordon("pi-4"), &expected);
}

#[test]
fn a_port_of_a_node_is_taken_once() {
    let port = |workload, number: &'static str| {
        edit(workload, move |it| it.host_ports = [number.parse().unwrap()].into_iter().collect())
    };
    let expected = ["step 1: fresh/0 takes port 80/tcp of pi-2, which web has"];
    check_rack(
        fresh_starts(),
        |rack| {
            port("fresh", "80")(rack);
            port("web", "80")(rack);
        },
        &expected,
    );
    check_rack(
        fresh_starts(),
        |rack| {
            port("fresh", "80/udp")(rack);
            port("web", "80")(rack);
        },
        &[],
    );
    let expected = ["step 1: fresh/0 takes port 9100/tcp of pi-2, which agent has"];
    check_rack(fresh_starts(), port("fresh", "9100"), &expected);
    check_rack(
        fresh_starts(),
        |rack| {
            edit("fresh", |it| it.host_network = true)(rack);
            edit("web", |it| it.host_network = true)(rack);
        },
        &[],
    );
}

#[test]
fn replicas_that_have_to_be_apart_do_not_meet() {
    let mut meets = web_moves();
    meets.steps = vec![start("web/1", "pi-1", &[]), stop("web/1", "pi-2", &[0])];
    meets.waves[0].moves[0].to = Some("pi-1".parse().unwrap());
    meets.waves[0].memory = [
        ("pi-1".parse().unwrap(), super::desk::memory(3100, 3100)),
        ("pi-2".parse().unwrap(), super::desk::memory(1100, 1600)),
    ]
    .into();
    let apart = edit("web", |it| it.apart = Some(Topology::Node));
    let expected = ["step 1: on pi-1, web/1 would share its node with another replica"];
    check_rack(meets.clone(), apart, &expected);
    check_rack(web_moves(), edit("web", |it| it.apart = Some(Topology::Node)), &[]);
    // All of them are on no switch, so each is a part of its own; on one outlet they share it.
    let shelf = |rack: &mut Rack| {
        rack.outlets.insert("strip".parse().unwrap(), Default::default());
        for node in ["pi-1", "pi-4"] {
            rack.nodes.get_mut(node).unwrap().outlet = Some("strip".parse().unwrap());
        }
        edit("web", |it| it.apart = Some(Topology::Outlet))(rack);
    };
    let expected = ["step 1: on pi-4, web/1 would share its outlet with another replica"];
    check_rack(web_moves(), shelf, &expected);
    // A replica is not in its own way where it moves within a part.
    let cabinet = |rack: &mut Rack| {
        rack.outlets.insert("strip".parse().unwrap(), Default::default());
        for node in ["pi-2", "pi-4"] {
            rack.nodes.get_mut(node).unwrap().outlet = Some("strip".parse().unwrap());
        }
        edit("web", |it| it.apart = Some(Topology::Outlet))(rack);
    };
    check_rack(web_moves(), cabinet, &[]);
}

#[test]
fn workloads_that_have_to_be_apart_do_not_meet_whichever_says_so() {
    let expected = ["step 1: on pi-2, fresh/0 would meet web, which it has to be apart from"];
    for (one, other) in [("fresh", "web"), ("web", "fresh")] {
        let apart =
            edit(one, move |it| it.apart_from = [other.parse().unwrap()].into_iter().collect());
        check_rack(fresh_starts(), apart, &expected);
    }
    let apart =
        edit("agent", |it| it.apart_from = ["fresh".parse().unwrap()].into_iter().collect());
    let expected = ["step 1: on pi-2, fresh/0 would meet agent, which it has to be apart from"];
    check_rack(fresh_starts(), apart, &expected);
}

#[test]
fn a_replica_ends_beside_what_it_has_to_be_with() {
    let with = |one, other: &'static str| {
        edit(one, move |it| it.with = [other.parse().unwrap()].into_iter().collect())
    };
    check_rack(
        db_moves(),
        with("db", "web"),
        &["at the end: db/0 is not beside web, which it has to be with"],
    );
    check_rack(web_moves(), with("web", "db"), &[]);
    check_rack(web_moves(), with("web", "agent"), &[]);
    check_rack(db_moves(), with("db", "fresh"), &[]);
}

#[test]
fn a_wave_does_not_spread_replicas_less_evenly_than_they_may_be() {
    let mut crowds = web_moves();
    crowds.steps = vec![start("web/1", "pi-1", &[]), stop("web/1", "pi-2", &[0])];
    crowds.waves[0].moves[0].to = Some("pi-1".parse().unwrap());
    crowds.waves[0].memory = [
        ("pi-1".parse().unwrap(), super::desk::memory(3100, 3100)),
        ("pi-2".parse().unwrap(), super::desk::memory(1100, 1600)),
    ]
    .into();
    let spread = |skew: u32| {
        edit("web", move |it| {
            it.spread = Some(Spread { over: Topology::Node, skew });
        })
    };
    let expected = ["wave 1: one part has 2 more replicas of web than another, and may have 1"];
    check_rack(crowds.clone(), spread(1), &expected);
    check_rack(crowds, spread(2), &[]);
    check_rack(web_moves(), spread(1), &[]);
}

#[test]
fn what_starts_on_one_node_while_others_stay_empty_is_not_spread() {
    let mut rack = super::desk::desk();
    edit("fresh", |it| {
        it.replicas = Replicas::Count(2);
        it.spread = Some(Spread { over: Topology::Node, skew: 1 });
    })(&mut rack);
    let mut crowds = fresh_starts();
    crowds.steps.push(start("fresh/1", "pi-2", &[]));
    let second = super::desk::moves("fresh/1", None, Some("pi-2"), MoveKind::Start, 0);
    crowds.waves[0].moves.push(second);
    crowds.waves[0].memory = [("pi-2".parse().unwrap(), super::desk::memory(2000, 2000))].into();
    let expected = ["wave 1: one part has 2 more replicas of fresh than another, and may have 1"];
    assert_eq!(super::faults(&rack, &crowds), expected);
}

#[test]
fn a_volume_stays_where_the_policy_says_so() {
    let change = |rack: &mut Rack| rack.policy.move_volumes = false;
    let expected = ["step 5: the policy does not let db/0:data be moved"];
    check_rack(db_moves(), change, &expected);
}

#[test]
fn enough_replicas_run_at_every_moment() {
    let interrupts = |it: &mut Plan| {
        it.steps = vec![stop("web/1", "pi-2", &[]), start("web/1", "pi-4", &[0])];
    };
    let expected = ["wave 1: only 1 of web would run all the time, not 2"];
    check(web_moves(), interrupts, &expected);
    // One that is missing already is not made up for, but none more may go missing.
    let wants = edit("db", |it| it.min_available = 1);
    check_rack(db_moves(), wants, &["wave 1: only 0 of db would run all the time, not 1"]);
    let wants = edit("web", |it| it.min_available = 3);
    check_rack(web_moves(), wants, &[]);
}

#[test]
fn only_what_may_be_stopped_is_left_stopped() {
    let change = |rack: &mut Rack| rack.policy.may_stop.clear();
    let expected = ["wave 1: it leaves big/0 stopped, which the policy does not allow"];
    check_rack(big_stops(), change, &expected);
}

#[test]
fn a_wave_does_not_leave_a_replica_running_twice() {
    let change = |it: &mut Plan| {
        let moves = std::mem::take(&mut it.waves[0].moves);
        it.waves[0].memory.remove("pi-2");
        it.waves.push(super::desk::wave(1, moves, &[("pi-2", 1100, 1600)]));
    };
    check(web_moves(), change, &["wave 1: it leaves web/1 running twice"]);
}

#[test]
fn what_ran_runs_in_the_end_and_runs_once() {
    let cut = |it: &mut Plan| {
        it.steps.truncate(1);
        it.waves.truncate(1);
    };
    check(big_stops(), cut, &["at the end: big/0 ran before, and does not run"]);
    let forgotten = |it: &mut Plan| it.blocked.clear();
    let expected = ["at the end: fresh/0 is not started, and nothing says why"];
    check(web_moves(), forgotten, &expected);
}

#[test]
fn a_resumed_replica_takes_its_room_again() {
    let elsewhere = |it: &mut Plan| {
        it.steps[1] = start("big/0", "pi-4", &[0]);
        it.waves[1] = super::desk::wave(
            1,
            vec![super::desk::moves("big/0", None, Some("pi-4"), MoveKind::Resume, 0)],
            &[("pi-4", 4100, 4100)],
        );
    };
    check(big_stops(), elsewhere, &[]);
}
