//! `cargo +nightly fuzz run challenge fuzz/corpus/challenge`
#![no_main]

#[allow(dead_code)]
#[path = "../../benches/tests/fuzzed/files.rs"]
mod files;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| files::challenge(bytes));
