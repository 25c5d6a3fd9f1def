//! The machine reassignment problem of the ROADEF/EURO challenge 2012: its files, its costs, and
//! how it looks as a [`Problem`](rackberry::sched::Problem).
//!
//! The costs are counted here from the files alone, so they check the solver.

mod chain;
mod cost;
mod gap;
mod model;
mod moves;
mod open;
mod problem;
mod read;

pub use chain::waves_at_least;
pub use cost::{Fault, Parts, faults, parts};
pub use gap::{Course, falls, published};
pub use model::{Balance, Machine, Model, Process, Resource, Service};
pub use moves::{Move, moves, read_moves, replay, write_moves};
pub use open::{Instance, open};
pub use problem::{Unsayable, assignment, problem};
pub use read::{Unreadable, read_assignment, read_model};
