//! The checker of plans. It takes a plan's word for nothing.
//!
//! It replays the plan on a model made from the rack file, and knows nothing of how the plan was made: hand it one that
//! a person wrote, or one that was read back from a file. What it promises of a plan that it lets through:
//!
//! | | |
//! |---|---|
//! | form | waves, needs and names are sound, and every step has its proof |
//! | replay | each step can be done when its turn comes, with its facts true before and after |
//! | order | the steps of a wave may be done in any order that their needs allow |
//! | room | memory, CPU and disks suffice, with what is handed over counted on both sides |
//! | reach | while VLANs change, whoever can be reached before and after is reached all the way, in any order |
//! | limits | voters go one at a time, and what boots at one time can be fed, whatever runs side by side |
//! | rules | every replica may run where it is started, and enough of them run all the time |
//! | report | the figures, the moves and the kept copies are what the steps come to |
//!
//! A replay ends at the first step that cannot be done: what comes after it would be judged on a rack that is not there.

mod device;
mod disk;
mod end;
mod form;
mod guard;
mod limits;
mod order;
mod port;
mod proof;
mod replay;
mod report;
mod room;
mod rules;
mod spread;
mod tenants;
mod touch;
mod violation;
mod vlan;

pub use device::DeviceFault;
pub use form::FormFault;
pub use limits::LimitFault;
pub use replay::ReplayFault;
pub use report::ReportFault;
pub use room::RoomFault;
pub use rules::RuleFault;
pub use violation::{Fault, Place, Violation};

use crate::action::to_device;
use crate::{Action, Observed, Plan, ReplicaRef, Resolved, VolumeRef};
use disk::Disks;
use rackberry_core::WorkloadId;
use report::Report;
use room::Room;
use spread::Spreads;
use std::collections::BTreeSet;
use tenants::Tenants;
use touch::{Touches, nodes_of};
use vlan::Reach;

/// Replays `plan` on the rack as its file says it is, and returns what will be seen when it is done.
///
/// # Errors
///
/// Returns every reason not to trust the plan, up to the first step that cannot be done.
pub fn verify(plan: &Plan, rack: &Resolved) -> Result<Observed, Vec<Violation>> {
    replayed(plan, rack, Observed::from_file(rack))
}

/// Replays `plan` on the rack as it is seen.
///
/// # Errors
///
/// As [`verify`].
pub fn verify_from(
    plan: &Plan,
    rack: &Resolved,
    seen: &Observed,
) -> Result<Observed, Vec<Violation>> {
    let mut own = rack.as_seen(seen);
    touch::settle(&mut own, plan, seen);
    // What is not up yet may be by the time that something is started on it: a step's facts say so.
    let closed = own.nodes.iter_mut().zip(&rack.nodes);
    closed.for_each(|(own, written)| own.cordoned = written.cordoned);
    replayed(plan, &own, seen.clone())
}

/// Replays a plan for a switch alone on the rack as it is seen. What it leaves out, and what it comes to, is not asked for.
///
/// # Errors
///
/// As [`verify`].
pub fn verify_switch(
    plan: &Plan,
    rack: &Resolved,
    seen: &Observed,
) -> Result<Observed, Vec<Violation>> {
    let mut found = form::faults(plan, rack);
    let mut replay = Replay::new(plan, rack, seen.clone());
    match found.is_empty() && replay.waves(&mut found).is_ok() && found.is_empty() {
        true => Ok(replay.seen),
        false => Err(found),
    }
}

fn replayed(plan: &Plan, rack: &Resolved, seen: Observed) -> Result<Observed, Vec<Violation>> {
    let mut found = form::faults(plan, rack);
    if !found.is_empty() {
        return Err(found);
    }
    limits::check(plan, rack, &seen, &mut found);
    let mut replay = Replay::new(plan, rack, seen);
    replay.report.before(&replay.room, &mut found);
    if replay.waves(&mut found).is_ok() {
        end::check(plan, rack, &replay.seen, &mut found);
        let off = device::left_off(rack, plan, &replay.seen);
        found.extend(off.into_iter().map(|it| Violation::new(Place::End, it)));
        replay.report.end(&replay.seen, &mut found);
    }
    match found.is_empty() {
        true => Ok(replay.seen),
        false => Err(found),
    }
}

/// A step cannot be done, so there is nothing to replay after it.
struct Stuck;

/// The rack while the plan is replayed on it.
struct Replay<'a> {
    plan: &'a Plan,
    rack: &'a Resolved,
    seen: Observed,
    room: Room<'a>,
    disks: Disks<'a>,
    tenants: Tenants<'a>,
    spreads: Spreads<'a>,
    report: Report<'a>,
    reach: Reach,
    /// How many replicas of each workload run.
    running: Vec<u32>,
    /// What may be stopped to make room.
    may_stop: BTreeSet<&'a WorkloadId>,
}

