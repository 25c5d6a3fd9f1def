use crate::{Bits, Checked, Malformed, Rows};

/// Bins, items, and what each asks of the other.
///
/// Tables are flat and row-major: `bins × resources` or `items × resources`. The numbers of bins
/// and items follow from `capacity` and `demand`. Every other field may be left empty, which
/// means what its own line says. No value may exceed [`Problem::LIMIT`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Problem {
    /// Kinds of resource; the width of a row. At least 1.
    pub resources: usize,
    /// Hard limit of each bin for its base load and its items together.
    pub capacity: Vec<u64>,
    /// Load that is on each bin whatever is placed there. Empty: none.
    pub base: Vec<u64>,
    /// What counts as 100 % of each bin in the balance; 0 leaves the bin out. Empty: the capacity.
    pub full: Vec<u64>,
    /// Weight in points of each resource in the balance. Empty: nothing is balanced.
    pub balance: Vec<u64>,
    /// What each item takes from the bin that it is on. An item without a demand for a resource is not kept
    /// away where that is short.
    pub demand: Vec<u64>,
    /// The class of each item, an index into `classes`. Empty, with `classes` empty as well: every
    /// item may go anywhere.
    pub class: Vec<u32>,
    /// Which bins the items of a class may use.
    pub classes: Vec<Class>,
    /// Levels above the single bin: the domain of each bin, below the number of bins. Level 0 is
    /// "each bin is its own domain" and is not listed, so `topologies[0]` is level 1.
    pub topologies: Vec<Vec<u32>>,
    /// The level at which each key counts.
    pub keys: Vec<u32>,
    /// Keys that each item holds.
    pub holds: Rows<u32>,
    /// Keys that no other item in the same domain may hold.
    pub refuses: Rows<u32>,
    /// Keys that some other item in the same domain should hold.
    pub wants: Rows<Want>,
    /// Rules for spreading items evenly over domains.
    pub spreads: Vec<Spread>,
    /// The spreads that each item is a member of.
    pub members: Rows<u32>,
    /// The bin that each item runs on now. Empty: none runs.
    pub home: Vec<Option<u32>>,
    /// Points that are paid when an item ends on another bin than its home. Empty: nothing.
    pub move_cost: Vec<u64>,
    /// Points for the way from a home to another bin, `bins × bins`, on top of that. Empty:
    /// nothing.
    pub travel: Vec<u32>,
    /// The group of each item, below the number of items. Empty, with `group_cost` 0: no groups.
    pub group: Vec<u32>,
    /// Points for each item that is away from home, of the group that has most of them.
    pub group_cost: u64,
    /// Per resource: whether an item that is away from home still takes it there too, as long as
    /// the move lasts. Empty: no.
    pub lingers: Vec<bool>,
    /// The load of each bin that is safe. Empty: the capacity.
    pub safe: Vec<u64>,
    /// Points for each unit of load above `safe`, per resource. Empty: nothing.
    pub strain: Vec<u64>,
    /// Resources that should be left in proportion to each other.
    pub ratios: Vec<Ratio>,
    /// Keys whose holders must be spread over many domains.
    pub scatters: Vec<Scatter>,
    /// Keys that are only held where another is held too.
    pub follows: Vec<Follow>,
}

/// Items that may use the same bins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Class {
    /// The bins that items of this class may use. One bin pins them.
    pub eligible: Bits,
    /// Points that an item of this class costs on each bin. Empty: nothing.
    pub penalty: Vec<u64>,
}

/// A soft wish for company: points are paid while no other item in the domain holds the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Want {
    /// The key that another item should hold.
    pub key: u32,
    /// What it costs while none does.
    pub points: u64,
}

/// Keeps the numbers of members per domain within `skew` of each other.
///
/// The domains that count are those with an eligible bin for at least one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Spread {
    /// The level whose domains are compared; 0 compares single bins.
    pub topology: u32,
    /// The largest difference allowed, at least 1.
    pub skew: u32,
}

/// A soft wish for proportion: what a bin has left of one resource should come with enough of
/// another, or it is of no use.
///
/// A bin pays `points` for each unit by which `target` times what is left of `one` is above what
/// is left of `other`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Ratio {
    /// The resource that is multiplied.
    pub one: u32,
    /// The resource that it is compared with.
    pub other: u32,
    /// How much of `other` is wished for each unit of `one`.
    pub target: u64,
    /// What each missing unit costs.
    pub points: u64,
}

/// The holders of a key are in at least so many domains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Scatter {
    /// The key, which says at which level domains are counted.
    pub key: u32,
    /// The least number of domains with a holder.
    pub least: u32,
}

/// Wherever a domain has a holder of one key, it has a holder of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Follow {
    /// The key that follows.
    pub key: u32,
    /// The key that it needs, at the same level.
    pub needs: u32,
}

impl Problem {
    /// The largest value of any field: 2^40.
    pub const LIMIT: u64 = 1 << 40;

    /// The number of bins.
    pub fn bins(&self) -> usize {
        self.capacity.len().checked_div(self.resources).unwrap_or(0)
    }

    /// The number of items.
    pub fn items(&self) -> usize {
        self.demand.len().checked_div(self.resources).unwrap_or(0)
    }

    /// Checks that the tables agree with each other, fills the ones left empty, and prepares the
    /// problem for the kernels.
    ///
    /// # Errors
    ///
    /// Returns the first inconsistency: a wrong length, an index out of range, a value above
    /// [`Problem::LIMIT`], or sums that could overflow.
    pub fn check(self) -> Result<Checked, Malformed> {
        Checked::new(self)
    }
}
