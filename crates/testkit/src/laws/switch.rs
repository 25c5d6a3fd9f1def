use super::{Patience, Verdict, kind, never, until};
use rackberry_core::{
    ErrorKind, Milliwatts, Poe, PoePriority, PoeState, PortNo, PortState, Power, Switch,
    SwitchState, Tagging, VlanId, VlanTable,
};
use std::collections::BTreeMap;

/// A port that the laws may play with, and what the switch does not have.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    /// A port whose outage harms nothing. Where the switch feeds any, it feeds this one.
    pub spare: PortNo,
    /// A port that does not exist.
    pub absent: PortNo,
    /// A VLAN that does not exist.
    pub vlan: VlanId,
    /// How long it may take.
    pub patience: Patience,
}

async fn read(switch: &dyn Switch) -> SwitchState {
    switch.observe().await.expect("a switch that answers")
}

/// Every port, without what comes and goes by itself.
async fn ports(switch: &dyn Switch) -> BTreeMap<PortNo, PortState> {
    let mut ports = read(switch).await.ports;
    ports.values_mut().for_each(|it| it.counters = None);
    ports
}

async fn port(switch: &dyn Switch, with: &Ports) -> PortState {
    read(switch).await.ports.remove(&with.spare).expect("the spare port")
}

async fn fed(switch: &dyn Switch, with: &Ports) -> PoeState {
    port(switch, with).await.poe.expect("PoE of the spare port")
}

/// Reading twice reads the same.
pub async fn switch_reads_are_stable(switch: &dyn Switch, _: &Ports) -> Verdict {
    let plain = |mut it: SwitchState| {
        it.ports.values_mut().for_each(|it| it.counters = None);
        it
    };
    assert_eq!(plain(read(switch).await), plain(read(switch).await));
    Verdict::Holds
}

/// What is set is what is read, and setting it again changes nothing.
pub async fn switch_set_port_is_absolute(switch: &dyn Switch, with: &Ports) -> Verdict {
    let before = port(switch, with).await.enabled;
    for enabled in [false, false, true, true, before] {
        switch.set_port(with.spare, enabled).await.expect("a port that exists");
        until!(with.patience, "the port as set", port(switch, with).await.enabled == enabled);
    }
    Verdict::Holds
}

/// Setting one port leaves the others as they are.
pub async fn switch_set_port_changes_no_other(switch: &dyn Switch, with: &Ports) -> Verdict {
    let others = |mut it: SwitchState| {
        it.ports.remove(&with.spare);
        it.ports.into_iter().map(|(port, it)| (port, it.enabled)).collect::<Vec<_>>()
    };
    let before = read(switch).await;
    let enabled = before.ports[&with.spare].enabled;
    switch.set_port(with.spare, !enabled).await.unwrap();
    until!(with.patience, "the port as set", port(switch, with).await.enabled != enabled);
    assert_eq!(others(read(switch).await), others(before));
    switch.set_port(with.spare, enabled).await.unwrap();
    Verdict::Holds
}

/// A port that does not exist is an answer, and nothing changes.
pub async fn switch_absent_port_is_not_found(switch: &dyn Switch, with: &Ports) -> Verdict {
    let before = ports(switch).await;
    assert_eq!(kind(switch.set_port(with.absent, false).await), ErrorKind::NotFound);
    assert_eq!(ports(switch).await, before);
    Verdict::Holds
}

async fn table(switch: &dyn Switch) -> Option<VlanTable> {
    read(switch).await.vlans
}

/// The whole table that is set is what is read, and setting it again changes nothing.
pub async fn switch_set_vlans_is_absolute(switch: &dyn Switch, with: &Ports) -> Verdict {
    let Some(before) = table(switch).await else { return Verdict::Skipped("vlans") };
    let mut other = before.clone();
    other.vlans.insert(with.vlan, [(with.spare, Tagging::Tagged)].into());
    for wanted in [&other, &other, &before] {
        switch.set_vlans(wanted).await.expect("a table that makes sense");
        until!(with.patience, "the table as set", table(switch).await.as_ref() == Some(wanted));
    }
    Verdict::Holds
}

/// The PVIDs are part of the table.
pub async fn switch_set_vlans_sets_pvids(switch: &dyn Switch, with: &Ports) -> Verdict {
    let Some(before) = table(switch).await else { return Verdict::Skipped("vlans") };
    let mut other = before.clone();
    other.vlans.insert(with.vlan, [(with.spare, Tagging::Untagged)].into());
    other.pvids.insert(with.spare, with.vlan);
    for wanted in [&other, &before] {
        switch.set_vlans(wanted).await.expect("a table that makes sense");
        until!(with.patience, "the table as set", table(switch).await.as_ref() == Some(wanted));
    }
    Verdict::Holds
}

async fn is_invalid(switch: &dyn Switch, wrong: &VlanTable) {
    let before = table(switch).await;
    assert_eq!(kind(switch.set_vlans(wrong).await), ErrorKind::Invalid);
    assert_eq!(table(switch).await, before);
}

