//! Orders to devices: what may never be ordered.

use super::port;
use super::touch::nodes_of;
use crate::{Action, Fact, Feed, Observed, Plan, Resolved};
use rackberry_core::{
    BootId, Bytes, ClusterId, Digest, GuestSpec, NodeId, OverBudget, PortNo, Power, ReplicaRef,
    SwitchId, Tagging, Version, VlanId, VlanTable, WorkloadId,
};
use std::fmt;

/// An order to a device that must not be given.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeviceFault {
    /// A cluster that has begun would begin again.
    BegunTwice {
        /// The cluster.
        cluster: ClusterId,
    },
    /// A cluster would lose its quorum.
    Quorum {
        /// The cluster.
        cluster: ClusterId,
        /// The voters that would be left.
        left: usize,
        /// The voters there are.
        all: usize,
    },
    /// A reboot would end another boot than the one that runs.
    OtherBoot {
        /// The machine.
        node: NodeId,
        /// The boot that it names.
        boot: BootId,
    },
    /// Something still runs on a machine that would go down.
    Busy {
        /// The machine.
        node: NodeId,
        /// What runs there.
        what: String,
    },
    /// A member would run a version that a voter of its cluster does not run yet.
    BeforeVoter {
        /// The member.
        node: NodeId,
        /// The voter.
        voter: NodeId,
    },
    /// A version would follow one that it cannot follow.
    Leap {
        /// The machine.
        node: NodeId,
        /// What it runs.
        from: Version,
        /// What it would run.
        to: Version,
    },
    /// A machine of the file would be left switched off.
    LeftOff {
        /// The machine.
        node: NodeId,
    },
    /// A guest would be moved where there is too little memory for it.
    Full {
        /// The machine that would host it.
        host: NodeId,
        /// The guest.
        guest: NodeId,
    },
    /// Something would be made otherwise than the file says.
    Unlike {
        /// What.
        what: String,
    },
    /// Something would be removed that the file names.
    Named {
        /// What.
        what: String,
    },
    /// Somebody could not be reached while VLANs change, before and after which they are.
    CutsOff {
        /// Who.
        what: String,
    },
    /// A port would lose its power that never should.
    Darkens {
        /// The switch.
        switch: SwitchId,
        /// The port.
        port: PortNo,
    },
    /// A port would be fed for which too little of the budget is left.
    OverBudget {
        /// The switch.
        switch: SwitchId,
        /// The port.
        port: PortNo,
        /// What it needs, and what is left.
        why: OverBudget,
    },
    /// A switch would lose a VLAN that its own management answers in.
    LocksOut {
        /// The switch.
        switch: SwitchId,
    },
}

impl fmt::Display for DeviceFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BegunTwice { cluster } => write!(f, "cluster {cluster} has begun already"),
            Self::Quorum { cluster, left, all } => {
                write!(f, "cluster {cluster} would have {left} of {all} voters left")
            }
            Self::OtherBoot { node, boot } => write!(f, "{boot} is not the boot that {node} is in"),
            Self::LeftOff { node } => write!(f, "{node} is switched off, and not on again"),
            Self::Unlike { what } => write!(f, "the file says otherwise of the {what}"),
            Self::Full { host, guest } => {
                write!(f, "{host} has too little memory for the guest {guest}")
            }
            Self::Named { what } => write!(f, "the file names the {what}, so it stays"),
            Self::Busy { node, what } => write!(f, "{what} still runs on {node}"),
            Self::BeforeVoter { node, voter } => {
                write!(f, "{node} would run a version that {voter} does not run yet")
            }
            Self::Leap { node, from, to } => {
                write!(f, "{node} cannot go from {from} to {to} in one step")
            }
            Self::CutsOff { what } => {
                write!(f, "{what} could not be reached until other VLANs are set too")
            }
            Self::Darkens { switch, port } => {
                write!(f, "{port} of {switch} is never to be without power")
            }
            Self::OverBudget { switch, port, why } => write!(f, "{port} of {switch}: {why}"),
            Self::LocksOut { switch } => {
                write!(f, "{switch} could not be reached any more by way of its uplink")
            }
        }
    }
}

