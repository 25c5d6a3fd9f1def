//! Emptying a machine: what can go elsewhere without a stop goes there, the rest stops for the time of the reboot.

use super::Due;
use super::due::leap;
use super::renew::{close, open, renew};
use crate::handover::stops;
use crate::planner::{Planner, Way};
use crate::translate::Translation;
use crate::{Feed, MoveKind, Observed};
use rackberry_core::{NodeId, Power, Stage};
use rackberry_sched::State;
use std::collections::{BTreeMap, BTreeSet};

/// Where everything is while machines are emptied one after the other. Machines are positions.
pub(super) struct Empty<'k> {
    kernel: &'k Translation,
    state: State<'k>,
    seen: &'k Observed,
    /// Machines that take nothing new.
    closed: BTreeSet<usize>,
    /// Machines that will be emptied too.
    waiting: BTreeSet<usize>,
}

impl<'k> Empty<'k> {
    pub(super) fn new(
        planner: &Planner<'_>,
        kernel: &'k Translation,
        seen: &'k Observed,
        all: &[Due],
    ) -> Self {
        let is_closed =
            |it: &usize| seen.member(&planner.rack.nodes[*it].id).is_some_and(|it| !it.schedulable);
        Self {
            kernel,
            state: State::new(&kernel.checked, &kernel.start),
            seen,
            closed: (0..planner.rack.nodes.len()).filter(is_closed).collect(),
            waiting: all.iter().map(|it| it.node).collect(),
        }
    }

    /// Adds the waves that empty a machine, renew it and fill it again; or says why that cannot be.
    pub(super) fn upgrade(&mut self, planner: &mut Planner<'_>, due: &Due) -> Result<(), String> {
        let rest = self.resting(planner, due.node);
        if let Some(why) = leap(planner.rack, due) {
            return Err(why);
        }
        self.strange_guest(planner, due.node)?;
        self.quorum(planner, &rest)?;
        let away = self.away(planner, &rest);
        if let Err(why) = enough(planner, &self.staying(planner, &rest, &away)) {
            away.iter().for_each(|(item, _)| self.state.shift(*item, self.home(*item, planner)));
            return Err(why);
        }
        close(planner, self.seen, due, &rest);
        self.closed.extend(&rest);
        self.move_away(planner, &away);
        let staying = self.staying(planner, &rest, &[]);
        enough(planner, &staying)?;
        renew(planner, self.seen, due, &rest, &staying);
        self.waiting.remove(&due.node);
        self.closed.retain(|it| !rest.contains(it));
        Ok(())
    }

    /// Opens a machine again that stays as it is.
    pub(super) fn give_up(&mut self, planner: &mut Planner<'_>, due: &Due) {
        let rest = self.resting(planner, due.node);
        let closed: Vec<usize> = rest.into_iter().filter(|it| self.closed.remove(it)).collect();
        open(planner, self.seen, &closed);
        self.waiting.remove(&due.node);
    }

    /// The machine, and the guests that go down with it.
    fn resting(&self, planner: &Planner<'_>, node: usize) -> Vec<usize> {
        let runs = |it: usize| {
            let id = &planner.rack.nodes[it].id;
            self.seen.power.get(id) == Some(&Power::On)
                || self.seen.nodes.get(id).is_some_and(|it| it.stage == Stage::Running)
        };
        let nodes = planner.rack.nodes.iter().enumerate();
        let guests = nodes.filter(|it| it.1.feed == Feed::Host(node)).map(|it| it.0);
        std::iter::once(node).chain(guests.filter(|it| runs(*it))).collect()
    }

    /// Whether a guest runs on the machine that the file does not put there: nobody said that it may go down.
    fn strange_guest(&self, planner: &Planner<'_>, node: usize) -> Result<(), String> {
        let rack = planner.rack;
        let of_it =
            |it: &NodeId| rack.node(it).is_some_and(|it| rack.nodes[it].feed == Feed::Host(node));
        let mut here = self.seen.guests.get(&rack.nodes[node].id).into_iter().flatten();
        let strange = here.find(|it| it.1.power == Power::On && !of_it(it.0));
        strange.map_or(Ok(()), |it| {
            Err(format!("the guest {} runs on it, which the file does not put there", it.0))
        })
    }