/// A table that names ports that are not there is refused as a whole.
pub async fn switch_vlans_of_absent_ports_are_invalid(
    switch: &dyn Switch,
    with: &Ports,
) -> Verdict {
    let Some(mut wrong) = table(switch).await else { return Verdict::Skipped("vlans") };
    wrong.vlans.insert(with.vlan, [(with.absent, Tagging::Tagged)].into());
    is_invalid(switch, &wrong).await;
    Verdict::Holds
}

/// A table with a PVID without its VLAN is refused as a whole.
pub async fn switch_pvid_without_its_vlan_is_invalid(switch: &dyn Switch, with: &Ports) -> Verdict {
    let Some(mut wrong) = table(switch).await else { return Verdict::Skipped("vlans") };
    wrong.pvids.insert(with.spare, with.vlan);
    is_invalid(switch, &wrong).await;
    Verdict::Holds
}

/// A switch that reads no VLANs takes none.
pub async fn switch_without_vlans_says_so(switch: &dyn Switch, _: &Ports) -> Verdict {
    let state = read(switch).await;
    if state.vlans.is_none() {
        let table = VlanTable::factory(state.ports.into_keys());
        assert_eq!(kind(switch.set_vlans(&table).await), ErrorKind::Unsupported);
    }
    Verdict::Holds
}

/// Power over Ethernet is absolute too.
pub async fn switch_set_poe_is_absolute(switch: &dyn Switch, with: &Ports) -> Verdict {
    let Some(poe) = switch.poe() else { return Verdict::Skipped("poe") };
    let before = fed(switch, with).await.power;
    for power in [Power::Off, Power::Off, Power::On, Power::On, before] {
        poe.set_poe(with.spare, power).await.expect("a port that is fed");
        until!(with.patience, "PoE as set", fed(switch, with).await.power == power);
    }
    Verdict::Holds
}

/// Priorities are what was set last.
pub async fn switch_set_priority_is_absolute(switch: &dyn Switch, with: &Ports) -> Verdict {
    let Some(poe) = switch.poe() else { return Verdict::Skipped("poe") };
    let before = fed(switch, with).await.priority;
    for priority in [PoePriority::Critical, PoePriority::High, PoePriority::Low, before] {
        poe.set_priority(with.spare, priority).await.expect("a port that is fed");
        until!(with.patience, "the priority", fed(switch, with).await.priority == priority);
    }
    Verdict::Holds
}

/// Limits are what was set last, and can be taken away. A switch that has none says so, and sets none.
pub async fn switch_set_limit_is_absolute(switch: &dyn Switch, with: &Ports) -> Verdict {
    let Some(poe) = switch.poe() else { return Verdict::Skipped("poe") };
    let before = fed(switch, with).await.limit;
    let low = Some(Milliwatts(5000));
    if poe.set_limit(with.spare, low).await.is_err_and(|it| it.kind() == ErrorKind::Unsupported) {
        never!(with.patience, "a limit", fed(switch, with).await.limit.is_some());
        poe.set_limit(with.spare, None).await.expect("no limit, as it always is");
        return Verdict::Skipped("limit");
    }
    for limit in [low, low, None, before] {
        poe.set_limit(with.spare, limit).await.expect("a port that is fed");
        until!(with.patience, "the limit", fed(switch, with).await.limit == limit);
    }
    Verdict::Holds
}

/// A port that may not deliver does not.
pub async fn switch_poe_off_delivers_nothing(switch: &dyn Switch, with: &Ports) -> Verdict {
    let Some(poe) = switch.poe() else { return Verdict::Skipped("poe") };
    let before = fed(switch, with).await.power;
    poe.set_poe(with.spare, Power::Off).await.unwrap();
    let dead = |it: PoeState| !it.delivers && it.draw == Milliwatts(0);
    until!(with.patience, "no current", dead(fed(switch, with).await));
    poe.set_poe(with.spare, before).await.unwrap();
    Verdict::Holds
}

async fn is_not_fed(poe: &dyn Poe, port: PortNo) {
    assert_eq!(kind(poe.set_poe(port, Power::On).await), ErrorKind::NotFound);
    assert_eq!(kind(poe.set_priority(port, PoePriority::Low).await), ErrorKind::NotFound);
    assert_eq!(kind(poe.set_limit(port, None).await), ErrorKind::NotFound);
}

/// A port that does not exist cannot be fed, and saying so is an answer.
pub async fn switch_absent_poe_is_not_found(switch: &dyn Switch, with: &Ports) -> Verdict {
    let Some(poe) = switch.poe() else { return Verdict::Skipped("poe") };
    is_not_fed(poe, with.absent).await;
    Verdict::Holds
}

/// A port without PoE cannot be fed either, and shows none afterwards.
pub async fn switch_unfed_port_is_not_found(switch: &dyn Switch, _: &Ports) -> Verdict {
    let Some(poe) = switch.poe() else { return Verdict::Skipped("poe") };
    let before = ports(switch).await;
    let Some((port, _)) = before.iter().find(|it| it.1.poe.is_none()) else {
        return Verdict::Skipped("unfed");
    };
    is_not_fed(poe, *port).await;
    assert_eq!(ports(switch).await[port].poe, None);
    Verdict::Holds
}