/// Why an order to a device must not be given.
pub(super) fn fault(rack: &Resolved, seen: &Observed, action: &Action) -> Option<DeviceFault> {
    match action {
        Action::Bootstrap { cluster, .. } => {
            let begun = Fact::Begun(cluster.clone()).holds(seen);
            begun.then(|| DeviceFault::BegunTwice { cluster: cluster.clone() })
        }
        Action::Reboot { node, boot } => reboot(rack, seen, node, boot),
        Action::SetPower { node, power: Power::Off } => {
            port::darkens_node(rack, seen, node).or_else(|| goes_down(rack, seen, node))
        }
        Action::SetPower { node, power: Power::On } => unmade(rack, seen, node),
        Action::Upgrade { node, version } => leap(rack, seen, node, version),
        Action::SetVlans { switch, table } => vlans(rack, seen, switch, table),
        Action::Configure { node, config } => {
            let right = rack.node(node).is_some_and(|it| rack.node_intent(it).digest() == *config);
            unlike(right, format!("configuration of {node}"))
        }
        Action::CreateGuest { host, spec } => {
            unlike(is_guest(rack, host, spec), format!("guest {}", spec.guest))
        }
        Action::Declare { workload, cluster, manifest } => {
            let right = is_declared(rack, workload, cluster, manifest);
            unlike(right, format!("workload {workload}"))
        }
        Action::Forget { cluster, node } => {
            let member =
                rack.node(node).is_some_and(|it| rack.nodes[it].cluster.as_ref() == Some(cluster));
            named(member, format!("machine {node}"))
                .or_else(|| forgets(seen, cluster, node))
                .or_else(|| busy(rack, seen, node))
        }
        Action::MoveGuest { host, guest, to } => moves(rack, seen, host, guest, to),
        Action::StopGuest { guest, host } | Action::DestroyGuest { guest, host, .. } => {
            let what = || format!("{guest}, which is still a member of its cluster,");
            let member = |_| DeviceFault::Busy { node: host.clone(), what: what() };
            named(rack.node(guest).is_some(), format!("guest {guest}"))
                .or_else(|| seen.member(guest).map(member))
        }
        Action::Withdraw { workload, cluster } => {
            let at = rack.workload(workload);
            let runs = at.is_some_and(|it| rack.workloads[it].cluster.as_ref() == Some(cluster));
            named(runs, format!("workload {workload}"))
        }
        Action::SetPort { switch, port, to } => port::fault(rack, seen, (switch, *port), *to),
        Action::CreatePool { .. } | Action::Label { .. } => None,
        Action::SetSchedulable { .. } | Action::Evict { .. } => None,
        Action::CopyHot { .. } | Action::CopyCold { .. } | Action::Compare { .. } => None,
        Action::Bind { .. } | Action::Start { .. } | Action::Stop { .. } => None,
    }
}

fn reboot(rack: &Resolved, seen: &Observed, node: &NodeId, boot: &BootId) -> Option<DeviceFault> {
    let here = Fact::InBoot { node: node.clone(), boot: boot.clone() }.holds(seen);
    let other = DeviceFault::OtherBoot { node: node.clone(), boot: boot.clone() };
    if here { goes_down(rack, seen, node).or_else(|| skew(rack, seen, node)) } else { Some(other) }
}

fn goes_down(rack: &Resolved, seen: &Observed, node: &NodeId) -> Option<DeviceFault> {
    quorum(seen, node).or_else(|| busy(rack, seen, node))
}

fn vlans(
    rack: &Resolved,
    seen: &Observed,
    switch: &SwitchId,
    table: &VlanTable,
) -> Option<DeviceFault> {
    let at = rack.switch(switch)?;
    let out = rack.locks_out(at, table);
    let out = out.then(|| DeviceFault::LocksOut { switch: switch.clone() });
    out.or_else(|| stray(rack, seen, at, table))
}

/// Whether a guest would be switched on that nobody has made.
fn unmade(rack: &Resolved, seen: &Observed, node: &NodeId) -> Option<DeviceFault> {
    let Feed::Host(host) = rack.nodes[rack.node(node)?].feed else { return None };
    let all = seen.guests.get(&rack.nodes[host].id);
    let there = all.is_some_and(|it| it.contains_key(node));
    unlike(there, format!("guest {node}"))
}

fn is_guest(rack: &Resolved, host: &NodeId, spec: &GuestSpec) -> bool {
    let host = rack.node(host).map(Feed::Host);
    rack.node(&spec.guest).is_some_and(|it| {
        host.as_ref() == Some(&rack.nodes[it].feed) && rack.guest_spec(it) == *spec
    })
}

/// Whether a guest would be moved where it should not be, or finds no room.
fn moves(
    rack: &Resolved,
    seen: &Observed,
    host: &NodeId,
    guest: &NodeId,
    to: &NodeId,
) -> Option<DeviceFault> {
    let at = rack.node(to).map(Feed::Host);
    let named = rack.node(guest).is_some_and(|it| Some(&rack.nodes[it].feed) == at.as_ref());
    let moved = seen.guests.get(host).and_then(|it| it.get(guest));
    let others = seen.guests.get(to).into_iter().flat_map(|it| it.values());
    let taken: Bytes = others.chain(moved).map(|it| it.memory).sum();
    let there = seen.nodes.get(to).map(|it| it.memory).unwrap_or_default();
    let full = || DeviceFault::Full { host: to.clone(), guest: guest.clone() };
    unlike(named && moved.is_some(), format!("guest {guest}"))
        .or_else(|| (taken > there).then(full))
}

