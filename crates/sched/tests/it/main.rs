//! Properties of the kernels, judged by brute force and by replay.

mod anneal;
mod brute;
mod check;
mod extreme;
mod generate;
mod large;
mod losses;
mod online;
mod order;
mod order_brute;
mod orderable;
mod pace;
mod place;
mod rebalance;
mod serde;
mod state;
mod survive;
