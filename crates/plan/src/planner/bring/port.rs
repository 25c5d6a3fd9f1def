//! What the file asks of ports beside their VLANs: that they are on, what they deliver, and to whom first.

use super::{Bring, SWITCH};
use crate::port::{is_on, keeps_power, turn};
use crate::{Action, Fact, Step, Unset};
use rackberry_core::{PoeBudget, PortNo, PortSetting, Power, SwitchState};

impl Bring<'_> {
    /// Sets the ports of all switches that are seen, once their VLANs are set. Machines are fed when it is their turn to
    /// boot, but for those of the switch that is planned for alone.
    pub(super) fn ports(&mut self, alone: Option<usize>) {
        let vlans = self.net.clone();
        for switch in 0..self.rack.switches.len() {
            let id = &self.rack.switches[switch].id;
            let Some(mut state) = self.seen.switches.get(id).cloned() else { continue };
            let mut due = self.rack.port_settings(switch, alone == Some(switch));
            let grows = |(port, to): &(PortNo, PortSetting)| {
                state.ports.get(port).is_some_and(|it| to.grows(it))
            };
            due.sort_by_key(|it| (turn(it.1), grows(it)));
            for to in due {
                self.set_port(switch, &mut state, &vlans, to);
            }
        }
    }

    /// Adds the step that sets one thing of a port, unless it is so or may not be.
    fn set_port(
        &mut self,
        switch: usize,
        state: &mut SwitchState,
        vlans: &[usize],
        (port, to): (PortNo, PortSetting),
    ) {
        let id = self.rack.switches[switch].id.clone();
        if state.ports.get(&port).is_none_or(|it| to.holds(it)) {
            return;
        }
        let action = Action::SetPort { switch: id.clone(), port, to };
        if let Some(reason) = self.why_not(switch, state, port, to) {
            let what = action.to_string();
            self.out.unset.push(Unset { switch: id, what, reason });
            return;
        }
        let grows = state.ports.get(&port).is_some_and(|it| to.grows(it));
        state.ports.get_mut(&port).into_iter().for_each(|it| to.predict(it));
        let mut needs = vlans.to_vec();
        // What lets more be drawn comes after all that makes room for it, and one after the other.
        needs.extend(self.fed.get(&switch).filter(|_| grows).into_iter().flatten());
        let machine = is_on(to) && self.rack.machines(switch).contains_key(&port);
        let delivers = machine.then(|| Fact::Delivers { switch: id.clone(), port });
        let set = Fact::Port { switch: id, port, is: to };
        let after = std::iter::once(set).chain(delivers).collect();
        let step = self.push(Step { before: vec![], action, after, needs, takes: SWITCH });
        match to {
            PortSetting::Enabled(_) => self.net.extend(step),
            PortSetting::Feed(_) | PortSetting::Limit(_) | PortSetting::Priority(_) => {
                self.fed.entry(switch).or_default().extend(step);
            }
        }
    }

    /// Why something is not set although the file asks for it.
    fn why_not(
        &self,
        switch: usize,
        state: &SwitchState,
        port: PortNo,
        to: PortSetting,
    ) -> Option<String> {
        match to {
            PortSetting::Enabled(_) => None,
            PortSetting::Feed(Power::Off) => {
                keeps_power(&self.rack.protected_ports(switch), state, port)
            }
            _ if state.ports.get(&port)?.poe.is_none() => Some("it has no PoE".into()),
            PortSetting::Feed(Power::On) | PortSetting::Limit(_)
                if to.grows(state.ports.get(&port)?) =>
            {
                let mut after = state.clone();
                after.ports.get_mut(&port).into_iter().for_each(|it| to.predict(it));
                let over = PoeBudget::admits(&after, &self.rack.peaks(switch), port).err()?;
                Some(over.to_string())
            }
            PortSetting::Feed(Power::On) | PortSetting::Limit(_) | PortSetting::Priority(_) => None,
        }
    }
}
