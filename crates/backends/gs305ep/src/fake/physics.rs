//! What the switch behind the fake decides, and what has to be told to it in time.

use super::BudgetPolicy;
use super::desk::Desk;
use super::memory::{Hold, Memory};
use rackberry_core::{
    ErrorKind, Milliwatts, PoePriority, PoeState, PortNo, Power, Result, SwitchState, VlanTable,
};
use std::cmp::Reverse;
use std::time::Duration;

/// The switch cannot be reached: nothing is answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Silent;

/// How long it waits before it tells a switch again that could not be reached.
const AGAIN: Duration = Duration::from_secs(1);

/// What ports of a class may deliver (802.3), in milliwatts.
const CLASSES: [u64; 9] = [15_400, 4_000, 7_000, 15_400, 30_000, 45_000, 60_000, 75_000, 90_000];

impl Desk {
    pub(super) async fn observe(&self) -> std::result::Result<SwitchState, Silent> {
        self.switch.observe().await.map_err(|_| Silent)
    }

    /// Lets a port flow or not.
    pub(super) async fn feed(&self, port: PortNo, power: Power) -> std::result::Result<(), Silent> {
        let Some(poe) = self.switch.poe() else { return Ok(()) };
        told(poe.set_poe(port, power).await)
    }

    pub(super) async fn prefer(
        &self,
        port: PortNo,
        priority: PoePriority,
    ) -> std::result::Result<(), Silent> {
        let Some(poe) = self.switch.poe() else { return Ok(()) };
        told(poe.set_priority(port, priority).await)
    }

    pub(super) async fn limit(
        &self,
        port: PortNo,
        limit: Option<Milliwatts>,
    ) -> std::result::Result<(), Silent> {
        let Some(poe) = self.switch.poe() else { return Ok(()) };
        told(poe.set_limit(port, limit).await)
    }

    pub(super) async fn wire(&self, table: &VlanTable) -> std::result::Result<(), Silent> {
        told(self.switch.set_vlans(table).await)
    }

    pub(super) async fn enable(&self, port: PortNo, on: bool) -> std::result::Result<(), Silent> {
        told(self.switch.set_port(port, on).await)
    }

    /// Does what is due, and says when the next is.
    pub(super) async fn settle(&self, memory: &mut Memory) -> Option<Duration> {
        let now = self.now();
        for (port, it) in &mut memory.poe {
            if matches!(it.hold, Some(Hold::Until(at)) if at <= now) {
                it.hold = match self.feed(*port, Power::On).await {
                    Ok(()) => None,
                    Err(Silent) => Some(Hold::Until(now.saturating_add(AGAIN))),
                };
            }
        }
        if self.knobs.feeding.policy == BudgetPolicy::ClassReserve {
            self.reserve(memory).await;
        }
        let date = |it: &Option<Hold>| match it {
            Some(Hold::Until(at)) => Some(*at),
            Some(Hold::Denied(_)) | None => None,
        };
        memory.poe.values().filter_map(|it| date(&it.hold)).min()
    }

    /// Sets aside for each port what its class may draw, and holds those off that it does not suffice for.
    async fn reserve(&self, memory: &mut Memory) {
        let Ok(state) = self.observe().await else { return };
        let mut left = state.budget.unwrap_or(self.knobs.model.budget());
        for (port, class, limit) in claims(memory, &state) {
            let want = most(class).min(limit.unwrap_or(most(class)));
            let fits = want <= left;
            if fits {
                left = left.minus(want);
            }
            self.admit(memory, port, class, fits).await;
        }
    }

    async fn admit(&self, memory: &mut Memory, port: PortNo, class: u8, fits: bool) {
        let Some(it) = memory.poe.get_mut(&port) else { return };
        match (it.hold, fits) {
            (Some(Hold::Denied(_)), true) => {
                let at = self.now().saturating_add(self.knobs.feeding.detection);
                it.hold = Some(Hold::Until(at));
                self.changed.notify_one();
            }
            (None, false) if self.feed(port, Power::Off).await.is_ok() => {
                it.hold = Some(Hold::Denied(class));
            }
            (None | Some(Hold::Until(_) | Hold::Denied(_)), _) => {}
        }
    }
}

/// The ports that ask for power and may have it, the first ones first: their classes and limits.
fn claims(memory: &Memory, state: &SwitchState) -> Vec<(PortNo, u8, Option<Milliwatts>)> {
    let mut claims = Vec::new();
    for (port, it) in &memory.poe {
        let Some(poe) = poe(state, *port) else { continue };
        let class = match it.hold {
            Some(Hold::Denied(class)) => Some(class),
            None | Some(Hold::Until(_)) => poe.class,
        };
        let Some(class) = class else { continue };
        claims.push((Reverse(poe.priority), (*port, class, poe.limit)));
    }
    claims.sort_by_key(|it| (it.0, it.1.0));
    claims.into_iter().map(|it| it.1).collect()
}

/// What the switch behind says of the power of a port.
pub(super) fn poe(state: &SwitchState, port: PortNo) -> Option<&PoeState> {
    state.ports.get(&port)?.poe.as_ref()
}

fn most(class: u8) -> Milliwatts {
    Milliwatts(CLASSES.get(usize::from(class)).copied().unwrap_or_default())
}

/// The switch reports no failure: what is refused is not done, and not said.
fn told(answer: Result<()>) -> std::result::Result<(), Silent> {
    match answer.map_err(|it| it.kind()) {
        Err(ErrorKind::Unreachable) => Err(Silent),
        Ok(()) | Err(_) => Ok(()),
    }
}
