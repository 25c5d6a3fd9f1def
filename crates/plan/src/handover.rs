//! What it costs to bring a replica to another node.

use crate::Resolved;
use crate::rack::Volume;
use rackberry_core::{BitsPerSecond, Bytes, Points, Seconds};

/// How a replica changes nodes, and what that takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Handover {
    /// Whether it must stop on one node before it starts on the next.
    pub(crate) stops: bool,
    /// What is copied.
    pub(crate) bytes: Bytes,
    /// Copying everything while it is in use.
    pub(crate) hot: Seconds,
    /// Copying again what has changed by then.
    pub(crate) cold: Seconds,
    /// Comparing the checksums.
    pub(crate) compare: Seconds,
    /// Starting until it answers.
    pub(crate) restart: Seconds,
}

impl Handover {
    /// The handover of a replica between nodes, all by position. Where it is not known what it goes
    /// to, only the link of what it leaves counts.
    pub(crate) fn new(
        rack: &Resolved,
        replica: usize,
        from: Option<usize>,
        to: Option<usize>,
    ) -> Self {
        let policy = &rack.rack.policy;
        let volumes = &rack.written(rack.replicas[replica].workload).volumes;
        let (restart, stops) = (policy.restart, stops(rack, replica));
        let bytes: Bytes = volumes.iter().map(Volume::bytes_to_copy).sum();
        let Some(from) = from.filter(|it| Some(*it) != to && bytes.0 > 0) else {
            return Self { stops, restart, ..Self::default() };
        };
        let speed = speed(rack, from, to);
        let changed = Bytes(share(bytes.0, policy.churn.0));
        Self {
            stops,
            bytes,
            hot: time(bytes, speed),
            cold: time(changed, speed),
            compare: time(bytes, policy.disk_speed),
            restart,
        }
    }

    /// How long the replica does not answer.
    pub(crate) fn downtime(&self) -> Seconds {
        match self.stops {
            true => self.cold.plus(self.compare).plus(self.restart),
            false => Seconds(0),
        }
    }

    /// What the policy makes of it.
    pub(crate) fn points(&self, rack: &Resolved) -> MovePoints {
        let weights = &rack.rack.policy.weights;
        let scaled = |amount: u64, weight: u64, unit: u64| {
            let points = u128::from(amount) * u128::from(weight) / u128::from(unit);
            Points(u64::try_from(points).unwrap_or(u64::MAX))
        };
        MovePoints {
            moves: weights.moves,
            bytes: scaled(self.bytes.0, weights.moved_bytes.0, 1 << 30),
            downtime: scaled(self.downtime().0, weights.downtime.0, 60),
        }
    }
}

/// Whether a replica must stop on one node before it starts on the next.
pub(crate) fn stops(rack: &Resolved, replica: usize) -> bool {
    let volumes = &rack.written(rack.replicas[replica].workload).volumes;
    volumes.iter().any(Volume::one_node_at_a_time)
}

/// The terms of the score that one move adds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct MovePoints {
    pub(crate) moves: Points,
    pub(crate) bytes: Points,
    pub(crate) downtime: Points,
}

impl MovePoints {
    pub(crate) fn total(self) -> Points {
        self.moves.plus(self.bytes).plus(self.downtime)
    }
}

/// The slowest of both links and the disks.
fn speed(rack: &Resolved, from: usize, to: Option<usize>) -> BitsPerSecond {
    let links = [Some(from), to].into_iter().flatten().filter_map(|it| rack.nodes[it].speed);
    links.chain([rack.rack.policy.disk_speed]).min().unwrap_or_default()
}

/// Rounded up; nothing can be copied at no speed, so that counts as 1 bit per second.
fn time(bytes: Bytes, speed: BitsPerSecond) -> Seconds {
    Seconds(bytes.0.saturating_mul(8).div_ceil(speed.0.max(1)))
}

/// So many thousandths of an amount.
pub(crate) fn share(amount: u64, permille: u64) -> u64 {
    let share = u128::from(amount) * u128::from(permille) / 1000;
    u64::try_from(share).unwrap_or(u64::MAX)
}
