//! Node and pod sets with kube-scheduler's own placements, for the online scheduler.

mod read;
mod replay;
mod run;

pub use read::{Placements, Sets, read_placements, read_sets};
pub use replay::{Agreement, Judged, ours, theirs};
pub use run::{Run, run};
