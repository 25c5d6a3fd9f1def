//! Any bytes as the answer of every menu: `cargo +nightly fuzz run routeros_rest fuzz/corpus/routeros_rest`
#![no_main]

#[allow(dead_code)]
#[path = "../../crates/backends/routeros/tests/it/wire/fuzzed.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::rest(bytes));
