use crate::Why;
use rackberry_plan::Plan;
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedSender;

/// What happens during a run, as it happens. Steps are named by their position in the plan that was told last.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A plan was made and has passed its verification. The steps of what follows are its own.
    Planned {
        /// Which plan, from 0.
        round: usize,
        /// The plan.
        plan: Arc<Plan>,
    },
    /// A step begins with a look.
    Began {
        /// The step.
        step: usize,
    },
    /// Its order is about to be sent.
    Sending {
        /// The step.
        step: usize,
    },
    /// Its proof is seen.
    Proved {
        /// The step.
        step: usize,
        /// Whether it was so before anything was sent.
        already: bool,
    },
    /// It has ended without its proof.
    Ended {
        /// The step.
        step: usize,
        /// Why.
        why: Why,
    },
}

/// Where events go, if anybody wants them.
#[derive(Clone, Debug, Default)]
pub struct Events(Option<UnboundedSender<Event>>);

impl Events {
    /// Sends every event there. A receiver that is gone misses them.
    pub fn to(sender: UnboundedSender<Event>) -> Self {
        Self(Some(sender))
    }

    pub(crate) fn tell(&self, event: Event) {
        if let Some(sender) = &self.0 {
            // Who does not listen any more does not keep the rack from running.
            let _ = sender.send(event);
        }
    }
}
