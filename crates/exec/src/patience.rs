use rackberry_core::Seconds;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::{Instant, sleep};

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

    fn next(&self, pause: Duration) -> Duration {
        pause.saturating_mul(3).checked_div(2).unwrap_or(pause).min(self.longest)
    }
}

/// The pauses between looks, each longer than the one before.
pub(crate) struct Wait {
    patience: Patience,
    deadline: Instant,
    pause: Duration,
    looks: u32,
}

impl Wait {
    /// Waits so long at least.
    pub(crate) fn new(patience: Patience, least: Duration) -> Self {
        Self { patience, deadline: Instant::now() + least, pause: patience.pause, looks: 0 }
    }

    /// Waits after a look, unless there is no patience left.
    pub(crate) async fn again(&mut self) -> Result<(), ()> {
        self.looks = self.looks.saturating_add(1);
        if self.looks >= self.patience.looks && Instant::now() >= self.deadline {
            return Err(());
        }
        sleep(self.pause).await;
        self.pause = self.patience.next(self.pause);
        Ok(())
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
