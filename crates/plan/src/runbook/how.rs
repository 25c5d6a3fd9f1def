//! How each kind of step is done by hand in a Kubernetes cluster; only what the plan needs is said.

use super::words::hanging;
use crate::action::to_device;
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
        "**Start**: write `nodeSelector: { kubernetes.io/hostname: NODE }` into the manifest of the workload, so that it \
         also stays there; in Git where Flux or Argo CD apply it, else they undo it. A Deployment of one replica is then \
         started there before it stops elsewhere. Of several replicas, `kubectl cordon` the nodes that this wave starts \
         none of them on, and raise `--replicas` by one (`kubectl scale`). It is proved when the pod is Ready on NODE.",
    ),
    (
        Kind::Stop,
        "**Stop**: what has a volume, and any StatefulSet, by `kubectl scale --replicas=0`. One of several replicas by \
         marking its pod (`kubectl annotate pod POD controller.kubernetes.io/pod-deletion-cost=-100`) and one replica \
         less. The one replica of a Deployment has stopped by itself once the new one is ready.",
    ),
    (
        Kind::Copy,
        "**Copy**: as root on the old node, `rsync -aHAX --numeric-ids --delete OLD-DIR/ NEW-NODE:NEW-DIR/`. The \
         directory is in `kubectl get pv PV -o yaml`, on K3s below `/var/lib/rancher/k3s/storage`. Talos has no shell: \
         there it is done from pods that mount both (`kubectl debug node/NODE --profile=sysadmin` has the node at `/host`).",
    ),
    (
        Kind::Compare,
        "**Compare**: the same command with `--checksum --dry-run --itemize-changes`: it prints nothing where all is \
         the same.",
    ),
    (
        Kind::Bind,
        "**Bind**: first keep the old directory (`kubectl patch pv PV -p \
         '{\"spec\":{\"persistentVolumeReclaimPolicy\":\"Retain\"}}'`), since deleting the claim would delete it. Then \
         delete the claim, make a volume with the new directory and the new node in its node affinity, and a claim of \
         the old name that names it (`volumeName`, `storageClassName: \"\"`).",
    ),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Start,
    Stop,
    Copy,
    Compare,
    Bind,
    Device,
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
        to_device!() => Kind::Device,
    }
}
