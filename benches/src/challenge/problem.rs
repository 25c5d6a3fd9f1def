use super::Model;
use rackberry::sched::{Follow, Problem, Ratio, Rows, Scatter};
use std::collections::BTreeMap;

/// The level of locations, and that of neighbourhoods.
const LOCATION: u32 = 1;
const NEIGHBOURHOOD: u32 = 2;

/// The model, with every process at home where it is now.
pub fn problem(model: &Model, at: &[u32]) -> Problem {
    let machines = || model.machines.iter();
    let mut keys = Keys::new(model);
    let follows = keys.follows(model);
    let holds: Rows<u32> = model.processes.iter().map(|it| keys.held(it.service)).collect();
    let refuses: Rows<u32> = model.processes.iter().map(|it| keys.alone(it.service)).collect();
    Problem {
        resources: model.resources.len(),
        capacity: machines().flat_map(|it| it.capacity.iter().copied()).collect(),
        safe: machines().flat_map(|it| it.safety.iter().copied()).collect(),
        strain: model.resources.iter().map(|it| it.weight).collect(),
        lingers: model.resources.iter().map(|it| it.is_transient).collect(),
        demand: model.processes.iter().flat_map(|it| it.demand.iter().copied()).collect(),
        topologies: vec![
            numbered(machines().map(|it| it.location)),
            numbered(machines().map(|it| it.neighbourhood)),
        ],
        scatters: keys.scatters(model),
        keys: keys.levels,
        holds,
        refuses,
        follows,
        ratios: model.balances.iter().map(ratio).collect(),
        home: at.iter().map(|&at| Some(at)).collect(),
        move_cost: model
            .processes
            .iter()
            .map(|it| it.move_cost.saturating_mul(model.process_move))
            .collect(),
        travel: machines().flat_map(|it| it.ways.iter().map(|&way| weighed(way, model))).collect(),
        group: model.processes.iter().map(|it| it.service).collect(),
        group_cost: model.service_move,
        ..Problem::default()
    }
}

/// The machine of each process, as the files have it.
pub fn assignment(at: &[Option<u32>]) -> Vec<u32> {
    at.iter().map(|at| at.unwrap_or(0)).collect()
}

fn weighed(way: u32, model: &Model) -> u32 {
    u32::try_from(u64::from(way).saturating_mul(model.machine_move)).unwrap_or(u32::MAX)
}

fn ratio(it: &super::Balance) -> Ratio {
    Ratio { one: it.one, other: it.other, target: it.target, points: it.weight }
}

/// Labels as numbers from 0.
fn numbered(labels: impl Iterator<Item = u64>) -> Vec<u32> {
    let mut known = BTreeMap::new();
    let number = |label| {
        let next = known.len() as u32;
        *known.entry(label).or_insert(next)
    };
    labels.map(number).collect()
}

/// The keys that stand for services: one where processes keep apart, one where they are spread,
/// and one where services depend on each other.
struct Keys {
    levels: Vec<u32>,
    alone: Vec<Option<u32>>,
    spread: Vec<Option<u32>>,
    near: Vec<Option<u32>>,
}

impl Keys {
    fn new(model: &Model) -> Keys {
        let services = model.services.len();
        let mut sizes = vec![0; services];
        model.processes.iter().for_each(|it| sizes[it.service as usize] += 1);
        let mut levels = Vec::new();
        let mut named = |level: u32, is: &dyn Fn(usize) -> bool| -> Vec<Option<u32>> {
            let one = |service| {
                is(service).then(|| {
                    levels.push(level);
                    levels.len() as u32 - 1
                })
            };
            (0..services).map(one).collect()
        };
        let mut is_near: Vec<bool> = model.services.iter().map(|it| !it.needs.is_empty()).collect();
        let needed = model.services.iter().flat_map(|it| &it.needs);
        needed.for_each(|&service| is_near[service as usize] = true);
        let alone = named(0, &|service| sizes[service] > 1);
        let spread = named(LOCATION, &|service| model.services[service].spread > 1);
        let near = named(NEIGHBOURHOOD, &|service| is_near[service]);
        Keys { levels, alone, spread, near }
    }

    fn held(&self, service: u32) -> Vec<u32> {
        let at = service as usize;
        [self.alone[at], self.spread[at], self.near[at]].into_iter().flatten().collect()
    }

    fn alone(&self, service: u32) -> Option<u32> {
        self.alone[service as usize]
    }

    fn scatters(&self, model: &Model) -> Vec<Scatter> {
        let services = self.spread.iter().zip(&model.services);
        services
            .filter_map(|(key, service)| Some(Scatter { key: (*key)?, least: service.spread }))
            .collect()
    }

    fn follows(&mut self, model: &Model) -> Vec<Follow> {
        let pairs = model.services.iter().zip(&self.near);
        let pairs = pairs.flat_map(|(service, key)| service.needs.iter().map(move |it| (key, it)));
        pairs
            .filter_map(|(key, &needs)| {
                Some(Follow { key: (*key)?, needs: self.near[needs as usize]? })
            })
            .collect()
    }
}
