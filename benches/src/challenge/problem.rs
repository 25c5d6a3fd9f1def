use super::Model;
use rackberry::sched::{Follow, Problem, Ratio, Rows, Scatter};
use std::collections::BTreeMap;
use std::fmt;

/// The level of locations, and that of neighbourhoods.
const LOCATION: u32 = 1;
const NEIGHBOURHOOD: u32 = 2;

/// What a model asks for that no [`Problem`] can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsayable {
    /// A way from machine to machine costs more than 32 bits hold, weight included.
    Way {
        /// The machine where it begins.
        from: usize,
        /// The machine where it ends.
        to: usize,
        /// What it costs.
        cost: u64,
    },
    /// A service is to be in more locations than it has processes.
    Spread {
        /// The service.
        service: usize,
        /// Its processes.
        processes: u32,
        /// The locations that it is to be in.
        spread: u32,
    },
}

impl fmt::Display for Unsayable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unsayable::Way { from, to, cost } => {
                write!(
                    f,
                    "the way from machine {from} to machine {to} costs {cost}, which is more than {}",
                    u32::MAX
                )
            }
            Unsayable::Spread { service, processes, spread } => {
                write!(f, "service {service} has {processes} processes for {spread} locations")
            }
        }
    }
}

impl std::error::Error for Unsayable {}

/// The model, with every process at home where it is now.
///
/// # Errors
///
/// Names the first thing that no problem can say.
pub fn problem(model: &Model, at: &[u32]) -> Result<Problem, Unsayable> {
    let machines = || model.machines.iter();
    let keys = Keys::new(model)?;
    let follows = keys.follows(model);
    let holds: Rows<u32> = model.processes.iter().map(|it| keys.held(it.service)).collect();
    let refuses: Rows<u32> = model.processes.iter().map(|it| keys.alone(it.service)).collect();
    Ok(Problem {
        resources: model.resources.len(),
        capacity: machines().flat_map(|it| wide(&it.capacity)).collect(),
        safe: machines().flat_map(|it| wide(&it.safety)).collect(),
        strain: model.resources.iter().map(|it| it.weight.into()).collect(),
        lingers: model.resources.iter().map(|it| it.is_transient).collect(),
        demand: model.processes.iter().flat_map(|it| wide(&it.demand)).collect(),
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
            .map(|it| product(it.move_cost, model.process_move))
            .collect(),
        travel: travel(model)?,
        group: model.processes.iter().map(|it| it.service).collect(),
        group_cost: model.service_move.into(),
        ..Problem::default()
    })
}

/// The machine of each process, as the files have it.
pub fn assignment(at: &[Option<u32>]) -> Vec<u32> {
    at.iter().map(|at| at.unwrap_or(0)).collect()
}

fn wide(row: &[u32]) -> impl Iterator<Item = u64> + '_ {
    row.iter().map(|&it| it.into())
}

fn product(one: u32, other: u32) -> u64 {
    u64::from(one) * u64::from(other)
}

/// What every way costs, weight included.
fn travel(model: &Model) -> Result<Vec<u32>, Unsayable> {
    let mut travel = Vec::with_capacity(model.machines.len() * model.machines.len());
    for (from, machine) in model.machines.iter().enumerate() {
        for (to, &way) in machine.ways.iter().enumerate() {
            let cost = product(way, model.machine_move);
            let held = u32::try_from(cost).map_err(|_| Unsayable::Way { from, to, cost })?;
            travel.push(held);
        }
    }
    Ok(travel)
}

fn ratio(it: &super::Balance) -> Ratio {
    Ratio { one: it.one, other: it.other, target: it.target.into(), points: it.weight.into() }
}

/// Labels as numbers from 0.
fn numbered(labels: impl Iterator<Item = u32>) -> Vec<u32> {
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
    fn new(model: &Model) -> Result<Keys, Unsayable> {
        let services = model.services.len();
        let sizes = sizes(model)?;
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
        Ok(Keys { levels, alone, spread, near })
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

    fn follows(&self, model: &Model) -> Vec<Follow> {
        let pairs = model.services.iter().zip(&self.near);
        let pairs = pairs.flat_map(|(service, key)| service.needs.iter().map(move |it| (key, it)));
        pairs
            .filter_map(|(key, &needs)| {
                Some(Follow { key: (*key)?, needs: self.near[needs as usize]? })
            })
            .collect()
    }
}

/// How many processes each service has, which are enough for its spread.
fn sizes(model: &Model) -> Result<Vec<u32>, Unsayable> {
    let mut sizes = vec![0; model.services.len()];
    model.processes.iter().for_each(|it| sizes[it.service as usize] += 1);
    let asked = sizes.iter().zip(&model.services).map(|(&size, it)| (size, it.spread));
    match asked.enumerate().find(|(_, (processes, spread))| spread > processes) {
        Some((service, (processes, spread))) => {
            Err(Unsayable::Spread { service, processes, spread })
        }
        None => Ok(sizes),
    }
}
