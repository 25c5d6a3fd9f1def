use std::fmt;

/// What is inconsistent in a [`Problem`](crate::Problem) or in [`Needs`](crate::Needs).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// There is no resource, or there are more than 256.
    Resources,
    /// There are more than 2^24 bins or items, or more than 2^28 entries in the lists of keys.
    Size,
    /// A table has another length than the problem asks for.
    Length {
        /// The field of the problem.
        field: &'static str,
        /// The length that was expected.
        expected: usize,
        /// The length that was found.
        found: usize,
    },
    /// An index points outside of what it counts.
    Index {
        /// The field of the problem.
        field: &'static str,
        /// Where in the field.
        at: usize,
    },
    /// A value is above [`Problem::LIMIT`](crate::Problem::LIMIT).
    Value {
        /// The field of the problem.
        field: &'static str,
        /// Where in the field.
        at: usize,
    },
    /// A spread allows no difference at all, so that no first member could ever be placed.
    Skew {
        /// The spread.
        spread: usize,
    },
    /// A key follows one that counts at another level.
    Level {
        /// The follow.
        follow: usize,
    },
    /// Costs or loads could add up to more than an integer holds.
    Overflow {
        /// The field that makes the sum so large.
        field: &'static str,
    },
    /// A group asks for more providers than it lists.
    Minimum {
        /// The group.
        group: usize,
    },
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Malformed::Resources => write!(f, "a problem has 1 to 256 resources"),
            Malformed::Size => write!(f, "more bins, items or keys than can be counted"),
            Malformed::Length { field, expected, found } => {
                write!(f, "`{field}` has {found} entries instead of {expected}")
            }
            Malformed::Index { field, at } => write!(f, "`{field}` points nowhere at entry {at}"),
            Malformed::Value { field, at } => write!(f, "`{field}` is too large at entry {at}"),
            Malformed::Skew { spread } => write!(f, "spread {spread} allows no skew at all"),
            Malformed::Level { follow } => {
                write!(f, "follow {follow} joins keys of two levels")
            }
            Malformed::Overflow { field } => write!(f, "`{field}` adds up to too much"),
            Malformed::Minimum { group } => {
                write!(f, "group {group} needs more providers than it has")
            }
        }
    }
}

impl std::error::Error for Malformed {}
