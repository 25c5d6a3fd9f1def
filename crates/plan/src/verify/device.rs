//! Orders to devices: what may never be ordered.

use crate::{Action, Fact, Observed, Resolved};
use rackberry_core::{BootId, ClusterId, NodeId};
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
    /// A switch would lose a VLAN that its own management answers in.
    LocksOut {
        /// The switch.
        switch: rackberry_core::SwitchId,
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
        Action::Reboot { node, boot } => {
            let here = Fact::InBoot { node: node.clone(), boot: boot.clone() }.holds(seen);
            let other = || DeviceFault::OtherBoot { node: node.clone(), boot: boot.clone() };
            if here { quorum(seen, node) } else { Some(other()) }
        }
        Action::Forget { node, .. } => quorum(seen, node),
        Action::SetPower { node, power: rackberry_core::Power::Off } => quorum(seen, node),
        Action::SetVlans { switch, table } => {
            let id = rack.switch(switch)?;
            let out = rack.locks_out(id, table);
            out.then(|| DeviceFault::LocksOut { switch: switch.clone() })
        }
        Action::SetPower { .. } | Action::Configure { .. } | Action::Upgrade { .. } => None,
        Action::CreateGuest { .. } | Action::CreatePool { .. } | Action::Label { .. } => None,
        Action::SetSchedulable { .. } | Action::Evict { .. } | Action::Declare { .. } => None,
        Action::CopyHot { .. } | Action::CopyCold { .. } | Action::Compare { .. } => None,
        Action::Bind { .. } | Action::Start { .. } | Action::Stop { .. } => None,
    }
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

/// The nodes that an action names.
pub(super) fn nodes(action: &Action) -> impl Iterator<Item = &NodeId> {
    let node = match action {
        Action::SetPower { node, .. }
        | Action::Configure { node, .. }
        | Action::Upgrade { node, .. }
        | Action::Reboot { node, .. }
        | Action::Bootstrap { node, .. }
        | Action::Label { node, .. }
        | Action::SetSchedulable { node, .. }
        | Action::Evict { node, .. } => Some(node),
        Action::CreateGuest { host, .. } => Some(host),
        // A machine that the file no longer names may be forgotten.
        Action::Forget { .. } | Action::SetVlans { .. } | Action::CreatePool { .. } => None,
        Action::Declare { .. } | Action::CopyHot { .. } | Action::CopyCold { .. } => None,
        Action::Compare { .. }
        | Action::Bind { .. }
        | Action::Start { .. }
        | Action::Stop { .. } => None,
    };
    node.into_iter()
}
