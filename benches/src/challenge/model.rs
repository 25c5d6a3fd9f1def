/// A model file, as it says it. All its values have 32 bits, as in the challenge's definition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    /// What machines have and processes take.
    pub resources: Vec<Resource>,
    /// Where processes run.
    pub machines: Vec<Machine>,
    /// What processes belong to.
    pub services: Vec<Service>,
    /// What runs.
    pub processes: Vec<Process>,
    /// Resources that should be left in proportion.
    pub balances: Vec<Balance>,
    /// The weight of the processes' own move costs.
    pub process_move: u32,
    /// The weight of the most processes that any service moves.
    pub service_move: u32,
    /// The weight of the ways from machine to machine.
    pub machine_move: u32,
}

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Whether a process that moves takes it on both machines.
    pub is_transient: bool,
    /// What each unit above the safety capacity costs.
    pub weight: u32,
}

/// A machine. Neighbourhood and location are labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Its neighbourhood.
    pub neighbourhood: u32,
    /// Its location.
    pub location: u32,
    /// What it has, per resource.
    pub capacity: Vec<u32>,
    /// What it should carry at most, per resource.
    pub safety: Vec<u32>,
    /// The cost of the way to each machine.
    pub ways: Vec<u32>,
}

/// A service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The least number of locations that its processes are spread over.
    pub spread: u32,
    /// The services that it needs in each neighbourhood.
    pub needs: Vec<u32>,
}

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its service.
    pub service: u32,
    /// What it takes, per resource.
    pub demand: Vec<u32>,
    /// What it costs to move it.
    pub move_cost: u32,
}

/// For each unit left of one resource, `target` units of another should be left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// The one.
    pub one: u32,
    /// The other.
    pub other: u32,
    /// How many units.
    pub target: u32,
    /// What each missing unit costs.
    pub weight: u32,
}
