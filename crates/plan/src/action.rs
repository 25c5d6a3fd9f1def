//! What can be ordered: the first of the two closed alphabets of a plan.

use rackberry_core::{
    BootId, ClusterId, Digest, GuestSpec, Marks, NodeId, PodRef, PoolId, PoolSpec, PortNo,
    PortSetting, Power, ReplicaRef, SwitchId, Version, VlanTable, VolumeRef, WorkloadId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Every order to a device: all but those that are about a replica and its volumes.
macro_rules! to_device {
    () => {
        $crate::Action::SetVlans { .. }
            | $crate::Action::SetPort { .. }
            | $crate::Action::SetPower { .. }
            | $crate::Action::Configure { .. }
            | $crate::Action::Upgrade { .. }
            | $crate::Action::Reboot { .. }
            | $crate::Action::CreateGuest { .. }
            | $crate::Action::MoveGuest { .. }
            | $crate::Action::StopGuest { .. }
            | $crate::Action::DestroyGuest { .. }
            | $crate::Action::CreatePool { .. }
            | $crate::Action::Bootstrap { .. }
            | $crate::Action::Label { .. }
            | $crate::Action::SetSchedulable { .. }
            | $crate::Action::Evict { .. }
            | $crate::Action::Forget { .. }
            | $crate::Action::Declare { .. }
            | $crate::Action::Withdraw { .. }
    };
}
pub(crate) use to_device;

/// An order. The executor has exactly one arm for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// Copy a volume while its replica goes on writing; most of the bytes go now.
    CopyHot {
        /// The volume.
        volume: VolumeRef,
        /// The node that has it.
        from: NodeId,
        /// The node that gets a copy.
        to: NodeId,
    },
    /// Stop a replica on a node.
    Stop {
        /// The replica.
        replica: ReplicaRef,
        /// The node it runs on.
        node: NodeId,
    },
    /// Copy what has changed since the hot copy, now that nobody writes.
    CopyCold {
        /// The volume.
        volume: VolumeRef,
        /// The node that has it.
        from: NodeId,
        /// The node that gets the rest.
        to: NodeId,
    },
    /// Compare the checksums of both copies.
    Compare {
        /// The volume.
        volume: VolumeRef,
        /// The node that has it.
        from: NodeId,
        /// The node that has the copy.
        to: NodeId,
    },
    /// Make the copy on a node the one that the replica uses. The other copy is kept.
    Bind {
        /// The volume.
        volume: VolumeRef,
        /// The node whose copy it is.
        to: NodeId,
    },
    /// Start a replica on a node, and see it answer.
    Start {
        /// The replica.
        replica: ReplicaRef,
        /// The node it is to run on.
        node: NodeId,
    },
    /// Replace the VLANs of a switch.
    SetVlans {
        /// The switch.
        switch: SwitchId,
        /// All of them.
        table: VlanTable,
    },
    /// Set one thing of a port of a switch.
    SetPort {
        /// The switch.
        switch: SwitchId,
        /// The port.
        port: PortNo,
        /// What it is to be.
        to: PortSetting,
    },
    /// Switch a machine on or off, at its outlet.
    SetPower {
        /// The machine.
        node: NodeId,
        /// What its outlet is to be.
        power: Power,
    },
    /// Give a machine its configuration. One in maintenance installs itself with it.
    Configure {
        /// The machine.
        node: NodeId,
        /// The configuration; it is made when it is sent.
        config: Digest,
    },
    /// Install a version that runs from the next boot.
    Upgrade {
        /// The machine.
        node: NodeId,
        /// The version.
        version: Version,
    },
    /// End a boot.
    Reboot {
        /// The machine.
        node: NodeId,
        /// The boot to end.
        boot: BootId,
    },
    /// Make a guest, switched off.
    CreateGuest {
        /// The machine that hosts it.
        host: NodeId,
        /// What it is.
        spec: GuestSpec,
    },
    /// Move a guest, as it is, to the machine that the file says.
    MoveGuest {
        /// The machine that hosts it.
        host: NodeId,
        /// The guest.
        guest: NodeId,
        /// The machine that is to host it.
        to: NodeId,
    },
    /// Switch off a guest that the file does not name.
    StopGuest {
        /// The machine that hosts it.
        host: NodeId,
        /// The guest.
        guest: NodeId,
    },
    /// Destroy a guest that the file does not name, with its disks.
    DestroyGuest {
        /// The machine that hosts it.
        host: NodeId,
        /// The guest.
        guest: NodeId,
        /// Its identity: another of the same name is left alone.
        uid: String,
    },
    /// Make a storage pool.
    CreatePool {
        /// The pool.
        pool: PoolId,
        /// What it is made of.
        spec: PoolSpec,
    },
    /// Begin a cluster, once in its life, on its first machine.
    Bootstrap {
        /// The cluster.
        cluster: ClusterId,
        /// Its first machine.
        node: NodeId,
    },
    /// Give a member its labels and taints.
    Label {
        /// The member.
        node: NodeId,
        /// All that the file says of it.
        marks: Marks,
    },
    /// Let pods be placed on a member, or not.
    SetSchedulable {
        /// The member.
        node: NodeId,
        /// Whether they may.
        yes: bool,
    },
    /// Ask a pod to leave a member.
    Evict {
        /// The member.
        node: NodeId,
        /// The pod.
        pod: PodRef,
    },
    /// Remove a machine from its cluster, and its vote.
    Forget {
        /// The cluster.
        cluster: ClusterId,
        /// The machine.
        node: NodeId,
    },
    /// Declare a workload, so that its replicas can be started.
    Declare {
        /// The workload.
        workload: WorkloadId,
        /// The cluster it runs in.
        cluster: ClusterId,
        /// Its manifest; it is made when it is sent.
        manifest: Digest,
    },
    /// Take back the declaration of a workload, and stop what runs of it. Its volumes stay.
    Withdraw {
        /// The workload.
        workload: WorkloadId,
        /// The cluster it runs in.
        cluster: ClusterId,
    },
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CopyHot { volume, from, to } => {
                write!(f, "copy {volume} from {from} to {to} while it is in use")
            }
            Self::Stop { replica, node } => write!(f, "stop {replica} on {node}"),
            Self::CopyCold { volume, from, to } => {
                write!(f, "copy what has changed of {volume} from {from} to {to}")
            }
            Self::Compare { volume, from, to } => {
                write!(f, "compare the checksums of {volume} on {from} and {to}")
            }
            Self::Bind { volume, to } => write!(f, "bind {volume} to its copy on {to}"),
            Self::Start { replica, node } => write!(f, "start {replica} on {node}"),
            Self::SetVlans { switch, table } => write!(f, "set the VLANs of {switch}: {table}"),
            Self::SetPort { switch, port, to } => {
                port_order(f, *to, &format!("{port} of {switch}"))
            }
            Self::SetPower { node, power } => write!(f, "switch {node} {power}"),
            Self::Configure { node, .. } => write!(f, "configure {node}"),
            Self::Upgrade { node, version } => write!(f, "install {version} on {node}"),
            Self::Reboot { node, .. } => write!(f, "reboot {node}"),
            Self::CreateGuest { host, spec } => {
                write!(f, "make the guest {} on {host}", spec.guest)
            }
            Self::MoveGuest { host, guest, to } => {
                write!(f, "move the guest {guest} from {host} to {to}")
            }
            Self::StopGuest { host, guest } => write!(f, "switch off the guest {guest} on {host}"),
            Self::DestroyGuest { host, guest, .. } => {
                write!(f, "destroy the guest {guest} on {host}, with its disks")
            }
            Self::CreatePool { pool, .. } => write!(f, "make the pool {pool}"),
            Self::Bootstrap { cluster, node } => write!(f, "begin cluster {cluster} on {node}"),
            Self::Label { node, .. } => write!(f, "label {node}"),
            Self::SetSchedulable { node, yes: true } => write!(f, "open {node} to pods"),
            Self::SetSchedulable { node, yes: false } => write!(f, "close {node} to new pods"),
            Self::Evict { node, pod } => write!(f, "ask {} to leave {node}", pod.name),
            Self::Forget { cluster, node } => write!(f, "remove {node} from cluster {cluster}"),
            Self::Declare { workload, cluster, .. } => {
                write!(f, "declare {workload} in cluster {cluster}")
            }
            Self::Withdraw { workload, cluster } => {
                write!(f, "take {workload} back from cluster {cluster}")
            }
        }
    }
}

/// An order to a port, in words.
fn port_order(f: &mut fmt::Formatter<'_>, to: PortSetting, port: &str) -> fmt::Result {
    match to {
        PortSetting::Enabled(true) => write!(f, "switch on {port}"),
        PortSetting::Enabled(false) => write!(f, "switch off {port}"),
        PortSetting::Feed(Power::On) => write!(f, "feed {port}"),
        PortSetting::Feed(Power::Off) => write!(f, "stop feeding {port}"),
        PortSetting::Limit(Some(most)) => write!(f, "limit what {port} delivers to {most}"),
        PortSetting::Limit(None) => write!(f, "let {port} deliver what its class allows"),
        PortSetting::Priority(it) => write!(f, "give {port} the priority {it} for power"),
    }
}
