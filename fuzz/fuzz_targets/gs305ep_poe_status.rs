//! Any bytes as the PoE readings: `cargo +nightly fuzz run gs305ep_poe_status fuzz/corpus/gs305ep_poe_status`
#![no_main]

#[allow(dead_code)]
#[path = "../../crates/backends/gs305ep/tests/it/wire/fuzzed.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::poe_status(bytes));
