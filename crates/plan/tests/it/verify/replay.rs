use super::check;
use super::desk::{db_moves, db_moves_twice, node, running, start, stop, stopped, web_moves};
use rackberry_plan::{Action, CopyState, Plan};

/// Leaves out what a step begins with, so that only the checker knows what it takes.
fn bare(plan: &mut Plan) {
    plan.steps.iter_mut().for_each(|it| it.before.clear());
}

/// Takes a step out; those after it need what it needed.
fn without(plan: &mut Plan, step: usize) {
    bare(plan);
    let gone = plan.steps.remove(step);
    for it in &mut plan.steps[step..] {
        let needs = std::mem::take(&mut it.needs).into_iter();
        let needs = needs.flat_map(|need| match need == step {
            true => gone.needs.clone(),
            false => vec![need - usize::from(need > step)],
        });
        it.needs = needs.collect();
    }
}

#[test]
fn a_fact_that_does_not_hold_before_is_refused() {
    let expected =
        ["step 2: it begins with `web/1 runs on pi-3 and answers`, which is not so then"];
    check(web_moves(), |it| it.steps[1].before.push(running("web/1", "pi-3")), &expected);
}

#[test]
fn a_fact_that_does_not_follow_is_refused() {
    let expected =
        ["step 1: it ends with `web/1 does not run on pi-2`, which does not follow from it"];
    check(web_moves(), |it| it.steps[0].after.push(stopped("web/1", "pi-2")), &expected);
}

#[test]
fn each_step_of_a_move_has_to_be_there() {
    let left_out = |step: usize, expected: &str| {
        check(db_moves(), |it| without(it, step), &[expected]);
    };
    left_out(1, "step 2: db/0:data is in use: db/0 still runs on pi-1");
    left_out(2, "step 3: pi-4 has no complete copy of db/0:data");
    left_out(3, "step 4: pi-4 has no copy whose checksums were compared of db/0:data");
    left_out(4, "step 5: db/0:data is not bound to pi-4");
    let nothing_hot = |it: &mut Plan| without(it, 0);
    check(db_moves(), nothing_hot, &[]);
}

#[test]
fn each_step_of_a_move_has_to_name_what_it_waits_for() {
    for step in 1..6 {
        let expected = format!(
            "step {}: it has to wait for step {step} of its wave, and does not need it",
            step + 1
        );
        check(db_moves(), |it| it.steps[step].needs.clear(), &[&expected]);
    }
    let expected = ["step 2: it has to wait for step 1 of its wave, and does not need it"];
    check(web_moves(), |it| it.steps[1].needs.clear(), &expected);
}

#[test]
fn what_was_proved_in_the_wave_before_need_not_be_named() {
    check(db_moves_twice(), |it| it.steps[6].needs = vec![5], &[]);
}

#[test]
fn a_fact_about_another_replica_that_the_wave_moves_has_to_be_waited_for() {
    let change = |it: &mut Plan| it.steps[0].before.push(running("db/0", "pi-1"));
    let both = || {
        let (web, mut both) = (web_moves(), db_moves());
        for mut step in web.steps {
            step.needs.iter_mut().for_each(|it| *it += 6);
            both.steps.push(step);
        }
        both.waves[0].moves.extend(web.waves[0].moves.clone());
        both.waves[0].memory = [
            (node("pi-1"), super::desk::memory(1600, 2600)),
            (node("pi-2"), super::desk::memory(1100, 1600)),
            (node("pi-4"), super::desk::memory(2600, 2600)),
        ]
        .into();
        both
    };
    check(both(), change, &[]);
    let change = |it: &mut Plan| it.steps[6].before.push(running("db/0", "pi-4"));
    check(both(), change, &["step 7: it has to wait for step 6 of its wave, and does not need it"]);
    let change = |it: &mut Plan| it.steps[2].before.push(running("web/1", "pi-2"));
    check(both(), change, &["step 7: it has to wait for step 3 of its wave, and does not need it"]);
}

#[test]
fn a_copy_is_taken_from_the_volume_in_use() {
    let change = |it: &mut Plan| {
        bare(it);
        let volume = "db/0:data".parse().unwrap();
        it.steps[0].action = Action::CopyHot { volume, from: node("pi-3"), to: node("pi-4") };
    };
    check(db_moves(), change, &["step 1: the copy of db/0:data on pi-3 is not the one in use"]);
}

#[test]
fn a_volume_is_not_copied_onto_itself() {
    let change = |it: &mut Plan| {
        let volume = "db/0:data".parse().unwrap();
        it.steps[0].action = Action::CopyHot { volume, from: node("pi-1"), to: node("pi-1") };
        it.steps[0].after = vec![super::desk::holds("db/0:data", "pi-1", CopyState::Hot)];
    };
    check(db_moves(), change, &["step 1: it copies db/0:data on pi-1 onto itself"]);
}

#[test]
fn a_copy_falls_behind_once_its_replica_runs_elsewhere() {
    let change = |it: &mut Plan| {
        bare(it);
        it.steps.truncate(6);
        it.waves.truncate(2);
        it.steps.push(stop("db/0", "pi-4", &[5]));
        let bind = Action::Bind { volume: "db/0:data".parse().unwrap(), to: node("pi-1") };
        let after = vec![super::desk::bound("db/0:data", "pi-1")];
        it.steps.push(rackberry_plan::Step {
            action: bind,
            after,
            needs: vec![6],
            ..it.steps[0].clone()
        });
    };
    let expected = ["step 8: pi-1 has no copy whose checksums were compared of db/0:data"];
    check(db_moves_twice(), change, &expected);
}

#[test]
fn a_replica_is_started_where_it_does_not_run_and_stopped_where_it_does() {
    let change = |it: &mut Plan| {
        it.steps[0] = start("web/1", "pi-2", &[]);
        bare(it);
    };
    check(web_moves(), change, &["step 1: web/1 already runs on pi-2"]);
    let change = |it: &mut Plan| {
        it.steps[1] = stop("web/1", "pi-3", &[0]);
        bare(it);
    };
    check(web_moves(), change, &["step 2: web/1 does not run on pi-3"]);
}

#[test]
fn a_replica_with_a_volume_of_one_node_is_stopped_before_it_starts_elsewhere() {
    let rbd = |rack: &mut rackberry_plan::Rack| {
        let volume = serde_saphyr::from_str("{ rbd: 'ceph:pool' }").unwrap();
        rack.workloads.get_mut("web").unwrap().volumes = vec![volume];
        rack.services.insert("ceph".parse().unwrap(), Default::default());
    };
    let expected = ["step 1: web/1 still runs on pi-2, and has to be stopped there first"];
    super::check_rack(web_moves(), rbd, &expected);
    let nfs = |rack: &mut rackberry_plan::Rack| {
        rbd(rack);
        rack.workloads.get_mut("web").unwrap().volumes =
            vec![serde_saphyr::from_str("{ nfs: 'ceph:/x' }").unwrap()];
    };
    super::check_rack(web_moves(), nfs, &[]);
}

#[test]
fn a_replica_is_never_on_three_nodes() {
    let change = |it: &mut Plan| {
        it.steps.insert(1, start("web/1", "pi-3", &[0]));
        it.steps[2].needs = vec![1];
    };
    let expected = ["step 2: web/1 still runs on pi-4, and has to be stopped there first"];
    check(web_moves(), change, &expected);
}
