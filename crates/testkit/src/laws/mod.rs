//! The contract of each trait, one function per law.
//!
//! A law panics when it is broken, and returns [`Verdict::Skipped`] where the device lacks the ability it
//! speaks of. It leaves the device as it found it, and says in its fixture what it needs to play with.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "to panic is how a law says that it is broken"
)]

mod cluster;
mod failing;
mod guest;
mod list;
mod node;
mod pod;
mod pool;
mod power;
mod storage;
mod switch;
mod together;
mod volume;

pub use cluster::*;
pub use failing::*;
pub use guest::*;
pub use node::*;
pub use pod::*;
pub use pool::*;
pub use power::*;
pub use storage::*;
pub use switch::*;
pub use together::*;
pub use volume::*;

use rackberry_core::{ErrorKind, Result};
use std::fmt::Debug;
use std::pin::Pin;

/// What a law has to say of a device that did not break it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// The law holds.
    Holds,
    /// The device has nothing the law speaks of.
    Skipped(&'static str),
}

/// How long a law waits for what was ordered to show.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How often it looks.
    pub looks: usize,
    /// What it does between two looks: sleeps, for a device that lives by the clock.
    pub pause: fn() -> Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Default for Patience {
    /// Sixty-four looks without a pause, which is enough for a [`World`](crate::World).
    fn default() -> Self {
        Self { looks: 64, pause: || Box::pin(std::future::ready(())) }
    }
}

/// Looks until something holds. What the law waits for is said by the text.
macro_rules! until {
    ($patience:expr, $what:literal, $holds:expr) => {{
        let patience: $crate::laws::Patience = $patience;
        let mut looks = 0;
        while !$holds {
            looks += 1;
            assert!(looks < patience.looks, "never seen: {}", $what);
            (patience.pause)().await;
        }
    }};
}
pub(crate) use until;

/// Looks as often as the law would wait for a change, and finds that nothing changes.
macro_rules! never {
    ($patience:expr, $what:literal, $changes:expr) => {{
        let patience: $crate::laws::Patience = $patience;
        for _ in 0..patience.looks {
            assert!(!$changes, "seen: {}", $what);
            (patience.pause)().await;
        }
    }};
}
pub(crate) use never;

/// The kind of an error that had to come.
#[track_caller]
fn kind<T: Debug>(answer: Result<T>) -> ErrorKind {
    answer.expect_err("an order that cannot be carried out").kind()
}