fn is_declared(
    rack: &Resolved,
    workload: &WorkloadId,
    cluster: &ClusterId,
    manifest: &Digest,
) -> bool {
    rack.workload(workload).is_some_and(|it| {
        let own = rack.workloads[it].cluster.as_ref().is_none_or(|it| it == cluster);
        own && rack.workload_intent(it).digest() == *manifest
    })
}

/// A fault where something would be made otherwise than the file says.
fn unlike(right: bool, what: String) -> Option<DeviceFault> {
    (!right).then_some(DeviceFault::Unlike { what })
}

/// A fault where something would be removed that the file names.
fn named(named: bool, what: String) -> Option<DeviceFault> {
    named.then_some(DeviceFault::Named { what })
}

/// Machines of the file that a plan switches off and not on again.
pub(super) fn left_off(rack: &Resolved, plan: &Plan, end: &Observed) -> Vec<DeviceFault> {
    let off = plan.steps.iter().filter_map(|it| {
        let Action::SetPower { node, power: Power::Off } = &it.action else { return None };
        Some(node)
    });
    let off = off.filter(|it| rack.node(it).is_some() && end.power.get(*it) == Some(&Power::Off));
    off.map(|it| DeviceFault::LeftOff { node: it.clone() }).collect()
}

/// Whether a table leads elsewhere than to what the file says: every member and every PVID is there now, or should be.
fn stray(rack: &Resolved, seen: &Observed, at: usize, table: &VlanTable) -> Option<DeviceFault> {
    let id = &rack.switches[at].id;
    let now = seen.switches.get(id)?.vlans.as_ref()?;
    let wish = rack.wished_vlans(at, now)?;
    let known = |it: &VlanTable, vlan: VlanId, port: PortNo| it.member(port, vlan).is_some();
    let mut members = table.vlans.iter().flat_map(|(vlan, it)| it.iter().map(|it| (*vlan, it)));
    // Between switches a member may have its tag for a while.
    let strange = members.any(|(vlan, (port, tagging))| {
        let of = [now, &wish].map(|it| it.member(*port, vlan));
        of == [None, None] || *tagging == Tagging::Untagged && !of.contains(&Some(*tagging))
    });
    let both = now.vlans.iter().flat_map(|(vlan, it)| it.keys().map(|port| (*vlan, *port)));
    let mut both = both.filter(|(vlan, port)| known(&wish, *vlan, *port));
    let missing = both.any(|(vlan, port)| !known(table, vlan, port));
    let pvid = |(port, vlan): (&PortNo, &VlanId)| {
        now.pvids.get(port) != Some(vlan) && wish.pvids.get(port) != Some(vlan)
    };
    let wrong = strange || missing || table.pvids.iter().any(pvid);
    unlike(!wrong, format!("VLANs of {id}"))
}

/// Whether a cluster would lose its quorum without one of its voters.
fn quorum(seen: &Observed, node: &NodeId) -> Option<DeviceFault> {
    let (cluster, state) = seen.clusters.iter().find(|it| it.1.members.contains_key(node))?;
    let voters = || state.members.iter().filter(|it| it.1.voter);
    if !voters().any(|it| it.0 == node) {
        return None;
    }
    let left = voters().filter(|it| it.1.ready && it.0 != node).count();
    let all = voters().count();
    let lost = all > 1 && left * 2 <= all;
    lost.then(|| DeviceFault::Quorum { cluster: cluster.clone(), left, all })
}

/// Whether too few of the voters that are left would be ready once one is removed.
fn forgets(seen: &Observed, id: &ClusterId, node: &NodeId) -> Option<DeviceFault> {
    let state = seen.clusters.get(id)?;
    let others = || state.members.iter().filter(|it| it.1.voter && it.0 != node);
    let (left, all) = (others().filter(|it| it.1.ready).count(), others().count());
    let votes = state.members.get(node).is_some_and(|it| it.voter);
    (votes && left * 2 <= all).then(|| DeviceFault::Quorum { cluster: id.clone(), left, all })
}

