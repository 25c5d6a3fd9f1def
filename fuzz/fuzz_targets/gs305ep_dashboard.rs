//! Any bytes as the dashboard: `cargo +nightly fuzz run gs305ep_dashboard fuzz/corpus/gs305ep_dashboard`
#![no_main]

#[allow(dead_code)]
#[path = "../../crates/backends/gs305ep/tests/it/wire/fuzzed.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::dashboard(bytes));
