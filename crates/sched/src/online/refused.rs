use std::fmt;

/// What turns a node away, in the order in which it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Filter {
    /// It is cordoned.
    Cordon,
    /// It has a taint that is not tolerated.
    Taint,
    /// It is not one that the pod's selector and affinity ask for.
    Affinity,
    /// A port is taken.
    Ports,
    /// It has as many pods as it takes.
    Pods,
    /// It has too little of a resource left.
    Resources,
    /// A volume cannot be reached from there.
    Volumes,
    /// The pod and its like would be spread unevenly, or the node is in no place.
    Spread,
    /// Pods that have to be there are not, or pods that must not be there are.
    PodAffinity,
}

impl Filter {
    /// All of them, in order.
    pub const ALL: [Filter; 9] = [
        Filter::Cordon,
        Filter::Taint,
        Filter::Affinity,
        Filter::Ports,
        Filter::Pods,
        Filter::Resources,
        Filter::Volumes,
        Filter::Spread,
        Filter::PodAffinity,
    ];

    /// Whether it could let the node pass once other pods are gone.
    pub fn yields(self) -> bool {
        use Filter::{Affinity, Cordon, Taint, Volumes};
        !matches!(self, Cordon | Taint | Affinity | Volumes)
    }

    fn reason(self) -> &'static str {
        match self {
            Filter::Cordon => "cordoned",
            Filter::Taint => "with a taint that is not tolerated",
            Filter::Affinity => "not among those asked for",
            Filter::Ports => "without a port that is free",
            Filter::Pods => "with as many pods as it takes",
            Filter::Resources => "with too little left",
            Filter::Volumes => "out of reach of a volume",
            Filter::Spread => "that would make the spread uneven",
            Filter::PodAffinity => "near the wrong pods",
        }
    }
}

/// Why no node took a pod: how many nodes each filter turned away, every node counted once, by the
/// first that did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    pub(crate) nodes: u32,
    pub(crate) by: [u32; Filter::ALL.len()],
}

impl Refused {
    /// How many nodes there are.
    pub fn nodes(&self) -> u32 {
        self.nodes
    }

    /// How many nodes a filter turned away.
    pub fn by(&self, filter: Filter) -> u32 {
        self.by[filter as usize]
    }

    pub(crate) fn add(&mut self, filter: Filter, nodes: u32) {
        self.by[filter as usize] += nodes;
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0 of {} nodes take it", self.nodes)?;
        let told = Filter::ALL.into_iter().filter(|&it| self.by(it) > 0);
        for (at, filter) in told.enumerate() {
            let between = if at == 0 { ": " } else { ", " };
            write!(f, "{between}{} {}", self.by(filter), filter.reason())?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}
