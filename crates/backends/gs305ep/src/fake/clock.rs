use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// What the fake takes for time: idle sessions, lock-outs, power cycles, restarts and latency follow it.
///
/// Cloning it clones the handle: a test keeps one, and the fake another.
#[derive(Clone)]
pub struct Clock(Arc<Kind>);

enum Kind {
    Real(Instant),
    Told { now: watch::Sender<Duration>, step: Duration },
}

impl Clock {
    /// The clock of the machine.
    pub fn real() -> Self {
        Self(Arc::new(Kind::Real(Instant::now())))
    }

    /// A clock that stands still until it is [told](Self::advance) that time has passed.
    pub fn by_hand() -> Self {
        Self::by_request(Duration::ZERO)
    }

    /// A clock that goes on by `step` with every request, as well as by hand.
    pub fn by_request(step: Duration) -> Self {
        Self(Arc::new(Kind::Told { now: watch::Sender::new(Duration::ZERO), step }))
    }

    /// The time since the clock was made.
    pub fn now(&self) -> Duration {
        match &*self.0 {
            Kind::Real(start) => start.elapsed(),
            Kind::Told { now, .. } => *now.borrow(),
        }
    }

    /// Lets time pass. The clock of the machine goes its own way.
    pub fn advance(&self, by: Duration) {
        match &*self.0 {
            Kind::Real(_) => {}
            Kind::Told { now, .. } => now.send_modify(|it| *it = it.saturating_add(by)),
        }
    }

    /// A request has come in.
    pub(super) fn count(&self) {
        match &*self.0 {
            Kind::Real(_) => {}
            Kind::Told { step, .. } => self.advance(*step),
        }
    }

    /// Returns as soon as it is `at`.
    pub(super) async fn wait_until(&self, at: Duration) {
        match &*self.0 {
            Kind::Real(start) => match start.checked_add(at) {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            },
            Kind::Told { now, .. } => {
                // The sender lives as long as `self`.
                let _ = now.subscribe().wait_for(|it| *it >= at).await;
            }
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::real()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}
