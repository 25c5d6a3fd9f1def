//! A reading in the text format of Prometheus (0.0.4).

use rackberry::core::{Milliwatts, PoeBudget, PortNo, PortState, Power, SwitchState};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// A family: its name, its kind, its help.
type Family = (&'static str, &'static str, &'static str);

const UP: Family =
    ("rackberry_switch_up", "gauge", "Whether the last reading of the switch succeeded.");
const AGE: Family =
    ("rackberry_switch_reading_age_seconds", "gauge", "How old the reading is that is given here.");
const INFO: Family = ("rackberry_switch_info", "gauge", "What the switch says it is.");
const BUDGET: Family =
    ("rackberry_poe_budget_watts", "gauge", "What all ports together may deliver.");
const MEASURED: Family =
    ("rackberry_poe_measured_watts", "gauge", "What all ports together deliver.");
const WORST: Family = (
    "rackberry_poe_worst_watts",
    "gauge",
    "What the fed devices may draw together, by their classes and the limits of their ports.",
);
const PORT_INFO: Family = ("rackberry_port_info", "gauge", "The name of a port.");
const WATTS: Family = ("rackberry_port_power_watts", "gauge", "What a port delivers.");
const LIMIT: Family = (
    "rackberry_port_power_limit_watts",
    "gauge",
    "The most that a port may deliver, where that is set.",
);
const OFFERED: Family = ("rackberry_port_power_on", "gauge", "Whether a port may deliver power.");
const DELIVERS: Family =
    ("rackberry_port_power_delivers", "gauge", "Whether a port delivers power.");
const FAULT: Family = (
    "rackberry_port_power_fault",
    "gauge",
    "Whether the switch says that something is wrong with the power of a port.",
);
const VOLTS: Family = ("rackberry_port_power_volts", "gauge", "The voltage of a port.");
const CELSIUS: Family = (
    "rackberry_port_power_celsius",
    "gauge",
    "How warm the chip is that feeds a port, where that is measured.",
);
const LINK: Family = ("rackberry_port_link_up", "gauge", "Whether a port has a link.");
const SPEED: Family =
    ("rackberry_port_link_bits_per_second", "gauge", "How fast the link of a port is.");
const RECEIVED: Family =
    ("rackberry_port_received_bytes_total", "counter", "What a port has received.");
const SENT: Family = ("rackberry_port_sent_bytes_total", "counter", "What a port has sent.");
const ERRORS: Family = (
    "rackberry_port_receive_errors_total",
    "counter",
    "Packets that a port has received with errors.",
);

/// The reading, or that there is none.
pub(crate) fn text(seen: Option<&SwitchState>, age: Duration) -> String {
    let mut page = Page(String::new());
    page.family(UP, [(String::new(), u8::from(seen.is_some()).to_string())]);
    page.family(AGE, [(String::new(), age.as_secs_f64().to_string())]);
    if let Some(seen) = seen {
        switch(&mut page, seen);
        feeding(&mut page, seen);
        traffic(&mut page, seen);
    }
    page.0
}

/// What is written so far.
struct Page(String);

impl Page {
    /// Writes a family, unless nothing is known of it: labels and value of each.
    fn family(
        &mut self,
        (name, kind, help): Family,
        all: impl IntoIterator<Item = (String, String)>,
    ) {
        let mut all = all.into_iter().peekable();
        if all.peek().is_none() {
            return;
        }
        // A text takes whatever is written to it.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (labels, value) in all {
            let _ = writeln!(self.0, "{name}{labels} {value}");
        }
    }

    fn ports(
        &mut self,
        family: Family,
        seen: &SwitchState,
        value: impl Fn(&PortState) -> Option<String>,
    ) {
        let of = |(port, it): (&PortNo, &PortState)| Some((labels(&[number(*port)]), value(it)?));
        self.family(family, seen.ports.iter().filter_map(of));
    }
}

fn switch(page: &mut Page, seen: &SwitchState) {
    let PoeBudget { budget, measured, worst } = PoeBudget::of(seen, &BTreeMap::new());
    let serial = ("serial", seen.serial.clone().unwrap_or_default());
    page.family(INFO, [(labels(&[("model", seen.model.clone()), serial]), "1".into())]);
    for (family, power) in [(BUDGET, budget), (MEASURED, Some(measured)), (WORST, Some(worst))] {
        page.family(family, power.map(|it| (String::new(), watts(it))));
    }
    let names = seen
        .ports
        .iter()
        .map(|(port, it)| (labels(&[number(*port), ("name", it.name.clone())]), "1".into()));
    page.family(PORT_INFO, names);
}

fn feeding(page: &mut Page, seen: &SwitchState) {
    let poe = |it: &PortState| it.poe.clone();
    page.ports(WATTS, seen, |it| poe(it).map(|it| watts(it.draw)));
    page.ports(LIMIT, seen, |it| poe(it)?.limit.map(watts));
    page.ports(OFFERED, seen, |it| poe(it).map(|it| flag(it.power == Power::On)));
    page.ports(DELIVERS, seen, |it| poe(it).map(|it| flag(it.delivers)));
    page.ports(FAULT, seen, |it| poe(it).map(|it| flag(it.gauge.fault.is_some())));
    page.ports(VOLTS, seen, |it| poe(it)?.gauge.voltage.map(|it| it.0.to_string()));
    page.ports(CELSIUS, seen, |it| poe(it)?.gauge.temperature.map(|it| it.0.to_string()));
}

fn traffic(page: &mut Page, seen: &SwitchState) {
    page.ports(LINK, seen, |it| Some(flag(it.link.is_some())));
    page.ports(SPEED, seen, |it| it.link.map(|it| it.0.to_string()));
    page.ports(RECEIVED, seen, |it| it.counters.map(|it| it.received.to_string()));
    page.ports(SENT, seen, |it| it.counters.map(|it| it.sent.to_string()));
    page.ports(ERRORS, seen, |it| it.counters.map(|it| it.errors.to_string()));
}

fn number(port: PortNo) -> (&'static str, String) {
    ("port", port.0.to_string())
}

fn flag(it: bool) -> String {
    u8::from(it).to_string()
}

fn watts(it: Milliwatts) -> String {
    format!("{}.{:03}", it.0 / 1000, it.0 % 1000)
}

/// Labels, with what a device may have put into them made harmless.
fn labels(all: &[(&str, String)]) -> String {
    let one = |(name, value): &(&str, String)| {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("{name}=\"{value}\"")
    };
    format!("{{{}}}", all.iter().map(one).collect::<Vec<_>>().join(","))
}
