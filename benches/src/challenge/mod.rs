//! The machine reassignment problem of the ROADEF/EURO challenge 2012: its files, its costs, and
//! how it looks as a [`Problem`](rackberry::sched::Problem).
//!
//! The costs are counted here from the files alone, so they check the solver.

mod cost;
mod model;
mod problem;
mod read;

pub use cost::{Fault, Parts, faults, parts};
pub use model::{Balance, Machine, Model, Process, Resource, Service};
pub use problem::{assignment, problem};
pub use read::{Unreadable, read_assignment, read_model};
