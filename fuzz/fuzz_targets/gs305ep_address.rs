//! Any bytes as the page of the address: `cargo +nightly fuzz run gs305ep_address fuzz/corpus/gs305ep_address`
#![no_main]

#[allow(dead_code)]
#[path = "../../crates/backends/gs305ep/tests/it/wire/fuzzed.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::address(bytes));
