//! The command `rackberry`, run as people run it: the built program, on the racks of this folder.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod apply;
mod apply_events;
mod apply_kept;
mod apply_kill;
mod apply_plan;
mod apply_prune;
#[cfg(unix)]
mod apply_watch;
mod check;
mod file;
mod library;
mod log;
mod output;
mod place;
mod plan;
mod program;
mod show;
mod simulate;
#[cfg(unix)]
mod terminal;
