use rackberry_core::Seconds;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long a step is waited for, and how often it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The shortest time after which a step counts as unproved.
    pub least: Duration,
    /// The fewest looks after which a step counts as unproved, however long they took: a computer that is busy with
    /// other things is no reason to give up.
    pub looks: u32,
    /// How many times the time that the plan gives a step.
    pub factor: u32,
    /// The pause between an order and the first look at what it leads to.
    pub first: Duration,
    /// The pause before the second look; each further one is half as long again.
    pub pause: Duration,
    /// The longest pause.
    pub longest: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            least: Duration::from_secs(120),
            looks: 1,
            factor: 4,
            first: Duration::ZERO,
            pause: Duration::from_millis(500),
            longest: Duration::from_secs(10),
        }
    }
}

impl Patience {
    /// One look and no more: for tests on a simulated rack, where time is counted in calls.
    pub const NONE: Self = Self {
        least: Duration::ZERO,
        looks: 1,
        factor: 0,
        first: Duration::ZERO,
        pause: Duration::ZERO,
        longest: Duration::ZERO,
    };

    /// How long a step may take that the plan gives so long.
    pub(crate) fn deadline(&self, takes: Seconds) -> Duration {
        Duration::from_secs(takes.0).saturating_mul(self.factor).max(self.least)
    }

    pub(crate) fn next(&self, pause: Duration) -> Duration {
        pause.saturating_mul(3).checked_div(2).unwrap_or(pause).min(self.longest)
    }
}

/// Asks a run to end after the steps in hand; set it from anywhere, also from a signal's handler.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Begins no further step.
    pub fn set(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether no further step is to begin.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
