//! The rules of the house that Cargo does not keep by itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod converge;
mod dead;
mod foresight;
mod house;
mod judge;
mod limits;
mod pair;
mod prune;
mod reach;
mod switch;
mod upgrade;
mod wire;
