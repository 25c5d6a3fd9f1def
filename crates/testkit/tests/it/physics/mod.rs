//! What is judged by looking at the room itself: power, cables, clusters, faults.

mod cluster;
mod fault;
mod guest;
mod network;
mod power;
mod storage;
