//! One rack file in; findings, a placement and an ordered, checked plan out.

pub mod rack;

mod finding;

pub use finding::{Finding, Location, Severity};
pub use rack::Rack;