/// What runs on a machine that is to go down: replicas, pods that the file does not name, guests.
fn busy(rack: &Resolved, seen: &Observed, node: &NodeId) -> Option<DeviceFault> {
    let fault = |what: String| DeviceFault::Busy { node: node.clone(), what };
    let replica = seen.running.iter().find(|it| it.1.contains(node)).map(|it| it.0.to_string());
    let pods = seen.member(node).into_iter().flat_map(|it| &it.pods);
    let stranger =
        pods.filter(|it| it.replica.is_none() && !it.stays).map(|it| it.pod.name.clone());
    let host = rack.node(node);
    let guest = rack.nodes.iter().filter(|it| {
        let on = seen.power.get(&it.id) == Some(&Power::On);
        on && host.is_some_and(|host| it.feed == Feed::Host(host))
    });
    let guest = guest.map(|it| it.id.to_string());
    let here = seen.guests.get(node).into_iter().flatten();
    let guest = guest.chain(here.filter(|it| it.1.power == Power::On).map(|it| it.0.to_string()));
    replica.into_iter().chain(stranger).chain(guest).next().map(fault)
}

/// Whether a member that does not vote would be ahead of one that does.
fn skew(rack: &Resolved, seen: &Observed, node: &NodeId) -> Option<DeviceFault> {
    let at = rack.node(node).filter(|it| !rack.votes(*it))?;
    let (next, now) = (&seen.nodes.get(node)?.next, &seen.nodes.get(node)?.version);
    let cluster = rack.nodes[at].cluster.as_ref()?;
    let behind = |it: &usize| {
        let version = seen.nodes.get(&rack.nodes[*it].id).map(|it| &it.version);
        rack.votes(*it) && version.is_some_and(|it| it != next)
    };
    let voter = rack.members(cluster).find(behind).filter(|_| next != now)?;
    let voter = rack.nodes[voter].id.clone();
    Some(DeviceFault::BeforeVoter { node: node.clone(), voter })
}

/// Whether a version goes back, or leaves one out between: the vendors of Kubernetes and of Talos support one minor
/// version at a time, that of Proxmox one major version.
fn leap(rack: &Resolved, seen: &Observed, node: &NodeId, to: &Version) -> Option<DeviceFault> {
    let from = &seen.nodes.get(node)?.version;
    let fault = || DeviceFault::Leap { node: node.clone(), from: from.clone(), to: to.clone() };
    let Some(new) = to.release() else { return Some(fault()) };
    let old = from.release()?;
    let cluster = rack.node(node).and_then(|it| rack.nodes[it].cluster.as_ref());
    let written = cluster.and_then(|it| rack.rack.clusters.get(it))?;
    let far = match written.proxmox {
        Some(_) => new.major > old.major + 1,
        None => new.major > old.major || new.minor > old.minor + 1,
    };
    (new < old || far).then(fault)
}

/// The replicas that an order to a device stops somewhere: the pod that leaves, or all of a workload.
pub(super) fn stops(seen: &Observed, action: &Action) -> Vec<ReplicaRef> {
    if let Action::Withdraw { workload, .. } = action {
        return seen.running.keys().filter(|it| it.workload == *workload).cloned().collect();
    }
    let Action::Evict { node, pod } = action else { return Vec::new() };
    let mut pods = seen.member(node).into_iter().flat_map(|it| &it.pods);
    let replica = pods.find(|it| it.pod == *pod).and_then(|it| it.replica.clone());
    let ran = |it: &ReplicaRef| nodes_of(seen, it).any(|it| it == node);
    replica.filter(ran).into_iter().collect()
}

/// The nodes that an action names.
pub(super) fn nodes(action: &Action) -> impl Iterator<Item = &NodeId> {
    let node = match action {
        Action::SetPower { node, .. }
        | Action::Configure { node, .. }
        | Action::Upgrade { node, .. }
        | Action::Reboot { node, .. }
        | Action::Bootstrap { node, .. }
        | Action::Label { node, .. } => Some(node),
        Action::CreateGuest { host, .. }
        | Action::MoveGuest { host, .. }
        | Action::StopGuest { host, .. }
        | Action::DestroyGuest { host, .. } => Some(host),
        // A machine that the file no longer names may be emptied and forgotten.
        Action::SetSchedulable { .. } | Action::Evict { .. } | Action::Withdraw { .. } => None,
        Action::SetPort { .. } => None,
        Action::Forget { .. } | Action::SetVlans { .. } | Action::CreatePool { .. } => None,
        Action::Declare { .. } | Action::CopyHot { .. } | Action::CopyCold { .. } => None,
        Action::Compare { .. }
        | Action::Bind { .. }
        | Action::Start { .. }
        | Action::Stop { .. } => None,
    };
    node.into_iter()
}
