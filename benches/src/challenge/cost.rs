use super::Model;
use std::collections::{BTreeMap, BTreeSet};

/// What an assignment costs, part by part, weights included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Load above the safety capacities.
    pub load: i128,
    /// What is left out of proportion.
    pub balance: i128,
    /// Processes that moved.
    pub process: i128,
    /// The most processes that any service moved.
    pub service: i128,
    /// The ways that they went.
    pub machine: i128,
}

impl Parts {
    /// The sum of all parts.
    pub fn total(&self) -> i128 {
        self.load + self.balance + self.process + self.service + self.machine
    }
}

/// A rule that an assignment breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A machine carries more of a resource than it has.
    Capacity {
        /// The machine.
        machine: usize,
        /// The resource.
        resource: usize,
    },
    /// Two processes of a service are on one machine.
    Conflict {
        /// The service.
        service: u32,
    },
    /// A service is in too few locations.
    Spread {
        /// The service.
        service: u32,
    },
    /// A service is in a neighbourhood without one that it needs.
    Dependency {
        /// The service.
        service: u32,
        /// The one that it needs.
        needs: u32,
    },
}

/// What an assignment costs.
pub fn parts(model: &Model, from: &[u32], to: &[u32]) -> Parts {
    let loads = loads(model, to);
    let mut parts = Parts {
        service: i128::from(model.service_move) * moved_most(model, from, to),
        ..Parts::default()
    };
    for (machine, load) in model.machines.iter().zip(&loads) {
        for ((resource, load), safety) in model.resources.iter().zip(load).zip(&machine.safety) {
            parts.load += i128::from(resource.weight) * (load - i128::from(*safety)).max(0);
        }
        for it in &model.balances {
            let left = |at: u32| i128::from(machine.capacity[at as usize]) - load[at as usize];
            let missing = i128::from(it.target) * left(it.one) - left(it.other);
            parts.balance += i128::from(it.weight) * missing.max(0);
        }
    }
    for ((process, &from), &to) in model.processes.iter().zip(from).zip(to) {
        if from != to {
            let way = model.machines[from as usize].ways[to as usize];
            parts.process += i128::from(model.process_move) * i128::from(process.move_cost);
            parts.machine += i128::from(model.machine_move) * i128::from(way);
        }
    }
    parts
}

/// The rules that an assignment breaks.
pub fn faults(model: &Model, from: &[u32], to: &[u32]) -> Vec<Fault> {
    let mut found = capacity(model, from, to);
    let mut places =
        vec![(BTreeSet::new(), BTreeSet::new(), BTreeSet::new()); model.services.len()];
    for (process, &at) in model.processes.iter().zip(to) {
        let (machines, locations, neighbourhoods) = &mut places[process.service as usize];
        if !machines.insert(at) {
            found.push(Fault::Conflict { service: process.service });
        }
        locations.insert(model.machines[at as usize].location);
        neighbourhoods.insert(model.machines[at as usize].neighbourhood);
    }
    for (number, service) in (0_u32..).zip(&model.services) {
        let (_, locations, neighbourhoods) = &places[number as usize];
        if locations.len() < service.spread as usize {
            found.push(Fault::Spread { service: number });
        }
        let missing = |needs: &&u32| !neighbourhoods.is_subset(&places[**needs as usize].2);
        let needs = service.needs.iter().filter(missing);
        found.extend(needs.map(|&needs| Fault::Dependency { service: number, needs }));
    }
    found
}

fn capacity(model: &Model, from: &[u32], to: &[u32]) -> Vec<Fault> {
    let mut loads = loads(model, to);
    for ((process, &from), &to) in model.processes.iter().zip(from).zip(to) {
        let both = model.resources.iter().zip(&process.demand).zip(&mut loads[from as usize]);
        let lingering = both.filter(|((resource, _), _)| resource.is_transient && from != to);
        lingering.for_each(|((_, &demand), load)| *load += i128::from(demand));
    }
    let machines = model.machines.iter().zip(&loads).enumerate();
    let over = machines.flat_map(|(machine, (it, load))| {
        let cells = it.capacity.iter().zip(load).enumerate();
        let over = cells.filter(|&(_, (&capacity, &load))| load > i128::from(capacity));
        over.map(move |(resource, _)| Fault::Capacity { machine, resource })
    });
    over.collect()
}

fn loads(model: &Model, at: &[u32]) -> Vec<Vec<i128>> {
    let mut loads = vec![vec![0; model.resources.len()]; model.machines.len()];
    for (process, &at) in model.processes.iter().zip(at) {
        let cells = loads[at as usize].iter_mut().zip(&process.demand);
        cells.for_each(|(load, &demand)| *load += i128::from(demand));
    }
    loads
}

fn moved_most(model: &Model, from: &[u32], to: &[u32]) -> i128 {
    let mut moved = BTreeMap::new();
    for (process, (from, to)) in model.processes.iter().zip(from.iter().zip(to)) {
        *moved.entry(process.service).or_default() += i128::from(from != to);
    }
    moved.into_values().max().unwrap_or(0)
}
