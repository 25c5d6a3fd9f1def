//! Whether `order` finds a way wherever there is one, told by walking through all states of small
//! problems.

use crate::generate::At;
use rackberry_sched::{Handover, Problem, Rows, order, verify_order};
use std::collections::BTreeSet;

/// Numbers that look random.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % limit
    }
}

/// A few items on a few tight bins, and two assignments that break no rule.
struct Case {
    problem: Problem,
    from: At,
    to: At,
    handover: Vec<Handover>,
    minimum: Vec<u32>,
}

impl Case {
    /// Draws until both assignments are sound.
    fn draw(seed: u64) -> Case {
        let mut dice = Dice(seed);
        (0..20).for_each(|_| {
            dice.below(2);
        });
        loop {
            let case = Case::any(&mut dice);
            if case.is_sound(&case.from) && case.is_sound(&case.to) && case.from != case.to {
                return case;
            }
        }
    }

    fn any(dice: &mut Dice) -> Case {
        let (bins, items) = (2 + dice.below(3), 2 + dice.below(5));
        let resources = 1 + dice.below(2);
        let mut table = |count: u64, low: u64, high: u64| -> Vec<u64> {
            (0..count).map(|_| low + dice.below(high - low + 1)).collect()
        };
        let capacity = table(bins * resources, 4, 9);
        let demand = table(items * resources, 0, 5);
        let from = table(items, 0, bins - 1).into_iter().map(|it| Some(it as u32)).collect();
        let to = table(items, 0, bins - 1).into_iter().map(|it| Some(it as u32)).collect();
        let keys: Rows<u32> = table(items, 0, 5)
            .into_iter()
            .map(|it| if it < 2 { vec![it as u32] } else { vec![] })
            .collect();
        let stops = table(items, 0, 3);
        let handover = stops
            .iter()
            .map(|it| Handover { may_stop: *it == 0, copy: *it, group: Some(*it as u32 % 2) })
            .collect();
        let minimum = table(2, 0, 2).into_iter().map(|it| it as u32).collect();
        let problem = Problem {
            resources: resources as usize,
            capacity,
            demand,
            keys: vec![0, 0],
            holds: keys.clone(),
            refuses: keys,
            ..Problem::default()
        };
        Case { problem, from, to, handover, minimum }
    }

    /// Whether no bin is too full and no two of a key share one.
    fn is_sound(&self, at: &[Option<u32>]) -> bool {
        (0..at.len()).all(|item| match at[item] {
            Some(bin) => self.fits(at, item, bin),
            None => true,
        })
    }

    fn fits(&self, at: &[Option<u32>], item: usize, bin: u32) -> bool {
        let problem = &self.problem;
        let others = || (0..at.len()).filter(|&it| it != item && at[it] == Some(bin));
        let width = problem.resources;
        let demand = |it: usize, resource: usize| problem.demand[it * width + resource];
        let has_room = (0..width).all(|resource| {
            let taken: u64 = others().map(|it| demand(it, resource)).sum();
            let own = demand(item, resource);
            own == 0 || taken + own <= problem.capacity[bin as usize * width + resource]
        });
        has_room
            && others().all(|it| {
                problem.holds.row(it).iter().all(|key| !problem.holds.row(item).contains(key))
            })
    }

    fn may_stop(&self, at: &[Option<u32>], item: usize) -> bool {
        let group = self.handover[item].group;
        let running =
            (0..at.len()).filter(|&it| at[it].is_some() && self.handover[it].group == group);
        let minimum = group.map_or(0, |group| self.minimum[group as usize]);
        self.handover[item].may_stop && running.count() > minimum as usize
    }

    /// Whether any row of hops leads from the start to the end.
    fn has_way(&self) -> bool {
        let mut seen: BTreeSet<At> = [self.from.clone()].into();
        let mut edge = vec![self.from.clone()];
        while let Some(at) = edge.pop() {
            if at == self.to {
                return true;
            }
            for item in 0..at.len() {
                let bins = (0..self.problem.bins() as u32).filter(|&bin| self.fits(&at, item, bin));
                let stop = (at[item].is_some() && self.may_stop(&at, item)).then_some(None);
                for place in bins.map(Some).chain(stop) {
                    let next: At =
                        (0..at.len()).map(|it| if it == item { place } else { at[it] }).collect();
                    if seen.insert(next.clone()) {
                        edge.push(next);
                    }
                }
            }
        }
        false
    }
}

#[test]
fn wherever_there_is_a_way_it_is_found() {
    let (mut ways, mut found) = (0, 0);
    for seed in 0..1000 {
        let Case { problem, from, to, handover, minimum } = &Case::draw(seed);
        let checked = problem.clone().check().unwrap();
        let order = order(&checked, from, to, handover, minimum);
        assert_eq!(verify_order(&checked, from, to, &order, handover, minimum), Ok(()));
        let has_way = Case::draw(seed).has_way();
        assert!(has_way || !order.held.is_empty());
        ways += u32::from(has_way);
        found += u32::from(order.held.is_empty());
    }
    assert!(ways > 900 && found * 1000 >= ways * 999, "{found} of {ways}");
}
