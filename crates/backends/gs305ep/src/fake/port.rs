//! Orders to ports, and their counters.

use super::desk::{Answer, Desk, success};
use super::http::Request;
use super::memory::{Memory, Port};
use rackberry_core::{Counters, PortNo, SwitchState};

/// The number of a speed that switches a port off.
pub(super) const DISABLED: u16 = 2;
/// The longest name of a port.
const LONGEST: usize = 16;

impl Desk {
    pub(super) async fn order_ports(&self, memory: &mut Memory, request: &Request) -> Answer {
        let named = |port: &PortNo| request.field(&format!("port{}", port.0)) == Some("checked");
        let ports: Vec<_> = memory.ports.keys().copied().filter(named).collect();
        for port in ports {
            let Some(it) = memory.ports.get_mut(&port) else { continue };
            it.take(request);
            if let Some(speed) = speed(request) {
                self.enable(port, speed != DISABLED).await?;
            }
        }
        success()
    }

    /// Forgets what has passed. Known of older models of the maker; unknown on hardware of this family.
    pub(super) async fn clear_counters(&self, memory: &mut Memory, request: &Request) -> Answer {
        if request.field("clearCounters") == Some("1") {
            memory.forget_counters(&self.observe().await?);
        }
        success()
    }
}

fn speed(request: &Request) -> Option<u16> {
    request.number("SPEED").filter(|it| (1..=6).contains(it))
}

impl Port {
    fn take(&mut self, request: &Request) {
        let choice = |name, last| request.number(name).filter(|it| (1..=last).contains(it));
        if let Some(name) = request.field("DESCRIPTION") {
            self.name = Some(name.chars().take(LONGEST).collect());
        }
        // A port that is switched off keeps its speed for when it is switched on by other hands.
        self.speed = speed(request).filter(|it| *it != DISABLED).unwrap_or(self.speed);
        self.flow = choice("FLOW_CONTROL", 2).unwrap_or(self.flow);
        self.ingress = choice("IngressRate", 12).unwrap_or(self.ingress);
        self.egress = choice("EgressRate", 12).unwrap_or(self.egress);
    }
}

impl Memory {
    pub(super) fn forget_counters(&mut self, state: &SwitchState) {
        for (port, it) in &mut self.ports {
            it.passed = counted(state, *port);
        }
    }

    /// What has passed a port since it was forgotten.
    pub(super) fn counters(&self, state: &SwitchState, port: PortNo) -> Counters {
        let (now, then) = (counted(state, port), self.ports.get(&port).map(|it| it.passed));
        let then = then.unwrap_or_default();
        Counters {
            received: now.received.saturating_sub(then.received),
            sent: now.sent.saturating_sub(then.sent),
            errors: now.errors.saturating_sub(then.errors),
        }
    }
}

fn counted(state: &SwitchState, port: PortNo) -> Counters {
    state.ports.get(&port).and_then(|it| it.counters).unwrap_or_default()
}
