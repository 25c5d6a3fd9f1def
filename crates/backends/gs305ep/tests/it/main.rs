//! The simulated switch behaves like the real one, and is told apart from it by no client.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod clients;
mod fake;
mod sim;
