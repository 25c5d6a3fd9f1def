use super::names::Name;

/// The number of a node. That of a node which was removed is given again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A key and its value, on a node or on a pod.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// Such as `topology.kubernetes.io/zone`.
    pub key: Name,
    /// Such as `zone-1`.
    pub value: Name,
}

/// What a node says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Node {
    /// What can be requested, per resource of the profile and in its units.
    pub allocatable: Vec<u64>,
    /// How many pods it takes.
    pub pods: u32,
    /// Its labels, one value per key. The name of the host is not needed: that is
    /// [`Topology::Node`](super::Topology::Node).
    pub labels: Vec<Label>,
    /// The labels whose values are whole numbers, for `Above` and `Below`.
    pub numbers: Vec<(Name, i64)>,
    /// What keeps pods away.
    pub taints: Vec<Taint>,
    /// The images that it already has.
    pub images: Vec<Name>,
    /// Takes no new pods (`spec.unschedulable`).
    pub cordoned: bool,
}

impl Node {
    /// The value of a label.
    pub(crate) fn value(&self, key: Name) -> Option<Name> {
        self.labels.iter().find(|label| label.key == key).map(|label| label.value)
    }
}

/// Keeps pods away that do not tolerate it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Taint {
    /// Such as `dedicated`.
    pub key: Name,
    /// Such as `infra`.
    pub value: Name,
    /// How far it keeps them away.
    pub effect: Effect,
}

/// How far a taint keeps pods away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Effect {
    /// No new pods.
    #[default]
    NoSchedule,
    /// Rather not.
    PreferNoSchedule,
    /// No new pods, and whoever runs there has to go (which is not for a scheduler to do).
    NoExecute,
}

/// Lets a pod onto nodes with a taint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Toleration {
    /// The key of the taint; any if there is none.
    pub key: Option<Name>,
    /// The value of the taint; any if there is none (`Exists`).
    pub value: Option<Name>,
    /// The effect of the taint; any if there is none.
    pub effect: Option<Effect>,
}

impl Toleration {
    /// Whether it lets a pod past a taint.
    pub fn tolerates(&self, taint: &Taint) -> bool {
        self.effect.is_none_or(|effect| effect == taint.effect)
            && self.key.is_none_or(|key| key == taint.key)
            && self.value.is_none_or(|value| value == taint.value)
    }
}
