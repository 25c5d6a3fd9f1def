//! Names, units and texts, as they are read and written; and the mocks.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[cfg(feature = "mock")]
mod mocks;
mod setting;
mod vlan;
mod word;
