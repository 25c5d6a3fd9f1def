//! What proves each step.

use crate::{Action, CopyState, Fact};

/// The fact that nothing but the action brings about.
pub(super) fn proof(action: Action) -> Fact {
    let holds = |volume, node, copy| Fact::Holds { volume, node, copy };
    match action {
        Action::SetVlans { switch, table } => Fact::Vlans { switch, table },
        Action::SetPort { switch, port, to } => Fact::Port { switch, port, is: to },
        Action::SetPower { node, power } => Fact::Power { node, power },
        Action::Configure { node, config } => Fact::Configured { node, config },
        Action::Upgrade { node, version } => Fact::WillRun { node, version },
        Action::Reboot { node, boot } => Fact::LeftBoot { node, boot },
        Action::CreateGuest { host, spec } => Fact::Guest { host, guest: spec.guest },
        Action::CreatePool { pool, .. } => Fact::Pool(pool),
        Action::Bootstrap { cluster, .. } => Fact::Begun(cluster),
        Action::Label { node, marks } => Fact::Labelled { node, marks },
        Action::SetSchedulable { node, yes } => Fact::Schedulable { node, yes },
        Action::Evict { node, pod } => Fact::Gone { node, pod },
        Action::Forget { cluster, node } => Fact::Forgotten { cluster, node },
        Action::Declare { workload, cluster, manifest } => {
            Fact::Declared { workload, cluster, manifest }
        }
        Action::MoveGuest { guest, to, .. } => Fact::Guest { host: to, guest },
        Action::StopGuest { host, guest } => Fact::GuestOff { host, guest },
        Action::DestroyGuest { host, guest, uid } => Fact::NoGuest { host, guest, uid },
        Action::Withdraw { workload, cluster } => Fact::Withdrawn { workload, cluster },
        Action::CopyHot { volume, to, .. } => holds(volume, to, CopyState::Hot),
        Action::CopyCold { volume, to, .. } => holds(volume, to, CopyState::Cold),
        Action::Compare { volume, to, .. } => holds(volume, to, CopyState::Compared),
        Action::Bind { volume, to } => Fact::Bound { volume, node: to },
        Action::Start { replica, node } => Fact::Running { replica, node },
        Action::Stop { replica, node } => Fact::Stopped { replica, node },
    }
}
