//! Synthetic racks for the benchmarks.
