//! Whether a fact is seen.

use crate::{Fact, Observed};
use rackberry_core::{
    ClusterState, CopyState, GuestState, Health, Marks, Member, NodeId, PodRef, PodState, PoolId,
    PortNo, PortState, Power, ReplicaRef, Stage, SwitchId, VolumeRef, WorkloadId,
};

impl Fact {
    /// Whether the fact is seen. What is not seen does not hold.
    pub fn holds(&self, seen: &Observed) -> bool {
        let node = |id: &NodeId| seen.nodes.get(id);
        let cluster = |id| seen.clusters.get(id);
        match self {
            Fact::Ready(node) => seen.ready.contains(node),
            Fact::Running { replica, node } => seen.has_on(replica, node),
            Fact::Stopped { replica, node } => !seen.has_on(replica, node),
            Fact::Holds { volume, node, copy } => seen.copy(volume, node) >= Some(*copy),
            Fact::Bound { volume, node } => seen.bound.get(volume) == Some(node),
            Fact::Vlans { switch, table } => {
                seen.switches.get(switch).is_some_and(|it| it.vlans.as_ref() == Some(table))
            }
            Fact::Port { switch, port, is } => {
                seen.port(switch, *port).is_some_and(|it| is.holds(it))
            }
            Fact::Delivers { switch, port } => seen
                .port(switch, *port)
                .is_some_and(|it| it.poe.as_ref().is_some_and(|it| it.delivers)),
            Fact::Power { node, power } => seen.power.get(node) == Some(power),
            Fact::Stage { node: id, stage } => node(id).is_some_and(|it| it.stage >= *stage),
            Fact::Configured { node: id, config } => node(id)
                .is_some_and(|it| it.stage == Stage::Running && it.config.as_ref() == Some(config)),
            Fact::Runs { node: id, version } => node(id).is_some_and(|it| it.version == *version),
            Fact::WillRun { node: id, version } => node(id).is_some_and(|it| it.next == *version),
            Fact::InBoot { node: id, boot } => node(id).is_some_and(|it| it.boot == *boot),
            Fact::LeftBoot { node: id, boot } => node(id).is_some_and(|it| it.boot != *boot),
            Fact::Guest { host, guest } => {
                seen.guest_of(host, guest).is_some_and(|it| it.is_some())
            }
            Fact::GuestOff { host, guest } => {
                let is_off = |it: &GuestState| it.power == Power::Off;
                seen.guest_of(host, guest).is_some_and(|it| it.is_none_or(is_off))
            }
            Fact::NoGuest { host, guest, uid } => {
                seen.guest_of(host, guest).is_some_and(|it| it.is_none_or(|it| it.uid != *uid))
            }
            Fact::Pool(pool) => seen.can_use(pool),
            Fact::Begun(id) => cluster(id).is_some_and(|it| it.uid.is_some()),
            Fact::Forgotten { cluster: id, node } => {
                cluster(id).is_some_and(|it| !it.members.contains_key(node))
            }
            Fact::Labelled { node, marks } => seen.member(node).is_some_and(|it| has(it, marks)),
            Fact::Schedulable { node, yes } => {
                seen.member(node).is_some_and(|it| it.schedulable == *yes)
            }
            Fact::Gone { node, pod } => seen.member(node).is_some_and(|it| is_without(it, pod)),
            Fact::Declared { workload, cluster: id, manifest } => {
                cluster(id).is_some_and(|it| it.workloads.get(workload) == Some(manifest))
            }
            Fact::Withdrawn { workload, cluster: id } => {
                cluster(id).is_some_and(|it| is_withdrawn(it, workload))
            }
        }
    }
}

impl Observed {
    fn has_on(&self, replica: &ReplicaRef, node: &NodeId) -> bool {
        self.running.get(replica).is_some_and(|it| it.contains(node))
    }

    fn copy(&self, volume: &VolumeRef, node: &NodeId) -> Option<CopyState> {
        self.copies.get(volume)?.get(node).copied()
    }

    fn port(&self, switch: &SwitchId, port: PortNo) -> Option<&PortState> {
        self.switches.get(switch)?.ports.get(&port)
    }

    /// A guest, if what its host has is known.
    fn guest_of(&self, host: &NodeId, guest: &NodeId) -> Option<Option<&GuestState>> {
        Some(self.guests.get(host)?.get(guest))
    }

    fn can_use(&self, pool: &PoolId) -> bool {
        let pool = self.storage.get(pool).and_then(|it| it.pool.as_ref());
        pool.is_some_and(|it| it.health != Health::Faulted)
    }
}

fn has(member: &Member, marks: &Marks) -> bool {
    let has = |(key, value): (&String, &String)| member.marks.labels.get(key) == Some(value);
    marks.labels.iter().all(has) && marks.taints == member.marks.taints
}

fn is_without(member: &Member, pod: &PodRef) -> bool {
    member.pods.iter().all(|it| it.pod != *pod)
}

fn is_withdrawn(cluster: &ClusterState, workload: &WorkloadId) -> bool {
    let mut pods = cluster.members.values().flat_map(|it| &it.pods);
    let is_of_it = |it: &PodState| it.replica.as_ref().is_some_and(|it| it.workload == *workload);
    !cluster.workloads.contains_key(workload) && !pods.any(is_of_it)
}
