//! Devices that give no good answer, whatever they are asked or told: each of them has one kind of error.

use super::{Members, Outlet, Pool, Ports, Spare, Verdict, kind};
use rackberry_core::{
    BootId, Bytes, Cluster, ErrorKind, GuestSpec, Guests, Marks, Milliwatts, NodeId, NodeOs,
    PodRef, Poe, PoePriority, Power, PowerCtl, ReplicaRef, Snapshot, Storage, Switch, VlanTable,
    VolumeRef, Volumes,
};
use std::collections::BTreeSet;

/// Makes every call, and finds the same kind of error each time.
macro_rules! each_is {
    ($wanted:expr; $($call:expr;)*) => {
        $(assert_eq!(kind($call.await), $wanted, "{}", stringify!($call));)*
    };
}

async fn power(outlet: &dyn PowerCtl, wanted: ErrorKind) -> Verdict {
    each_is! { wanted; outlet.power(); outlet.set_power(Power::On); }
    // One that cannot measure has nothing to ask the device for.
    match outlet.draw().await {
        Ok(flows) => assert_eq!(flows, None, "a figure of a device that gave none"),
        Err(error) => assert_eq!(error.kind(), wanted, "the draw"),
    }
    Verdict::Holds
}

async fn node(node: &dyn NodeOs, with: &Spare, wanted: ErrorKind) -> Verdict {
    let boot = BootId::new("the last that was seen");
    each_is! { wanted;
        node.observe();
        node.configure(&with.mine);
        node.upgrade(&with.version);
        node.reboot(&boot);
        node.reset(&boot);
    }
    if let Some(it) = node.guests() {
        guests(it, wanted).await;
    }
    Verdict::Holds
}

async fn guests(guests: &dyn Guests, wanted: ErrorKind) {
    let guest = NodeId::new("law");
    let spec = GuestSpec {
        guest: guest.clone(),
        memory: Bytes(1 << 30),
        cores: 1,
        disks: Default::default(),
        vlan: None,
    };
    each_is! { wanted;
        guests.observe();
        guests.create(&spec);
        guests.set_power(&guest, Power::On);
        guests.snapshot(&guest, "law");
        guests.roll_back(&guest, "law");
        guests.migrate(&guest, &guest);
        guests.destroy(&guest, "law");
    }
}

async fn switch(switch: &dyn Switch, with: &Ports, wanted: ErrorKind) -> Verdict {
    let (port, table) = (with.spare, VlanTable::factory([with.spare]));
    each_is! { wanted; switch.observe(); switch.set_port(port, true); switch.set_vlans(&table); }
    if let Some(it) = switch.poe() {
        poe(it, with, wanted).await;
    }
    Verdict::Holds
}

async fn poe(poe: &dyn Poe, with: &Ports, wanted: ErrorKind) {
    each_is! { wanted;
        poe.set_poe(with.spare, Power::On);
        poe.set_priority(with.spare, PoePriority::Low);
        poe.set_limit(with.spare, Some(Milliwatts(5000)));
    }
}

async fn cluster(cluster: &dyn Cluster, with: &Members, wanted: ErrorKind) -> Verdict {
    let pod = PodRef { name: "default/law".into(), uid: "law".into() };
    let workload = &with.small.workload;
    let replica = ReplicaRef { workload: workload.clone(), ordinal: 0 };
    each_is! { wanted;
        cluster.observe();
        cluster.ticket();
        cluster.credentials();
        cluster.set_schedulable(&with.node, true);
        cluster.label(&with.node, &Marks::default());
        cluster.evict(&pod);
        cluster.forget(&with.node);
        cluster.apply(&with.small);
        cluster.withdraw(workload);
        cluster.start(&replica, &with.node);
        cluster.stop(&replica, &with.node);
    }
    if let Some(it) = cluster.volumes() {
        volumes(it, with, &VolumeRef { replica, name: "law".into() }, wanted).await;
    }
    Verdict::Holds
}

async fn volumes(volumes: &dyn Volumes, with: &Members, what: &VolumeRef, wanted: ErrorKind) {
    each_is! { wanted;
        volumes.copy(what, &with.node, &with.other);
        volumes.compare(what, &with.node, &with.other);
        volumes.bind(what, &with.other);
    }
}

