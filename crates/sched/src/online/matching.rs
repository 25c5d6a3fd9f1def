//! What the labels of nodes and pods say to requirements.

use super::names::Name;
use super::node::{Effect, Label, Node, Taint, Toleration};
use super::pod::{NodeTerm, Pod, PodSelector, Requirement};

fn value(labels: &[Label], key: Name) -> Option<Name> {
    labels.iter().find(|label| label.key == key).map(|label| label.value)
}

fn meets(labels: &[Label], numbers: &[(Name, i64)], requirement: &Requirement) -> bool {
    let number = |key: Name| numbers.iter().find(|it| it.0 == key).map(|it| it.1);
    match requirement {
        Requirement::In(key, values) => value(labels, *key).is_some_and(|it| values.contains(&it)),
        Requirement::NotIn(key, values) => {
            value(labels, *key).is_none_or(|it| !values.contains(&it))
        }
        Requirement::Has(key) => value(labels, *key).is_some(),
        Requirement::Lacks(key) => value(labels, *key).is_none(),
        Requirement::Above(key, limit) => number(*key).is_some_and(|it| it > *limit),
        Requirement::Below(key, limit) => number(*key).is_some_and(|it| it < *limit),
    }
}

/// Whether a node matches a term.
pub(crate) fn matches(node: &Node, term: &NodeTerm) -> bool {
    !term.is_empty() && term.iter().all(|it| meets(&node.labels, &node.numbers, it))
}

/// Whether a node is one that a selector and an affinity ask for.
pub(crate) fn admits(node: &Node, selector: &[Label], affinity: &[NodeTerm]) -> bool {
    selector.iter().all(|label| node.value(label.key) == Some(label.value))
        && (affinity.is_empty() || affinity.iter().any(|term| matches(node, term)))
}

/// The sum of the weights of the terms that a node matches.
pub(crate) fn preference(node: &Node, preferred: &[(u32, NodeTerm)]) -> u32 {
    let matching = preferred.iter().filter(|(_, term)| matches(node, term));
    matching.fold(0, |sum, (weight, _)| sum.saturating_add(*weight))
}

pub(crate) fn tolerates(tolerations: &[Toleration], taint: &Taint) -> bool {
    tolerations.iter().any(|it| it.tolerates(taint))
}

/// Whether all taints that forbid new pods are tolerated.
pub(crate) fn enters(node: &Node, tolerations: &[Toleration]) -> bool {
    let forbids = |it: &&Taint| it.effect != Effect::PreferNoSchedule;
    node.taints.iter().filter(forbids).all(|it| tolerates(tolerations, it))
}

/// How many taints say rather not.
pub(crate) fn reluctance(node: &Node, tolerations: &[Toleration]) -> u32 {
    let prefers = |it: &&Taint| it.effect == Effect::PreferNoSchedule;
    let taints = node.taints.iter().filter(prefers);
    taints.filter(|it| !tolerates(tolerations, it)).count() as u32
}

/// Whether a pod is one that a selector finds, which has its namespaces filled in.
pub(crate) fn selects(selector: &PodSelector, pod: &Pod) -> bool {
    (selector.everywhere || selector.namespaces.contains(&pod.namespace))
        && selector.all.iter().all(|it| meets(&pod.labels, &[], it))
}

/// A selector that says where it looks, so that it means the same for every pod.
pub(crate) fn located(selector: &PodSelector, namespace: Name) -> PodSelector {
    let mut it = selector.clone();
    if it.everywhere {
        it.namespaces.clear();
    } else if it.namespaces.is_empty() {
        it.namespaces.push(namespace);
    }
    it.namespaces.sort_unstable();
    it.namespaces.dedup();
    it
}
