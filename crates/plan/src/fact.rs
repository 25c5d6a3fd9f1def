//! What can be seen: the second of the two closed alphabets of a plan.

use rackberry_core::{
    BootId, ClusterId, CopyState, Digest, Marks, NodeId, PodRef, PoolId, PortNo, PortSetting,
    Power, ReplicaRef, Stage, SwitchId, Version, VlanTable, VolumeRef, WorkloadId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Every fact about a device: all but those about a replica, its volumes, and whether a node is ready.
macro_rules! of_device {
    () => {
        $crate::Fact::Vlans { .. }
            | $crate::Fact::Port { .. }
            | $crate::Fact::Delivers { .. }
            | $crate::Fact::Power { .. }
            | $crate::Fact::Stage { .. }
            | $crate::Fact::Configured { .. }
            | $crate::Fact::Runs { .. }
            | $crate::Fact::WillRun { .. }
            | $crate::Fact::InBoot { .. }
            | $crate::Fact::LeftBoot { .. }
            | $crate::Fact::Guest { .. }
            | $crate::Fact::GuestOff { .. }
            | $crate::Fact::NoGuest { .. }
            | $crate::Fact::Pool(_)
            | $crate::Fact::Begun(_)
            | $crate::Fact::Forgotten { .. }
            | $crate::Fact::Labelled { .. }
            | $crate::Fact::Schedulable { .. }
            | $crate::Fact::Gone { .. }
            | $crate::Fact::Declared { .. }
            | $crate::Fact::Withdrawn { .. }
    };
}
pub(crate) use of_device;

/// A question to [`Observed`](crate::Observed) that is answered yes or no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Fact {
    /// The node is a ready member of its cluster.
    Ready(NodeId),
    /// The replica runs on the node, and answers.
    Running {
        /// The replica.
        replica: ReplicaRef,
        /// The node.
        node: NodeId,
    },
    /// The replica does not run on the node.
    Stopped {
        /// The replica.
        replica: ReplicaRef,
        /// The node.
        node: NodeId,
    },
    /// The node has a copy of the volume that is at least this good.
    Holds {
        /// The volume.
        volume: VolumeRef,
        /// The node.
        node: NodeId,
        /// How good.
        copy: CopyState,
    },
    /// The replica uses the volume's copy on this node.
    Bound {
        /// The volume.
        volume: VolumeRef,
        /// The node.
        node: NodeId,
    },
    /// The switch has exactly these VLANs.
    Vlans {
        /// The switch.
        switch: SwitchId,
        /// All of them.
        table: VlanTable,
    },
    /// One thing of the port is so.
    Port {
        /// The switch.
        switch: SwitchId,
        /// The port.
        port: PortNo,
        /// What it is.
        is: PortSetting,
    },
    /// Power flows out of the port.
    Delivers {
        /// The switch.
        switch: SwitchId,
        /// The port.
        port: PortNo,
    },
    /// The outlet of the machine is so.
    Power {
        /// The machine.
        node: NodeId,
        /// What its outlet is.
        power: Power,
    },
    /// The machine answers, and is at least this far.
    Stage {
        /// The machine.
        node: NodeId,
        /// How far.
        stage: Stage,
    },
    /// The machine runs with this configuration.
    Configured {
        /// The machine.
        node: NodeId,
        /// The configuration.
        config: Digest,
    },
    /// The machine runs this version.
    Runs {
        /// The machine.
        node: NodeId,
        /// The version.
        version: Version,
    },
    /// The next boot of the machine will run this version.
    WillRun {
        /// The machine.
        node: NodeId,
        /// The version.
        version: Version,
    },
    /// The machine is in this boot.
    InBoot {
        /// The machine.
        node: NodeId,
        /// The boot.
        boot: BootId,
    },
    /// The machine has left this boot, and is seen again.
    LeftBoot {
        /// The machine.
        node: NodeId,
        /// The boot.
        boot: BootId,
    },
    /// The host has the guest.
    Guest {
        /// The host.
        host: NodeId,
        /// The guest.
        guest: NodeId,
    },
    /// The guest is switched off, or is not there.
    GuestOff {
        /// The host.
        host: NodeId,
        /// The guest.
        guest: NodeId,
    },
    /// The host does not have this guest any more.
    NoGuest {
        /// The host.
        host: NodeId,
        /// The guest.
        guest: NodeId,
        /// Its identity.
        uid: String,
    },
    /// The pool is there, and can be read and written.
    Pool(PoolId),
    /// The cluster has begun.
    Begun(ClusterId),
    /// The machine is not a member of the cluster.
    Forgotten {
        /// The cluster.
        cluster: ClusterId,
        /// The machine.
        node: NodeId,
    },
    /// The member has these labels, and exactly these taints.
    Labelled {
        /// The member.
        node: NodeId,
        /// Labels and taints.
        marks: Marks,
    },
    /// Pods may be placed on the member, or may not.
    Schedulable {
        /// The member.
        node: NodeId,
        /// Whether they may.
        yes: bool,
    },
    /// The pod is not on the member any more.
    Gone {
        /// The member.
        node: NodeId,
        /// The pod.
        pod: PodRef,
    },
    /// The workload is declared so.
    Declared {
        /// The workload.
        workload: WorkloadId,
        /// The cluster it runs in.
        cluster: ClusterId,
        /// Its manifest.
        manifest: Digest,
    },
    /// The workload is not declared, and nothing runs of it.
    Withdrawn {
        /// The workload.
        workload: WorkloadId,
        /// The cluster it ran in.
        cluster: ClusterId,
    },
}

