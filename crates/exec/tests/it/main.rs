//! What the executor does, seen from outside.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod budgeted;
mod converge;
mod cycle;
mod execute;
#[cfg(target_os = "linux")]
mod full;
mod journal;
#[cfg(unix)]
mod killed;
mod look;
mod room;
mod wait;
