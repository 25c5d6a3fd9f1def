//! What is judged by looking at the room itself: power, cables, clusters, faults.

mod cluster;
mod eviction;
mod fault;
mod guest;
mod install;
mod network;
mod power;
mod storage;
mod volume;