    /// Whether every cluster keeps a majority of its voters while these rest; one with a single voter has no other way.
    fn quorum(&self, planner: &Planner<'_>, rest: &[usize]) -> Result<(), String> {
        for node in rest {
            let Some(id) = &planner.rack.nodes[*node].cluster else { continue };
            let Some(state) = self.seen.clusters.get(id) else {
                return Err(format!("cluster {id} was not seen, so what runs there is not known"));
            };
            let rests = |it: &&NodeId| rest.iter().any(|at| planner.rack.nodes[*at].id == **it);
            let voters = || state.members.iter().filter(|it| it.1.voter);
            let lost = voters().filter(|it| rests(&it.0)).count();
            let left = voters().filter(|it| it.1.ready && !rests(&it.0)).count();
            let all = voters().count();
            if lost > 0 && all > 1 && left * 2 <= all {
                return Err(format!("cluster {id} would have {left} of {all} voters left"));
            }
        }
        Ok(())
    }

    /// Finds another place for every item that needs no stop to get there.
    fn away(&mut self, planner: &Planner<'_>, rest: &[usize]) -> Vec<(u32, u32)> {
        let mut away = Vec::new();
        for node in rest {
            for item in self.state.residents(*node as u32).to_vec() {
                let moves =
                    |it: &usize| planner.chains.running(*it).is_some() && !stops(planner.rack, *it);
                if !self.kernel.items[item as usize].iter().all(moves) {
                    continue;
                }
                if let Some(to) = self.best(rest, item) {
                    self.state.shift(item, Some(to));
                    away.push((item, to));
                }
            }
        }
        away
    }

    /// The best place elsewhere: one that will not be emptied itself, if there is one.
    fn best(&self, rest: &[usize], item: u32) -> Option<u32> {
        let bins = 0..self.kernel.checked.bins() as u32;
        let open = bins.filter(|it| {
            let at = *it as usize;
            !rest.contains(&at) && !self.closed.contains(&at) && self.state.fits(item, *it)
        });
        open.min_by_key(|it| {
            let cost = self.state.delta(item, Some(*it));
            (cost.violations(), self.waiting.contains(&(*it as usize)), cost.soft(), *it)
        })
    }

    fn home(&self, item: u32, planner: &Planner<'_>) -> Option<u32> {
        let first =
            self.kernel.items[item as usize].iter().find_map(|it| planner.chains.running(*it));
        first.and_then(|it| u32::try_from(it).ok())
    }

    /// The replicas that run on these machines, but for items that go away.
    fn staying(&self, planner: &Planner<'_>, rest: &[usize], away: &[(u32, u32)]) -> Vec<usize> {
        let leaving: BTreeSet<usize> =
            away.iter().flat_map(|it| self.kernel.items[it.0 as usize].iter().copied()).collect();
        let here = |it: &usize| {
            planner.chains.running(*it).is_some_and(|on| rest.contains(&on))
                && !leaving.contains(it)
        };
        (0..planner.rack.replicas.len()).filter(here).collect()
    }

    fn move_away(&mut self, planner: &mut Planner<'_>, away: &[(u32, u32)]) {
        let ways = away.iter().flat_map(|(item, to)| {
            let way = |replica: &usize| Way {
                replica: *replica,
                to: Some(*to as usize),
                kind: MoveKind::Move,
            };
            self.kernel.items[*item as usize].iter().map(way)
        });
        let known = planner.stay.clone();
        planner.wave(ways.collect());
        // Who could not go rests with the machine; it may well move later.
        planner.stay = known;
        for (item, _) in away {
            self.state.shift(*item, self.home(*item, planner));
        }
    }
}

/// Whether enough of every workload runs while these do not.
fn enough(planner: &Planner<'_>, resting: &[usize]) -> Result<(), String> {
    let mut down: BTreeMap<usize, usize> = BTreeMap::new();
    for replica in resting {
        *down.entry(planner.rack.replicas[*replica].workload).or_default() += 1;
    }
    for (workload, down) in down {
        let it = &planner.rack.workloads[workload];
        let running =
            it.replicas.clone().filter(|it| planner.chains.running(*it).is_some()).count();
        let least = planner.rack.written(workload).min_available as usize;
        if running - down < least.min(running) {
            let id = &it.id;
            return Err(format!(
                "while it reboots, too few replicas of {id} would run (`min-available`), and they find no other place"
            ));
        }
    }
    Ok(())
}