impl Fact {
    /// What has to be looked at to know.
    pub fn subject(&self) -> Subject<'_> {
        match self {
            Fact::Vlans { switch, .. }
            | Fact::Port { switch, .. }
            | Fact::Delivers { switch, .. } => Subject::Switch(switch),
            Fact::Power { node, .. } => Subject::Outlet(node),
            Fact::Stage { node, .. }
            | Fact::Configured { node, .. }
            | Fact::Runs { node, .. }
            | Fact::WillRun { node, .. }
            | Fact::InBoot { node, .. }
            | Fact::LeftBoot { node, .. } => Subject::Node(node),
            Fact::Guest { host, .. } | Fact::GuestOff { host, .. } | Fact::NoGuest { host, .. } => {
                Subject::Guests(host)
            }
            Fact::Pool(pool) => Subject::Pool(pool),
            Fact::Begun(cluster)
            | Fact::Forgotten { cluster, .. }
            | Fact::Declared { cluster, .. }
            | Fact::Withdrawn { cluster, .. } => Subject::Cluster(cluster),
            Fact::Ready(node)
            | Fact::Running { node, .. }
            | Fact::Stopped { node, .. }
            | Fact::Holds { node, .. }
            | Fact::Bound { node, .. }
            | Fact::Labelled { node, .. }
            | Fact::Schedulable { node, .. }
            | Fact::Gone { node, .. } => Subject::Member(node),
        }
    }
}

/// What is looked at to know a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject<'a> {
    /// The machine itself.
    Node(&'a NodeId),
    /// The outlet of a machine.
    Outlet(&'a NodeId),
    /// The guests of a machine.
    Guests(&'a NodeId),
    /// The cluster that a machine is a member of.
    Member(&'a NodeId),
    /// A cluster.
    Cluster(&'a ClusterId),
    /// A switch.
    Switch(&'a SwitchId),
    /// A pool.
    Pool(&'a PoolId),
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready(node) => write!(f, "{node} is ready"),
            Self::Running { replica, node } => write!(f, "{replica} runs on {node} and answers"),
            Self::Stopped { replica, node } => write!(f, "{replica} does not run on {node}"),
            Self::Holds { volume, node, copy: CopyState::Hot } => {
                write!(f, "{node} has a hot copy of {volume}")
            }
            Self::Holds { volume, node, copy: CopyState::Cold } => {
                write!(f, "{node} has a complete copy of {volume}")
            }
            Self::Holds { volume, node, copy: CopyState::Compared } => {
                write!(f, "{node} has a copy of {volume} with the right checksums")
            }
            Self::Bound { volume, node } => write!(f, "{volume} is bound to its copy on {node}"),
            Self::Vlans { switch, table } => write!(f, "{switch} has exactly these VLANs: {table}"),
            Self::Port { switch, port, is } => port_fact(f, *is, &format!("{port} of {switch}")),
            Self::Delivers { switch, port } => write!(f, "{port} of {switch} delivers power"),
            Self::Power { node, power } => write!(f, "the outlet of {node} is {power}"),
            Self::Stage { node, stage: Stage::Maintenance } => write!(f, "{node} answers"),
            Self::Stage { node, stage: Stage::Installing } => write!(f, "{node} installs itself"),
            Self::Stage { node, stage: Stage::Running } => write!(f, "{node} runs its system"),
            Self::Configured { node, .. } => write!(f, "{node} runs with its configuration"),
            Self::Runs { node, version } => write!(f, "{node} runs {version}"),
            Self::WillRun { node, version } => {
                write!(f, "{node} will run {version} after a reboot")
            }
            Self::InBoot { node, .. } => write!(f, "{node} was not rebooted"),
            Self::LeftBoot { node, .. } => write!(f, "{node} was rebooted, and answers again"),
            Self::Guest { host, guest } => write!(f, "{host} has the guest {guest}"),
            Self::GuestOff { host, guest } => write!(f, "the guest {guest} on {host} is off"),
            Self::NoGuest { host, guest, .. } => write!(f, "{host} has no such guest as {guest}"),
            Self::Pool(pool) => write!(f, "the pool {pool} can be used"),
            Self::Begun(cluster) => write!(f, "cluster {cluster} has begun"),
            Self::Forgotten { cluster, node } => write!(f, "{node} is no member of {cluster}"),
            Self::Labelled { node, .. } => write!(f, "{node} has its labels and taints"),
            Self::Schedulable { node, yes: true } => write!(f, "{node} is open to pods"),
            Self::Schedulable { node, yes: false } => write!(f, "{node} is closed to new pods"),
            Self::Gone { node, pod } => write!(f, "{} has left {node}", pod.name),
            Self::Declared { workload, cluster, .. } => {
                write!(f, "{workload} is declared in {cluster}")
            }
            Self::Withdrawn { workload, cluster } => {
                write!(f, "nothing runs of {workload} in {cluster}, and it is not declared")
            }
        }
    }
}

/// What a port is, in words.
fn port_fact(f: &mut fmt::Formatter<'_>, is: PortSetting, port: &str) -> fmt::Result {
    match is {
        PortSetting::Enabled(true) => write!(f, "{port} is on"),
        PortSetting::Enabled(false) => write!(f, "{port} is off"),
        PortSetting::Feed(Power::On) => write!(f, "{port} may deliver power"),
        PortSetting::Feed(Power::Off) => write!(f, "{port} delivers no power"),
        PortSetting::Limit(Some(most)) => write!(f, "{port} delivers {most} at the most"),
        PortSetting::Limit(None) => write!(f, "{port} delivers what its class allows"),
        PortSetting::Priority(it) => write!(f, "{port} has the priority {it} for power"),
    }
}