impl<'a> Replay<'a> {
    fn new(plan: &'a Plan, rack: &'a Resolved, seen: Observed) -> Self {
        let mut running = vec![0; rack.workloads.len()];
        for replica in rack.replicas.iter().filter(|it| it.on.is_some()) {
            running[replica.workload] += 1;
        }
        Self {
            plan,
            rack,
            room: Room::new(rack),
            disks: Disks::new(rack, &seen),
            reach: Reach::new(plan, rack, &seen),
            seen,
            tenants: Tenants::new(rack),
            spreads: Spreads::new(rack),
            report: Report::new(plan, rack),
            running,
            may_stop: rack.rack.policy.may_stop.iter().collect(),
        }
    }

    fn waves(&mut self, found: &mut Vec<Violation>) -> Result<(), Stuck> {
        let plan = self.plan;
        (0..plan.waves.len()).try_for_each(|wave| self.wave(wave, found))
    }

    fn wave(&mut self, wave: usize, found: &mut Vec<Violation>) -> Result<(), Stuck> {
        let steps = self.plan.steps_of(wave);
        order::check(self.plan, steps.clone(), found);
        guard::check(self.plan, steps.clone(), &self.seen, found);
        self.reach.check(self.plan, self.rack, steps.clone(), &self.seen, found);
        let mut touches = Touches::default();
        for step in steps {
            self.step(step, &mut touches, found)?;
        }
        rules::wave(self, wave, &touches, found);
        self.release(&touches);
        self.spreads.close(wave, found);
        let figures = self.room.close(&touches);
        self.report.wave(wave, &figures, &touches, found);
        Ok(())
    }

    fn step(
        &mut self,
        step: usize,
        touches: &mut Touches,
        found: &mut Vec<Violation>,
    ) -> Result<(), Stuck> {
        let it = &self.plan.steps[step];
        let Some((name, _)) = subject(&it.action) else { return self.device(step, found) };
        let Some(replica) = self.rack.replica(name) else { return Err(Stuck) };
        if let Err(fault) = replay::before(self.rack, &self.seen, it) {
            found.push(Violation::at_step(step, fault));
            return Err(Stuck);
        }
        touches.step(self.rack, &self.seen, replica, &it.action);
        rules::step(self, step, replica, touches.restarted(replica), found);
        let full = self.disks.take(replica, &it.action);
        found.extend(full.map(|it| Violation::at_step(step, it)));
        replay::apply(self.rack, &mut self.seen, it);
        touches.applied(self.rack, &self.seen, name);
        if let Err(fault) = replay::after(&self.seen, it) {
            found.push(Violation::at_step(step, fault));
            return Err(Stuck);
        }
        Ok(())
    }

    /// Plays an order to a device.
    fn device(&mut self, step: usize, found: &mut Vec<Violation>) -> Result<(), Stuck> {
        let it = &self.plan.steps[step];
        if let Err(fault) = replay::before(self.rack, &self.seen, it) {
            found.push(Violation::at_step(step, fault));
            return Err(Stuck);
        }
        let fault = device::fault(self.rack, &self.seen, &it.action);
        found.extend(fault.map(|it| Violation::at_step(step, it)));
        let stops = device::stops(&self.seen, &it.action);
        self.seen.predict(self.rack, &it.action);
        let seen = &self.seen;
        self.report.stopped(stops.into_iter().filter(|it| nodes_of(seen, it).next().is_none()));
        if let Err(fault) = replay::after(&self.seen, it) {
            found.push(Violation::at_step(step, fault));
            return Err(Stuck);
        }
        Ok(())
    }

    /// Gives free what was held on both sides, and counts who runs now.
    fn release(&mut self, touches: &Touches) {
        for (replica, touch) in touches.iter() {
            let workload = self.rack.replicas[replica].workload;
            for node in &touch.stopped {
                self.spreads.leave(workload, *node, &self.tenants);
                self.tenants.leave(replica, *node);
            }
            match (touch.before, touch.after) {
                (None, Some(_)) => self.running[workload] += 1,
                (Some(_), None) => self.running[workload] -= 1,
                (None, None) | (Some(_), Some(_)) => {}
            }
        }
    }
}

/// The replica that an action is about, and its volume; none where it is an order to a device.
fn subject(action: &Action) -> Option<(&ReplicaRef, Option<&VolumeRef>)> {
    Some(match action {
        to_device!() => return None,
        Action::CopyHot { volume, .. }
        | Action::CopyCold { volume, .. }
        | Action::Compare { volume, .. }
        | Action::Bind { volume, .. } => (&volume.replica, Some(volume)),
        Action::Stop { replica, .. } | Action::Start { replica, .. } => (replica, None),
    })
}
