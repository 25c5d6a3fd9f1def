//! `cargo +nightly fuzz run online fuzz/corpus/online`
#![no_main]

#[allow(dead_code)]
#[path = "../../benches/tests/fuzzed/files.rs"]
mod files;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| files::online(bytes));
