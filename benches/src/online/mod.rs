//! Node and pod sets with kube-scheduler's own placements, for the online scheduler.

mod chart;
mod read;
mod replay;
mod run;

pub use chart::{Line, chart};
pub use read::{Placements, Sets, read_placements, read_sets};
pub use replay::{Agreement, Judged, ours, theirs};
pub use run::{Run, cpu_time, run};
