//! What is written of ports and cannot be.

use crate::check::cable::{group, port_key, port_name, ports, uplink};
use crate::rack::Port;
use crate::{Finding, Resolved};

pub(super) fn findings(rack: &Resolved, out: &mut Vec<Finding>) {
    for (at, port) in ports(rack) {
        let feeds = group(rack, at).map(|it| it.poe.is_some());
        if let Some((key, what)) = about_power(port).filter(|_| feeds == Some(false)) {
            let reason = format!("{} delivers no power, and has {what}", port_name(rack, at));
            let remedy = format!("leave `{key}` out, or name the port that is meant");
            out.push(Finding::error("poe-nowhere", port_key(rack, at, key), reason, remedy));
        }
        let uplink = uplink(rack, at.0) == Some(at);
        if port.poe == Some(false) && feeds == Some(true) && (port.protected || uplink) {
            let why = if uplink { "is the uplink" } else { "is protected" };
            let reason = format!(
                "{} {why}, so it keeps the power that it delivers, and is said to have none",
                port_name(rack, at)
            );
            let remedy = "leave `poe: false` out, and switch it off by hand".into();
            out.push(Finding::warning("poe-kept", port_key(rack, at, "poe"), reason, remedy));
        }
    }
}

/// The first key that asks for power in any way, and what it says.
fn about_power(port: &Port) -> Option<(&'static str, &'static str)> {
    let limit = port.limit.map(|_| ("limit", "a limit of what it delivers"));
    let priority = port.priority.map(|_| ("priority", "a priority for power"));
    let poe = (port.poe == Some(true)).then_some(("poe", "PoE switched on"));
    poe.or(limit).or(priority)
}
