//! The laws hold for the simulated rack, and catch devices that break them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod answers;
mod conform;
mod mutants;
mod physics;
mod room;
mod save;
