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
mod desk;
mod exporter;
mod file;
mod library;
mod log;
mod output;
mod place;
mod plan;
mod program;
mod show;
mod simulate;
mod switch;
mod switch_apply;
mod switch_cycle;
mod switch_routeros;
#[cfg(unix)]
mod terminal;
