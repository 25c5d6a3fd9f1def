//! What the client and the simulated switch do, seen from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod browser;
mod clients;
mod device;
mod fake;
mod sim;
mod wire;
