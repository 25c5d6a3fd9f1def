//! Orders to ports: what the file does not ask for, what would lose power, and what could not be fed.

use super::DeviceFault;
use crate::{Feed, Observed, Resolved};
use rackberry_core::{NodeId, PoeBudget, PortNo, PortSetting, Power, SwitchId};

/// Why one thing of a port must not be set.
pub(super) fn fault(
    rack: &Resolved,
    seen: &Observed,
    (switch, port): (&SwitchId, PortNo),
    to: PortSetting,
) -> Option<DeviceFault> {
    let what = || format!("{port} of {switch}");
    let Some(at) = rack.switch(switch).filter(|it| asks(rack, *it, port, to)) else {
        return Some(DeviceFault::Unlike { what: what() });
    };
    match to {
        PortSetting::Feed(Power::Off) => darkens(rack, seen, at, port),
        PortSetting::Feed(Power::On) | PortSetting::Limit(_) => {
            let mut after = seen.switches.get(switch)?.clone();
            let state = after.ports.get_mut(&port).filter(|it| to.grows(it))?;
            to.predict(state);
            let why = PoeBudget::admits(&after, &rack.peaks(at), port).err()?;
            Some(DeviceFault::OverBudget { switch: switch.clone(), port, why })
        }
        PortSetting::Enabled(_) | PortSetting::Priority(_) => None,
    }
}

/// Whether a machine that would be switched off is behind a port that is never without power.
pub(super) fn darkens_node(rack: &Resolved, seen: &Observed, node: &NodeId) -> Option<DeviceFault> {
    let Feed::Poe { port, .. } = &rack.nodes[rack.node(node)?].feed else { return None };
    darkens(rack, seen, rack.switch(&port.switch)?, port.port)
}

fn darkens(rack: &Resolved, seen: &Observed, at: usize, port: PortNo) -> Option<DeviceFault> {
    let switch = &rack.switches[at].id;
    let poe = seen.switches.get(switch)?.ports.get(&port)?.poe.as_ref()?;
    let protected = rack.protected_ports(at).contains_key(&port);
    (protected && poe.delivers).then(|| DeviceFault::Darkens { switch: switch.clone(), port })
}

/// Whether the file asks for it.
fn asks(rack: &Resolved, at: usize, port: PortNo, to: PortSetting) -> bool {
    let written = rack.rack.switches.get(&rack.switches[at].id).and_then(|it| it.ports.get(&port));
    match to {
        PortSetting::Enabled(yes) => yes,
        PortSetting::Feed(Power::Off) => written.is_some_and(|it| it.poe == Some(false)),
        PortSetting::Feed(Power::On) => rack.peaks(at).contains_key(&port),
        PortSetting::Limit(most) => written.is_some_and(|it| most.is_some() && it.limit == most),
        PortSetting::Priority(it) => written.is_some_and(|written| written.priority == Some(it)),
    }
}
