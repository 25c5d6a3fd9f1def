//! Any bytes as the counters: `cargo +nightly fuzz run gs305ep_statistics fuzz/corpus/gs305ep_statistics`
#![no_main]

#[allow(dead_code)]
#[path = "../../crates/backends/gs305ep/tests/it/wire/fuzzed.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::statistics(bytes));
