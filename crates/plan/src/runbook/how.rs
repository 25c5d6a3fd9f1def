//! How each kind of step is done by hand in a Kubernetes cluster; only what the plan needs is said.

use super::words::hanging;
use crate::{Action, Plan};
use std::fmt::{self, Formatter};

/// What a kind of step is called, and the way to do it.
///
/// A volume's path and node affinity cannot be changed once it is made, and deleting a claim deletes a
/// `local-path` volume whose reclaim policy is `Delete`:
/// <https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming>. Which pod a smaller set
/// gives up first: <https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#pod-deletion-cost>.
const WAYS: [(Kind, &str); 5] = [
    (
        Kind::Start,
        "**Start**: keep the scheduler from every other node (`kubectl cordon NODE`), give the workload one \
         replica more (`kubectl scale`), wait until it is ready (`kubectl rollout status`), and open the nodes \
         again (`kubectl uncordon NODE`).",
    ),
    (
        Kind::Stop,
        "**Stop**: mark the pod (`kubectl annotate pod POD controller.kubernetes.io/pod-deletion-cost=-100`) \
         and give the workload one replica less: the marked one goes. A StatefulSet gives up its last one.",
    ),
    (
        Kind::Copy,
        "**Copy**: on the old node, as root, `rsync -aHAX --numeric-ids --delete OLD-DIR/ NEW-NODE:NEW-DIR/`. \
         The directory is in `kubectl get pv PV -o yaml`; K3s has them in `/var/lib/rancher/k3s/storage`. What \
         has changed is copied by the same command.",
    ),
    (
        Kind::Compare,
        "**Compare**: the same command with `--checksum --dry-run --itemize-changes`: it prints nothing where \
         all is the same.",
    ),
    (
        Kind::Bind,
        "**Bind**: first keep the old directory (`kubectl patch pv PV -p \
         '{\"spec\":{\"persistentVolumeReclaimPolicy\":\"Retain\"}}'`), since deleting the claim would delete it. \
         Then delete the claim, make a volume with the new directory and the new node in its node affinity, and \
         a claim of the old name that names it (`volumeName`, `storageClassName: \"\"`).",
    ),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Start,
    Stop,
    Copy,
    Compare,
    Bind,
}

/// Writes the ways of the steps that there are.
pub(super) fn how(plan: &Plan, f: &mut Formatter<'_>) -> fmt::Result {
    writeln!(f, "\n## How it is done with kubectl\n")?;
    for (kind, way) in &WAYS {
        if plan.steps.iter().any(|it| of(&it.action) == *kind) {
            f.write_str(&hanging(&format!("- {way}"), "  "))?;
        }
    }
    Ok(())
}

fn of(action: &Action) -> Kind {
    match action {
        Action::Start { .. } => Kind::Start,
        Action::Stop { .. } => Kind::Stop,
        Action::CopyHot { .. } | Action::CopyCold { .. } => Kind::Copy,
        Action::Compare { .. } => Kind::Compare,
        Action::Bind { .. } => Kind::Bind,
    }
}
