//! What is seen of a switch, in words and tables.

use super::site::Site;
use crate::look::{Ink, Look};
use crate::table::{Cell, Table, left, right};
use rackberry::core::{
    PoeBudget, PoeState, PortNo, PortState, Power, SwitchState, Tagging, VlanTable,
};

/// All of it.
pub(super) fn text(site: &Site, seen: &SwitchState, look: &Look) -> String {
    let serial = seen.serial.as_ref().map(|it| format!(", serial number {it}"));
    let head = format!("{} at {}{}", seen.model, site.address, serial.unwrap_or_default());
    let mut text = look.paint(Ink::Heading, &head) + "\n\n" + &ports(seen).render(look);
    text += &match &seen.vlans {
        Some(table) => format!("\n{}", vlans(table).render(look)),
        None => "\nIt knows no VLANs, or is not set to advanced 802.1Q VLANs.\n".into(),
    };
    text + "\n" + &budget(&PoeBudget::of(seen, &site.peaks()), look)
}

fn ports(seen: &SwitchState) -> Table {
    let mut table = Table::new([
        left("port", 0),
        left("name", 0),
        left("link", 0),
        left("PoE", 0),
        right("class", 2),
        right("draw", 0),
        right("limit", 2),
        left("priority", 2),
        right("received", 3),
        right("sent", 3),
        right("errors", 1),
    ]);
    for (port, it) in &seen.ports {
        table.row(row(*port, it));
    }
    table
}

fn row(port: PortNo, it: &PortState) -> [Cell; 11] {
    let poe = |text: &dyn Fn(&PoeState) -> String| -> Cell {
        it.poe.as_ref().map(text).unwrap_or_default().into()
    };
    let count = |of: &dyn Fn(&rackberry::core::Counters) -> u64| -> Cell {
        it.counters.as_ref().map(|it| of(it).to_string()).unwrap_or_default().into()
    };
    [
        port.0.to_string().into(),
        it.name.clone().into(),
        link(it),
        it.poe.as_ref().map(feeding).unwrap_or_default(),
        poe(&|it| it.class.map(|it| it.to_string()).unwrap_or_default()),
        poe(&|it| it.draw.to_string()),
        poe(&|it| it.limit.map(|it| it.to_string()).unwrap_or_default()),
        poe(&|it| it.priority.to_string()),
        count(&|it| it.received),
        count(&|it| it.sent),
        count(&|it| it.errors),
    ]
}

fn link(it: &PortState) -> Cell {
    match (it.enabled, it.link) {
        (false, _) => Cell::inked("off", Ink::Warning),
        (true, None) => Cell::inked("down", Ink::Faint),
        (true, Some(speed)) => Cell::inked(speed.to_string(), Ink::Good),
    }
}

fn feeding(it: &PoeState) -> Cell {
    if let Some(fault) = &it.gauge.fault {
        return Cell::inked(fault.clone(), Ink::Error);
    }
    match (it.power, it.delivers) {
        (Power::Off, _) => Cell::inked("off", Ink::Warning),
        (Power::On, true) => Cell::inked("delivers", Ink::Good),
        (Power::On, false) => Cell::inked("offered", Ink::Faint),
    }
}

fn vlans(it: &VlanTable) -> Table {
    let columns = [left("VLAN", 0), left("untagged", 0), left("tagged", 0), left("PVID of", 0)];
    let mut table = Table::new(columns);
    for (vlan, members) in &it.vlans {
        let of = |tagging: Tagging| {
            numbers(members.iter().filter(|it| *it.1 == tagging).map(|it| *it.0))
        };
        let pvids = numbers(it.pvids.iter().filter(|it| it.1 == vlan).map(|it| *it.0));
        let vlan = vlan.number().to_string();
        table.row([vlan, of(Tagging::Untagged), of(Tagging::Tagged), pvids].map(Cell::from));
    }
    table
}

fn numbers(ports: impl Iterator<Item = PortNo>) -> String {
    ports.map(|it| it.0.to_string()).collect::<Vec<_>>().join(" ")
}

/// What flows and what may, against what there is.
fn budget(it: &PoeBudget, look: &Look) -> String {
    let PoeBudget { measured, worst, .. } = *it;
    let Some(budget) = it.budget else {
        return format!("PoE: {measured} flow, and up to {worst} may; it names no budget\n");
    };
    let line = format!("PoE: {measured} flow, and up to {worst} may, of {budget}");
    let (ink, more) = if measured > budget {
        (Ink::Error, ": that is too much already")
    } else if measured.0.saturating_mul(10) >= budget.0.saturating_mul(9) {
        (Ink::Error, ": it is about to run out")
    } else if worst > budget {
        (
            Ink::Warning,
            ": that would be more than there is; lower limits of ports would keep it within",
        )
    } else {
        (Ink::Good, "")
    };
    look.paint(ink, &(line + more)) + "\n"
}
