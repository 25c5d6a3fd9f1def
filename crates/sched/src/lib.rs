//! Scheduling kernels over plain integers.
mod balance;
mod bits;
mod check;
mod checked;
mod cost;
mod counts;
mod malformed;
mod occupancy;
mod problem;
mod rows;
mod state;
mod tally;

pub use bits::Bits;
pub use checked::Checked;
pub use cost::{Cost, UNPLACED};
pub use malformed::Malformed;
pub use problem::{Class, Problem, Spread, Want};
pub use rows::Rows;
pub use state::State;
