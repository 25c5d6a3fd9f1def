//! The waves of one upgrade: close and empty, renew, open and fill.

use super::Due;
use crate::planner::Planner;
use crate::planner::bring::{BOOT, SWITCH};
use crate::{Action, Fact, Move, MoveKind, Observed, Step, Wave};
use rackberry_core::{Bytes, NodeId, Power, Seconds, Stage};
use std::collections::BTreeMap;

/// Closes machines to new pods, asks those to leave that the file does not name, and gets the new version ready.
pub(super) fn close(planner: &mut Planner<'_>, seen: &Observed, due: &Due, rest: &[usize]) {
    let first = planner.chains.steps.len();
    for at in rest {
        let id = planner.rack.nodes[*at].id.clone();
        let Some(member) = seen.member(&id) else { continue };
        let closed = member.schedulable.then(|| planner.add(schedulable(&id, false, vec![])));
        let leaving = member.pods.iter().filter(|it| it.replica.is_none() && !it.stays);
        for pod in leaving.map(|it| it.pod.clone()) {
            let action = Action::Evict { node: id.clone(), pod: pod.clone() };
            let after = vec![Fact::Gone { node: id.clone(), pod }];
            let needs = closed.into_iter().collect();
            planner.add(Step { before: Vec::new(), action, after, needs, takes: BOOT });
        }
    }
    let node = planner.rack.nodes[due.node].id.clone();
    let ready = Fact::WillRun { node: node.clone(), version: due.to.clone() };
    if !ready.holds(seen) {
        let before = vec![Fact::Stage { node: node.clone(), stage: Stage::Running }];
        let action = Action::Upgrade { node, version: due.to.clone() };
        let (after, needs) = (vec![ready], Vec::new());
        planner.add(Step { before, action, after, needs, takes: BOOT });
    }
    planner.close(Wave { first, ..Wave::default() });
}

/// Stops what could not go elsewhere, switches guests off, reboots, and puts all of it back.
pub(super) fn renew(
    planner: &mut Planner<'_>,
    seen: &Observed,
    due: &Due,
    rest: &[usize],
    staying: &[usize],
) {
    let first = planner.chains.steps.len();
    let resting: Vec<Resting> = staying.iter().filter_map(|it| stop(planner, *it)).collect();
    let mut needs: Vec<usize> = resting.iter().map(|it| it.stop).collect();
    for guest in &rest[1..] {
        let off = switched(planner.id(*guest), Power::Off, needs.clone());
        needs.push(planner.add(off));
    }
    let rebooted = reboot(planner, seen, due, needs);
    let mut up = BTreeMap::new();
    for at in rest {
        let on = if *at == due.node { rebooted } else { wake(planner, seen, *at, rebooted) };
        up.insert(*at, reopen(planner, seen, *at, vec![on]).unwrap_or(on));
    }
    let moves = resting.iter().map(|it| start(planner, it, up[&it.node])).collect();
    planner.close(Wave { first, moves, ..Wave::default() });
}

/// A replica that rests while its machine reboots.
struct Resting {
    replica: usize,
    node: usize,
    /// The step that stops it.
    stop: usize,
}

fn stop(planner: &mut Planner<'_>, replica: usize) -> Option<Resting> {
    let node = planner.chains.running(replica)?;
    planner.chains.stop(replica);
    Some(Resting { replica, node, stop: planner.chains.steps.len() - 1 })
}

/// Starts a replica again where it was, once that is up.
fn start(planner: &mut Planner<'_>, it: &Resting, up: usize) -> Move {
    planner.chains.bring(it.replica, it.node);
    let last = planner.chains.steps.len() - 1;
    planner.chains.steps[last].needs = vec![it.stop, up];
    restart(planner, it.replica, it.node)
}

/// Switches a guest on again after its host; one that was a member is ready then.
fn wake(planner: &mut Planner<'_>, seen: &Observed, guest: usize, host: usize) -> usize {
    let id = planner.id(guest);
    let mut on = switched(id.clone(), Power::On, vec![host]);
    on.after.extend(seen.member(&id).map(|_| Fact::Ready(id.clone())));
    planner.add(on)
}

/// Reboots into the new version, and gives the machine its configuration if that has changed with it.
fn reboot(planner: &mut Planner<'_>, seen: &Observed, due: &Due, needs: Vec<usize>) -> usize {
    let node = planner.id(due.node);
    let Some(boot) = seen.nodes.get(&node).map(|it| it.boot.clone()) else { return 0 };
    let member = seen.member(&node).map(|_| Fact::Ready(node.clone()));
    let before = vec![
        Fact::InBoot { node: node.clone(), boot: boot.clone() },
        Fact::WillRun { node: node.clone(), version: due.to.clone() },
    ];
    let mut after = vec![
        Fact::LeftBoot { node: node.clone(), boot: boot.clone() },
        Fact::Runs { node: node.clone(), version: due.to.clone() },
    ];
    after.extend(member.clone());
    let action = Action::Reboot { node: node.clone(), boot };
    let rebooted = planner.add(Step { before, action, after, needs, takes: BOOT });
    let config = planner.rack.node_intent(due.node).digest();
    let configured = Fact::Configured { node: node.clone(), config: config.clone() };
    if configured.holds(seen) {
        return rebooted;
    }
    let before = vec![Fact::Stage { node: node.clone(), stage: Stage::Running }];
    let after = std::iter::once(configured).chain(member).collect();
    let (action, needs) = (Action::Configure { node, config }, vec![rebooted]);
    planner.add(Step { before, action, after, needs, takes: SWITCH })
}

/// Switches a guest on or off.
fn switched(node: NodeId, power: Power, needs: Vec<usize>) -> Step {
    let mut after = vec![Fact::Power { node: node.clone(), power }];
    if power == Power::On {
        after.push(Fact::Stage { node: node.clone(), stage: Stage::Running });
    }
    let action = Action::SetPower { node, power };
    Step { before: Vec::new(), action, after, needs, takes: BOOT }
}

/// Opens machines again that were closed and are to stay as they are.
pub(super) fn open(planner: &mut Planner<'_>, seen: &Observed, rest: &[usize]) {
    let first = planner.chains.steps.len();
    for at in rest {
        reopen(planner, seen, *at, Vec::new());
    }
    planner.close(Wave { first, ..Wave::default() });
}

/// Opens a member to pods, unless the file closes it.
fn reopen(
    planner: &mut Planner<'_>,
    seen: &Observed,
    at: usize,
    needs: Vec<usize>,
) -> Option<usize> {
    let id = planner.id(at);
    let closes = planner.rack.rack.nodes[&id].cordoned;
    (seen.member(&id).is_some() && !closes).then(|| planner.add(schedulable(&id, true, needs)))
}

fn schedulable(id: &NodeId, yes: bool, needs: Vec<usize>) -> Step {
    let (node, takes) = (id.clone(), Seconds(0));
    let after = vec![Fact::Schedulable { node: node.clone(), yes }];
    let before = if yes { vec![Fact::Ready(node.clone())] } else { Vec::new() };
    Step { before, action: Action::SetSchedulable { node, yes }, after, needs, takes }
}

/// A replica that is down while its machine reboots. How long is worked out at the end.
fn restart(planner: &Planner<'_>, replica: usize, node: usize) -> Move {
    let node = planner.id(node);
    Move {
        replica: planner.rack.replica_ref(replica),
        from: Some(node.clone()),
        to: Some(node),
        kind: MoveKind::Restart,
        bytes: Bytes(0),
        downtime: Seconds(0),
        dependents: Vec::new(),
    }
}