async fn storage(storage: &dyn Storage, with: &Pool, wanted: ErrorKind) -> Verdict {
    let (dataset, (property, [value, _])) = (&with.dataset, &with.property);
    let gone = Snapshot { name: "law".into(), guid: 0 };
    each_is! { wanted;
        storage.observe();
        storage.create_pool(&with.spec);
        storage.create(dataset);
        storage.set(dataset, property, value);
        storage.snapshot(dataset, "law");
        storage.roll_back(dataset, &gone);
        storage.destroy_snapshot(dataset, &gone);
        storage.destroy(dataset, 0);
        storage.scrub();
    }
    if let Some(it) = storage.share() {
        each_is! { wanted; it.set_clients(dataset, &BTreeSet::new()); }
    }
    if let Some(it) = storage.replicate() {
        each_is! { wanted; it.send(dataset, &gone, with.target.as_deref().unwrap_or("law")); }
    }
    Verdict::Holds
}

/// One that does not answer is in doubt.
pub async fn silent_power_is_unreachable(outlet: &dyn PowerCtl, _: &Outlet) -> Verdict {
    power(outlet, ErrorKind::Unreachable).await
}

/// One that answers what nobody understands is in doubt: what it did is not guessed.
pub async fn garbled_power_is_protocol(outlet: &dyn PowerCtl, _: &Outlet) -> Verdict {
    power(outlet, ErrorKind::Protocol).await
}

/// One that does not know us says so, and that is an answer.
pub async fn locked_power_is_denied(outlet: &dyn PowerCtl, _: &Outlet) -> Verdict {
    power(outlet, ErrorKind::Denied).await
}

/// An outlet that does not exist is an answer.
pub async fn absent_power_is_not_found(outlet: &dyn PowerCtl, _: &Outlet) -> Verdict {
    power(outlet, ErrorKind::NotFound).await
}

/// One that does not answer is in doubt, its guests included.
pub async fn silent_node_is_unreachable(os: &dyn NodeOs, with: &Spare) -> Verdict {
    node(os, with, ErrorKind::Unreachable).await
}

/// One that answers what nobody understands is in doubt: what it did is not guessed.
pub async fn garbled_node_is_protocol(os: &dyn NodeOs, with: &Spare) -> Verdict {
    node(os, with, ErrorKind::Protocol).await
}

/// One that does not know us says so, and that is an answer.
pub async fn locked_node_is_denied(os: &dyn NodeOs, with: &Spare) -> Verdict {
    node(os, with, ErrorKind::Denied).await
}

/// One that does not answer is in doubt, its PoE included.
pub async fn silent_switch_is_unreachable(it: &dyn Switch, with: &Ports) -> Verdict {
    switch(it, with, ErrorKind::Unreachable).await
}

/// One that answers what nobody understands is in doubt: what it did is not guessed.
pub async fn garbled_switch_is_protocol(it: &dyn Switch, with: &Ports) -> Verdict {
    switch(it, with, ErrorKind::Protocol).await
}

/// One that does not know us says so, and that is an answer.
pub async fn locked_switch_is_denied(it: &dyn Switch, with: &Ports) -> Verdict {
    switch(it, with, ErrorKind::Denied).await
}

/// One whose sessions are all taken declines, and that is an answer.
pub async fn busy_switch_is_refused(it: &dyn Switch, with: &Ports) -> Verdict {
    switch(it, with, ErrorKind::Refused).await
}

/// One that does not answer is in doubt, its volumes included.
pub async fn silent_cluster_is_unreachable(it: &dyn Cluster, with: &Members) -> Verdict {
    cluster(it, with, ErrorKind::Unreachable).await
}

/// One that answers what nobody understands is in doubt: what it did is not guessed.
pub async fn garbled_cluster_is_protocol(it: &dyn Cluster, with: &Members) -> Verdict {
    cluster(it, with, ErrorKind::Protocol).await
}

/// One that does not know us says so, and that is an answer.
pub async fn locked_cluster_is_denied(it: &dyn Cluster, with: &Members) -> Verdict {
    cluster(it, with, ErrorKind::Denied).await
}

/// One that does not answer is in doubt, what it sends and shares included.
pub async fn silent_storage_is_unreachable(it: &dyn Storage, with: &Pool) -> Verdict {
    storage(it, with, ErrorKind::Unreachable).await
}

/// One that answers what nobody understands is in doubt: what it did is not guessed.
pub async fn garbled_storage_is_protocol(it: &dyn Storage, with: &Pool) -> Verdict {
    storage(it, with, ErrorKind::Protocol).await
}

/// One that does not know us says so, and that is an answer.
pub async fn locked_storage_is_denied(it: &dyn Storage, with: &Pool) -> Verdict {
    storage(it, with, ErrorKind::Denied).await
}
