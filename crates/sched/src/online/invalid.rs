use std::fmt;

/// Why a cluster does not take what it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// A row has not one entry per resource of the profile.
    Resources {
        /// How many the profile has.
        expected: usize,
        /// How many there were.
        found: usize,
    },
    /// An amount is above [`Cluster::LIMIT`](super::Cluster::LIMIT).
    Amount,
    /// There is no such node.
    Node,
    /// There is no such pod.
    Pod,
    /// There is no such template.
    Template,
    /// A pod has more than 64 images.
    Images,
    /// A spread allows no skew at all.
    Skew,
    /// A pod has two hard or two soft spreads over the same topology.
    Spread,
    /// A node has more than can be counted.
    Overflow,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Invalid::Resources { expected, found } => {
                write!(f, "{found} amounts instead of one for each of {expected} resources")
            }
            Invalid::Amount => write!(f, "an amount is too large"),
            Invalid::Node => write!(f, "there is no such node"),
            Invalid::Pod => write!(f, "there is no such pod"),
            Invalid::Template => write!(f, "there is no such template"),
            Invalid::Images => write!(f, "a pod has at most 64 images"),
            Invalid::Skew => write!(f, "a spread has to allow a skew of 1"),
            Invalid::Spread => write!(f, "a topology has one hard and one soft spread at most"),
            Invalid::Overflow => write!(f, "more is requested of a node than can be counted"),
        }
    }
}

impl std::error::Error for Invalid {}
